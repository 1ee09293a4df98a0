// An entry is open, with its depth, its limits and its own buffer, until what it came to has been written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterruptedError, TimeLimitError, blocking, createSandbox } from 'caisson';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}
const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const apply = (fn) => fn();

test('calls of getters while the result crosses leave the result alone', async (t) => {
  const sandbox = await start(t, { globals: { apply } });
  assert.deepEqual(sandbox.evalSync(`({ a: 1, get x() { return apply(() => 'inner result'); }, z: [3] })`), {
    a: 1,
    x: 'inner result',
    z: [3],
  });
  assert.deepEqual(await sandbox.eval(`({ get x() { return apply(() => [apply(() => 1), 2]); }, y: 'after' })`), {
    x: [1, 2],
    y: 'after',
  });
  const call = sandbox.evalSync(`() => ({ get x() { apply(() => ({ other: true })); return 5; } })`);
  assert.deepEqual(call(), { x: 5 });
  assert.throws(
    () =>
      sandbox.evalSync(
        `throw Object.defineProperty(new Error('outer'), 'cause', { get() { apply(() => 'x'); return 'why'; } })`,
      ),
    { message: 'outer' },
  );
});

test('sandboxes that enter one another while results cross keep theirs apart', async (t) => {
  const first = await start(t, {
    globals: { apply, other: () => second.evalSync(`({ get q() { return apply(() => 'deep'); } })`) },
  });
  const second = await start(t, { globals: { apply } });
  assert.deepEqual(first.evalSync('({ a: 1, get b() { return other(); }, c: 3 })'), { a: 1, b: { q: 'deep' }, c: 3 });
});

const forEver = 'for (;;) tick();';
const places = {
  'a result': `({ get x() { ${forEver} } })`,
  'an element of a list in a result': `[1, { get x() { ${forEver} } }]`,
  'a trap of a Proxy': `new Proxy({}, { ownKeys() { ${forEver} } })`,
  'what was thrown': `throw Object.defineProperty(new Error('x'), 'message', { get() { ${forEver} } })`,
  'the value of a promise': `Promise.resolve({ get x() { ${forEver} } })`,
};
for (const [name, source] of Object.entries(places)) {
  test(`the time limit holds while ${name} crosses`, async (t) => {
    const sandbox = await start(t, { timeLimit: 50, globals: { tick() {} } });
    const begin = performance.now();
    await assert.rejects(sandbox.eval(source), TimeLimitError);
    assert.ok(performance.now() - begin < 1000, `${performance.now() - begin} ms`);
    assert.equal(sandbox.evalSync('1 + 1'), 2);
  });
}

test('the time limit holds while results of functions, timers, fibers and rejections cross', async (t) => {
  const errors = [];
  const onUncaughtError = (error) => errors.push(error);
  const sandbox = await start(t, {
    timeLimit: 50,
    onUncaughtError,
    onUnhandledRejection: onUncaughtError,
    globals: { tick() {}, wait: blocking(async () => {}) },
  });
  const call = sandbox.evalSync(`() => ({ get x() { ${forEver} } })`);
  assert.throws(() => call(), TimeLimitError);
  await assert.rejects(sandbox.eval(`wait(); ({ get x() { ${forEver} } })`), TimeLimitError);
  sandbox.evalSync(`setTimeout(() => { throw { get x() { ${forEver} } }; }); 1`);
  sandbox.evalSync(`setTimeout(() => { Promise.reject({ get x() { ${forEver} } }); }); 1`);
  await turn(400);
  assert.ok(errors.length >= 2 && errors.every((error) => error instanceof TimeLimitError), String(errors));
  assert.equal(sandbox.evalSync('1 + 1'), 2);
});

test('a blocking host function refuses where the guest cannot be set aside, and never answers undefined', async (t) => {
  let reference;
  const sandbox = await start(t, {
    globals: { wait: blocking(async () => 'answer'), run: (fn) => fn(), read: () => reference.get('x') },
  });
  const refused = /cannot be called inside a host function that runs the guest/;
  const getter = `{ get x() { try { return wait(); } catch (error) { return error.message; } } }`;
  reference = sandbox.ref(`(${getter})`);
  assert.match(sandbox.evalSync('read()'), refused);
  assert.match(sandbox.evalSync(`run(() => (${getter}).x)`), refused);
  // Where the host reads a property by reference, it can: the host waits, or is told that it would have to.
  assert.throws(() => reference.get('x'), { name: 'WouldWaitError' });
  assert.equal(await reference.promises.get('x'), 'answer');
  // Where a value crosses as a whole, it can.
  assert.equal((await sandbox.eval(`(${getter})`)).x, 'answer');
  assert.equal((await sandbox.eval(`Promise.resolve(${getter})`)).x, 'answer');
  assert.equal((await sandbox.eval(`wait(); (${getter})`)).x, 'answer');
  // Where the engine's own C code calls the guest outside of any program, it can.
  await sandbox.eval(`globalThis.seen = [];
    setTimeout(JSON.stringify, 1, { toJSON() { seen.push(wait()); } });
    Object.defineProperty(Object.prototype, 'then', {
      configurable: true,
      get() { delete Object.prototype.then; seen.push(wait()); },
    });
    1`);
  await sandbox.eval('Promise.resolve().then(() => ({})).then(() => { delete Object.prototype.then; })');
  await turn(20);
  assert.deepEqual(sandbox.evalSync('seen'), ['answer', 'answer']);
  assert.equal(await sandbox.eval('wait()'), 'answer');
  assert.equal(await sandbox.eval('Promise.resolve().then(() => wait())'), 'answer');
  assert.equal(await sandbox.eval('(async () => { await null; return wait(); })()'), 'answer');
});

