// A guest: one runtime of the engine and the modules that keep its state. The engine finds it by its number there
// (`user`) and calls the methods at the end.
import { onAbort } from './abort-listeners.js';
import { AtOnce } from './at-once.js';
import { Entries } from './entries.js';
import { DisposedError, InterruptedError } from './errors.js';
import { Events } from './events.js';
import { CrossedErrors } from './crossed-errors.js';
import { Functions } from './functions.js';
import { Handles } from './handles.js';
import { HostCalls } from './host-calls.js';
import { HostPromises } from './host-promises.js';
import { HostThings } from './host-things.js';
import { Idleness } from './idleness.js';
import { ModuleRequests } from './module-requests.js';
import { Objects } from './objects.js';
import { Programs } from './programs.js';
import { Promises } from './promises.js';
import { Timers } from './timers.js';
import { Lane } from './turns.js';

// Runtimes of sandboxes that were collected without dispose().
const forgotten = new FinalizationRegistry(({ engine, runtime, user, unsubscribe }) => {
  unsubscribe();
  engine.destroy(runtime);
  engine.unregister(user);
});

// Created here: a closure within the constructor would keep the guest alive.
const nothing = () => {};

export class Guest {
  isDisposed = false;
  user;
  /** @type {import('./types.d.ts').Anchor} */
  anchor = { guest: this };
  #isFreed = false;
  #unsubscribe; // from the signal of the options

