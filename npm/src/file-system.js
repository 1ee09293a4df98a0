// What guests may do with files, whatever they lie in: paths, quotas and permissions are checked here. Directories are
// removed and copied step by step, so that nothing needs more of the host than its turn.
import { fileError, toldError } from './file-errors.js';

/**
 * @typedef {{
 *   during: <T>(action: () => T) => T, // of many steps
 *   read: (path: string, limit: number) => Uint8Array,
 *   sizeOf: (path: string, syscall: string) => number | undefined,
 *   write: (path: string, data: Uint8Array, at: number, size: number) => void,
 *   list: (path: string) => [string, string][],
 *   stat: (path: string, follows: boolean) => { kind: string, size: number, mode: number },
 *   makeDirectory: (path: string) => void,
 *   unlink: (path: string) => void,
 *   removeDirectory: (path: string) => void,
 *   rename: (from: string, to: string) => void,
 *   readLink: (path: string) => string,
 *   realPath: (path: string) => string,
 * }} Store
 */

/** @typedef {{ isWritable: boolean, sizeLimit: number, fileLimit: number, countLimit: number }} Rules */

const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;
const DEEPEST = 256; // names in a path: hosts take the longer for each step of an operation, the deeper it is
const MOST_LISTED = 100_000;
const encoder = new TextEncoder();

/**
 * Guests resolve their paths themselves; one that is not resolved comes from a guest that means ill.
 * @param {unknown} path
 * @param {string} syscall
 * @returns {string}
 */
function checked(path, syscall) {
  if (typeof path !== 'string') throw new TypeError('a path must be a string');
  if (path === '') throw fileError('ENOENT', syscall, path);
  if (path[0] !== '/' || path.includes('\0') || /\p{Surrogate}/u.test(path)) throw fileError('EINVAL', syscall, path);
  if (path.length > LONGEST_PATH) throw fileError('ENAMETOOLONG', syscall, `${path.slice(0, 100)}...`);
  if (path === '/') return path;
  const parts = path.slice(1).split('/');
  if (parts.length > DEEPEST) throw fileError('ENAMETOOLONG', syscall, `${path.slice(0, 100)}...`);
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') throw fileError('EINVAL', syscall, path);
    if (encoder.encode(part).length > LONGEST_NAME) throw fileError('ENAMETOOLONG', syscall, path);
  }
  return path;
}

/**
 * Errors name what the guest did, whatever that took.
 * @template T
 * @param {string} syscall
 * @param {string} path
 * @param {string | undefined} dest
 * @param {() => T} action
 * @returns {T}
 */
function as(syscall, path, dest, action) {
  try {
    return action();
  } catch (error) {
    throw toldError(error, syscall, path, dest);
  }
}

export class FileSystem {
  #store;
  #rules;
  // Bytes and entries that were added. They never fall below 0: what a guest takes away of the host's files is no room
  // for more of its own.
  #size = 0;
  #count = 0;

  /**
   * @param {Store} store
   * @param {Rules} rules
   */
  constructor(store, rules) {
    this.#store = store;
    this.#rules = rules;
  }

