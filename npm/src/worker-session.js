// The side of the host: one sandbox in a worker, from its creation to its end. It asks the worker for what is wanted of
// the guest, and calls the functions of the host that the guest calls. The other side: worker-guest.js.
import {
  DisposedError,
  FUNCTION_BLOCKING,
  FUNCTION_CONSTRUCTOR,
  InterruptedError,
  Log,
  TimeLimitError,
  functionFlags,
  hostTraps,
  describeHostProperty,
  isThenable,
  iterationOf,
  onAbort,
  performAs,
  ref,
} from './core.js';
import { Answerer, Flag, createAnswers, createFlags, raise } from './thread-answers.js';
import { Link } from './thread-link.js';
import { ASYNC, BLOCKING, CONSTRUCTOR, HAS_MEMBERS } from './thread-values.js';
import { WorkerReference, functionOf, iteratorOf, objectOf } from './worker-references.js';

/**
 * @typedef {{
 *   resolve(value: any): void,
 *   reject(reason: any): void,
 *   timeLimit: number,
 *   sandbox: any,
 *   isDone: boolean,
 *   hasEnded?: () => void,
 * }} Request
 */

const SOON = 100; // milliseconds after which another look is taken at an aborted program
const AT_ONCE = 10; // milliseconds that an interrupted guest has to end by itself

let latestSession = 0;

export class Session extends Link {
  #number = ++latestSession;
  #thread;
  #settings;
  /** @type {WeakRef<any>} */
  #sandbox;
  /** @type {Map<number, Request>} */
  #requests = new Map();
  #log = new Log();
  #unlimited = 0; // requests that may take as long as they like
  #latest = 0;
  /** @type {Int32Array | undefined} */
  #flags;
  /** @type {Answerer | undefined} */
  #answerer;
  /** @type {SharedArrayBuffer | undefined} */
  #answers;
  /** @type {Map<number, AbortController>} */
  #controllers = new Map(); // of calls whose signal was asked for
  #pastSignals = new PastSignals();
  #stamp = 0; // counts what the worker has sent
  /** @type {any} */
  #watchdog;
  /** @type {any} */
  ended; // why
  /** @type {Promise<any> | undefined} */
  stopping; // while something is interrupted
  isLeaving = false; // how the guest ends does not concern anybody

  /**
   * @param {import('./worker-threads.js').Thread} thread
   * @param {import('./worker-options.js').WorkerSettings} settings
   * @param {any} sandbox
   */
  constructor(thread, settings, sandbox) {
    super();
    this.#thread = thread;
    this.#settings = settings;
    this.#sandbox = new WeakRef(sandbox);
    if (settings.sharesMemory) {
      this.#flags = settings.interruptFlag ?? createFlags();
      this.#answers = createAnswers();
      this.#answerer = new Answerer(this.#answers);
    }
    thread.session = this;
  }

  get sandbox() {
    return this.#sandbox.deref();
  }
  get omits() {
    return this.#settings.uncrossable === 'omit';
  }
  get canRefer() {
    return this.#answerer !== undefined;
  }
  /** @param {string} what */
  omitted(what) {
    const { onOmitted } = this.#settings;
    if (onOmitted !== undefined) queueMicrotask(() => onOmitted(what));
  }

  /** @param {any} fn */
  flagsOf(fn) {
    const flags = functionFlags(fn);
    if ((flags & FUNCTION_CONSTRUCTOR) !== 0 && !this.canRefer)
      throw new TypeError('a constructible class needs shared memory in a worker (in a page: cross-origin isolation)');
    return (
      ((flags & FUNCTION_BLOCKING) !== 0 ? BLOCKING : 0) |
      ((flags & FUNCTION_CONSTRUCTOR) !== 0 ? CONSTRUCTOR : 0) |
      (Object.prototype.toString.call(fn) === '[object AsyncFunction]' ? ASYNC : 0)
    );
  }

  /**
   * @param {any} object
   * @param {symbol} symbol
   */
  iterationOf(object, symbol) {
    return iterationOf(object, symbol);
  }

  // Messages ----------------------------------------------------------------------------------------------------------

  /**
   * @param {any[]} message
   * @param {any[]} [transferred]
   */
  send(message, transferred) {
    if (this.ended === undefined) this.#thread.post([this.#number, ...message], transferred);
  }

