import { absent } from "./good.mjs";
