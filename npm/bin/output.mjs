// The console of the command line: prints what Node's console would print, directly to the file descriptors. Node
// creates its own streams on first use, which takes longer than a small program runs; and they would keep without limit
// what a program prints that does not end, and not learn that its reader has gone.
import { writeSync } from 'node:fs';
import { formatWithOptions } from 'node:util';

const MOST_WAITING = 1 << 20; // bytes; a program that prints more waits for its reader
const MOMENT = 2; // milliseconds between two looks at a descriptor that accepts nothing
const asleep = new Int32Array(new SharedArrayBuffer(4));

class Output {
  #descriptor;
  /** @type {Uint8Array[]} */
  #waiting = []; // what the descriptor has not accepted: the reader is slow
  #size = 0; // of what waits
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isClosed = false;

  /** @param {number} descriptor */
  constructor(descriptor) {
    this.#descriptor = descriptor;
  }

  /** @param {...any} values */
  print(...values) {
    if (this.#isClosed) return;
    const bytes = Buffer.from(`${formatWithOptions({ colors: false }, ...values)}\n`);
    this.#waiting.push(bytes);
    this.#size += bytes.length;
    this.#write(MOST_WAITING);
  }

  /**
   * Writes, and waits for the reader until no more than `most` bytes are left. The rest is written later.
   * @param {number} most
   */
  #write(most) {
    for (let bytes = this.#waiting[0]; bytes !== undefined && !this.#isClosed; bytes = this.#waiting[0]) {
      try {
        const count = writeSync(this.#descriptor, bytes, 0);
        this.#size -= count;
        if (count < bytes.length) this.#waiting[0] = bytes.subarray(count);
        else this.#waiting.shift();
      } catch (error) {
        const { code } = /** @type {{ code?: string }} */ (error);
        if (code === 'EAGAIN' && this.#size <= most) return this.#writeLater();
        if (code === 'EAGAIN') Atomics.wait(asleep, 0, 0, MOMENT);
        else if (code === 'EPIPE' || code === 'ECONNRESET')
          process.exit(0); // nobody reads the output any more (`| head`), so there is nothing left to do
        else if (code !== 'EINTR') this.#isClosed = true;
      }
    }
  }

  #writeLater() {
    if (this.#timer === undefined) process.on('exit', () => this.#write(0));
    else clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(MOST_WAITING), MOMENT);
  }
}

/** An object for the option `console`. On Windows Node's own writes, which knows the encodings of terminals there. */
export function createConsole() {
  if (process.platform === 'win32') {
    const { log, debug, info, warn, error } = console;
    return { log, debug, info, warn, error, text: true };
  }
  const [out, err] = [new Output(1), new Output(2)];
  /** @type {((...values: any[]) => void)[]} */
  const [log, error] = [(...values) => out.print(...values), (...values) => err.print(...values)];
  return { log, debug: log, info: log, warn: error, error, text: true };
}
