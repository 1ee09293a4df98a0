// Options of createWorkerSandbox and createSandboxPool: those of createSandbox, and some of their own.
import { accessorFunctions, checkNames, describe, readOptions, sandboxOptions } from './core.js';

const ownOptions = ['worker', 'sharedMemory', 'graceTime', 'onRestart'];
const consoleMethods = ['log', 'debug', 'info', 'warn', 'error'];
const events = ['onUnhandledRejection', 'onRejectionHandled', 'onUncaughtError', 'onOmitted'];

/**
 * @typedef {import('./types.d.ts').Settings & {
 *   sharesMemory: boolean,
 *   graceTime: number,
 *   worker?: () => any,
 *   onRestart?: (reason: Error) => void,
 *   hasEnded?: (session: any, reason: Error) => void,
 *   given: any,
 * }} WorkerSettings
 */

/**
 * @param {string} method
 * @param {boolean} condition
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function expect(method, condition, name, expected, value) {
  if (!condition) throw new TypeError(`${method}: ${name} must be ${expected}, got ${describe(value)}`);
}

/**
 * @param {string} method
 * @param {any} options
 * @param {import('./worker-threads.js').WorkerHost} host
 * @param {string[]} [others] options that the caller has read
 * @returns {WorkerSettings}
 */
export function readWorkerOptions(method, options, host, others = []) {
  expect(
    method,
    typeof options === 'object' && options !== null && !Array.isArray(options),
    'the options',
    'an object',
    options,
  );
  if (options.interruptFlag !== undefined)
    throw new TypeError(`${method}: there is no option 'interruptFlag': interrupt() stops a guest that never returns`);
  const names = sandboxOptions.filter((name) => name !== 'interruptFlag' || name in options);
  checkNames(method, options, [...others, ...ownOptions, ...names]);
  const { worker, sharedMemory, graceTime, onRestart, ...given } = options;
  if (worker !== undefined) expect(method, typeof worker === 'function', 'worker', 'a function', worker);
  if (onRestart !== undefined) expect(method, typeof onRestart === 'function', 'onRestart', 'a function', onRestart);
  if (sharedMemory !== undefined)
    expect(method, typeof sharedMemory === 'boolean', 'sharedMemory', 'a boolean', sharedMemory);
  if (graceTime !== undefined)
    expect(
      method,
      typeof graceTime === 'number' && graceTime > 0 && graceTime < 2 ** 31,
      'graceTime',
      'a number of milliseconds above 0',
      graceTime,
    );
  if (sharedMemory === true && !host.sharesMemory())
    throw new TypeError(
      `${method}: sharedMemory is not available: a page must be cross-origin isolated (headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy)`,
    );
  given.timeLimit ??= Infinity; // a guest in a worker holds up nobody, and interrupt() and terminate() end it
  return {
    .../** @type {import('./types.d.ts').Settings} */ (readOptions(given)),
    worker,
    onRestart,
    graceTime: graceTime ?? 1000,
    sharesMemory: sharedMemory ?? host.sharesMemory(),
    given,
  };
}

/**
 * What is sent to the worker of them.
 * @param {WorkerSettings} settings
 */
export function optionsToSend({ given, sharesMemory }) {
  const { globals = {}, console, modules, wasm, signal, ...others } = given;
  /** @type {any} */
  const options = { ...others, globals: {}, accessors: [], events: [] };
  for (const name of events) {
    delete options[name];
    if (given[name] !== undefined) options.events.push(name);
  }
  for (const name of Object.keys(globals)) {
    const { get, set, value } = Object.getOwnPropertyDescriptor(globals, name) ?? {};
    if (get === undefined) define(options.globals, name, value);
    else if (sharesMemory) options.accessors.push([name, ...accessorFunctions(globals, get, set)]);
    else
      throw new TypeError(
        `globals: ${name}: an accessor needs shared memory in a worker (in a page: cross-origin isolation)`,
      );
  }
  options.consoleMethods = console ? consoleMethods.filter((name) => typeof console[name] === 'function') : [];
  if (console) {
    options.console = {};
    for (const name of ['text', 'prefix']) if (console[name] !== undefined) options.console[name] = console[name];
  } else if (console === false) options.console = false;
  if (typeof modules === 'function') options.modules = async (/** @type {any[]} */ ...args) => modules(...args);
  else if (modules !== undefined) options.modules = modules;
  return options;
}

/**
 * @param {any} object
 * @param {string} key
 * @param {any} value
 */
function define(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