  /**
   * @param {import('./types.d.ts').Place} place the runtime and where it lives: see instances.js
   * @param {import('./types.d.ts').Settings} settings
   * @param {any} sandbox of the host
   */
  constructor({ engine, user, runtime }, settings, sandbox) {
    this.engine = engine;
    this.exports = engine.exports;
    this.runtime = runtime;
    this.user = user;
    this.settings = settings;
    this.sandbox = sandbox;
    this.things = new HostThings();
    this.handles = new Handles(this);
    this.objects = new Objects(this);
    this.promises = new Promises(this);
    this.hostPromises = new HostPromises(this);
    this.programs = new Programs(this);
    this.events = new Events(this);
    this.hostCalls = new HostCalls(this);
    /** @type {Lane} */
    this.lane = new Lane(settings, () => this.entries.depth > 0 || this.entries.slices.isBusy);
    this.timers = new Timers(
      (number) => this.entries.fireTimer(number),
      (action) => this.entries.later(action),
    );
    this.entries = new Entries(this);
    this.idleness = new Idleness(this);
    engine.register(user, this);
    this.entries.setLimits(settings);
    engine.exports.caisson_set_host_limits(
      this.runtime,
      count(settings.hostLimits.timers),
      count(settings.hostLimits.imports),
    );
    if (settings.uncrossable === 'omit') engine.exports.caisson_omit_uncrossable(runtime);
    if (settings.timeSlice !== Infinity) engine.exports.caisson_expect_pauses(runtime);
    if (settings.console === false) engine.exports.caisson_silence_console(runtime);
    if (settings.describesThrown) engine.exports.caisson_describe_thrown(runtime);
    if (settings.timeZone !== undefined) this.#setTimeZone(settings.timeZone);
    this.#unsubscribe = settings.signal === undefined ? nothing : subscribe(settings.signal, new WeakRef(this.anchor));
    forgotten.register(this, { engine, runtime, user, unsubscribe: this.#unsubscribe }, this);
  }

  /** @param {string} name */
  #setTimeZone(name) {
    const { engine, runtime } = this;
    const bytes = Uint8Array.from(name, (letter) => letter.charCodeAt(0)); // ASCII: see readOptions
    const address = engine.exports.caisson_inbox(runtime, bytes.length);
    if (address !== 0) engine.store(address, bytes, undefined, bytes.length);
    if (address !== 0 && engine.exports.caisson_use_time_zone(runtime, bytes.length) === 1) return;
    engine.unregister(this.user);
    engine.destroy(runtime);
    throw new RangeError(`createSandbox: the engine knows no time zone '${name}'`);
  }

  // What few guests need is made when it is first used.
  /** @type {CrossedErrors | undefined} */
  #errors;
  get errors() {
    return (this.#errors ??= new CrossedErrors());
  }

  /** @type {AtOnce | undefined} */
  #atOnce;
  get atOnce() {
    return (this.#atOnce ??= new AtOnce(this));
  }

  /** @type {Functions | undefined} */
  #functions;
  get functions() {
    return (this.#functions ??= new Functions(this));
  }

  /** @type {ModuleRequests | undefined} */
  #modules;
  get modules() {
    return (this.#modules ??= new ModuleRequests(this));
  }

  interrupt() {
    const reason = new InterruptedError('the guest was interrupted');
    this.entries.stop();
    this.hostCalls.abort(reason);
    // A paused guest is stopped where it is, before they are told.
    if (!this.isDisposed && !this.entries.slices.isPaused) this.programs.endWaiting(reason);
  }

  /**
   * This also works within an entry of this sandbox: the guest is stopped, and its memory is freed when the entry has
   * ended.
   */
  dispose() {
    if (this.isDisposed) return;
    this.isDisposed = true;
    forgotten.unregister(this);
    this.#unsubscribe();
    this.timers.cancelAll();
    this.events.clear();
    const hasHostWork = this.entries.depth > 0 || this.hostCalls.isUsed || this.hostCalls.isPending;
    if (this.entries.depth > 0) this.entries.stop();
    else this.#free();
    // An error costs more than the rest of this.
    if (
      hasHostWork ||
      this.programs.hasFibers ||
      this.promises.hasOfGuest ||
      !this.lane.isEmpty ||
      this.idleness.isAwaited
    )
      this.#rejectAll(new DisposedError('the sandbox was disposed'));
    this.entries.slices.cancel();
  }

  /**
   * The instance has failed, through this guest or another one: everything pending here ends with the error that says
   * so.
   * @param {any} reason
   */
  engineFailed(reason) {
    if (this.isDisposed) return;
    forgotten.unregister(this);
    this.#unsubscribe();
    this.timers.cancelAll();
    this.entries.forgetMemory();
    this.programs.rejectWaiting(reason);
    this.#rejectAll(reason);
    this.#letGo();
    this.entries.slices.cancel();
  }

  /** @param {any} reason */
  #rejectAll(reason) {
    this.hostCalls.abort(reason);
    this.programs.rejectFibers(reason);
    this.promises.rejectAll(reason);
    this.lane.cancel(reason);
    this.idleness.cancel(reason);
  }

  /** For error messages: what the guest may be waiting for. */
  awaited() {
    const work = [this.hostCalls.describe(), this.modules.describe()].filter((text) => text !== '');
    return work.length > 0 ? work.join(' and ') : 'a promise of its own that nothing has settled';
  }

  /** Whether entryEnded() would do nothing. OPTIMIZATION: this is so most of the time. */
  get isQuiet() {
    return !this.isDisposed && this.events.isEmpty && this.lane.isEmpty && !this.idleness.isAwaited;
  }

  /** The outermost entry has ended. */
  entryEnded() {
    if (this.isDisposed) return this.#free();
    this.events.tell();
    this.lane.release();
    this.idleness.check();
  }

  #free() {
    if (this.#isFreed) return;
    this.#isFreed = true;
    this.engine.destroy(this.runtime);
    this.engine.unregister(this.user);
    this.anchor.guest = undefined;
    this.#letGo();
  }

  // Code that still holds the sandbox or an object of its guest must not keep anything alive through it.
  #letGo() {
    this.things.clear();
    this.hostPromises.clear();
  }

  // What the engine asks, while it is on the stack: nothing is thrown to it, and the guest that ends is not listened to
  // ----

  /**
   * @param {number} number
   * @param {number} receiver
   * @param {number} address
   * @param {number} size
   * @param {number} fiber
   * @param {number} program
   * @param {number} depth
   */
  hostCall(number, receiver, address, size, fiber, program, depth) {
    const outer = this.promises.program;
    this.promises.program = program;
    try {
      return this.entries.hostCall(number, receiver, address, size, fiber, program, depth);
    } finally {
      this.promises.program = outer;
    }
  }

  /**
   * @param {number} number
   * @param {number} count
   * @param {number} program
   * @param {number} depth
   */
  hostCallWithRegisters(number, count, program, depth) {
    const { promises } = this;
    const outer = promises.program;
    promises.program = program;
    try {
      return this.entries.hostCallWithRegisters(number, count, program, depth);
    } finally {
      promises.program = outer;
    }
  }

  /**
   * @param {number} handle
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  guestSettled(handle, status, bytes) {
    if (!this.isDisposed) this.promises.guestSettled(handle, status, bytes);
  }

  /**
   * @param {number} number
   * @param {number} crossings
   */
  release(number, crossings) {
    this.things.release(number, crossings);
  }

  /**
   * @param {number} fiber
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  fiberFinished(fiber, status, bytes) {
    if (!this.isDisposed) this.programs.fiberFinished(fiber, status, bytes);
  }

  /**
   * @param {number} operation
   * @param {number} timer
   * @param {number} delay
   * @param {boolean} repeats
   */
  timer(operation, timer, delay, repeats) {
    if (this.isDisposed) return;
    if (operation === 1) this.timers.cancel(timer);
    else this.timers.start(timer, delay, repeats, operation === 2);
  }

  /**
   * @param {number} event
   * @param {number} number
   * @param {number} status
   * @param {Uint8Array} bytes
   */
  report(event, number, status, bytes) {
    if (!this.isDisposed) this.events.report(event, number, status, bytes);
  }

  /**
   * @param {number} request
   * @param {Uint8Array} bytes
   */
  loadModule(request, bytes) {
    if (!this.isDisposed) this.modules.load(request, bytes);
  }

  /**
   * @param {number} level
   * @param {Uint8Array | Uint16Array} units
   * @param {number} length
   * @param {number} depth
   */
  print(level, units, length, depth) {
    if (!this.isDisposed) this.entries.print(level, units, length, depth);
  }

  /** @param {Uint8Array} bytes */
  resolveModule(bytes) {
    return this.modules.resolve(bytes);
  }

  nextStep() {
    return this.entries.nextStep();
  }
}

/**
 * For the engine 0 means no limit.
 * @param {number} limit
 */
function count(limit) {
  return limit < 2 ** 32 ? limit : 0;
}

/**
 * A signal may live as long as the page: it must not keep a sandbox alive, nor listeners of sandboxes that are gone.
 * Outside of the class, since no closure here may capture `this`.
 * @param {AbortSignal} signal
 * @param {WeakRef<import('./types.d.ts').Anchor>} reference
 */
function subscribe(signal, reference) {
  return onAbort(signal, () => reference.deref()?.guest?.interrupt());
}
