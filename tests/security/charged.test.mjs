// The build that reports work nobody pays for: the programs of tests/language pay for all they do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { namedStacks } from '../charged/symbols.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

const program = join(root, 'build/charged/caisson-shell');
const folder = join(root, 'tests/language/programs');
const skip = existsSync(program) ? false : 'there is no charged build (node wasm-glue/tools/build.mjs charged)';

function uncharged(args, allowance) {
  const run = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, CAISSON_UNCHARGED_ALLOWANCE: String(allowance) },
  });
  return [...namedStacks(program, run.stderr).keys()];
}

test('what is not paid for is reported', { skip }, () => {
  // An allowance of nothing: all work is more than that.
  assert.notDeepEqual(uncharged(['--eval', 'Array.from({ length: 1e5 }, (_, i) => i).join()'], 0), []);
});

for (const file of existsSync(program) ? readdirSync(folder).filter((name) => name.endsWith('.js')) : []) {
  test(`${file} pays for all it does`, { skip }, () => {
    assert.deepEqual(uncharged([join(folder, file)], 2_000_000), []);
  });
}
