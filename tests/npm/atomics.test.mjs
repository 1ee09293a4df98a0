// Waiting on shared memory in a host that must not block: the guest is set aside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { createTestSandbox } from '../tools/test-sandbox.mjs';

const cell = 'const cell = new Int32Array(new SharedArrayBuffer(8));';

async function start(t, options, create = createSandbox) {
  const sandbox = await create(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('Atomics.wait sets the guest aside until its time is over, and the host runs on', async (t) => {
  const sandbox = await start(t);
  const begin = performance.now();
  let turns = 0;
  const waiting = sandbox.eval(`${cell} [0].map(() => Atomics.wait(cell, 0, 0, 30)).join()`);
  const ticking = setInterval(() => turns++, 1);
  assert.equal(await waiting, 'timed-out');
  clearInterval(ticking);
  const passed = performance.now() - begin;
  assert.ok(passed >= 30 && passed < 1000, `${passed} ms`);
  assert.ok(turns > 0);
});

test('Atomics.wait ends when something else of the guest notifies, in the order of waiting', async (t) => {
  const sandbox = await start(t);
  sandbox.evalSync(
    `${cell} const order = []; const wait = (name) => { order.push(name + Atomics.wait(cell, 1, 0)); }; 0`,
  );
  const waits = ['a', 'b', 'c'].map((name) => sandbox.eval(`wait('${name}')`));
  assert.equal(sandbox.evalSync('Atomics.notify(cell, 1, 2)'), 2);
  await Promise.all(waits.slice(0, 2));
  assert.equal(sandbox.evalSync('Atomics.notify(cell, 0) + order.join()'), '0aok,bok');
  assert.equal(sandbox.evalSync('Atomics.notify(cell, 1) + Atomics.notify(cell, 1)'), 1);
  await waits[2];
  assert.ok(!process.getActiveResourcesInfo().includes('Timeout'), 'no timer is left in the host');
});

test('Atomics.wait throws a TypeError that names waitAsync where the guest cannot be set aside', async (t) => {
  const sandbox = await start(t);
  assert.throws(
    () => sandbox.evalSync(`${cell} Atomics.wait(cell, 0, 0, 1000)`),
    (error) =>
      error instanceof TypeError &&
      /may not wait when it is evaluated synchronously; use Atomics\.waitAsync/.test(error.message),
  );
  assert.equal(await sandbox.eval('JSON.stringify({ toJSON: () => Atomics.wait(cell, 0, 0, 1) })'), '"timed-out"');
});

test('what waits for a time is not cut short by the guest, and is not lost in a collection', async (t) => {
  const sandbox = await start(t, { memoryLimit: 4 * 1024 * 1024 }, createTestSandbox);
  const result = await sandbox.eval(`for (let i = 0; i < 100; i++) clearTimeout(i);
    const begin = performance.now();
    const waiting = Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 30).value;
    for (let i = 0; i < 100; i++) clearTimeout(i);
    $262.gc();
    waiting.then((outcome) => outcome + (performance.now() - begin >= 30))`);
  assert.equal(result, 'timed-outtrue');
  // The memory that somebody waits on counts.
  await assert.rejects(
    sandbox.eval('for (;;) Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(1 << 20)), 0, 0, 1e6)'),
    (error) => error instanceof RangeError || error.name === 'MemoryLimitError',
  );
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

test('what waits in a disposed sandbox ends with it', async () => {
  for (const wait of [
    'Atomics.waitAsync(cell, 0, 0, 20000).value',
    'Atomics.wait(cell, 0, 0, 20000)',
    'Atomics.wait(cell, 0, 0)',
  ]) {
    const sandbox = await createSandbox();
    const waiting = sandbox.eval(`${cell} ${wait}`);
    sandbox.dispose();
    await assert.rejects(waiting, { name: 'DisposedError' });
  }
});

test('what needs no waiting is answered at once', async (t) => {
  const sandbox = await start(t);
  const answers = sandbox.evalSync(
    `${cell} [Atomics.waitAsync(cell, 0, 1, 10), Atomics.waitAsync(cell, 0, 0, 0), Atomics.waitAsync(cell, 0, 0).async]`,
  );
  assert.deepEqual(answers, [{ async: false, value: 'not-equal' }, { async: false, value: 'timed-out' }, true]);
});
