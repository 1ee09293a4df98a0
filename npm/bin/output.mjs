// The console of the command line: prints what Node's console would print, directly to the file descriptors. Node
// creates its own streams on first use, which takes longer than a small program runs.
import { writeSync } from 'node:fs';
import { formatWithOptions } from 'node:util';

class Output {
  #descriptor;
  /** @type {any} */
  #stream; // Node's stream, when the descriptor does not accept everything at once
  #isClosed = false;

  /** @param {number} descriptor */
  constructor(descriptor) {
    this.#descriptor = descriptor;
  }

  /** @param {...any} values */
  print(...values) {
    if (this.#isClosed) return;
    this.#write(Buffer.from(`${formatWithOptions({ colors: false }, ...values)}\n`));
  }

  /** @param {Uint8Array} bytes */
  #write(bytes) {
    for (let start = 0; start < bytes.length; ) {
      if (this.#stream) return void this.#stream.write(bytes.subarray(start));
      try {
        start += writeSync(this.#descriptor, bytes, start);
      } catch (error) {
        // The descriptor is in non-blocking mode: from now on Node's stream keeps what has to wait.
        const { code } = /** @type {{ code?: string }} */ (error);
        if (code === 'EAGAIN') this.#stream = this.#openStream();
        else if (code === 'EPIPE')
          process.exit(0); // nobody reads the output any more (`| head`), so there is nothing left to do
        else if (code !== 'EINTR') this.#isClosed = true;
        if (this.#isClosed) return;
      }
    }
  }

  #openStream() {
    const stream = this.#descriptor === 1 ? process.stdout : process.stderr;
    stream.on('error', (/** @type {{ code?: string }} */ error) => {
      if (error.code === 'EPIPE') process.exit(0);
      this.#isClosed = true;
    });
    return stream;
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
