// The side of the guest: a sandbox in a worker, which does what the host's thread asks for, and asks for what the guest
// wants of its host (worker-session.js).
import {
  GuestObject,
  GuestReference,
  InterruptedError,
  Unwaited,
  blocking,
  constructible,
  hasMembers,
  hostCall,
  promisesOf,
  sandboxesOf,
  waitingForm,
} from './core.js';
import { Asker, Flag, lower } from './thread-answers.js';
import { Link } from './thread-link.js';
import { ASYNC, BLOCKING, CONSTRUCTOR } from './thread-values.js';

const createSandbox = sandboxesOf({
  async ownModule() {
    throw new TypeError('a worker is given its WebAssembly.Module');
  },
});

/**
 * What is done for the host's thread: `this` is a HostedGuest.
 * @type {Record<string, (this: HostedGuest, ...args: any[]) => any>}
 */
const operations = {
  eval(source, options) {
    return this.sandbox.eval(source, options);
  },
  import(specifier, options) {
    return this.sandbox.import(specifier, options);
  },
  ref(source, options) {
    return this.sandbox.ref(source, options);
  },
  setGlobal(name, value) {
    this.sandbox.setGlobal(name, value);
  },
  whenIdle() {
    return this.sandbox.whenIdle();
  },
  memoryUsed() {
    return this.sandbox.memoryUsed;
  },
  stats() {
    return this.sandbox.stats();
  },
  interrupt() {
    this.sandbox?.interrupt();
  },
  dispose() {
    this.sandbox?.dispose();
    this.close(new Error('the sandbox was disposed'));
  },
  call(number, receiver, ...args) {
    const thisValue = receiver === 0 ? undefined : this.ours(receiver);
    return Reflect.apply(waitingForm(this.ours(number)), thisValue, args);
  },
  construct(number, ...args) {
    const constructor = this.ours(number);
    return promisesOf(this.sandbox, constructor)?.instance(args) ?? Reflect.construct(constructor, args);
  },
  get(number, keys) {
    return this.walk(this.ours(number), keys);
  },
  async invoke(number, keys, ...args) {
    const start = this.ours(number);
    const object = keys.length === 1 ? start : await this.walk(start, keys.slice(0, -1));
    const method = waitingForm(await this.read(object, keys.at(-1)));
    if (typeof method !== 'function') throw new TypeError(`${keys.join('.')} is not a function`);
    return Reflect.apply(method, object, args);
  },
  /** A method of a GuestReference. */
  reference(number, name, ...args) {
    return this.ours(number).promises[name](...args);
  },
  referenceTo(number) {
    return this.sandbox.ref(this.ours(number));
  },
  isSame(number, other) {
    return this.ours(number).isSame(other === 0 ? undefined : this.ours(other));
  },
  iterate(number) {
    return this.give({ iterator: this.ours(number)[Symbol.asyncIterator]() });
  },
  /** For a method that gives an iterator. */
  iteratorOf(number, receiver) {
    return this.give({ iterator: operations.call.call(this, number, receiver) });
  },
  step(number, name, ...args) {
    const { iterator } = this.ours(number);
    if (typeof iterator[name] === 'function') return iterator[name](...args);
    if (name === 'throw') throw args[0];
    return { value: args[0], done: true };
  },
};

const UNIT = 1024; // characters or bytes; a longer message counts as several
const AHEAD = 100; // units that the host need not have taken

/** @param {import('./thread-values.js').Packet} packet */
const sizeOf = ([, nodes = '', buffers = []]) =>
  buffers.reduce((sum, { byteLength }) => sum + byteLength, nodes.length);

class HostedGuest extends Link {
  #number;
  #post;
  /** @type {Int32Array | undefined} */
  #flags;
  /** @type {Asker | undefined} */
  #asker;
  #omits = false;
  /** @type {any} */
  sandbox;
  /** @type {Map<number, { resolve(value: any): void, reject(reason: any): void }>} */
  #asked = new Map(); // calls of host functions that are awaited
  /** @type {Map<number, AbortSignal>} */
  #signals = new Map(); // of calls that the host has not ended: asked for later, they could be those of no program
  /** @type {WeakMap<AbortSignal, number>} */
  #programs = new WeakMap(); // the request of the program that a signal belongs to
  #current = 0; // the request whose program begins
  #latestCall = 0;
  #ahead = 0; // units of messages without an answer that the host may not have taken
  #mostAhead = 10_000; // hostLimits.prints
  #unconfirmed = 0; // those of them that the host has not been asked for
  #untold = 0; // messages that were left out
  /** @type {Map<number, AbortController>} */
  #abortable = new Map();

