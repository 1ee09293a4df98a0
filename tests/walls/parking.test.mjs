// A host function marked as blocking sets the guest aside wherever it is called; the host runs on, and the guest
// continues with the value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { blocking, createSandbox } from 'caisson';

async function withLoads(globals = {}) {
  const waiting = new Map();
  const load = blocking((name) => new Promise((resolve, reject) => waiting.set(name, { resolve, reject })));
  const sandbox = await createSandbox({ globals: { load, ...globals } });
  return { sandbox, waiting };
}

const places = {
  'a plain call': 'load("a") + load("b")',
  'a map callback': '["a", "b"].map((name) => load(name)).join("")',
  'a forEach callback': '{ let all = ""; ["a", "b"].forEach((name) => { all += load(name); }); all }',
  'a reduce callback': '["a", "b"].reduce((all, name) => all + load(name), "")',
  'a sort comparator':
    '["x", "y"].sort(() => { if (!globalThis.all) globalThis.all = load("a") + load("b"); return 0; }); all',
  'Array.from': 'Array.from(["a", "b"], (name) => load(name)).join("")',
  'an iterator helper': '["a", "b"].values().map((name) => load(name)).toArray().join("")',
  'a generator': 'function* g() { yield load("a"); yield load("b"); } [...g()].join("")',
  'a delegating generator':
    'function* g() { yield load("a"); yield load("b"); } function* h() { yield* g(); } [...h()].join("")',
  'an async function': '(async () => { const a = load("a"); await 0; return a + load("b"); })()',
  'a getter': '({ get both() { return load("a") + load("b"); } }).both',
  'a constructor': 'class A { constructor() { this.both = load("a") + load("b"); } } new A().both',
  'a replace function': '"12".replace(/./g, (digit) => load(digit === "1" ? "a" : "b"))',
  'a finally block':
    '(() => { let x = ""; try { throw 1; } catch { x += load("a"); } finally { x += load("b"); } return x; })()',
  destructuring: '(() => { const { p = load("a"), q = load("b") } = {}; return p + q; })()',
  'a template': '`${load("a")}${load("b")}`',
  'a nested call with arguments': 'Math.max(1, 2) && [load("a"), load("b")].join("")',
};

for (const [name, source] of Object.entries(places)) {
  test(`in ${name}`, async () => {
    const { sandbox, waiting } = await withLoads();
    const result = sandbox.eval(source);
    assert.deepEqual([...waiting.keys()], ['a'], 'the guest waits at the first call');
    assert.equal(sandbox.evalSync('1 + 1'), 2, 'the sandbox runs other entries meanwhile');
    await delay(1);
    assert.deepEqual([...waiting.keys()], ['a'], 'still at the first');
    waiting.get('a').resolve('A');
    await delay(1);
    waiting.get('b').resolve('B');
    assert.equal(await result, 'AB');
    sandbox.dispose();
  });
}

test('three set aside at once are continued in another order', async () => {
  const order = [];
  const { sandbox, waiting } = await withLoads({ note: (text) => order.push(text) });
  sandbox.evalSync(
    `function run(name) { const part = [name].map((n) => load(n))[0]; note(name + '=' + part); return part; }`,
  );
  const results = ['one', 'two', 'three'].map((name) => sandbox.eval(`run('${name}')`));
  assert.deepEqual([...waiting.keys()], ['one', 'two', 'three']);
  for (const name of ['two', 'three', 'one']) {
    waiting.get(name).resolve(name.toUpperCase());
    await delay(1);
  }
  assert.deepEqual(await Promise.all(results), ['ONE', 'TWO', 'THREE']);
  assert.deepEqual(order, ['two=TWO', 'three=THREE', 'one=ONE']);
  sandbox.dispose();
});

test('a hundred at once', async () => {
  const { sandbox, waiting } = await withLoads();
  const results = Array.from({ length: 100 }, (_, i) =>
    sandbox.eval(`(function deep(n) { return n ? deep(n - 1) : load('${i}'); })(${i})`),
  );
  for (const [name, { resolve }] of [...waiting].reverse()) resolve(name);
  assert.deepEqual(
    await Promise.all(results),
    Array.from({ length: 100 }, (_, i) => String(i)),
  );
  sandbox.dispose();
});

test('a rejection is thrown where the guest waits', async () => {
  const { sandbox, waiting } = await withLoads();
  const result = sandbox.eval('try { load("a"); } catch (error) { `${error.name}: ${error.message}`; }');
  waiting.get('a').reject(new TypeError('no such thing'));
  assert.equal(await result, 'TypeError: no such thing');
  const second = sandbox.eval('[1].map(() => load("b"))');
  waiting.get('b').reject(new RangeError('out'));
  await assert.rejects(second, { name: 'RangeError', message: 'out' });
  sandbox.dispose();
});

test('a value that is there at once does not set the guest aside', async () => {
  const sandbox = await createSandbox({ globals: { now: blocking(() => 5) } });
  assert.equal(sandbox.evalSync('now() + 1'), 6);
  sandbox.dispose();
});

test('a guest function called by the host, a timer and a promise handler may wait too', async () => {
  const seen = [];
  const { sandbox, waiting } = await withLoads({ note: (text) => seen.push(text) });
  const fn = sandbox.evalSync('(name) => load(name) + "!"');
  const called = fn('called');
  waiting.get('called').resolve('x');
  assert.equal(await called, 'x!');
  sandbox.evalSync(
    'setTimeout(() => note(load("timer")), 1); Promise.resolve().then(() => load("job")).then(note); queueMicrotask(() => note(load("task"))); 0',
  );
  while (!waiting.has('timer')) await delay(1);
  waiting.get('timer').resolve('t');
  waiting.get('job').resolve('j');
  waiting.get('task').resolve('q');
  while (seen.length < 3) await delay(1);
  assert.deepEqual(seen.sort(), ['j', 'q', 't']);
  sandbox.dispose();
});

test('an error after the wait in a timer reaches the host', async () => {
  const { sandbox, waiting } = await withLoads();
  const errors = [];
  const other = await createSandbox({
    globals: { load: blocking(() => delay(1)) },
    onUncaughtError: (error) => errors.push(error.message),
  });
  other.evalSync('setTimeout(() => { load(); throw new Error("later"); }, 1); 0');
  for (let i = 0; i < 200 && errors.length === 0; i++) await delay(5);
  assert.deepEqual(errors, ['later']);
  other.dispose();
  sandbox.dispose();
  waiting.clear();
});

test('evalSync refuses to wait and leaves the sandbox usable', async () => {
  const { sandbox } = await withLoads();
  assert.throws(() => sandbox.evalSync('load("a")'), { name: 'WouldWaitError' });
  assert.equal(sandbox.evalSync('2'), 2);
  sandbox.dispose();
});

test('dispose while the guest is set aside', async () => {
  const { sandbox, waiting } = await withLoads();
  const result = sandbox.eval('load("a")');
  sandbox.dispose();
  await assert.rejects(result, { name: 'DisposedError' });
  waiting.get('a').resolve(1);
  await delay(1);
});
