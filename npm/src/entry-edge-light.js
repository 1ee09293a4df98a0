// The entry for edge runtimes like Vercel's, where `?module` asks for what was compiled when the program was built.
import module from '../caisson.wasm?module';
import { compilersOf, sandboxesOf } from './core.js';

export * from './api.js';

const host = { ownModule: async () => module };

export const createSandbox = sandboxesOf(host);
export const compile = compilersOf(host);
