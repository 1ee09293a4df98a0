// How Node, Bun and Deno load caisson.wasm.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { firstOf, isBeside } from './candidates.js';
import { LoadError, moduleOfAddress, moduleOfBytes } from './core.js';
import { moduleOfEmbedded } from './load-embedded.js';

/** @type {import('./types.d.ts').Host} */
export const host = {
  ownModule() {
    const { address, entry } = whereItIs();
    const beside = address === undefined ? undefined : () => moduleOfFile(address);
    const embedded = () => moduleOfEmbedded(import('./embedded-wasm.js'));
    return firstOf(isBeside(address, entry) ? [beside, embedded] : [embedded, beside]);
  },
  moduleOfAddress: (address) =>
    /^(?:https?|data|blob):/i.test(address) ? moduleOfAddress(address) : moduleOfFile(address),
};

/** Where there is no import.meta, or no address to resolve against, nothing lies beside the entry. */
function whereItIs() {
  try {
    return { address: new URL('../caisson.wasm', import.meta.url).href, entry: import.meta.url };
  } catch {
    return { address: undefined, entry: undefined };
  }
}

/** @param {string} place a path, or a URL of one */
async function moduleOfFile(place) {
  const path = place.startsWith('file:') ? fileURLToPath(place) : place;
  let bytes;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new LoadError(
      `caisson.wasm could not be read from ${path} (${/** @type {any} */ (cause)?.message}); name its place with setWasm(url), or import from 'caisson/embedded'`,
      { cause },
    );
  }
  return moduleOfBytes(bytes, path);
}
