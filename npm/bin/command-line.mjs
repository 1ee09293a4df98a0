// What the command line says: its options, what their values mean, and what is wrong with them.

import { statSync } from 'node:fs';

/** A mistake in the command line. */
export class UsageError extends Error {}

/**
 * The exit codes, for --help and the README.
 * (128 + the signal's number, where a signal ends the command, is the shell's.)
 */
export const ExitCode = { OK: 0, ERROR: 1, USAGE: 2, TIME_LIMIT: 3, MEMORY_LIMIT: 4, ENGINE: 5, UNSETTLED: 13 };

export const help = `caisson runs JavaScript in a sandbox.

  caisson [run] FILE [ARGUMENT...]  run a script, or a module when FILE ends in .mjs; options come before FILE
  caisson -e CODE [ARGUMENT...]     run CODE (--eval)
  caisson -p CODE [ARGUMENT...]     run CODE and print its value; a promise is awaited (--print)
  caisson - [ARGUMENT...]           run what standard input gives
  caisson                           the same; where standard input is a terminal, an interactive session (-i)

  --module              the program is a module. CODE and standard input are taken for one by themselves when they
                        import, export or await and are no script
  --time-limit TIME     of each entry: the program, then each timer or answer: 500ms, 2s, 1m; a plain number is
                        in milliseconds (none)
  --memory-limit SIZE   64MB, 64MiB, 1GB; a plain number is in bytes (256MiB)
  --json                print the program's value as one line of JSON: of a script its last value (awaited), of a
                        module its default export or else all exports; undefined is null. What the program prints
                        goes to standard error, and an error is one last line of JSON there:
                        {"error":{"name","message","stack"},"exitCode"}, or {"error":{"thrown"},...} for other values
  --allow-fetch ORIGIN  the program has fetch, for this origin (https://api.example.com, https://*.example.com); may be
                        given more than once
  --mount DIR           the program has node:fs and node:path, with this directory as /, for reading; DIR:rw: for
                        writing as well
  -i, --interactive     an interactive session, also where standard input is no terminal; arguments are scriptArgs
  --version, -h, --help

The program sees console, timers, queueMicrotask and scriptArgs. It imports files of its package (its folder, or the one
above with a package.json), as text and bytes too, and packages from node_modules. It has no access to other files,
network or processes but what the options give it.

Exit codes: 0 it ended well; 1 an uncaught error; 2 a mistake in the command line, or a file that cannot be read;
3 the time limit; 4 the memory limit; 5 the engine has failed; 13 a module waits for something that will not come.`;

/**
 * `value`: what it is called in messages, where there is one.
 * @type {Record<string, { short?: string, value?: string, isList?: boolean }>}
 */
const options = {
  eval: { short: 'e', value: 'CODE' },
  print: { short: 'p', value: 'CODE' },
  interactive: { short: 'i' },
  module: {},
  'time-limit': { value: 'TIME' },
  'memory-limit': { value: 'SIZE' },
  json: {},
  'allow-fetch': { value: 'ORIGIN', isList: true },
  mount: { value: 'DIR' },
  dump: { value: 'STAGE' },
  version: {},
  help: { short: 'h' },
};

/**
 * @typedef {{
 *   values: Record<string, any>, // a text, true, or of options that may be given more than once a list of texts
 *   file: string | undefined, // `-`: standard input
 *   rest: string[], // what follows belongs to the program
 * }} CommandLine
 */

/**
 * @param {string[]} args
 * @returns {CommandLine}
 */
