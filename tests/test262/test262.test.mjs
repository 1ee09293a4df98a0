// Every test of the conformance suite in native workers, and a part of them in the shipped wasm, against the
// expectations; each in one of its modes (`npm run test262` runs both).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { defaultSuite, suiteProblem } from './suite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const problem = suiteProblem(defaultSuite());
const skip = problem === undefined ? false : problem.split('\n')[0];

function runSuite(...args) {
  const result = spawnSync(process.execPath, [join(here, 'main.mjs'), '--no-build', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const end = result.stdout.split('\n').slice(-80).join('\n');
  assert.equal(result.status, 0, `${end}\n${result.stderr}`);
}

test('test262 gives the expected results natively', { skip }, () => runSuite('--alternate'));

test('a part of test262 gives the expected results in the shipped wasm', { skip }, () => {
  runSuite(
    '--wasm',
    '--alternate',
    'language/expressions/class',
    'language/statements/for-await-of',
    'built-ins/Array',
    'built-ins/Promise',
    'built-ins/RegExp/prototype',
    'built-ins/Map',
    'built-ins/Atomics/notify',
  );
});

test('prepared programs give the same results', { skip }, () => {
  runSuite('--prepared', '--alternate', '--sample', '4000', 'language', 'annexB', 'built-ins/Function');
});

test('programs that are paused every few operations give the same results', { skip }, () => {
  runSuite('--pause', '50', '--sample', '2000', 'language', 'built-ins/Promise', 'built-ins/Array');
});
