// What a guest does costs itself only: its own entry, its own turn. Whatever happened, the next entry works.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { MemoryLimitError, TimeLimitError, createSandbox } from 'caisson';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}
const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const drop = (count) => `(function () { for (let i = 0; i < ${count}; i++) registry.register({ i }, i); })();`;
const collect = 'for (let i = 0; i < 3e5; i++) ({ i }); 1';

test('a cleanup callback that never ends costs its own turn, and is not called again', async (t) => {
  const errors = [];
  const sandbox = await start(t, { timeLimit: 50, onUncaughtError: (error) => errors.push(error) });
  sandbox.evalSync(
    `globalThis.calls = []; globalThis.registry = new FinalizationRegistry((i) => { calls.push(i); if (i % 2) for (;;); }); 1`,
  );
  sandbox.evalSync(`${drop(6)} 1`);
  for (let i = 0; i < 300; i++) assert.equal(sandbox.evalSync(i === 0 ? collect : '1', { timeLimit: 1000 }), 1);
  await turn(1500);
  assert.deepEqual(sandbox.evalSync('calls').sort(), [0, 1, 2, 3, 4, 5]);
  assert.equal(errors.length, 3);
  for (const error of errors) assert.ok(error instanceof TimeLimitError);
});

test('programs that wait go on while cleanup callbacks are stopped', async (t) => {
  const sandbox = await start(t, {
    timeLimit: 50,
    onUncaughtError() {},
    globals: { later: () => turn(300).then(() => 'value') },
  });
  sandbox.evalSync(`globalThis.registry = new FinalizationRegistry(() => { for (;;); }); ${drop(2)} 1`);
  const waiting = sandbox.eval('later().then((x) => x + "!")');
  sandbox.evalSync(collect, { timeLimit: 1000 });
  assert.equal(await waiting, 'value!');
});

test('many cleanup callbacks run, with their jobs, and errors are reported one by one', async (t) => {
  const errors = [];
  const sandbox = await start(t, { onUncaughtError: (error) => errors.push(error.message) });
  sandbox.evalSync(`globalThis.count = 0; globalThis.jobs = 0; globalThis.registry = new FinalizationRegistry((i) => {
    count++; Promise.resolve().then(() => jobs++); if (i < 3) throw new Error('number ' + i); }); 1`);
  sandbox.evalSync(`${drop(5000)} 1`);
  sandbox.evalSync(collect);
  await turn(600);
  assert.deepEqual(sandbox.evalSync('[count, jobs]'), [5000, 5000]);
  assert.deepEqual(errors.sort(), ['number 0', 'number 1', 'number 2']);
});

test('fuelLimit stops every entry after the same number of operations', async (t) => {
  const counts = [];
  for (let i = 0; i < 3; i++) {
    const sandbox = await start(t, { fuelLimit: 100000 });
    assert.throws(
      () => sandbox.evalSync('globalThis.n = 0; for (;;) n++;'),
      (error) => error instanceof TimeLimitError && /fuel limit \(100000 operations\)/.test(error.message),
    );
    counts.push(sandbox.evalSync('n'));
    assert.equal(sandbox.evalSync('let k = 0; for (let i = 0; i < 1000; i++) k += i; k'), 499500);
  }
  assert.ok(counts[0] > 1000 && counts[0] < 100000, String(counts));
  assert.deepEqual(new Set(counts).size, 1, String(counts));
  const sandbox = await start(t);
  assert.throws(() => sandbox.evalSync('for (;;);', { fuelLimit: 10 }), /fuel limit \(10 operations\)/);
  await assert.rejects(sandbox.eval('(async () => { for (;;) await null; })()', { fuelLimit: 1e5 }), TimeLimitError);
  const n = sandbox.evalSync('let n = 0; for (let i = 0; i < 1e6; i++) n++; n');
  assert.equal(n, 1e6);
});

test('fuelLimit counts on across pauses', async (t) => {
  const sandbox = await start(t, { fuelLimit: 3e7, timeSlice: 1 });
  await assert.rejects(sandbox.eval('for (;;);'), /fuel limit/);
  assert.equal(await sandbox.eval('1 + 1'), 2);
});

