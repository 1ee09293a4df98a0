// Workers: how one is started, by the first of several ways that this host, its bundler and its policies allow, and
// what becomes of it.
import { InterruptedError, LoadError, WorkerError } from './core.js';

/**
 * What a host knows of workers (workers-node.js, workers-browser.js).
 * @typedef {{
 *   starts: (() => any)[],
 *   concurrency(): number,
 *   sharesMemory(): boolean,
 *   engine: import('./types.d.ts').Host,
 * }} WorkerHost
 */

const START_LIMIT = 30_000; // milliseconds

/**
 * A guest's text, which its thread has made harmless.
 * @param {string} method
 * @param {string[]} texts
 */
function print(method, texts) {
  try {
    /** @type {any} */ (globalThis.console)[method](...texts);
  } catch {
    // Nowhere to print to.
  }
}

export class Thread {
  #worker;
  /** @type {Error | undefined} */
  ended; // why
  /** @type {import('./worker-session.js').Session | undefined} the sandbox that is in it */
  session;
  /** @type {(() => void) | undefined} */
  #isReady;
  /** @type {((error: Error) => void) | undefined} */
  #hasFailed;

  /** @param {any} worker of a page, or of Node */
  constructor(worker) {
    this.#worker = worker;
    const receive = (/** @type {any} */ message) => {
      if (message[0] === 'ready') this.#isReady?.();
      else if (message[0] === 'print') this.session?.isLeaving || print(message[1], message[2]);
      else this.session?.receive(message);
    };
    if (typeof worker.on === 'function') {
      worker.on('message', receive);
      worker.on('messageerror', (/** @type {any} */ error) => this.#end(error));
      worker.on('error', (/** @type {any} */ error) => this.#end(error));
      worker.on('exit', (/** @type {number} */ code) => this.#end(new Error(`it has ended with code ${code}`)));
    } else {
      worker.addEventListener('message', (/** @type {any} */ { data }) => receive(data));
      worker.addEventListener('messageerror', () => this.#end(new Error('a message could not be read')));
      worker.addEventListener('error', (/** @type {any} */ event) => {
        event.preventDefault?.();
        this.#end(event.error ?? new Error(event.message ?? 'its script could not be loaded'));
      });
    }
  }

  /**
   * @param {WorkerHost} host
   * @param {(() => any) | undefined} own the option `worker`
   */
  static async start(host, own) {
    const reports = [];
    for (const start of own === undefined ? host.starts : [own]) {
      try {
        const thread = new Thread(await start());
        await thread.#ready();
        return thread;
      } catch (error) {
        reports.push(/** @type {any} */ (error));
      }
    }
    const said = reports.map((error) => error?.message ?? String(error)).join('\nand ');
    throw new LoadError(
      `no worker could be started (${said}); the option worker: () => new Worker(...) can start one whose script imports 'caisson/worker-main'`,
      { cause: reports[0] },
    );
  }

  /** @returns {Promise<void>} */
  #ready() {
    return new Promise((resolve, reject) => {
      this.#isReady = () => {
        clearTimeout(timer);
        this.#hasFailed = undefined;
        this.unref();
        resolve();
      };
      this.#hasFailed = (error) => {
        clearTimeout(timer);
        this.terminate();
        reject(error);
      };
      const late = new Error(`its script has not answered within ${START_LIMIT / 1000} s`);
      const timer = setTimeout(() => this.#hasFailed?.(late), START_LIMIT);
    });
  }

  /**
   * @param {any[]} message
   * @param {any[]} [transferred]
   */
  post(message, transferred = []) {
    this.#worker.postMessage(message, transferred);
  }

  /** Keeps Node from ending. */
  ref() {
    if (this.ended === undefined) this.#worker.ref?.();
  }

  unref() {
    if (this.ended === undefined) this.#worker.unref?.();
  }

  /** @param {Error} [reason] of what is asked of it from now on */
  terminate(reason = new InterruptedError('the worker of the sandbox was terminated')) {
    this.ended ??= reason;
    return this.#worker.terminate();
  }

  /** @param {any} cause */
  #end(cause) {
    if (this.#hasFailed !== undefined) return this.#hasFailed(cause);
    if (this.ended !== undefined) return;
    const error = new WorkerError(`the worker of the sandbox has failed: ${cause?.message ?? String(cause)}`, {
      cause,
    });
    this.terminate(error);
    this.session?.end(error);
  }
}
