// The compressors of one guest, by numbers that the guest chooses: the host's CompressionStream and
// DecompressionStream. Nothing is collected here: what nobody reads is not made, and what is written waits.
const MOST = 100;
const LARGEST = 65536; // bytes that are written at once
const formats = ['deflate', 'deflate-raw', 'gzip'];

/**
 * @typedef {{
 *   writer: any, reader: any, isWriting: boolean, isReading: boolean,
 *   stop: (reason: unknown) => void, stopped: Promise<never>,
 * }} Compression
 */

export class Compressions {
  /** @type {Map<unknown, Compression>} */
  #open = new Map();

  /** What the guest gets. */
  get functions() {
    return {
      /** @param {unknown} number @param {unknown} format @param {unknown} isDecompression */
      open: (number, format, isDecompression) => this.#start(number, format, isDecompression),
      /** @param {unknown} number @param {unknown} bytes */
      write: (number, bytes) => this.#write(number, bytes),
      /** @param {unknown} number */
      end: (number) => this.#use(number, 'isWriting', ({ writer }) => writer.close()),
      /** @param {unknown} number */
      read: (number) => this.#use(number, 'isReading', async ({ reader }) => (await reader.read()).value),
      /** @param {unknown} number */
      close: (number) => this.#close(number),
    };
  }

  /**
   * @param {unknown} number
   * @param {unknown} format
   * @param {unknown} isDecompression
   */
  #start(number, format, isDecompression) {
    if (typeof number !== 'number' || this.#open.has(number) || !formats.includes(/** @type {string} */ (format)))
      throw new TypeError('a compression needs a number and a format');
    if (this.#open.size >= MOST) throw new RangeError(`more than ${MOST} compressions have not ended`);
    const Stream = isDecompression === true ? DecompressionStream : CompressionStream;
    const { writable, readable } = new Stream(/** @type {CompressionFormat} */ (format));
    const [writer, reader] = [writable.getWriter(), readable.getReader()];
    /** @type {(reason: unknown) => void} */
    let stop = () => {};
    const stopped = /** @type {Promise<never>} */ (
      new Promise((_, reject) => {
        stop = reject;
      })
    );
    stopped.catch(() => {});
    // What is being written when the data turn out to be broken does not settle by itself in Node.
    for (const end of [writer, reader]) end.closed.catch(stop);
    this.#open.set(number, { writer, reader, isWriting: false, isReading: false, stop, stopped });
  }

  /**
   * @param {unknown} number
   * @param {unknown} bytes
   */
  async #write(number, bytes) {
    if (!(bytes instanceof Uint8Array) || bytes.length > LARGEST)
      throw new TypeError(`expected at most ${LARGEST} bytes`);
    return this.#use(number, 'isWriting', async ({ writer }) => {
      await writer.ready;
      await writer.write(bytes);
    });
  }

  /**
   * One thing at a time at each end.
   * @param {unknown} number
   * @param {'isWriting' | 'isReading'} flag
   * @param {(compression: Compression) => Promise<any>} action
   */
  async #use(number, flag, action) {
    const compression = this.#open.get(number);
    if (compression === undefined || compression[flag])
      throw new TypeError('there is no such compression, or it is busy');
    compression[flag] = true;
    try {
      return await Promise.race([action(compression), compression.stopped]);
    } catch (error) {
      this.#close(number);
      const { message } = /** @type {any} */ (error) ?? {};
      throw new TypeError(`the data cannot be compressed or decompressed: ${message}`);
    } finally {
      compression[flag] = false;
    }
  }

  /**
   * The streams are left to the collector: Node's throw errors that nobody can catch when they are cancelled at work.
   * @param {unknown} number
   */
  #close(number) {
    this.#open.get(number)?.stop(new TypeError('it was closed'));
    this.#open.delete(number);
  }
}
