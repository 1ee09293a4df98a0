// The entry for edge runtimes like Vercel's, where `?module` asks for what was compiled when the program was built.
import module from '../caisson.wasm?module';
import { sandboxesOf } from './core.js';

export * from './api.js';

export const createSandbox = sandboxesOf({ ownModule: async () => module });
