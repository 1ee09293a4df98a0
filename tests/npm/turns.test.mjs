// The host's loop goes on whatever a guest does by itself: it enters in its turn, within a budget of guest time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

// A timer of the host is late by little when the guest has its budget of 8 ms a turn. The machine that runs the tests
// may be busy: without turns these would be late for ever, or by the sum of all entries. For the same reason entries
// have a second.
const LATEST = 5000;

async function start(t, options) {
  const events = [];
  const sandbox = await createSandbox({
    timeLimit: 1000,
    onUncaughtError: (error) => {
      events.push(error);
    },
    ...options,
  });
  t.after(() => sandbox.dispose());
  return { sandbox, events };
}

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const load = async (x) => x;
const busy = (ms) => `for (const end = Date.now() + ${ms}; Date.now() < end;);`;

const storms = {
  'a loop that awaits a host function': { source: '(async () => { for (;;) { turns++; await load(1); } })()' },
  'a blocking function that answers at once': { source: 'for (;;) { turns++; read(1); }' },
  'the same in time slices': { source: 'for (;;) { turns++; read(1); }', timeSlice: 5 },
  'a loop that imports modules': {
    source: "(async () => { for (let i = 0; ; i++) { turns++; await import('./m' + i); } })()",
    modules: () => 'export default 1',
  },
  'a loop that imports what is not there': {
    source: "(async () => { for (let i = 0; ; i++) { turns++; await import('./m' + i).catch(() => {}); } })()",
    modules: {},
  },
  'a getter that makes the value of a promise a thenable': {
    source:
      'let first = true; const t = { get then() { turns++; return first ? void (first = false) : (resolve) => { first = true; resolve(t); }; } }; Promise.resolve(t)',
  },
  'a thenable that an asynchronous host function returns': {
    source: 'const t = { then(resolve) { turns++; resolve(t); } }; load({ t }).then(() => pass(t)); 0',
  },
  'timers of no delay': { source: '(function next() { turns++; setTimeout(next); })()' },
  'two thousand timers of 40 ms': {
    source: `for (let i = 0; i < 2000; i++) setTimeout(() => { turns++; ${busy(40)} }); 0`,
  },
  'a thousand intervals': { source: `for (let i = 0; i < 1000; i++) setInterval(() => { turns++; ${busy(5)} }, 1); 0` },
  'intervals that clear and start others': {
    source: `(function next() { turns++; const i = setInterval(() => { clearInterval(i); next(); next(); ${busy(1)} }, 1); })()`,
  },
  'Atomics.waitAsync': {
    source:
      'const a = new Int32Array(new SharedArrayBuffer(4)); (async () => { for (;;) { turns++; await Atomics.waitAsync(a, 0, 0, 0.001).value; } })()',
  },
  'a program in time slices': { source: 'for (;;) turns++;', timeSlice: 5, timeLimit: 100_000 },
  'jobs in time slices': {
    source: '(function next() { turns++; Promise.resolve().then(next); })(); new Promise(() => {})',
    timeSlice: 5,
    timeLimit: 100_000,
  },
  'rejections without end': { source: '(function next() { turns++; Promise.reject(1); load(1).then(next); })()' },
  'errors without end': {
    source: '(function next() { turns++; queueMicrotask(() => { throw 1; }); load(1).then(next); })()',
  },
};
for (const [name, { source, ...options }] of Object.entries(storms)) {
  test(`a timer of the host fires during ${name}`, async (t) => {
    const { sandbox } = await start(t, {
      onUnhandledRejection: () => {},
      ...options,
      globals: { load, pass: async (x) => x.t ?? x, read: blocking(load) },
    });
    sandbox.evalSync('globalThis.turns = 0');
    let ended;
    const begin = performance.now();
    sandbox.eval(source).then(
      () => {
        ended = 'fulfilled';
      },
      (error) => {
        ended = error;
      },
    );
    let ticks = 0;
    const interval = setInterval(() => ticks++, 10);
    t.after(() => clearInterval(interval));
    await delay(100);
    assert.ok(performance.now() - begin < LATEST, `${performance.now() - begin} ms`);
    for (const end = performance.now() + LATEST; ticks < 5 && performance.now() < end; ) await delay(10);
    assert.ok(ticks >= 5, `${ticks} ticks of an interval`);
    assert.ok(ended === undefined || ended === 'fulfilled', String(ended));
    sandbox.dispose();
    await delay(0);
    assert.ok(ended === 'fulfilled' || ended?.name === 'DisposedError', String(ended));
  });
}

