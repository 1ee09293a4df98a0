// The programs of tests/*/*_test.c, in every native build.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './sources.mjs';

for (const preset of ['native', 'sanitize', 'stress']) {
  test(`unit tests of the ${preset} build`, () => {
    assert.ok(existsSync(join(root, 'build', preset, 'build.ninja')), `the ${preset} build is there`);
    const result = spawnSync('ctest', ['--preset', preset, '-j', String(availableParallelism())], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, `${result.stdout}\n${result.stderr}`);
  });
}