  /**
   * @param {unknown} name
   * @param {...unknown} values
   * @returns {unknown}
   */
  call(name, ...values) {
    const operation = Object.hasOwn(this.#operations, /** @type {string} */ (name))
      ? this.#operations[/** @type {string} */ (name)]
      : undefined;
    if (typeof name !== 'string' || operation === undefined) throw new TypeError('there is no such operation of files');
    return operation(...values);
  }

  /**
   * @param {unknown} path
   * @param {string} syscall
   */
  #writable(path, syscall) {
    const place = checked(path, syscall);
    if (!this.#rules.isWritable) throw fileError('EROFS', syscall, place);
    return place;
  }

  /**
   * @param {string} path
   * @param {Uint8Array} data
   * @param {'replace' | 'append' | 'update'} kind
   * @param {boolean} isExclusive
   */
  write(path, data, kind, isExclusive) {
    const before = this.#store.sizeOf(path, 'open');
    if (isExclusive && before !== undefined) throw fileError('EEXIST', 'open', path);
    if (kind === 'update' && before === undefined) throw fileError('ENOENT', 'open', path);
    const at = kind === 'append' ? (before ?? 0) : 0;
    this.#resize(path, data, at, kind === 'replace' ? data.length : Math.max(at + data.length, before ?? 0), before);
  }

  /**
   * @param {string} path
   * @param {Uint8Array} data
   * @param {number} at
   * @param {number} size
   * @param {number | undefined} before
   */
  #resize(path, data, at, size, before) {
    const { fileLimit, sizeLimit } = this.#rules;
    if (size > fileLimit) throw fileError('EFBIG', 'write', path);
    const growth = size - (before ?? 0);
    if (growth > 0 && this.#size + growth > sizeLimit) throw fileError('ENOSPC', 'write', path);
    if (before === undefined) this.#countOne('open', path);
    this.#store.write(path, data, at, size);
    this.#size = Math.max(0, this.#size + growth);
    if (before === undefined) this.#count++;
  }

  /**
   * @param {string} syscall
   * @param {string} path
   */
  #countOne(syscall, path) {
    if (this.#count >= this.#rules.countLimit) throw fileError('ENOSPC', syscall, path);
  }

  /**
   * @param {string} path
   * @param {boolean} isRecursive
   * @returns {string | undefined} the first that was made
   */
  makeDirectories(path, isRecursive) {
    const parts = isRecursive ? path.slice(1).split('/') : [];
    let first;
    let place = '';
    for (const part of parts.filter(Boolean)) {
      place += `/${part}`;
      const kind = this.#kindOf(place, 'mkdir');
      if (kind === 'file') throw fileError(place === path ? 'EEXIST' : 'ENOTDIR', 'mkdir', path);
      if (kind === undefined) {
        this.#makeDirectory(place);
        first ??= place;
      }
    }
    if (!isRecursive) as('mkdir', path, undefined, () => this.#makeDirectory(path));
    return first;
  }

  /** @param {string} path */
  #makeDirectory(path) {
    this.#countOne('mkdir', path);
    this.#store.makeDirectory(path);
    this.#count++;
  }

  /**
   * What is there; undefined: nothing.
   * @param {string} path
   * @param {string} syscall
   * @param {boolean} [follows]
   */
  #kindOf(path, syscall, follows = true) {
    try {
      return this.#store.stat(path, follows).kind;
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      if (code === 'ENOENT') return undefined;
      throw toldError(error, syscall, path);
    }
  }

