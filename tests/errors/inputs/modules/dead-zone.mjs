import * as self from "./dead-zone.mjs";
console.log(self.later);
export const later = 1;
