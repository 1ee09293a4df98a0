// The files in which packages are looked for: an object or Map by path, or a function that reads. Paths are absolute,
// with slashes, in a tree of their own: `..` does not lead out of it.

const LONGEST_PATH = 4096;
const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/**
 * @typedef {import('../modules.d.ts').ModuleFiles} ModuleFiles
 * @typedef {string | Uint8Array} Content
 */

/**
 * The path without `.`, `..` and empty segments; undefined: it is none.
 * @param {string} path
 */
export function normalized(path) {
  // What a host's file system may take for something else than a name.
  if (path.length > LONGEST_PATH || /[\\\0]|%2f|%5c/i.test(path)) return undefined;
  const segments = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** @param {string} path */
export const directoryOf = (path) => path.slice(0, path.lastIndexOf('/')) || '/';

/**
 * @param {string} directory
 * @param {string} name
 */
export const joined = (directory, name) => normalized(`${directory}/${name}`);

export class Files {
  #read;

  /** @param {ModuleFiles} files */
  constructor(files) {
    this.#read = readerOf(files);
  }

  /**
   * What is in the file; undefined: there is none.
   * @param {string} path
   * @returns {Promise<Content | undefined>}
   */
  async read(path) {
    let content;
    try {
      content = await this.#read(path);
    } catch (error) {
      if (missing.has(/** @type {any} */ (error)?.code)) return undefined;
      throw error;
    }
    if (content === undefined || content === null) return undefined;
    if (typeof content === 'string') return content;
    if (content instanceof ArrayBuffer) return new Uint8Array(content);
    if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
    throw new TypeError(`createResolver: the file '${path}' must be a string or bytes, got ${typeof content}`);
  }

  /** @param {string} path */
  async text(path) {
    const content = await this.read(path);
    return content === undefined ? undefined : textOf(content);
  }

  /** @param {string} path */
  async has(path) {
    return (await this.read(path)) !== undefined;
  }
}

/** @param {Content} content */
export function textOf(content) {
  if (typeof content === 'string') return content.startsWith('\ufeff') ? content.slice(1) : content;
  return new TextDecoder().decode(content);
}

/**
 * @param {ModuleFiles} files
 * @returns {(path: string) => any}
 */
function readerOf(files) {
  if (typeof files === 'function') return files;
  if (files instanceof Map) return (path) => files.get(path) ?? files.get(path.slice(1)) ?? files.get(`.${path}`);
  if (typeof files !== 'object' || files === null)
    throw new TypeError(
      `createResolver: files must be an object or Map by path, or a function (path) => content, got ${files === null ? 'null' : typeof files}`,
    );
  const table = /** @type {Record<string, any>} */ (files);
  return (path) => {
    for (const key of [path, path.slice(1), `.${path}`]) if (Object.hasOwn(table, key)) return table[key];
    return undefined;
  };
}
