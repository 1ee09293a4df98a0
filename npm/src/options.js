// Options of createSandbox: defaults, and errors that say what was expected.
import { describe } from './errors.js';
import { hostLimits as defaultHostLimits } from './limits.js';
import { isSource } from './wasm-sources.js';

export const sandboxOptions = [
  'globals',
  'modules',
  'importMap',
  'memoryLimit',
  'timeLimit',
  'fuelLimit',
  'totalTimeLimit',
  'stackLimit',
  'isolation',
  'wasm',
  'console',
  'onUnhandledRejection',
  'onRejectionHandled',
  'onUncaughtError',
  'signal',
  'interruptFlag',
  'timeSlice',
  'timeZone',
  'turnBudget',
  'dutyCycle',
  'waitLimit',
  'hostLimits',
  'uncrossable',
  'onOmitted',
];

/**
 * A misspelt limit must not be ignored.
 * @param {string} method
 * @param {object} options
 * @param {readonly string[]} names
 */
export function checkNames(method, options, names) {
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new TypeError(`${method}: there is no option '${name}'; there are ${names.join(', ')}`);
}

/**
 * @param {boolean} condition
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 * @param {string} [method]
 */
function expect(condition, name, expected, value, method = 'createSandbox') {
  if (!condition) throw new TypeError(`${method}: ${name} must be ${expected}, got ${describe(value)}`);
}

// Keeps a page alive whose author has not thought of limits. An option that says how long the guest may run, or that
// lets the host have its turn meanwhile, takes its place.
const DEFAULT_TIME_LIMIT = 5000; // ms

// The engine knows which of them there are.
/** @type {(value: unknown) => boolean} */
const isZoneName = (value) => typeof value === 'string' && /^[\w./+:-]{1,64}$/.test(value);

/** @type {(value: unknown) => boolean} */
const isPositive = (value) => typeof value === 'number' && value > 0;

/**
 * @param {import('../index.js').SandboxOptions} options
 * @param {string} [method]
 * @returns {Omit<import('./types.d.ts').Settings, 'host'>}
 */
