// https://nodejs.org/api/path.html for POSIX: the module node:path of guests.
function checkText(value, name) {
  if (typeof value === 'string') return;
  const kind = value === null ? 'null' : typeof value;
  const error = new TypeError(`The "${name}" argument must be of type string. Received ${kind}`);
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}
// Without `.`, `..` and empty parts; `..` stay at the beginning of what is relative.
function normalized(path, isRooted) {
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push('..');
  }
  return parts.join('/');
}
const withoutTail = (path) => {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
};

export const sep = '/';
export const delimiter = ':';
export function isAbsolute(path) {
  checkText(path, 'path');
  return path.startsWith('/');
}
export function normalize(path) {
  checkText(path, 'path');
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const inner = normalized(path, isRooted);
  if (inner === '') return isRooted ? '/' : path.endsWith('/') ? './' : '.';
  return `${isRooted ? '/' : ''}${inner}${path.endsWith('/') ? '/' : ''}`;
}
export function join(...parts) {
  for (const part of parts) checkText(part, 'path');
  const whole = parts.filter((part) => part !== '').join('/');
  return whole === '' ? '.' : normalize(whole);
}
// The working directory of a guest is the root.
export function resolve(...parts) {
  let whole = '';
  for (let i = parts.length - 1; i >= 0 && !whole.startsWith('/'); i--) {
    checkText(parts[i], `paths[${i}]`);
    if (parts[i] !== '') whole = `${parts[i]}/${whole}`;
  }
  return `/${normalized(whole, true)}`;
}
export function relative(from, to) {
  checkText(from, 'from');
  checkText(to, 'to');
  const [start, end] = [from, to].map((path) => resolve(path).split('/').filter(Boolean));
  let same = 0;
  while (same < start.length && same < end.length && start[same] === end[same]) same++;
  return [...start.slice(same).map(() => '..'), ...end.slice(same)].join('/');
}
export function dirname(path) {
  checkText(path, 'path');
  if (path === '') return '.';
  const bare = withoutTail(path);
  const at = bare.lastIndexOf('/');
  if (at < 0) return '.';
  if (at === 0) return '/';
  if (at === 1 && bare[0] === '/') return '//';
  return withoutTail(bare.slice(0, at + 1)) === '/' ? '/' : bare.slice(0, at);
}
export function basename(path, suffix = undefined) {
  if (suffix !== undefined) checkText(suffix, 'suffix');
  checkText(path, 'path');
  if (path === suffix) return '';
  let bare = path;
  while (bare.endsWith('/')) bare = bare.slice(0, -1);
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  return suffix !== undefined && suffix !== '' && name !== suffix && name.endsWith(suffix)
    ? name.slice(0, -suffix.length)
    : name;
}
export function extname(path) {
  checkText(path, 'path');
  const name = basename(path);
  const at = name.lastIndexOf('.');
  return at <= 0 || name === '..' ? '' : name.slice(at);
}
export function parse(path) {
  checkText(path, 'path');
  const root = path.startsWith('/') ? '/' : '';
  const base = basename(path);
  const ext = extname(path);
  const bare = path.replace(/\/+$/, '');
  const at = bare.lastIndexOf('/');
  const dir = base === '' || at < 0 ? root : at === 0 ? '/' : bare.slice(0, at);
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) };
}
export function format(parts) {
  if (parts === null || typeof parts !== 'object') {
    const error = new TypeError(`The "pathObject" argument must be of type object. Received ${typeof parts}`);
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const { root = '', dir, base, name = '', ext = '' } = parts;
  const suffix = ext && ext[0] !== '.' ? `.${ext}` : ext;
  const last = base || `${name || ''}${suffix}`;
  const first = dir || root;
  if (!first) return last;
  return first === root ? `${first}${last}` : `${first}/${last}`;
}
export const toNamespacedPath = (path) => path;

const posix = {
  ...{ basename, delimiter, dirname, extname, format, isAbsolute, join, normalize, parse, relative, resolve, sep },
  toNamespacedPath,
};
posix.posix = posix;
export { posix };
export default posix;
