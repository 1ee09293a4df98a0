// Pools of sandboxes: a fresh one for each task, in workers that stay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { DisposedError, InterruptedError, QueueFullError, TimeLimitError, createSandboxPool } from 'caisson/worker';

const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

function open(t, options) {
  const pool = createSandboxPool(options);
  t.after(() => pool.close({ force: true }));
  return pool;
}

test('tasks run side by side in as many workers as there may be, the others wait', async (t) => {
  const pool = open(t, { size: 2 });
  let running = 0;
  let most = 0;
  const use = (n) =>
    pool.use(async (sandbox) => {
      most = Math.max(most, ++running);
      const value = await sandbox.eval(`${n} * 2`);
      await turn(10);
      running--;
      return value;
    });
  const all = Promise.all([1, 2, 3, 4, 5, 6].map(use));
  assert.equal(pool.stats().queued > 0, true);
  assert.deepEqual(await all, [2, 4, 6, 8, 10, 12]);
  assert.equal(most, 2);
  assert.deepEqual(pool.stats(), {
    size: 2,
    threads: 2,
    idle: 2,
    running: 0,
    queued: 0,
    completed: 6,
    failed: 0,
    threadsStarted: 2,
  });
});

test('no state crosses from one task to the next', async (t) => {
  const pool = open(t, { size: 1, globals: { shared: 1, tool: (x) => x } });
  const leave = `Array.prototype.leak = 1; globalThis.left = 1; Object.prototype.x = 1; shared = 2; tool.mark = 1;
    setInterval(() => { globalThis.ticks = (globalThis.ticks ?? 0) + 1; }, 1); setTimeout(() => tool("late"), 1); 0`;
  await pool.run(leave);
  assert.deepEqual(await pool.run('[[].leak, typeof left, ({}).x, shared, tool.mark, typeof ticks]'), [
    undefined,
    'undefined',
    undefined,
    1,
    undefined,
    'undefined',
  ]);
  assert.equal(pool.stats().threadsStarted, 1);
});

test('each task may have globals, limits and a signal of its own', async (t) => {
  const pool = open(t, { size: 1, globals: { base: 1, both: 1 }, graceTime: 500 });
  assert.equal(await pool.run('base + both + own()', { globals: { both: 2, own: () => 3 } }), 6);
  assert.equal(await pool.run('typeof own'), 'undefined');
  await assert.rejects(pool.run('for (;;);', { timeLimit: 30 }), TimeLimitError);
  const controller = new AbortController();
  const endless = pool.run('for (;;);', { signal: controller.signal });
  const queued = pool.run('1', { signal: controller.signal });
  const next = pool.run('7');
  setTimeout(() => controller.abort(), 100);
  await Promise.all([endless, queued].map((each) => assert.rejects(each, { name: 'AbortError' })));
  assert.equal(await next, 7);
  await assert.rejects(pool.run('1', { nothing: 1 }), { message: /there is no option 'nothing'/ });
  await assert.rejects(pool.run('1', { memoryLimit: 1 }), { message: /^run: .*'memoryLimit'; there are .*, globals$/ });
  await assert.rejects(pool.run('1', 5), { message: 'run: the options must be an object, got 5' });
  await assert.rejects(
    pool.use(() => 1, { timeLimit: 1 }),
    { message: "use: there is no option 'timeLimit'; there are globals, signal" },
  );
  await assert.rejects(
    pool.use(() => 1, null),
    { message: 'use: the options must be an object, got null' },
  );
  await assert.rejects(pool.run(5), { message: /source must be a string/ });
  await assert.rejects(pool.use(5), { message: /expected a function/ });
});

test('a task that fails leaves the worker to the next, one whose worker fails leaves the pool another', async (t) => {
  const pool = open(t, { size: 1 });
  await assert.rejects(pool.run('throw new TypeError("x")'), TypeError);
  await assert.rejects(
    pool.use(async (sandbox) => {
      await sandbox.terminate();
      return sandbox.eval('1');
    }),
    InterruptedError,
  );
  assert.equal(await pool.run('1 + 1'), 2);
  const { failed, completed } = pool.stats();
  assert.deepEqual([failed, completed], [2, 1]);
});

test('a guest that keeps its worker busy when its task has ended is stopped', async (t) => {
  for (const sharedMemory of [true, false]) {
    const pool = open(t, { size: 1, sharedMemory, graceTime: 200 });
    await pool.use(async (sandbox) => {
      sandbox.eval('for (;;);').catch(() => {});
      await turn(20);
    });
    assert.equal(await pool.run('5'), 5);
  }
});

