// Finds the `.any.js` files of web-platform-tests that a command line names, and turns each into its runs: one per
// variant.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';

// What tests the globals that a sandbox has, and those that it can be granted.
export const defaultFolders = [
  'FileAPI/blob',
  'FileAPI/file',
  'FileAPI/idlharness.any.js',
  'FileAPI/url',
  'WebCryptoAPI/digest',
  'WebCryptoAPI/getRandomValues.any.js',
  'WebCryptoAPI/idlharness.https.any.js',
  'WebCryptoAPI/randomUUID.https.any.js',
  'compression',
  'console',
  'dom/abort',
  'dom/events',
  'encoding',
  'fetch/api',
  'fetch/content-encoding',
  'fetch/content-length',
  'fetch/content-type',
  'fetch/data-urls',
  'fetch/h1-parsing',
  'fetch/range',
  'hr-time',
  'html/webappapis/atob',
  'html/webappapis/microtask-queuing',
  'html/webappapis/structured-clone',
  'html/webappapis/timers',
  'mimesniff/mime-types',
  'streams',
  'url',
  'webidl/ecmascript-binding',
  'xhr/formdata',
];
// What to clone, sparsely; the last ones are what the tests and their server need.
const clonedFolders = [
  'FileAPI',
  'WebCryptoAPI',
  'compression',
  'console',
  'dom',
  'encoding',
  'fetch',
  'hr-time',
].concat(
  ['html/webappapis', 'mimesniff', 'streams', 'url', 'webidl', 'xhr/formdata'],
  ['common', 'interfaces', 'resources', 'tools'],
);
const COMMIT = '6e262e10336a'; // of August 2025, which the expectations are for

export function defaultSuite() {
  return process.env.CAISSON_WPT ?? join(homedir(), '.cache', 'caisson', 'wpt');
}

export function suiteProblem(suite) {
  if (existsSync(join(suite, 'resources', 'testharness.js')) && existsSync(join(suite, 'url'))) return undefined;
  return (
    `No web-platform-tests in ${suite}. They are large; these folders do:\n` +
    '  git clone --shallow-since=2025-07-01 --filter=blob:none --sparse --no-checkout ' +
    `https://github.com/web-platform-tests/wpt ${suite}\n` +
    `  git -C ${suite} sparse-checkout set ${clonedFolders.join(' ')}\n` +
    `  git -C ${suite} checkout ${COMMIT}\n` +
    'Or name another folder with --suite.'
  );
}

export const missingFolders = (suite) => defaultFolders.filter((folder) => !existsSync(join(suite, folder)));

function collect(folder, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, found);
    else if (isTest(path)) found.push(path);
  }
}

// Tests for windows, too, when no document occurs in them.
const isTest = (path) =>
  path.endsWith('.any.js') ||
  (path.endsWith('.window.js') && !/document|frame|window\.open/.test(readFileSync(path, 'utf8')));

export function findTests(suite, paths) {
  const found = [];
  for (const path of paths.length > 0 ? paths : defaultFolders) {
    const located = [join(suite, path), resolve(path)].find((candidate) => existsSync(candidate));
    if (located === undefined && paths.length > 0) throw new Error(`No such test or folder: ${path}`);
    if (located === undefined) continue;
    if (statSync(located).isDirectory()) collect(located, found);
    else found.push(located);
  }
  return [...new Set(found.map((path) => relative(suite, path).split(sep).join('/')))].sort();
}

// Whose tests talk to the suite's server.
const servedFolders = ['fetch/', 'FileAPI/file/', 'FileAPI/url/'];
export const needsServer = (name) => servedFolders.some((folder) => name.startsWith(folder));

// One run per `META: variant`: { name, variant, scripts, address } with the scripts in their order, the test last, and
// the address that its page has. `server`: an address, if the suite's server is to be used.
export function readRuns(suite, name, server) {
  const text = readFileSync(join(suite, name), 'utf8');
  const meta = [...text.matchAll(/^\/\/ META: (\w+)=(.*)$/gm)].map(([, key, value]) => [key, value.trim()]);
  const scripts = meta.filter(([key]) => key === 'script').map(([, path]) => path);
  const variants = meta.filter(([key]) => key === 'variant').map(([, variant]) => variant);
  const paths = ['/resources/testharness.js', ...scripts].map((path) => resourcePath(name, path));
  const page = `${server ?? 'http://web-platform.test:8000'}/${name.replace(/js$/, 'html')}`;
  return (variants.length > 0 ? variants : ['']).map((variant) => ({
    ...{ name, variant, scripts: [...paths, name] },
    ...{ address: `${page}${variant}`, isServed: server !== undefined },
  }));
}

// [{ name, text }]: the server puts host names and ports into those with `.sub.` in their names.
export function readScripts(suite, { scripts, address, isServed }) {
  return Promise.all(
    scripts.map(async (name) => ({
      name,
      text: isServed
        ? await (await fetch(new URL(`/${name}`, address))).text()
        : readFileSync(join(suite, name), 'utf8'),
    })),
  );
}

// What the suite's server gives under another name.
const renamed = { '/resources/WebIDLParser.js': '/resources/webidl2/lib/webidl2.js' };

// A path within the suite: absolute ones begin at its root, others at the test's folder.
export function resourcePath(test, path) {
  const [given] = path.split(/[?#]/);
  const bare = renamed[given] ?? given;
  return (bare.startsWith('/') ? bare.slice(1) : join(dirname(test), bare)).split(sep).join('/');
}

export function readResource(suite, test, path) {
  const file = join(suite, resourcePath(test, path));
  if (relative(suite, file).startsWith('..')) throw new Error(`outside of the suite: ${path}`);
  return readFileSync(file, 'utf8');
}