export function readOptions(options = {}, method = 'createSandbox') {
  expect(
    typeof options === 'object' && options !== null && !Array.isArray(options),
    'the options',
    'an object',
    options,
  );
  checkNames(method, options, sandboxOptions);
  const { fuelLimit, totalTimeLimit } = options;
  const {
    globals,
    modules,
    importMap,
    memoryLimit,
    timeLimit,
    timeSlice,
    timeZone,
    stackLimit,
    isolation,
    wasm,
    console,
    signal,
    interruptFlag,
  } = options;
  const { turnBudget, dutyCycle, waitLimit, hostLimits } = options;
  const { onUnhandledRejection, onRejectionHandled, onUncaughtError, uncrossable, onOmitted } = options;
  if (globals !== undefined) expect(typeof globals === 'object' && globals !== null, 'globals', 'an object', globals);
  if (modules !== undefined)
    expect(
      typeof modules === 'function' || (typeof modules === 'object' && modules !== null),
      'modules',
      'a function (name, referrer) => source, or an object of modules by name',
      modules,
    );
  if (importMap !== undefined) checkImportMap(importMap);
  if (memoryLimit !== undefined) {
    expect(isPositive(memoryLimit), 'memoryLimit', 'a number of bytes above 0', memoryLimit, method);
    if (memoryLimit < 1024 * 1024)
      throw new RangeError(`${method}: memoryLimit must be at least 1048576 bytes (1 MiB), got ${memoryLimit}`);
  }
  if (timeLimit !== undefined)
    expect(isPositive(timeLimit), 'timeLimit', 'a number of milliseconds above 0', timeLimit, method);
  if (fuelLimit !== undefined) expect(isPositive(fuelLimit), 'fuelLimit', 'a number of operations above 0', fuelLimit);
  if (totalTimeLimit !== undefined)
    expect(isPositive(totalTimeLimit), 'totalTimeLimit', 'a number of milliseconds above 0', totalTimeLimit);
  if (timeSlice !== undefined)
    expect(isPositive(timeSlice), 'timeSlice', 'a number of milliseconds above 0', timeSlice);
  if (timeZone !== undefined)
    expect(isZoneName(timeZone), 'timeZone', 'the name of a time zone or an offset like +05:30', timeZone);
  if (turnBudget !== undefined)
    expect(isPositive(turnBudget), 'turnBudget', 'a number of milliseconds above 0', turnBudget);
  if (dutyCycle !== undefined)
    expect(isPositive(dutyCycle) && dutyCycle <= 1, 'dutyCycle', 'a number above 0, at most 1', dutyCycle);
  if (waitLimit !== undefined)
    expect(isPositive(waitLimit), 'waitLimit', 'a number of milliseconds above 0', waitLimit);
  if (stackLimit !== undefined) {
    expect(isPositive(stackLimit), 'stackLimit', 'a number of bytes above 0', stackLimit);
    if (stackLimit < 16 * 1024)
      throw new RangeError(`createSandbox: stackLimit must be at least 16384 bytes (16 KiB), got ${stackLimit}`);
  }
  if (isolation !== undefined)
    expect(
      ['auto', 'shared', 'instance'].includes(isolation),
      'isolation',
      "'auto', 'shared' or 'instance'",
      isolation,
    );
  if (signal !== undefined) expect(signal instanceof AbortSignal, 'signal', 'an AbortSignal', signal);
  if (interruptFlag !== undefined)
    expect(
      interruptFlag instanceof Int32Array && interruptFlag.length >= 1,
      'interruptFlag',
      'an Int32Array of at least one element',
      interruptFlag,
    );
  if (console !== undefined && console !== false) {
    expect(
      typeof console === 'object' && console !== null,
      'console',
      'false, or an object with a prefix or with methods like log',
      console,
    );
    const { prefix } = console;
    if (prefix !== undefined) expect(typeof prefix === 'string', 'console.prefix', 'a string', prefix);
  }
  if (wasm !== undefined)
    expect(isSource(wasm), 'wasm', 'a WebAssembly.Module, bytes, a Response, a URL or a promise of one', wasm, method);
  if (uncrossable !== undefined)
    expect(uncrossable === 'throw' || uncrossable === 'omit', 'uncrossable', "'throw' or 'omit'", uncrossable);
  for (const [name, callback] of Object.entries({
    onUnhandledRejection,
    onRejectionHandled,
    onUncaughtError,
    onOmitted,
  }))
    if (callback !== undefined) expect(typeof callback === 'function', name, 'a function', callback);
  const isLimitedOtherwise = [fuelLimit, totalTimeLimit, timeSlice, interruptFlag].some((value) => value !== undefined);
  return {
    globals,
    modules,
    importMap,
    wasm,
    console,
    signal,
    interruptFlag,
    onUnhandledRejection,
    onRejectionHandled,
    onUncaughtError,
    onOmitted,
    uncrossable: uncrossable ?? 'throw',
    memoryLimit: Math.min(memoryLimit ?? 256 * 1024 * 1024, 2 ** 32 - 1),
    stackLimit: Math.min(stackLimit ?? 4 * 1024 * 1024, 2 ** 31),
    timeLimit: timeLimit ?? (isLimitedOtherwise ? Infinity : DEFAULT_TIME_LIMIT),
    hasOwnTimeLimit: timeLimit !== undefined,
    fuelLimit: fuelLimit ?? Infinity,
    totalTimeLimit: totalTimeLimit ?? Infinity,
    timeSlice: timeSlice ?? Infinity,
    timeZone,
    turnBudget: turnBudget ?? 8,
    dutyCycle: dutyCycle ?? 0.9,
    waitLimit: waitLimit ?? Infinity,
    hostLimits: readHostLimits(hostLimits),
    isolation: isolation ?? 'auto',
    testHooks: false, // tests/tools/test-sandbox.mjs has them
    describesThrown: false, // thrown values arrive as texts for people; the command line uses this
  };
}

