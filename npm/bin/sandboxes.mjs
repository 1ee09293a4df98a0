// How the command line makes a sandbox, and where its programs find modules: files relative to theirs, and packages in
// node_modules.
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

/** @typedef {typeof import('../src/core.js')} Core */

// The last case: a path that contains a NUL.
const missing = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

export const typeScript = /\.(?:[cm]?tsx?|jsx)$/;
/** @param {string} file */
export const isTypeScript = (file) =>
  `${file} is ${file.endsWith('.jsx') ? 'JSX' : 'TypeScript'}, which Caisson does not run: compile it to JavaScript before, for example with tsc or esbuild`;

let home = process.cwd(); // programs import from this folder and those below it

/**
 * The package that a folder belongs to, or else the folder.
 * @param {string} folder
 */
function packageOf(folder) {
  for (let above = folder, below; above !== below; below = above, above = dirname(above))
    if (existsSync(join(above, 'package.json'))) return above;
  return folder;
}

/** @param {string} path @param {string} folder */
const isIn = (path, folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * Whether a program may import this file. Programs are not trusted, and a text is a module. Packages may be in
 * node_modules of a folder above, where Node looks for them.
 * @param {string} path
 */
function isWithinReach(path) {
  const end = path.indexOf(`${sep}node_modules${sep}`);
  return isIn(path, home) || (end >= 0 && isIn(home, path.slice(0, end + 1)));
}

/**
 * Pipes and devices are no modules: some of them never end, and no limit of the guest would stop reading them.
 * @param {string} path
 */
async function readRegularFile(path) {
  const found = isWithinReach(path) ? await stat(path) : undefined;
  if (!found?.isFile() && !found?.isDirectory()) throw Object.assign(new Error('it is no file'), { code: 'ENOENT' });
  return readFile(path);
}

/**
 * The source of a module. A failure to read its file is described in the guest's terms, which do not mention calls of
 * the host.
 * @param {string} specifier
 * @param {string | undefined} referrer
 */
async function readModule(specifier, referrer) {
  const path = resolve(referrer ? dirname(referrer) : '.', specifier);
  const from = referrer ? ` imported from ${referrer}` : '';
  if (typeScript.test(path)) throw Object.assign(new Error(isTypeScript(path)), { code: 'ERR_UNKNOWN_FILE_EXTENSION' });
  if (!isWithinReach(path))
    throw Object.assign(new Error(`Cannot import '${path}'${from}: it is outside of ${home}, the program's package`), {
      code: 'ERR_ACCESS_DENIED',
    });
  try {
    return await readRegularFile(path);
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    const [what, kind] = missing.has(code ?? '')
      ? ['Cannot find module', 'ERR_MODULE_NOT_FOUND']
      : code === 'EISDIR'
        ? ['Cannot import directory', 'ERR_UNSUPPORTED_DIR_IMPORT']
        : [`Cannot read (${code}) module`, code];
    throw Object.assign(new Error(`${what} '${path}'${from}`), { code: kind });
  }
}

const isPath = (/** @type {string} */ name) => /^\.{0,2}\//.test(name);

/** Names that need the rules of packages. @param {string} name */
const isOfPackages = (name) => !isPath(name) || name.includes('/node_modules/') || name.endsWith('.cjs');

/** @type {{ directory: string, writable: boolean } | undefined} */
let mounted; // one for the whole process
/** @type {Promise<import('../index.js').ModuleResolver> | undefined} */
let packages;
async function openPackages() {
  const { createResolver } = await import('../src/entry-modules.js');
  if (mounted === undefined) return createResolver(readRegularFile);
  const { directoryFiles } = await import('../src/entry-files-node.js');
  const { directory, writable } = mounted;
  return createResolver(readRegularFile, {
    builtins: directoryFiles(resolve(directory), { writable }).modules,
  });
}

/** @type {import('../index.js').ModuleResolver} */
async function findModule(resolved, referrer, request) {
  // Against the name of a program that is no file.
  const name = /^\.{1,2}\//.test(request.specifier) && !isPath(resolved) ? `./${resolved}` : resolved;
  if (process.platform === 'win32' || !isOfPackages(name)) return readModule(name, referrer);
  const from = referrer === undefined ? undefined : resolve(referrer);
  packages ??= openPackages();
  return (await packages)(name.startsWith('.') ? resolve(name) : name, from, request);
}

const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * @typedef {{
 *   folder?: string, // of the program
 *   own?: (name: string) => string | undefined, // sources beside files
 *   describesThrown?: boolean, // what the guest throws arrives as a text for people
 *   grants?: { origins?: string[], mount?: { directory: string, writable: boolean } },
 * }} Making
 */

/**
 * @param {Core} caisson
 * @param {Promise<WebAssembly.Module>} engine
 * @param {import('../index.js').SandboxOptions & { modules?: undefined }} options
 * @param {Making} making
 */
export async function makeSandbox(caisson, engine, options, { folder, own, describesThrown = true, grants = {} }) {
  mounted = grants.mount;
  home = packageOf(folder ?? process.cwd());
  const settings = caisson.readOptions({
    ...options,
    modules: (name, referrer, request) => own?.(name) ?? findModule(name, referrer, request),
  });
  const sandbox = await caisson.create({ ...settings, describesThrown, host: { ownModule: () => engine } });
  if (grants.origins !== undefined) {
    const { grantFetch } = await import('../src/entry-fetch.js');
    await grantFetch(/** @type {any} */ (sandbox), { origins: grants.origins, methods: allMethods });
  }
  return sandbox;
}
