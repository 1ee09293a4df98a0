// Which file a name means, by the rules of Node: for `import` https://nodejs.org/api/esm.html#resolution-algorithm, for
// `require` https://nodejs.org/api/modules.html#all-together. As in Node, conditions are tried in the package's order.
import { directoryOf, joined, normalized } from './module-files.js';

const MOST_PACKAGES = 5000;

export class ResolutionError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'Error';
    this.code = code;
  }
}

/**
 * @typedef {{
 *   conditions: Set<string>,
 *   isRequire: boolean,
 *   isBundler: boolean, // extensions are tried, and indexes of folders
 *   mainFields: string[],
 * }} Manner
 * @typedef {{ path: string, json: any }} Scope a folder with a package.json
 */

export class PackageResolution {
  #files;
  /** @type {Map<string, Promise<any>>} */
  #packages = new Map(); // what the package.json of a folder says

  /** @param {import('./module-files.js').Files} files */
  constructor(files) {
    this.#files = files;
  }

  /**
   * The path of the module.
   * @param {string} specifier
   * @param {string} referrer the path of the module that imports
   * @param {Manner} manner
   * @returns {Promise<string>}
   */
  async resolve(specifier, referrer, manner) {
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
      const path = specifier.startsWith('/') ? normalized(specifier) : joined(directoryOf(referrer), specifier);
      if (path === undefined) throw invalid(specifier, referrer, 'it has characters that paths may not have');
      return this.#file(specifier.endsWith('/') ? `${path}/` : path, specifier, referrer, manner);
    }
    if (specifier.startsWith('#')) return this.#internal(specifier, referrer, manner);
    if (/^[a-z][a-z\d+.-]*:/i.test(specifier)) throw notFound(specifier, referrer, '');
    return this.#package(specifier, referrer, manner);
  }

  /**
   * The nearest folder with a package.json.
   * @param {string} path
   * @returns {Promise<Scope | undefined>}
   */
  async scopeOf(path) {
    for (let folder = directoryOf(path); ; folder = directoryOf(folder)) {
      if (folder.endsWith('/node_modules')) return undefined;
      const json = await this.#packageJson(folder);
      if (json !== undefined) return { path: folder, json };
      if (folder === '/') return undefined;
    }
  }

  /**
   * As in Node it is read once; not when that failed.
   * @param {string} folder
   */
  #packageJson(folder) {
    let json = this.#packages.get(folder);
    if (json === undefined) {
      // A guest can ask for any number of folders.
      if (this.#packages.size >= MOST_PACKAGES) this.#packages.clear();
      json = this.#readPackageJson(folder);
      this.#packages.set(folder, json);
      json.catch(() => this.#packages.delete(folder));
    }
    return json;
  }

  /** @param {string} folder */
  async #readPackageJson(folder) {
    const path = /** @type {string} */ (joined(folder, 'package.json'));
    const text = await this.#files.text(path);
    if (text === undefined) return undefined;
    let json;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new ResolutionError(
        'ERR_INVALID_PACKAGE_CONFIG',
        `'${path}' is no JSON: ${/** @type {Error} */ (error).message}`,
      );
    }
    return isObject(json) ? json : {};
  }

  /**
   * The file of a path; `require` and bundlers try extensions and indexes of folders.
   * @param {string} path
   * @param {string} specifier
   * @param {string} referrer
   * @param {Manner} manner
   */
  async #file(path, specifier, referrer, manner) {
    const isFolder = path.endsWith('/') && path !== '/';
    const found =
      (isFolder ? undefined : await this.#existing(path, manner)) ?? (await this.#index(path, manner, referrer));
    if (found !== undefined) return found;
    const bundler = { ...manner, isBundler: true };
    const meant =
      (isFolder ? undefined : await this.#existing(path, bundler)) ?? (await this.#index(path, bundler, referrer));
    if (meant === undefined) throw notFound(path, referrer, '');
    const hint = `: ES modules name the file, '${meant}' (resolution: 'bundler' looks for it)`;
    if (!meant.startsWith(path) || /^\.\w+$/.test(meant.slice(path.length))) throw notFound(path, referrer, hint);
    throw new ResolutionError('ERR_UNSUPPORTED_DIR_IMPORT', `'${path}' is a folder${hint}${importedFrom(referrer)}`);
  }

  /**
   * @param {string} path
   * @param {Manner} manner
   */
  async #existing(path, { isRequire, isBundler }) {
    const endings = isBundler ? ['', '.js', '.mjs', '.cjs', '.json'] : isRequire ? ['', '.js', '.json'] : [''];
    for (const ending of endings) if (await this.#files.has(path + ending)) return path + ending;
    return undefined;
  }

  /**
   * @param {string} folder
   * @param {Manner} manner
   * @param {string} referrer
   * @returns {Promise<string | undefined>}
   */
  async #index(folder, manner, referrer) {
    if (!manner.isRequire && !manner.isBundler) return undefined;
    const json = await this.#packageJson(folder);
    return (
      (json && (await this.#main(folder, json, manner))) ??
      this.#existing(/** @type {string} */ (joined(folder, 'index')), manner)
    );
  }

  /**
   * What the package says is its main file: found as `require` finds it, in ES modules too.
   * @param {string} folder
   * @param {any} json
   * @param {Manner} manner
   */
  async #main(folder, json, manner) {
    const lenient = { ...manner, isRequire: true };
    for (const field of manner.mainFields) {
      if (typeof json[field] !== 'string') continue;
      const path = joined(folder, json[field]);
      if (path === undefined) continue;
      const found =
        (await this.#existing(path, lenient)) ??
        (await this.#existing(/** @type {string} */ (joined(path, 'index')), lenient));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * @param {string} specifier
   * @param {string} referrer
   * @param {Manner} manner
   */
  async #package(specifier, referrer, manner) {
    const { name, subpath } = packageName(specifier, referrer);
    const own = await this.scopeOf(referrer);
    if (own !== undefined && own.json.name === name && (own.json.exports ?? undefined) !== undefined)
      return this.#exported(own, subpath, referrer, manner);
    for (let folder = directoryOf(referrer); ; folder = directoryOf(folder)) {
      if (!folder.endsWith('/node_modules')) {
        const found = await this.#inFolder(
          /** @type {string} */ (joined(folder, `node_modules/${name}`)),
          subpath,
          referrer,
          manner,
        );
        if (found !== undefined) return found;
      }
      if (folder === '/') break;
    }
    throw new ResolutionError('ERR_MODULE_NOT_FOUND', `there is no package '${name}'${importedFrom(referrer)}`);
  }

  /**
   * Undefined: there is no such package in the folder.
   * @param {string} folder
   * @param {string} subpath
   * @param {string} referrer
   * @param {Manner} manner
   */
  async #inFolder(folder, subpath, referrer, manner) {
    const json = await this.#packageJson(folder);
    if (json !== undefined && (json.exports ?? undefined) !== undefined)
      return this.#exported({ path: folder, json }, subpath, referrer, manner);
    if (subpath !== '.') {
      const path = /** @type {string} */ (joined(folder, subpath));
      if (json === undefined && !(await this.#existing(path, manner)) && !(await this.#index(path, manner, referrer)))
        return undefined;
      return this.#file(path, subpath, referrer, manner);
    }
    const lenient = { ...manner, isRequire: true };
    const found =
      (json && (await this.#main(folder, json, manner))) ??
      (await this.#existing(/** @type {string} */ (joined(folder, 'index')), lenient));
    if (found === undefined && json !== undefined)
      throw notFound(folder, referrer, `: its package.json names no main file that is there`);
    return found;
  }

  /**
   * @param {Scope} scope
   * @param {string} subpath
   * @param {string} referrer
   * @param {Manner} manner
   */
  async #exported(scope, subpath, referrer, manner) {
    const { exports } = scope.json;
    const isMap =
      isObject(exports) && !Array.isArray(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
    if (isMap && Object.keys(exports).some((key) => !key.startsWith('.')))
      throw new ResolutionError(
        'ERR_INVALID_PACKAGE_CONFIG',
        `the exports of '${scope.path}/package.json' must be either paths or conditions, not both`,
      );
    const found = await this.#mapped(isMap ? exports : { '.': exports }, subpath, scope, referrer, manner);
    if (typeof found === 'string') return this.#target(found, referrer);
    const what = subpath === '.' ? 'no main entry' : `no '${subpath}'`;
    throw new ResolutionError(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
      `'${scope.path}/package.json' exports ${what} for the conditions ${[...manner.conditions, 'default'].join(', ')}${importedFrom(referrer)}`,
    );
  }

  /**
   * @param {string} specifier
   * @param {string} referrer
   * @param {Manner} manner
   */
  async #internal(specifier, referrer, manner) {
    if (specifier === '#' || specifier.startsWith('#/')) throw invalid(specifier, referrer, 'a name must follow #');
    const scope = await this.scopeOf(referrer);
    const found =
      scope && isObject(scope.json.imports)
        ? await this.#mapped(scope.json.imports, specifier, scope, referrer, manner, true)
        : undefined;
    if (typeof found === 'string') return found.startsWith('/') ? this.#target(found, referrer) : found;
    throw new ResolutionError(
      'ERR_PACKAGE_IMPORT_NOT_DEFINED',
      `'${specifier}' is not among the imports of ${scope ? `'${scope.path}/package.json'` : 'a package.json'}${importedFrom(referrer)}`,
    );
  }

  /**
   * The file is exactly what the package says.
   * @param {string} path
   * @param {string} referrer
   */
  async #target(path, referrer) {
    if (await this.#files.has(path)) return path;
    throw notFound(path, referrer, '');
  }

  /**
   * The target of a key, literally or by the most specific pattern. Null or undefined: there is none.
   * @param {Record<string, any>} table
   * @param {string} key
   * @param {Scope} scope
   * @param {string} referrer
   * @param {Manner} manner
   * @param {boolean} [isInternal]
   */
  async #mapped(table, key, scope, referrer, manner, isInternal = false) {
    if (Object.hasOwn(table, key) && !key.includes('*'))
      return this.#targetOf(table[key], undefined, key, scope, referrer, manner, isInternal);
    let best = '';
    for (const pattern of Object.keys(table)) {
      const [prefix, suffix, ...more] = pattern.split('*');
      if (suffix === undefined || more.length > 0) continue;
      const fits = key.startsWith(prefix) && key !== prefix && key.length >= pattern.length && key.endsWith(suffix);
      if (fits && isMoreSpecific(pattern, best)) best = pattern;
    }
    if (best === '') return undefined;
    const [prefix, suffix] = best.split('*');
    const match = key.slice(prefix.length, key.length - suffix.length);
    return this.#targetOf(table[best], match, best, scope, referrer, manner, isInternal);
  }

  /**
   * @param {any} target
   * @param {string | undefined} match
   * @param {string} key
   * @param {Scope} scope
   * @param {string} referrer
   * @param {Manner} manner
   * @param {boolean} isInternal
   * @returns {Promise<string | null | undefined>}
   */
  async #targetOf(target, match, key, scope, referrer, manner, isInternal) {
    if (typeof target === 'string') {
      const filled = match === undefined ? target : target.replaceAll('*', () => match);
      if (target.startsWith('./')) {
        const rest = [target.slice(2), ...(match === undefined ? [] : [match])];
        const path = joined(scope.path, filled);
        if (path === undefined || rest.some(leavesPackage)) throw invalidTarget(target, key, scope, referrer);
        return path;
      }
      if (isInternal && !/^\.\.?\/|^\/|^[a-z][a-z\d+.-]*:\/\//i.test(target)) {
        if (filled.startsWith('#')) throw invalidTarget(target, key, scope, referrer);
        return this.resolve(filled, `${scope.path === '/' ? '' : scope.path}/package.json`, manner).catch((error) => {
          // Perhaps one of Node's own, or of the host's.
          if (error instanceof ResolutionError && error.code === 'ERR_MODULE_NOT_FOUND') return filled;
          throw error;
        });
      }
      throw invalidTarget(target, key, scope, referrer);
    }
    if (target === null) return null;
    if (Array.isArray(target)) {
      /** @type {any} */
      let last;
      for (const item of target) {
        try {
          const found = await this.#targetOf(item, match, key, scope, referrer, manner, isInternal);
          if (found !== undefined && found !== null) return found;
          last = found;
        } catch (error) {
          if (/** @type {any} */ (error).code !== 'ERR_INVALID_PACKAGE_TARGET') throw error;
          last = error;
        }
      }
      if (last instanceof Error) throw last;
      return last;
    }
    if (!isObject(target)) throw invalidTarget(target, key, scope, referrer);
    for (const condition of Object.keys(target)) {
      if (condition !== 'default' && !manner.conditions.has(condition)) continue;
      const found = await this.#targetOf(target[condition], match, key, scope, referrer, manner, isInternal);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
const isObject = (value) => typeof value === 'object' && value !== null;

/** @param {string} path */
const leavesPackage = (path) => /(?:^|\/)(?:\.\.?|node_modules)(?:\/|$)/i.test(path) || /[\\]|%2f|%5c|%2e/i.test(path);

/**
 * @param {string} specifier
 * @param {string} referrer
 */
function packageName(specifier, referrer) {
  const match = /^(?:@[^/@]+\/)?[^/]+/.exec(specifier);
  if (match === null || match[0].startsWith('.') || (specifier.startsWith('@') && !match[0].includes('/')))
    throw invalid(specifier, referrer, 'it is no name of a package');
  const [name] = match;
  if (normalized(specifier) === undefined || /[%\\]/.test(name))
    throw invalid(specifier, referrer, 'it has characters that names of packages may not have');
  return { name, subpath: `.${specifier.slice(name.length)}` };
}

/**
 * As PATTERN_KEY_COMPARE: what stands before the star counts first.
 * @param {string} pattern
 * @param {string} other
 */
function isMoreSpecific(pattern, other) {
  if (other === '') return true;
  const [a, b] = [pattern.indexOf('*'), other.indexOf('*')];
  return a !== b ? a > b : pattern.length > other.length;
}

/** @param {string} referrer */
const importedFrom = (referrer) => (referrer === '/' ? '' : `, imported from '${referrer}'`);

/**
 * @param {string} path
 * @param {string} referrer
 * @param {string} hint
 */
function notFound(path, referrer, hint) {
  return new ResolutionError('ERR_MODULE_NOT_FOUND', `there is no module '${path}'${importedFrom(referrer)}${hint}`);
}

/**
 * @param {string} specifier
 * @param {string} referrer
 * @param {string} why
 */
function invalid(specifier, referrer, why) {
  return new ResolutionError(
    'ERR_INVALID_MODULE_SPECIFIER',
    `'${specifier}' is no name of a module: ${why}${importedFrom(referrer)}`,
  );
}

/**
 * @param {any} target
 * @param {string} key
 * @param {Scope} scope
 * @param {string} referrer
 */
function invalidTarget(target, key, scope, referrer) {
  return new ResolutionError(
    'ERR_INVALID_PACKAGE_TARGET',
    `'${scope.path}/package.json' leads '${key}' to ${JSON.stringify(target)}, which is no file of the package${importedFrom(referrer)}`,
  );
}
