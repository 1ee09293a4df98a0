// The entry with caisson.wasm inside: it reads no file and fetches nothing.
import { sandboxesOf } from './core.js';
import * as embedded from './embedded-wasm.js';
import { moduleOfEmbedded } from './load-embedded.js';

export * from './api.js';

export const createSandbox = sandboxesOf({ ownModule: () => moduleOfEmbedded(embedded) });
