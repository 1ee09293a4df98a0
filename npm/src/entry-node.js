// The entry for Node, Bun and Deno.
import { sandboxesOf } from './core.js';
import { host } from './host-node.js';

export * from './api.js';

export const createSandbox = sandboxesOf(host);
