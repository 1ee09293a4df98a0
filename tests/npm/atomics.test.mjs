// Waiting on shared memory in a host that must not block.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const cell = 'const cell = new Int32Array(new SharedArrayBuffer(8));';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('Atomics.wait throws a TypeError that names waitAsync', async (t) => {
  const sandbox = await start(t);
  assert.throws(() => sandbox.evalSync(`${cell} Atomics.wait(cell, 0, 0, 1000)`),
    (error) => error instanceof TypeError && /must not block; Atomics\.waitAsync/.test(error.message));
});

test('waitAsync ends by its time', async (t) => {
  const sandbox = await start(t);
  const begin = performance.now();
  assert.equal(await sandbox.eval(`${cell} Atomics.waitAsync(cell, 0, 0, 30).value`), 'timed-out');
  const passed = performance.now() - begin;
  assert.ok(passed >= 29 && passed < 1000, `${passed} ms`);
});

test('waitAsync ends when notified, in the order of waiting, and its timer is stopped', async (t) => {
  const sandbox = await start(t);
  const begin = performance.now();
  const result = await sandbox.eval(`${cell}
    const order = [];
    const waits = [1, 2, 3].map((n) => Atomics.waitAsync(cell, 0, 0, 20000).value.then((outcome) => order.push(n + outcome)));
    order.push(Atomics.notify(cell, 0, 2));
    setTimeout(() => order.push(Atomics.notify(cell, 0)), 5);
    Promise.all(waits).then(() => order.join())`);
  assert.equal(result, '2,1ok,2ok,1,3ok');
  assert.ok(performance.now() - begin < 5000);
  assert.ok(!process.getActiveResourcesInfo().includes('Timeout'), 'no timer is left in the host');
});

test('a waiter of a disposed sandbox ends with it', async () => {
  const sandbox = await createSandbox();
  const waiting = sandbox.eval(`${cell} Atomics.waitAsync(cell, 0, 0, 20000).value`);
  sandbox.dispose();
  await assert.rejects(waiting, { name: 'DisposedError' });
});

test('what needs no waiting is answered at once', async (t) => {
  const sandbox = await start(t);
  const answers = sandbox.evalSync(`${cell} [Atomics.waitAsync(cell, 0, 1, 10), Atomics.waitAsync(cell, 0, 0, 0), Atomics.waitAsync(cell, 0, 0).async]`);
  assert.deepEqual(answers, [{ async: false, value: 'not-equal' }, { async: false, value: 'timed-out' }, true]);
});
