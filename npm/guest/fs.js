// https://nodejs.org/api/fs.html : the module node:fs of guests, over two functions of the host: `call` gives the result
// of an operation at once, `callLater` a promise of it. Bytes are Uint8Arrays.
import { call, callLater } from 'caisson:files';
import { basename, resolve } from 'node:path';

const fail = (code, text, Constructor = TypeError) => {
  throw Object.assign(new Constructor(text), { code });
};
function pathOf(value, name = 'path') {
  let path = value;
  if (value instanceof URL) {
    if (value.protocol !== 'file:') fail('ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
    if (value.host !== '') fail('ERR_INVALID_FILE_URL_HOST', 'File URL host must be "localhost" or empty');
    if (/%2f/i.test(value.pathname))
      fail('ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters');
    path = decodeURIComponent(value.pathname);
  } else if (value instanceof Uint8Array) {
    path = new TextDecoder().decode(value);
  } else if (typeof value !== 'string') {
    fail('ERR_INVALID_ARG_TYPE', `The "${name}" argument must be of type string or an instance of Uint8Array or URL.`);
  }
  if (path.includes('\0')) fail('ERR_INVALID_ARG_VALUE', `The argument '${name}' must be a string without null bytes.`);
  if (path === '') return ''; // is nowhere
  return resolve(path);
}
function optionsOf(value) {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string') return { encoding: value };
  if (typeof value !== 'object')
    fail('ERR_INVALID_ARG_TYPE', 'The "options" argument must be of type string or object.');
  return value;
}

// Encodings of texts. Those of one byte per character are made of the bytes as they are.
const binary = (bytes) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};
const fromBinary = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf8 = [
  (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  (text) => new TextEncoder().encode(text),
];
const latin1 = [binary, fromBinary];
const utf16 = [
  (bytes) => new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length & ~1)),
  (text) => {
    const bytes = new Uint8Array(2 * text.length);
    for (let i = 0; i < text.length; i++) {
      bytes[2 * i] = text.charCodeAt(i);
      bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
    }
    return bytes;
  },
];
const encodings = {
  __proto__: null,
  ...{ utf8, 'utf-8': utf8, latin1, binary: latin1, utf16le: utf16, 'utf-16le': utf16, ucs2: utf16, 'ucs-2': utf16 },
  ascii: [(bytes) => binary(bytes.map((byte) => byte & 0x7f)), fromBinary],
  hex: [(bytes) => bytes.toHex(), (text) => Uint8Array.fromHex(/^(?:[0-9a-f]{2})*/i.exec(text)[0])],
  base64: [
    (bytes) => bytes.toBase64(),
    (text) =>
      Uint8Array.fromBase64(
        text
          .replace(/[^\w+/-]/g, '')
          .replace(/-/g, '+')
          .replace(/_/g, '/')
          .replace(/^((?:.{4})*).$/, '$1'), // one letter is no byte
      ),
  ],
  base64url: [
    (bytes) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true }),
    (text) => encodings.base64[1](text),
  ],
};
function encodingOf(name) {
  const encoding = encodings[String(name).toLowerCase()];
  if (encoding === undefined)
    fail('ERR_INVALID_ARG_VALUE', `The argument 'encoding' is invalid encoding. Received '${name}'`);
  return encoding;
}
const asked = (bytes, name) =>
  name === undefined || name === null || name === 'buffer' ? bytes : encodingOf(name)[0](bytes);
function dataOf(data, encoding) {
  if (typeof data === 'string') return encodingOf(encoding ?? 'utf8')[1](data);
  if (!ArrayBuffer.isView(data))
    fail(
      'ERR_INVALID_ARG_TYPE',
      'The "data" argument must be of type string or an instance of Uint8Array or DataView.',
    );
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}

