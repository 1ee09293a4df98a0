// A sandbox: one runtime of the engine and everything that crosses its boundary.
import { acquireEngine } from './engine.js';
import { DisposedError, InterruptedError, MemoryLimitError, SandboxError, TimeLimitError, WouldWaitError, describe } from './errors.js';
import { MessageReader, MessageWriter } from './message.js';
import { readEvalOptions, readOptions } from './options.js';
import { TimeSlices } from './time-slices.js';
import { Timers } from './timers.js';

// engine/host/caisson.h: CaissonStatus, CaissonInterrupt; engine/host/wasm.c: Operation; HostCallStatus; HOST_EVENT_*
const Status = { OK: 0, EXCEPTION: 1, WAITING: 2, TIME_LIMIT: 3, INTERRUPTED: 4, MEMORY_LIMIT: 5 };
const Operation = { EVALUATE: 0, CALL: 1, SET_GLOBAL: 2, SETTLE: 3, RESUME: 4, IMPORT: 5, PROVIDE: 6 };
// Their message is a list of values, the others' one value.
const listOperations = new Set([Operation.EVALUATE, Operation.CALL, Operation.SET_GLOBAL, Operation.IMPORT]);
const Step = { GO_ON: 0, STOP: 1, PAUSE: 2 };
const HostCall = { RETURNED: 0, THREW: 1, WAITS: 2 };
const Event = { UNHANDLED_REJECTION: 0, UNCAUGHT_ERROR: 1, REJECTION_HANDLED: 2 };
const FUNCTION_BLOCKING = 1;
const consoleMethods = ['log', 'debug', 'info', 'warn', 'error'];

// Guest calls host calls guest: each level takes from the host's stack, of all sandboxes together.
const MAX_NESTED_ENTRIES = 60;
let nestedEntries = 0;

const blockingFunctions = new WeakSet();

/**
 * Marks an asynchronous host function as one that the guest calls as if it were synchronous: the guest is set aside
 * until the promise settles, while the host runs on.
 */
export function blocking(fn) {
  if (typeof fn !== 'function') throw new TypeError(`blocking: expected a function, got ${describe(fn)}`);
  const wrapper = function (...args) {
    return fn.apply(this, args);
  };
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  blockingFunctions.add(wrapper);
  return wrapper;
}

// Runtimes of sandboxes that were forgotten without dispose().
const forgotten = new FinalizationRegistry(({ engine, runtime, user, unsubscribe }) => {
  unsubscribe();
  engine.unregister(user);
  if (!engine.isBroken) engine.exports.caisson_destroy(runtime);
});

export async function createSandbox(options) {
  const settings = readOptions(options);
  settings.signal?.throwIfAborted();
  const engine = await acquireEngine(settings);
  settings.signal?.throwIfAborted();
  return new Sandbox(engine, settings);
}

