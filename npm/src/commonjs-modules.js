// CommonJS modules as ES modules of the guest. A CommonJS module runs when it is first required, so its dependencies
// cannot simply be imported. It becomes two modules: one that defines it, and one that runs it.
//
//   commonjs:/PATH   gives its function to the guest's table of definitions, and imports the definitions of everything
//                    that it requires by name. Nothing runs yet, so cycles and conditions are no matter.
//   /PATH            what `import` gets: requires it, and exports `module.exports` as the default and by its names.
//   commonjs:        the table, and `require`.
//
// A strict source becomes a function of its defining module, so that its lines appear in stacks. Any other has to stay
// out of strict mode: it is a text that is evaluated.
const SCHEME = 'commonjs:';
export const RUNTIME = SCHEME;

/** @param {string} path */
export const definitionName = (path) => SCHEME + path;
/** @param {string} name */
export const definedPath = (name) => (name.startsWith(`${SCHEME}/`) ? name.slice(SCHEME.length) : undefined);

/**
 * @typedef {{ kind: 'commonjs' | 'module' | 'host', name: string } | { kind: 'missing', message: string }} Dependency
 */

const parameters = 'exports, require, module, __filename, __dirname';

/** What `commonjs:` is. */
export const runtime = `
const definitions = new Map();
const modules = Object.create(null);
const { defineProperty } = Object;

export function define(path, load, names) {
  if (!definitions.has(path)) definitions.set(path, { load, names });
}
export function compile(text) {
  return (0, eval)('(function (${parameters}) {' + text + '\\n})');
}

function failure(message, code = 'MODULE_NOT_FOUND') {
  const error = new Error(message);
  error.code = code;
  return error;
}
const directoryOf = (path) => path.slice(0, path.lastIndexOf('/')) || '/';
function join(directory, name) {
  const segments = [];
  for (const segment of (name.startsWith('/') ? name : directory + '/' + name).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return '/' + segments.join('/');
}

// A name that is not a literal in the source can only lead to what has been loaded for others.
function resolve(path, specifier) {
  const { names } = definitions.get(path);
  if (Object.hasOwn(names, specifier)) return names[specifier];
  if (typeof specifier !== 'string') throw failure('require: the name must be a string', 'ERR_INVALID_ARG_TYPE');
  if (/^\\.{0,2}\\//.test(specifier) || specifier === '.' || specifier === '..') {
    const whole = join(directoryOf(path), specifier);
    for (const ending of ['', '.js', '.json', '.cjs', '/index.js', '/index.json'])
      if (definitions.has(whole + ending)) return whole + ending;
  }
  throw failure(
    "Cannot find module '" + specifier + "', required by '" + path +
      "': modules are loaded ahead, by the names that stand as literals in require()",
  );
}

function requireFrom(path, specifier) {
  const target = resolve(path, specifier);
  if (typeof target === 'string') return require(target);
  if ('message' in target) throw failure(target.message);
  const { namespace, isHost } = target;
  if ('module.exports' in namespace) return namespace['module.exports'];
  return isHost && 'default' in namespace ? namespace.default : namespace;
}

export function require(path) {
  const known = modules[path];
  if (known !== undefined) return known.exports;
  const { load } = definitions.get(path);
  const module = { id: path, path: directoryOf(path), exports: {}, filename: path, loaded: false, children: [], paths: [] };
  const own = (specifier) => requireFrom(path, specifier);
  own.resolve = (specifier) => {
    const target = resolve(path, specifier);
    return typeof target === 'string' ? target : specifier;
  };
  own.cache = modules;
  own.main = undefined;
  defineProperty(module, 'require', { value: own, writable: true, configurable: true });
  modules[path] = module;
  let isDone = false;
  try {
    load().call(module.exports, module.exports, own, module, path, directoryOf(path));
    isDone = true;
  } finally {
    if (!isDone) delete modules[path];
  }
  module.loaded = true;
  return module.exports;
}

// Names that are found in the source need not be there.
export function read(exports, names) {
  return names.map((name) => {
    try {
      return exports[name];
    } catch {}
  });
}
`;

/**
 * What an import of the module gets.
 * @param {string} path
 * @param {string[]} names
 */
export function facade(path, names) {
  const text = `import { require as $require, read as $read } from ${quote(RUNTIME)};
import ${quote(definitionName(path))};
const $module = $require(${quote(path)});
export { $module as default, $module as 'module.exports' };
`;
  const others = names.filter((name) => name !== 'module.exports');
  if (others.length === 0) return text;
  const list = others.map((_, i) => `$${i}`).join(', ');
  const exported = others.map((name, i) => `$${i} as ${quote(name)}`).join(', ');
  return `${text}const [${list}] = $read($module, ${JSON.stringify(others)});\nexport { ${exported} };\n`;
}

/**
 * @param {string} path
 * @param {string} source
 * @param {boolean} isStrict
 * @param {Map<string, Dependency>} dependencies by what `require` is called with
 */
export function definition(path, source, isStrict, dependencies) {
  /** @type {string[]} */
  const imports = [];
  /** @type {string[]} */
  const names = [];
  for (const [specifier, dependency] of dependencies) {
    let target;
    if (dependency.kind === 'missing') {
      target = `{ message: ${quote(dependency.message)} }`;
    } else if (dependency.kind === 'commonjs') {
      imports.push(`import ${quote(definitionName(dependency.name))};`);
      target = quote(dependency.name);
    } else {
      const variable = `$${imports.length}`;
      imports.push(`import * as ${variable} from ${quote(dependency.name)};`);
      target = `{ namespace: ${variable}, isHost: ${dependency.kind === 'host'} }`;
    }
    names.push(`[${quote(specifier)}]: ${target}`);
  }
  const text = source.startsWith('#!') ? `//${source}` : source;
  const head = `import { define as $define, compile as $compile } from ${quote(RUNTIME)};${imports.join('')}`;
  const load = isStrict
    ? `() => function (${parameters}) {${text}\n}` // its first line is that of the source
    : `() => $compile(${quote(text)})`;
  return `${head}$define(${quote(path)}, ${load}, { ${names.join(', ')} });\n`;
}

/** @param {string} text JSON */
export const jsonAsCommonJs = (text) => `module.exports = JSON.parse(${quote(text)});`;

/** @param {string} text JSON */
export const jsonAsModule = (text) => `export default JSON.parse(${quote(text)});`;

const quote = JSON.stringify;
