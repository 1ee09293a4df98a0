// caisson/modules: packages as npm installs them, for the option `modules` of a sandbox.
import { scanModule } from './commonjs-scan.js';
import { RUNTIME, definedPath, definition, facade, jsonAsCommonJs, jsonAsModule, runtime } from './commonjs-modules.js';
import { Files, textOf } from './module-files.js';
import { PackageResolution, ResolutionError } from './package-resolution.js';

/**
 * @typedef {import('./package-resolution.js').Manner} Manner
 * @typedef {import('./commonjs-modules.js').Dependency} Dependency
 * @typedef {import('./commonjs-scan.js').Scan} Scan
 * @typedef {'module' | 'commonjs' | 'json'} Format
 */

const nodeModules = new Set(
  `assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events
  fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream
  string_decoder sys timers tls tty url util v8 vm wasi worker_threads zlib`.split(/\s+/),
);
const known = ['builtins', 'conditions', 'env', 'resolution'];
const MOST_SCANS = 2000; // that are remembered

/**
 * @param {import('../modules.d.ts').ModuleFiles} files
 * @param {import('../modules.d.ts').ResolverOptions} [options]
 * @returns {import('../index.d.ts').ModuleResolver}
 */
export function createResolver(files, options = {}) {
  const resolver = new Resolver(files, options);
  return (name, referrer, request) => resolver.find(name, referrer, request);
}

class Resolver {
  #files;
  #resolution;
  #builtins;
  #environment;
  /** @type {Record<'import' | 'require', Manner>} */
  #manners;
  /** @type {Map<string, { source: string, scan: Scan }>} */
  #scans = new Map();

