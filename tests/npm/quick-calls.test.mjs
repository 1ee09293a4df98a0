// Calls whose values need no message: what holds of calls with messages holds of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DisposedError, InterruptedError, TimeLimitError, createSandbox, ref } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const sandbox = await createSandbox({ globals, ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('every kind of callee is called', async (t) => {
  const sandbox = await start(t);
  for (const [source, expected] of [
    ['(a) => a', 1],
    ['function* () {}', 'object'],
    ['async (a) => a', 'promise'],
    ['Math.max', 2],
    ['((a, b, c) => a + b + c).bind(null, 10)', 13],
    ['new Proxy((a, b) => a + b, {})', 3],
    ['Function.prototype.call.bind((a) => a, null)', 1],
    ['(...all) => all.length', 2],
    ['function () { return arguments.length }', 2],
    ['(a, b, c, d) => d === undefined', true],
    ['() => {}', undefined],
    ['() => null', null],
    ['(a) => a > 0', true],
    ['(a) => "text " + a', 'text 1'],
  ]) {
    const value = sandbox.evalSync(`(${source})`)(1, 2);
    if (expected === 'promise') assert.equal(await value, 1);
    else if (expected === 'object') assert.equal(typeof value, 'object');
    else assert.deepEqual(value, expected, source);
  }
  assert.throws(() => sandbox.evalSync('(class {})')(1), /class constructor/);
  assert.throws(() => sandbox.evalSync('(a) => { throw new RangeError("no " + a); }')(1), {
    name: 'RangeError',
    message: 'no 1',
  });
  assert.equal(sandbox.evalSync('(function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); })')(15), 610);
});

test('numbers arrive as they are', async (t) => {
  const sandbox = await start(t, { echo: (x) => x });
  const same = sandbox.evalSync('(x) => x'),
    through = sandbox.evalSync('(x) => echo(x)');
  for (const value of [
    0,
    -0,
    1.5,
    -1,
    NaN,
    Infinity,
    -Infinity,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    5e-324,
    true,
    false,
    null,
    undefined,
  ]) {
    assert.ok(Object.is(same(value), value), String(value));
    assert.ok(Object.is(through(value), value), String(value));
  }
});

test('short texts of every length and letter arrive as they are', async (t) => {
  const sandbox = await start(t, { echo: (x) => x });
  const same = sandbox.evalSync('(x) => x'),
    through = sandbox.evalSync('(x) => echo(x)');
  const letters = Array.from({ length: 70 }, (_, i) => String.fromCharCode(33 + ((i * 7) % 200)));
  for (let length = 0; length < letters.length; length++) {
    for (const text of [
      letters.slice(0, length).join(''),
      `${letters.slice(0, length).join('')}\u0151`,
      '\0'.repeat(length),
      '\xff'.repeat(length),
    ]) {
      assert.equal(same(text), text);
      assert.equal(through(text), text);
    }
  }
  const slices = sandbox.evalSync(
    '(from, to) => "a text of which slices are taken, and which is long".slice(from, to)',
  );
  const whole = slices(0, 99);
  for (let i = 0; i < whole.length; i++) assert.equal(slices(i, i + 9), whole.slice(i, i + 9));
  assert.equal(
    sandbox.evalSync('(a, b) => a + b')('left half of a rope, ', 'right half of the rope'),
    'left half of a rope, right half of the rope',
  );
});

test('texts that come again are themselves, after collections too', async (t) => {
  const sandbox = await start(t, { echo: (x) => x }, { memoryLimit: 4 << 20 });
  const keep = sandbox.evalSync(
    'const all = []; (text) => { all.push(text); for (let i = 0; i < 50; i++) ({ text, i }); return echo(text) === text ? text : "changed"; }',
  );
  const texts = Array.from({ length: 500 }, (_, i) =>
    `${i % 7 ? 'k' : '\0'}${(i * 7919).toString(36)}`.padEnd(2 + (i % 17), i % 2 ? '\0' : 'z'),
  );
  for (let round = 0; round < 6; round++) for (const text of texts) assert.equal(keep(text), text);
  assert.deepEqual(sandbox.evalSync('all'), Array.from({ length: 6 }, () => texts).flat());
});

