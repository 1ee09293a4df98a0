// The option that leaves out what cannot cross, in both directions, and tells where it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

async function start(t, options = {}) {
  const told = [];
  const sandbox = await createSandbox({ uncrossable: 'omit', onOmitted: (what) => told.push(what), ...options });
  t.after(() => sandbox.dispose());
  return { sandbox, take: () => told.splice(0) };
}
// Where it was and which side did not get it.
const places = (told) =>
  told.map((what) => /^(.*?): .* (cannot be passed to the (?:host|guest))/.exec(what)?.slice(1).join(' '));

test('what a guest gives lacks what cannot cross', async (t) => {
  const { sandbox, take } = await start(t);
  const value =
    sandbox.evalSync(`({ a: 1, symbol: Symbol("s"), deep: [{ cache: new WeakMap(), b: 2 }, new WeakRef({}), 3], f() { return this.a; }, map: new Map([["k", new WeakSet()]]), set: new Set([1, Symbol("t")]),
    memory: new Uint8Array(new SharedArrayBuffer(2)) })`);
  assert.deepEqual([Object.keys(value), value.f()], [['a', 'deep', 'f', 'map', 'set'], 1]);
  assert.deepEqual(value.deep, [{ b: 2 }, , 3]);
  assert.deepEqual([value.map, value.set], [new Map([['k', undefined]]), new Set([1, undefined])]);
  assert.deepEqual(
    places(take()),
    ['symbol', 'deep[0].cache', 'deep[1]', 'map[0]', 'set[1]', 'memory'].map(
      (place) => `${place} cannot be passed to the host`,
    ),
  );
  assert.throws(() => sandbox.evalSync('new WeakMap()'), {
    name: 'TypeError',
    message: /cannot be passed to the host/,
  });
  assert.throws(() => sandbox.evalSync('({ get x() { throw new RangeError("mine"); } })'), RangeError);
  assert.deepEqual(take(), []);
});

test('what a host gives lacks what cannot cross', async (t) => {
  const { sandbox, take } = await start(t);
  const show = sandbox.evalSync(
    '(value) => JSON.stringify(value, (key, item) => item instanceof Map ? ["map", ...item] : item instanceof Set ? ["set", ...item] : item === undefined ? "undefined" : item)',
  );
  const config = () => ({
    a: 1,
    headers: new Headers(),
    list: [1, new WeakMap(), { token: Symbol('t') }],
    map: new Map([['k', new WeakRef({})]]),
    set: new Set([Symbol('s')]),
    shared: new SharedArrayBuffer(1),
  });
  for (let i = 0; i < 4; i++) {
    assert.equal(
      show(config()),
      '{"a":1,"list":[1,"undefined",{}],"map":["map",["k","undefined"]],"set":["set","undefined"]}',
    );
    assert.deepEqual(
      places(take()),
      ['headers', 'list[1]', 'list[2].token', 'map[0]', 'set[0]', 'shared'].map(
        (place) => `arguments[0].${place} cannot be passed to the guest`,
      ),
    );
  }
  assert.equal(sandbox.evalSync('(list) => 1 in list')([1, Symbol('s')]), false);
  assert.throws(() => show(new WeakMap()), { name: 'TypeError', message: /cannot be passed to the guest/ });
  assert.throws(() => show(1, Symbol('s')), { name: 'TypeError', message: /^arguments\[1\]: / });
  take();
  sandbox.setGlobal('given', { cache: new WeakMap(), n: 1 });
  assert.deepEqual(sandbox.evalSync('Object.keys(given)'), ['n']);
  assert.match(take()[0], /^given\.cache: .*WeakMap.* cannot be passed to the guest/);
});

test('what is nested deeply or comes through a function, a promise or a module is left out as well', async (t) => {
  const { sandbox, take } = await start(t, {
    globals: { load: async () => ({ n: 1, secret: Symbol('s') }), give: () => [Symbol('a'), 1] },
    modules: { m: 'export const exports = { n: 1, internal: { cache: new WeakMap() } }, cache = new WeakMap();' },
  });
  assert.deepEqual(await sandbox.eval('load()'), { n: 1 });
  assert.deepEqual(sandbox.evalSync('give()'), [, 1]);
  assert.equal(take().length, 2);
  const deep = sandbox.evalSync(
    'let deep = { end: Symbol("end"), n: 1 }; for (let i = 0; i < 100; i++) deep = { deep }; deep',
  );
  let inner = deep;
  while (inner.deep) inner = inner.deep;
  assert.deepEqual(inner, { n: 1 });
  assert.match(take()[0], /\.end: Symbol\(end\)/);
  const module = await sandbox.import('m');
  assert.deepEqual(module.exports, { n: 1, internal: {} });
  assert.throws(() => module.cache, TypeError);
  assert.match(take()[0], /^exports\.internal\.cache: /);
});

test('long keys are not told in full, however often they come', async (t) => {
  const { sandbox, take } = await start(t, { timeLimit: 10000, globals: { hear() {} } });
  sandbox.evalSync(
    'const key = "k".repeat(1e6); hear({ [key]: { [key]: Array.from({ length: 900 }, () => Symbol()) } })',
  );
  const told = take();
  assert.equal(told.length, 900);
  assert.ok(
    told.every((what) => what.length < 500 && /^(arguments)?\S*k{100}\.\.\.\.k{100}\.\.\.\[\d+\]: /.test(what)),
    told[0].slice(0, 500),
  );
  sandbox.evalSync('(value) => 0')({ ['k'.repeat(1e6)]: [Symbol('t')] });
  assert.match(take()[0], /^arguments\[0\]\.k{100}\.\.\.\[0\]: /);
});

test('without the option it is an error, and nothing else is taken for it', async (t) => {
  const { sandbox, take } = await start(t, { uncrossable: 'throw' });
  assert.throws(() => sandbox.evalSync('({ a: new WeakMap() })'), /^TypeError: a: /);
  assert.throws(() => sandbox.evalSync('(x) => x')({ a: new WeakMap() }), /arguments\[0\]\.a: /);
  assert.deepEqual(take(), []);
  await assert.rejects(createSandbox({ uncrossable: 'ignore' }), {
    name: 'TypeError',
    message: /uncrossable must be 'throw' or 'omit'/,
  });
  await assert.rejects(createSandbox({ onOmitted: 5 }), { name: 'TypeError', message: /onOmitted must be a function/ });
  const silent = (await start(t, { onOmitted: undefined })).sandbox;
  assert.deepEqual(silent.evalSync('({ a: new WeakMap(), b: 1 })'), { b: 1 });
});
