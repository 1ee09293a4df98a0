import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineFiles, filesOf, isGenerated, nameOf, read, root } from './sources.mjs';

const writtenFiles = () => ['wasm-glue', 'web', 'npm', 'tests'].flatMap((folder) => {
  try {
    return filesOf(join(root, folder), /\.(c|h|js|mjs|ts)$/);
  } catch {
    return [];
  }
});

test('no written file is longer than 2,000 lines', () => {
  const long = [...engineFiles(), ...writtenFiles()]
    .map((path) => ({ path, text: read(path) }))
    .filter(({ text }) => text.split('\n').length > 2000 && !isGenerated(text))
    .map(({ path, text }) => `${nameOf(path)}: ${text.split('\n').length} lines`);
  assert.deepEqual(long, []);
});

test('no setjmp, no longjmp, no exit or abort in the engine', () => {
  const wrong = engineFiles()
    .filter((path) => !/\/host\/shell\/shell[^/]*\.c$/.test(path))
    .filter((path) => /\b(setjmp|longjmp|sigsetjmp|siglongjmp|abort|exit|_Exit)\s*\(/.test(read(path).replace(/\/\/.*$/gm, '')))
    .map(nameOf);
  assert.deepEqual(wrong, []);
});

test('specification links are anchors, never section numbers', () => {
  const wrong = [];
  for (const path of engineFiles()) {
    read(path).split('\n').forEach((line, index) => {
      if (/(?:\/\/|\*)\s*(?:ES\d*\s*|ECMA-262\s*|§|section\s+)\d+\.\d+/i.test(line)) wrong.push(`${nameOf(path)}:${index + 1}`);
    });
  }
  assert.deepEqual(wrong, []);
});