class Sandbox {
  #engine;
  #exports;
  #runtime;
  #user;
  #settings;
  #timeLimit = 0;           // of the entry that runs
  #depth = 0;               // nested entries: guest calls host calls guest
  #functions = [];          // number -> { fn, crossings }: a host function and how often it was sent; undefined: free
  #functionNumbers = new Map();
  #freeNumbers = [];
  #proxies = new Map();     // handle -> {reference: WeakRef of the proxy, crossings}
  #handles = new WeakMap(); // proxy function -> handle
  #released = new FinalizationRegistry((handle) => this.#releaseProxy(handle));
  #guestPromises = new Map(); // handle -> {promise, resolve, reject}
  #promiseHandles = new WeakMap();
  #hostPromises = new Map(); // number -> promise, while pending
  #hostPromiseNumbers = new WeakMap();
  #nextPromise = 1;
  #rejections = new Map();  // number -> WeakRef of the promise that onUnhandledRejection got
  #forgottenRejections = new FinalizationRegistry((number) => this.#rejections.delete(number));
  #fibers = new Map();      // waiting fiber -> {resolve, reject}
  #waiting = new Set();     // rejects evals and imports that wait
  #timers = new Timers((number) => this.#later(() => {
    const status = this.#run(() => this.#exports.caisson_timer_fired(this.#runtime, number), true);
    if (status !== Status.OK) this.#readResult(status);
  }), () => this.#isBusy);
  #slices;
  #pausedTimeLimit;         // of the entry that is paused
  #isForsaken = false;      // the program that is paused has been aborted: nobody wants to hear how it ends
  #controller;              // host work of this sandbox, once there was any: aborted by dispose and by eval's signal
  #unsubscribe;             // from the signal of the options
  #isStopping = false;
  #isDisposed = false;

  constructor(engine, settings) {
    this.#engine = engine;
    this.#exports = engine.exports;
    this.#settings = settings;
    this.#slices = new TimeSlices(settings.timeSlice, {
      isPaused: () => !engine.isBroken && engine.exports.caisson_is_paused(this.#runtime) === 1,
      continue: () => this.#continue(),
      released: () => this.#timers.release(),
    });
    this.#user = engine.register(this);
    this.#runtime = this.#guard(() => engine.exports.caisson_start(this.#user, settings.memoryLimit, settings.stackLimit, settings.testHooks ? 1 : 0));
    if (this.#runtime === 0) {
      engine.unregister(this.#user);
      throw new MemoryLimitError(`a sandbox cannot start within ${settings.memoryLimit} bytes; give it a larger memoryLimit`);
    }
    this.#setTimeLimit(settings.timeLimit);
    this.#unsubscribe = settings.signal === undefined ? () => {} : subscribe(settings.signal, new WeakRef(this));
    forgotten.register(this, { engine, runtime: this.#runtime, user: this.#user, unsubscribe: this.#unsubscribe }, this);
    try {
      for (const [name, value] of Object.entries(settings.globals ?? {})) this.setGlobal(name, value);
      if (settings.console !== undefined) this.setGlobal('console', pickConsole(settings.console));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  // Public ---------------------------------------------------------------------------------------------------------

  /** Runs a script and waits for its completion value; a promise is awaited. */
  async eval(source, options) {
    const { name, timeLimit, signal } = readEvalOptions('eval', options);
    signal?.throwIfAborted();
    const message = [checkSource('eval', source), name ?? 'eval'];
    const enter = () => this.#enterWithLimit(timeLimit, Operation.EVALUATE, 1, 0, message);
    const result = this.#isBusy ? await this.#whenFree(enter, signal) : enter();
    return this.#outcome(result.status === Status.WAITING ? this.#fiberResult(result.value) : result.value, signal);
  }

  /** Runs a script whose completion value is there at once. */
  evalSync(source, options) {
    const { name, timeLimit } = readEvalOptions('evalSync', options);
    if (this.#isBusy) throw new WouldWaitError('evalSync: a program of the guest is paused (timeSlice); use eval, which waits for its end');
    const result = this.#enterWithLimit(timeLimit, Operation.EVALUATE, 1, 1, [checkSource('evalSync', source), name ?? 'eval']);
    if (result.status === Status.WAITING || this.#promiseHandles.has(result.value)) {
      this.#fibers.delete(result.value);
      throw new WouldWaitError('evalSync: the program has to wait (its result is a pending promise, or it called a host function that waits); use eval');
    }
    return result.value;
  }

  /** Imports a module through the `modules` option and gives its namespace, with callable exports. */
  async import(specifier, options) {
    const { timeLimit, signal } = readEvalOptions('import', options);
    if (typeof specifier !== 'string') throw new TypeError(`import: the specifier must be a string, got ${describe(specifier)}`);
    signal?.throwIfAborted();
    const enter = () => this.#enterWithLimit(timeLimit, Operation.IMPORT, 0, 0, [specifier, undefined]);
    const result = this.#isBusy ? await this.#whenFree(enter, signal) : enter();
    return this.#outcome(result.value, signal);
  }

  /** Defines or replaces a global of the guest. */
  setGlobal(name, value) {
    if (typeof name !== 'string') throw new TypeError(`setGlobal: the name must be a string, got ${describe(name)}`);
    this.#enter(Operation.SET_GLOBAL, 0, 0, [name, value], name);
  }

  /** Bytes of the memory limit in use. */
  get memoryUsed() {
    this.#check();
    return this.#exports.caisson_used_memory(this.#runtime);
  }

  /** Stops the guest: when called from a host function that it called, or while it is paused. Aborts the host work that it waits for. */
  interrupt() {
    if (this.#depth > 0 || this.#slices.isPaused) this.#isStopping = true;
    this.#abortHostWork(new InterruptedError('the guest was interrupted'));
  }

  get isDisposed() {
    return this.#isDisposed;
  }

  dispose() {
    if (this.#isDisposed) return;
    if (this.#depth > 0) throw new Error('dispose: the guest is running; a host function it called cannot dispose it');
    this.#isDisposed = true;
    forgotten.unregister(this);
    this.#unsubscribe();
    this.#timers.cancelAll();
    this.#engine.unregister(this.#user);
    if (!this.#engine.isBroken) this.#exports.caisson_destroy(this.#runtime);
    // An error costs more than the rest of this.
    if (this.#controller !== undefined || this.#fibers.size > 0 || this.#guestPromises.size > 0)
      this.#abortHostWork(new DisposedError('the sandbox was disposed'));
    this.#slices.cancel();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose();
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    this.dispose();
  }

  // Entries ----------------------------------------------------------------------------------------------------------

  #check() {
    if (this.#isDisposed) throw new DisposedError('the sandbox was disposed');
    if (this.#engine.isBroken) throw new Error('the engine instance of this sandbox has failed; create another sandbox');
  }

  // A trap of the engine leaves its memory in an unknown state: nothing of that instance is used again.
  #guard(action) {
    try {
      return action();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /stack/i.test(error.message)))
        this.#engine.isBroken = true;
      throw error;
    }
  }

  #enterWithLimit(timeLimit, ...operation) {
    if (timeLimit === undefined || this.#depth > 0) return this.#enter(...operation);
    this.#check();
    this.#setTimeLimit(timeLimit === Infinity ? 0 : timeLimit);
    try {
      return this.#enter(...operation);
    } finally {
      if (!this.#isDisposed) this.#setTimeLimit(this.#settings.timeLimit);
    }
  }

  #setTimeLimit(timeLimit) {
    this.#timeLimit = timeLimit;
    this.#exports.caisson_set_time_limit(this.#runtime, timeLimit);
  }

  #statusError(status) {
    switch (status) {
      case Status.TIME_LIMIT: return new TimeLimitError(`the guest ran longer than its time limit (${this.#timeLimit} ms)`);
      case Status.MEMORY_LIMIT: return new MemoryLimitError(`the guest ran out of memory (limit ${this.#settings.memoryLimit} bytes)`);
      default: return new InterruptedError('the guest was interrupted');
    }
  }

  #sendMessage(value, where, isList = false) {
    // Getters of host values may enter the guest again, which starts another message.
    const writer = this.#engine.writers.pop() ?? new MessageWriter();
    try {
      writer.begin(this.#bridge());
      nesting(() => (isList ? writer.list(value, where) : writer.value(value, where)));
      const address = this.#exports.caisson_inbox(this.#runtime, writer.size);
      if (address === 0) throw new MemoryLimitError(`a value of ${writer.size} bytes does not fit into the sandbox's memory limit`);
      this.#engine.bytes(address, writer.size).set(writer.bytes.subarray(0, writer.size));
    } catch (error) {
      for (const number of writer.functions) this.releaseFunction(number, 1);  // they will not arrive
      throw error;
    } finally {
      writer.end();
      this.#engine.writers.push(writer);
    }
  }

  #enter(operation, a, b, message, where) {
    this.#check();
    this.#sendMessage(message, where, listOperations.has(operation));
    const mayPause = operation !== Operation.SET_GLOBAL && !(operation === Operation.EVALUATE && b === 1);
    const status = this.#run(() => this.#exports.caisson_enter(this.#runtime, operation, a, b), mayPause);
    return { status, value: this.#readResult(status) };
  }

  #run(action, mayPause) {
    if (nestedEntries >= MAX_NESTED_ENTRIES) throw new RangeError('calls between host and guest are nested too deeply');
    nestedEntries++;
    if (this.#depth++ === 0) this.#slices.begin(mayPause);
    try {
      return this.#guard(action);
    } finally {
      nestedEntries--;
      if (--this.#depth === 0) {
        this.#slices.end();
        if (!this.#slices.isPaused) this.#isStopping = false;
        else this.#pausedTimeLimit = this.#timeLimit;
      }
    }
  }

  // Entries from outside wait while something is paused; those that the guest's own calls lead to do not.
  get #isBusy() {
    return this.#depth === 0 && this.#slices.isBusy;
  }

  #whenFree(enter, signal) {
    return this.#slices.whenFree(() => {
      signal?.throwIfAborted();
      return enter();
    });
  }

  #continue() {
    if (this.#engine.isBroken) return this.#slices.cancel();
    this.#attempt(() => {
      const timeLimit = this.#timeLimit;
      this.#timeLimit = this.#pausedTimeLimit;
      try {
        const status = this.#run(() => this.#exports.caisson_continue(this.#runtime), true);
        if (status > Status.WAITING && !this.#isForsaken) throw this.#statusError(status);
      } finally {
        this.#timeLimit = timeLimit;
        this.#isForsaken &&= this.#slices.isPaused;
      }
    });
  }

  #readResult(status) {
    if (status > Status.WAITING) throw this.#statusError(status);
    const size = this.#exports.caisson_outbox_size(this.#runtime);
    const value = this.#read(this.#engine.bytes(this.#exports.caisson_outbox(this.#runtime), size));
    if (status === Status.EXCEPTION) throw value;
    return value;
  }

  #read(bytes) {
    return nesting(() => new MessageReader(this.#bridge(), bytes).value());
  }

  #fiberResult(fiber) {
    const promise = new Promise((resolve, reject) => this.#fibers.set(fiber, { resolve, reject }));
    ignoreRejection(promise);
    return promise;
  }

  // The value of a program, awaited until its signal is aborted or a limit ends it.
  async #outcome(value, signal) {
    if (!(value instanceof Promise)) return value;
    let stop;
    const stopped = new Promise((_, reject) => (stop = reject));
    const onAbort = () => {
      stop(signal.reason);
      // What is paused belongs to this program when no other is in progress.
      if (this.#slices.isPaused && this.#waiting.size === 1) this.#isStopping = this.#isForsaken = true;
      this.#abortHostWork(signal.reason);
    };
    this.#waiting.add(stop);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort(); // by a host function that the program called before it had to wait
    try {
      return await Promise.race([value, stopped]);
    } finally {
      this.#waiting.delete(stop);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #abortHostWork(reason) {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.abort(reason);
    if (!this.#isDisposed) return;
    for (const { reject } of this.#fibers.values()) reject(reason);
    for (const { reject } of this.#guestPromises.values()) reject(reason);
    this.#fibers.clear();
    this.#guestPromises.clear();
  }

  // Crossing functions and promises ------------------------------------------------------------------------------------

  #bridge() {
    return (this.#bridgeObject ??= {
      numberOfFunction: (fn) => this.#numberOfFunction(fn),
      numberOfPromise: (promise) => this.#numberOfPromise(promise),
      handleOf: (fn) => this.#handles.get(fn),
      promiseHandleOf: (promise) => this.#promiseHandles.get(promise),
      functionOfHandle: (handle, name) => this.#functionOfHandle(handle, name),
      functionOfNumber: (number) => this.#functions[number]?.fn,
      promiseOfHandle: (handle) => this.#promiseOfHandle(handle),
      promiseOfNumber: (number) => this.#hostPromises.get(number),
    });
  }
  #bridgeObject;

  #numberOfFunction(fn) {
    let number = this.#functionNumbers.get(fn);
    if (number === undefined) {
      number = this.#freeNumbers.pop() ?? this.#functions.length;
      this.#functions[number] = { fn, crossings: 0 };
      this.#functionNumbers.set(fn, number);
    }
    this.#functions[number].crossings++;
    return { number, flags: blockingFunctions.has(fn) ? FUNCTION_BLOCKING : 0 };
  }

  /** The guest no longer refers to that host function, which it received so many times. What is on its way keeps it. */
  releaseFunction(number, crossings) {
    const entry = this.#functions[number];
    entry.crossings -= crossings;
    if (entry.crossings > 0) return;
    this.#functionNumbers.delete(entry.fn);
    this.#functions[number] = undefined;
    this.#freeNumbers.push(number);
  }

  #functionOfHandle(handle, name) {
    const known = this.#proxies.get(handle);
    const live = known?.reference.deref();
    if (live) {
      known.crossings++;
      return live;
    }
    const sandbox = this;
    const proxy = function (...args) {
      const message = [this === globalThis ? undefined : thisForGuest(this, sandbox), ...args];
      return sandbox.#isBusy ? sandbox.#slices.whenFree(() => sandbox.#call(handle, message)) : sandbox.#call(handle, message);
    };
    Object.defineProperty(proxy, 'name', { value: name, configurable: true });
    this.#proxies.set(handle, { reference: new WeakRef(proxy), crossings: (known?.crossings ?? 0) + 1 });
    this.#handles.set(proxy, handle);
    this.#released.register(proxy, handle);
    return proxy;
  }

  #call(handle, message) {
    const result = this.#enter(Operation.CALL, handle, 0, message);
    return result.status === Status.WAITING ? this.#fiberResult(result.value) : result.value;
  }

  #releaseProxy(handle) {
    const entry = this.#proxies.get(handle);
    if (!entry || entry.reference.deref() || this.#isDisposed || this.#engine.isBroken) return;
    this.#proxies.delete(handle);
    this.#exports.caisson_release(this.#runtime, handle, entry.crossings);
  }

  #guestPromise(handle) {
    let entry = this.#guestPromises.get(handle);
    if (!entry) {
      entry = { crossings: 0, isSettled: false };
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      ignoreRejection(entry.promise);
      this.#guestPromises.set(handle, entry);
      this.#promiseHandles.set(entry.promise, handle);
    }
    return entry;
  }

  #promiseOfHandle(handle) {
    const entry = this.#guestPromise(handle);
    entry.crossings++;
    if (entry.isSettled) this.#forgetGuestPromise(handle, entry);
    return entry.promise;
  }

  #forgetGuestPromise(handle, entry) {
    this.#guestPromises.delete(handle);
    this.#promiseHandles.delete(entry.promise);
    this.#exports.caisson_release(this.#runtime, handle, entry.crossings);
  }

  /** A guest promise that crossed has settled. */
  guestSettled(handle, isRejection, bytes) {
    const value = this.#read(bytes);
    // It may settle before the message that carries it has been read: then the reader finds it settled.
    const entry = this.#guestPromise(handle);
    entry.isSettled = true;
    if (entry.crossings > 0) this.#forgetGuestPromise(handle, entry);
    if (isRejection) entry.reject(value);
    else entry.resolve(value);
  }

  #numberOfPromise(promise) {
    const known = this.#hostPromiseNumbers.get(promise);
    if (known !== undefined) return known;
    const number = this.#nextPromise++;
    this.#hostPromises.set(number, promise);
    this.#hostPromiseNumbers.set(promise, number);
    promise.then(
      (value) => this.#settleHostPromise(promise, number, false, value),
      (error) => this.#settleHostPromise(promise, number, true, error),
    );
    return number;
  }

  #settleHostPromise(promise, number, isRejection, value) {
    this.#hostPromises.delete(number);
    this.#hostPromiseNumbers.delete(promise);
    this.#later(() => {
      try {
        this.#enter(Operation.SETTLE, number, isRejection ? 1 : 0, value);
      } catch (error) {
        if (!(error instanceof TypeError) || this.#isDisposed) throw error;
        // The value cannot cross: the guest's promise is rejected with the error that says so.
        this.#enter(Operation.SETTLE, number, 1, error);
      }
    });
  }

  /** A fiber that waited has ended. */
  fiberFinished(fiber, status, bytes) {
    const entry = this.#fibers.get(fiber);
    this.#fibers.delete(fiber);
    if (!entry) return;
    if (status > Status.WAITING) return entry.reject(this.#statusError(status));
    const value = this.#read(bytes);
    if (status === Status.EXCEPTION) entry.reject(value);
    else entry.resolve(value);
  }

  // Runs host-initiated work (timers, settled promises) in its turn.
  #later(action) {
    if (this.#isBusy) this.#slices.whenFree(() => this.#attempt(action));
    else this.#attempt(action);
  }

  // What stops the guest there has nobody to be thrown to.
  #attempt(action) {
    if (this.#isDisposed || this.#engine.isBroken) return;
    try {
      action();
    } catch (error) {
      // A limit ends what the guest had queued: programs that still wait would wait for ever.
      if (error instanceof SandboxError && this.#waiting.size > 0) for (const reject of this.#waiting) reject(error);
      else this.#reportUncaught(error);
    }
  }

  // Without a handler it is logged: a guest must not be able to end the host's process.
  #reportUncaught(error) {
    const { onUncaughtError } = this.#settings;
    if (onUncaughtError) onUncaughtError(error);
    else console.error('Uncaught error in a sandbox:', error);
  }

  // What the engine asks ---------------------------------------------------------------------------------------------------

  hostCall(number, bytes, fiber) {
    const { fn } = this.#functions[number];
    const context = { signal: (this.#controller ??= new AbortController()).signal, sandbox: this };
    try {
      const args = this.#read(bytes);
      const result = fn.apply(context, args);
      if (fiber !== 0 && isThenable(result)) {
        result.then((value) => this.#resume(fiber, value, 0), (error) => this.#resume(fiber, error, 1));
        return HostCall.WAITS;
      }
      this.#sendMessage(result);
      return HostCall.RETURNED;
    } catch (error) {
      if (this.#engine.isBroken) throw error;  // nothing of the guest goes on
      this.#sendError(error);
      return HostCall.THREW;
    }
  }

  #sendError(error) {
    for (const value of [error, new Error('a host function failed with an error that cannot be passed to the guest'), null]) {
      try {
        return this.#sendMessage(value);
      } catch {
        // The next one is simpler. When not even that fits, the inbox is empty and the guest sees a malformed message.
      }
    }
  }

  #resume(fiber, value, isThrow) {
    this.#later(() => {
      try {
        this.#enter(Operation.RESUME, fiber, isThrow, value);
      } catch (error) {
        if (!(error instanceof TypeError) || this.#isDisposed) throw error;
        this.#enter(Operation.RESUME, fiber, 1, error);
      }
    });
  }

  timer(operation, timer, delay, repeats) {
    if (operation === 1) this.#timers.cancel(timer);
    else this.#timers.start(timer, delay, repeats);
  }

  report(event, number, status, bytes) {
    // What getters or traps of the guest keep from being read is replaced by the limit that stopped them.
    const value = status > Status.WAITING ? this.#statusError(status) : this.#read(bytes);
    const { onUnhandledRejection, onRejectionHandled } = this.#settings;
    if (event === Event.UNCAUGHT_ERROR) this.#reportUncaught(value);
    else if (event === Event.REJECTION_HANDLED) onRejectionHandled?.(this.#rejection(number, value));
    else if (onUnhandledRejection) onUnhandledRejection(value, this.#rejection(number, value));
    else console.error('Unhandled rejection in a sandbox:', value);
  }

  // The host's promise for a rejection of the guest: the same one for both events, if the host has kept it.
  #rejection(number, reason) {
    const known = this.#rejections.get(number)?.deref();
    if (known) return known;
    const promise = Promise.reject(reason);
    ignoreRejection(promise);
    if (this.#settings.onRejectionHandled) {
      this.#rejections.set(number, new WeakRef(promise));
      this.#forgottenRejections.register(promise, number);
    }
    return promise;
  }

  /** The engine wants a module. It is answered later, as an entry of its own, however fast the source is there. */
  loadModule(request, bytes) {
    const [specifier, referrer, name] = this.#read(bytes);
    const fail = (error) => this.#later(() => this.#enter(Operation.PROVIDE, request, 1, error));
    const provide = (source) => {
      if (typeof source === 'string') return this.#later(() => this.#enter(Operation.PROVIDE, request, 0, source));
      fail(new TypeError(source == null ? `there is no module '${specifier}'`
        : `the source of module '${specifier}' must be a string, got ${describe(source)}`));
    };
    this.#findSource(specifier, referrer, name).then(provide, fail);
  }

  async #findSource(specifier, referrer, name) {
    const { modules } = this.#settings;
    if (modules === undefined) throw new TypeError(`cannot import '${specifier}': this sandbox has no modules`);
    if (typeof modules === 'function') return modules(specifier, referrer);
    return Object.hasOwn(modules, specifier) ? modules[specifier] : Object.hasOwn(modules, name) ? modules[name] : undefined;
  }

  /** Asked by the engine about every 50,000 operations. */
  nextStep() {
    if (this.#isStopping) return Step.STOP;
    const flag = this.#settings.interruptFlag;
    if (flag !== undefined && Atomics.load(flag, 0) !== 0) return Step.STOP;
    return this.#slices.isOver ? Step.PAUSE : Step.GO_ON;
  }
}

// A signal may live as long as the page: it neither keeps a sandbox alive nor keeps listeners of those that are gone.
// Outside of the class, for no closure here may hold `this`.
function subscribe(signal, reference) {
  const onAbort = () => reference.deref()?.interrupt();
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}

// Values are written and read by recursion, on the host's stack.
function nesting(action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError && error.message === 'Maximum call stack size exceeded')
      throw new RangeError('the value is nested too deeply to be passed between host and guest');
    throw error;
  }
}

function thisForGuest(value, sandbox) {
  return value === sandbox || value === undefined || typeof value === 'object' || typeof value === 'function' ? undefined : value;
}

// The guest's rejections that nobody looks at must not end the host's process. What eval and import return is another
// promise, which does count when it is forgotten.
function ignoreRejection(promise) {
  promise.catch(() => {});
}

function checkSource(method, source) {
  if (typeof source !== 'string') throw new TypeError(`${method}: the source must be a string, got ${describe(source)}`);
  return source;
}

function isThenable(value) {
  return typeof value === 'object' && value !== null && typeof value.then === 'function';
}

function pickConsole(console) {
  return Object.fromEntries(consoleMethods.filter((name) => typeof console[name] === 'function')
    .map((name) => [name, (...args) => console[name](...args)]));
}
