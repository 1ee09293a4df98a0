import type { X } from "./good.mjs";
