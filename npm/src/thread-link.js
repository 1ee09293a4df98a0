// What two threads have given to one another: functions, objects by reference and promises cross as numbers of the side
// that owns them. Each is kept by its owner until the other side has given back every arrival.
import { CrossedErrors } from './core.js';
import { pack, unpack } from './thread-values.js';

/** @typedef {{ thing: any, crossings: number }} Given */
/**
 * @typedef {{ owner: WeakRef<Link>, number: number, reference: WeakRef<any>, crossings: number }} Theirs a number of
 *   the other side, and what stands for it here
 */

/** One side of it. The other methods, which the two sides do differently: worker-session.js, worker-guest.js. */
export class Link {
  errors = new CrossedErrors();
  /** @type {Map<number, Given>} */
  #given = new Map();
  /** @type {Map<any, number>} */
  #numbers = new Map(); // of what was given
  /** @type {Map<any, number>} */
  #receivers = new Map(); // the same for objects that functions are called on
  #latest = 0;
  /** @type {Map<number, Theirs>} */
  #theirs = new Map();
  #numbersOfTheirs = new WeakMap();
  #receiversOfTheirs = new WeakMap();
  /** @type {Map<number, { resolve(value: any): void, reject(reason: any): void }>} */
  #promises = new Map(); // of the other side, that have not settled
  /** @type {Set<number>} */
  #awaited = new Set(); // of this side
  /** @type {[number, number][]} */
  #released = []; // numbers to be given back, and how often
  #self = new WeakRef(this);
  // Of all links: see handles.js.
  static #collected = new FinalizationRegistry((/** @type {Theirs} */ theirs) => {
    const owner = theirs.owner.deref();
    if (owner !== undefined) owner.#isCollected(theirs);
  });
  static #forgotten = new FinalizationRegistry((/** @type {{ owner: WeakRef<Link>, number: number }} */ held) => {
    const owner = held.owner.deref();
    if (owner !== undefined) owner.#giveBack(held.number, 1);
  });
  isClosed = false;

  // How a side differs ------------------------------------------------------------------------------------------------

  /** Whether values of the guest are packed here; otherwise they are unpacked here. */
  get ofGuest() {
    return false;
  }
  get fromGuest() {
    return !this.ofGuest;
  }
  /** Whether buffers in values are copies already, which can be given away. */
  get takesBuffers() {
    return this.ofGuest;
  }
  get omits() {
    return false;
  }
  get canRefer() {
    return false;
  }
  get direction() {
    return this.ofGuest ? 'to the host' : 'to the guest';
  }
  /** @param {string} what */
  omitted(what) {}
  /**
   * @param {any[]} message
   * @param {any[]} [transferred]
   */
  send(message, transferred) {}
  /** @param {any} fn @returns {number} */
  flagsOf(fn) {
    return 0;
  }
  /**
   * Properties of a value of the guest that throw when they are read.
   * @param {any} object
   * @param {string[]} keys
   * @returns {[string, string][] | undefined}
   */
  refusedOf(object, keys) {
    return undefined;
  }
  /**
   * @param {any} object
   * @param {symbol} symbol
   * @returns {any}
   */
  iterationOf(object, symbol) {
    return undefined;
  }
  /**
   * @param {any} object
   * @param {symbol} symbol
   * @param {any} value
   */
  defineIteration(object, symbol, value) {}
  /**
   * @param {number} number
   * @param {string} name
   * @param {number} length
   * @param {number} flags
   * @returns {any}
   */
  makeFunction(number, name, length, flags) {}
  /** @param {number} number @returns {any} */
  makeObject(number) {}
  /** @param {number} number @returns {any} */
  makeReference(number) {}
  /** @param {number} number @returns {any} */
  makeHostObject(number) {}
  /** @param {boolean} isAsync @returns {any} */
  makeIterator(isAsync) {}

  // Values ------------------------------------------------------------------------------------------------------------

  /**
   * @param {any} value
   * @param {string} [where]
   * @param {boolean} [isList]
   */
  pack(value, where, isList) {
    return pack(value, this, where, isList);
  }

  /** @param {import('./thread-values.js').Packet} packet */
  unpack(packet) {
    return unpack(packet, this);
  }

  // Of this side ------------------------------------------------------------------------------------------------------

  /** Its number, for one arrival. @param {any} thing */
  give(thing) {
    return this.#give(this.#numbers, thing);
  }

  /** The same for an object whose functions are called on it. @param {any} object */
  giveReceiver(object) {
    return this.#give(this.#receivers, object);
  }

  /**
   * @param {Map<any, number>} numbers
   * @param {any} thing
   */
  #give(numbers, thing) {
    let number = numbers.get(thing);
    if (number === undefined) {
      number = ++this.#latest;
      numbers.set(thing, number);
      this.#given.set(number, { thing, crossings: 0 });
    }
    /** @type {Given} */ (this.#given.get(number)).crossings++;
    return number;
  }

  /** What was given by that number. @param {number} number */
  ours(number) {
    const given = this.#given.get(number);
    if (given === undefined) throw new TypeError('what this referred to is gone');
    return given.thing;
  }

  /** The other side no longer has them. @param {[number, number][]} list */
  released(list) {
    for (const [number, crossings] of list) {
      const given = this.#given.get(number);
      if (given === undefined || (given.crossings -= crossings) > 0) continue;
      this.#given.delete(number);
      if (this.#numbers.get(given.thing) === number) this.#numbers.delete(given.thing);
      if (this.#receivers.get(given.thing) === number) this.#receivers.delete(given.thing);
      this.letGo(given.thing);
    }
  }

  /** @param {any} thing that the other side has had */
  letGo(thing) {}

  /**
   * A promise is given like other things; how it ends is told once it is known, also again: the other side may have
   * forgotten the promise meanwhile.
   * @param {any} promise
   */
  givePromise(promise) {
    const number = this.give(promise);
    if (this.#awaited.has(number)) return number;
    this.#awaited.add(number);
    // In a job of its own, so after the message with it.
    Promise.resolve(promise).then(
      (value) => this.#promiseSettled(number, false, value),
      (error) => this.#promiseSettled(number, true, error),
    );
    return number;
  }

  /**
   * @param {number} number
   * @param {boolean} isRejection
   * @param {any} value
   */
  #promiseSettled(number, isRejection, value) {
    this.#awaited.delete(number);
    if (this.isClosed) return;
    this.sendOutcome(['settle', number], this.outcome(isRejection, value));
  }

  /**
   * What cannot be sent is an error, too: a message may be too long for this host.
   * @param {any[]} head
   * @param {[boolean, import('./thread-values.js').Packet]} outcome
   */
  sendOutcome(head, outcome) {
    try {
      this.send([...head, ...outcome], outcome[1][2]);
    } catch (error) {
      this.send([...head, ...this.outcome(true, error)]);
    }
  }

  /**
   * A value that cannot cross is an error.
   * @param {boolean} isError
   * @param {any} value
   * @param {string} [where]
   * @returns {[boolean, import('./thread-values.js').Packet]}
   */
  outcome(isError, value, where) {
    try {
      return [isError, this.pack(value, where)];
    } catch (error) {
      return [true, this.pack(error)];
    }
  }

  // Of the other side -------------------------------------------------------------------------------------------------

  /** Undefined: it stands for nothing of the other side. @param {any} thing @returns {number | undefined} */
  numberOfTheirs(thing) {
    return this.#numbersOfTheirs.get(thing);
  }

  /** Of what a function is called on. @param {any} object @returns {number | undefined} */
  receiverOf(object) {
    return this.#receiversOfTheirs.get(object) ?? this.#numbersOfTheirs.get(object);
  }

  /**
   * What stands for it, made when it is not there.
   * @param {number} number
   * @param {() => any} make
   */
  arrived(number, make) {
    const known = this.#theirs.get(number);
    const live = known?.reference.deref();
    if (known !== undefined && live !== undefined) {
      known.crossings++;
      return live;
    }
    const thing = make();
    const crossings = (known?.crossings ?? 0) + 1;
    const theirs = { owner: this.#self, number, reference: new WeakRef(thing), crossings };
    this.#theirs.set(number, theirs);
    this.#numbersOfTheirs.set(thing, number);
    Link.#collected.register(thing, theirs);
    return thing;
  }

  /**
   * Another object that stands for the same.
   * @param {any} thing
   * @param {number} number
   */
  alias(thing, number) {
    this.#numbersOfTheirs.set(thing, number);
  }

  /**
   * A copy whose functions are called on an object of the other side.
   * @param {any} copy
   * @param {number} number
   */
  receiverArrived(copy, number) {
    this.#receiversOfTheirs.set(copy, number);
    Link.#forgotten.register(copy, { owner: this.#self, number });
  }

  /** Before it is collected. @param {any} thing */
  release(thing) {
    const number = this.#numbersOfTheirs.get(thing);
    const known = number === undefined ? undefined : this.#theirs.get(number);
    if (number === undefined || known === undefined) return;
    this.#numbersOfTheirs.delete(thing);
    this.#theirs.delete(number);
    this.#giveBack(number, known.crossings);
  }

  /** @param {Theirs} theirs */
  #isCollected(theirs) {
    if (this.#theirs.get(theirs.number) !== theirs) return; // given back, or something else stands for it now
    this.#theirs.delete(theirs.number);
    this.#giveBack(theirs.number, theirs.crossings);
  }

  /**
   * @param {number} number
   * @param {number} crossings
   */
  #giveBack(number, crossings) {
    if (this.isClosed) return;
    if (this.#released.push([number, crossings]) > 1) return;
    queueMicrotask(() => {
      if (!this.isClosed) this.send(['release', this.#released.splice(0)]);
    });
  }

  /** @param {number} number */
  promiseArrived(number) {
    return this.arrived(number, () => {
      const promise = new Promise((resolve, reject) => this.#promises.set(number, { resolve, reject }));
      promise.catch(() => {}); // whether anybody looks at it is the other side's matter
      return promise;
    });
  }

  /**
   * @param {number} number
   * @param {boolean} isError
   * @param {import('./thread-values.js').Packet} packet
   */
  settle(number, isError, packet) {
    const value = this.unpack(packet); // read in any case: it may bring numbers
    const entry = this.#promises.get(number);
    this.#promises.delete(number);
    if (entry === undefined) return;
    if (isError) entry.reject(value);
    else entry.resolve(value);
  }

  /** @param {any} reason */
  close(reason) {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject } of this.#promises.values()) reject(reason);
    this.#promises.clear();
    this.#given.clear();
    this.#numbers.clear();
    this.#receivers.clear();
  }
}