test('many sandboxes share one budget', async (t) => {
  const sandboxes = await Promise.all(Array.from({ length: 30 }, () => start(t, { globals: { load } })));
  for (const { sandbox } of sandboxes)
    sandbox
      .eval(`globalThis.turns = 0; (async () => { for (;;) { turns++; ${busy(3)} await load(1); } })()`)
      .catch(() => {});
  await delay(1); // after what those evaluations did at once
  const waited = performance.now();
  await delay(50);
  assert.ok(performance.now() - waited < LATEST, `${performance.now() - waited} ms`);
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(20))
    if (sandboxes.every(({ sandbox }) => sandbox.evalSync('turns') > 1)) break;
  for (const { sandbox } of sandboxes) assert.ok(sandbox.evalSync('turns') > 1, 'each has its turn');
});

test('answers come in the order in which the host gave them', async (t) => {
  const { sandbox } = await start(t, { timeLimit: Infinity, turnBudget: 1, globals: { load, read: blocking(load) } });
  const order = await sandbox.eval(`const order = [];
    Promise.all(Array.from({ length: 200 }, (_, i) => load(i).then((n) => { order.push(n); if (n % 10 === 0) { ${busy(1)} } }))).then(() => order)`);
  assert.deepEqual(
    order,
    Array.from({ length: 200 }, (_, i) => i),
  );
});

test('what the host does itself does not wait for the guest', async (t) => {
  const { sandbox } = await start(t, { globals: { load } });
  const add = sandbox.evalSync('(a, b) => a + b');
  sandbox.eval(`(async () => { for (;;) { ${busy(20)} await load(1); } })()`).catch(() => {});
  await delay(50);
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  assert.equal(add(2, 3), 5);
  assert.equal(await sandbox.eval('6'), 6);
  sandbox.setGlobal('late', 7);
  assert.equal(sandbox.evalSync('late'), 7);
});

test('a guest takes no more than its share of the time by itself', async (t) => {
  const { sandbox } = await start(t, { dutyCycle: 0.25, globals: { load } });
  let guest = 0;
  sandbox.setGlobal('spend', () => {
    const begin = performance.now();
    while (performance.now() - begin < 5);
    guest += performance.now() - begin;
  });
  const begin = performance.now();
  sandbox.eval('(async () => { for (;;) { spend(); await load(1); } })()').catch(() => {});
  await delay(1200);
  const share = guest / (performance.now() - begin);
  assert.ok(share < 0.5, `${share}`); // 0.25, and a burst of 100 ms at the start
  assert.ok(share > 0.05, `${share}`);
});

test('the value of a program is resolved by the guest, within its limits', async (t) => {
  const { sandbox } = await start(t, { timeLimit: 200 });
  assert.equal(await sandbox.eval('({ then(resolve) { resolve({ then(resolve) { resolve(5); } }); } })'), 5);
  await assert.rejects(sandbox.eval('({ then(_, reject) { reject(new TypeError("no")); } })'), {
    name: 'TypeError',
    message: 'no',
  });
  await assert.rejects(sandbox.eval('({ get then() { throw new RangeError("read"); } })'), {
    name: 'RangeError',
    message: 'read',
  });
  await assert.rejects(sandbox.eval('const t = { then(resolve) { resolve(t); } }; t'), { name: 'TimeLimitError' });
  await assert.rejects(
    sandbox.eval('(function() {}).constructor.prototype.then = function(resolve) { resolve(this); }; () => 1'),
    { name: 'TimeLimitError' },
  );
  const { then } = sandbox.evalSync('({ then(resolve) { resolve(1); } })');
  assert.equal(typeof then, 'function', 'evalSync leaves it as it is');
});

