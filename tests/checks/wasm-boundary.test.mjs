import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { root } from './sources.mjs';

const bytes = readFileSync(join(root, 'npm', 'caisson.wasm'));
const listed = readFileSync(join(root, 'wasm-glue', 'exports.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z_]/.test(line))
  .map((line) => line.trim());
// What Emscripten's linker adds by itself.
const added = [
  'memory',
  '_initialize',
  '__indirect_function_table',
  '__errno_location',
  'stackSave',
  'stackRestore',
  'stackAlloc',
  'emscripten_stack_get_current',
  '_emscripten_stack_restore',
  '_emscripten_stack_alloc',
];

test('caisson.wasm exports what is listed', () => {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
  assert.deepEqual(names.filter((name) => !added.includes(name)).sort(), [...listed].sort());
});

test('caisson.wasm imports from the glue only', () => {
  const foreign = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(
    ({ module }) => module !== 'caisson',
  );
  assert.deepEqual(
    foreign.map(({ module, name }) => `${module}.${name}`),
    [],
  );
});

test('caisson.wasm is at most 460 KB after brotli', () => {
  const size = brotliCompressSync(bytes).length;
  assert.ok(size <= 460 * 1024, `${size} bytes`);
});
