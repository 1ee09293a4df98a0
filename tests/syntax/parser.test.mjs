// The parser alone over the programs of test262-parser-tests and of test262: accepted and refused as they should be.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultSuite, suiteProblem } from '../test262/suite.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

function run(script, input) {
  const parser = join(root, 'build', 'native', 'parse_probe');
  assert.ok(existsSync(parser), 'parse_probe is built');
  const result = spawnSync(process.execPath, [join(root, 'tests', 'syntax', script), parser, input], {
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stdout + result.stderr);
}

test('test262-parser-tests', () => run('parser-tests.mjs', join(root, 'node_modules', 'test262-parser-tests')));

test('every file of test262', { skip: suiteProblem(defaultSuite()) ?? false }, () =>
  run('test262-parse.mjs', defaultSuite()),
);
