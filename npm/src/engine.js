// An engine: one instance of caisson.wasm and the guests that live in it.
//
// An exception that comes out of an export is the end of the instance: a trap, a full host's stack while the engine's
// frames were on it, or anything else that unwound them. Its memory is then in an unknown state and is not used again:
// every export is replaced by one that throws an EngineError, the guests are told (guest.engineFailed), and the memory
// can be collected. Imports let no exception out, since it would unwind those frames.
import { now, numberOf } from './clock.js';
import { createEncoder } from './encodings.js';
import { EngineError } from './errors.js';
import { Numbers } from './numbers.js';
import { BOUNDARY_VERSION, HostCall, Step } from './protocol.js';
import { otherVersion, strangeModule } from './wasm-modules.js';

// Exports that read or write one field: if the host's stack is full, they fail before they change anything.
const readers = new Set([
  'caisson_boundary_version',
  'caisson_outbox',
  'caisson_outbox_size',
  'caisson_is_paused',
  'caisson_set_limits',
  'caisson_used_memory',
  'caisson_stop_text',
  'caisson_stop_length',
  'caisson_is_system_full',
  'caisson_dropped_jobs',
  'caisson_registers',
  'caisson_shape',
]);

/** The bytes that an instance can grow to (wasm-glue/browser.cmake), without the engine's own. */
export const INSTANCE_CAPACITY = 65535 * 65536 - 4 * 1024 * 1024;

const FEW_WORDS = 64;
const noBytes = new Uint8Array(0);
const noWords = new Int32Array(0);

export class Engine {
  /**
   * Weak: a sandbox that nothing refers to is collected, and its runtime with it (see guest.js). The target of a
   * WeakRef is kept until the host's task has ended. To keep only little alive, it is the guest's anchor, not the
   * guest.
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
  running; // the guest that the host entered last
  isOpen = false;
  /** @type {Promise<void> | undefined} */
  opening; // the promise that open() returned
  /** @type {WebAssembly.Memory | undefined} */
  memory;
  /** @type {import('./types.d.ts').Exports} */
  exports = {};
  /**
   * caisson_call without the guard of the other exports. OPTIMIZATION: its caller passes exceptions to fail() itself.
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
  writers = []; // message writers that are not in use

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
      // Imports whose failure concerns only the guest. (A limit of the host's memory is a RangeError.)
      if (error instanceof WebAssembly.LinkError || error instanceof TypeError) throw strangeModule(module, error);
      throw error;
    }
  }

  /**
   * The memory as bytes; read it anew each time, because growth replaces the buffer. Addresses may be negative numbers.
   * @param {number} address
   * @param {number} size
   */
  bytes(address, size) {
    return new Uint8Array(/** @type {WebAssembly.Memory} */ (this.memory).buffer, address >>> 0, size >>> 0);
  }

  /**
   * A text in UTF-16; as `bytes`.
   * @param {number} address
   * @param {number} length
   */
  units(address, length) {
    return new Uint16Array(/** @type {WebAssembly.Memory} */ (this.memory).buffer, address >>> 0, length >>> 0);
  }

