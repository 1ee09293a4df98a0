// What one sandbox wrote is never readable by another of the same instance, however it asks for memory: the bytes that
// a neighbour gave back are looked for in everything that a guest can allocate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const shared = (options) =>
  createSandbox({ isolation: 'shared', memoryLimit: 64 * 1024 * 1024, timeLimit: Infinity, ...options });

// Leaves a pattern in blocks of all sizes: strings of both widths, elements, bytes, properties, maps, compiled code,
// BigInts.
const writeSecrets = `{
  const keep = [];
  for (let size = 1; size <= 1 << 16; size *= 2) {
    for (let i = 0; i < 20; i++) {
      keep.push(new Uint8Array(size).fill(0xA7), ('\\xA7'.repeat(size) + i).toUpperCase(), ('\\uA7A7'.repeat(size) + i).toLowerCase());
      keep.push(Array.from({ length: Math.min(size, 4096) }, () => 'secret' + i), new Float64Array(size).fill(-1.5e-117));
    }
  }
  for (let i = 0; i < 3000; i++) keep.push({ ['secret' + i]: 'secret', a: 0xA7A7A7A7, b: -1.5e-117 }, new Map([['secret' + i, 'secret']]), 0xA7A7A7A7A7A7A7A7n ** 9n);
  for (let i = 0; i < 200; i++) keep.push(new Function('secret' + i, 'return "secret" + secret' + i));
  globalThis.keep = keep.length;
  /(\\xA7+)*(secret)?/.exec('\\xA7'.repeat(5000) + 'secret');
  JSON.stringify(keep.slice(0, 50).map(String));
}`;

// Everything that is new must hold what the specification says that it holds.
const lookAround = `{
  const found = [];
  const expect = (what, condition) => { if (!condition) found.push(what); };
  const isZero = (view) => view.every((byte) => byte === 0);
  for (let size = 1; size <= 1 << 17; size = Math.ceil(size * 2.3)) {
    for (let i = 0; i < 4; i++) {
      expect('ArrayBuffer ' + size, isZero(new Uint8Array(size)));
      expect('SharedArrayBuffer ' + size, isZero(new Uint8Array(new SharedArrayBuffer(size))));
      const buffer = new ArrayBuffer(size, { maxByteLength: size * 4 });
      new Uint8Array(buffer).fill(1);
      buffer.resize(size * 3);
      expect('resize ' + size, isZero(new Uint8Array(buffer).subarray(size)));
      buffer.resize(1);
      buffer.resize(size * 4);
      expect('resize again ' + size, isZero(new Uint8Array(buffer).subarray(1)));
      expect('transfer ' + size, isZero(new Uint8Array(new ArrayBuffer(size).transfer(size * 2))));
      expect('slice ' + size, isZero(new Uint8Array(new ArrayBuffer(size).slice(0, size))));
      const shared = new SharedArrayBuffer(1, { maxByteLength: size + 1 });
      shared.grow(size + 1);
      expect('grow ' + size, isZero(new Uint8Array(shared)));
      if (size > 1 << 12) continue;
      const holes = new Array(size);
      expect('holes ' + size, holes.every((value) => false) && holes[size - 1] === undefined && !(size - 1 in holes) && Object.keys(holes).length === 0);
      const longer = [1];
      longer.length = size + 1;
      longer[size + 1] = 2;
      expect('length ' + size, Object.keys(longer).length === 2 && longer.indexOf(undefined) === -1);
      expect('join ' + size, /^,*$/.test(new Array(size).join()));
      expect('padding ' + size, 'x'.padEnd(size + 1).trim() === 'x' && ' '.repeat(size).trim() === '');
      expect('typed array ' + size, isZero(new Float64Array(size)) && isZero(new Uint32Array(new Set(), size)));
      expect('copyWithin ' + size, isZero(new Uint8Array(size * 2).copyWithin(size, 0)));
      expect('concat ' + size, new Array(size).concat(new Array(size)).flat().length === 0);
      expect('arguments', (function () { return arguments[size] === undefined && arguments.length === 0; })());
      expect('object', Object.keys({}).length === 0 && Object.getOwnPropertySymbols({}).length === 0);
      expect('bigint ' + size, BigInt.asUintN(size, (1n << BigInt(size)) - 1n) + 1n === 1n << BigInt(size));
      expect('groups', new RegExp('(x)?'.repeat(Math.min(size, 500))).exec('').slice(1).every((group) => group === undefined));
      expect('encoder ' + size, new TextEncoder().encode('\\0'.repeat(size)).every((byte) => byte === 0));
      expect('decoder ' + size, new TextDecoder().decode(new Uint8Array(size)) === '\\0'.repeat(size));
      expect('clone ' + size, isZero(structuredClone(new Uint8Array(size))));
    }
  }
  (function () { var a, b, c, d; expect('variables', a === undefined && b === undefined && c === undefined && d === undefined); })();
  found.join();
}`;

test('nothing new holds what a neighbour has given back', async () => {
  for (let round = 0; round < 2; round++) {
    const neighbour = await shared();
    neighbour.evalSync(writeSecrets);
    const reader = await shared();
    neighbour.dispose();
    assert.equal(reader.evalSync(lookAround), '');
    reader.dispose();
  }
});

test('nor while the neighbour lives, allocates and lets go', async () => {
  const neighbour = await shared();
  const reader = await shared({
    globals: {
      neighbour: () => {
        neighbour.evalSync(writeSecrets);
      },
    },
  });
  for (let round = 0; round < 2; round++) {
    reader.evalSync('neighbour()');
    neighbour.evalSync('for (let i = 0; i < 2e5; i++) [i]; 0');
    assert.equal(reader.evalSync(lookAround), '');
  }
  neighbour.dispose();
  reader.dispose();
});
