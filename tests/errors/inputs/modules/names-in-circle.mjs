export { present } from "./good.mjs";
export * from "./good.mjs";
import { loop } from "./names-in-circle.mjs";
export { loop };
