// What the host wants of guest code at once, and what waits for it, when that code has to wait for the host: the steps
// of iterators, properties, constructors, conversions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';
import { createWorkerSandbox } from 'caisson/worker';
import { host } from '#host';
import { create, readOptions } from '../../npm/src/core.js';

const globals = () => {
  async function load(value) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (value === 'fail') throw new RangeError('failed');
    return value;
  }
  return { load: blocking(load) };
};

async function start(t, options = {}) {
  const sandbox = await createSandbox({ globals: globals(), ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

const WOULD_WAIT = { name: 'WouldWaitError', message: /waits for host function load( and \d+ more)?; use / };

// Each gives 1, 2 and 3, waits for each, and notes in `closed` that it was closed.
const iterables = {
  'a generator':
    '(function* () { try { yield load(1); yield load(2); yield load(3); } finally { closed = load(true); } })()',
  'a copy that is iterable': `({ n: 3, *[Symbol.iterator]() {
    try { for (let i = 1; i <= this.n; i++) yield load(i); } finally { closed = load(true); }
  } })`,
  'a copy that is an iterator': `({ i: 0, next() { return { value: load(++this.i), done: this.i > 3 }; },
    return() { closed = load(true); return {}; }, [Symbol.iterator]() { return this; } })`,
  'a method that waits': `({ [Symbol.iterator]() { load(0); let i = 0; return {
    next: () => ({ value: load(++i), done: i > 3 }), return() { closed = load(true); return {}; } }; } })`,
  'an instance': `new (class { *[Symbol.iterator]() {
    try { yield load(1); yield load(2); yield load(3); } finally { closed = load(true); } } })()`,
  'accessors that wait': `({ [Symbol.iterator]() { let i = 0; return new (class {
    get next() { load(0); return () => new (class { get done() { return load(++i > 3); } get value() { return load(i); } })(); }
    return() { closed = load(true); return {}; } })(); } })`,
  'a helper of iterators': `(() => { const source = [1, 2, 3].values(); source.return = () => { closed = load(true); return {}; };
    return source.map((x) => load(x)); })()`,
  'promises as values': `({ *[Symbol.iterator]() {
    try { for (const i of [1, 2, 3]) yield Promise.resolve(load(i)); } finally { closed = load(true); } } })`,
};

async function collect(iterable, most = Infinity) {
  const seen = [];
  for await (const item of iterable) {
    seen.push(item);
    if (seen.length === most) break;
  }
  return seen;
}

for (const [kind, source] of Object.entries(iterables)) {
  test(`for await waits for the steps of ${kind}`, async (t) => {
    const sandbox = await start(t);
    sandbox.evalSync('var closed = false');
    const make = () => sandbox.evalSync(`(${source})`);
    assert.deepEqual(await collect(make()), [1, 2, 3]);
    sandbox.evalSync('closed = false');
    assert.deepEqual(await collect(make(), 2), [1, 2]);
    assert.equal(sandbox.evalSync('closed'), true);
    assert.deepEqual(await collect(sandbox.ref(`(${source})`)), [1, 2, 3], 'by reference');
    // Steps that are asked for at once are taken one after the other.
    const steps = make()[Symbol.asyncIterator]();
    assert.deepEqual(
      (await Promise.all([steps.next(), steps.next(), steps.next(), steps.next()])).map(({ value, done }) =>
        done ? done : value,
      ),
      [1, 2, 3, true],
    );
  });

  test(`what takes the steps of ${kind} at once is refused`, async (t) => {
    const sandbox = await start(t);
    sandbox.evalSync('var closed = false');
    const make = () => sandbox.evalSync(`(${source})`);
    const ways = {
      'for...of': (iterable) => {
        for (const item of iterable) assert.fail(`got ${item}`);
      },
      spread: (iterable) => [...iterable],
      destructuring: ([first]) => first,
      'a call of next': (iterable) => iterable[Symbol.iterator]().next().value,
      'Array.from': (iterable) => Array.from(iterable),
    };
    for (const [way, take] of Object.entries(ways)) assert.throws(() => take(make()), WOULD_WAIT, way);
    assert.throws(() => [...sandbox.ref(`(${source})`)], WOULD_WAIT, 'by reference');
    await sandbox.whenIdle();
    assert.equal(sandbox.evalSync('1 + 1'), 2);
  });

  test(`in a worker for await waits for the steps of ${kind}`, async (t) => {
    const sandbox = await createWorkerSandbox({ globals: globals() });
    t.after(() => sandbox.dispose());
    await sandbox.eval('var closed = false');
    const make = () => sandbox.eval(`(${source})`);
    assert.deepEqual(await collect(await make()), [1, 2, 3]);
    await sandbox.eval('closed = false');
    assert.deepEqual(await collect(await make(), 2), [1, 2]);
    assert.equal(await sandbox.eval('closed'), true);
    assert.deepEqual(await collect(await sandbox.ref(`(${source})`)), [1, 2, 3], 'by reference');
  });
}

test('iterables within values, and those that a host function is given, wait', async (t) => {
  const sum = blocking(async (iterable) => (await collect(iterable)).join());
  const takes = (iterable) => [...iterable];
  const sandbox = await start(t, { globals: { ...globals(), sum, takes } });
  const { rows, list, map } =
    sandbox.evalSync(`const make = () => ({ *[Symbol.iterator]() { yield load(1); yield 2; } });
    ({ rows: make(), list: [make(), make()[Symbol.iterator]()], map: new Map([['key', make()]]) })`);
  for (const iterable of [rows, ...list, map.get('key')]) assert.deepEqual(await collect(iterable), [1, 2]);
  assert.throws(() => [...rows], WOULD_WAIT);
  await sandbox.whenIdle();
  assert.equal(await sandbox.eval('sum(make()) + sum(make()[Symbol.iterator]())'), '1,21,2');
  // A host function that the guest called runs it: there it cannot be set aside.
  assert.match(await sandbox.eval('try { takes(make()) } catch (error) { error.message }'), /cannot be called inside/);
});

test('return and throw of a waiting generator, sent values, and errors', async (t) => {
  const sandbox = await start(t);
  const make = sandbox.evalSync(
    '(function* () { try { const got = yield load(1); try { yield load(got); } catch (error) { yield load(error.message); } } finally { load(0); } })',
  );
  const steps = make()[Symbol.asyncIterator]();
  assert.equal(steps[Symbol.asyncIterator](), steps);
  assert.deepEqual(
    [await steps.next(), await steps.next('sent'), await steps.throw(new Error('thrown')), await steps.return('end')],
    [
      { value: 1, done: false },
      { value: 'sent', done: false },
      { value: 'thrown', done: false },
      { value: 'end', done: true },
    ],
  );
  assert.deepEqual(await steps.next(), { value: undefined, done: true });
  const begun = make();
  await begun[Symbol.asyncIterator]().next();
  assert.throws(() => begun.return(5), WOULD_WAIT);
  const thrown = make();
  await thrown[Symbol.asyncIterator]().next();
  assert.throws(() => thrown.throw(new Error('at once')), WOULD_WAIT);
  const fails = sandbox.evalSync('(function* () { yield load("fail"); })()');
  await assert.rejects(collect(fails), { name: 'RangeError', message: 'failed' });
  const noIterator = sandbox.evalSync('({ [Symbol.iterator]: () => 5 })');
  await assert.rejects(collect(noIterator), TypeError);
  const noResult = sandbox.evalSync('({ [Symbol.iterator]: () => ({ next: () => 5 }) })');
  await assert.rejects(collect(noResult), TypeError);
  const rejected = sandbox.evalSync(
    'var left = false; ({ *[Symbol.iterator]() { try { yield Promise.reject(new RangeError("value")); } finally { left = true; } } })',
  );
  await assert.rejects(collect(rejected), { name: 'RangeError', message: 'value' });
  assert.equal(sandbox.evalSync('left'), true, 'it is closed');
});

test('what does not wait is as it was: steps at once, functions that give promises, values that return', async (t) => {
  const sandbox = await start(t, { globals: { ...globals(), same: (value) => value } });
  assert.deepEqual([...sandbox.evalSync('(function* () { yield 1; })()')], [1]);
  assert.deepEqual([...sandbox.evalSync('({ *[Symbol.iterator]() { yield 1; } })')], [1]);
  const queue = sandbox.evalSync('({ next() { return load(7); } })');
  assert.equal(await queue.next(), 7, 'no iterator');
  const asynchronous = sandbox.evalSync('({ async *[Symbol.asyncIterator]() { yield load(1); } })');
  assert.deepEqual(await collect(asynchronous), [1]);
  const sync = sandbox.evalSync('({ next() { return Promise.resolve(3); }, [Symbol.iterator]() { return this; } })');
  assert.equal(await sync.next(), 3, 'a promise that is the answer');
  // A copy that goes back has no more than it came with.
  const back = sandbox.evalSync('(value) => [Symbol.asyncIterator in value, Symbol.iterator in value, [...value]]');
  const copy = sandbox.evalSync('({ *[Symbol.iterator]() { yield 1; } })');
  assert.deepEqual(back(copy), [false, true, [1]]);
  assert.deepEqual(Reflect.ownKeys({ ...copy }), [Symbol.iterator]);
  assert.equal(sandbox.evalSync('(f) => f === kept')(sandbox.evalSync('var kept = () => 1; kept')), true);
  assert.equal(
    sandbox.evalSync('(f) => f === text')(sandbox.evalSync('function text() {} ({ toString: text })').toString),
    true,
  );
});

const thing = `globalThis.Thing = class {
  constructor(x) { this.x = load(x); }
  get y() { return load(2); }
  set y(value) { this.z = load(value); }
  toString() { return 't' + load(5); }
  toJSON() { return load({ json: true }); }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? load(7) : this.toString(); }
  static get shared() { return load('shared'); }
  static [Symbol.hasInstance]() { return load(true); }
  get list() { return load([1, 2]); }
  m() { return load('m'); }
}; globalThis.thing = { __proto__: Thing.prototype, x: 1 };
globalThis.trapped = new Proxy({}, { has: () => load(true), ownKeys: () => load(['a']), deleteProperty: () => load(true),
  get: (target, key) => load(String(key)), set: (target, key, value) => load(true),
  getOwnPropertyDescriptor: () => load({ value: 1, configurable: true, enumerable: true }) });`;

test('properties, constructors and conversions that wait are refused at once, and the guest goes on', async (t) => {
  const sandbox = await start(t);
  sandbox.evalSync(`${thing} 0`);
  const object = sandbox.evalSync('thing');
  const Thing = sandbox.evalSync('Thing');
  const reference = sandbox.ref('thing');
  const trapped = sandbox.ref('trapped');
  const copy = sandbox.evalSync(
    '({ toString: () => load("text"), valueOf: () => load(1), toJSON: () => load({}), toLocaleString: () => load("") })',
  );
  const ways = {
    'a getter': () => object.y,
    'a setter': () => {
      object.y = 4;
    },
    new: () => new Thing(3),
    'a static getter': () => Thing.shared,
    instanceof: () => object instanceof Thing,
    'a descriptor': () => Object.getOwnPropertyDescriptor(Thing, 'shared'),
    String: () => String(object),
    'a template': () => `${object}`,
    Number: () => Number(object),
    'JSON.stringify': () => JSON.stringify({ object }),
    'ref.get': () => reference.get('y'),
    'ref.ref': () => reference.ref('list'),
    'ref.set': () => reference.set('y', 9),
    'ref.has': () => trapped.has('a'),
    'ref.delete': () => trapped.delete('a'),
    'ref.keys': () => trapped.keys(),
    'ref.construct': () => sandbox.ref('Thing').construct(1),
    'ref.toValue': () => sandbox.ref('({ get own() { return load(1); } })').toValue(),
    'String of a copy': () => String(copy),
    'arithmetic of a copy': () => copy * 2,
    'JSON.stringify of a copy': () => JSON.stringify([copy]),
    'toLocaleString of a copy': () => [copy].toLocaleString(),
  };
  for (const [way, use] of Object.entries(ways)) {
    assert.throws(
      use,
      { name: 'WouldWaitError', message: /waits for host function load( and \d+ more)?; use sandbox\.ref\(/ },
      way,
    );
    await sandbox.whenIdle();
  }
  // What the guest was doing has gone on.
  assert.equal(sandbox.evalSync('thing.z'), 9);
});

test('the promises of a reference wait', async (t) => {
  const sandbox = await start(t);
  sandbox.evalSync(`${thing} 0`);
  const { promises } = sandbox.ref('thing');
  assert.equal(await promises.get('y'), 2);
  assert.equal(await promises.set('y', 6), true);
  assert.equal(sandbox.evalSync('thing.z'), 6);
  assert.equal((await promises.ref('list')).get('length'), 2);
  assert.equal(await promises.invoke('m'), 'm');
  assert.equal(await promises.invoke('toString'), 't5');
  assert.deepEqual(await promises.invoke('toJSON'), { json: true });
  assert.equal(await promises.has('y'), true);
  const made = await sandbox.ref('Thing').promises.construct(8);
  assert.equal(made.get('x'), 8);
  assert.equal(await sandbox.ref('() => load(3)').promises.call(), 3);
  assert.deepEqual(await sandbox.ref('({ get own() { return load(1); } })').promises.toValue(), { own: 1 });
  const trapped = sandbox.ref('trapped').promises;
  assert.deepEqual(
    [await trapped.has('a'), await trapped.delete('a'), await trapped.keys(), await trapped.get('b')],
    [true, true, ['a'], 'b'],
  );
  // Without anything that waits they give promises as well, and errors are rejections.
  const plain = sandbox.ref('({ a: 1, get bad() { throw new RangeError("bad"); }, promise: Promise.resolve(5) })');
  assert.ok(plain.promises.get('a') instanceof Promise);
  assert.equal(await plain.promises.get('a'), 1);
  assert.equal(await plain.promises.get('promise'), 5);
  await assert.rejects(plain.promises.get('bad'), { name: 'RangeError', message: 'bad' });
  await assert.rejects(plain.promises.ref('a'), TypeError);
  await assert.rejects(plain.promises.get({}), { message: /the key must be a string/ });
  await assert.rejects(sandbox.ref('({ get y() { return load("fail"); } })').promises.get('y'), { message: 'failed' });
  assert.ok((await plain.promises.ref('promise')).get('then'), 'a reference to a promise is not awaited');
  plain.release();
  await assert.rejects(plain.promises.get('a'), { name: 'TypeError', message: 'the reference was released' });
});

const accessors = () => {
  let stored = 1;
  const values = globals();
  const get = blocking(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return stored;
  });
  const set = blocking(async (value) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    stored = value;
  });
  return Object.defineProperty(values, 'config', { get, set, enumerable: true });
};

test('the guest waits for a global whose getter or setter is blocking', async (t) => {
  const sandbox = await start(t, { globals: accessors() });
  const program = 'const before = config; config = before + 1; [before, config, typeof config, globalThis.config]';
  assert.deepEqual(await sandbox.eval(program), [1, 2, 'number', 2]);
  assert.throws(() => sandbox.evalSync('config'), { name: 'WouldWaitError' });
  const inWorker = await createWorkerSandbox({ globals: accessors() });
  t.after(() => inWorker.dispose());
  assert.deepEqual(await inWorker.eval(program), [1, 2, 'number', 2]);
});

test('the text of what a program throws has the stack that the program prepares, which may wait', async (t) => {
  const sandbox = await create({ ...readOptions({ globals: globals() }), describesThrown: true, host });
  t.after(() => sandbox.dispose());
  sandbox.evalSync('Error.prepareStackTrace = (error) => `prepared ${error.message} ${load("waited")}`; 0');
  await assert.rejects(sandbox.eval('throw new Error("a")'), (text) => /prepared a waited/.test(text));
  await assert.rejects(sandbox.eval('load(1); throw new Error("b")'), (text) => /prepared b waited/.test(text));
  await assert.rejects(sandbox.eval('(async () => { await null; throw new Error("c"); })()'), (text) =>
    /prepared c waited/.test(text),
  );
});

test('a wait limit and dispose end what waits for a property', async (t) => {
  const never = blocking(() => new Promise(() => {}));
  const limited = await start(t, { globals: { load: never }, waitLimit: 20 });
  const { promises } = limited.ref('({ get y() { return load(); } })');
  await assert.rejects(promises.get('y'), { name: 'TimeLimitError', message: /wait limit/ });
  const sandbox = await start(t, { globals: { load: never } });
  const waits = sandbox.ref('({ get y() { return load(); } })').promises.get('y');
  sandbox.dispose();
  await assert.rejects(waits, { name: 'DisposedError' });
});

test('what waits for properties holds no handles', async (t) => {
  const sandbox = await start(t, { hostLimits: { functions: 20, calls: 20 } });
  const reference = sandbox.ref('({ get y() { return load({}); }, f() { return load(1); } })');
  for (let i = 0; i < 100; i++) {
    (await reference.promises.ref('y')).release();
    await reference.promises.invoke('f');
    assert.throws(() => reference.get('y'), WOULD_WAIT);
    await sandbox.whenIdle();
  }
});

test('in a worker properties, methods and constructors wait', async (t) => {
  const sandbox = await createWorkerSandbox({ globals: globals() });
  t.after(() => sandbox.dispose());
  await sandbox.eval(`${thing} 0`);
  const object = await sandbox.eval('thing');
  assert.equal(await object.y, 2);
  assert.equal(await object.list.length, 2);
  assert.equal(await object.m(), 'm');
  assert.equal(await object.toString(), 't5');
  assert.deepEqual(await object.toJSON(), { json: true });
  const reference = await sandbox.ref('thing');
  assert.equal(await reference.get('y'), 2);
  assert.equal(await reference.set('y', 6), true);
  assert.equal(await reference.invoke('toString'), 't5');
  assert.equal(await (await reference.ref('list')).get('length'), 2);
  const Thing = await sandbox.eval('Thing');
  assert.equal(await Thing.shared, 'shared');
  const made = await new Thing(8);
  assert.equal(await made.x, 8);
  const generator = await sandbox.eval('(function* () { yield load(1); })()');
  assert.deepEqual(await generator.next(), { value: 1, done: false });
  const copy = await sandbox.eval('({ n: 2, toString() { return load("text" + this.n); } })');
  assert.equal(await copy.toString(), 'text2');
});
