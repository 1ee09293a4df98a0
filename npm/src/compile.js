// compile: from a source text to a prepared program (prepared.js), in a runtime of its own that runs nothing.
import { describe } from './errors.js';
import { Guest } from './guest.js';
import { startRuntime } from './instances.js';
import { checkNames, readOptions } from './options.js';
import { makeProgram } from './prepared.js';
import { Operation } from './protocol.js';
import { moduleOf } from './wasm-sources.js';

/**
 * @param {any} options
 * @param {import('./types.d.ts').Host} host
 */
function readCompileOptions(options, host) {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`compile: the options must be an object, got ${describe(options)}`);
  checkNames('compile', options, ['name', 'module', 'memoryLimit', 'timeLimit', 'wasm']);
  const { name = 'eval', module = false, ...others } = options;
  if (typeof name !== 'string') throw new TypeError(`compile: name must be a string, got ${describe(name)}`);
  if (typeof module !== 'boolean') throw new TypeError(`compile: module must be a boolean, got ${describe(module)}`);
  // What a guest may have done to its instance must not reach programs that are made there.
  const settings = { ...readOptions({ ...others, console: false, isolation: 'instance' }, 'compile'), host };
  return { name, module, settings };
}

/**
 * `compile` of an entry of the package, for a host.
 * @param {import('./types.d.ts').Host} host
 */
export function compilersOf(host) {
  /**
   * @param {string} source
   * @param {any} [options]
   */
  return async function compile(source, options = {}) {
    if (typeof source !== 'string')
      throw new TypeError(`compile: the source must be a string, got ${describe(source)}`);
    const { name, module, settings } = readCompileOptions(options, host);
    settings.wasm = await moduleOf(settings.wasm, host);
    const compiled = latest.then(() => compileIn(settings, source, name, module));
    latest = compiled.then(nothing, nothing);
    return compiled;
  };
}

// One after the other: each takes an instance, of which a page has few, and the thread.
/** @type {Promise<void>} */
let latest = Promise.resolve();
const nothing = () => {};

/**
 * @param {import('./types.d.ts').Settings} settings
 * @param {string} source
 * @param {string} name
 * @param {boolean} module
 */
async function compileIn(settings, source, name, module) {
  const guest = new Guest(await startRuntime(settings), settings, undefined);
  try {
    const { value } = guest.entries.enter(Operation.PREPARE, 0, 0, [source, name, module]);
    return makeProgram(value, name, module);
  } finally {
    guest.dispose();
  }
}
