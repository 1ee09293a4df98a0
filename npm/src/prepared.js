// Prepared programs: source texts that were compiled once, and run in any number of sandboxes. They hold bytes of the
// engine (engine/bytecode/prepared.h), which the engine trusts as it trusts its compiler. So nobody else gets them or
// makes such an object: not structured clone, and no class that is exported. Between threads of the package they cross
// in one direction, from the host to the worker (thread-values.js).
import { describe } from './errors.js';

/** @type {WeakMap<object, ArrayBuffer>} */
const bytesOf = new WeakMap();

class PreparedProgram {
  /**
   * @param {string} name
   * @param {boolean} isModule
   * @param {number} size
   */
  constructor(name, isModule, size) {
    this.name = name;
    this.isModule = isModule;
    this.size = size;
    Object.freeze(this);
  }
}

/**
 * @param {ArrayBuffer} bytes that only this program has
 * @param {string} name
 * @param {boolean} isModule
 */
export function makeProgram(bytes, name, isModule) {
  const program = new PreparedProgram(name, isModule, bytes.byteLength);
  bytesOf.set(program, bytes);
  return program;
}

/**
 * @param {any} value
 * @returns {value is PreparedProgram}
 */
export const isProgram = (value) => bytesOf.has(value);

/**
 * Its bytes: not to be changed, and not to be given to anybody.
 * @param {PreparedProgram} program
 */
export const programBytes = (program) => /** @type {ArrayBuffer} */ (bytesOf.get(program));

/**
 * What `eval` and the like were given: what the engine gets for it, and its default name.
 * @param {string} method
 * @param {any} source
 * @param {boolean | undefined} module what the options say
 * @returns {{ code: string | ArrayBuffer, name: string, isModule: boolean }}
 */
export function readSource(method, source, module) {
  if (typeof source === 'string') return { code: source, name: 'eval', isModule: module ?? false };
  checkSource(method, source, module);
  return { code: programBytes(source), name: source.name, isModule: source.isModule };
}

/**
 * @param {string} method
 * @param {any} source
 * @param {boolean} [module]
 */
export function checkSource(method, source, module) {
  if (typeof source === 'string') return;
  if (!isProgram(source))
    throw new TypeError(`${method}: the source must be a string or a prepared program, got ${describe(source)}`);
  const { name, isModule } = source;
  if (module !== undefined && module !== isModule)
    throw new TypeError(
      `${method}: the program '${name}' was prepared as a ${isModule ? 'module' : 'script'}, and module is ${module}`,
    );
  if (isModule && method !== 'eval' && method !== 'run')
    throw new TypeError(`${method}: the program '${name}' is a module; use eval, or give it as one of the modules`);
}

/**
 * The bytes of a program that is one of the modules of a sandbox.
 * @param {PreparedProgram} program
 * @param {string} name of the module
 * @param {string} type that the import asks for
 */
export function moduleBytes(program, name, type) {
  if (!program.isModule)
    throw new TypeError(`module '${name}' was prepared as a script; use compile(source, { module: true })`);
  if (type !== '') throw new TypeError(`module '${name}' is a prepared program, and was imported as '${type}'`);
  return programBytes(program);
}
