// The matcher against the host's RegExp: chosen and random patterns, and parts that are repeated while they match
// nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../wasm-glue/tools/root.mjs';

const probe = join(root, 'build', 'native', 'regexp_probe');

for (const seed of [3, 20]) {
  test(`patterns match as in the host, seed ${seed}`, () => {
    assert.ok(existsSync(probe), 'regexp_probe is built');
    const script = join(root, 'tests', 'regexp', 'compare_with_node.mjs');
    const run = spawnSync(process.execPath, [script, probe, '700', String(seed)], {
      encoding: 'utf8',
      timeout: 120000,
    });
    assert.equal(run.status, 0, run.stdout + run.stderr);
  });
}