  /**
   * @param {number} number
   * @param {(message: any[], transferred?: any[]) => void} post
   * @param {Int32Array | undefined} flags
   * @param {SharedArrayBuffer | undefined} answers
   */
  constructor(number, post, flags, answers) {
    super();
    this.#number = number;
    this.#post = post;
    this.#flags = flags;
    if (answers !== undefined) this.#asker = new Asker(answers);
  }

  get ofGuest() {
    return true;
  }
  get omits() {
    return this.#omits;
  }

  /**
   * @param {any[]} message
   * @param {any[]} [transferred]
   */
  send(message, transferred) {
    this.#post([this.#number, ...message], transferred);
  }

  /**
   * @param {number} id
   * @param {any} packet
   * @param {WebAssembly.Module} wasm
   */
  async create(id, packet, wasm) {
    try {
      const { globals, accessors, console, consoleMethods, events, ...settings } = this.unpack(packet);
      this.#omits = settings.uncrossable === 'omit';
      this.#mostAhead = settings.hostLimits?.prints ?? this.#mostAhead;
      for (const [name, get, set] of accessors)
        Object.defineProperty(globals, name, { get, set, enumerable: true, configurable: true });
      /** @type {any} */
      const options = { ...settings, globals, wasm };
      if (console !== undefined) options.console = console;
      for (const name of consoleMethods) options.console[name] = this.#event('console', name);
      for (const name of events) options[name] = this.#event(name);
      if (this.#flags !== undefined) options.interruptFlag = this.#flags;
      const sandbox = await createSandbox(options);
      if (this.isClosed) sandbox.dispose();
      this.sandbox = sandbox;
      this.#reply(id, false, undefined);
    } catch (error) {
      this.#reply(id, true, error);
      this.close(error);
    }
  }

  /**
   * Something that the host is told of, without an answer.
   * @param {...string} head
   */
  #event(...head) {
    return (/** @type {any[]} */ ...args) => {
      if (!this.#mayTell) return void this.#untold++;
      const [, packet] = this.outcome(false, args);
      this.send(['event', head, packet], packet[2]);
      this.told(sizeOf(packet));
    };
  }

  /** Where the thread cannot wait for the host, what the host has not taken must have an end. */
  get #mayTell() {
    return this.#asker !== undefined || this.#ahead < this.#mostAhead;
  }

