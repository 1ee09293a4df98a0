// The public API: what a host can do with a sandbox. What happens then is in the rooms of its guest.
import { WouldWaitError, describe } from './errors.js';
import { Guest } from './guest.js';
import { startRuntime } from './instances.js';
import { readEvalOptions, readOptions } from './options.js';
import { Operation, Status } from './protocol.js';

const consoleMethods = ['log', 'debug', 'info', 'warn', 'error'];

export async function createSandbox(options) {
  return create(readOptions(options));
}

/** With options that have been read. */
export async function create(settings) {
  settings.signal?.throwIfAborted();
  const place = await startRuntime(settings);
  return new Sandbox(place, settings);
}

class Sandbox {
  #guest;

  constructor(place, settings) {
    this.#guest = new Guest(place, settings, this);
    try {
      for (const [name, value] of Object.entries(settings.globals ?? {})) this.setGlobal(name, value);
      if (settings.console !== undefined) this.setGlobal('console', pickConsole(settings.console));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Runs a script and waits for its completion value; a promise is awaited. */
  async eval(source, options) {
    const settings = readEvalOptions('eval', options);
    return this.#guest.programs.run(Operation.EVALUATE, [checkSource('eval', source), settings.name ?? 'eval', settings.result ?? true], settings);
  }

  /** Runs a script whose completion value is there at once. */
  evalSync(source, options) {
    const settings = readEvalOptions('evalSync', options);
    const { entries, programs, promises } = this.#guest;
    if (entries.isBusy) throw new WouldWaitError('evalSync: a program of the guest is paused (timeSlice); use eval, which waits for its end');
    // What a host function evaluates belongs to the program that called it.
    const program = entries.depth > 0 ? 0 : programs.newNumber();
    const message = [checkSource('evalSync', source), settings.name ?? 'eval', settings.result ?? true];
    const result = entries.enterWithLimits(settings, Operation.EVALUATE, program, 1, message);
    if (result.status === Status.WAITING || promises.isOfGuest(result.value)) {
      programs.forgetFiber(result.value);
      throw new WouldWaitError('evalSync: the program has to wait (its result is a pending promise, or it called a host function that waits); use eval');
    }
    return result.value;
  }

  /** Imports a module through the `modules` option and gives its namespace, with callable exports. */
  async import(specifier, options) {
    const settings = readEvalOptions('import', options);
    if (typeof specifier !== 'string') throw new TypeError(`import: the specifier must be a string, got ${describe(specifier)}`);
    return this.#guest.programs.run(Operation.IMPORT, [specifier, undefined], settings);
  }

  /** Defines or replaces a global of the guest. */
  setGlobal(name, value) {
    if (typeof name !== 'string') throw new TypeError(`setGlobal: the name must be a string, got ${describe(name)}`);
    this.#guest.entries.enter(Operation.SET_GLOBAL, 0, 0, [name, value], name);
  }

  /** Resolves when the guest has nothing left to do: no timer, no answer of the host, nothing that waits for its turn. */
  async whenIdle() {
    this.#guest.entries.check();
    return this.#guest.idleness.when();
  }

  /** Bytes of the memory limit in use. */
  get memoryUsed() {
    return this.#guest.entries.memoryUsed;
  }

  /** Stops the guest: when called from a host function that it called, or while it is paused. Aborts the host work that it waits for. */
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

function checkSource(method, source) {
  if (typeof source !== 'string') throw new TypeError(`${method}: the source must be a string, got ${describe(source)}`);
  return source;
}

function pickConsole(console) {
  return Object.fromEntries(consoleMethods.filter((name) => typeof console[name] === 'function')
    .map((name) => [name, (...args) => console[name](...args)]));
}
