// Memory that is promised is there. (tests/security/host-attacks.mjs fills nine sandboxes beyond two GiB.)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const MiB = 1024 * 1024;
const wasm = await WebAssembly.compile(readFileSync(new URL('../../npm/caisson.wasm', import.meta.url)));

test('two sandboxes that are full leave a third of their instance its own memory', async () => {
  const all = [];
  for (let i = 0; i < 3; i++) {
    all.push(await createSandbox({ isolation: 'shared', wasm, memoryLimit: 16 * MiB, timeLimit: Infinity }));
    assert.equal(all[i].evalSync(`globalThis.data = new Uint8Array(${15 * MiB}); data[data.length - 1] = ${i}; 1`), 1);
  }
  assert.deepEqual(
    all.map((sandbox) => sandbox.evalSync('data[data.length - 1]')),
    [0, 1, 2],
  );
  for (const sandbox of all) sandbox.dispose();
});

test('a limit of nearly four GiB is possible, and no larger object than two', async () => {
  const sandbox = await createSandbox({ isolation: 'instance', memoryLimit: 4096 * MiB, timeLimit: Infinity });
  assert.equal(sandbox.evalSync('new Uint8Array(4e7).length'), 4e7);
  assert.throws(() => sandbox.evalSync('new Uint8Array(2 ** 31)'), RangeError);
  sandbox.dispose();
});
