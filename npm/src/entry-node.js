// The entry for Node, Bun and Deno.
import { compilersOf, sandboxesOf } from './core.js';
import { host } from './host-node.js';

export * from './api.js';

export const createSandbox = sandboxesOf(host);
export const compile = compilersOf(host);
