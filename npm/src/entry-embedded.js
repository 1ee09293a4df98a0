// The entry with caisson.wasm inside: it reads no file and fetches nothing.
import { compilersOf, sandboxesOf } from './core.js';
import * as embedded from './embedded-wasm.js';
import { moduleOfEmbedded } from './load-embedded.js';

export * from './api.js';

const host = { ownModule: () => moduleOfEmbedded(embedded) };

export const createSandbox = sandboxesOf(host);
export const compile = compilersOf(host);