  /**
   * A guest must not fill its host with messages: after some, the thread waits until the host has taken them.
   * @param {number} size of a message
   */
  told(size) {
    if (this.isClosed) return;
    const units = 1 + Math.floor(size / UNIT);
    this.#ahead += units;
    this.#unconfirmed += units;
    if (this.#unconfirmed < AHEAD) return;
    const told = ['told', this.#unconfirmed];
    this.#unconfirmed = 0;
    if (this.#asker === undefined) return this.send(told);
    this.#wait(() => this.send(told));
    this.#ahead = 0;
  }

  /** @param {number} units */
  #taken(units) {
    this.#ahead -= units;
    if (this.#untold === 0) return;
    const text = `(${this.#untold} more messages of a sandbox were left out, since its host had not taken those before)`;
    this.#untold = 0;
    this.#post(['print', 'warn', [text]]);
  }

  /**
   * @param {number} id
   * @param {boolean} isError
   * @param {any} value
   */
  #reply(id, isError, value) {
    this.sendOutcome(['done', id], this.outcome(isError, value));
  }

  /** @param {any[]} message */
  receive([kind, ...rest]) {
    if (this.#flags !== undefined) lower(this.#flags);
    switch (kind) {
      case 'do':
        return void this.#do(/** @type {any} */ (rest));
      case 'abort':
        return this.#abort(rest[0], rest[1]);
      case 'release':
        return this.released(rest[0]);
      case 'settle':
        return this.settle(rest[0], rest[1], rest[2]);
      case 'reply':
        return this.#answered(rest[0], rest[1], rest[2]);
      case 'watch':
        return this.#watch(rest[0]);
      case 'taken':
        return this.#taken(rest[0]);
      case 'ended':
        return void this.#signals.delete(rest[0]);
      default:
    }
  }

  /** @param {[id: number, operation: string, head: any[], packet: any]} request */
  async #do([id, operation, head, packet]) {
    let isError = false;
    let value;
    const flags = this.#flags;
    try {
      const args = this.unpack(packet);
      if (flags !== undefined && isStopped(flags, id)) {
        if (operation !== 'interrupt' && operation !== 'dispose')
          throw new InterruptedError('the guest was interrupted before this began');
      }
      if (operation === 'eval' || operation === 'import') {
        const controller = new AbortController();
        this.#abortable.set(id, controller);
        args[1] = { ...args[1], signal: controller.signal };
      }
      this.#current = id;
      if (flags !== undefined) Atomics.store(flags, Flag.CURRENT, id);
      const made = operations[operation].call(this, ...head, ...args);
      this.#current = 0;
      if (flags !== undefined) Atomics.store(flags, Flag.CURRENT, 0);
      value = await made;
    } catch (error) {
      isError = true;
      value = error;
    }
    if (this.#current === id) this.#current = 0;
    if (flags !== undefined) Atomics.compareExchange(flags, Flag.CURRENT, id, 0);
    this.#abortable.delete(id);
    this.#reply(id, isError, value);
  }

  /**
   * @param {any} object
   * @param {any[]} keys
   */
  async walk(object, keys) {
    for (const key of keys) object = await this.read(object, key);
    return object;
  }

  /**
   * A property, or a promise of it. Copies on the way are objects of this thread, whose prototypes and constructors are
   * none of the guest's.
   * @param {any} object
   * @param {any} key
   */
  read(object, key) {
    if (object instanceof GuestObject || (typeof object === 'function' && hasMembers(object)))
      return promisesOf(this.sandbox, object)?.get(key) ?? object[key];
    const leads = key === 'constructor' || key === '__proto__';
    return leads && !Object.hasOwn(Object(object), key) ? undefined : object[key];
  }

  // What the guest asks of its host -----------------------------------------------------------------------------------

  /**
   * Where memory is shared the guest's thread waits for the answer, so that a function of the host is called as it
   * would be in one thread. Elsewhere the guest is set aside, as for blocking functions, unless it is known that the
   * function gives a promise.
   * @param {number} number
   * @param {string} name
   * @param {number} length
   * @param {number} flags
   */
  makeFunction(number, name, length, flags) {
    const session = this;
    /** @type {any} */
    let fn;
    if ((flags & (BLOCKING | ASYNC)) !== 0)
      fn = /** @this {any} */ function (/** @type {any[]} */ ...args) {
        return session.#callAndAwait(number, this, args, false);
      };
    else if (this.#asker !== undefined)
      fn = /** @this {any} */ function (/** @type {any[]} */ ...args) {
        return session.#callAndWait(number, this, args, new.target !== undefined);
      };
    else
      fn = /** @this {any} */ function (/** @type {any[]} */ ...args) {
        return session.#callAndAwait(number, this, args, true);
      };
    Object.defineProperty(fn, 'name', { value: name, configurable: true });
    Object.defineProperty(fn, 'length', { value: length, configurable: true });
    if ((flags & BLOCKING) !== 0 || ((flags & ASYNC) === 0 && this.#asker === undefined)) fn = blocking(fn);
    else if ((flags & CONSTRUCTOR) !== 0) fn = constructible(fn);
    if (fn.length !== length) Object.defineProperty(fn, 'length', { value: length, configurable: true });
    return fn;
  }

  /**
   * @param {string} kind
   * @param {number} number
   * @param {any} thisValue
   * @param {any[]} args
   * @param {number} call
   */
  #ask(kind, number, thisValue, args, call) {
    const packet = this.pack(args, undefined, true);
    this.send(['call', kind, call, number, this.receiverOf(thisValue) ?? 0, packet], packet[2]);
    return packet;
  }

  /**
   * @param {number} number
   * @param {any} thisValue
   * @param {any[]} args
   * @param {boolean} isNew
   */
  #callAndWait(number, thisValue, args, isNew) {
    const call = ++this.#latestCall;
    const context = hostCall();
    const value = this.#wait(() =>
      this.#ask(isNew ? 'new' : 'wait', number, isNew ? undefined : thisValue, args, call),
    );
    if (value instanceof Promise && context !== undefined) this.#keepSignal(call, context.signal);
    return isNew ? value.object : value;
  }

  /** @param {() => void} ask */
  #wait(ask) {
    const [isError, packet] = /** @type {Asker} */ (this.#asker).answer(ask, () => this.send(['more']));
    const value = this.unpack(packet);
    if (isError) throw value;
    return value;
  }

  /**
   * @param {number} number
   * @param {any} thisValue
   * @param {any[]} args
   * @param {boolean} isImmediate the value is wanted as it is, a promise as a promise
   */
  #callAndAwait(number, thisValue, args, isImmediate) {
    const call = ++this.#latestCall;
    const context = hostCall();
    const packet = this.#ask(isImmediate ? 'reply' : 'await', number, thisValue, args, call);
    if (this.#asker !== undefined) this.told(sizeOf(packet));
    if (context !== undefined) this.#keepSignal(call, context.signal);
    return new Promise((resolve, reject) => this.#asked.set(call, { resolve, reject }));
  }

  /**
   * @param {number} call
   * @param {boolean} isError
   * @param {any} packet
   */
  #answered(call, isError, packet) {
    const entry = this.#asked.get(call);
    this.#asked.delete(call);
    let value;
    try {
      value = this.unpack(packet);
    } catch (error) {
      [isError, value] = [true, error];
    }
    if (isError || !(value instanceof Promise)) this.#signals.delete(call);
    if (isError) entry?.reject(value);
    else entry?.resolve(value instanceof Promise ? new Unwaited(value) : value);
  }

  /**
   * @param {number} id
   * @param {any} packet
   */
  #abort(id, packet) {
    const controller = this.#abortable.get(id);
    if (controller !== undefined) return controller.abort(this.unpack(packet));
    // It was stopped by force; the host's work for it goes on.
    for (const [call, signal] of this.#signals)
      if (this.#programs.get(signal) === id) this.send(['aborted', call, packet]);
  }

  /**
   * @param {number} call
   * @param {AbortSignal} signal
   */
  #keepSignal(call, signal) {
    this.#signals.set(call, signal);
    if (this.#current !== 0) this.#programs.set(signal, this.#current);
  }

  /** The host's function has asked for the signal of its call. @param {number} call */
  #watch(call) {
    const signal = this.#signals.get(call);
    if (signal === undefined) return;
    const abort = () => {
      const [, packet] = this.outcome(false, signal.reason);
      this.send(['aborted', call, packet]);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }

  /** An iterator of the host. @param {boolean} isAsync */
  makeIterator(isAsync) {
    return isAsync ? new AsyncHostIterator() : new SyncHostIterator();
  }

  /**
   * @param {any} object
   * @param {symbol} symbol
   * @param {any} value
   */
  defineIteration(object, symbol, value) {
    Object.defineProperty(object, symbol, { value, writable: true, enumerable: false, configurable: true });
  }

  /**
   * Exports and properties that cannot cross throw when they are read.
   * @param {any} object
   * @param {string[]} keys
   * @returns {[string, string][] | undefined}
   */
  refusedOf(object, keys) {
    const names = Object.getOwnPropertyNames(object);
    if (names.length === keys.length) return undefined;
    /** @type {[string, string][]} */
    const refused = [];
    for (const name of names) {
      const get = Object.getOwnPropertyDescriptor(object, name)?.get;
      if (get === undefined) continue;
      try {
        get();
      } catch (error) {
        refused.push([name, /** @type {any} */ (error).message]);
      }
    }
    return refused;
  }

  /**
   * @param {any} object of the guest
   * @param {symbol} symbol
   */
  iterationOf(object, symbol) {
    // The steps of the asynchronous one, which everything that is iterable has, may wait.
    if (symbol === Symbol.iterator && typeof object[Symbol.asyncIterator] === 'function') return undefined;
    return typeof object[symbol] === 'function' ? object[symbol] : undefined;
  }

  /** @param {any} thing */
  letGo(thing) {
    if (thing instanceof GuestReference) thing.release();
  }

  // Objects of the host by reference ----------------------------------------------------------------------------------

  /** @param {number} number */
  makeHostObject(number) {
    /**
     * @param {string} trap
     * @param {...any} args
     * @returns {any}
     */
    const ask = (trap, ...args) => this.#wait(() => this.#ask(trap, number, undefined, args, 0));
    /** @type {{ key: any, found: any } | undefined} */
    let last; // found for an object is also what its class has
    const inherited = new Proxy(
      {},
      {
        getOwnPropertyDescriptor(_, key) {
          const found = last !== undefined && last.key === key ? last.found : ask('describe', key);
          if (found === undefined || found.isOwn) return undefined;
          if (!found.isAccessor) return { value: found.value, writable: false, enumerable: false, configurable: true };
          return {
            get: () => ask('get', key),
            set: found.isSettable ? (value) => ask('set', key, value) : undefined,
            enumerable: false,
            configurable: true,
          };
        },
      },
    );
    return new Proxy(
      {},
      {
        getPrototypeOf: () => inherited,
        getOwnPropertyDescriptor(_, key) {
          if (typeof key === 'symbol') return undefined;
          const found = ask('describe', key);
          last = { key, found };
          if (found === undefined || !found.isOwn) return undefined;
          return { value: found.value, writable: found.isSettable, enumerable: found.isEnumerable, configurable: true };
        },
        get(_, key) {
          if (typeof key !== 'symbol') return ask('get', key);
          if (key !== Symbol.iterator && key !== Symbol.asyncIterator) return undefined;
          return ask('has', key) ? () => ask('iterate', key) : undefined;
        },
        set: (_, key, value) => ask('set', key, value),
        has: (_, key) => ask('has', key),
        deleteProperty: (_, key) => ask('deleteProperty', key),
        ownKeys: () => ask('ownKeys'),
        defineProperty: (_, key, { value }) => ask('set', key, value),
      },
    );
  }

  /** @param {any} reason */
  close(reason) {
    super.close(reason);
    for (const { reject } of this.#asked.values()) reject(reason);
    this.#asked.clear();
  }
}

/**
 * Whether a request was made before an interruption that is under way.
 * @param {Int32Array} flags
 * @param {number} id
 */
function isStopped(flags, id) {
  const last = Atomics.load(flags, Flag.LAST_STOPPED);
  return last !== 0 && ((last - id) | 0) >= 0;
}

class SyncHostIterator {
  [Symbol.iterator]() {
    return this;
  }
}
class AsyncHostIterator {
  [Symbol.asyncIterator]() {
    return this;
  }
}

const scope = /** @type {any} */ (globalThis);
const consoleMethods = ['log', 'debug', 'info', 'warn', 'error'];

/**
 * Serves the host's thread. Gives what takes a message.
 * @param {(message: any[], transferred?: any[]) => void} post
 */
export function serve(post) {
  /** @type {Map<number, HostedGuest>} */
  const guests = new Map();
  /** @type {HostedGuest | undefined} */
  let latest;
  // What guests print by default, and what of theirs is logged, goes to the console of the host's thread.
  const print = (/** @type {string} */ name, /** @type {string[]} */ texts) => {
    post(['print', name, texts]);
    latest?.told(texts.join().length);
  };
  scope.console = Object.fromEntries(
    consoleMethods.map((name) => [name, (/** @type {any[]} */ ...args) => print(name, args.map(String))]),
  );
  post(['ready']);
  return (/** @type {any[]} */ message) => {
    const [number, kind, ...rest] = message;
    if (number === 'ping') return post(['pong']);
    if (kind === 'create') {
      const [id, packet, wasm, flags, answers] = rest;
      const guest = new HostedGuest(number, post, flags, answers);
      guests.set(number, guest);
      latest = guest;
      return void guest.create(id, packet, wasm).then(() => guest.isClosed && guests.delete(number));
    }
    const guest = guests.get(number);
    guest?.receive([kind, ...rest]);
    if (guest?.isClosed) guests.delete(number);
  };
}
