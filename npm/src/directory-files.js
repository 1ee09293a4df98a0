// A directory of the host: Node, Deno, Bun. Nothing outside of it is touched: each path is resolved with all its
// symbolic links before it is used, and what is opened is no link any more. (Another process that replaces directories
// by links between these two moments could still lead out; a guest makes no links.)
import { fileError, toldError } from './file-errors.js';

export class DirectoryFiles {
  #fs;
  #path;
  /** @type {string} */
  #root;
  #isWindows;
  // Directories that the operation at hand has found to be such, by their real paths. Else each path of a deep tree
  // would be resolved from its root.
  /** @type {Set<string> | undefined} */
  #seen;

  /**
   * @param {string} place
   * @param {string} directory
   * @param {{ fs: any, path: any }} modules of Node
   */
  constructor(place, directory, { fs, path }) {
    this.#fs = fs;
    this.#path = path;
    this.#isWindows = path.sep === '\\';
    this.#root = fs.realpathSync(directory);
    if (!fs.statSync(this.#root).isDirectory()) throw new TypeError(`${place}: ${directory} is no directory`);
  }

  /**
   * An operation of many steps, at once.
   * @template T
   * @param {() => T} action
   * @returns {T}
   */
  during(action) {
    this.#seen = new Set();
    try {
      return action();
    } finally {
      this.#seen = undefined;
    }
  }

  /** @param {string} place whether it lies within */
  #isInside(place) {
    const root = this.#root;
    return place === root || place.startsWith(root.endsWith(this.#path.sep) ? root : root + this.#path.sep);
  }

  /**
   * The real place of a path. Links in it must lead to places within.
   * @param {string} path
   * @param {string} syscall
   * @param {boolean} follows whether the last part may be a link
   * @returns {string} it may be missing, then its directory is there
   */
  #place(path, syscall, follows) {
    // Names that Windows takes for something else.
    if (this.#isWindows && /[\\:*?"<>|]|[. ](?:\/|$)|(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\/|$)/i.test(path))
      throw fileError('ENOENT', syscall, path);
    if (path === '/') return this.#root;
    const at = path.lastIndexOf('/');
    const parent = this.#real(this.#path.join(this.#root, path.slice(0, at)), syscall, path);
    const place = this.#path.join(parent, path.slice(at + 1));
    return follows && this.#isLink(place, syscall, path) ? this.#real(place, syscall, path) : place;
  }

  /**
   * @param {string} place
   * @param {string} syscall
   * @param {string} path
   */
  #isLink(place, syscall, path) {
    try {
      return this.#fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    } catch (error) {
      throw toldError(error, syscall, path); // in what is a file, for example
    }
  }

  /**
   * @param {string} place
   * @param {string} syscall
   * @param {string} path
   */
  #real(place, syscall, path) {
    if (this.#seen?.has(place)) return place;
    let real;
    try {
      real = this.#fs.realpathSync(place);
    } catch (error) {
      throw toldError(error, syscall, path);
    }
    if (!this.#isInside(real)) throw fileError('EACCES', syscall, path);
    return real;
  }

  /**
   * @template T
   * @param {string} syscall
   * @param {string} path
   * @param {boolean} follows
   * @param {(place: string) => T} action
   * @returns {T}
   */
  #at(syscall, path, follows, action) {
    const place = this.#place(path, syscall, follows);
    try {
      return action(place);
    } catch (error) {
      throw toldError(error, syscall, path);
    }
  }

  /**
   * @template T
   * @param {string} path
   * @param {number} flags
   * @param {(descriptor: number) => T} action
   * @returns {T}
   */
  #open(path, flags, action) {
    const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = this.#fs.constants;
    return this.#at('open', path, true, (place) => {
      const found = this.#fs.lstatSync(place, { throwIfNoEntry: false });
      // Pipes and devices are no files of a guest.
      if (found !== undefined && !found.isFile()) throw { code: found.isDirectory() ? 'EISDIR' : 'EACCES' };
      const descriptor = this.#fs.openSync(place, flags | O_NOFOLLOW | O_NONBLOCK, 0o666);
      try {
        return action(descriptor);
      } finally {
        this.#fs.closeSync(descriptor);
      }
    });
  }

  /** @param {string} path @param {number} limit */
  read(path, limit) {
    return this.#open(path, this.#fs.constants.O_RDONLY, (descriptor) => {
      if (this.#fs.fstatSync(descriptor).size > limit) throw { code: 'EFBIG' };
      const bytes = this.#fs.readFileSync(descriptor);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    });
  }

  /** @param {string} path @param {string} syscall @returns {number | undefined} */
  sizeOf(path, syscall) {
    return this.#at(syscall, path, true, (place) => {
      const found = this.#fs.lstatSync(place, { throwIfNoEntry: false });
      if (found?.isDirectory()) throw { code: 'EISDIR' };
      return found?.size;
    });
  }

  /** @param {string} path @param {Uint8Array} data @param {number} at @param {number} size */
  write(path, data, at, size) {
    const { O_CREAT, O_WRONLY } = this.#fs.constants;
    this.#open(path, O_CREAT | O_WRONLY, (descriptor) => {
      for (let done = 0; done < data.length; )
        done += this.#fs.writeSync(descriptor, data, done, data.length - done, at + done);
      this.#fs.ftruncateSync(descriptor, size);
    });
  }

  /** @param {string} path @returns {[string, string][]} */
  list(path) {
    const entries = this.#at('scandir', path, true, (place) => {
      const found = this.#fs.readdirSync(place, { withFileTypes: true });
      this.#seen?.add(place);
      return found;
    });
    return entries
      .map((/** @type {any} */ entry) => [entry.name, kindOf(entry)])
      .filter((/** @type {[string, string | undefined]} */ [, kind]) => kind !== undefined);
  }

  /** @param {string} path @param {boolean} follows */
  stat(path, follows) {
    const syscall = follows ? 'stat' : 'lstat';
    const found = this.#at(syscall, path, follows, (place) => {
      const found = this.#fs.lstatSync(place);
      if (found.isDirectory()) this.#seen?.add(place);
      return found;
    });
    const kind = kindOf(found);
    if (kind === undefined) throw fileError('EACCES', syscall, path);
    const { size, mode, mtimeMs, ctimeMs, birthtimeMs } = found;
    return { kind, size, mode: mode & 0o777, modified: mtimeMs, changed: ctimeMs, made: birthtimeMs };
  }

  /** @param {string} path */
  makeDirectory(path) {
    this.#at('mkdir', path, false, (place) => {
      this.#fs.mkdirSync(place);
      this.#seen?.add(place);
    });
  }

  /** @param {string} path */
  unlink(path) {
    this.#at('unlink', path, false, (place) => {
      if (this.#fs.lstatSync(place).isDirectory()) throw { code: 'EISDIR' };
      this.#fs.unlinkSync(place);
    });
  }

  /** @param {string} path */
  removeDirectory(path) {
    if (path === '/') throw fileError('EPERM', 'rmdir', path);
    this.#at('rmdir', path, false, (place) => {
      this.#fs.rmdirSync(place);
      this.#seen?.delete(place);
    });
  }

  /** @param {string} from @param {string} to */
  rename(from, to) {
    if (from === '/' || to === '/') throw fileError('EINVAL', 'rename', from, to);
    const target = this.#place(to, 'rename', false);
    this.#at('rename', from, false, (place) => {
      // Else the host's error would name its own paths, or a link would be replaced by what it leads to.
      this.#fs.renameSync(place, target);
    });
  }

  /** @param {string} path @returns {string} */
  readLink(path) {
    return this.#at('readlink', path, false, (place) => {
      const real = this.#fs.lstatSync(place).isSymbolicLink() ? this.#fs.realpathSync(place) : undefined;
      if (real === undefined) throw { code: 'EINVAL' };
      return this.#nameOf(real);
    });
  }

  /** @param {string} path */
  realPath(path) {
    return this.#at('realpath', path, true, (place) => this.#nameOf(this.#fs.realpathSync(place)));
  }

  /** @param {string} real a place of the host, as the guest knows it */
  #nameOf(real) {
    if (!this.#isInside(real)) throw { code: 'EACCES' };
    const name = this.#path.relative(this.#root, real).split(this.#path.sep).join('/');
    return `/${name}`;
  }
}

/** @param {any} found a Stats or a Dirent */
function kindOf(found) {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'link' : undefined;
}
