// Functions that crossed. Host functions are numbers for the guest; guest functions are handles here, called through
// proxies, and given back to the engine when their proxies have been collected.
import { isBlocking } from './host-calls.js';
import { limitReached } from './limits.js';
import { NumberedPlaces } from './numbered-places.js';
import { FUNCTION_BLOCKING, Operation } from './protocol.js';

export class Functions {
  #guest;
  #functions = new NumberedPlaces(); // number -> { fn, crossings }: a host function and how often it was sent
  #functionNumbers = new Map();
  #proxies = new Map();     // handle -> {reference: WeakRef of the proxy, crossings}
  #handles = new WeakMap(); // proxy function -> handle
  #thens = new WeakMap();   // proxy function -> the same for promises of the host, see thenOf
  #released = new FinalizationRegistry((handle) => this.#releaseProxy(handle));

  constructor(guest) {
    this.#guest = guest;
  }

  // Of the host ----------------------------------------------------------------------------------------------------------

  numberOf(fn) {
    let number = this.#functionNumbers.get(fn);
    if (number === undefined) {
      number = this.#functions.add({ fn, crossings: 0 });
      this.#functionNumbers.set(fn, number);
    }
    this.#functions.get(number).crossings++;
    return { number, flags: isBlocking(fn) ? FUNCTION_BLOCKING : 0 };
  }

  ofNumber(number) {
    return this.#functions.get(number)?.fn;
  }

  /** The guest no longer refers to that host function, which it received so many times. What is on its way keeps it. */
  release(number, crossings) {
    const entry = this.#functions.get(number);
    if (entry === undefined) return;
    entry.crossings -= crossings;
    if (entry.crossings > 0) return;
    this.#functionNumbers.delete(entry.fn);
    this.#functions.remove(number);
  }

  // Of the guest ---------------------------------------------------------------------------------------------------------

  handleOf(proxy) {
    return this.#handles.get(proxy);
  }

  ofHandle(handle, name) {
    const known = this.#proxies.get(handle);
    const live = known?.reference.deref();
    if (live) {
      known.crossings++;
      return live;
    }
    const limit = this.#guest.settings.hostLimits.functions;
    if (this.#proxies.size >= limit) throw limitReached(limit, 'functions', 'functions of the guest are held by the host');
    const functions = this;
    const proxy = function (...args) {
      return functions.#call(handle, this === globalThis ? undefined : this, args);
    };
    Object.defineProperty(proxy, 'name', { value: name, configurable: true });
    this.#proxies.set(handle, { reference: new WeakRef(proxy), crossings: (known?.crossings ?? 0) + 1 });
    this.#handles.set(proxy, handle);
    this.#released.register(proxy, handle);
    return proxy;
  }

  /**
   * A guest function that became the `then` of an object. The host's promises call such a function by themselves, again and
   * again if it gives another such object: those calls are made in their turn.
   */
  thenOf(fn) {
    const handle = this.#handles.get(fn);
    if (handle === undefined) return fn;
    let then = this.#thens.get(fn);
    if (then === undefined) {
      const { entries, promises } = this.#guest;
      then = function (...args) {
        const callbacks = promises.awaiting(args);
        try {
          return entries.inTurn(() => fn.apply(this, callbacks), callbacks[1]);
        } catch (error) {
          callbacks[1]?.(error); // if nobody has called it before
          throw error;
        }
      };
      Object.defineProperty(then, 'name', { value: fn.name, configurable: true });
      this.#handles.set(then, handle);
      this.#thens.set(fn, then);
    }
    return then;
  }

  #call(handle, thisValue, args) {
    const { entries } = this.#guest;
    const message = [thisForGuest(thisValue), ...args];
    return entries.isBusy ? entries.whenFree(() => this.#enter(handle, message)) : this.#enter(handle, message);
  }

  #enter(handle, message) {
    const { entries, programs } = this.#guest;
    return programs.callResult(entries.enter(Operation.CALL, handle, 0, message));
  }

  #releaseProxy(handle) {
    const entry = this.#proxies.get(handle);
    if (!entry || entry.reference.deref() || this.#guest.isDisposed || this.#guest.engine.isBroken) return;
    this.#proxies.delete(handle);
    this.#guest.engine.release(this.#guest.runtime, handle, entry.crossings);
  }
}

function thisForGuest(value) {
  return value === undefined || typeof value === 'object' || typeof value === 'function' ? undefined : value;
}
