// Errors of files as Node words them, with the names that the guest gave: those of the host tell where its files lie.
const texts = {
  EACCES: 'permission denied',
  EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists',
  EFBIG: 'file too large',
  EINVAL: 'invalid argument',
  EISDIR: 'illegal operation on a directory',
  EIO: 'i/o error',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
};

/** @typedef {keyof typeof texts} Code */

/**
 * @param {Code} code
 * @param {string} syscall
 * @param {string} [path]
 * @param {string} [dest]
 */
export function fileError(code, syscall, path, dest) {
  const names = path === undefined ? '' : dest === undefined ? ` '${path}'` : ` '${path}' -> '${dest}'`;
  const error = new Error(`${code}: ${texts[code]}, ${syscall}${names}`);
  // `path` and `dest` do not cross: of errors of the host they would tell where it is.
  return Object.assign(
    error,
    { code, syscall },
    path === undefined ? {} : { at: path },
    dest === undefined ? {} : { to: dest },
  );
}

/**
 * An error of the host, as the guest is told of it.
 * @param {any} error
 * @param {string} syscall
 * @param {string} path
 * @param {string} [dest]
 */
export function toldError(error, syscall, path, dest) {
  const code = String(error?.code);
  return fileError(Object.hasOwn(texts, code) ? /** @type {Code} */ (code) : 'EIO', syscall, path, dest);
}
