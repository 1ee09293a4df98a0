// npm run stress -- [--no-build] [PATH...]: the stress build (a collection at every allocation, freed cells poisoned,
// the heap verified) over the unit tests, all programs of tests/ and a fixed sample of test262, or over the given paths
// of test262. Then the charged build, which reports work that nobody pays for, over the programs of tests/language and
// a sample of the intrinsics; and the hostile programs, the places to wait and the sandboxes in one page that are too
// many for `npm test`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../bench/programs.mjs';
import { build } from '../../wasm-glue/tools/build.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { runProgram } from './shell.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const sampleSize = 3000;
const usage = `npm run stress -- [PATH...] [options]: collections at every allocation, over programs or paths of test262
  --jobs N         processes at a time
  --no-build       use what is built already`;
const { values, positionals } = readCommandLine(
  usage,
  {
    allowPositionals: true,
    options: { 'no-build': { type: 'boolean', default: false }, jobs: { type: 'string' } },
  },
  ['jobs'],
);

/** @param {string} extension @param {string[]} path */
function programsIn(extension, ...path) {
  const folder = join(root, 'tests', ...path);
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension) && !name.includes('.test.'))
    .map((name) => join(folder, name));
}

/** The programs of npm packages are shell scripts once they are bundled. @param {string} folder */
async function bundled(folder) {
  const files = [];
  for (const file of programsIn('.mjs', 'programs')) {
    const output = join(folder, `${file.slice(file.lastIndexOf('/') + 1, -4)}.cjs`);
    writeFileSync(output, await bundle(file));
    files.push(output);
  }
  return files;
}

/** @param {string} file */
function expectedOutput(file) {
  const written = file.replace(/\.[cm]?js$/, '.expected');
  return existsSync(written) ? readFileSync(written, 'utf8') : runProgram('native', [file]).stdout;
}

/** @param {string} kind @param {string} file */
function checkProgram(kind, file) {
  const started = Date.now();
  const { stdout, stderr, status, signal } = runProgram(kind, [file], { timeout: 900000 });
  const same = stdout === expectedOutput(file) && status === 0;
  console.log(
    `${same ? 'same' : 'DIFFERENT'}  ${file.slice(file.lastIndexOf('/') + 1)}  ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (!same) console.log(`  ends with ${signal ?? `exit ${status}`} ${stderr.slice(0, 500)}`);
  return same;
}

/** @param {string} command @param {string[]} args */
const run = (command, ...args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

await setUp(['native', 'sanitize'], { npm: true });
if (!values['no-build']) {
  await build('native');
  await build('stress');
  if (positionals.length === 0) for (const preset of ['charged', 'sanitize']) await build(preset);
}
const folder = mkdtempSync(join(tmpdir(), 'caisson-stress-'));
const failures = [];
try {
  if (positionals.length === 0) {
    if (!run('ctest', '--test-dir', join(root, 'build', 'stress'), '--output-on-failure')) failures.push('unit tests');
    for (const file of [
      ...programsIn('.js', 'language', 'programs'),
      ...programsIn('.js', 'ordering'),
      ...(await bundled(folder)),
    ]) {
      for (const kind of ['stress', 'stress in steps'])
        if (!checkProgram(kind, file)) failures.push(`${kind}: ${file}`);
    }
  }
  if (positionals.length === 0) {
    if (!run(process.execPath, '--test', join(root, 'tests', 'security', 'charged.test.mjs')))
      failures.push('charged programs');
    process.env.CAISSON_WHOLE_SIZES = '1';
    if (!run(process.execPath, '--test', join(root, 'tests', 'syntax', 'hostile.test.mjs')))
      failures.push('hostile programs');
    if (!run(process.execPath, '--test', join(root, 'tests', 'walls', 'many-sandboxes.test.mjs')))
      failures.push('many sandboxes');
    // All places to wait, and random calls.
    const parking = join(root, 'tests', 'walls', 'parking-everywhere');
    if (!run(process.execPath, '--test', `${parking}.test.mjs`)) failures.push('parking everywhere');
    for (const [preset, count] of [
      ['sanitize', '3000'],
      ['stress', '50'],
    ]) {
      const options = ['--preset', preset, '--count', count, '--seconds', '120', '--seed', String(Date.now() % 1e6)];
      if (!run(process.execPath, `${parking}.mjs`, ...options)) failures.push(`parking everywhere: ${preset}`);
    }
    const sweep = [join(root, 'tests', 'security', 'intrinsics.mjs'), '--charged', '--every', '32'];
    if (!run(process.execPath, ...sweep)) failures.push('charged intrinsics');
  }
  const selection = positionals.length > 0 ? positionals : ['--sample', String(sampleSize)];
  const jobs = values.jobs === undefined ? [] : ['--jobs', values.jobs];
  const conformance = [
    join(root, 'tests', 'test262', 'main.mjs'),
    '--no-build',
    '--preset',
    'stress',
    '--timeout',
    '300000',
    ...jobs,
  ];
  if (!run(process.execPath, ...conformance, ...selection)) failures.push('test262');
  // The same with collections that go on from allocation to allocation, in steps of several sizes.
  for (const step of ['700', '4000']) {
    process.env.CAISSON_STRESS_STEP = step;
    if (!run(process.execPath, ...conformance, '--alternate', ...selection))
      failures.push(`test262 in steps of ${step}`);
  }
  delete process.env.CAISSON_STRESS_STEP;
  // What is set aside in the middle of a program is collected around.
  const paused = positionals.length > 0 ? positionals : ['test/language', 'test/built-ins/Promise', '--sample', '500'];
  if (!run(process.execPath, ...conformance, '--pause', '50', ...paused)) failures.push('test262, paused');
} finally {
  rmSync(folder, { recursive: true });
}
console.log(failures.length === 0 ? '\nThe stress build passes.' : `\nFailed under stress:\n${failures.join('\n')}`);
process.exit(failures.length === 0 ? 0 : 1);
