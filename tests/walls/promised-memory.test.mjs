// Memory that is promised is there, beyond two GiB as well, where addresses are negative numbers to JavaScript.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MemoryLimitError, createSandbox } from 'caisson';

const MiB = 1024 * 1024;
const wasm = await WebAssembly.compile(readFileSync(new URL('../../npm/caisson.wasm', import.meta.url)));
const shared = (options) => createSandbox({ isolation: 'shared', wasm, ...options });

test('eight sandboxes that are full leave a ninth its own memory', async () => {
  const all = [];
  for (let i = 0; i < 9; i++) {
    const sandbox = await shared({ globals: { echo: (value) => value } });
    all.push(sandbox);
    assert.equal(sandbox.evalSync(`globalThis.data = new Uint8Array(${250 * MiB}); data[data.length - 1] = ${i}; 1`), 1);
  }
  assert.deepEqual(all.map((sandbox) => sandbox.evalSync('echo(data[data.length - 1])')), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  // The ninth lives above two GiB.
  const ninth = all.at(-1);
  assert.equal(ninth.evalSync('echo').call(undefined, 'x'.repeat(1e5)).length, 1e5);
  assert.equal(ninth.evalSync('echo({ a: [1, 2, { b: "c" }], high: data.slice(-1000) })').high[999], 8);
  assert.equal(await ninth.eval('Promise.resolve("x".repeat(1e5)).then((text) => echo(text + text).length)'), 2e5);
  assert.throws(() => ninth.evalSync('for (const all = [];;) all.push("x".repeat(1e5) + all.length)'), (error) => error instanceof RangeError || error instanceof MemoryLimitError);
  for (const sandbox of all) {
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    sandbox.dispose();
  }
});

test('a limit of nearly four GiB is possible, and no larger object than two', async () => {
  const sandbox = await createSandbox({ isolation: 'instance', memoryLimit: 4096 * MiB });
  assert.equal(sandbox.evalSync('new Uint8Array(3e8).length'), 3e8);
  assert.throws(() => sandbox.evalSync('new Uint8Array(2 ** 31)'), RangeError);
  sandbox.dispose();
});
