// The entry for pages, workers, and whatever is no other host.
import { firstOf, isBeside } from './candidates.js';
import { moduleOfAddress, sandboxesOf } from './core.js';
import { moduleOfEmbedded } from './load-embedded.js';

export * from './api.js';

/** @type {import('./types.d.ts').Host} */
const host = {
  ownModule() {
    const { address, entry } = whereItIs();
    const beside = () => moduleOfAddress(/** @type {string} */ (address));
    // What Vite builds has copied it, and its workers are builds that cannot have an import().
    if (import.meta.env?.PROD && address !== undefined) return beside();
    const embedded = () => moduleOfEmbedded(import('./embedded-wasm.js'));
    if (address === undefined) return firstOf([embedded]);
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

export const createSandbox = sandboxesOf(host);
