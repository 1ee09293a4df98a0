import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relative, sep } from 'node:path';
import { test } from 'node:test';
import { engine, engineFiles, layerOf, layers, mayInclude, nameOf, read, roomMayInclude, rooms } from './sources.mjs';

function wrongIncludes(path, text) {
  const wrong = [];
  for (const [, included] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    const target = included.split('/')[0];
    if (!existsSync(join(engine, included))) wrong.push(`${nameOf(path)}: "${included}" is not a path from engine/`);
    else if (!layers.includes(target)) wrong.push(`${nameOf(path)}: ${target} is not a layer`);
    else if (!mayInclude(layerOf(path), target)) wrong.push(`${nameOf(path)}: ${layerOf(path)} may not include ${included}`);
    else if (target === 'host' && !roomMayInclude(relative(engine, path).replaceAll(sep, '/'), included)) wrong.push(`${nameOf(path)}: its room of the host may not include ${included}`);
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

test('an include of the host that points to a later room is found', () => {
  const found = (file, included) => wrongIncludes(join(engine, 'host', file), `#include "${included}"\n`).length;
  assert.deepEqual([found('runtime/imagined.c', 'host/boundary/bridge.h'), found('boundary/imagined.c', 'host/web/web_natives.h'), found('runtime/imagined.c', 'host/runtime/host.h'),
    found('web/imagined.c', 'host/boundary/message.h'), found('imagined.c', 'host/web/web_natives.h')], [1, 1, 0, 0, 0]);
});

test('every folder of the host is a room, and files beside them are few', () => {
  const inHost = engineFiles().filter((path) => layerOf(path) === 'host').map((path) => relative(join(engine, 'host'), path).split(sep));
  assert.deepEqual([...new Set(inHost.filter((parts) => parts.length > 1).map(([room]) => room))].filter((room) => !rooms.includes(room)), []);
  assert.deepEqual(inHost.filter((parts) => parts.length === 1).flat(), ['extensions.c']);
});

test('every folder of the engine is a layer', () => {
  const strays = engineFiles().map(layerOf).filter((layer) => !layers.includes(layer));
  assert.deepEqual([...new Set(strays)], []);
});