test('jobs that writing a result queues run within the entry', async (t) => {
  const sandbox = await start(t, { timeLimit: 50, globals: { tick() {} } });
  assert.deepEqual(
    sandbox.evalSync(`globalThis.ran = 0; ({ get x() { Promise.resolve().then(() => ran++); return 1; } })`),
    { x: 1 },
  );
  assert.equal(sandbox.evalSync('ran'), 1);
  assert.throws(
    () => sandbox.evalSync(`({ get x() { Promise.resolve().then(() => { ${forEver} }); return 1; } })`),
    TimeLimitError,
  );
  assert.equal(sandbox.evalSync('ran'), 1);
});

test('the guest is interrupted while its result crosses', async (t) => {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const sandbox = await start(t, { interruptFlag: flag, globals: { stop: () => Atomics.store(flag, 0, 1) } });
  assert.throws(() => sandbox.evalSync('({ get x() { stop(); for (;;); } })'), InterruptedError);
  Atomics.store(flag, 0, 0);
  assert.equal(sandbox.evalSync('1'), 1);
});

test('sandboxes that call one another share one count of native levels', async (t) => {
  const sandboxes = [];
  const levels = 8;
  let calls = 0;
  const next = (i) => (++calls === 50 ? 'bottom' : sandboxes[i % levels].evalSync('next()'));
  for (let i = 0; i < levels; i++) sandboxes.push(await start(t, { globals: { next: () => next(i + 1) } }));
  assert.equal(sandboxes[0].evalSync('next()'), 'bottom');
  assert.throws(() => sandboxes[0].evalSync('next()'), { name: 'RangeError', message: /nested too deeply/ });
  for (const sandbox of sandboxes) assert.equal(sandbox.evalSync('1 + 1'), 2);
});

// As long as a limit lasts, by the clock of the test.
function hold(ms) {
  for (const end = performance.now() + ms; performance.now() < end; );
}
for (const [name, source] of Object.entries({
  'a loop': 'for (;;) slow();',
  'a loop that catches what they throw': 'for (;;) try { slow(true); } catch {}',
  'a loop with values in messages': 'for (;;) slow(false, {});',
  'a loop that begins with quick calls': 'for (let i = 0; ; i++) i < 2000 ? quick() : slow();',
  'callbacks of a method': 'Array(1000).fill(0).map(() => slow())',
  'a comparison': 'Array(100).fill(0).sort((a, b) => slow() ?? 1)',
  jobs: 'for (let i = 0; i < 1000; i++) queueMicrotask(() => slow()); 0',
  'getters of a result': 'Array.from({ length: 1000 }, () => ({ get a() { return slow(); } }))',
})) {
  test(`calls of the host that take long are not made beyond the limit by ${name}`, async (t) => {
    let calls = 0;
    const slow = (throws) => {
      calls++;
      hold(20);
      if (throws) throw new RangeError('slow');
    };
    const sandbox = await start(t, { timeLimit: 60, globals: { slow, quick() {} } });
    assert.throws(() => sandbox.evalSync(source), TimeLimitError);
    assert.ok(calls <= 20, `${calls} calls of 20 ms under a limit of 60 ms`);
    calls = 0;
    assert.throws(() => sandbox.evalSync(source, { totalTimeLimit: 30, timeLimit: 1e6 }), TimeLimitError);
    assert.ok(calls <= 20, `${calls} calls of 20 ms in a program of 30 ms`);
    assert.equal(sandbox.evalSync('1 + 1'), 2);
  });
}

test('a guest whose calls enter another sandbox again and again has its own limit', async (t) => {
  let calls = 0;
  const inner = await start(t, { timeLimit: 20 });
  const outer = await start(t, { timeLimit: 50, globals: { run: () => (calls++, inner.evalSync('for (;;);')) } });
  assert.throws(() => outer.evalSync('for (;;) try { run(); } catch {}'), TimeLimitError);
  assert.ok(calls <= 20, `${calls} calls`);
});

test('a flag stops a guest between calls of the host that take long', async (t) => {
  let calls = 0;
  const interruptFlag = new Int32Array(new SharedArrayBuffer(4));
  const sandbox = await start(t, {
    interruptFlag,
    globals: {
      slow() {
        calls++;
        interruptFlag[0] = 1;
        hold(2);
      },
    },
  });
  assert.throws(() => sandbox.evalSync('for (let i = 0; i < 1000; i++) slow();'), InterruptedError);
  assert.ok(calls <= 20, `${calls} calls`);
});

test('to start and to stop a timer is paid for as the work of the host that it is', async (t) => {
  const sandbox = await start(t);
  for (const source of [
    'setTimeout(() => {}, 1e6)',
    'clearTimeout(setTimeout(() => {}, 1e6))',
    'clearInterval(setInterval(() => {}, 1e6))',
    'AbortSignal.timeout(1e6)',
  ]) {
    assert.throws(
      () => sandbox.evalSync(`globalThis.n = 0; for (;;) { ${source}; n++; }`, { fuelLimit: 1e6 }),
      TimeLimitError,
    );
    assert.ok(sandbox.evalSync('n') <= 2000, source);
  }
});