test('a clock that stands still does not make the time limit endless', () => {
  const program = `
    performance.now = () => 1000;
    const { createSandbox, TimeLimitError } = await import('caisson');
    const sandbox = await createSandbox({ timeLimit: 20 });
    for (const source of ['for (;;);', 'for (;;) [1, 2, 3].map((x) => x + 1);', '/(a+)+$/.test("a".repeat(50) + "b")']) {
      try { sandbox.evalSync(source); } catch (error) { console.log(error instanceof TimeLimitError, /clock/.test(error.message)); }
    }
    console.log(sandbox.evalSync('let n = 0; for (let i = 0; i < 1e6; i++) n++; n'));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: new URL('.', import.meta.url),
    timeout: 120000,
  });
  assert.equal(out, 'true true\ntrue true\ntrue true\n1000000\n');
});

test('totalTimeLimit counts all entries, and after it none runs', async (t) => {
  const sandbox = await start(t, { totalTimeLimit: 100, timeLimit: 2000 });
  const spin = 'let end = performance.now() + 30; while (performance.now() < end); 1';
  let runs = 0;
  assert.throws(
    () => {
      for (; runs < 10; runs++) sandbox.evalSync(`{ ${spin} }`);
    },
    (error) => error instanceof TimeLimitError && /totalTimeLimit: 100 ms/.test(error.message),
  );
  assert.ok(runs <= 4, String(runs)); // on a busy machine perhaps none
  assert.throws(() => sandbox.evalSync('1'), /totalTimeLimit/);
  assert.throws(() => sandbox.setGlobal('x', 1), /totalTimeLimit/);
  await assert.rejects(sandbox.eval('1'), /totalTimeLimit/);
});

const fillers = {
  strings: 'const all = []; for (;;) all.push("x".repeat(1000) + all.length)',
  'small strings': 'const all = []; for (;;) all.push("x" + all.length)',
  arrays: 'const all = []; for (;;) all.push([1, 2, 3, [4]])',
  'typed arrays': 'const all = []; for (;;) all.push(new Uint8Array(5000))',
  closures: 'const all = []; for (let i = 0;; i++) all.push(() => i)',
  timers: 'for (;;) setTimeout(() => {}, 1e6, {})',
  promises: 'const all = []; for (;;) all.push(Promise.resolve({}).then(() => {}))',
  'pending promises': 'const all = []; for (;;) all.push(new Promise(() => {}).then(() => {}))',
  maps: 'const all = new Map(); for (let i = 0;; i++) all.set({}, i)',
  symbols: 'const all = []; for (;;) all.push(Symbol("x"))',
  bigints: 'const all = []; for (let n = 1n;; n <<= 64n) all.push(n)',
  properties: 'const all = {}; for (let i = 0;; i++) all["p" + i] = i',
  jobs: 'for (;;) queueMicrotask(() => {})',
  generators: 'const all = []; for (;;) { const g = (function* () { yield 1; })(); g.next(); all.push(g); }',
  errors: 'const all = []; for (;;) all.push(new Error("x"))',
};
for (const [name, source] of Object.entries(fillers)) {
  for (const [kind, wrapped] of Object.entries({
    local: `(() => { ${source} })()`,
    kept: source.replace('const all', 'globalThis.all'),
    'kept by a guest that goes on': `globalThis.keep = []; ${source
      .replace('const all', 'var all')
      .replace(/^(.*?)for \(/, '$1 for (;;) try { keep.push(all = all.slice()); for (')
      .replace(/$/, ' } catch {}')}`,
  })) {
    if (kind === 'kept by a guest that goes on' && !['strings', 'arrays', 'closures', 'promises'].includes(name))
      continue;
    test(`the very next entry works after memory was filled with ${name} (${kind})`, async (t) => {
      const sandbox = await start(t, { memoryLimit: 2 * 1024 * 1024, timeLimit: 20000 });
      let error;
      try {
        sandbox.evalSync(wrapped);
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(error instanceof MemoryLimitError || error instanceof RangeError, String(error));
      assert.equal(sandbox.evalSync('1 + 1'), 2);
      assert.equal(await sandbox.eval('globalThis.all = globalThis.keep = undefined; Promise.resolve(3)'), 3);
      assert.deepEqual(sandbox.evalSync('[1, { a: "b" }]'), [1, { a: 'b' }]);
    });
  }
}