  /** @param {any[]} message */
  receive([number, kind, ...rest]) {
    this.#stamp++;
    if (number !== this.#number) return; // an answer to `ping`, or of a sandbox before
    switch (kind) {
      case 'done':
        return this.#done(rest[0], rest[1], rest[2]);
      case 'call':
        return this.#call(/** @type {any} */ (rest));
      case 'more':
        return this.#answerer?.more();
      case 'event':
        return this.#event(rest[0], rest[1]);
      case 'told': // all messages before have been taken
        if (this.#answerer === undefined) return this.send(['taken', rest[0]]);
        return this.#answerer.answer([false, this.pack(undefined)]);
      case 'release':
        return this.released(rest[0]);
      case 'settle':
        return this.settle(rest[0], rest[1], rest[2]);
      case 'aborted':
        return this.#controllers.get(rest[0])?.abort(this.unpack(rest[1]));
      default:
    }
  }

  /**
   * Creates the sandbox.
   * @param {any} options
   * @param {WebAssembly.Module} wasm
   */
  create(options, wasm) {
    return this.#request((id) => {
      if (this.#thread.ended !== undefined) throw this.#thread.ended; // it would not answer
      const packet = this.pack(options);
      const message = [this.#number, 'create', id, packet, wasm, this.#flags, this.#answers];
      this.#thread.post(message, packet[2]);
    }, Infinity);
  }

  /**
   * Asks the worker for something.
   * @param {string} operation
   * @param {any[]} head numbers and names
   * @param {any[]} args values
   * @param {number} [timeLimit]
   * @param {string} [where] what to call a single value in errors
   * @returns {Promise<any>}
   */
  ask(operation, head, args, timeLimit = this.#settings.timeLimit, where = undefined) {
    return this.#request((id) => this.#post(id, operation, head, args, where), timeLimit);
  }

  /**
   * @param {number} id
   * @param {string} operation
   * @param {any[]} head
   * @param {any[]} args
   * @param {string} [where]
   */
  #post(id, operation, head, args, where) {
    const packet = this.pack(args, where, true);
    this.send(['do', id, operation, head, packet], packet[2]);
  }

  /** In shared memory requests are 32 bits, and 0 is none. */
  #nextRequest() {
    do this.#latest = (this.#latest + 1) | 0;
    while (this.#latest === 0 || this.#requests.has(this.#latest));
    return this.#latest;
  }

  /**
   * @param {(id: number) => void} post
   * @param {number} timeLimit
   * @returns {Promise<any>}
   */
  #request(post, timeLimit) {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) throw this.ended;
      const id = this.#nextRequest();
      post(id);
      this.#add(id, { resolve, reject, timeLimit, sandbox: this.sandbox, isDone: false });
    });
  }

  /**
   * @param {number} id
   * @param {Request} request
   */
  #add(id, request) {
    this.#requests.set(id, request);
    if (!Number.isFinite(request.timeLimit)) this.#unlimited++;
    if (this.#requests.size === 1) this.#thread.ref();
    this.#watch();
  }

  /**
   * @param {number} id
   * @param {boolean} isError
   * @param {any} packet
   */
  #done(id, isError, packet) {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    if (request !== undefined && !Number.isFinite(request.timeLimit)) this.#unlimited--;
    if (this.#requests.size === 0) {
      this.#thread.unref();
      clearTimeout(this.#watchdog);
      this.#watchdog = undefined;
    }
    let value;
    try {
      value = this.unpack(packet);
    } catch (error) {
      [isError, value] = [true, error]; // this host cannot build the value
    }
    if (request === undefined) return;
    request.isDone = true;
    request.hasEnded?.();
    if (isError) request.reject(value);
    else request.resolve(value);
  }

  // Programs ----------------------------------------------------------------------------------------------------------

  /**
   * `eval` and `import`.
   * @param {string} operation
   * @param {any} text or a prepared program
   * @param {any} options
   * @returns {Promise<any>}
   */
  run(operation, text, { signal, ...options }) {
    if (signal === undefined) return this.ask(operation, [], [text, options], options.timeLimit);
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.ended !== undefined) throw this.ended;
      const id = this.#nextRequest();
      this.#post(id, operation, [], [text, options]);
      const abort = () => {
        reject(signal.reason);
        this.#abort(id, signal.reason);
      };
      const forget = onAbort(signal, abort);
      this.#add(id, {
        resolve: (value) => (forget(), resolve(value)),
        reject: (error) => (forget(), reject(error)),
        timeLimit: options.timeLimit ?? this.#settings.timeLimit,
        sandbox: this.sandbox,
        isDone: false,
      });
    });
  }

  /**
   * The worker ends the program when it gets to it. When that takes long, something runs; at once, if it is known to be
   * this program.
   * @param {number} id
   * @param {any} reason
   */
  #abort(id, reason) {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    const [, packet] = this.outcome(false, reason);
    this.send(['abort', id, packet], packet[2]);
    const flags = this.#flags;
    const stop = () => {
      if (request.isDone) return;
      if (flags !== undefined) {
        const current = Atomics.load(flags, Flag.CURRENT);
        if (current !== 0 && current !== id) return void unref(setTimeout(stop, SOON)); // another one runs
        this.#raise(flags);
      }
      unref(setTimeout(() => request.isDone || this.#stopThread(new InterruptedError(LATE)), this.#settings.graceTime));
    };
    if (flags === undefined || Atomics.load(flags, Flag.CURRENT) === id) stop();
    else unref(setTimeout(stop, this.#settings.graceTime / 2)); // it may not have begun, or goes on after waiting
    if (flags === undefined) this.#stops(new Promise((resolve) => (request.hasEnded = () => resolve(undefined))));
  }

  /**
   * Stops what runs. The message takes that back: perhaps nothing runs any more, and what runs later is not meant.
   * @param {Int32Array} flags
   */
  #raise(flags) {
    raise(flags);
    this.send(['lower']);
  }

  /**
   * Until it is known whether the worker must be ended, nothing new is asked of it.
   * @param {Promise<any>} stop
   */
  #stops(stop) {
    const all = Promise.allSettled([this.stopping, stop]).then(() => {
      if (this.stopping === all) this.stopping = undefined;
    });
    this.stopping = all;
  }

  /** Resolves when the guest has stopped. @returns {Promise<void>} */
  async interrupt() {
    if (this.ended !== undefined) return;
    await this.#stopAll('interrupt', new InterruptedError(LATE));
  }

  /**
   * Stops what runs, and what has been asked for and not begun.
   * @param {string} operation
   * @param {Error} late what ends the thread if it does not answer
   */
  async #stopAll(operation, late) {
    const flags = this.#flags;
    const last = this.#latest;
    if (flags !== undefined) Atomics.store(flags, Flag.LAST_STOPPED, last);
    const stopped = this.ask(operation, [], [], Infinity);
    this.#stops(stopped);
    let force;
    // What is about to end by itself, a timer for example, is not an error.
    if (flags !== undefined) {
      if (Atomics.load(flags, Flag.CURRENT) !== 0) this.#raise(flags);
      else force = setTimeout(() => this.#raise(flags), AT_ONCE);
    }
    const timer = setTimeout(() => this.#stopThread(late), this.#settings.graceTime);
    try {
      await stopped;
    } catch (error) {
      if (error !== this.ended) throw error; // with the thread the guest has ended as well
    } finally {
      clearTimeout(timer);
      clearTimeout(force);
      if (flags !== undefined) Atomics.compareExchange(flags, Flag.LAST_STOPPED, last, 0);
    }
  }

  /**
   * A worker that does not answer within the time limit and the grace time is ended. It may wait for the host, so it is
   * asked whether it is alive; it may also have begun to work just then.
   */
  #watch() {
    if (this.#watchdog !== undefined || this.#unlimited > 0) return;
    let limit = 0;
    for (const { timeLimit } of this.#requests.values()) limit = Math.max(limit, timeLimit);
    const delay = Math.min(limit + this.#settings.graceTime, 2 ** 31 - 1);
    const stamp = this.#stamp;
    this.#thread.post(['ping']);
    this.#watchdog = setTimeout(() => {
      // The host may be late itself: first it takes what has arrived.
      this.#watchdog = setTimeout(() => {
        this.#watchdog = undefined;
        if (this.ended !== undefined || this.#requests.size === 0) return;
        if (this.#stamp !== stamp) return this.#watch();
        this.#stopThread(
          new TimeLimitError(
            `the worker did not answer within the time limit and ${this.#settings.graceTime} ms (graceTime); it was terminated`,
          ),
        );
      }, 20);
      unref(this.#watchdog);
    }, delay);
    unref(this.#watchdog);
  }

  /** @param {Error} reason */
  #stopThread(reason) {
    if (this.ended !== undefined) return;
    this.#thread.terminate();
    this.end(reason);
  }

  /**
   * The sandbox is gone: by the host, or with its worker.
   * @param {any} reason
   */
  end(reason) {
    if (this.ended !== undefined) return;
    this.ended = reason;
    clearTimeout(this.#watchdog);
    this.close(reason);
    for (const request of this.#requests.values()) {
      request.isDone = true;
      request.hasEnded?.();
      request.reject(reason);
    }
    if (this.#requests.size > 0) this.#thread.unref();
    this.#requests.clear();
    for (const controller of this.#controllers.values()) controller.abort(reason);
    this.#controllers.clear();
    this.#pastSignals.abort(reason);
    if (this.#thread.session === this) this.#thread.session = undefined;
    this.#settings.hasEnded?.(this, reason);
  }

  /** Leaves the worker to another sandbox. */
  async dispose() {
    if (this.ended !== undefined) return;
    const gone = new DisposedError('the sandbox was disposed');
    this.isLeaving = true;
    await this.#stopAll('dispose', gone);
    this.end(gone);
  }

  // What the guest asks of its host -----------------------------------------------------------------------------------

  /** @param {[kind: string, call: number, number: number, receiver: number, packet: any]} message */
  #call([kind, call, number, receiver, packet]) {
    let isError = false;
    let value;
    try {
      const args = this.unpack(packet);
      const thing = this.ours(number);
      const context = new CallContext(this, this.#controllers, call);
      value =
        typeof kind === 'string' && kind in asks
          ? asks[kind](thing, args[0], args[1])
          : performAs(context, () => {
              if (kind === 'new') return ref(Reflect.construct(thing, args));
              return Reflect.apply(thing, receiver === 0 ? context : this.ours(receiver), args);
            });
    } catch (error) {
      [isError, value] = [true, error];
    }
    if (kind === 'await') return void this.#answerLater(call, isError, value);
    const outcome = this.outcome(isError, value);
    const isPromise = !outcome[0] && isThen(value);
    if (kind === 'reply') this.sendOutcome(['reply', call], outcome);
    else this.#answer(outcome);
    if (!isPromise) return this.#endCall(call);
    const end = () => {
      this.#endCall(call);
      this.send(['ended', call]);
    };
    Promise.resolve(value).then(end, end);
  }

  /** @param {number} call */
  #endCall(call) {
    const controller = this.#controllers.get(call);
    if (controller === undefined) return;
    this.#controllers.delete(call);
    this.#pastSignals.add(controller);
  }

  /**
   * @param {number} call
   * @param {boolean} isError
   * @param {any} value
   */
  async #answerLater(call, isError, value) {
    try {
      if (!isError) value = await value;
    } catch (error) {
      [isError, value] = [true, error];
    }
    this.#endCall(call);
    if (this.ended !== undefined) return;
    this.sendOutcome(['reply', call], this.outcome(isError, value));
  }

  /**
   * To the thread that waits, which must get an answer in any case: this one may be too long for this host.
   * @param {import('./thread-answers.js').Outcome} outcome
   */
  #answer(outcome) {
    try {
      this.#answerer?.answer(outcome);
    } catch (error) {
      this.#answerer?.answer(this.outcome(true, error));
    }
  }

  /**
   * @param {string[]} head
   * @param {any} packet
   */
  #event([name, method], packet) {
    const args = this.unpack(packet);
    if (this.isLeaving) return;
    // What an event throws goes to the host, as if it had been called by itself.
    if (method === undefined) queueMicrotask(() => /** @type {any} */ (this.#settings)[name](...args));
    else queueMicrotask(() => this.#print(method, args));
  }

  /**
   * The guest chooses what is printed, and has gone on: what a function of the console throws must not end the host.
   * @param {string} method
   * @param {any[]} args
   */
  async #print(method, args) {
    try {
      await /** @type {any} */ (this.#settings.console)[method](...args);
    } catch (error) {
      this.#log.write(`console.${method} of a sandbox has failed:`, error);
    }
  }

  // What stands for the guest's functions and objects -----------------------------------------------------------------

  /**
   * @param {number} number
   * @param {string} name
   * @param {number} length
   * @param {number} flags
   */
  makeFunction(number, name, length, flags) {
    return functionOf(this, number, { name, length, hasMembers: (flags & HAS_MEMBERS) !== 0 });
  }

  /** @param {number} number */
  makeObject(number) {
    return objectOf(this, number);
  }

  /** @param {number} number */
  makeReference(number) {
    return new WorkerReference(this, number);
  }

  /**
   * `for await` wants an iterator at once: it asks the guest for its own when the first value is wanted.
   * @param {any} object
   * @param {symbol} symbol
   * @param {any} fn
   */
  defineIteration(object, symbol, fn) {
    const number = this.numberOfTheirs(fn);
    if (number === undefined) return;
    const session = this;
    Object.defineProperty(object, Symbol.asyncIterator, {
      value: /** @this {any} */ function () {
        return iteratorOf(session, fn, () => session.ask('iteratorOf', [number, session.receiverOf(this) ?? 0], []));
      },
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
}

/** The worker keeps Node alive while anything is asked of it; timers need not. @param {any} timer */
const unref = (timer) => void timer.unref?.();

/**
 * Whether a value that has been packed is a promise, or has crossed as one.
 * @param {any} value
 */
function isThen(value) {
  try {
    return typeof value === 'object' && value !== null && isThenable(value);
  } catch {
    return false;
  }
}

const LATE = 'the guest was interrupted: its worker did not answer, and was terminated';

/**
 * What a guest asks of an object that it has by reference.
 * @type {Record<string, (object: any, key: any, value: any) => any>}
 */
const asks = {
  describe: (object, key) => describeHostProperty(object, key),
  get: (object, key) => hostTraps.get(object, key),
  set: (object, key, value) => hostTraps.set(object, key, value),
  has: (object, key) => hostTraps.has(object, key),
  deleteProperty: (object, key) => hostTraps.deleteProperty(object, key),
  ownKeys: (object) => hostTraps.ownKeys(object),
  iterate: (object, key) => iterationOf(object, key)?.(),
};

/** Signals of calls that have ended, as far as somebody still has them: the end of the sandbox aborts them, too. */
class PastSignals {
  /** @type {Set<WeakRef<AbortSignal>>} */
  #signals = new Set();
  /** @type {WeakMap<AbortSignal, AbortController>} */
  #controllers = new WeakMap();
  #self = new WeakRef(this);
  // Of all sessions: see handles.js.
  static #forgotten = new FinalizationRegistry(
    (/** @type {{ owner: WeakRef<PastSignals>, entry: WeakRef<AbortSignal> }} */ held) => {
      const owner = held.owner.deref();
      if (owner !== undefined) owner.#signals.delete(held.entry);
    },
  );

  /** @param {AbortController} controller */
  add(controller) {
    const { signal } = controller;
    if (signal.aborted) return;
    const entry = new WeakRef(signal);
    this.#signals.add(entry);
    this.#controllers.set(signal, controller);
    PastSignals.#forgotten.register(signal, { owner: this.#self, entry });
  }

  /** @param {any} reason */
  abort(reason) {
    for (const entry of this.#signals) {
      const signal = entry.deref();
      if (signal !== undefined) this.#controllers.get(signal)?.abort(reason);
    }
    this.#signals.clear();
  }
}

/** The call that a host function performs: `this`, unless it is called on an object of the host. */
class CallContext {
  #session;
  #controllers;
  #call;

  /**
   * @param {Session} session
   * @param {Map<number, AbortController>} controllers
   * @param {number} call
   */
  constructor(session, controllers, call) {
    this.#session = session;
    this.#controllers = controllers;
    this.#call = call;
    this.sandbox = session.sandbox;
  }

  get signal() {
    let controller = this.#controllers.get(this.#call);
    if (controller === undefined) {
      controller = new AbortController();
      this.#controllers.set(this.#call, controller);
      if (this.#session.ended === undefined) this.#session.send(['watch', this.#call]);
      else controller.abort(this.#session.ended);
    }
    return controller.signal;
  }
}
