// An engine: one instance of caisson.wasm and the guests that live in it.
//
// Whatever comes out of an export as an exception is the end of the instance: a trap, the host's stack that was full
// while the engine's frames were on it, anything else that unwound them. Its memory is then in an unknown state, so
// nothing of it is used again: every export becomes one that throws an EngineError, the guests are told
// (guest.engineFailed), and the memory can be collected. Imports let no exception out, or it would unwind those frames.
import { now, numberOf } from './clock.js';
import { createEncoder } from './encodings.js';
import { EngineError } from './errors.js';
import { Numbers } from './numbers.js';
import { BOUNDARY_VERSION, HostCall, Step } from './protocol.js';
import { otherVersion, strangeModule } from './wasm-modules.js';

// Exports that read or write one field: they change nothing before they could fail for want of the host's stack.
const readers = new Set([
  'caisson_boundary_version',
  'caisson_outbox',
  'caisson_outbox_size',
  'caisson_is_paused',
  'caisson_set_limits',
  'caisson_used_memory',
  'caisson_is_system_full',
  'caisson_dropped_jobs',
  'caisson_registers',
  'caisson_shape',
]);

/** Bytes that an instance can grow to (wasm-glue/browser.cmake), but for what is the engine's own. */
export const INSTANCE_CAPACITY = 65535 * 65536 - 4 * 1024 * 1024;

const FEW_WORDS = 64;
const noBytes = new Uint8Array(0);
const noWords = new Int32Array(0);

export class Engine {
  /**
   * Weak: a sandbox that nobody refers to is collected, and its runtime with it (see guest.js). What a WeakRef refers
   * to is kept until the host's task has ended: so that this is not everything that a disposed sandbox had, it is the
   * guest's anchor.
   * @type {Map<number, WeakRef<import('./types.d.ts').Anchor>>}
   */
  #guests = new Map(); // user -> WeakRef of the guest's anchor
  /** @type {Map<number, number>} */
  #limits = new Map(); // user -> its memoryLimit
  #users = new Numbers((user) => this.#limits.has(user));
  #onLeave;
  /** @type {any} */
  #cause; // of the failure
  #isClosed = false; // after a failure
  /** @type {import('./guest.js').Guest | undefined} */
  running; // the guest that the host has entered last
  isOpen = false;
  /** @type {Promise<void> | undefined} */
  opening; // what open() has given
  /** @type {WebAssembly.Memory | undefined} */
  memory;
  /** @type {import('./types.d.ts').Exports} */
  exports = {};
  /**
   * caisson_call, which exports guard. OPTIMIZATION: as it is, for a caller that tells fail() what it throws.
   * @type {(...args: number[]) => number}
   */
  call = () => {
    throw this.failure();
  };
  #all = noBytes; // of the memory, by bytes and by words
  #allWords = noWords;
  isBroken = false;
  promised = 0; // bytes: the sum of the limits, see instances.js
  /** @type {import('./message-writer.js').MessageWriter[]} */
  writers = []; // of messages: those that nobody uses

  /** @param {(engine: Engine) => void} onLeave called with this engine when a guest is gone, and when it has failed */
  constructor(onLeave) {
    this.#onLeave = onLeave;
  }

  /** @param {WebAssembly.Module} module */
  async open(module) {
    const instance = await this.#instantiate(module);
    this.memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    this.exports = {};
    for (const [name, value] of Object.entries(instance.exports))
      if (typeof value === 'function')
        this.exports[name] = readers.has(name) ? /** @type {any} */ (value) : this.#guarded(/** @type {any} */ (value));
    this.call = /** @type {any} */ (instance.exports.caisson_call);
    this.exports._initialize?.();
    const version = this.exports.caisson_boundary_version?.();
    if (version === undefined) throw strangeModule(module);
    if (version !== BOUNDARY_VERSION) throw otherVersion(module, version, BOUNDARY_VERSION);
    this.isOpen = true;
  }

