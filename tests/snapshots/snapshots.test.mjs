// The text of each stage for each input. After an intended change: npm test -- snapshots --rebaseline
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nativeShell } from '../tools/shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rebaseline = process.env.CAISSON_REBASELINE === '1';
const stages = ['ast', 'scopes', 'bytecode'];

function dump(stage, name) {
  const result = spawnSync(nativeShell(), [`--dump=${stage}`, name], {
    cwd: join(here, 'inputs'),
    encoding: 'utf8',
    timeout: 20000,
  });
  assert.equal(result.signal, null, `${stage} of ${name}: ${result.stderr}`);
  return result.stdout;
}

for (const name of readdirSync(join(here, 'inputs')).sort()) {
  for (const stage of stages) {
    const file = join(here, 'expected', `${name}.${stage}.txt`);
    test(`${stage} of ${name}`, () => {
      const actual = dump(stage, name);
      if (rebaseline) writeFileSync(file, actual);
      assert.equal(actual, readFileSync(file, 'utf8'));
    });
  }
}
