// The public API: what a host can do with a sandbox. The modules of its guest do the work.
import { WouldWaitError, describe } from './errors.js';
import { accessorFunctions } from './grants.js';
import { bringsConsole, pickConsole } from './guest-console.js';
import { Guest } from './guest.js';
import { startRuntime, startRuntimeNow } from './instances.js';
import { statisticsOf } from './statistics.js';
import { readEvalOptions, readOptions } from './options.js';
import { isProgram, readSource } from './prepared.js';
import { Operation, Result, Status } from './protocol.js';

const REFERENCE = 16 * Result.REFERENCE; // the form of a result

/**
 * createSandbox of an entry of the package, for a host.
 * @param {import('./types.d.ts').Host} host
 */
export function sandboxesOf(host) {
  /** @param {any} options */
  return async function createSandbox(options) {
    return create({ ...readOptions(options), host });
  };
}

/**
 * Creates it with options that have been read and checked.
 * @param {import('./types.d.ts').Settings} settings
 */
export async function create(settings) {
  settings.signal?.throwIfAborted();
  const place = startRuntimeNow(settings) ?? (await startRuntime(settings));
  return new Sandbox(place, settings);
}

/** @type {(sandbox: any, object: any) => import('./reference-promises.js').ReferencePromises | undefined} */
let askingOf;
/**
 * Asks about an object of the guest, with promises for answers; undefined: it belongs to the host, or is a copy.
 * @param {any} sandbox
 * @param {any} object
 */
export const promisesOf = (sandbox, object) => askingOf(sandbox, object);

class Sandbox {
  static {
    askingOf = (sandbox, object) => sandbox.#guest.objects.promisesOf(object);
  }
  #guest;

  /**
   * @param {import('./types.d.ts').Place} place
   * @param {import('./types.d.ts').Settings} settings
   */
  constructor(place, settings) {
    this.#guest = new Guest(place, settings, this);
    try {
      this.#setGlobals(settings.globals ?? {});
      settings.globals = undefined; // the guest has them
      // The guest's own console calls these functions.
      if (bringsConsole(settings.console))
        this.#guest.entries.enter(Operation.SET_GLOBAL, 0, 0, [null, pickConsole(settings.console)], 'console');
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /**
   * Runs a script and waits for its completion value; a promise is awaited.
   * @param {any} source
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  async eval(source, options) {
    const settings = readEvalOptions('eval', options);
    const { code, name, isModule } = readSource('eval', source, settings.module);
    return this.#guest.programs.run(
      Operation.EVALUATE,
      [code, settings.name ?? name, settings.result ?? true, isModule],
      settings,
    );
  }

  /**
   * Getters are called when the guest reads them.
   * @param {Record<string, any>} globals
   */
  #setGlobals(globals) {
    for (const name of Object.keys(globals)) {
      const { get, set, value } = Object.getOwnPropertyDescriptor(globals, name) ?? {};
      if (get === undefined) this.setGlobal(name, value);
      else this.#guest.entries.enter(Operation.SET_GLOBAL, 0, 1, [name, ...accessorFunctions(globals, get, set)], name);
    }
  }

  /**
   * Runs a script whose completion value must be available at once.
   * @param {any} source
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  evalSync(source, options) {
    return this.#evaluate('evalSync', source, options, 0);
  }

  /**
   * @param {string} method
   * @param {any} source
   * @param {any} options
   * @param {number} form
   */
  #evaluate(method, source, options, form) {
    const settings = readEvalOptions(method, options);
    const { code, name } = readSource(method, source, settings.module);
    const { entries, programs, promises } = this.#guest;
    if (entries.isBusy)
      throw new WouldWaitError(
        `${method}: a program of the guest is paused (timeSlice); use eval, which waits for its end`,
      );
    // Code that a host function evaluates belongs to the program that called the function.
    const program = entries.depth > 0 ? 0 : programs.newNumber();
    const message = [code, settings.name ?? name, settings.result ?? true];
    const result = entries.enterWithLimits(settings, Operation.EVALUATE, program, 1 + form, message);
    if (result.status === Status.WAITING || promises.isOfGuest(result.value)) {
      const awaited = this.#guest.awaited();
      programs.forgetFiber(result.value);
      throw new WouldWaitError(`${method}: the program waits for ${awaited}; use eval`);
    }
    return result.value;
  }

  /**
   * A reference to the result of a script, or to an object of the guest's that the host has.
   * @param {any} source
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  ref(source, options) {
    const { objects } = this.#guest;
    if (typeof source === 'string' || isProgram(source))
      return objects.referenceTo(this.#evaluate('ref', source, options, REFERENCE));
    const reference = objects.reference(source);
    if (reference === undefined)
      throw new TypeError(
        `ref: expected a source text, or an object or function of this guest, got ${describe(source)}`,
      );
    return reference;
  }

  /**
   * Imports a module through the `modules` option and returns its namespace, with callable exports.
   * @param {string} specifier
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  async import(specifier, options) {
    const settings = readEvalOptions('import', options);
    if (typeof specifier !== 'string')
      throw new TypeError(`import: the specifier must be a string, got ${describe(specifier)}`);
    return this.#guest.programs.run(Operation.IMPORT, [specifier, undefined], settings);
  }

  /**
   * Defines or replaces a global of the guest.
   * @param {string} name
   * @param {any} value
   */
  setGlobal(name, value) {
    if (typeof name !== 'string') throw new TypeError(`setGlobal: the name must be a string, got ${describe(name)}`);
    this.#guest.entries.enter(Operation.SET_GLOBAL, 0, 0, [name, value], name);
  }

  /**
   * Resolves when the guest has nothing left to do: no timer is pending except those of AbortSignal.timeout, no answer
   * of the host is due, and nothing waits for its turn.
   */
  async whenIdle() {
    this.#guest.entries.check();
    return this.#guest.idleness.when();
  }

  /** Bytes of the memory limit in use. */
  get memoryUsed() {
    return this.#guest.entries.memoryUsed;
  }

  /** What the sandbox uses and has done. Collects garbage, and looks at everything that is left. */
  stats() {
    return statisticsOf(this.#guest);
  }

  /**
   * Stops the guest: when called from a host function that it called, or while it is paused. Aborts the host work that
   * it waits for.
   */
  interrupt() {
    this.#guest.interrupt();
  }

  get isDisposed() {
    return this.#guest.isDisposed;
  }

  dispose() {
    this.#guest.dispose();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose();
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    this.dispose();
  }
}