test('limits hold in them, and the next call finds the sandbox usable', async (t) => {
  const sandbox = await start(t, {}, { fuelLimit: 3e6, memoryLimit: 8 << 20 });
  const call = sandbox.evalSync(
    '(n) => { while (n === 1) {} if (n === 2) { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); } if (n === 3) Promise.resolve().then(() => { for (;;) {} }); return n; }',
  );
  for (let round = 0; round < 3; round++) {
    assert.throws(() => call(1), TimeLimitError);
    assert.throws(() => call(2), /memory|cannot allocate/);
    assert.throws(() => call(3), TimeLimitError);
    assert.equal(call(4), 4);
  }
});

test('a guest that is stopped or disposed of while it is called ends there', async (t) => {
  let act = () => {};
  const sandbox = await start(t, { act: (n) => act(n) });
  const call = sandbox.evalSync('(n) => { act(n); return n; }');
  act = () => sandbox.interrupt();
  assert.throws(() => call(1), InterruptedError);
  act = () => {};
  assert.equal(call(2), 2);
  act = (n) => (n > 0 ? call(n - 1) : sandbox.interrupt());
  assert.throws(() => call(3), InterruptedError);
  act = () => {};
  assert.equal(call(2), 2);
  act = () => sandbox.dispose();
  assert.throws(() => call(3), DisposedError);
  assert.throws(() => call(4), DisposedError);
});

test('an interrupt that comes too late for one call does not stop the next', async (t) => {
  let late;
  const sandbox = await start(
    t,
    {},
    {
      onUncaughtError: () => {
        if (late) sandbox.interrupt();
      },
    },
  );
  const call = sandbox.evalSync('(n) => { if (n < 0) queueMicrotask(() => { throw new Error("told"); }); return n; }');
  late = true;
  assert.equal(call(-1), -1);
  late = false;
  assert.equal(call(2), 2);
});

test('what a call leaves to do is done when it returns, and told', async (t) => {
  const told = [];
  const sandbox = await start(
    t,
    { note: (x) => void told.push(x) },
    { onUncaughtError: (error) => told.push(error.message), onUnhandledRejection: (error) => told.push(error.message) },
  );
  sandbox.evalSync(
    '(n) => { Promise.resolve(n).then(note); queueMicrotask(() => { throw new Error("uncaught"); }); Promise.reject(new Error("rejected")); return n; }',
  )(5);
  assert.deepEqual(told.sort(), [5, 'rejected', 'uncaught'].sort());
});

test('the memory may grow, in the call and between calls', async (t) => {
  const sandbox = await start(t, { echo: (x) => x }, { memoryLimit: 256 << 20 });
  const grow = sandbox.evalSync('var kept = []; (n) => { kept.push(new Uint8Array(n)); return echo(n) + 0.5; }');
  for (let i = 0; i < 12; i++) assert.equal(grow(3e6 + i), 3e6 + i + 0.5);
});

test('calls within calls keep their values apart', async (t) => {
  const sandbox = await start(t, {
    down: (n, text) => (n === 0 ? text : call(n - 1, `${text}${n}`)),
    both: (...all) => all.map((f) => f(1)).join(),
  });
  const call = sandbox.evalSync(
    '(n, text) => { const before = [n, text]; const result = down(n, text); return before[0] === n && before[1] === text ? result : "mixed up"; }',
  );
  assert.equal(call(9, ''), '987654321');
  assert.equal(sandbox.evalSync('(x) => both((a) => a + x, (b) => b - x, (c) => c * x)')(7), '8,-6,7');
});

