// Which module an engine uses: that of the option `wasm`, of setWasm, or the host's own. A source is compiled once
// while its module is in use, so that sandboxes share instances however they name it. After a failure the next call
// tries again.
import { describe } from './errors.js';
import { moduleOfAddress, moduleOfBytes, moduleOfResponse } from './wasm-modules.js';

/** @typedef {import('./types.d.ts').WasmSource} Source */
/** @typedef {import('./types.d.ts').Host} Host */

/** @type {Source | PromiseLike<Source> | undefined} */
let chosen; // by setWasm
/** @type {Promise<WebAssembly.Module> | undefined} */
let chosenModule;
/** @type {WeakMap<Host, Promise<WebAssembly.Module>>} */
const ownModules = new WeakMap();
/** @type {WeakMap<Host, WebAssembly.Module>} */
const ownLoaded = new WeakMap(); // those of them that have been compiled
/** @type {WeakMap<object, Promise<WebAssembly.Module>>} */
const ofObjects = new WeakMap(); // bytes, responses, promises
/** @type {Map<string, Promise<WebAssembly.Module> | WeakRef<WebAssembly.Module>>} */
const ofAddresses = new Map();
const unused = new FinalizationRegistry((/** @type {string} */ address) => {
  const entry = ofAddresses.get(address);
  if (entry instanceof WeakRef && entry.deref() === undefined) ofAddresses.delete(address);
});

/**
 * Where all later sandboxes get caisson.wasm from, unless they have an option `wasm` of their own. Undefined: from
 * where the package has it.
 * @param {any} source
 */
export function setWasm(source) {
  if (source !== undefined && !isSource(source))
    throw new TypeError(
      `setWasm: expected a WebAssembly.Module, bytes, a Response, a URL or a promise of one, got ${describe(source)}`,
    );
  chosen = source;
  chosenModule = undefined;
}

/**
 * @param {Source | PromiseLike<Source> | undefined} source of one sandbox
 * @param {Host} host
 * @returns {Promise<WebAssembly.Module>}
 */
export async function moduleOf(source, host) {
  if (source !== undefined) return load(source, host);
  if (chosen !== undefined) {
    const loading = (chosenModule ??= load(chosen, host));
    try {
      return await loading;
    } catch (error) {
      if (chosenModule === loading) chosenModule = undefined;
      throw error;
    }
  }
  const module = await kept(ownModules, host, () => host.ownModule());
  ownLoaded.set(host, module);
  return module;
}

/**
 * The module if it is there already. OPTIMIZATION: a promise takes longer than making some objects of a sandbox.
 * @param {Source | PromiseLike<Source> | undefined} source of one sandbox
 * @param {Host} host
 */
export function moduleAtHand(source, host) {
  return source === undefined && chosen === undefined ? ownLoaded.get(host) : undefined;
}

/** @param {any} value */
export function isSource(value) {
  if (typeof value === 'string') return value !== '';
  return (
    typeof value === 'object' &&
    value !== null &&
    (isModule(value) || isBytes(value) || isThenable(value) || isResponse(value) || isUrl(value))
  );
}

/** Of any realm. @param {any} value @returns {value is WebAssembly.Module} */
function isModule(value) {
  if (typeof WebAssembly !== 'object') return false;
  if (value instanceof WebAssembly.Module) return true;
  if (Object.prototype.toString.call(value) !== '[object WebAssembly.Module]') return false;
  try {
    WebAssembly.Module.customSections(value, 'name');
    return true;
  } catch {
    return false;
  }
}

/** @param {any} value @returns {value is BufferSource} */
const isBytes = (value) =>
  ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]';
// Recognised by what they do, not by their class: in Node the mere mention of Response loads its HTTP client, which
// takes longer than compiling the engine, and test environments have classes of their own.
/** @param {any} value */
const isThenable = (value) => typeof value.then === 'function';
/** @param {any} value */
const isResponse = (value) => typeof value.arrayBuffer === 'function';
/** @param {any} value */
const isUrl = (value) => typeof value.href === 'string';

/**
 * @param {any} source
 * @param {Host} host
 * @returns {Promise<WebAssembly.Module>}
 */
async function load(source, host) {
  if (isModule(source)) return source;
  if (typeof source === 'string') return ofAddress(source, host);
  if (isBytes(source)) return kept(ofObjects, source, () => moduleOfBytes(source, 'the bytes that were given'));
  if (isThenable(source)) {
    const given = await source;
    if (!isSource(given))
      throw new TypeError(
        `wasm: expected a promise of a WebAssembly.Module, bytes, a Response or a URL, got a promise of ${describe(given)}`,
      );
    return load(given, host);
  }
  if (isResponse(source)) return kept(ofObjects, source, () => moduleOfResponse(source, 'the Response that was given'));
  return ofAddress(String(source.href), host);
}

/**
 * @template {object} K
 * @param {WeakMap<K, Promise<WebAssembly.Module>>} modules
 * @param {K} key
 * @param {() => Promise<WebAssembly.Module>} compile
 */
async function kept(modules, key, compile) {
  const loading = modules.get(key) ?? compile();
  modules.set(key, loading);
  try {
    return await loading;
  } catch (error) {
    if (modules.get(key) === loading) modules.delete(key);
    throw error;
  }
}

/**
 * @param {string} address
 * @param {Host} host
 */
async function ofAddress(address, host) {
  const known = ofAddresses.get(address);
  const module = known instanceof WeakRef ? known.deref() : known;
  if (module !== undefined) return module;
  const loading = (host.moduleOfAddress ?? moduleOfAddress)(address);
  ofAddresses.set(address, loading);
  try {
    const loaded = await loading;
    if (ofAddresses.get(address) === loading) {
      ofAddresses.set(address, new WeakRef(loaded));
      unused.register(loaded, address);
    }
    return loaded;
  } catch (error) {
    if (ofAddresses.get(address) === loading) ofAddresses.delete(address);
    throw error;
  }
}