  /**
   * @param {import('../modules.d.ts').ModuleFiles} files
   * @param {import('../modules.d.ts').ResolverOptions} options
   */
  constructor(files, options) {
    const { builtins, conditions, env, isBundler } = readOptions(options);
    this.#files = new Files(files);
    this.#resolution = new PackageResolution(this.#files);
    this.#builtins = builtins;
    this.#environment = env;
    const common = { isBundler, mainFields: isBundler ? ['module', 'main'] : ['main'] };
    const further = isBundler ? [...conditions, 'module'] : conditions;
    this.#manners = {
      import: { ...common, isRequire: false, conditions: new Set([...further, 'import', 'module-sync']) },
      require: { ...common, isRequire: true, conditions: new Set([...further, 'require', 'module-sync']) },
    };
  }

  /**
   * @param {string} resolved
   * @param {string | undefined} referrer
   * @param {import('../index.d.ts').ModuleRequest} request
   * @returns {Promise<any>}
   */
  async find(resolved, referrer, { specifier, type }) {
    // Relative to a script whose name is no path.
    const name = isRelative(specifier) && !isRelative(resolved) ? `./${resolved}` : resolved;
    if (name === RUNTIME) return runtime;
    const defined = definedPath(name);
    if (defined !== undefined) return this.#definition(defined);
    const from = referrer?.startsWith('/') ? referrer : '/';
    const found = await this.#locate(name, from, this.#manners.import);
    const { path } = found;
    if (path === undefined) return found.builtin;
    const content = await this.#files.read(path);
    if (content === undefined) return undefined; // it was there a moment ago
    if (type !== '') return { name: path, source: content };
    const text = textOf(content);
    const format = await this.#formatOf(path, text);
    if (format === 'module') return { name: path, source: this.#withEnvironment(path, text) };
    if (format === 'commonjs') return { name: path, source: facade(path, await this.#exportsOf(path)) };
    if (this.#manners.import.isBundler) return { name: path, source: jsonAsModule(text) };
    throw new ResolutionError(
      'ERR_IMPORT_ATTRIBUTE_MISSING',
      `'${path}' must be imported with { type: 'json' }${from === '/' ? '' : `, not as in '${from}'`}`,
    );
  }

  /**
   * @param {string} name
   * @param {string} from
   * @param {Manner} manner
   * @returns {Promise<{ path: string } | { path?: undefined, builtin: any, name: string }>}
   */
  async #locate(name, from, manner) {
    const given = this.#builtinNamed(name);
    if (given !== undefined) return given;
    let path;
    try {
      path = await this.#resolution.resolve(name, from, manner);
    } catch (error) {
      throw nodeModules.has(name.replace(/^node:/, '').split('/')[0]) && isNotFound(error)
        ? noModuleOfNode(name, from)
        : error;
    }
    if (path.startsWith('/')) return { path };
    const internal = this.#builtinNamed(path);
    if (internal === undefined) throw noModuleOfNode(path, from);
    return internal;
  }

  /**
   * As in Node, `node:x` and `x` are the same.
   * @param {string} name
   */
  #builtinNamed(name) {
    for (const key of [name, name.startsWith('node:') ? name.slice('node:'.length) : `node:${name}`]) {
      if (!Object.hasOwn(this.#builtins, key)) continue;
      const given = this.#builtins[key];
      const isText = typeof given === 'string' || given instanceof ArrayBuffer || ArrayBuffer.isView(given);
      return { builtin: isText ? { name: key, source: given } : { name: key, exports: given }, name: key };
    }
    return undefined;
  }

  /**
   * The module that defines a CommonJS module, with what it requires.
   * @param {string} path
   */
  async #definition(path) {
    const text = await this.#files.text(path);
    if (text === undefined) return undefined;
    if ((await this.#formatOf(path, text)) === 'json') return definition(path, jsonAsCommonJs(text), true, new Map());
    const scan = this.#scanned(path, text);
    /** @type {Map<string, Dependency>} */
    const dependencies = new Map();
    for (const specifier of scan.requires) dependencies.set(specifier, await this.#dependency(specifier, path));
    return definition(path, this.#withEnvironment(path, text), scan.isStrict, dependencies);
  }

  /**
   * What cannot be found is an error only when it is required.
   * @param {string} specifier
   * @param {string} from
   * @returns {Promise<Dependency>}
   */
  async #dependency(specifier, from) {
    try {
      const found = await this.#locate(specifier, from, this.#manners.require);
      if (found.path === undefined) return { kind: 'host', name: found.name };
      const format = await this.#formatOf(found.path, (await this.#files.text(found.path)) ?? '');
      return { kind: format === 'module' ? 'module' : 'commonjs', name: found.path };
    } catch (error) {
      if (!(error instanceof ResolutionError)) throw error;
      return { kind: 'missing', message: error.message };
    }
  }

  /**
   * The names that a CommonJS module exports, and those of the modules that it passes on.
   * @param {string} path
   */
  async #exportsOf(path) {
    /** @type {Set<string>} */
    const names = new Set();
    const seen = new Set([path]);
    for (const place of seen) {
      const text = await this.#files.text(place);
      if (text === undefined) continue;
      if ((await this.#formatOf(place, text)) !== 'commonjs') continue;
      const scan = this.#scanned(place, text);
      for (const name of scan.exports) names.add(name);
      for (const specifier of scan.reexports) {
        const found = await this.#dependency(specifier, place);
        if (found.kind === 'commonjs') seen.add(found.name);
      }
    }
    return [...names];
  }

  /**
   * @param {string} path
   * @param {string} text
   * @returns {Promise<Format>}
   */
  async #formatOf(path, text) {
    const [ending = ''] = /\.\w+$/.exec(path.slice(path.lastIndexOf('/'))) ?? [];
    if (ending === '.json') return 'json';
    if (ending === '.mjs') return 'module';
    if (ending === '.cjs') return 'commonjs';
    if (ending !== '.js' && ending !== '') throw unknownEnding(path, ending);
    const scope = await this.#resolution.scopeOf(path);
    const type = scope?.json.type;
    if (type === 'module' || type === 'commonjs') return type;
    return this.#scanned(path, text).isModule ? 'module' : 'commonjs';
  }

  /**
   * @param {string} path
   * @param {string} source
   */
  #scanned(path, source) {
    const before = this.#scans.get(path);
    if (before?.source === source) return before.scan;
    if (this.#scans.size >= MOST_SCANS) this.#scans.clear();
    const scan = scanModule(source);
    this.#scans.set(path, { source, scan });
    return scan;
  }

  /**
   * The source with `process.env.NAME` replaced, in the same columns where that is possible.
   * @param {string} path
   * @param {string} source
   */
  #withEnvironment(path, source) {
    if (!/\bprocess\s*\.\s*env\b/.test(source)) return source;
    const { environment } = this.#scanned(path, source);
    const env = this.#environment;
    let text = '';
    let end = 0;
    for (const place of environment) {
      if (!Object.hasOwn(env, place.name)) continue;
      const value = JSON.stringify(env[place.name]);
      text += source.slice(end, place.start) + value.padEnd(place.end - place.start);
      end = place.end;
    }
    return end === 0 ? source : text + source.slice(end);
  }
}

const isRelative = (/** @type {string} */ name) => /^\.{0,2}\//.test(name);

const isNotFound = (/** @type {any} */ error) =>
  error instanceof ResolutionError && error.code === 'ERR_MODULE_NOT_FOUND';

/**
 * @param {string} name
 * @param {string} from
 */
function noModuleOfNode(name, from) {
  return new ResolutionError(
    'ERR_MODULE_NOT_FOUND',
    `there is no module '${name}'${from === '/' ? '' : `, imported from '${from}'`}: a sandbox has no modules of Node, but the option builtins can give one`,
  );
}

/**
 * @param {string} path
 * @param {string} ending
 */
function unknownEnding(path, ending) {
  const what = /^\.[cm]?tsx?$/.test(ending)
    ? 'TypeScript has to be compiled before'
    : "import it with { type: 'text' } or 'bytes'";
  return new ResolutionError('ERR_UNKNOWN_FILE_EXTENSION', `'${path}' is no JavaScript by its name: ${what}`);
}

/** @param {any} options */
function readOptions(options) {
  const expect = (/** @type {boolean} */ condition, /** @type {string} */ what) => {
    if (!condition) throw new TypeError(`createResolver: ${what}`);
  };
  const isTable = (/** @type {unknown} */ value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  expect(isTable(options), 'the options must be an object');
  for (const name of Object.keys(options))
    expect(known.includes(name), `there is no option '${name}'; there are ${known.join(', ')}`);
  const { builtins = {}, conditions = [], env = { NODE_ENV: 'production' }, resolution = 'node' } = options;
  expect(isTable(builtins), 'builtins must be an object of modules by name');
  expect(
    Array.isArray(conditions) && conditions.every((item) => typeof item === 'string'),
    'conditions must be an array of strings',
  );
  expect(
    isTable(env) && Object.values(env).every((value) => typeof value === 'string'),
    'env must be an object of strings by name',
  );
  expect(resolution === 'node' || resolution === 'bundler', "resolution must be 'node' or 'bundler'");
  return { builtins, conditions, env, isBundler: resolution === 'bundler' };
}
