// The order of jobs, as V8 has it: each program's output was recorded with Node (node NAME.js > NAME.expected).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const shell = join(here, '..', '..', 'build', 'native', 'caisson-shell');

for (const file of readdirSync(here).filter((name) => name.endsWith('.js'))) {
  test(`order of jobs: ${file.slice(0, -3)}`, { skip: !existsSync(shell) && 'the native build is not there' }, () => {
    const expected = readFileSync(join(here, file.replace('.js', '.expected')), 'utf8');
    assert.equal(execFileSync(shell, [join(here, file)], { encoding: 'utf8' }), expected);
  });
}
