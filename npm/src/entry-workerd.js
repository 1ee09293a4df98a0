// The entry for workerd (Cloudflare Workers), which compiles WebAssembly when a worker is deployed and not later.
import module from '../caisson.wasm';
import { sandboxesOf } from './core.js';

export * from './api.js';

export const createSandbox = sandboxesOf({ ownModule: async () => module });
