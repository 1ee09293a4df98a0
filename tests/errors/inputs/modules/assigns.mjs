export const present = 1;
import { present as p } from "./good.mjs";
p = 2;
