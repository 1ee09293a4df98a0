// Programs of other people, from npm, run in the shipped wasm: the output has to be Node's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle } from '../bench/programs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here).filter((name) => /^[a-z0-9]+\.mjs$/.test(name));
const commandLine = join(here, '..', '..', 'npm', 'bin', 'caisson.mjs');
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-programs-'));
});
after(() => rmSync(folder, { recursive: true }));

function run(...args) {
  return execFileSync(process.execPath, ['--no-warnings', ...args], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 120000,
    maxBuffer: 1 << 26,
  });
}

for (const name of names) {
  test(`${name.replace('.mjs', '')} prints what it prints in Node`, async () => {
    const file = join(folder, name.replace('.mjs', '.cjs'));
    writeFileSync(file, await bundle(join(here, name)));
    const expected = run(file);
    assert.notEqual(expected, '');
    assert.equal(run(commandLine, 'run', file), expected);
  });
}
