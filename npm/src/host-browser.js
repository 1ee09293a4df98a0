// How pages, workers, and all hosts without an entry of their own load caisson.wasm.
import { firstOf, isBeside } from './candidates.js';
import { moduleOfAddress } from './core.js';
import { moduleOfEmbedded } from './load-embedded.js';

// What Vite builds has a copy of the file, and its workers are builds that cannot have an import(): there it is left
// out, as constants are.
const embedded = import.meta.env?.PROD ? undefined : () => moduleOfEmbedded(import('./embedded-wasm.js'));

/** @type {import('./types.d.ts').Host} */
export const host = {
  ownModule() {
    const { address, entry } = whereItIs();
    const beside = address === undefined ? undefined : () => moduleOfAddress(address);
    return firstOf(isBeside(address, entry) ? [beside, embedded] : [embedded, beside]);
  },
};

/** Where there is no import.meta, or no address to resolve against, nothing lies beside the entry. */
function whereItIs() {
  try {
    return { address: new URL('../caisson.wasm', import.meta.url).href, entry: import.meta.url };
  } catch {
    return { address: undefined, entry: undefined };
  }
}