  /** @param {string} path */
  #unlink(path) {
    const { kind, size } = this.#store.stat(path, false);
    this.#store.unlink(path);
    this.#count = Math.max(0, this.#count - 1);
    if (kind === 'file') this.#size = Math.max(0, this.#size - size);
  }

  /** @param {string} path */
  #removeDirectory(path) {
    this.#store.removeDirectory(path);
    this.#count = Math.max(0, this.#count - 1);
  }

  /**
   * @param {string} path
   * @param {boolean} isRecursive
   * @param {boolean} isForced
   */
  #remove(path, isRecursive, isForced) {
    const kind = this.#kindOf(path, 'lstat', false);
    if (kind === undefined && isForced) return;
    if (kind === undefined) throw fileError('ENOENT', 'lstat', path);
    if (kind !== 'directory') return this.#unlink(path);
    if (!isRecursive) {
      const error = new Error(`Path is a directory: rm returned EISDIR (is a directory) ${path}`);
      throw Object.assign(error, { code: 'ERR_FS_EISDIR', syscall: 'rm', at: path });
    }
    const found = this.#all(path);
    for (const [name, kind] of found.reverse())
      if (kind === 'directory') this.#removeDirectory(`${path === '/' ? '' : path}/${name}`);
      else this.#unlink(`${path === '/' ? '' : path}/${name}`);
    if (path !== '/') this.#removeDirectory(path);
  }

  /**
   * Everything below a directory, directories before what they hold. Links are not followed.
   * @param {string} path
   */
  #all(path) {
    /** @type {[string, string][]} */
    const found = [];
    const waiting = [''];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const [name, kind] of this.#store.list(next === '' ? path : `${path === '/' ? '' : path}/${next}`)) {
        const whole = next === '' ? name : `${next}/${name}`;
        found.push([whole, kind]);
        if (kind === 'directory') waiting.push(whole);
        if (found.length > MOST_LISTED) throw fileError('EFBIG', 'scandir', path);
      }
    }
    return found;
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  #rename(from, to) {
    const [kind, other] = [from, to].map((path) => this.#kindOf(path, 'rename', false));
    const lost = from !== to && kind !== undefined && other === 'file' ? (this.#store.sizeOf(to, 'rename') ?? 0) : 0;
    this.#store.rename(from, to);
    this.#size = Math.max(0, this.#size - lost);
    if (other !== undefined && from !== to) this.#count = Math.max(0, this.#count - 1);
  }

  /** @type {Record<string, (...values: any[]) => unknown>} */
  #operations = {
    access: (path, mode) => {
      const place = checked(path, 'access');
      const { kind, mode: found } = as('access', place, undefined, () => this.#store.stat(place, true));
      if ((mode & 2) !== 0 && !this.#rules.isWritable) throw fileError('EROFS', 'access', place);
      if ((mode & 1) !== 0 && kind === 'file' && (found & 0o111) === 0) throw fileError('EACCES', 'access', place);
    },
    copy: (from, to, isExclusive) => {
      const source = checked(from, 'copyfile');
      const target = this.#writable(to, 'copyfile');
      as('copyfile', source, target, () => {
        const bytes = this.#store.read(source, this.#rules.fileLimit);
        if (this.#store.realPath(source) !== target) this.write(target, bytes, 'replace', isExclusive === true);
      });
    },
    list: (path, isRecursive) => {
      const place = checked(path, 'scandir');
      return isRecursive === true ? this.#store.during(() => this.#all(place)) : this.#store.list(place);
    },
    makeDirectory: (path, isRecursive) => {
      const place = this.#writable(path, 'mkdir');
      return this.#store.during(() => this.makeDirectories(place, isRecursive === true));
    },
    read: (path) => {
      const place = checked(path, 'open');
      if (this.#kindOf(place, 'open') === 'directory') throw fileError('EISDIR', 'read');
      return this.#store.read(place, this.#rules.fileLimit);
    },
    readLink: (path) => this.#store.readLink(checked(path, 'readlink')),
    realPath: (path) => this.#store.realPath(checked(path, 'realpath')),
    remove: (path, isRecursive, isForced) => {
      const place = this.#writable(path, 'rm');
      this.#store.during(() => this.#remove(place, isRecursive === true, isForced === true));
    },
    removeDirectory: (path) => this.#removeDirectory(this.#writable(path, 'rmdir')),
    rename: (from, to) => {
      const [source, target] = [from, to].map((path) => this.#writable(path, 'rename'));
      as('rename', source, target, () => this.#rename(source, target));
    },
    stat: (path, follows) => this.#store.stat(checked(path, follows === true ? 'stat' : 'lstat'), follows === true),
    truncate: (path, length) => {
      const place = this.#writable(path, 'open');
      const before = this.#store.sizeOf(place, 'open');
      if (before === undefined) throw fileError('ENOENT', 'open', place);
      if (!Number.isSafeInteger(length) || length < 0) throw fileError('EINVAL', 'ftruncate', place);
      this.#resize(place, new Uint8Array(0), 0, length, before);
    },
    unlink: (path) => {
      const place = this.#writable(path, 'unlink');
      as('unlink', place, undefined, () => this.#unlink(place));
    },
    write: (path, data, kind, isExclusive) => {
      const place = this.#writable(path, 'open');
      if (!(data instanceof Uint8Array)) throw new TypeError('what is written must be bytes');
      if (!['replace', 'append', 'update'].includes(kind)) throw new TypeError('there is no such way to write');
      this.write(place, data, kind, isExclusive === true);
    },
  };
}
