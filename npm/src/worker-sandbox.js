// createWorkerSandbox: the public API of a sandbox in a worker. The sandbox outlives its worker: when that has failed
// or was terminated, the next call starts another one, with the same options and without the state.
import {
  DisposedError,
  InterruptedError,
  checkSource,
  describe,
  isProgram,
  moduleOf,
  onAbort,
  readEvalOptions,
} from './core.js';
import { optionsToSend, readWorkerOptions } from './worker-options.js';
import { Session } from './worker-session.js';
import { Thread } from './worker-threads.js';

/** @typedef {import('./worker-threads.js').WorkerHost} WorkerHost */
/** @typedef {import('./worker-options.js').WorkerSettings} WorkerSettings */

/** What a sandbox holds on to, apart from itself, so that it can be collected. */
class Place {
  /** @type {Promise<Session> | undefined} */
  session;
  isDisposed = false;
  /** @type {Promise<void> | undefined} */
  leaving;
  /** @type {(() => void) | undefined} */
  forgetSignal;
  isStarted = false;
  interruptions = 0;
  /** @type {Thread | undefined} */
  thread;
  /** @type {Session | undefined} */
  current; // while it has not ended

  /**
   * @param {WorkerHost} host
   * @param {WorkerSettings} settings
   * @param {Thread} [thread] that is there already, and stays
   */
  constructor(host, settings, thread) {
    this.host = host;
    this.settings = settings;
    this.given = thread;
  }

  /** @param {any} sandbox @returns {Promise<Session>} */
  async open(sandbox) {
    while (this.current?.stopping !== undefined) await this.current.stopping;
    if (this.isDisposed) throw new DisposedError('the sandbox was disposed');
    if (this.session === undefined) {
      const opening = this.#open(sandbox);
      this.session = opening;
      opening.catch(() => {
        if (this.session === opening) this.session = undefined;
      });
    }
    return this.session;
  }

  /** @param {any} sandbox */
  async #open(sandbox) {
    const { settings, host } = this;
    const wasm = await moduleOf(settings.wasm, host.engine);
    const thread = this.given ?? (await Thread.start(host, settings.worker));
    if (this.isDisposed) {
      if (this.given === undefined) thread.terminate();
      throw new DisposedError('the sandbox was disposed');
    }
    this.thread = thread;
    /** @type {Session} */
    const session = new Session(
      thread,
      { ...settings, hasEnded: (ended, reason) => this.#hasEnded(ended, reason) },
      sandbox,
    );
    this.current = session;
    try {
      await session.create(optionsToSend(settings), wasm);
    } catch (error) {
      if (session.ended === undefined) session.end(error);
      if (this.given === undefined) thread.terminate();
      throw error;
    }
    this.isStarted = true;
    return session;
  }

  /**
   * @param {Session} session
   * @param {Error} reason
   */
  #hasEnded(session, reason) {
    if (this.current !== session) return;
    this.current = this.thread = undefined;
    if (this.isDisposed || this.given !== undefined) return;
    this.session = undefined;
    const { onRestart } = this.settings;
    if (this.isStarted && onRestart !== undefined) queueMicrotask(() => onRestart(reason));
  }

  /** @param {Error} reason */
  terminate(reason) {
    const { thread, current } = this;
    const terminated = thread?.terminate();
    current?.end(reason);
    return terminated;
  }

  /** Leaves the worker that was given. */
  async leave() {
    this.isDisposed = true;
    this.forgetSignal?.();
    await (this.leaving ??= this.current?.dispose());
  }

  dispose() {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.forgetSignal?.();
    if (this.given !== undefined) return (this.leaving ??= this.current?.dispose());
    return this.terminate(new DisposedError('the sandbox was disposed'));
  }
}

const collected = new FinalizationRegistry((/** @type {Place} */ place) => void place.dispose());