test("a guest's thenable calls its host's promises in its turn, and settles them when the sandbox ends", async (t) => {
  const { sandbox } = await start(t);
  const value = sandbox.evalSync(
    '({ nested: [{ then(resolve) { resolve(5); } }], endless: { then(resolve) { resolve(this); } } })',
  );
  assert.equal(await value.nested[0], 5);
  let got;
  value.nested[0].then((x) => {
    got = x;
  });
  assert.equal(got, 5, 'a call of the host is a call');
  sandbox.setGlobal('again', value.nested[0].then);
  assert.equal(sandbox.evalSync('typeof again'), 'function');
  const endless = sandbox.evalSync('const t = { then(resolve) { resolve(t); } }; t');
  const waiting = Promise.resolve(endless);
  await delay(30);
  sandbox.dispose();
  await assert.rejects(waiting, { name: 'DisposedError' });
});

test('a function that comes home as `then` is the same function', async (t) => {
  const { sandbox } = await start(t, { globals: { same: (x) => x } });
  assert.equal(sandbox.evalSync('const o = { then() {} }; same(o).then === o.then'), true);
});

test('a program waits no longer than its limit, and learns what it waited for', async (t) => {
  const { sandbox } = await start(t, {
    waitLimit: 40,
    globals: { never: () => new Promise(() => {}), read: blocking(() => new Promise(() => {})), load },
    modules: () => new Promise(() => {}),
  });
  for (const [source, what] of [
    ['new Promise(() => {})', /waited longer than its wait limit \(40 ms\) for a promise of its own/],
    ['never()', /host function never/],
    ['read()', /host function/],
    ['import("./slow")', /module '.*slow'/],
    ['({ then() {} })', /wait limit/],
  ])
    await assert.rejects(
      sandbox.eval(source),
      (error) => error.name === 'TimeLimitError' && what.test(error.message),
      source,
    );
  await assert.rejects(sandbox.import('./other'), { name: 'TimeLimitError' });
  await assert.rejects(sandbox.eval('new Promise(() => {})', { waitLimit: 5 }), /\(5 ms\)/);
  const call = sandbox.evalSync('() => new Promise(() => {})');
  await assert.rejects(call(), { name: 'TimeLimitError' });
  assert.equal(
    await sandbox.eval('new Promise((resolve) => setTimeout(() => resolve(3), 60))', { waitLimit: Infinity }),
    3,
  );
  assert.equal(await sandbox.eval('load(2)'), 2);
});

test('a program that runs in slices does not wait', async (t) => {
  const { sandbox } = await start(t, { waitLimit: 20, timeSlice: 2 });
  assert.equal(await sandbox.eval(`${busy(200)} 5`), 5);
});

test('a limit that ends what was queued settles the calls that waited for it', async (t) => {
  const { sandbox, events } = await start(t, { timeLimit: 50, globals: { load } });
  const call = sandbox.evalSync('async () => { await load(1); for (;;); }');
  await assert.rejects(call(), { name: 'TimeLimitError' });
  assert.deepEqual(
    events.map(({ name }) => name),
    ['TimeLimitError'],
  );
  const forgotten = call();
  assert.ok(forgotten instanceof Promise);
  for (let i = 0; i < 100 && events.length < 2; i++) await delay(10);
  assert.deepEqual(
    events.map(({ name }) => name),
    ['TimeLimitError', 'TimeLimitError'],
    'whoever does not look at the result hears of it',
  );
});

test('options of turns are checked', async () => {
  for (const [options, message] of [
    [{ turnBudget: 0 }, /turnBudget must be a number of milliseconds above 0, got 0/],
    [{ dutyCycle: 1.5 }, /dutyCycle must be a number above 0, at most 1, got 1\.5/],
    [{ waitLimit: '5' }, /waitLimit must be a number of milliseconds above 0, got '5'/],
    [{ hostLimits: { timer: 5 } }, /no limit 'timer' in hostLimits; there are timers, calls/],
    [{ hostLimits: { timers: 0 } }, /hostLimits\.timers must be an integer above 0, or Infinity, got 0/],
    [{ interruptFlag: new Int32Array(0) }, /interruptFlag must be an Int32Array of at least one element/],
  ])
    await assert.rejects(
      createSandbox(options),
      (error) => error instanceof TypeError && message.test(error.message),
      JSON.stringify(options),
    );
});
