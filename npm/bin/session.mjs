// An interactive session. The guest lives in a worker thread (session-worker.mjs), so that this thread can stop it
// whatever it does: Ctrl-C sets a flag in shared memory that the engine looks at.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { clearLine, createInterface, cursorTo } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { coloured } from './colours.mjs';
import { ExitCode } from './command-line.mjs';

const MOST_HISTORY = 1000; // lines
const [PROMPT, MORE] = ['> ', '... '];

const help = `.help        this list
.load FILE   run a file as if it were typed here
.clear       begin anew, with nothing of what was defined
.exit        end the session, as Ctrl-D does
Ctrl-C stops a program that runs, or drops what was typed. An input that is not complete continues on the next line.
\`await\` works at the top level; \`_\` is the last value; packages and files: await import('./file.mjs').`;

/** Where lines are kept for the next session; undefined: nowhere. */
function historyFile() {
  const { CAISSON_HISTORY, XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (CAISSON_HISTORY !== undefined) return CAISSON_HISTORY === '' ? undefined : CAISSON_HISTORY;
  const state = XDG_STATE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.local', 'state');
  return join(state, 'caisson', 'history');
}

/** Newest first. @param {string | undefined} file */
function readHistory(file) {
  if (file === undefined) return [];
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .reverse()
      .slice(0, MOST_HISTORY);
  } catch {
    return []; // the first session
  }
}

