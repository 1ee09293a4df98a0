// npm run size: what each layer of the engine weighs in caisson.wasm. Functions are found by the names that the linked
// module still has; data, which has no names there, is divided as in the native build. What a layer weighs after brotli
// is the share that it has when each is compressed by itself.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from './build.mjs';
import { readCommandLine } from './command-line.mjs';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';
import { DATA, functionsOf, sectionsOf } from './wasm-file.mjs';

const usage = `npm run size [-- options]: bytes of caisson.wasm by layer and folder
  --functions N    also the N largest functions
  --no-build       use what is built already
  --yes            install what is missing without asking`;

/**
 * @param {string} folder
 * @param {string} ending
 * @param {string[]} found
 */
function filesIn(folder, ending, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) filesIn(path, ending, found);
    else if (entry.name.endsWith(ending)) found.push(path);
  }
  return found;
}

/** The room of a file: its folder below engine/. @param {string} path */
const roomOf = (path) => relative(join(root, 'engine'), path).split(sep).slice(0, -1).join('/');

/** Name of a function -> the room in which it is defined. */
function findDefinitions() {
  /** @type {Map<string, string>} */
  const rooms = new Map();
  for (const path of filesIn(join(root, 'engine'), ''))
    if (/\.(?:c|h)$/.test(path))
      for (const [, name] of readFileSync(path, 'utf8').matchAll(/^[A-Za-z][^;={}]*?\b(\w+)\([^;{}]*\)\s*\{/gm))
        rooms.set(name, roomOf(path));
  return rooms;
}

/** Room -> bytes of data that its objects of the native build hold. */
function nativeData() {
  const objects = join(root, 'build', 'native', 'CMakeFiles', 'caisson.dir');
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const path of filesIn(objects, '.o')) {
    const inside = relative(objects, path);
    const room = inside.startsWith(`engine${sep}`) ? inside.split(sep).slice(1, -1).join('/') : 'texts of built-ins';
    const lines = execFileSync('size', ['-A', path], { encoding: 'utf8' }).split('\n');
    for (const line of lines) {
      const [section, size] = line.split(/\s+/);
      if (/^\.(?:rodata|data)/.test(section)) sizes.set(room, (sizes.get(room) ?? 0) + Number(size));
    }
  }
  return sizes;
}

const compressed = (/** @type {Uint8Array} */ bytes) => brotliCompressSync(bytes).length;

/**
 * @param {Map<string, Buffer[]>} code
 * @param {Map<string, number>} data shares of it
 * @param {Buffer} wasm
 */
function weigh(code, data, wasm) {
  const wholeData = sectionsOf(wasm).find(({ id }) => id === DATA)?.contents ?? Buffer.alloc(0);
  const sum = [...data.values()].reduce((total, size) => total + size, 0);
  const rows = [...new Set([...code.keys(), ...data.keys()])].map((room) => {
    const bytes = Buffer.concat(code.get(room) ?? []);
    const share = (data.get(room) ?? 0) / sum;
    return { room, code: bytes.length, data: share * wholeData.length, packed: compressed(bytes), share };
  });
  // What is compressed by itself weighs more than its share of the whole.
  const packedData = compressed(wholeData);
  const apart = rows.reduce((total, { packed }) => total + packed, 0) + packedData;
  const scale = compressed(wasm) / apart;
  return rows.map(({ room, code, data, packed, share }) => ({
    room,
    code,
    data,
    packed: (packed + share * packedData) * scale,
  }));
}

/** @param {ReturnType<typeof weigh>} rows */
function print(rows) {
  const kilobytes = (/** @type {number} */ bytes) => (bytes / 1024).toFixed(1).padStart(10);
  const line = (/** @type {string} */ name, /** @type {{ code: number, data: number, packed: number }} */ row) =>
    console.log(`${name.padEnd(28)}${kilobytes(row.code)}${kilobytes(row.data)}${kilobytes(row.packed)}`);
  console.log(`${'KB'.padEnd(28)}${'code'.padStart(10)}${'data'.padStart(10)}${'brotli'.padStart(10)}`);
  const layerOf = (/** @type {string} */ room) => room.split('/')[0];
  const total = (/** @type {typeof rows} */ some) =>
    some.reduce(
      (sum, row) => ({ code: sum.code + row.code, data: sum.data + row.data, packed: sum.packed + row.packed }),
      { code: 0, data: 0, packed: 0 },
    );
  const layers = [...new Set(rows.map(({ room }) => layerOf(room)))]
    .map((layer) => ({ layer, rooms: rows.filter(({ room }) => layerOf(room) === layer) }))
    .map(({ layer, rooms }) => ({ layer, rooms, sum: total(rooms) }))
    .sort((one, other) => other.sum.packed - one.sum.packed);
  for (const { layer, rooms, sum } of layers) {
    line(layer, sum);
    if (rooms.length > 1)
      for (const row of rooms.sort((one, other) => other.packed - one.packed)) line(`  ${row.room}`, row);
  }
  line('together', total(rows));
}

async function main() {
  const { values } = readCommandLine(
    usage,
    {
      options: {
        functions: { type: 'string', default: '0' },
        'no-build': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
      },
    },
    ['functions'],
  );
  if (!values['no-build']) {
    await setUp(['native', 'browser'], { yes: values.yes });
    await build('native');
    await build('browser');
    await build('browser', ['caisson-named']);
  }
  const shipped = readFileSync(join(root, 'npm', 'caisson.wasm'));
  const functions = functionsOf(readFileSync(join(root, 'build', 'browser', 'caisson-named.wasm')));
  const rooms = findDefinitions();
  /** @type {Map<string, Buffer[]>} */
  const code = new Map();
  for (const { name, bytes } of functions) {
    // The linker numbers the functions of one name.
    const room = rooms.get(name.replace(/\.\d+$/, '')) ?? 'C library and the linker';
    code.set(room, [...(code.get(room) ?? []), bytes]);
  }
  print(weigh(code, nativeData(), shipped));
  const largest = functions.sort((one, other) => other.bytes.length - one.bytes.length);
  for (const { name, bytes } of largest.slice(0, Number(values.functions)))
    console.log(`${String(bytes.length).padStart(7)}  ${name}`);
}

await main();
