// Files in memory. Paths are those that file-system.js has checked.
import { fileError } from './file-errors.js';

/** @typedef {{ kind: 'file', bytes: Uint8Array, size: number, modified: number, made: number }} MemoryFile */
/** @typedef {{ kind: 'directory', children: Map<string, Node>, modified: number, made: number }} Directory */
/** @typedef {MemoryFile | Directory} Node */
/** @typedef {import('./file-errors.js').Code} Code */

/** @param {string} path */
const partsOf = (path) => (path === '/' ? [] : path.slice(1).split('/'));
/** @returns {Directory} */
const newDirectory = () => ({ kind: 'directory', children: new Map(), modified: Date.now(), made: Date.now() });

export class MemoryFiles {
  #root = newDirectory();

  /**
   * @template T
   * @param {() => T} action
   */
  during(action) {
    return action();
  }

  /**
   * The node of a path; undefined where only the last part is missing.
   * @param {string} path
   * @param {string} syscall
   */
  #find(path, syscall) {
    /** @type {Node | undefined} */
    let node = this.#root;
    const parts = partsOf(path);
    for (const [index, part] of parts.entries()) {
      if (node.kind !== 'directory') throw fileError('ENOTDIR', syscall, path);
      const next = node.children.get(part);
      if (next === undefined && index < parts.length - 1) throw fileError('ENOENT', syscall, path);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  /**
   * @param {string} path
   * @param {string} syscall
   */
  #get(path, syscall) {
    const node = this.#find(path, syscall);
    if (node === undefined) throw fileError('ENOENT', syscall, path);
    return node;
  }

  /**
   * @param {string} path
   * @param {string} syscall
   */
  #file(path, syscall) {
    const node = this.#get(path, syscall);
    if (node.kind !== 'file') throw fileError('EISDIR', syscall, path);
    return node;
  }

  /**
   * The directory that has the last part of a path.
   * @param {string} path
   * @param {string} syscall
   * @returns {[Directory, string]}
   */
  #parent(path, syscall) {
    if (path === '/') throw fileError('EPERM', syscall, path);
    const at = path.lastIndexOf('/');
    const node = this.#get(at === 0 ? '/' : path.slice(0, at), syscall);
    if (node.kind !== 'directory') throw fileError('ENOTDIR', syscall, path);
    return [node, path.slice(at + 1)];
  }

  /** @param {string} path */
  read(path) {
    const { bytes, size } = this.#file(path, 'open');
    return bytes.slice(0, size);
  }

  /**
   * @param {string} path
   * @param {string} syscall
   * @returns {number | undefined} bytes; undefined: there is no file
   */
  sizeOf(path, syscall) {
    const node = this.#find(path, syscall);
    if (node?.kind === 'directory') throw fileError('EISDIR', syscall, path);
    return node?.size;
  }

  /**
   * @param {string} path
   * @param {Uint8Array} data
   * @param {number} at where the data begin: what is after them stays
   * @param {number} size of the file then
   */
  write(path, data, at, size) {
    const [parent, name] = this.#parent(path, 'open');
    let file = parent.children.get(name);
    if (file === undefined) {
      file = { kind: 'file', bytes: new Uint8Array(0), size: 0, modified: 0, made: Date.now() };
      parent.children.set(name, file);
      parent.modified = Date.now();
    }
    if (file.kind !== 'file') throw fileError('EISDIR', 'open', path);
    // Twice as much when it grows: many short additions stay quick.
    if (size > file.bytes.length || size < file.bytes.length / 2) {
      const bytes = new Uint8Array(size > file.size && file.size > 0 ? Math.max(size, 2 * file.size) : size);
      bytes.set(file.bytes.subarray(0, Math.min(file.size, size)));
      file.bytes = bytes;
    }
    if (size < file.size) file.bytes.fill(0, size, file.size);
    file.bytes.set(data, at);
    file.size = size;
    file.modified = Date.now();
  }

  /** @param {string} path @returns {[string, string][]} */
  list(path) {
    const node = this.#get(path, 'scandir');
    if (node.kind !== 'directory') throw fileError('ENOTDIR', 'scandir', path);
    return [...node.children].map(([name, { kind }]) => [name, kind]);
  }

  /** @param {string} path @param {boolean} follows */
  stat(path, follows) {
    const node = this.#get(path, follows ? 'stat' : 'lstat');
    const { kind, modified, made } = node;
    const isFile = kind === 'file';
    return { kind, size: isFile ? node.size : 0, mode: isFile ? 0o644 : 0o755, modified, changed: modified, made };
  }

  /** @param {string} path */
  makeDirectory(path) {
    if (path === '/') throw fileError('EEXIST', 'mkdir', path);
    const [parent, name] = this.#parent(path, 'mkdir');
    if (parent.children.has(name)) throw fileError('EEXIST', 'mkdir', path);
    parent.children.set(name, newDirectory());
    parent.modified = Date.now();
  }

  /** @param {string} path */
  unlink(path) {
    const node = this.#get(path, 'unlink');
    if (node.kind === 'directory') throw fileError('EISDIR', 'unlink', path);
    const [parent, name] = this.#parent(path, 'unlink');
    parent.children.delete(name);
    parent.modified = Date.now();
  }

  /** @param {string} path */
  removeDirectory(path) {
    const node = this.#get(path, 'rmdir');
    if (node.kind !== 'directory') throw fileError('ENOTDIR', 'rmdir', path);
    if (node.children.size > 0) throw fileError('ENOTEMPTY', 'rmdir', path);
    const [parent, name] = this.#parent(path, 'rmdir');
    parent.children.delete(name);
    parent.modified = Date.now();
  }

  /** @param {string} from @param {string} to */
  rename(from, to) {
    const node = this.#find(from, 'rename');
    /** @param {Code} code */
    const refused = (code) => fileError(code, 'rename', from, to);
    if (node === undefined) throw refused('ENOENT');
    if (from === to) return;
    if (to.startsWith(`${from}/`) || from === '/' || to === '/') throw refused('EINVAL');
    const [target, targetName] = this.#parent(to, 'rename');
    const other = target.children.get(targetName);
    if (other?.kind === 'directory' && node.kind === 'file') throw refused('EISDIR');
    if (other?.kind === 'file' && node.kind === 'directory') throw refused('ENOTDIR');
    if (other?.kind === 'directory' && other.children.size > 0) throw refused('ENOTEMPTY');
    const [source, sourceName] = this.#parent(from, 'rename');
    source.children.delete(sourceName);
    target.children.set(targetName, node);
    source.modified = target.modified = Date.now();
  }

  /** @param {string} path @returns {string} */
  readLink(path) {
    this.#get(path, 'readlink');
    throw fileError('EINVAL', 'readlink', path);
  }

  /** @param {string} path */
  realPath(path) {
    this.#get(path, 'realpath');
    return path;
  }
}
