// Runs programs, one at a time, in a worker: the page can end the worker whatever a program does, and then another
// worker is prepared for the next program. The engine is compiled once for all workers.

/**
 * @typedef {{ source: string, isModule: boolean }} Program
 * @typedef {{ type: 'ready' | 'ended' }
 *   | { type: 'output', entries: string[], dropped: number, isCleared: boolean }
 *   | { type: 'idle', duration: number }
 *   | { type: 'failed', reason: string }} Message of the worker; `duration` in milliseconds
 */

async function compileEngine() {
  const response = await fetch(new URL('./caisson.wasm', import.meta.url));
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  // Servers that send another content type refuse streaming compilation.
  if (response.headers.get('content-type')?.startsWith('application/wasm'))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

export class Runner {
  #on;
  /** @type {Promise<WebAssembly.Module> | undefined} */
  #engine;
  /** @type {Worker | undefined} */
  #worker; // the worker that runs a program, or is ready for one
  #isReady = false;
  #isRunning = false;
  /** @type {Program | undefined} */
  #next; // a program that waits for the worker

  /**
   * @param {{
   *   ready(): void,
   *   output(entries: string[], dropped: number, isCleared: boolean): void,
   *   ended(): void,
   *   idle(milliseconds: number): void,
   *   failed(reason: string): void,
   * }} on what happens
   */
  constructor(on) {
    this.#on = on;
    this.#start();
  }

  get isRunning() {
    return this.#isRunning;
  }

  /** Runs a program and ends the running one. @param {Program} program */
  run(program) {
    if (this.#isRunning) this.stop();
    if (this.#worker === undefined) this.#start(); // after a failure
    this.#isRunning = true;
    this.#next = program;
    this.#runNext();
  }

  stop() {
    this.#isRunning = false;
    this.#next = undefined;
    if (!this.#isReady) return; // still loading: it runs no program yet
    this.#end();
    this.#start();
  }

  #runNext() {
    if (!this.#isReady || this.#next === undefined) return;
    /** @type {Worker} */ (this.#worker).postMessage({ type: 'run', ...this.#next });
    this.#next = undefined;
  }

  async #start() {
    const worker = new Worker(new URL('./program-worker.js', import.meta.url), { type: 'module' });
    this.#worker = worker;
    // Messages that a worker sent before it was ended may still arrive.
    worker.addEventListener('message', ({ data }) => {
      if (worker === this.#worker) this.#handle(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#fail(event.message ?? 'the worker could not be loaded');
    });
    try {
      this.#engine ??= compileEngine();
      const engine = await this.#engine;
      if (worker === this.#worker) worker.postMessage({ type: 'start', engine });
    } catch (error) {
      this.#engine = undefined;
      if (worker === this.#worker)
        this.#fail(`the engine could not be loaded: ${/** @type {Error} */ (error).message}`);
    }
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = false;
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#end();
    this.#isRunning = false;
    this.#next = undefined;
    this.#on.failed(reason);
  }

  /** @param {Message} message */
  #handle(message) {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        if (this.#next === undefined) this.#on.ready();
        else this.#runNext();
        break;
      case 'output':
        this.#on.output(message.entries, message.dropped, message.isCleared);
        break;
      case 'ended':
        this.#on.ended();
        break;
      case 'idle':
        this.#isRunning = false;
        this.#on.idle(message.duration);
        break;
      case 'failed':
        this.#fail(message.reason);
        break;
    }
  }
}
