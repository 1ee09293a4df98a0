// createSandboxPool: a fresh sandbox for each task, in one of a few workers that stay. The compiled engine is sent to a
// worker once for each sandbox, and not compiled there: a WebAssembly.Module is shared by threads.
//
// (Piscina and pools like it run functions of a file in workers of Node. A task here is a sandbox that talks with its
// host while it runs, in pages as well, and whose worker must be ended when the guest does not stop; that takes another
// queue, and little more.)
import { DisposedError, QueueFullError, checkNames, checkSource, describe, onAbort, readEvalOptions } from './core.js';
import { readWorkerOptions } from './worker-options.js';
import { sandboxInThread } from './worker-sandbox.js';
import { Thread } from './worker-threads.js';

/** @typedef {{ start(thread: Thread): void, refuse(reason: any): void }} Task */

class SandboxPool {
  #host;
  #settings;
  #size;
  #maxQueue;
  /** @type {Thread[]} */
  #idle = [];
  #threads = 0; // also those that are starting
  /** @type {Task[]} */
  #queue = [];
  #starting = 0;
  #running = 0;
  #completed = 0;
  #failed = 0;
  #started = 0;
  /** @type {Error | undefined} */
  #closed;
  /** @type {Set<Thread>} */
  #all = new Set();
  /** @type {(() => void)[]} */
  #whenEmpty = [];

  /**
   * @param {import('./worker-threads.js').WorkerHost} host
   * @param {import('./worker-options.js').WorkerSettings} settings
   * @param {{ size: number, maxQueue: number }} bounds
   */
  constructor(host, settings, { size, maxQueue }) {
    this.#host = host;
    this.#settings = settings;
    this.#size = size;
    this.#maxQueue = maxQueue;
  }

  /**
   * Runs a script in a fresh sandbox and gives its value.
   * @param {any} source
   * @param {any} [options]
   */
  async run(source, options = {}) {
    const { globals, ...rest } = /** @type {any} */ (readEvalOptions('run', options));
    checkSource('run', source, rest.module);
    return this.use((/** @type {any} */ sandbox) => sandbox.eval(source, rest), { globals, signal: rest.signal });
  }

  /**
   * Gives a fresh sandbox to `action`, and disposes of it when the promise of `action` has settled.
   * @param {(sandbox: any) => any} action
   * @param {{ globals?: any, signal?: AbortSignal }} [options]
   */
  async use(action, options = {}) {
    if (typeof action !== 'function') throw new TypeError(`use: expected a function, got ${describe(action)}`);
    if (typeof options !== 'object' || options === null)
      throw new TypeError(`use: the options must be an object, got ${describe(options)}`);
    checkNames('use', options, ['globals', 'signal']);
    const { globals, signal } = options;
    signal?.throwIfAborted();
    this.#settings.signal?.throwIfAborted();
    const settings = this.#settingsWith(globals);
    const thread = await this.#thread([signal, this.#settings.signal]);
    try {
      const { sandbox, leave } = await sandboxInThread(this.#host, settings, thread);
      const forget = onAbort(signal, () => void sandbox.interrupt());
      try {
        signal?.throwIfAborted();
        this.#settings.signal?.throwIfAborted();
        const value = await action(sandbox);
        this.#completed++;
        return value;
      } finally {
        forget();
        await leave();
      }
    } catch (error) {
      this.#failed++;
      throw error;
    } finally {
      this.#running--;
      this.#leave(thread);
    }
  }

  /** What there is, and what has been. */
  stats() {
    return {
      size: this.#size,
      threads: this.#threads,
      idle: this.#idle.length,
      running: this.#running,
      queued: this.#queue.length,
      completed: this.#completed,
      failed: this.#failed,
      threadsStarted: this.#started,
    };
  }

  /**
   * Takes no more tasks. Those that run end by themselves, or at once with `{ force: true }`.
   * @param {{ force?: boolean }} [options]
   * @returns {Promise<void>}
   */
  async close({ force = false } = {}) {
    const closed = (this.#closed ??= new DisposedError('the pool was closed'));
    for (const { refuse } of this.#queue.splice(0)) refuse(closed);
    if (force) {
      const ended = [...this.#all].map((thread) => {
        const done = thread.terminate(closed);
        thread.session?.end(closed);
        return done;
      });
      await Promise.all(ended);
    } else if (this.#running > 0) await new Promise((resolve) => this.#whenEmpty.push(() => resolve(undefined)));
    await Promise.all(this.#idle.splice(0).map((thread) => this.#drop(thread)));
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }

  /** @param {any} globals of one task */
  #settingsWith(globals) {
    if (globals === undefined) return this.#settings;
    if (typeof globals !== 'object' || globals === null)
      throw new TypeError(`run: globals must be an object, got ${describe(globals)}`);
    const { given } = this.#settings;
    const all = Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(given.globals ?? {}), ...Object.getOwnPropertyDescriptors(globals) },
    );
    return { ...this.#settings, given: { ...given, globals: all } };
  }

  /**
   * A worker for one task, at once or when it is its turn.
   * @param {(AbortSignal | undefined)[]} signals
   * @returns {Promise<Thread>}
   */
  #thread(signals) {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) throw this.#closed;
      const isFree = this.#idle.length > 0 || this.#threads < this.#size;
      const waiting = this.#queue.length - this.#starting;
      if (!isFree && waiting >= this.#maxQueue)
        throw new QueueFullError(`${waiting} tasks wait for a worker of the pool already (maxQueue)`);
      const abort = () => {
        this.#queue.splice(this.#queue.indexOf(task), 1);
        task.refuse(signals.find((signal) => signal?.aborted)?.reason);
      };
      const forget = () => {
        for (const each of listening) each();
      };
      /** @type {Task} */
      const task = {
        start: (thread) => {
          forget();
          this.#running++;
          resolve(thread);
        },
        refuse(reason) {
          forget();
          reject(reason);
        },
      };
      const listening = signals.map((signal) => onAbort(signal, abort));
      this.#queue.push(task);
      this.#serve();
    });
  }