  /**
   * Copies the first `size` bytes into the memory. If they come as words as well, the address is a multiple of 4.
   * @param {number} address
   * @param {Uint8Array} bytes
   * @param {Int32Array | undefined} words
   * @param {number} size
   */
  store(address, bytes, words, size) {
    // After growth, views of the old memory have the length 0.
    if (this.#all.length === 0) this.#look();
    const start = address >>> 0;
    // OPTIMIZATION: making a view of a part costs more than copying a few words.
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
   * Promises memory to a future guest, and returns its number.
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
   * Frees a runtime. Throws nothing: when this fails, the engine has failed.
   * @param {number} runtime
   */
  destroy(runtime) {
    try {
      if (!this.isBroken) this.exports.caisson_destroy(runtime);
    } catch {
      // fail() has told the guests.
    }
  }

  /**
   * Gives handles back; throws nothing either.
   * @param {number} runtime
   * @param {number} handle
   * @param {number} crossings
   */
  release(runtime, handle, crossings) {
    try {
      return !this.isBroken && this.exports.caisson_release(runtime, handle, crossings) === 1;
    } catch {
      return false; // fail() has told the guests
    }
  }

  // Failure -----------------------------------------------------------------------------------------------------------

  /** @param {(...args: any[]) => any} fn */
  #guarded(fn) {
    // No export has more parameters. To pass on a list would cost more than many an entry.
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
        this.isBroken = true; // set first: there may be no stack left for another call
        throw this.#failed(error);
      }
    };
  }

  /**
   * Handles an exception from an export without a guard.
   * @param {any} error
   */
  fail(error) {
    this.isBroken = true; // set first: there may be no stack left for another call
    return this.#failed(error);
  }

  /**
   * The rest is done once, though perhaps not at the first attempt: the host's stack may be full.
   * @param {any} cause
   */
  #failed(cause) {
    this.isBroken = true;
    this.#cause ??= cause;
    if (!this.#isClosed) {
      // Runs when the host's frames that are on the stack have ended.
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
     * A failure in an import is an event of the guest.
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
      // OPTIMIZATION: for the running guest, without the parts that such a call does not need.
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
      print: (user, level, address, length, isWide, all, depth) => {
        contained(user, (guest) => {
          const units = isWide === 1 ? this.units(address, length) : at(address, length);
          guest.print(level, units, all >>> 0, depth);
        });
      },
      resolve_module: (user, address, size) => {
        const status = answered(() => this.find(user).resolveModule(at(address, size)), HostCall.FAILED);
        this.#stopIfBroken();
        return status;
      },
      load_module: (user, request, address, size) =>
        contained(user, (guest) => guest.loadModule(request, at(address, size))),
      interrupt: (user) => answered(() => this.find(user)?.nextStep() ?? Step.GO_ON, Step.STOP),
      monotonic_time: now,
      wall_time: () => numberOf(() => Date.now(), 0),
      zone: (address, capacity) => numberOf(() => writeText(hostZone(), at(address, capacity)), 0),
      zone_name: (user, instant, address, capacity) =>
        numberOf(() => {
          const name = nameOfZone(this.find(user)?.settings.timeZone, instant);
          return writeText(name, at(address, capacity));
        }, 0),
      random_seed: () => numberOf(() => Math.random(), 0.5),
    };
  }

  // The only exception that leaves an import: another guest of this instance has ended the instance while it was on the
  // stack, and no frame of it may go on.
  #stopIfBroken() {
    if (this.isBroken) throw this.failure();
  }
}

/**
 * How much a limit counts against an instance's capacity: an eighth more, for the allocator's headers and for gaps.
 * @param {number} memoryLimit
 */
export function promiseOf(memoryLimit) {
  return memoryLimit + memoryLimit / 8;
}

const encoder = createEncoder();

/** What Intl said last, and until when that is taken to be so. */
const latestZone = { sign: '', until: 0, text: '' };
const ZONE_MILLISECONDS = 1000;

/**
 * The host's zone: its identifier, and its offset now, which counts for an engine that does not know the identifier.
 * Intl takes longer than many an entry, so it is asked when the host's own dates look different, and once a second.
 */
function hostZone() {
  const date = new Date();
  const sign = `${date.toTimeString().slice(9)} ${/** @type {any} */ (globalThis).process?.env?.TZ}`;
  const left = latestZone.until - date.getTime();
  if (sign !== latestZone.sign || left <= 0 || left > ZONE_MILLISECONDS)
    Object.assign(latestZone, { sign, until: date.getTime() + ZONE_MILLISECONDS, text: readHostZone(date) });
  return latestZone.text;
}

/** @param {Date} date */
function readHostZone(date) {
  const west = date.getTimezoneOffset();
  const two = (/** @type {number} */ number) => String(Math.trunc(Math.abs(number))).padStart(2, '0');
  const offset = `${west > 0 ? '-' : '+'}${two(west / 60)}:${two(west % 60)}`;
  const identifier = typeof Intl === 'object' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : undefined;
  return identifier === undefined ? offset : `${identifier} ${offset}`;
}

/**
 * What people call a zone at an instant, in the host's language: the text in parentheses in the host's own dates.
 * @param {string | undefined} zone of the option `timeZone`
 * @param {number} instant
 */
function nameOfZone(zone, instant) {
  if (zone === undefined) return /\((.+)\)$/.exec(new Date(instant).toTimeString())?.[1] ?? '';
  if (typeof Intl !== 'object') return '';
  const format = new Intl.DateTimeFormat(undefined, { timeZone: zone, timeZoneName: 'long' });
  return format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/**
 * Returns the size; 0: it does not fit.
 * @param {string} text
 * @param {Uint8Array} bytes
 */
function writeText(text, bytes) {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length ? written : 0;
}
