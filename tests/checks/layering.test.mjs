import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relative, sep } from 'node:path';
import { test } from 'node:test';
import {
  builtinRooms,
  engine,
  engineFiles,
  filesOf,
  layerOf,
  layers,
  mayInclude,
  nameOf,
  read,
  roomMayInclude,
  rooms,
} from './sources.mjs';

function wrongIncludes(path, text) {
  const wrong = [];
  for (const [, included] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    const target = included.split('/')[0];
    if (!existsSync(join(engine, included))) wrong.push(`${nameOf(path)}: "${included}" is not a path from engine/`);
    else if (!layers.includes(target)) wrong.push(`${nameOf(path)}: ${target} is not a layer`);
    else if (!mayInclude(layerOf(path), target))
      wrong.push(`${nameOf(path)}: ${layerOf(path)} may not include ${included}`);
    else if (target === 'host' && !roomMayInclude(relative(engine, path).replaceAll(sep, '/'), included))
      wrong.push(`${nameOf(path)}: its room of the host may not include ${included}`);
  }
  return wrong;
}

test('includes point to the own layer or to earlier ones', () => {
  assert.deepEqual(
    engineFiles().flatMap((path) => wrongIncludes(path, read(path))),
    [],
  );
});

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
const functionHead = String.raw`^(?!\s|#|typedef|static|return|else|\}|extern)[\w][\w\s*]*?\b(\w+)\([^;{}]*\)`;
const namesBefore = (text, end) =>
  [...withoutComments(text).matchAll(new RegExp(functionHead + end, 'gm'))].map(([, name]) => name);
const prototypesOf = (text) => namesBefore(text, String.raw`(?:\s*__attribute__\(\(.*?\)\))?;`);
const definitionsOf = (text) => namesBefore(text, String.raw`\s*\{`);

// Prototypes in a header whose function a later layer, or a later room of the host, defines. What a lower layer needs
// of a higher one goes through runtime/hooks.h. Each is { name, declared, defined }, paths from engine/.
function declaredTooLow(files) {
  const declared = new Map();
  for (const { path, text } of files)
    if (path.endsWith('.h')) for (const name of prototypesOf(text)) declared.set(name, path);
  return files
    .filter(({ path }) => path.endsWith('.c'))
    .flatMap(({ path: defined, text }) =>
      definitionsOf(text).flatMap((name) => {
        const header = declared.get(name);
        if (!header) return [];
        const [from, to] = [header, defined].map((path) => path.split('/')[0]);
        const isWrong =
          from === 'host' && to === 'host'
            ? !roomMayInclude(header, defined)
            : layers.indexOf(to) > layers.indexOf(from);
        return isWrong ? [{ name, declared: header, defined }] : [];
      }),
    );
}

// The host gives these to its own runtime: where time comes from on the web is beside the imports of the wasm.
const givenByTheWasm = ['host_monotonic_time', 'host_wall_time', 'host_zone_id', 'host_zone_name', 'host_random_seed'];

test('no layer defines what a header of an earlier one declares', () => {
  const files = engineFiles().map((path) => ({ path: relative(engine, path).replaceAll(sep, '/'), text: read(path) }));
  assert.ok(files.flatMap(({ path, text }) => (path.endsWith('.h') ? prototypesOf(text) : [])).length > 1000);
  assert.deepEqual(
    declaredTooLow(files).filter(({ name }) => !givenByTheWasm.includes(name)),
    [],
  );
});

test('a prototype in too low a layer is found', () => {
  const header = {
    path: 'interpreter/imagined.h',
    text: '// Why.\nMUST_CHECK bool imagined_call(Context *cx,\n                   Value value);\nValue imagined_own(void);\n',
  };
  const source = {
    path: 'builtins/imagined.c',
    text: 'bool imagined_call(Context *cx, Value value) {\n  return true;\n}\n',
  };
  const own = { path: 'interpreter/imagined.c', text: 'Value imagined_own(void) { return 1; }\n' };
  assert.deepEqual(declaredTooLow([header, source, own]), [
    { name: 'imagined_call', declared: header.path, defined: source.path },
  ]);
  const rooms = [
    { path: 'host/runtime/imagined.h', text: 'void imagined_show(void);\n' },
    { path: 'host/web/imagined.c', text: 'void imagined_show(void) {\n}\n' },
  ];
  assert.equal(declaredTooLow(rooms).length, 1);
});

test('an include that points up is found', () => {
  const path = join(engine, 'text', 'imagined.c');
  assert.equal(wrongIncludes(path, '#include "heap/heap.h"\n#include "base/base.h"\n').length, 1);
});

test('an include of the host that points to a later room is found', () => {
  const found = (file, included) => wrongIncludes(join(engine, 'host', file), `#include "${included}"\n`).length;
  assert.deepEqual(
    [
      found('runtime/imagined.c', 'host/boundary/bridge.h'),
      found('boundary/imagined.c', 'host/web/web_natives.h'),
      found('runtime/imagined.c', 'host/runtime/host.h'),
      found('web/imagined.c', 'host/boundary/message.h'),
      found('imagined.c', 'host/web/web_natives.h'),
    ],
    [1, 1, 0, 0, 0],
  );
});

test('every folder of the host is a room, and files beside them are few', () => {
  const inHost = engineFiles()
    .filter((path) => layerOf(path) === 'host')
    .map((path) => relative(join(engine, 'host'), path).split(sep));
  assert.deepEqual(
    [...new Set(inHost.filter((parts) => parts.length > 1).map(([room]) => room))].filter(
      (room) => !rooms.includes(room),
    ),
    [],
  );
  assert.deepEqual(inHost.filter((parts) => parts.length === 1).flat(), ['extensions.c']);
});

test('every file of the built-ins is in a room, but for what all share', () => {
  const files = filesOf(join(engine, 'builtins'), /\.(?:c|h|js|def|cmake)$/).map((path) =>
    relative(join(engine, 'builtins'), path).split(sep),
  );
  assert.deepEqual(
    [...new Set(files.filter((parts) => parts.length > 1).map(([room]) => room))].sort(),
    [...builtinRooms].sort(),
  );
  assert.deepEqual(
    [...new Set(files.filter((parts) => parts.length === 1).map(([name]) => name.replace(/\..*$/, '')))].sort(),
    ['all', 'embed_self_hosted', 'install', 'intrinsics', 'self_hosted'],
  );
  assert.deepEqual(
    files.filter((parts) => parts.length > 2),
    [],
  );
});

test('every folder of the engine is a layer', () => {
  const strays = engineFiles()
    .map(layerOf)
    .filter((layer) => !layers.includes(layer));
  assert.deepEqual([...new Set(strays)], []);
});
