// A function that crossed inside an object is called on the original of that object, whichever side it is at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { blocking, createSandbox, hostCall } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const sandbox = await createSandbox({ globals, ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('an object of the guest keeps its state behind its functions', async (t) => {
  const sandbox = await start(t);
  const counter = sandbox.evalSync('({ count: 0, inc() { return ++this.count } })');
  assert.deepEqual([counter.inc(), counter.inc(), counter.count], [1, 2, 0]);
  const make = sandbox.evalSync(
    '(n) => ({ n, add(m) { this.n += m; return this; }, get() { return this.n; }, nested: { n: 10, get() { return this.n; } }, arrow: () => typeof globalThis })',
  );
  const one = make(1),
    two = make(2);
  one.add(5);
  assert.deepEqual([one.get(), two.get(), one.nested.get(), one.arrow()], [6, 2, 10, 'object']);
  assert.deepEqual([two.add(1).add(1).get(), two.get()], [4, 4]);
  assert.equal(one.get.call(two), 4);
});

test('functions keep their identity, and other receivers are nothing to the guest', async (t) => {
  const sandbox = await start(t);
  const [a, b, own] = sandbox.evalSync(
    'function f() { "use strict"; return this; } const o = { f }; [{ f, same: f }, { f }, { f() { return this === own; } }]; var own = { f() { return this === own; }, n: 1 }; [o, { f }, own]',
  );
  assert.equal(a.f, b.f);
  assert.equal(own.f(), true);
  for (const receiver of [{ secret: 1 }, [], new Date(), process, globalThis, () => 1])
    assert.equal(a.f.call(receiver), undefined);
  for (const receiver of [1, 'text', true, undefined]) assert.equal(a.f.call(receiver), receiver);
  const { f } = own;
  assert.equal(f(), false);
});

test('dictionaries, getters, deep objects and error data find their receivers', async (t) => {
  const sandbox = await start(t);
  const big = sandbox.evalSync(
    'const big = { hits: 0 }; for (let i = 0; i < 200; i++) big["f" + i] = function () { return this === big; }; delete big.f3; big',
  );
  assert.deepEqual([big.f0(), big.f199()], [true, true]);
  const lazy = sandbox.evalSync('const lazy = { get f() { return function () { return this === lazy; }; } }; lazy');
  assert.equal(lazy.f(), true);
  let deep = sandbox.evalSync(
    'let deep = { end: { f() { return this.x; }, x: 7 } }; for (let i = 0; i < 100; i++) deep = { deep }; deep',
  );
  while (deep.deep) deep = deep.deep;
  assert.equal(deep.end.f(), 7);
  const cycle = sandbox.evalSync(
    'const cycle = { name: "c", f() { return this.self === this && this.name; } }; cycle.self = cycle; cycle',
  );
  assert.equal(cycle.self.f(), 'c');
});

test("the guest's calls find the host's objects", async (t) => {
  const store = {
    count: 0,
    inc() {
      return ++this.count;
    },
    inner: {
      list: [],
      add(x) {
        this.list.push(x);
        return this.list.length;
      },
    },
    self() {
      return this === store;
    },
  };
  const other = { count: 40, inc: store.inc };
  const sandbox = await start(t, {
    store,
    other,
    get() {
      return store;
    },
  });
  assert.deepEqual(
    sandbox.evalSync(
      '[store.inc(), store.inc(), store.count, other.inc(), store.self(), get().inc(), store.inner.add(1), store.inner.add(2)]',
    ),
    [1, 2, 0, 41, true, 3, 1, 2],
  );
  assert.deepEqual([store.count, other.count, store.inner.list], [3, 41, [1, 2]]);
  assert.equal(sandbox.evalSync('store.inc === get().inc && store.inc === other.inc'), true);
  // What the guest makes of it is a copy.
  assert.equal(sandbox.evalSync('store.count = 100; ({ ...store }).inc === store.inc && store.inc()'), 4);
});

test('`this` is the call where the function was called on nothing of the host, and hostCall() tells it everywhere', async (t) => {
  const seen = [];
  const look = function () {
    seen.push([this === hostCall(), hostCall().sandbox === sandbox, hostCall().signal instanceof AbortSignal]);
  };
  const object = { look };
  const sandbox = await start(t, {
    look,
    object,
    nested: (fn) => {
      const before = hostCall();
      fn();
      return before === hostCall();
    },
    async later() {
      const call = hostCall();
      await delay(1);
      return [call !== undefined, hostCall() === undefined];
    },
  });
  sandbox.evalSync('look(); object.look(); ({ look }).look(); look.call(object); look.call(5); 0');
  assert.deepEqual(seen, [
    [true, true, true],
    [false, true, true],
    [true, true, true],
    [false, true, true],
    [true, true, true],
  ]);
  assert.equal(sandbox.evalSync('nested(() => look())'), true);
  assert.deepEqual(await sandbox.eval('later()'), [true, true]);
  assert.equal(hostCall(), undefined);
});

test('blocking and asynchronous methods have their receivers as well', async (t) => {
  const queue = {
    items: [1, 2],
    take: blocking(async function () {
      await delay(1);
      return this.items.shift();
    }),
    async size() {
      await delay(1);
      return this.items.length;
    },
  };
  const sandbox = await start(t, { queue });
  assert.deepEqual(await sandbox.eval('queue.take() * 10 + queue.take()'), 12);
  assert.equal(await sandbox.eval('queue.size()'), 0);
  const plugin = await sandbox.eval('({ n: 1, async next() { await null; return ++this.n; } })');
  assert.deepEqual([await plugin.next(), await plugin.next()], [2, 3]);
});

test('a copy of one sandbox is nobody in another one', async (t) => {
  const one = await start(t),
    two = await start(t);
  const ofOne = one.evalSync('({ x: 1, f() { return this === undefined ? "nothing" : this.x; } })');
  const f = two.evalSync('({ x: 2, f() { "use strict"; return this; } })').f;
  assert.equal(f.call(ofOne), undefined);
  assert.equal(two.evalSync('(object) => object.f()')(ofOne), 1);
});

test('receivers count against the limit of what the host holds, and numbers that were not given find nothing', async (t) => {
  const sandbox = await start(t, {}, { hostLimits: { functions: 50 } });
  assert.throws(() => sandbox.evalSync('Array.from({ length: 40 }, () => ({ f() {} }))'), {
    name: 'RangeError',
    message: /more than 50 functions and objects/,
  });
  assert.equal(sandbox.evalSync('1'), 1);
});
