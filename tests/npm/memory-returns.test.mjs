// Memory that a guest lets go goes back: to its own limit, and to the other sandboxes of its instance.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const MiB = 1024 * 1024;
/** @type {WebAssembly.Memory[]} */
const memories = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  memories.push(instance.exports.memory);
  return instance;
};
const { createSandbox } = await import('caisson');
const bytes = readFileSync(new URL('../../npm/caisson.wasm', import.meta.url));

// About so many MiB of all kinds of values.
const fill = (megabytes) => `globalThis.kept = [new Map()]; for (let i = 0; i < ${megabytes * 2500}; i++) {
  kept.push({ i, text: 'text ' + i, list: [i, {}], call: () => i });
  if (i % 8 === 0) kept[0].set('key ' + i, kept.at(-1));
  if (i % 250 === 0) kept.push(new Uint8Array(10000), new Array(2000).fill(i));
} kept.length`;
const empty = 'globalThis.kept = undefined';
const littleGarbage = '{ let last; for (let i = 0; i < 2e5; i++) last = { last: [i] }; }';

async function openShared(t, count) {
  const wasm = await WebAssembly.compile(bytes);
  const sandboxes = [];
  for (let i = 0; i < count; i++)
    sandboxes.push(await createSandbox({ isolation: 'shared', wasm, memoryLimit: 128 * MiB, timeLimit: Infinity }));
  t.after(() => {
    for (const sandbox of sandboxes) sandbox.dispose();
  });
  return { sandboxes, memory: memories.at(-1) };
}

test('what a guest lets go counts no longer, whether somebody asks or it goes on', async (t) => {
  const {
    sandboxes: [sandbox],
  } = await openShared(t, 1);
  sandbox.evalSync(`${fill(1)}; ${empty}`);
  const before = sandbox.stats().memory.used;
  for (let round = 0; round < 3; round++) {
    sandbox.evalSync(fill(32));
    assert.ok(sandbox.memoryUsed > 28 * MiB, `${sandbox.memoryUsed}`);
    sandbox.evalSync(empty);
    const { used } = sandbox.stats().memory;
    assert.ok(used < before + MiB / 4, `${before} to ${used}`);
  }
  // Without stats(), which collects: the guest's own allocation does it, in steps.
  sandbox.evalSync(fill(32));
  const full = sandbox.memoryUsed;
  sandbox.evalSync(empty);
  let garbage = 0;
  while (sandbox.memoryUsed > before + 4 * MiB && garbage < 20) {
    sandbox.evalSync(littleGarbage);
    garbage++;
  }
  assert.ok(garbage < 20, `${full} to ${sandbox.memoryUsed}`);
});

test('names, prototypes and keys that nothing refers to leave no tables behind', async (t) => {
  const {
    sandboxes: [sandbox],
  } = await openShared(t, 1);
  const uses = {
    'names of properties': 'const object = {}; object["name" + i] = 1;',
    'names of an object that is kept': 'kept["name" + i] = 1; delete kept["name" + i];',
    prototypes: 'Object.create({ i }).x = 1;',
    'keys of a WeakMap': 'weak.set({ i }, i);',
    'keys of a Map': 'map.set({ i }, i); if (map.size === 3) map.clear();',
  };
  sandbox.evalSync('globalThis.kept = {}; globalThis.weak = new WeakMap(); globalThis.map = new Map(); 0');
  for (const [use, source] of Object.entries(uses)) {
    const work = (count) => `for (let i = 0; i < ${count}; i++) { ${source} } 0`;
    sandbox.evalSync(work(1000));
    const before = sandbox.stats().memory.used;
    sandbox.evalSync(work(1_500_000));
    const grown = sandbox.stats().memory.used - before;
    assert.ok(grown < 4 * MiB, `${use}: ${grown}`);
  }
});

for (const [how, end] of [
  ['emptied', (sandbox) => (sandbox.evalSync(empty), sandbox.stats())],
  ['disposed', (sandbox) => sandbox.dispose()],
]) {
  test(`what a sandbox had that was ${how} serves the others of its instance`, async (t) => {
    const { sandboxes, memory } = await openShared(t, 4);
    const sizes = [];
    for (const sandbox of sandboxes) {
      sandbox.evalSync(fill(48));
      assert.ok(sandbox.memoryUsed > 40 * MiB, `${sandbox.memoryUsed}`);
      end(sandbox);
      sizes.push(memory.buffer.byteLength / MiB);
    }
    assert.ok(sizes[0] > 40 && sizes[3] <= sizes[0], sizes.join());
  });
}
