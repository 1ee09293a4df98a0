// Whether caisson.wasm lies where an entry says: by what bundlers make of its address, and of the entry's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstOf, isBeside } from '../../npm/src/candidates.js';

// A space stands for what follows the scheme: comments have no such names.
const places = [
  // As it is: installed, on a CDN, in a workspace.
  ['file /app/node_modules/caisson/caisson.wasm', 'file /app/node_modules/caisson/dist/node.js', true],
  ['https cdn.example/npm/caisson@1.0.0/caisson.wasm', 'https cdn.example/npm/caisson@1.0.0/dist/browser.js', true],
  ['https a.example/caisson.wasm', 'https a.example/dist/browser.js?v=1#x', true],
  // A bundler copied the file and wrote where to: webpack, Vite, Parcel.
  ['https a.example/static/0a1b2c.wasm', 'file /app/node_modules/caisson/dist/browser.js', true],
  ['https a.example/assets/caisson-0a1b2c.wasm', 'https a.example/assets/index-3d4e.js', true],
  ['https a.example/caisson.wasm', 'https a.example/js/main.1234.js', false],
  // Moved, and the address with it: esbuild, Rollup, Bun, Vite's development server.
  ['https a.example/caisson.wasm', 'https a.example/out/app.js', false],
  ['http localhost/node_modules/.vite/caisson.wasm', 'http localhost/node_modules/.vite/deps/caisson.js?v=1', false],
  ['file /$bunfs/caisson.wasm', 'file /$bunfs/root/app', false],
  // Nothing known of the entry, but of the file; nothing at all.
  ['https a.example/assets/caisson.wasm', undefined, true],
  [undefined, undefined, false],
  [undefined, 'blob:https a.example/1234', false],
];
const whole = (text) => text?.replace(' ', ':' + '/'.repeat(2));
for (const [address, entry, expected] of places) {
  test(`${address} of ${entry}: ${expected ? 'beside it' : 'elsewhere'}`, () =>
    assert.equal(isBeside(whole(address), whole(entry)), expected));
}

const fails = (message) => async () => {
  throw new Error(message);
};

test('the first candidate that gives a module is taken, and of several failures each is told', async () => {
  const module = {};
  assert.equal(await firstOf([fails('one'), undefined, async () => module, fails('not asked')]), module);
  await assert.rejects(firstOf([fails('one'), fails('two')]), { name: 'LoadError', message: 'one\nand two' });
  const alone = new Error('alone');
  await assert.rejects(firstOf([undefined, () => Promise.reject(alone)]), alone);
  await assert.rejects(firstOf([undefined, undefined]), { name: 'LoadError', message: /setWasm\(url\)/ });
});
