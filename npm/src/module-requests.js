// Modules that the guest imports: where their sources come from.
import { describe } from './errors.js';
import { settled } from './host-promises.js';
import { isBare, mapped, nameIn } from './module-names.js';
import { isProgram, moduleBytes } from './prepared.js';
import { HostCall, ModuleAnswer, Operation } from './protocol.js';

/** @typedef {{ kind: number, given: any, name: string }} Answer */

export class ModuleRequests {
  #guest;
  /** @type {Set<{ specifier: string }>} */
  #pending = new Set();

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * The engine wants a module. The engine is on the stack, so the embedder's resolver is called later. The answer comes
   * as an entry of its own, however early the source is there.
   * @param {number} request
   * @param {Uint8Array} bytes
   */
  load(request, bytes) {
    const { entries } = this.#guest;
    /**
     * @param {number} kind
     * @param {any} given
     * @param {string} [name]
     */
    const answer = (kind, given, name) =>
      entries.answer(Operation.PROVIDE, request, kind, kind === ModuleAnswer.ERROR ? given : [given, name]);
    let specifier, referrer, name, type;
    try {
      [specifier, referrer, name, type] = entries.read(bytes);
    } catch (error) {
      return answer(ModuleAnswer.ERROR, error);
    }
    const wanted = { specifier };
    this.#pending.add(wanted);
    settled(
      Promise.resolve().then(() => this.#find(name, { specifier, referrer, type })),
      (/** @type {any} */ found, /** @type {boolean} */ isFailure) => {
        this.#pending.delete(wanted);
        if (isFailure) answer(ModuleAnswer.ERROR, found);
        else answer(found.kind, found.given, found.name === name ? undefined : found.name);
      },
    );
  }

  /**
   * For import.meta.resolve, which wants the answer at once. The engine is on the stack.
   * @param {Uint8Array} bytes
   */
  resolve(bytes) {
    const { entries } = this.#guest;
    let answer;
    let isFailure = false;
    try {
      const [specifier, referrer, name] = entries.read(bytes);
      answer = this.#nameOf(name, { specifier, referrer, type: '' });
    } catch (error) {
      answer = error;
      isFailure = true;
    }
    return entries.sendOrExplain(answer) && !isFailure ? HostCall.RETURNED : HostCall.THREW;
  }

  /**
   * The name of the module that an import means. Only names of the host's own must be there: URLs and relative names
   * are what they are, as in pages.
   * @param {string} resolved
   * @param {import('../index.d.ts').ModuleRequest} request
   */
  #nameOf(resolved, request) {
    const { modules, importMap } = this.#guest.settings;
    const target = importMap && mapped(importMap, resolved, request.referrer);
    const name = target ?? resolved;
    if (typeof modules === 'function') return name;
    const place = modules && nameIn(modules, name);
    if (place === undefined && target === undefined && isBare(request.specifier)) throw missing(name, request);
    return place ?? name;
  }

  get isPending() {
    return this.#pending.size > 0;
  }

  /** The modules that were requested and have not arrived, for error messages. */
  describe() {
    const [first] = this.#pending;
    if (first === undefined) return '';
    const others = this.#pending.size - 1;
    return `module ${describe(first.specifier)}${others > 0 ? ` and ${others} more` : ''}`;
  }

  /**
   * @param {string} resolved
   * @param {import('../index.d.ts').ModuleRequest} request
   * @returns {Promise<Answer>}
   */
  async #find(resolved, request) {
    const { modules, importMap } = this.#guest.settings;
    const { specifier, referrer, type } = request;
    const name = (importMap && mapped(importMap, resolved, referrer)) ?? resolved;
    if (modules === undefined) throw new TypeError(`cannot import '${specifier}': this sandbox has no modules`);
    if (typeof modules === 'function') return answerOf(await modules(name, referrer, request), name, request);
    const place = nameIn(modules, name);
    if (place === undefined) throw missing(name, request);
    const given = modules[place];
    if (isSource(given)) return { kind: ModuleAnswer.SOURCE, given: asType(given, type), name: place };
    if (isProgram(given)) return prepared(given, type, place);
    if (isObject(given)) return { kind: ModuleAnswer.EXPORTS, given, name: place };
    throw new TypeError(
      `module '${place}' must be a source text, bytes, or an object of exports, got ${describe(given)}`,
    );
  }
}

/**
 * What a resolver gave: a source, or an object that has one, or exports, and perhaps a name.
 * @param {any} given
 * @param {string} name
 * @param {import('../index.d.ts').ModuleRequest} request
 * @returns {Answer}
 */
function answerOf(given, name, request) {
  if (given === undefined || given === null) throw missing(name, request);
  if (isSource(given)) return { kind: ModuleAnswer.SOURCE, given: asType(given, request.type), name };
  if (isProgram(given)) return prepared(given, request.type, name);
  if (isObject(given)) {
    const { source, exports } = given;
    if (isSource(source))
      return { kind: ModuleAnswer.SOURCE, given: asType(source, request.type), name: ownName(given, name) };
    // Resolvers that do not know prepared programs take one for an object of exports.
    for (const program of [source, exports])
      if (isProgram(program)) return prepared(program, request.type, ownName(given, name));
    if (isObject(exports)) return { kind: ModuleAnswer.EXPORTS, given: exports, name: ownName(given, name) };
  }
  throw new TypeError(
    `the source of module '${name}' must be a string, bytes, { source } or { exports }, got ${describe(given)}`,
  );
}

/**
 * @param {any} program
 * @param {string} type
 * @param {string} name
 * @returns {Answer}
 */
function prepared(program, type, name) {
  return { kind: ModuleAnswer.PREPARED, given: moduleBytes(program, name, type), name };
}

/**
 * @param {{ name?: unknown }} given
 * @param {string} asked
 */
function ownName(given, asked) {
  const { name = asked } = given;
  if (typeof name !== 'string')
    throw new TypeError(`the name of module '${asked}' must be a string, got ${describe(name)}`);
  return name;
}

/**
 * @param {string} name
 * @param {import('../index.d.ts').ModuleRequest} request
 */
function missing(name, { specifier, referrer }) {
  const asked = specifier === name ? '' : ` (imported as '${specifier}')`;
  return new TypeError(
    `there is no module '${name}'${asked}${referrer === undefined ? '' : `, which '${referrer}' imports`}`,
  );
}

/**
 * @param {unknown} value
 * @returns {value is any}
 */
function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** @param {unknown} value */
function isSource(value) {
  return typeof value === 'string' || value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/**
 * Files are bytes, and sources of most modules texts.
 * @param {any} source
 * @param {string} type
 */
function asType(source, type) {
  if (type !== 'bytes') return typeof source === 'string' ? source : new TextDecoder().decode(source);
  if (typeof source === 'string') return new TextEncoder().encode(source);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}
