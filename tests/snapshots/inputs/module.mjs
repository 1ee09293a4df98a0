import first, { second as renamed } from './other.mjs' with { type: 'json' };
import * as everything from './other.mjs';
export const value = first + renamed;
export default class {}
export { everything };
export * from './more.mjs';
await import.meta.ready;