  /** @param {WebAssembly.Module} module */
  async #instantiate(module) {
    try {
      return await WebAssembly.instantiate(module, { caisson: this.#imports() });
    } catch (error) {
      // Imports that only others have. (What the host's memory does not allow is a RangeError.)
      if (error instanceof WebAssembly.LinkError || error instanceof TypeError) throw strangeModule(module, error);
      throw error;
    }
  }

  /**
   * The memory as bytes; asked for anew each time, because growth replaces the buffer. Addresses may come as negative
   * numbers.
   * @param {number} address
   * @param {number} size
   */
  bytes(address, size) {
    return new Uint8Array(/** @type {WebAssembly.Memory} */ (this.memory).buffer, address >>> 0, size >>> 0);
  }

  /**
   * Copies the first `size` bytes into the memory, at an address that is a multiple of 4 if they come as words as well.
   * @param {number} address
   * @param {Uint8Array} bytes
   * @param {Int32Array | undefined} words
   * @param {number} size
   */
  store(address, bytes, words, size) {
    // Views of a memory that has grown have no length.
    if (this.#all.length === 0) this.#look();
    const start = address >>> 0;
    // OPTIMIZATION: a view of a part costs more than to copy a few words.
    if (words === undefined || size > 4 * FEW_WORDS || (start & 3) !== 0)
      return this.#all.set(bytes.length === size ? bytes : bytes.subarray(0, size), start);
    const all = this.#allWords;
    const last = size >> 2;
    for (let i = 0, at = start >> 2; i < last; i++, at++) all[at] = words[i];
    for (let i = last << 2; i < size; i++) this.#all[start + i] = bytes[i];
  }

  #look() {
    const { buffer } = /** @type {WebAssembly.Memory} */ (this.memory);
    this.#all = new Uint8Array(buffer);
    this.#allWords = new Int32Array(buffer);
  }

  get size() {
    return this.memory?.buffer.byteLength ?? 0;
  }

  // Guests ------------------------------------------------------------------------------------------------------------

  get guestCount() {
    return this.#limits.size;
  }

  /**
   * Promises memory to a guest to come, and gives its number.
   * @param {number} memoryLimit
   */
  admit(memoryLimit) {
    const user = this.#users.next();
    this.#limits.set(user, memoryLimit);
    this.promised += promiseOf(memoryLimit);
    return user;
  }

  /**
   * @param {number} user
   * @param {import('./guest.js').Guest} guest
   */
  register(user, guest) {
    this.#guests.set(user, new WeakRef(guest.anchor));
  }

  /** @param {number} user */
  unregister(user) {
    const memoryLimit = this.#limits.get(user);
    if (memoryLimit === undefined) return;
    this.#limits.delete(user);
    this.#guests.delete(user);
    this.promised -= promiseOf(memoryLimit);
    this.#onLeave(this);
  }

  /**
   * @param {number} user
   * @returns {any}
   */
  find(user) {
    const { running } = this;
    return running !== undefined && running.user === user ? running : this.#guests.get(user)?.deref()?.guest;
  }

  /** Bytes that the guests have in use. */
  usedMemory() {
    let sum = 0;
    for (const reference of this.#guests.values()) {
      const guest = reference.deref()?.guest;
      if (guest && !this.isBroken) sum += this.exports.caisson_used_memory(guest.runtime);
    }
    return sum;
  }

  /**
   * Frees a runtime. It throws nothing: when that fails, the engine has.
   * @param {number} runtime
   */
  destroy(runtime) {
    try {
      if (!this.isBroken) this.exports.caisson_destroy(runtime);
    } catch {
      // The guests are told.
    }
  }

  /**
   * Gives handles back, likewise.
   * @param {number} runtime
   * @param {number} handle
   * @param {number} crossings
   */
  release(runtime, handle, crossings) {
    try {
      return !this.isBroken && this.exports.caisson_release(runtime, handle, crossings) === 1;
    } catch {
      return false; // the guests are told
    }
  }

  // Failure -----------------------------------------------------------------------------------------------------------

  /** @param {(...args: any[]) => any} fn */
  #guarded(fn) {
    // So many parameters has the longest of them: to pass on a list would cost more than many an entry.
    return (
      /** @type {any} */ a,
      /** @type {any} */ b,
      /** @type {any} */ c,
      /** @type {any} */ d,
      /** @type {any} */ e,
    ) => {
      try {
        return fn(a, b, c, d, e);
      } catch (error) {
        this.isBroken = true; // first of all: there may be no stack for another call
        throw this.#failed(error);
      }
    };
  }

  /**
   * What came out of an export that was not guarded.
   * @param {any} error
   */
  fail(error) {
    this.isBroken = true; // first of all: there may be no stack for another call
    return this.#failed(error);
  }

  /**
   * What is done here is done once, though perhaps not the first time: the host's stack may be full.
   * @param {any} cause
   */
  #failed(cause) {
    this.isBroken = true;
    this.#cause ??= cause;
    if (!this.#isClosed) {
      // When the frames of the host that are on the stack have ended.
      queueMicrotask(() => this.#tellGuests());
      this.#isClosed = true;
      const fails = () => {
        throw this.failure();
      };
      for (const name of Object.keys(this.exports)) this.exports[name] = fails;
      this.call = fails;
      this.memory = undefined;
      this.#all = noBytes;
      this.#allWords = noWords;
      this.writers = [];
      this.#onLeave(this);
    }
    return this.failure();
  }

  failure() {
    const cause = this.#cause;
    return new EngineError(
      `the WebAssembly instance of this sandbox has failed (${cause?.name}: ${cause?.message}), and with it every sandbox in it; create another one`,
      { cause },
    );
  }

  #tellGuests() {
    for (const reference of this.#guests.values()) reference.deref()?.guest?.engineFailed(this.failure());
    this.#guests.clear();
  }

  // Imports -----------------------------------------------------------------------------------------------------------