  // Gives workers to tasks, and starts those that may be.
  #serve() {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const thread = /** @type {Thread} */ (this.#idle.pop());
      const task = thread.ended === undefined ? this.#queue.shift() : undefined;
      if (task === undefined) this.#forget(thread);
      else task.start(thread);
    }
    for (let missing = this.#queue.length - this.#starting; missing > 0 && this.#threads < this.#size; missing--)
      void this.#start();
  }

  async #start() {
    this.#threads++;
    this.#starting++;
    try {
      const thread = await Thread.start(this.#host, this.#settings.worker);
      this.#started++;
      this.#starting--;
      this.#all.add(thread);
      this.#leave(thread);
    } catch (error) {
      this.#starting--;
      this.#threads--;
      this.#queue.shift()?.refuse(error);
      this.#serve(); // the next task tries again
    }
  }

  /** A task has left the worker. @param {Thread} thread */
  #leave(thread) {
    if (thread.ended !== undefined) this.#forget(thread);
    else if (this.#closed !== undefined) void this.#drop(thread);
    else this.#idle.push(thread);
    this.#serve();
    if (this.#running === 0) for (const done of this.#whenEmpty.splice(0)) done();
  }

  /** @param {Thread} thread */
  #forget(thread) {
    if (this.#all.delete(thread)) this.#threads--;
  }

  /** @param {Thread} thread */
  #drop(thread) {
    this.#forget(thread);
    return thread.terminate();
  }
}

/** @param {import('./worker-threads.js').WorkerHost} host */
export function sandboxPoolsOf(host) {
  return function createSandboxPool(/** @type {any} */ options = {}) {
    const method = 'createSandboxPool';
    if (typeof options !== 'object' || options === null)
      throw new TypeError(`${method}: the options must be an object, got ${describe(options)}`);
    const { size = host.concurrency(), maxQueue = Infinity, ...rest } = options;
    if (!(Number.isInteger(size) && size > 0))
      throw new TypeError(`${method}: size must be an integer above 0, got ${describe(size)}`);
    if (!(maxQueue === Infinity || (Number.isInteger(maxQueue) && maxQueue >= 0)))
      throw new TypeError(`${method}: maxQueue must be an integer, or Infinity, got ${describe(maxQueue)}`);
    // Tenants of one worker share no memory.
    const settings = readWorkerOptions(method, { isolation: 'instance', ...rest }, host, ['size', 'maxQueue']);
    return new SandboxPool(host, settings, { size, maxQueue });
  };
}
