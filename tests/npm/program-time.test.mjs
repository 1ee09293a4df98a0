// The time of one program, over all that it sets going; others go on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLimitError, blocking, createSandbox } from 'caisson';

async function start(t, options) {
  const uncaught = [];
  const sandbox = await createSandbox({ onUncaughtError: (error) => uncaught.push(error), ...options });
  t.after(() => sandbox.dispose());
  sandbox.evalSync('const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); }; 0');
  return { sandbox, uncaught };
}
const isLate = (error) =>
  error instanceof TimeLimitError &&
  /^the program and what it started have used up their time \(totalTimeLimit: 30 ms\)$/.test(error.message);
const own = { totalTimeLimit: 30 };
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const programs = {
  'its own code': 'for (;;);',
  jobs: '(async () => { for (;;) await null; })()',
  'a storm beside its value': '(function f() { queueMicrotask(f); })(); 5',
  timers: 'new Promise(() => { (function f() { spin(1); setTimeout(f, 0); })(); })',
  'an interval': 'setInterval(() => spin(2), 1); new Promise(() => {})',
  'answers of the host': '(async () => { for (;;) { spin(1); await load(); } })()',
  'a blocking call': 'for (;;) { spin(1); block(); }',
  'generators and callbacks': '[...(function* () { for (;;) yield [1].map(() => spin(1)); })()]',
  'what the host calls while it runs': 'for (;;) call(() => spin(1))',
  modules: 'import("./endless")',
  'a program in a program': 'for (;;) evaluate("spin(1)")',
};
for (const [name, source] of Object.entries(programs)) {
  test(`a program is stopped when its time is up: ${name}`, async (t) => {
    const { sandbox, uncaught } = await start(t, {
      globals: {
        load: async () => 1,
        block: blocking(async () => 1),
        call: (fn) => fn(),
        evaluate: (code) => sandbox.evalSync(code),
      },
      modules: { './endless': 'await null; for (;;) { spin(1); await null; }' },
    });
    const other = sandbox.eval(
      '(async () => { for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 2)); return "went on"; })()',
    );
    await assert.rejects(sandbox.eval(source, own), isLate);
    assert.equal(await other, 'went on');
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    assert.deepEqual(uncaught, []);
  });
}

test('it stops evalSync, and imports', async (t) => {
  const { sandbox } = await start(t, { modules: { './m': 'for (;;);' } });
  assert.throws(() => sandbox.evalSync('for (;;);', own), isLate);
  assert.throws(() => sandbox.evalSync('(function f() { queueMicrotask(f); })(); 5', own), isLate);
  await assert.rejects(sandbox.import('./m', own), isLate);
  assert.equal(sandbox.evalSync('1 + 1', own), 2);
  assert.equal(await sandbox.eval('Promise.resolve(3)', own), 3);
});

test('what a program has left to timers is counted, and the embedder is told', async (t) => {
  const { sandbox, uncaught } = await start(t);
  assert.equal(await sandbox.eval('globalThis.n = 0; setInterval(() => { n++; spin(3); }, 1); 5', own), 5);
  for (let i = 0; i < 500 && uncaught.length === 0; i++) await delay(5);
  assert.equal(uncaught.length, 1);
  assert.ok(isLate(uncaught[0]), String(uncaught[0]));
  const n = sandbox.evalSync('n');
  assert.ok(n > 0 && n <= 11, String(n));
  await delay(20);
  assert.equal(sandbox.evalSync('n'), n);
});

test('promises of a program that is late, and its host work, end', async (t) => {
  const { sandbox, uncaught } = await start(t, {
    globals: {
      work() {
        this.sandbox.signal = this.signal;
        return new Promise(() => {});
      },
    },
  });
  const { promise } = await sandbox.eval(
    'setTimeout(() => { for (;;); }, 1); ({ promise: new Promise(() => {}) })',
    own,
  );
  await assert.rejects(promise, isLate);
  assert.equal(uncaught.length, 1);
  await assert.rejects(sandbox.eval('work(); setTimeout(() => { for (;;); }, 1); new Promise(() => {})', own), isLate);
  assert.ok(sandbox.signal.aborted);
  assert.ok(isLate(sandbox.signal.reason), String(sandbox.signal.reason));
});

test('programs have their times by themselves, and what the host calls belongs to none', async (t) => {
  const { sandbox, uncaught } = await start(t);
  const slow = sandbox.eval(
    '(async () => { for (let i = 0; i < 10; i++) { spin(4); await new Promise((resolve) => setTimeout(resolve, 0)); } return "slow"; })()',
    { totalTimeLimit: 60000 },
  );
  await assert.rejects(sandbox.eval('setInterval(() => spin(4), 0); new Promise(() => {})', own), isLate);
  assert.equal(await slow, 'slow');
  const called = await sandbox.eval('() => { spin(60); return "called"; }', own);
  assert.equal(called(), 'called');
  assert.deepEqual(uncaught, []);
});

test('a pause does not count, and a program that is paused is stopped', async (t) => {
  const { sandbox, uncaught } = await start(t, { timeSlice: 5 });
  await assert.rejects(sandbox.eval('for (;;);', own), isLate);
  assert.equal(await sandbox.eval('let n = 0; for (; n < 1e5; n++); n', { totalTimeLimit: 60000 }), 1e5);
  assert.deepEqual(uncaught, []);
});

test('the time of a program that was collected around is not forgotten', async (t) => {
  const { sandbox, uncaught } = await start(t);
  const waits = sandbox.eval('new Promise(() => { setTimeout(() => { for (;;); }, 30); })', own);
  for (let i = 0; i < 5; i++) sandbox.evalSync('for (let i = 0, all = []; i < 2e5; i++) all = [all.length]; 0');
  await assert.rejects(waits, isLate);
  assert.deepEqual(uncaught, []);
});

test('the option is checked', async (t) => {
  const { sandbox } = await start(t);
  assert.throws(() => sandbox.evalSync('1', { totalTimeLimit: 0 }), {
    name: 'TypeError',
    message: /totalTimeLimit must be a number of milliseconds above 0/,
  });
  await assert.rejects(sandbox.eval('1', { totalTimeLimit: '5' }), { name: 'TypeError' });
  assert.equal(await sandbox.eval('1', { totalTimeLimit: Infinity }), 1);
});