  /** @returns {Record<string, (...args: number[]) => any>} */
  #imports() {
    /**
     * @param {number} address
     * @param {number} size
     */
    const at = (address, size) => this.bytes(address, size);
    /**
     * What fails here is an event of the guest.
     * @param {number} user
     * @param {(guest: import('./guest.js').Guest) => void} action
     */
    const contained = (user, action) => {
      const guest = this.find(user);
      try {
        if (guest !== undefined) action(guest);
      } catch (error) {
        if (!this.isBroken) answered(() => guest?.events.uncaught(error));
      }
      this.#stopIfBroken();
    };
    /**
     * @template T
     * @param {() => T} action
     * @param {any} [otherwise]
     * @returns {T}
     */
    const answered = (action, otherwise) => {
      try {
        return action();
      } catch {
        return otherwise;
      }
    };
    return {
      call: (user, number, receiver, address, size, wait, program, depth) => {
        let status = HostCall.FAILED;
        try {
          status = this.find(user).hostCall(number, receiver, address, size, wait, program >>> 0, depth);
        } catch {
          // There is no answer.
        }
        this.#stopIfBroken();
        return status;
      },
      // OPTIMIZATION: of the guest that runs, as above without what such a call does not need.
      call_with_registers: (user, number, count, program, depth) => {
        let status = HostCall.FAILED;
        try {
          status = this.find(user).hostCallWithRegisters(number, count, program >>> 0, depth);
        } catch {
          // There is no answer.
        }
        if (this.isBroken) this.#stopIfBroken();
        return status;
      },
      settle: (user, handle, status, address, size) =>
        contained(user, (guest) => guest.guestSettled(handle >>> 0, status, at(address, size))),
      release: (user, number, crossings) => contained(user, (guest) => guest.release(number, crossings)),
      finished: (user, fiber, status, address, size) =>
        contained(user, (guest) => guest.fiberFinished(fiber, status, at(address, size))),
      timer: (user, operation, timer, delay, repeats) =>
        contained(user, (guest) => guest.timer(operation, timer, delay, repeats === 1)),
      report: (user, event, number, status, address, size) =>
        contained(user, (guest) => guest.report(event, number, status, at(address, size))),
      load_module: (user, request, address, size) =>
        contained(user, (guest) => guest.loadModule(request, at(address, size))),
      interrupt: (user) => answered(() => this.find(user)?.nextStep() ?? Step.GO_ON, Step.STOP),
      monotonic_time: now,
      wall_time: () => numberOf(() => Date.now(), 0),
      zone_offset: (instant) => numberOf(() => zoneOffset(instant), 0),
      zone_name: (instant, address, capacity) => numberOf(() => writeZoneName(instant, at(address, capacity)), 0),
      random_seed: () => numberOf(() => Math.random(), 0.5),
    };
  }

  // The one exception that leaves an import: another guest of this instance has ended it while it was on the stack, and
  // no frame of it may go on.
  #stopIfBroken() {
    if (this.isBroken) throw this.failure();
  }
}

/**
 * What a limit counts against an instance's capacity: an eighth more, for the allocator's headers and for gaps.
 * @param {number} memoryLimit
 */
export function promiseOf(memoryLimit) {
  return memoryLimit + memoryLimit / 8;
}

/**
 * The local zone's offset in ms at an instant, seconds included: what the clock on the wall shows, less what it shows
 * in UTC. V8 guesses the offset of an instant from those some weeks before and after, but looks up that of a reading:
 * the way back shows when it guessed wrong.
 * @param {number} instant
 */
function zoneOffset(instant) {
  const date = new Date(instant);
  const days = date.getDate() - date.getUTCDate(); // beyond 1: they are of different months
  const offset =
    ((Math.abs(days) > 1 ? -Math.sign(days) : days) * 24 + date.getHours() - date.getUTCHours()) * 3_600_000 +
    (date.getMinutes() - date.getUTCMinutes()) * 60_000 +
    (date.getSeconds() - date.getUTCSeconds()) * 1000 +
    date.getMilliseconds() -
    date.getUTCMilliseconds();
  const back = instantOf(instant + offset);
  if (back === instant || Number.isNaN(back)) return offset;
  const other = instant + offset - back; // the right one, or that of the first time that the clock showed this
  return instantOf(instant + other) === instant ? other : offset;
}

/**
 * The instant of a reading of the local clock, which is given as if it were UTC.
 * @param {number} reading
 */
function instantOf(reading) {
  const date = new Date(reading);
  const year = date.getUTCFullYear();
  if (year >= 0 && year < 100) return NaN; // would be years of the 20th century
  return new Date(
    year,
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  ).getTime();
}

const encoder = createEncoder();

/**
 * The local zone's name at an instant, in the host's language: what its dates show in parentheses.
 * @param {number} instant
 * @param {Uint8Array} bytes
 */
function writeZoneName(instant, bytes) {
  const name = /\((.+)\)$/.exec(new Date(instant).toTimeString())?.[1] ?? '';
  const { read, written } = encoder.encodeInto(name, bytes);
  return read === name.length ? written : 0;
}