export class WorkerSandbox {
  #place;

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
    collected.register(this, place, this);
    const { signal } = place.settings;
    if (signal !== undefined) {
      // The signal does not keep the sandbox.
      const reference = new WeakRef(this);
      place.forgetSignal = onAbort(signal, () => void reference.deref()?.interrupt());
    }
  }

  /**
   * For a call. What is interrupted meanwhile has not been asked of the worker, and is not asked any more.
   * @returns {Promise<Session>}
   */
  async #session() {
    const place = this.#place;
    const { interruptions } = place;
    const session = await place.open(this);
    if (place.interruptions !== interruptions)
      throw new InterruptedError('the guest was interrupted before this began');
    return session;
  }

  /** @returns {Promise<WorkerSandbox>} */
  async started() {
    await this.#place.open(this);
    return this;
  }

  /**
   * @param {any} source
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  async eval(source, options) {
    const settings = readEvalOptions('eval', options);
    checkSource('eval', source, settings.module);
    settings.signal?.throwIfAborted();
    return (await this.#session()).run('eval', source, settings);
  }

  /**
   * @param {string} specifier
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  async import(specifier, options) {
    const settings = readEvalOptions('import', options);
    checkText('import', 'specifier', specifier);
    settings.signal?.throwIfAborted();
    return (await this.#session()).run('import', specifier, settings);
  }

  /**
   * @param {any} source
   * @param {import('./types.d.ts').EntrySettings} [options]
   */
  async ref(source, options) {
    if (isProgram(source)) checkSource('ref', source);
    if (typeof source === 'string' || isProgram(source))
      return (await this.#session()).ask('ref', [], [source, readEvalOptions('ref', options)], options?.timeLimit);
    const session = await this.#session();
    const number = session.receiverOf(source);
    if (number === undefined)
      throw new TypeError(
        `ref: expected a source text, or an object or function of this guest, got ${describe(source)}`,
      );
    return session.ask('referenceTo', [number], []);
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  async setGlobal(name, value) {
    checkText('setGlobal', 'name', name);
    return (await this.#session()).ask('setGlobal', [name], [value], undefined, name);
  }

  /** @returns {Promise<void>} */
  async whenIdle() {
    return (await this.#session()).ask('whenIdle', [], [], Infinity);
  }

  /** @returns {Promise<number>} */
  get memoryUsed() {
    return this.#session().then((session) => session.ask('memoryUsed', [], []));
  }

  /** @returns {Promise<import('../index.js').SandboxStats>} */
  async stats() {
    return (await this.#session()).ask('stats', [], []);
  }

  /** @returns {Promise<void>} */
  async interrupt() {
    this.#place.interruptions++;
    return this.#place.current?.interrupt();
  }

  /** @returns {Promise<void>} */
  async terminate() {
    this.#place.interruptions++;
    await this.#place.terminate(new InterruptedError('the worker of the sandbox was terminated'));
  }

  /** @returns {Promise<void>} */
  async restart() {
    await this.terminate();
    await this.#place.open(this);
  }

  get isDisposed() {
    return this.#place.isDisposed;
  }

  dispose() {
    collected.unregister(this);
    void this.#place.dispose();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose();
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    collected.unregister(this);
    await this.#place.dispose();
  }
}

/**
 * @param {string} method
 * @param {string} what
 * @param {unknown} text
 */
function checkText(method, what, text) {
  if (typeof text !== 'string') throw new TypeError(`${method}: the ${what} must be a string, got ${describe(text)}`);
}

/**
 * In a worker that is there already; the sandbox does not start another one.
 * @param {WorkerHost} host
 * @param {WorkerSettings} settings
 * @param {Thread} thread
 */
export async function sandboxInThread(host, settings, thread) {
  const place = new Place(host, settings, thread);
  const sandbox = await new WorkerSandbox(place).started();
  return { sandbox, leave: () => place.leave() };
}

/** @param {WorkerHost} host */
export function workerSandboxesOf(host) {
  return async function createWorkerSandbox(/** @type {any} */ options = {}) {
    const settings = readWorkerOptions('createWorkerSandbox', options, host);
    settings.signal?.throwIfAborted();
    const sandbox = await new WorkerSandbox(new Place(host, settings)).started();
    if (settings.signal?.aborted) {
      sandbox.dispose(); // nobody would stop it any more
      throw settings.signal.reason;
    }
    return sandbox;
  };
}