test('a task may dispose of its sandbox itself, and options that are refused leave the worker usable', async (t) => {
  const pool = open(t, { size: 1 });
  await pool.use(async (sandbox) => {
    await sandbox.eval('globalThis.x = 1');
    sandbox.dispose();
    await assert.rejects(sandbox.eval('1'), DisposedError);
  });
  await assert.rejects(pool.run('1', { globals: { x: new WeakMap() } }), { message: /WeakMap cannot be passed/ });
  await assert.rejects(pool.run('1', { globals: 5 }), { message: /globals must be an object/ });
  assert.equal(await pool.run('typeof x'), 'undefined');
  assert.equal(pool.stats().threadsStarted, 1);
});

test('more waiting tasks than maxQueue are refused', async (t) => {
  const pool = open(t, { size: 1, maxQueue: 1 });
  let release;
  const first = pool.use(() => new Promise((resolve) => (release = resolve)));
  while (release === undefined) await turn();
  const second = pool.run('2');
  await assert.rejects(pool.run('3'), QueueFullError);
  release();
  await first;
  assert.equal(await second, 2);
});

test('close lets running tasks end and refuses the others; by force it ends all', async (t) => {
  const pool = open(t, { size: 1 });
  const running = pool.run('new Promise((resolve) => setTimeout(() => resolve(1), 60))');
  while (pool.stats().running === 0) await turn();
  const waiting = assert.rejects(pool.run('2'), DisposedError);
  await pool.close();
  assert.equal(await running, 1);
  await waiting;
  await assert.rejects(pool.run('3'), DisposedError);
  assert.equal(pool.stats().threads, 0);
  const forced = open(t, { size: 1 });
  const endless = assert.rejects(forced.run('for (;;);'), DisposedError);
  await turn(300);
  await forced.close({ force: true });
  await endless;
});

test('close waits for a task that has just got its worker, or ends it by force', async (t) => {
  for (const force of [false, true]) {
    const pool = open(t, { size: 1 });
    await pool.run('1');
    let outcome;
    const running = pool.run('2').then(
      (value) => (outcome = value),
      (error) => (outcome = error.constructor),
    );
    await pool.close({ force });
    await running;
    assert.equal(outcome, force ? DisposedError : 2);
  }
});

test('the signal of a pool ends tasks that run and those that wait', async (t) => {
  const controller = new AbortController();
  const pool = open(t, { size: 1, signal: controller.signal });
  await pool.run('1');
  const reason = new Error('enough');
  const running = assert.rejects(pool.run('for (;;);'), InterruptedError);
  const waiting = [pool.run('2'), pool.use(() => 3)].map((task) => assert.rejects(task, reason));
  await turn(200);
  controller.abort(reason);
  await Promise.all([running, ...waiting]);
  await assert.rejects(pool.run('4'), reason);
});

test('one signal may end any number of tasks', async (t) => {
  const warnings = [];
  const warn = ({ name }) => warnings.push(name);
  process.on('warning', warn);
  t.after(() => process.off('warning', warn));
  const { signal } = new AbortController();
  const pool = open(t, { size: 1, signal });
  const tasks = Array.from({ length: 30 }, (_, n) => pool.run(`${n}`, { signal }));
  const sandbox = await createSandbox({ globals: { turn } });
  await Promise.all(tasks.map(() => sandbox.eval('turn()', { signal })));
  sandbox.dispose();
  assert.equal((await Promise.all(tasks)).length, 30);
  await turn();
  assert.deepEqual(warnings, []);
});

test('wrong options of a task say what was expected, before it gets a worker', async (t) => {
  const pool = open(t, { size: 1 });
  for (const [options, message] of [
    [null, /^run: the options must be an object, got null/],
    [{ signal: 5 }, /^run: signal must be an AbortSignal, got 5/],
    [{ nothing: 1 }, /^run: there is no option 'nothing'/],
    [{ timeLimit: 'x' }, /^run: timeLimit must be/],
    [{ globals: 5 }, /^run: globals must be an object, got 5/],
  ])
    await assert.rejects(pool.run('1', options), { name: 'TypeError', message });
  assert.equal(pool.stats().threadsStarted, 0);
});

test('a pool whose workers cannot start refuses its tasks', async (t) => {
  const pool = open(t, {
    size: 1,
    worker() {
      throw new Error('forbidden');
    },
  });
  const refusals = [1, 2, 3].map(() => assert.rejects(pool.run('1'), { name: 'LoadError' }));
  await Promise.all(refusals);
  await assert.rejects(pool.run('1'), { name: 'LoadError' });
  assert.equal(pool.stats().threads, 0);
});

test('wrong options say what was expected', () => {
  assert.throws(() => createSandboxPool({ size: 0 }), /size must be an integer above 0/);
  assert.throws(() => createSandboxPool({ maxQueue: -1 }), /maxQueue must be/);
  assert.throws(
    () => createSandboxPool({ nothing: 1 }),
    /^TypeError: createSandboxPool: there is no option 'nothing'; there are size, maxQueue, worker, .*timeLimit/,
  );
});