/** @param {string} file @param {string[]} lines newest first */
function writeHistory(file, lines) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${[...lines].reverse().join('\n')}\n`, { mode: 0o600 });
}

/** The guest, from here. */
class Guest {
  #worker;
  #flags = new Int32Array(new SharedArrayBuffer(8)); // see session-worker.mjs
  /** @type {Map<number, (answer: any) => void>} */
  #waiting = new Map();
  #latest = 0;

  /**
   * @param {object} options
   * @param {(text: string, isResult: boolean, done: () => void) => void} print
   */
  constructor(options, print) {
    const address = new URL('./session-worker.mjs', import.meta.url);
    this.#worker = new Worker(address, { workerData: { options, flags: this.#flags } });
    this.#worker.on('message', (/** @type {any} */ message) => {
      if ('text' in message) {
        print(message.text, message.isResult, () => {
          Atomics.add(this.#flags, 1, 1);
          Atomics.notify(this.#flags, 1);
        });
        return;
      }
      this.#waiting.get(message.id)?.(message.answer);
      this.#waiting.delete(message.id);
    });
    this.#worker.on('error', (/** @type {Error} */ error) => {
      process.stderr.write(`caisson: ${error.message}\n`);
      process.exit(ExitCode.ENGINE);
    });
  }

  /**
   * @param {'evaluate' | 'complete' | 'clear'} method
   * @param {...any} args
   */
  ask(method, ...args) {
    const id = ++this.#latest;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, method, args });
    });
  }

  /** Stops what runs, or what it waits for. */
  interrupt() {
    Atomics.store(this.#flags, 0, 1);
    this.#worker.postMessage({ method: 'interrupt' });
  }
}

/** @param {{ limits: object, grants: object, scriptArgs: string[] }} options */
export function startSession(options) {
  const { stdin, stdout } = process;
  const isTerminal = Boolean(stdin.isTTY && stdout.isTTY);
  const hasColours = Boolean(stdout.isTTY && stdout.hasColors?.());
  const file = isTerminal ? historyFile() : undefined;
  let isBusy = false;
  let isLeaving = false; // Ctrl-C was pressed for nothing
  let typed = ''; // of an input that is not complete
  let hasEnded = false;
  /** @type {string[]} */
  const lines = []; // that wait for their turn

  const guest = new Guest(options, (text, isResult, done) => {
    const isBetween = isTerminal && !isBusy;
    if (isBetween) {
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
    }
    stdout.write(`${isResult && hasColours ? coloured(text) : text}\n`, done);
    if (isBetween) editor.prompt(true);
  });

  const editor = createInterface({
    input: stdin,
    output: stdout,
    terminal: isTerminal,
    prompt: PROMPT,
    history: readHistory(file),
    historySize: MOST_HISTORY,
    removeHistoryDuplicates: true,
    completer: (
      /** @type {string} */ line,
      /** @type {(error: any, found: [string[], string]) => void} */ callback,
    ) => {
      complete(line).then(
        (found) => callback(null, found),
        () => callback(null, [[], line]),
      );
    },
  });
  if (file !== undefined) {
    let canWrite = true;
    editor.on('history', (/** @type {string[]} */ history) => {
      if (!canWrite) return;
      try {
        writeHistory(file, history);
      } catch (error) {
        canWrite = false;
        process.stderr.write(`caisson: the history cannot be kept: ${/** @type {Error} */ (error).message}\n`);
      }
    });
  }

  /**
   * @param {string} line
   * @returns {Promise<[string[], string]>}
   */
  async function complete(line) {
    if (/^\.[a-z]*$/.test(line)) return [Object.keys(commands).filter((name) => name.startsWith(line)), line];
    const [whole = ''] =
      /(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\??\.)*(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u.exec(line) ?? [];
    const before = line.slice(0, line.length - whole.length);
    if (isBusy || /[.)\]}\p{ID_Continue}'"`]$/u.test(before)) return [[], line];
    const path = whole.split(/\??\./);
    const prefix = path.pop() ?? '';
    /** @type {string[]} */
    const names = await guest.ask('complete', path);
    const start = whole.slice(0, whole.length - prefix.length);
    const found = names.filter(
      (name) => name.startsWith(prefix) && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name),
    );
    return [found.sort().map((name) => start + name), whole];
  }

  function prompt() {
    if (!isTerminal || hasEnded) return;
    editor.setPrompt(typed === '' ? PROMPT : MORE);
    editor.prompt();
  }

  /** @type {Record<string, (argument: string) => Promise<void> | void>} */
  const commands = {
    '.help': () => void stdout.write(`${help}\n`),
    '.load': async (name) => {
      let source;
      try {
        source = readFileSync(name, 'utf8');
      } catch (error) {
        return void stdout.write(`.load: ${/** @type {Error} */ (error).message}\n`);
      }
      await guest.ask('evaluate', source, true, name);
    },
    '.clear': () => guest.ask('clear'),
    '.exit': () => {
      lines.length = 0;
      editor.close();
    },
  };

  /** @param {string} line */
  async function take(line) {
    const [, name, argument] = (typed === '' && /^\s*(\.[a-z]+)(?:\s+(.*))?$/i.exec(line)) || [];
    if (name !== undefined) {
      if (Object.hasOwn(commands, name)) return commands[name]((argument ?? '').trim());
      return void stdout.write(`there is no ${name}; there are ${Object.keys(commands).join(' ')}\n`);
    }
    const source = typed === '' ? line : `${typed}\n${line}`;
    if (source.trim() === '') return undefined;
    const { isIncomplete } = await guest.ask('evaluate', source, false);
    typed = isIncomplete ? source : '';
    return undefined;
  }

  async function work() {
    if (isBusy) return;
    isBusy = true;
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) await take(line);
    if (hasEnded) {
      if (typed !== '') await guest.ask('evaluate', typed, true);
      process.exit(ExitCode.OK);
    }
    isBusy = false;
    prompt();
  }

  editor.on('line', (/** @type {string} */ line) => {
    isLeaving = false;
    lines.push(line);
    void work();
  });
  editor.on('SIGINT', () => {
    if (isBusy) {
      lines.length = 0;
      return guest.interrupt();
    }
    const isEmpty = typed === '' && editor.line === '';
    if (isEmpty && isLeaving) return editor.close();
    isLeaving = isEmpty;
    typed = '';
    stdout.write(isEmpty ? '\n(Ctrl-C again, Ctrl-D or .exit ends the session)\n' : '\n');
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    return prompt();
  });
  if (!isTerminal)
    process.on('SIGINT', () => {
      if (!isBusy) process.exit(130);
      guest.interrupt();
    });
  editor.on('close', () => {
    hasEnded = true;
    if (isTerminal) {
      stdout.write('\n');
      process.exit(ExitCode.OK);
    }
    void work();
  });

  if (isTerminal) {
    const { version } = createRequire(import.meta.url)('../package.json');
    stdout.write(`Caisson ${version}: JavaScript in a sandbox. .help says what there is.\n`);
  }
  prompt();
}
