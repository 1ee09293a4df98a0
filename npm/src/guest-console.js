// The console of a guest. By default its texts, which the sandbox has made, go to the host's console: with control
// characters escaped, shortened, and at a limited rate. The option `console` gives functions of the host instead.
import { textOfUnits } from './encodings.js';
import { Flood } from './flood.js';
import { flagged } from './grants.js';
import { FUNCTION_PRINTS } from './protocol.js';

const methods = ['log', 'debug', 'info', 'warn', 'error']; // CaissonConsoleLevel
const UNITS_OF_ONE = 1024; // a longer text counts as several

// Control characters (C0 but tabs and line feeds, C1), and marks that change the direction of text.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The host's console; there may be none. */
const hostConsole = () => /** @type {any} */ (globalThis).console;

/** Prints to the host's console. */
export class GuestConsole {
  #prefix;
  #flood;

  /**
   * @param {any} option which may bring a prefix for each line
   * @param {number} limit of messages per second
   */
  constructor(option, limit) {
    const prefix = typeof option === 'object' ? (option.prefix ?? '') : '';
    this.#prefix = prefix;
    this.#flood = new Flood(limit, limit, (omitted) =>
      hostConsole()?.warn(`${prefix}(${omitted} more messages of a sandbox's console were not printed)`),
    );
  }

  /**
   * Never throws.
   * @param {number} level
   * @param {Uint8Array | Uint16Array} units the beginning of the text
   * @param {number} length of the whole text
   */
  print(level, units, length) {
    try {
      const console = hostConsole();
      const method = methods[level];
      if (typeof console?.[method] !== 'function' || !this.#flood.admits(1 + Math.floor(units.length / UNITS_OF_ONE)))
        return;
      const more = length > units.length ? `... (${length - units.length} more characters)` : '';
      console[method](withPrefix(this.#prefix, escaped(textOfUnits(units)) + more));
    } catch {
      // Nowhere to print to.
    }
  }
}

/** @param {string} text */
function escaped(text) {
  return text.replace(controls, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

/**
 * @param {string} prefix
 * @param {string} text
 */
function withPrefix(prefix, text) {
  return prefix === '' ? text : prefix + text.replaceAll('\n', `\n${prefix}`);
}

/**
 * Whether the option brings functions that the guest's console calls; with a prefix alone it brings none.
 * @param {any} option
 */
export function bringsConsole(option) {
  return typeof option === 'object' && (option.prefix === undefined || methods.some((name) => name in option));
}

/**
 * What the guest's own console calls.
 * @param {any} option
 */
export function pickConsole(option) {
  const { prefix } = option;
  const functions = methods
    .filter((name) => typeof option[name] === 'function')
    .map((name) => [
      name,
      flagged(
        prefix === undefined
          ? (/** @type {any[]} */ ...values) => option[name](...values)
          : (/** @type {string} */ text) => option[name](withPrefix(prefix, text)),
        FUNCTION_PRINTS,
      ),
    ]);
  return Object.fromEntries([...functions, ['text', option.text === true || prefix !== undefined]]);
}
