// npm test [-- --yes] [-- PATTERN...]: set-up, the builds that the tests use, then every tests/**/*.test.mjs whose path
// contains a pattern, under Node's test runner: those that look at no clock side by side, then the others one after the
// other.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { build } from '../../wasm-glue/tools/build.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const usage = `npm test -- [WORD...] [options]: the tests whose paths contain a word, or all
  --no-build       use what is built already
  --rebaseline     take what the tests of errors and snapshots find as what they expect
  --yes            install what is missing without asking`;
const { values, positionals } = readCommandLine(usage, {
  allowPositionals: true,
  options: {
    'no-build': { type: 'boolean', default: false },
    rebaseline: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false }, // see set-up.mjs
  },
});

/**
 * @param {string} folder
 * @param {string[]} found
 */
function findTests(folder, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') findTests(path, found);
    } else if (entry.name.endsWith('.test.mjs')) {
      found.push(relative(root, path));
    }
  }
  return found.sort();
}

/** @param {string} path */
const folderOf = (path) => path.split(sep)[1];
const usual = ['native', 'browser'];
/**
 * The builds that the tests of a folder use; of others, all.
 * @type {Record<string, string[]>}
 */
const buildsOf = {
  docs: ['browser'],
  errors: usual,
  hosts: ['browser'],
  npm: usual,
  number: usual,
  ordering: usual,
  page: usual,
  programs: usual,
  readme: usual,
  regexp: usual,
  security: usual,
  snapshots: usual,
  test262: usual,
  walls: [...usual, 'wasi'],
  zones: usual,
};
const allBuilds = [...usual, 'wasi', 'stress', 'sanitize'];
/** @type {Record<string, import('../../wasm-glue/tools/requirements.mjs').Purpose[]>} */
const purposes = {
  native: ['native'],
  browser: ['browser', 'page'],
  wasi: ['wasi'],
  stress: ['native'],
  sanitize: ['sanitize'],
};
// No test there fails on a busy machine: folders, and files of others.
const untimed = [
  ...[
    'checks',
    'docs',
    'errors',
    'hosts',
    'language',
    'number',
    'ordering',
    'programs',
    'regexp',
    'snapshots',
    'syntax',
  ],
  ...['test262/test262', 'zones', 'security/intrinsics', 'security/charged'],
  ...[
    'npm/changing-values',
    'npm/classes',
    'npm/command-line',
    'npm/console',
    'npm/crossing',
    'npm/crypto',
    'npm/dropped-messages',
    'npm/encodings',
  ],
  ...[
    'npm/fetch',
    'npm/files',
    'npm/grants',
    'npm/instances',
    'npm/iterables',
    'npm/large-bytes',
    'npm/leaks',
    'npm/living-leaks',
  ],
  ...['npm/loading', 'npm/malformed-messages', 'npm/memory-returns', 'npm/misuse', 'npm/module-resolver'],
  ...['npm/modules'],
  ...['npm/numbers', 'npm/package'],
  ...['npm/programs', 'npm/quick-calls', 'npm/receivers', 'npm/references', 'npm/registers', 'npm/shapes'],
  ...[
    'npm/stack-limit',
    'npm/storage',
    'npm/streams',
    'npm/thrown-values',
    'npm/uncrossable',
    'npm/values',
    'npm/worker',
  ],
  ...['readme'],
  ...['page/accessibility', 'page/describe', 'page/lines', 'page/programs'],
  ...[
    'walls/caches',
    'walls/collector-slices',
    'walls/deep-recursion',
    'walls/first-look',
    'walls/neighbours',
    'walls/parking-everywhere',
    'walls/promised-memory',
  ],
].map((path) => join('tests', ...path.split('/')));
/** @param {string} path */
const isUntimed = (path) => untimed.some((place) => path.startsWith(place));

const tests = findTests(join(root, 'tests')).filter(
  (path) => positionals.length === 0 || positionals.some((pattern) => path.includes(pattern)),
);
const needed = new Set(tests.flatMap((path) => buildsOf[folderOf(path)] ?? allBuilds));
const builds = allBuilds.filter((preset) => needed.has(preset));
if (tests.length === 0) {
  console.error('No test file matches.');
  process.exit(1);
}
await setUp([...new Set(builds.flatMap((preset) => purposes[preset]))], { npm: true, yes: values.yes });
if (!values['no-build']) {
  try {
    for (const preset of builds) {
      console.log(`Building: ${preset}`);
      await build(preset);
    }
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}

const notes = mkdtempSync(join(tmpdir(), 'caisson-tests-'));
/** @type {string[]} */
const failures = [];

/**
 * @param {string[]} paths
 * @param {number} concurrency
 * @returns {Promise<number>} how the runner ends
 */
async function run(paths, concurrency) {
  if (paths.length === 0) return 0;
  const failed = join(notes, 'failed');
  const runner = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${concurrency}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${new URL('costs-reporter.mjs', import.meta.url)}`,
      '--test-reporter-destination=stdout',
      `--test-reporter=${new URL('failures-reporter.mjs', import.meta.url)}`,
      `--test-reporter-destination=${failed}`,
      ...paths,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CAISSON_REBASELINE: values.rebaseline ? '1' : '0' },
    },
  );
  const code = await new Promise((resolve) => runner.on('close', resolve));
  failures.push(...readFileSync(failed, 'utf8').split('\n').filter(Boolean));
  return code ?? 1;
}

const quiet = await run(tests.filter(isUntimed), availableParallelism());
const timed = await run(
  tests.filter((path) => !isUntimed(path)),
  1,
);
rmSync(notes, { recursive: true });
for (const failure of failures) console.log(`Failed: ${failure}`);
process.exit(quiet || timed);
