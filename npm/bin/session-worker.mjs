// The guest of an interactive session, in a thread of its own. Of the two numbers that it shares with the session's
// thread, the first interrupts the guest while it is not 0; the second counts texts that have been printed. Each text
// is waited for, so that a guest prints no faster than the terminal does.
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import * as caisson from '../src/core.js';
import { NAME, tokensOf } from '../src/source-tokens.js';
import { Evaluator } from './evaluator.mjs';
import { makeSandbox } from './sandboxes.mjs';

const { options, flags } = workerData;
const MOST_NAMES = 5000;
const words =
  'async await break case catch class const continue delete else export false finally for function globalThis if import instanceof let new null return static super switch this throw true try typeof undefined var void while yield'.split(
    ' ',
  );

/**
 * @param {string} text
 * @param {boolean} [isResult]
 */
function print(text, isResult = false) {
  const count = Atomics.load(flags, 1);
  parentPort.postMessage({ text, isResult });
  Atomics.wait(flags, 1, count);
}

class Session {
  #engine;
  /** @type {Awaited<ReturnType<typeof makeSandbox>> | undefined} */
  #sandbox;
  /** @type {Evaluator | undefined} */
  #evaluator;
  /** @type {Set<string>} */
  #declared = new Set(); // by let, const and class
  #inputs = 0;
  #isShowing = false;
  #shown = '';

  constructor() {
    this.#engine = readFile(new URL('../caisson.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes));
  }

  async clear() {
    this.#sandbox?.dispose();
    // A value that is shown is printed later: the time of that is not the guest's.
    const write = (/** @type {string} */ text) => {
      if (this.#isShowing) this.#shown = text;
      else print(text);
    };
    const { scriptArgs, limits, grants } = options;
    const settings = {
      ...limits,
      console: { log: write, debug: write, info: write, warn: write, error: write, text: true },
      globals: { scriptArgs },
      interruptFlag: flags,
      onUnhandledRejection: (/** @type {unknown} */ error) => this.#printUncaught(error),
      onUncaughtError: (/** @type {unknown} */ error) => this.#printUncaught(error),
    };
    this.#sandbox = await makeSandbox(caisson, this.#engine, settings, { grants });
    this.#evaluator = new Evaluator(this.#sandbox);
    this.#declared.clear();
  }

  /**
   * @param {string} source
   * @param {boolean} isWhole whatever comes next
   * @param {string} [name]
   */
  async evaluate(source, isWhole, name = `input${++this.#inputs}`) {
    const evaluator = /** @type {Evaluator} */ (this.#evaluator);
    try {
      if (!isWhole && evaluator.isIncomplete(source)) {
        this.#inputs--;
        return { isIncomplete: true };
      }
      await evaluator.run(source, name);
      this.#noteNames(source);
      this.#isShowing = true;
      const isUndefined = evaluator.show();
      this.#isShowing = false;
      if (!isUndefined) print(evaluator.restored(this.#shown), true);
    } catch (error) {
      this.#isShowing = false;
      this.#printUncaught(error);
      if (this.#sandbox?.isDisposed || error instanceof caisson.EngineError) {
        print('The sandbox has ended: this is a new one.');
        await this.clear();
      }
    }
    this.#isShowing = false;
    return { isIncomplete: false };
  }

  /** @param {any} error */
  #printUncaught(error) {
    if (typeof error !== 'string') {
      const { name, message, guestStack } = error;
      error = `${name}: ${message}${guestStack ? `\n${guestStack}` : ''}`;
    } else if (!error.startsWith('Uncaught ')) error = `Uncaught ${error}`;
    print(this.#evaluator?.restored(error) ?? error);
  }

  /** @param {string[]} path */
  async complete(path) {
    const names = this.#evaluator?.complete(path, MOST_NAMES) ?? [];
    return path.length === 0 ? [...new Set([...names, ...this.#declared, ...words])] : names;
  }

  interrupt() {
    if (this.#sandbox && !this.#sandbox.isDisposed) this.#sandbox.interrupt();
  }

  /**
   * Names that the global object does not have.
   * @param {string} source
   */
  #noteNames(source) {
    const tokens = tokensOf(source);
    tokens.forEach(({ depth, text }, i) => {
      if (depth !== 0 || !/^(?:let|const|class)$/.test(text)) return;
      for (let j = i + 1; tokens[j] && tokens[j].text !== '=' && tokens[j].text !== ';'; j++) {
        if (tokens[j].type === NAME && tokens[j + 1]?.text !== ':') this.#declared.add(tokens[j].text);
        if (text === 'class') break;
      }
    });
  }
}

const session = new Session();
let asked = 0; // and not answered
let isRunning = false;
let isCancelled = false; // what has been asked for and has not begun

/** An interrupt that comes meanwhile must not end the session. */
async function prepare() {
  for (;;) {
    try {
      return await session.clear();
    } catch (error) {
      if (!(error instanceof caisson.InterruptedError)) throw error;
      isCancelled = true;
      Atomics.store(flags, 0, 0);
    }
  }
}

/**
 * @param {string} method
 * @param {any[]} args
 */
async function answer(method, args) {
  if (method === 'clear') return void (await prepare());
  if (method === 'complete') return session.complete(/** @type {[string[]]} */ (args)[0]).catch(() => []); // a limit
  if (isCancelled) {
    print('InterruptedError: it was stopped before it began');
    return { isIncomplete: false };
  }
  return session.evaluate(.../** @type {[string, boolean, string?]} */ (args));
}

// One after the other. If the engine cannot be had, that is an error of this thread, which ends the session.
let before = prepare();
parentPort.on('message', (/** @type {any} */ { id, method, args }) => {
  if (method === 'interrupt') {
    if (isRunning) session.interrupt();
    else isCancelled = asked > 0; // else it has ended by itself
    Atomics.store(flags, 0, 0);
    return;
  }
  asked++;
  before = before.then(async () => {
    isRunning = true;
    const value = await answer(method, args);
    isRunning = isCancelled = false;
    asked--;
    Atomics.store(flags, 0, 0);
    parentPort.postMessage({ id, answer: value });
  });
});
