// Where caisson.wasm may be, in the order of how likely it is.
//
// The entries name it by `new URL('../caisson.wasm', import.meta.url)`, which many bundlers understand: they copy the
// file and put the address of the copy there (webpack, Rspack, Vite's builds, Parcel, Turbopack). Others move the entry
// and leave the address as it is (esbuild, Rollup, Bun, Vite's development server): then it leads nowhere, but an
// import() of the file that has the wasm inside goes along with the entry. Which of the two has happened can be seen:
// an address that is not what it says was put there by a bundler, and an entry that still has its own name was not
// moved.
import { LoadError, isForbidden } from './core.js';

/**
 * @param {string | undefined} address of caisson.wasm
 * @param {string | undefined} entry the address of the entry, import.meta.url
 */
export function isBeside(address, entry) {
  if (address === undefined) return false;
  if (entry === undefined || /\/(?:dist|src)\/(?:entry-browser|browser|host-node|node)\.c?js(?:[?#].*)?$/.test(entry))
    return true;
  try {
    return new URL(['..', 'caisson.wasm'].join('/'), entry).href !== address;
  } catch {
    return true;
  }
}

/**
 * The first that gives a module. When none does: what each of them said.
 * @param {((() => Promise<WebAssembly.Module>) | undefined)[]} candidates
 */
export async function firstOf(candidates) {
  /** @type {any[]} */
  const errors = [];
  for (const load of candidates) {
    if (load === undefined) continue;
    try {
      return await load();
    } catch (error) {
      if (isForbidden(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length === 0)
    throw new LoadError(
      "nothing says where caisson.wasm is: name its place with setWasm(url), or import from 'caisson/embedded'",
    );
  throw new LoadError(errors.map((error) => error?.message).join('\nand '), { cause: errors[0] });
}
