// The pictures of the documents are drawn from their sources, and show the layers that the include rules know.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { draw, pictureNames, pictures, readPicture } from '../../wasm-glue/tools/draw.mjs';
import { builtinRooms, filesOf, layers, nameOf, read, rooms, root } from './sources.mjs';

test('each picture is what its source gives', () => {
  assert.ok(pictureNames().length >= 2);
  for (const name of pictureNames()) {
    const drawn = draw(read(join(pictures, `${name}.txt`)));
    assert.equal(read(join(pictures, `${name}.svg`)), drawn, `${name}.svg is out of date: npm run draw`);
  }
});

test('the layers drawn are those of the include rules, the lowest at the bottom', () => {
  const { rows } = readPicture(read(join(pictures, 'layers.txt')));
  const boxes = rows.toReversed().flatMap((row) => row.boxes);
  assert.deepEqual(
    boxes.map(({ name }) => name),
    layers,
  );
  const roomsOf = (layer) => boxes.find(({ name }) => name === layer).rooms.map(({ name }) => name);
  assert.deepEqual(roomsOf('host').reverse(), rooms);
  assert.deepEqual(roomsOf('builtins').sort(), [...builtinRooms].sort());
});

test('every file that a picture names is there', () => {
  const names = new Set(
    ['engine', join('npm', 'src')].flatMap((folder) =>
      filesOf(join(root, folder), /\.(c|h|m?js)$/).map((path) => path.split('/').at(-1)),
    ),
  );
  const { steps } = readPicture(read(join(pictures, 'crossing.txt')));
  const files = steps.flatMap(({ words }) => words[1].split(', ')).filter((word) => word.includes('.'));
  assert.ok(files.length > 8);
  assert.deepEqual(
    files.filter((name) => !names.has(name)),
    [],
  );
});

test('the documents show every picture', () => {
  const shown = new Set();
  for (const document of ['README.md', 'CONTRIBUTING.md', join('engine', 'README.md')]) {
    for (const [, path] of read(join(root, document)).matchAll(/\]\(([^)]+\.svg)\)/g)) {
      const target = join(root, dirname(document), path);
      assert.ok(existsSync(target), `${document}: ${path}`);
      shown.add(nameOf(target));
    }
  }
  assert.deepEqual(
    [...shown].sort(),
    pictureNames()
      .map((name) => join('engine', 'pictures', `${name}.svg`))
      .sort(),
  );
});
