// The entry for pages, workers, and all hosts without an entry of their own.
import { compilersOf, sandboxesOf } from './core.js';
import { host } from './host-browser.js';

export * from './api.js';

export const createSandbox = sandboxesOf(host);
export const compile = compilersOf(host);
