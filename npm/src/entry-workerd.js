// The entry for workerd (Cloudflare Workers), which compiles WebAssembly when a worker is deployed and not later.
import module from '../caisson.wasm';
import { compilersOf, sandboxesOf } from './core.js';

export * from './api.js';

const host = { ownModule: async () => module };

export const createSandbox = sandboxesOf(host);
export const compile = compilersOf(host);
