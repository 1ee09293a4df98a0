// caisson/storage: texts that a guest keeps by name, where the host wants them to be.
import { describe } from './errors.js';
import { storageText } from './guest-texts.js';
import { checkGrant, install, limitOf } from './installation.js';

/** @typedef {import('../storage.js').StorageFunctions} StorageFunctions */

const methods = /** @type {const} */ (['get', 'set', 'delete', 'keys']);

/**
 * @param {import('../index.js').Sandbox} sandbox
 * @param {import('../storage.js').StorageOptions} [options]
 */
export async function grantStorage(sandbox, options = {}) {
  const place = 'grantStorage';
  checkGrant(place, sandbox, options, ['name', 'in', 'prefix', 'sizeLimit']);
  const { name = 'localStorage', in: where = new Map() } = options;
  if (typeof name !== 'string' || name === '' || name === 'Storage')
    throw new TypeError(`${place}: name must be the name of a global, got ${describe(name)}`);
  const store = storeOf(place, where, options.prefix);
  const kept = new Kept(store, limitOf(place, 'sizeLimit', options.sizeLimit, 5 * 1024 * 1024));
  await install(sandbox, 'storage', storageText, kept.functions, name);
}

/**
 * @param {string} place
 * @param {any} where
 * @param {unknown} prefix
 * @returns {StorageFunctions}
 */
function storeOf(place, where, prefix) {
  if (typeof where?.getItem === 'function' && typeof where.setItem === 'function') {
    if (typeof prefix !== 'string' || prefix === '')
      throw new TypeError(`${place}: a Storage of the host needs a prefix, under which the guest's items are`);
    return withPrefix(where, prefix);
  }
  if (prefix !== undefined) throw new TypeError(`${place}: prefix is for a Storage of the host`);
  for (const method of methods)
    if (typeof where?.[method] !== 'function')
      throw new TypeError(
        `${place}: in must be a Map, a Storage, or an object with get, set, delete and keys, got ${describe(where)}`,
      );
  return where;
}

/**
 * @param {any} storage
 * @param {string} prefix
 * @returns {StorageFunctions}
 */
function withPrefix(storage, prefix) {
  return {
    get: (key) => storage.getItem(prefix + key),
    set: (key, value) => storage.setItem(prefix + key, value),
    delete: (key) => storage.removeItem(prefix + key),
    keys() {
      const names = Array.from({ length: storage.length }, (_, index) => String(storage.key(index)));
      return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
  };
}

/** The items of a guest, counted in characters of keys and values. */
class Kept {
  #store;
  #sizeLimit;
  #size = 0;

  /**
   * @param {StorageFunctions} store
   * @param {number} sizeLimit
   */
  constructor(store, sizeLimit) {
    this.#store = store;
    this.#sizeLimit = sizeLimit;
    for (const key of this.#keys()) this.#size += key.length + (this.#get(key)?.length ?? 0);
  }

  #keys() {
    return Array.from(atOnce('keys', this.#store.keys()), String);
  }

  /**
   * @param {string} key
   * @returns {string | null}
   */
  #get(key) {
    const value = atOnce('get', this.#store.get(key));
    return value === undefined || value === null ? null : String(value);
  }

  /** What the guest gets. */
  get functions() {
    return {
      /** @param {unknown} key */
      get: (key) => this.#get(text(key)),
      /** @param {unknown} key @param {unknown} value */
      set: (key, value) => this.#set(text(key), text(value)),
      /** @param {unknown} key */
      remove: (key) => this.#remove(text(key)),
      clear: () => {
        for (const key of this.#keys()) this.#remove(key);
      },
      keys: () => this.#keys(),
      /** @param {unknown} index */
      key: (index) => (Number.isSafeInteger(index) ? (this.#keys()[/** @type {number} */ (index)] ?? null) : null),
      count: () => this.#keys().length,
    };
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  #set(key, value) {
    const before = this.#get(key);
    const growth = value.length - (before === null ? -key.length : before.length);
    if (growth > 0 && this.#size + growth > this.#sizeLimit)
      throw new DOMException(`The storage has more than ${this.#sizeLimit} characters`, 'QuotaExceededError');
    this.#store.set(key, value);
    this.#size += growth;
  }

  /** @param {string} key */
  #remove(key) {
    const before = this.#get(key);
    if (before === null) return;
    this.#store.delete(key);
    this.#size -= key.length + before.length;
  }
}

/**
 * @template T
 * @param {string} name
 * @param {T} value
 */
function atOnce(name, value) {
  if (typeof (/** @type {any} */ (value)?.then) === 'function')
    throw new TypeError(`grantStorage: ${name} must give its result at once, not a promise`);
  return value;
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== 'string') throw new TypeError('keys and values are texts');
  return value;
}
