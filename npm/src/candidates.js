// The places where caisson.wasm may be, the most likely first.
//
// The entries name it by `new URL('../caisson.wasm', import.meta.url)`, which many bundlers understand: they copy the
// file and insert the address of the copy (webpack, Rspack, Vite's builds, Parcel, Turbopack). Others move the entry
// and leave the address as it is (esbuild, Rollup, Bun, Vite's development server). Then the address leads nowhere, but
// an import() of the file with the embedded wasm moves together with the entry. One can see which of the two has
// happened: when the address is not what the expression says, a bundler has inserted it; when the entry still has its
// own name, it was not moved.
import { LoadError, isForbidden } from './core.js';

/**
 * @param {string | undefined} address of caisson.wasm
 * @param {string | undefined} entry the address of the entry, import.meta.url
 */
export function isBeside(address, entry) {
  if (address === undefined) return false;
  if (
    entry === undefined ||
    /\/(?:dist|src)\/(?:worker-)?(?:host-browser|browser|host-node|node)\.c?js(?:[?#].*)?$/.test(entry)
  )
    return true;
  try {
    return new URL(['..', 'caisson.wasm'].join('/'), entry).href !== address;
  } catch {
    return true;
  }
}

/**
 * The first candidate that gives a module. When none does: what each of them reported.
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

/**
 * Where a worker's script is looked for first. Bundlers that know `new Worker(new URL(...))` leave the entry its name,
 * in import.meta.url; where it has another one, no file lies beside it, and asking for it would be an error in the
 * page's console.
 * @param {string | undefined} entry the address of the entry, import.meta.url
 */
export const isWorkerBeside = (entry) =>
  /\/(?:dist|src)\/workers?-(?:browser|node)\.c?js(?:[?#].*)?$/.test(entry ?? '');