export function readCommandLine(args) {
  /** @type {Record<string, any>} */
  const values = {};
  const hasCode = () => values.eval !== undefined || values.print !== undefined || values.interactive !== undefined;
  let isRun = false;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at];
    if (arg === 'run' && !isRun && !hasCode()) {
      isRun = true; // options may stand before and after it
      continue;
    }
    if (arg === '-' || !arg.startsWith('-')) break;
    if (arg === '--') {
      at++;
      break;
    }
    const [, written, given] = /** @type {string[]} */ (/^(--?[^=]*)(?:=([^]*))?$/.exec(arg));
    const name = nameOf(written);
    const { value: kind, isList } = options[name];
    if (kind === undefined && given !== undefined) throw new UsageError(`${written} takes no value, got '${given}'`);
    const value = kind === undefined ? true : (given ?? args[++at]);
    if (value === undefined) throw new UsageError(`${written} needs a value: ${written} ${kind}`);
    if (isList) {
      values[name] = [...(values[name] ?? []), value];
      continue;
    }
    if (Object.hasOwn(values, name)) throw new UsageError(`${written} is given twice`);
    values[name] = value;
  }
  if (values.eval !== undefined && values.print !== undefined)
    throw new UsageError('-e and -p cannot be given together; -p runs its code and prints the value');
  if (values.interactive && (values.eval ?? values.print) !== undefined)
    throw new UsageError('-i cannot be given together with -e or -p');
  if (isRun && hasCode()) throw new UsageError('run takes a FILE, and neither -e, -p nor -i');
  if (isRun && args[at] === undefined) throw new UsageError('run needs a FILE');
  return { values, file: hasCode() ? undefined : args[at], rest: args.slice(hasCode() ? at : at + 1) };
}

/** @param {string} written */
function nameOf(written) {
  if (written.startsWith('--')) {
    const name = written.slice(2);
    if (Object.hasOwn(options, name)) return name;
    const near = nearest(name);
    throw new UsageError(`there is no option ${written}${near === undefined ? '' : `; did you mean --${near}?`}`);
  }
  for (const [name, { short }] of Object.entries(options))
    if (short !== undefined && written === `-${short}`) return name;
  const near = Object.hasOwn(options, written.slice(1)) ? written.slice(1) : undefined;
  throw new UsageError(`there is no option ${written}${near === undefined ? '' : `; did you mean --${near}?`}`);
}

/** @param {string} name */
function nearest(name) {
  const found = Object.keys(options)
    .map((option) => ({ option, distance: option.startsWith(name) && name !== '' ? 1 : distanceOf(name, option) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return found.distance <= Math.max(2, found.option.length / 3) ? found.option : undefined;
}

/**
 * How many letters differ.
 * @param {string} a
 * @param {string} b
 */
function distanceOf(a, b) {
  if (a.length > 40) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** @type {Record<string, number>} */
const times = { '': 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
/** @type {Record<string, number>} */
const sizes = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
};

/**
 * @param {string} text
 * @param {Record<string, number>} units
 */
function amountOf(text, units) {
  const [, number, unit] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined || !Object.hasOwn(units, unit.toLowerCase()) ? NaN : units[unit.toLowerCase()];
  return Number(number) * factor;
}

/**
 * Origins that the guest may send requests to.
 * @param {string[] | undefined} texts
 */
export function readOrigins(texts) {
  for (const text of texts ?? []) {
    const plain = text.replace('://*.', '://');
    let origin;
    try {
      ({ origin } = new URL(plain));
    } catch {}
    if (!/^https?:/.test(text) || origin !== plain)
      throw new UsageError(
        `--allow-fetch must be an origin like https://api.example.com or https://*.example.com, not '${text}'`,
      );
  }
  return texts;
}

/**
 * A directory for the guest: DIR is for reading only, DIR:rw for writing too.
 * @param {string | undefined} text
 */
export function readMount(text) {
  if (text === undefined) return undefined;
  const [, directory, mode] = /** @type {string[]} */ (/^([^]*?)(?::(ro|rw))?$/.exec(text));
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new UsageError(
      `--mount must be a directory (DIR to read, DIR:rw to write as well), ${found ? `and '${directory}' is none` : `and there is no '${directory}'`}`,
    );
  return { directory, writable: mode === 'rw' };
}

/** Milliseconds. @param {string | true | undefined} text */
export function readTime(text) {
  if (typeof text !== 'string') return undefined;
  const time = amountOf(text, times);
  if (!(time > 0 && time < Infinity))
    throw new UsageError(
      `--time-limit must be a time above 0 like 500ms, 2s or 1m (a plain number is in milliseconds), not '${text}'`,
    );
  return time;
}

/** Bytes. @param {string | true | undefined} text */
export function readSize(text) {
  if (typeof text !== 'string') return undefined;
  const size = amountOf(text, sizes);
  if (!(size >= 2 ** 20 && size < Infinity))
    throw new UsageError(
      `--memory-limit must be a size of at least 1MiB like 64MB, 64MiB or 1GB (a plain number is in bytes), not '${text}'`,
    );
  return Math.floor(size);
}
