// Finds the `.any.js` files of web-platform-tests that a command line names, and turns each into its runs: one per
// variant.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';

// The globals that a sandbox has are tested there. The folders to clone (sparsely), and what they need beside them.
export const defaultFolders = [
  'console',
  'dom/abort',
  'dom/events',
  'encoding',
  'hr-time',
  'html/webappapis/atob',
  'html/webappapis/microtask-queuing',
  'html/webappapis/structured-clone',
  'html/webappapis/timers',
  'url',
  'webidl/ecmascript-binding',
];
const neededFolders = ['common', 'interfaces', 'resources'];

export function defaultSuite() {
  return process.env.CAISSON_WPT ?? join(homedir(), '.cache', 'caisson', 'wpt');
}

export function suiteProblem(suite) {
  if (existsSync(join(suite, 'resources', 'testharness.js')) && existsSync(join(suite, 'url'))) return undefined;
  return (
    `No web-platform-tests in ${suite}. They are large; these folders do:\n` +
    `  git clone --depth 1 --filter=blob:none --sparse https://github.com/web-platform-tests/wpt ${suite}\n` +
    `  git -C ${suite} sparse-checkout set ${[...defaultFolders, ...neededFolders].join(' ')}\n` +
    'Or name another folder with --suite.'
  );
}

function collect(folder, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, found);
    else if (isTest(entry.name)) found.push(path);
  }
}

// Host names are tested by files for windows, in some versions of the suite, that need no document.
const windowTests = [
  'toascii.window.js',
  'IdnaTestV2.window.js',
  'IdnaTestV2-removed.window.js',
  'percent-encoding.window.js',
];
const isTest = (name) => name.endsWith('.any.js') || windowTests.includes(name);

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

// One run per `META: variant`: { name, variant, scripts } with the scripts in their order, the test last.
export function readRuns(suite, name) {
  const text = readFileSync(join(suite, name), 'utf8');
  const meta = [...text.matchAll(/^\/\/ META: (\w+)=(.*)$/gm)].map(([, key, value]) => [key, value.trim()]);
  const scripts = meta.filter(([key]) => key === 'script').map(([, path]) => path);
  const variants = meta.filter(([key]) => key === 'variant').map(([, variant]) => variant);
  const paths = ['/resources/testharness.js', ...scripts].map((path) => resourcePath(name, path));
  return (variants.length > 0 ? variants : ['']).map((variant) => ({ name, variant, scripts: [...paths, name] }));
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