/** @param {any} map */
function checkImportMap(map) {
  const isTable = (/** @type {any} */ table) => typeof table === 'object' && table !== null && !Array.isArray(table);
  expect(isTable(map), 'importMap', 'an object with imports, scopes or both', map);
  const { imports, scopes, ...others } = map;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(`createSandbox: there is no '${unknown}' in importMap; there are imports, scopes`);
  if (scopes !== undefined) expect(isTable(scopes), 'importMap.scopes', 'an object of names by prefix', scopes);
  for (const [place, table] of [['imports', imports], ...Object.entries(scopes ?? {})]) {
    if (table === undefined) continue;
    expect(isTable(table), `importMap: ${place}`, 'an object of names', table);
    for (const [name, target] of Object.entries(table)) {
      expect(typeof target === 'string', `importMap: ${place}: ${name}`, 'a string', target);
      if (name.endsWith('/') && !target.endsWith('/'))
        throw new TypeError(
          `createSandbox: importMap: ${place}: '${name}' ends with '/', so its target must, got '${target}'`,
        );
    }
  }
}

/** @param {import('../index.js').HostLimits | undefined} hostLimits */
function readHostLimits(hostLimits) {
  if (hostLimits === undefined) return defaultHostLimits;
  expect(typeof hostLimits === 'object' && hostLimits !== null, 'hostLimits', 'an object of numbers', hostLimits);
  /** @type {Record<string, number>} */
  const limits = { ...defaultHostLimits };
  for (const [name, limit] of Object.entries(hostLimits)) {
    if (!Object.hasOwn(defaultHostLimits, name))
      throw new TypeError(
        `createSandbox: there is no limit '${name}' in hostLimits; there are ${Object.keys(defaultHostLimits).join(', ')}`,
      );
    if (limit === undefined) continue;
    expect(
      limit === Infinity || (Number.isInteger(limit) && limit > 0),
      `hostLimits.${name}`,
      'an integer above 0, or Infinity',
      limit,
    );
    limits[name] = limit;
  }
  return /** @type {Required<import('../index.js').HostLimits>} */ (limits);
}

/**
 * @param {string} method
 * @param {import('./types.d.ts').EntrySettings} options
 */
export function readEvalOptions(method, options = {}) {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`${method}: the options must be an object, got ${describe(options)}`);
  // evalSync cannot be aborted, since nothing else runs meanwhile.
  const names = ['name', 'timeLimit', 'fuelLimit', 'totalTimeLimit'];
  if (method !== 'evalSync' && method !== 'ref') names.push('waitLimit', 'signal');
  if (method !== 'import' && method !== 'ref') names.push('result');
  if (method === 'eval' || method === 'run') names.push('module');
  if (method === 'run') names.push('globals'); // of a task of a pool
  checkNames(method, options, names);
  const { name, timeLimit, fuelLimit, totalTimeLimit, result, module, waitLimit, signal } = options;
  if (name !== undefined && typeof name !== 'string')
    throw new TypeError(`${method}: name must be a string, got ${describe(name)}`);
  if (timeLimit !== undefined && !isPositive(timeLimit))
    throw new TypeError(`${method}: timeLimit must be a number of milliseconds above 0, got ${describe(timeLimit)}`);
  if (fuelLimit !== undefined && !isPositive(fuelLimit))
    throw new TypeError(`${method}: fuelLimit must be a number of operations above 0, got ${describe(fuelLimit)}`);
  if (result !== undefined && typeof result !== 'boolean')
    throw new TypeError(`${method}: result must be a boolean, got ${describe(result)}`);
  if (module !== undefined && typeof module !== 'boolean')
    throw new TypeError(`${method}: module must be a boolean, got ${describe(module)}`);
  if (totalTimeLimit !== undefined && !isPositive(totalTimeLimit))
    throw new TypeError(
      `${method}: totalTimeLimit must be a number of milliseconds above 0, got ${describe(totalTimeLimit)}`,
    );
  if (waitLimit !== undefined && !isPositive(waitLimit))
    throw new TypeError(`${method}: waitLimit must be a number of milliseconds above 0, got ${describe(waitLimit)}`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`${method}: signal must be an AbortSignal, got ${describe(signal)}`);
  return options;
}
