import { a b } from "./good.mjs";
