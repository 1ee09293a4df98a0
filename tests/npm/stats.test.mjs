// sandbox.stats(): what a sandbox uses and has done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('memory by kind adds up, and grows where the guest has made something', async (t) => {
  const sandbox = await start(t, { memoryLimit: 64 * 1024 * 1024 });
  sandbox.evalSync('var kept = []');
  const kinds = ['objects', 'strings', 'buffers', 'code', 'shapes'];
  const before = sandbox.stats();
  assert.equal(before.memory.limit, 64 * 1024 * 1024);
  for (const [kind, source, bytes] of [
    ['objects', 'for (let i = 0; i < 1000; i++) kept.push({ a: 1, b: [i, i] })', 100_000],
    ['strings', 'kept.push("x".repeat(1e6) + "y"); kept.at(-1).charCodeAt(5)', 1_000_000],
    ['buffers', 'kept.push(new Uint8Array(2e6), new ArrayBuffer(10))', 2_000_000],
    ['code', 'kept.push(Array.from({ length: 100 }, (_, i) => Function(`return (a) => a.b.c + ${i}`)()))', 20_000],
    ['shapes', 'for (let i = 0; i < 500; i++) kept.push({ ["key" + i]: 1 })', 10_000],
  ]) {
    const { memory: old } = sandbox.stats();
    sandbox.evalSync(source, { result: false });
    const { memory } = sandbox.stats();
    assert.ok(memory[kind] - old[kind] >= bytes, `${kind}: ${old[kind]} to ${memory[kind]}`);
    const sum = kinds.reduce((total, each) => total + memory[each], memory.other);
    assert.equal(sum, memory.used);
    assert.ok(memory.other > 0 && kinds.every((each) => memory[each] >= 0), JSON.stringify(memory));
    assert.ok(memory.peak >= memory.used && memory.used <= memory.limit);
  }
  const full = sandbox.stats();
  assert.ok(full.objects - before.objects > 2500);
  sandbox.evalSync('kept = null');
  const after = sandbox.stats();
  assert.ok(after.memory.used < before.memory.used + 200_000, 'what is garbage does not count');
  assert.ok(after.objects < full.objects - 2500);
  assert.ok(after.memory.peak >= full.memory.used, 'but it counts in the peak');
  assert.ok(after.collections > before.collections);
});

test('shared buffers count', async (t) => {
  const sandbox = await start(t);
  const before = sandbox.stats().memory.buffers;
  sandbox.evalSync('var shared = new SharedArrayBuffer(500000); 1');
  assert.equal(sandbox.stats().memory.buffers - before, 500_000);
});

test('calls, jobs and timers are counted', async (t) => {
  const sandbox = await start(t, { globals: { host: (x) => x, later: async (x) => x } });
  const call = sandbox.evalSync('(x) => x');
  const before = sandbox.stats();
  for (let i = 0; i < 10; i++) call(i);
  call({ a: 1 });
  sandbox.evalSync('for (let i = 0; i < 7; i++) host(i); host({ a: [1] }); 1');
  sandbox.evalSync('for (let i = 0; i < 5; i++) queueMicrotask(() => {}); 1');
  sandbox.evalSync('setTimeout(() => {}, 1); setTimeout(() => {}, 1e6); var every = setInterval(() => {}, 1); 1');
  const now = sandbox.stats();
  assert.equal(now.guestCalls - before.guestCalls, 11);
  assert.equal(now.hostCalls - before.hostCalls, 8);
  assert.equal(now.jobs - before.jobs, 5);
  assert.deepEqual(now.timers, { pending: 3, fired: 0 });
  await delay(20);
  sandbox.evalSync('clearInterval(every)');
  const { timers } = sandbox.stats();
  assert.equal(timers.pending, 1);
  assert.ok(timers.fired >= 2, `${timers.fired}`);
});

test('operations are those that fuelLimit counts, and do not depend on how the work is cut', async (t) => {
  const source = '{ let n = 0; for (let i = 0; i < 200000; i++) n += i; n }';
  const operations = [];
  for (const options of [{}, { timeSlice: 1 }, { timeLimit: 5000 }]) {
    const sandbox = await start(t, options);
    const before = sandbox.stats().operations;
    await sandbox.eval(source);
    operations.push(sandbox.stats().operations - before);
  }
  const [plain] = operations;
  assert.ok(plain > 200_000 && plain < 2_000_000, `${plain}`);
  for (const each of operations) assert.ok(Math.abs(each - plain) < 0.05 * plain, `${operations}`);
  const sandbox = await start(t);
  assert.equal(sandbox.evalSync(source, { fuelLimit: 1.2 * plain }), 19999900000);
  assert.throws(() => sandbox.evalSync(source, { fuelLimit: 0.8 * plain }), { name: 'TimeLimitError' });
});

test('time is that of entries, and not that between them', async (t) => {
  const sandbox = await start(t);
  const before = performance.now();
  sandbox.evalSync('{ const end = performance.now() + 30; while (performance.now() < end); }');
  const call = sandbox.evalSync('() => { const end = performance.now() + 20; while (performance.now() < end); }');
  call();
  const passed = performance.now() - before;
  await delay(50);
  const { time } = sandbox.stats();
  assert.ok(time >= 48 && time <= passed + 5, `${time} of ${passed}`);
});

test('within a host function, and while a program is paused', async (t) => {
  const seen = [];
  const sandbox = await start(t, { timeSlice: 2, globals: { look: () => void seen.push(sandbox.stats()) } });
  const result = sandbox.eval('const held = { a: [1, 2] }; look(); for (let i = 0; i < 3e6; i++); look(); held.a[1]');
  await delay(5);
  seen.push(sandbox.stats());
  assert.equal(await result, 2);
  const [first, , last] = seen;
  assert.ok(first.objects > 50 && first.hostCalls === 1);
  assert.ok(last.operations > first.operations && last.time >= first.time);
});

test('a sandbox that is gone has none', async () => {
  const sandbox = await createSandbox();
  sandbox.dispose();
  assert.throws(() => sandbox.stats(), { name: 'DisposedError' });
});
