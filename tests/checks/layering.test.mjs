import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engine, engineFiles, layerOf, layers, mayInclude, nameOf, read } from './sources.mjs';

function wrongIncludes(path, text) {
  const wrong = [];
  for (const [, included] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    const target = included.split('/')[0];
    if (!existsSync(join(engine, included))) wrong.push(`${nameOf(path)}: "${included}" is not a path from engine/`);
    else if (!layers.includes(target)) wrong.push(`${nameOf(path)}: ${target} is not a layer`);
    else if (!mayInclude(layerOf(path), target)) wrong.push(`${nameOf(path)}: ${layerOf(path)} may not include ${included}`);
  }
  return wrong;
}

test('includes point to the own layer or to earlier ones', () => {
  assert.deepEqual(engineFiles().flatMap((path) => wrongIncludes(path, read(path))), []);
});

test('an include that points up is found', () => {
  const path = join(engine, 'text', 'imagined.c');
  assert.equal(wrongIncludes(path, '#include "heap/heap.h"\n#include "base/base.h"\n').length, 1);
});

test('every folder of the engine is a layer', () => {
  const strays = engineFiles().map(layerOf).filter((layer) => !layers.includes(layer));
  assert.deepEqual([...new Set(strays)], []);
});
