import { later as soon } from "./dead-zone-2.mjs";
console.log(soon);
export const later = 1;
