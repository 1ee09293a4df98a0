// What caisson/files has on every host: a file system for guests, as the modules node:fs, node:fs/promises and
// node:path.
import { DirectoryFiles } from './directory-files.js';
import { describe } from './errors.js';
import { FileSystem } from './file-system.js';
import { fsPromisesText, fsText, pathText } from './guest-texts.js';
import { checkOptions, limitOf } from './installation.js';
import { MemoryFiles } from './memory-files.js';

const known = ['writable', 'sizeLimit', 'fileLimit', 'countLimit'];

/** @param {string} name */
const again = (name) => `export * from '${name}';\nexport { default } from '${name}';`;

/** @param {FileSystem} files */
function modulesOf(files) {
  return {
    'caisson:files': {
      /** @param {any[]} values */
      call: (...values) => files.call(values[0], ...values.slice(1)),
      /** @param {any[]} values */
      callLater: async (...values) => files.call(values[0], ...values.slice(1)),
    },
    'node:fs': fsText,
    'node:fs/promises': fsPromisesText,
    'node:path': pathText,
    'node:path/posix': again('node:path'),
    fs: again('node:fs'),
    'fs/promises': again('node:fs/promises'),
    path: again('node:path'),
    'path/posix': again('node:path'),
  };
}

/**
 * @param {string} place
 * @param {any} options
 * @param {boolean} isWritable by default
 */
function rulesOf(place, options, isWritable) {
  checkOptions(place, options, known);
  const { writable = isWritable } = options;
  if (typeof writable !== 'boolean')
    throw new TypeError(`${place}: writable must be true or false, got ${describe(writable)}`);
  return {
    isWritable: writable,
    sizeLimit: limitOf(place, 'sizeLimit', options.sizeLimit, 64 * 1024 * 1024),
    fileLimit: limitOf(place, 'fileLimit', options.fileLimit, 16 * 1024 * 1024),
    countLimit: limitOf(place, 'countLimit', options.countLimit, 10_000),
  };
}

/**
 * @param {Record<string, string | ArrayBuffer | ArrayBufferView>} [contents]
 * @param {import('../files.js').FilesOptions} [options]
 */
export function memoryFiles(contents = {}, options = {}) {
  const place = 'memoryFiles';
  const rules = rulesOf(place, options, true);
  // A Map or a list would be taken for an object without files.
  if (typeof contents !== 'object' || contents === null || Symbol.iterator in contents)
    throw new TypeError(`${place}: expected an object of files by path, got ${describe(contents)}`);
  const store = new MemoryFiles();
  // What the host puts there has no limits, and is not counted.
  const own = new FileSystem(store, {
    isWritable: true,
    sizeLimit: Infinity,
    fileLimit: Infinity,
    countLimit: Infinity,
  });
  /** @param {string} path @param {unknown} content */
  const write = (path, content) => {
    const whole = absolute(path);
    own.call('makeDirectory', whole.slice(0, whole.lastIndexOf('/')) || '/', true);
    own.call('write', whole, bytesOf(place, path, content), 'replace', false);
  };
  for (const path of Object.keys(contents)) write(path, contents[path]);
  return {
    modules: modulesOf(new FileSystem(store, rules)),
    write,
    /** @param {string} path */
    read: (path) => /** @type {Uint8Array<ArrayBuffer>} */ (own.call('read', absolute(path))),
    contents() {
      const found = /** @type {[string, string][]} */ (own.call('list', '/', true));
      const files = found
        .filter(([, kind]) => kind === 'file')
        .map(([name]) => [`/${name}`, own.call('read', `/${name}`)]);
      return Object.fromEntries(files);
    },
  };
}

/**
 * directoryFiles of an entry, over modules of its host.
 * @param {() => { fs: any, path: any, fileURLToPath: (url: URL) => string }} node throws where there are none
 */
export const directoriesOf = (node) =>
  /**
   * @param {any} directory
   * @param {import('../files.js').FilesOptions} [options]
   */
  function directoryFiles(directory, options = {}) {
    const place = 'directoryFiles';
    const rules = rulesOf(place, options, false);
    const { fileURLToPath, ...modules } = node();
    const path = directory instanceof URL ? fileURLToPath(directory) : directory;
    if (typeof path !== 'string' || path === '')
      throw new TypeError(`${place}: expected the path of a directory, got ${describe(directory)}`);
    return { modules: modulesOf(new FileSystem(new DirectoryFiles(place, path, modules), rules)) };
  };

/** @param {string} path */
function absolute(path) {
  if (typeof path !== 'string') throw new TypeError(`memoryFiles: a path must be a string, got ${describe(path)}`);
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/**
 * @param {string} place
 * @param {string} path
 * @param {any} content
 */
function bytesOf(place, path, content) {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof ArrayBuffer) return new Uint8Array(content.slice(0));
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
  throw new TypeError(`${place}: the content of ${path} must be a text or bytes, got ${describe(content)}`);
}