const kinds = { file: 0o100000, directory: 0o040000, link: 0o120000 };
class Kind {
  #kind;
  constructor(kind) {
    this.#kind = kind;
  }
  isFile() {
    return this.#kind === 'file';
  }
  isDirectory() {
    return this.#kind === 'directory';
  }
  isSymbolicLink() {
    return this.#kind === 'link';
  }
  isBlockDevice() {
    return false;
  }
  isCharacterDevice() {
    return false;
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
}
export class Stats extends Kind {
  constructor({ kind, size, mode, modified, changed, made }) {
    super(kind);
    Object.assign(this, { dev: 0, mode: kinds[kind] | mode, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, ino: 0 });
    Object.assign(this, { size, blocks: Math.ceil(size / 512) });
    const times = { atime: modified, mtime: modified, ctime: changed, birthtime: made };
    for (const [name, time] of Object.entries(times)) this[`${name}Ms`] = time;
    for (const [name, time] of Object.entries(times)) this[name] = new Date(time);
  }
}
export class Dirent extends Kind {
  constructor(name, parentPath, kind) {
    super(kind);
    Object.assign(this, { name, parentPath, path: parentPath });
  }
}

// An operation is written once: `run` calls the host, `then` continues with what it gave.
function named(error) {
  const { at, to } = error;
  for (const [name, value] of [
    ['path', at],
    ['dest', to],
  ])
    if (value !== undefined) error[name] = value;
  delete error.at;
  delete error.to;
  return error;
}
const runAtOnce = (...values) => {
  try {
    return call(...values);
  } catch (error) {
    throw named(error);
  }
};
const runLater = (...values) =>
  callLater(...values).catch((error) => {
    throw named(error);
  });
const atOnce = (value, next) => next(value);
const later = (promise, next) => promise.then(next);
const modes = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };
export const constants = Object.freeze({ __proto__: null, ...modes, COPYFILE_EXCL: 1, COPYFILE_FICLONE: 2 });
const unchanged = (value) => value;
const nothing = () => {};
function flagOf(flag, usual) {
  const text = flag ?? usual;
  if (!['r', 'rs', 'r+', 'w', 'wx', 'xw', 'w+', 'wx+', 'a', 'ax', 'xa', 'a+', 'ax+'].includes(text))
    fail('ERR_INVALID_ARG_VALUE', `The argument 'flags' is invalid. Received ${String(text)}`);
  return text;
}
function write(run, then, path, data, options, usual) {
  const { encoding, flag } = optionsOf(options);
  const given = flagOf(flag, usual);
  if (given === 'r' || given === 'rs') fail('EBADF', 'EBADF: bad file descriptor, write', Error);
  const kind = given === 'r+' ? 'update' : given.includes('a') ? 'append' : 'replace';
  return then(run('write', pathOf(path), dataOf(data, encoding), kind, given.includes('x')), nothing);
}
const missingIsNone = (error) => {
  if (error?.code === 'ENOENT' || error?.code === 'ENOTDIR') return undefined;
  throw error;
};
const operations = {
  access: (run, then, path, mode = 0) => then(run('access', pathOf(path), Number(mode) & 7), nothing),
  appendFile: (run, then, path, data, options) => write(run, then, path, data, options, 'a'),
  copyFile: (run, then, from, to, mode = 0) =>
    then(run('copy', pathOf(from, 'src'), pathOf(to, 'dest'), (Number(mode) & 1) === 1), nothing),
  lstat: (run, then, path) => then(run('stat', pathOf(path), false), (found) => new Stats(found)),
  mkdir: (run, then, path, options) =>
    then(run('makeDirectory', pathOf(path), Boolean(options?.recursive)), (first) => first ?? undefined),
  mkdtemp: (run, then, prefix) => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    let name = String(prefix);
    for (let i = 0; i < 6; i++) name += letters[Math.floor(Math.random() * letters.length)];
    return then(run('makeDirectory', pathOf(name, 'prefix'), false), () => name);
  },
  readFile: (run, then, path, options) => {
    const { encoding } = optionsOf(options);
    if (encoding !== undefined && encoding !== null) encodingOf(encoding);
    return then(run('read', pathOf(path)), (bytes) => asked(bytes, encoding));
  },
  readdir: (run, then, path, options) => {
    const { withFileTypes, recursive } = optionsOf(options);
    const root = pathOf(path);
    return then(run('list', root, Boolean(recursive)), (found) =>
      found.map(([name, kind]) => {
        if (!withFileTypes) return name;
        const at = name.lastIndexOf('/');
        const parent = typeof path === 'string' ? path : root;
        return new Dirent(
          basename(name),
          at < 0 ? parent : `${parent === '/' ? '' : parent}/${name.slice(0, at)}`,
          kind,
        );
      }),
    );
  },
  readlink: (run, then, path) => then(run('readLink', pathOf(path)), unchanged),
  realpath: (run, then, path) => then(run('realPath', pathOf(path)), unchanged),
  rename: (run, then, from, to) => then(run('rename', pathOf(from, 'oldPath'), pathOf(to, 'newPath')), nothing),
  rm: (run, then, path, options) =>
    then(run('remove', pathOf(path), Boolean(options?.recursive), Boolean(options?.force)), nothing),
  rmdir: (run, then, path) => then(run('removeDirectory', pathOf(path)), nothing),
  stat: (run, then, path) => then(run('stat', pathOf(path), true), (found) => new Stats(found)),
  truncate: (run, then, path, length = 0) => then(run('truncate', pathOf(path), Number(length)), nothing),
  unlink: (run, then, path) => then(run('unlink', pathOf(path)), nothing),
  writeFile: (run, then, path, data, options) => write(run, then, path, data, options, 'w'),
};

const fs = { Stats, Dirent, constants };
export const promises = { constants };
for (const [name, operation] of Object.entries(operations)) {
  const give = (object, key, value) => {
    Object.defineProperty(value, 'name', { value: key });
    object[key] = value;
  };
  give(promises, name, async (...values) => operation(runLater, later, ...values));
  give(fs, `${name}Sync`, (...values) => {
    const isMissingFine = name.endsWith('stat') && values[1]?.throwIfNoEntry === false;
    if (!isMissingFine) return operation(runAtOnce, atOnce, ...values);
    try {
      return operation(runAtOnce, atOnce, ...values);
    } catch (error) {
      return missingIsNone(error);
    }
  });
  give(fs, name, (...values) => {
    const callback = values.pop();
    if (typeof callback !== 'function')
      fail('ERR_INVALID_ARG_TYPE', 'The "callback" argument must be of type function.');
    promises[name](...values).then(
      (result) => queueMicrotask(() => (result === undefined ? callback(null) : callback(null, result))),
      (error) => queueMicrotask(() => callback(error)),
    );
  });
}
fs.existsSync = (path) => {
  try {
    fs.accessSync(path);
    return true;
  } catch {
    return false;
  }
};
fs.exists = (path, callback) => fs.access(path, (error) => callback(!error));
Object.assign(fs, modes, { promises });

export const { F_OK, R_OK, W_OK, X_OK } = modes;
export const { access, accessSync, appendFile, appendFileSync, copyFile, copyFileSync, exists, existsSync } = fs;
export const { lstat, lstatSync, mkdir, mkdirSync, mkdtemp, mkdtempSync, readFile, readFileSync } = fs;
export const { readdir, readdirSync, readlink, readlinkSync, realpath, realpathSync, rename, renameSync } = fs;
export const { rm, rmSync, rmdir, rmdirSync, stat, statSync, truncate, truncateSync, unlink, unlinkSync } = fs;
export const { writeFile, writeFileSync } = fs;
export default fs;
