// The entry `caisson/worker` for Node, Bun and Deno.
import { compilersOf } from './core.js';
import { sandboxPoolsOf } from './worker-pool.js';
import { workerSandboxesOf } from './worker-sandbox.js';
import { host } from './workers-node.js';

export * from './worker-api.js';

export const createWorkerSandbox = workerSandboxesOf(host);
export const createSandboxPool = sandboxPoolsOf(host);
export const compile = compilersOf(host.engine);
