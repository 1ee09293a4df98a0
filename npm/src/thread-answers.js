// Answers to a thread that waits for them: as bytes in shared memory, a part at a time. The guest's thread asks by an
// ordinary message and stops until the answer is there; the host's thread never waits.
import { createEncoder } from './core.js';

const STATE = 0; // 1: a part of an answer is there
const TOTAL = 1; // bytes of the answer
const PART = 2; // bytes of this part
const HEAD = 16; // bytes before the part
const SIZE = 65536;

/** @typedef {[isError: boolean, packet: import('./thread-values.js').Packet]} Outcome */

export const createAnswers = () => new SharedArrayBuffer(SIZE);

/**
 * As its text, the sizes of its buffers, and their bytes.
 * @param {Outcome} outcome
 */
function bytesOf([isError, [root, nodes, buffers = [], starts]]) {
  const sizes = buffers.map((buffer) => buffer.byteLength);
  const text = `${JSON.stringify([isError, root, starts, sizes])}\n${nodes ?? ''}`;
  const bytes = new Uint8Array(4 + 3 * text.length + sizes.reduce((sum, size) => sum + size, 0));
  const { written } = createEncoder().encodeInto(text, bytes.subarray(4));
  new DataView(bytes.buffer).setUint32(0, /** @type {number} */ (written), true);
  let end = 4 + /** @type {number} */ (written);
  for (const buffer of buffers) {
    bytes.set(new Uint8Array(buffer), end);
    end += buffer.byteLength;
  }
  return bytes.subarray(0, end);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Outcome}
 */
function outcomeOf(bytes) {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const end = text.indexOf('\n');
  const [isError, root, starts, sizes] = JSON.parse(text.slice(0, end));
  let start = 4 + length;
  const buffers = sizes.map((/** @type {number} */ size) => bytes.buffer.slice(start, (start += size)));
  return [isError, [root, text.slice(end + 1) || undefined, buffers, starts ?? undefined]];
}

/** The side of the host. */
export class Answerer {
  #words;
  #bytes;
  /** @type {Uint8Array} */
  #answer = new Uint8Array(0);
  #sent = 0;

  /** @param {SharedArrayBuffer} memory */
  constructor(memory) {
    this.#words = new Int32Array(memory, 0, HEAD / 4);
    this.#bytes = new Uint8Array(memory, HEAD);
  }

  /** @param {Outcome} outcome */
  answer(outcome) {
    this.#answer = bytesOf(outcome);
    const [, [, , buffers = []]] = outcome;
    // As if they had been sent: those that the host gives away are detached.
    if (buffers.length > 0) structuredClone(null, { transfer: buffers });
    this.#sent = 0;
    this.more();
  }

  /** The next part. */
  more() {
    const part = this.#answer.subarray(this.#sent, this.#sent + this.#bytes.length);
    this.#bytes.set(part);
    this.#sent += part.length;
    this.#words[TOTAL] = this.#answer.length;
    this.#words[PART] = part.length;
    Atomics.store(this.#words, STATE, 1);
    Atomics.notify(this.#words, STATE);
    if (this.#sent === this.#answer.length) this.#answer = new Uint8Array(0);
  }
}

/** The side of the guest. */
export class Asker {
  #words;
  #bytes;

  /** @param {SharedArrayBuffer} memory */
  constructor(memory) {
    this.#words = new Int32Array(memory, 0, HEAD / 4);
    this.#bytes = new Uint8Array(memory, HEAD);
  }

  /**
   * @param {() => void} ask
   * @param {() => void} askForMore
   */
  answer(ask, askForMore) {
    const words = this.#words;
    let bytes = new Uint8Array(0);
    let received = 0;
    for (let send = ask; ; send = askForMore) {
      Atomics.store(words, STATE, 0);
      send();
      Atomics.wait(words, STATE, 0);
      if (received === 0) bytes = new Uint8Array(words[TOTAL]);
      bytes.set(this.#bytes.subarray(0, words[PART]), received);
      received += words[PART];
      if (received >= bytes.length) return outcomeOf(bytes);
    }
  }
}

// What interrupts a guest: its interruptFlag and what tells whom it is meant for.
export const Flag = {
  STOP: 0, // not 0: the guest is stopped (the engine's interruptFlag)
  RAISED: 1, // how much of it is to be taken back when what ran has ended
  CURRENT: 2, // the request whose program is being started
  LAST_STOPPED: 3, // requests up to this one do not begin any more, while something is interrupted
};
export const createFlags = () => new Int32Array(new SharedArrayBuffer(16));

/** Stops what runs. @param {Int32Array} flags */
export function raise(flags) {
  Atomics.add(flags, Flag.RAISED, 1);
  Atomics.add(flags, Flag.STOP, 1);
}

/** What ran has ended. @param {Int32Array} flags */
export function lower(flags) {
  if (Atomics.load(flags, Flag.RAISED) === 0) return;
  Atomics.sub(flags, Flag.STOP, Atomics.exchange(flags, Flag.RAISED, 0));
}
