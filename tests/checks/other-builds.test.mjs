// C that only the long commands build: it must not stop compiling unnoticed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../wasm-glue/tools/root.mjs';

const { configurePresets } = JSON.parse(readFileSync(join(root, 'CMakePresets.json'), 'utf8'));

function compile(preset, source) {
  const { cacheVariables } = configurePresets.find(({ name }) => name === preset);
  const definitions = Object.entries(cacheVariables)
    .filter(([name, value]) => name.startsWith('CAISSON_') && value === 'ON')
    .map(([name]) => `-D${name}=1`);
  const { status, stderr } = spawnSync(
    'clang',
    [
      '-fsyntax-only',
      '-std=gnu11',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-Wno-gnu-variable-sized-type-not-at-end',
      `-I${join(root, 'engine')}`,
      `-DFUZZ_FOLDER="${join(root, 'tests', 'fuzz')}"`,
      ...definitions,
      source,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
}

for (const [preset, folder] of [
  ['fuzz', 'fuzz'],
  ['charged', 'charged'],
]) {
  for (const name of readdirSync(join(root, 'tests', folder)).filter((name) => name.endsWith('.c')))
    test(`tests/${folder}/${name} compiles`, () => compile(preset, join(root, 'tests', folder, name)));
}