test('a promise of a host function is one promise for the guest, whichever way it comes', async (t) => {
  const shared = Promise.resolve(3);
  class Special extends Promise {}
  const sandbox = await start(t, {
    shared: () => shared,
    list: () => [shared, shared],
    special: () => Special.resolve('special'),
    text: async () => 'a text',
    object: async () => ({ a: [1] }),
    fails: async () => {
      throw new TypeError('fails');
    },
    failsWithText: () => Promise.reject('a text'),
    home: (promise) => promise,
    reference: () => ref(shared),
    thenable: () => ({
      then(resolve) {
        resolve('then');
      },
    }),
    uncrossable: async () => new WeakMap(),
  });
  assert.deepEqual(
    await sandbox.eval(`(async () => {
    const pending = shared();
    const failure = async (promise) => { try { return await promise; } catch (error) { return typeof error === 'string' ? error : error.name + ': ' + error.message; } };
    const own = Promise.resolve(8);
    return [pending === shared(), list().every((each) => each === pending), await pending, await special(), await text(), await object(), await failure(fails()), await failure(failsWithText()),
      home(own) === own, await home(own), await thenable(), (await failure(uncrossable())).includes('WeakMap')];
  })()`),
    [true, true, 3, 'special', 'a text', { a: [1] }, 'TypeError: fails', 'a text', true, 8, 'then', true],
  );
});

test('promises of the host that are pending at once are told apart', async (t) => {
  const settle = [];
  const promises = Array.from({ length: 20 }, (_, i) => new Promise((resolve) => (settle[i] = resolve)));
  const sandbox = await start(t, { at: (i) => promises[i], all: () => promises });
  const same = sandbox.evalSync(
    'var first = []; for (let i = 0; i < 20; i++) first.push(at(i)); (from) => { for (let i = from; i < 20; i++) if (at(i) !== first[i] || all()[i] !== first[i]) return i; return -1; }',
  );
  for (let count = 0; count < 20; count++) {
    assert.equal(same(count), -1);
    settle[count](count);
    await promises[count];
    await delay(0);
    assert.equal(same(count + 1), -1);
  }
  assert.deepEqual(
    await sandbox.eval('Promise.all(first)'),
    Array.from({ length: 20 }, (_, i) => i),
  );
  assert.deepEqual(
    await sandbox.eval('Promise.all(all())'),
    Array.from({ length: 20 }, (_, i) => i),
  );
});

test('settled promises of host functions keep their order, and that of other jobs', async (t) => {
  const sandbox = await start(t, { later: async (n) => n, slow: (n) => delay(n, n) });
  assert.deepEqual(
    await sandbox.eval(`(async () => {
    const order = [];
    const one = later(1).then((n) => { order.push(n); queueMicrotask(() => order.push('job of ' + n)); });
    const two = later(2).then((n) => order.push(n));
    const three = slow(5).then((n) => order.push(n));
    order.push('first');
    await Promise.all([one, two, three]);
    return order;
  })()`),
    ['first', 1, 'job of 1', 2, 5],
  );
  assert.equal(
    await sandbox.eval(
      '(async () => { let sum = 0; for (let i = 0; i < 5000; i++) sum += await later(i & 3); return sum; })()',
    ),
    7500,
  );
});

test('an abort, an interrupt and a dispose end what waits for host promises', async (t) => {
  const sandbox = await start(t, { never: () => new Promise(() => {}), count: () => 1 });
  const controller = new AbortController();
  const aborted = sandbox.eval('never()', { signal: controller.signal });
  controller.abort(new Error('aborted'));
  await assert.rejects(aborted, /aborted/);
  const interrupted = sandbox.eval('never()');
  sandbox.interrupt();
  await assert.rejects(interrupted, InterruptedError);
  assert.equal(sandbox.evalSync('count()'), 1);
  const disposed = sandbox.eval('never()');
  sandbox.dispose();
  await assert.rejects(disposed, DisposedError);
});

test('a promise that settles after its program has ended settles nothing', async (t) => {
  const settle = [];
  const sandbox = await start(t, { wait: () => new Promise((resolve) => settle.push(resolve)), ended: () => {} });
  const controller = new AbortController();
  const program = sandbox.eval('wait().then(() => { throw new Error("ran on"); })', { signal: controller.signal });
  controller.abort(new Error('aborted'));
  await assert.rejects(program, /aborted/);
  settle[0](1);
  await sandbox.whenIdle();
  assert.equal(sandbox.evalSync('1 + 1'), 2);
});
