// How the entries beside `caisson` give a guest what it has not by itself: over the public API, so that they serve
// every kind of sandbox. What they run in the guest gets functions of the host that take and give plain data.
import { describe } from './errors.js';

const LONGEST_EVALUATION = 5000; // milliseconds

/**
 * Evaluates a program of npm/guest and calls the function that it is. It is trusted as little as everything else that
 * comes from a guest, since guest code that ran before may have changed what it relies on.
 * @param {import('../index.js').Sandbox} sandbox
 * @param {string} name
 * @param {string} text
 * @param {...unknown} values
 * @returns {Promise<any>} what the function gives: nothing, or an object without a prototype
 */
export async function install(sandbox, name, text, ...values) {
  const install = await evaluate(sandbox, name, text);
  return install(...values);
}

/**
 * The value of an expression of npm/guest. It may take longer than the sandbox's entries, which may be short.
 * @param {import('../index.js').Sandbox} sandbox
 * @param {string} name
 * @param {string} text
 * @returns {Promise<any>}
 */
export async function evaluate(sandbox, name, text) {
  // An object without a prototype: the guest cannot have given it a `then`.
  const source = `({ __proto__: null, value: ${text.trim().replace(/;$/, '')} })`;
  const { value } = await sandbox.eval(source, { name: `caisson:${name}`, timeLimit: LONGEST_EVALUATION });
  return value;
}

/**
 * @param {string} grant
 * @param {any} sandbox
 * @param {any} options
 * @param {string[]} known
 */
export function checkGrant(grant, sandbox, options, known) {
  if (typeof sandbox?.eval !== 'function')
    throw new TypeError(`${grant}: expected a sandbox, got ${describe(sandbox)}`);
  checkOptions(grant, options, known);
}

/**
 * @param {string} place
 * @param {any} options
 * @param {string[]} known
 */
export function checkOptions(place, options, known) {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${place}: the options must be an object, got ${describe(options)}`);
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TypeError(`${place}: there is no option '${name}'; there are ${known.join(', ')}`);
}

/**
 * @param {string} place
 * @param {string} name
 * @param {unknown} value
 * @param {number} usual
 * @returns {number}
 */
export function limitOf(place, name, value, usual) {
  if (value === undefined) return usual;
  if (typeof value !== 'number' || !(value > 0))
    throw new TypeError(`${place}: ${name} must be a number above 0, got ${describe(value)}`);
  return value;
}

/**
 * A function of the host or undefined.
 * @param {string} place
 * @param {string} name
 * @param {unknown} value
 */
export function checkFunctionOption(place, name, value) {
  if (value !== undefined && typeof value !== 'function')
    throw new TypeError(`${place}: ${name} must be a function, got ${describe(value)}`);
}
