// References: objects that do not cross, but are asked. Of the guest for the host, and of the host for the guest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, ref } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const sandbox = await createSandbox({ globals, ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('a reference reads and writes what it refers to', async (t) => {
  const sandbox = await start(t);
  sandbox.evalSync(
    'let state = { n: 1, list: [1, 2, 3], deep: { x: { y: 2 } }, greet(name) { return `${name} ${this.n}`; } }',
  );
  const state = sandbox.ref('state');
  assert.deepEqual(state.keys(), ['n', 'list', 'deep', 'greet']);
  assert.deepEqual(
    [state.get('n'), state.get('list'), state.get('nothing'), state.has('n'), state.has('toString'), state.has('x')],
    [1, [1, 2, 3], undefined, true, true, false],
  );
  assert.equal(state.set('n', 5), true);
  assert.equal(sandbox.evalSync('state.n'), 5);
  assert.equal(state.invoke('greet', 'you'), 'you 5');
  assert.deepEqual([state.delete('n'), state.has('n')], [true, false]);
  const list = state.ref('list');
  list.invoke('push', 4);
  assert.deepEqual([list.get('length'), list.get(3), [...list]], [4, 4, [1, 2, 3, 4]]);
  assert.deepEqual(state.ref('deep').ref('x').toValue(), { y: 2 });
  assert.equal(state.ref('list').isSame(list), true);
  assert.equal(state.isSame(list), false);
});

test('references go back as what they refer to, call and construct', async (t) => {
  const sandbox = await start(t);
  const map = sandbox.ref('globalThis.m = new Map([[1, { a: 2 }]])');
  assert.equal(sandbox.evalSync('(x) => x === m')(map), true);
  assert.deepEqual(sandbox.evalSync('({ list }) => list[0] === m && list[1] === m')({ list: [map, map] }), true);
  assert.deepEqual(
    [map.get('size'), map.invoke('get', 1), [...map], map.toValue()],
    [1, { a: 2 }, [[1, { a: 2 }]], new Map([[1, { a: 2 }]])],
  );
  const Point = sandbox.ref('(class Point { constructor(x) { this.x = x; } })');
  const point = Point.construct(5);
  assert.deepEqual([point.get('x'), point.toValue()], [5, { x: 5 }]);
  assert.equal(sandbox.ref('(a, b) => a + b').call(undefined, 1, 2), 3);
  assert.equal(await sandbox.ref('async (a) => a * 2').call(undefined, 4), 8);
  const values = [];
  for await (const value of sandbox.ref('(async function* () { yield 1; yield 2; })()')) values.push(value);
  for await (const value of sandbox.ref('[3]')) values.push(value);
  assert.deepEqual(values, [1, 2, 3]);
  const counter = sandbox.evalSync('globalThis.counter = { n: 0, inc() { return ++this.n; } }; counter');
  counter.inc();
  assert.equal(sandbox.ref(counter).get('n'), 1);
  assert.equal(sandbox.ref(counter.inc).isSame(counter.inc), true);
});

test('what is wrong with a reference is said', async (t) => {
  const sandbox = await start(t, {}, { timeLimit: 200 });
  assert.throws(() => sandbox.ref('1 + 1'), {
    name: 'TypeError',
    message: /a reference must be to an object, not to 2/,
  });
  assert.throws(() => sandbox.ref({}), {
    name: 'TypeError',
    message: /ref: expected a source text, or an object or function of this guest/,
  });
  assert.throws(() => sandbox.ref('new Promise(() => {})').get(5n), /the key must be/);
  const trap = sandbox.ref('({ get x() { throw new RangeError("x"); }, get y() { for (;;); }, s: Symbol("s") })');
  assert.throws(() => trap.get('x'), { name: 'RangeError', message: 'x' });
  assert.throws(() => trap.get('y'), { name: 'TimeLimitError' });
  assert.throws(() => trap.get('s'), /Symbol\(s\) cannot be passed to the host/);
  assert.throws(() => trap.call(), { name: 'TypeError', message: /is not a function/ });
  assert.throws(() => trap.construct(), { name: 'TypeError', message: /is not a constructor/ });
  assert.throws(() => trap.get(Symbol('own')), /cannot be passed/);
  for (const source of ['({})', '({ [Symbol.iterator]: 5, [Symbol.asyncIterator]: null })']) {
    assert.throws(() => [...sandbox.ref(source)], {
      name: 'TypeError',
      message: 'what the reference refers to is not iterable',
    });
    await assert.rejects(
      async () => {
        for await (const _ of sandbox.ref(source));
      },
      { name: 'TypeError', message: 'what the reference refers to is not iterable' },
    );
  }
  trap.release();
  trap.release();
  assert.throws(() => trap.get('x'), { name: 'TypeError', message: 'the reference was released' });
  const other = await start(t);
  assert.throws(() => other.ref(sandbox.evalSync('(() => 1)')), TypeError);
  assert.throws(() => sandbox.ref('await'), { name: 'ReferenceError' });
});

test('releasing one reference leaves others of the same object', async (t) => {
  const sandbox = await start(t);
  const fn = sandbox.evalSync('globalThis.fn = () => 7; fn');
  const one = sandbox.ref('fn'),
    two = sandbox.ref(fn);
  one.release();
  assert.equal(two.call(), 7);
  two.release();
  assert.equal(fn(), 7);
  for (let i = 0; i < 2000; i++) sandbox.ref('({})').release();
});

test('instances of the guest are what they are: methods, accessors, private state', async (t) => {
  const sandbox = await start(t);
  const account = sandbox.evalSync(
    'class Account { #balance = 10; owner = "Ada"; deposit(n) { this.#balance += n; return this; } get balance() { return this.#balance; } set limit(n) { this.owner += n; } } globalThis.account = new Account(); account',
  );
  assert.deepEqual(
    [account.owner, account.balance, account.deposit(5).balance, account.deposit(1) === account],
    ['Ada', 10, 15, true],
  );
  account.limit = '!';
  account.extra = [1];
  assert.deepEqual(sandbox.evalSync('[account.owner, account.extra]'), ['Ada!', [1]]);
  assert.deepEqual(
    [
      Object.keys(account),
      { ...account },
      'balance' in account,
      'none' in account,
      delete account.extra,
      'extra' in account,
    ],
    [['owner', 'extra'], { owner: 'Ada!', extra: [1] }, true, false, true, false],
  );
  assert.equal(sandbox.evalSync('(value) => value === account')(account), true);
  assert.equal(sandbox.evalSync('account'), account);
  assert.equal(JSON.stringify(account), '{"owner":"Ada!"}');
  assert.equal(String(account), '[object Object]');
  assert.throws(() => Object.defineProperty(account, 'x', { get: () => 1 }), TypeError);
  assert.throws(() => Object.setPrototypeOf(account, {}), TypeError);
  assert.equal(account[Symbol('own')], undefined);
  const url = sandbox.evalSync('new URL("http://a.b/c?d")');
  assert.deepEqual([url.pathname, url.searchParams.get('d'), String(url)], ['/c', '', 'http://a.b/c?d']);
  // What a class adds nothing to is its data.
  assert.deepEqual(sandbox.evalSync('new (class Point { x = 1 })()'), { x: 1 });
  assert.deepEqual(sandbox.evalSync('Object.assign(Object.create({ inherited: 1 }), { own: 2 })').inherited, 1);
});

test('a promise that is waited for does not ask an instance whether it is one', async (t) => {
  const sandbox = await start(t);
  const instance = await sandbox.eval(
    'globalThis.asked = 0; new (class { get then() { asked++; } m() { return 1; } })()',
  );
  const before = sandbox.evalSync('asked');
  assert.equal(await (async () => instance)(), instance);
  assert.equal(sandbox.evalSync('asked'), before);
  const later = sandbox.evalSync('({ it: new (class { then(resolve) { resolve(5); } })() })').it;
  assert.equal(await later, 5);
});

test('the guest uses a host object by reference: own data and methods of its classes, and nothing else', async (t) => {
  class Base {
    kind() {
      return 'base ' + this.n;
    }
    static secret() {
      return 'static';
    }
  }
  class Store extends Base {
    #hidden = 3;
    n = 1;
    inc() {
      this.n++;
      return this;
    }
    get double() {
      return this.n * 2;
    }
    set value(n) {
      this.n = n;
    }
    hidden() {
      return this.#hidden;
    }
  }
  const store = new Store();
  const plain = {
    a: 1,
    list: [1],
    method() {
      return this === plain;
    },
  };
  const sandbox = await start(t, {
    store: ref(store),
    plain: ref(plain),
    same: (value) => value === store,
    holder: { inner: [ref(store), ref(store)] },
  });
  assert.deepEqual(
    sandbox.evalSync(
      'store.inc().inc(); store.value = 10; store.n += 5; [store.n, store.double, store.kind(), store.hidden(), Object.keys(store), "inc" in store, "nothing" in store]',
    ),
    [15, 30, 'base 15', 3, ['n'], true, false],
  );
  assert.equal(store.n, 15);
  assert.equal(sandbox.evalSync('same(store) && holder.inner[0] === store && holder.inner[1] === store'), true);
  assert.equal(sandbox.evalSync('store'), store);
  assert.equal(
    sandbox.evalSync('plain.b = 2; delete plain.a; plain.list.push(2); JSON.stringify(plain)'),
    '{"list":[1],"b":2}',
  );
  assert.deepEqual([plain.b, plain.a, plain.list], [2, undefined, [1]]);
  assert.equal(sandbox.evalSync('plain.method()'), true);
  const nothing = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    '__lookupGetter__',
    'isPrototypeOf',
    'call',
    'apply',
    'bind',
    'secret',
  ];
  for (const name of ['store', 'plain'])
    for (const key of nothing)
      assert.equal(sandbox.evalSync(`typeof ${name}[${JSON.stringify(key)}]`), 'undefined', `${name}.${key}`);
  assert.equal(
    sandbox.evalSync(`
    const tries = [() => Object.getPrototypeOf(store), () => Object.setPrototypeOf(store, {}), () => { store.__proto__ = { polluted: 1 }; }, () => Object.defineProperty(store, 'x', { get() {} }),
      () => Object.freeze(store), () => { store.constructor = 1; }, () => Reflect.set(store, '__proto__', { polluted: 1 }), () => Reflect.get(store, Symbol.for('x')), () => store.inc.constructor('return typeof process')()];
    tries.map((attempt) => { try { return String(attempt()); } catch (error) { return error.name; } }).join()`),
    'null,TypeError,undefined,TypeError,TypeError,undefined,false,undefined,undefined',
  );
  assert.equal(Object.getPrototypeOf(store), Store.prototype);
  assert.equal(store.polluted, undefined);
  assert.deepEqual(sandbox.evalSync('Object.getOwnPropertyDescriptor(plain, "b")'), {
    value: 2,
    writable: true,
    enumerable: true,
    configurable: true,
  });
});

test('functions, maps and arrays of the host by reference', async (t) => {
  const map = new Map([['a', 1]]);
  const list = [1, 2];
  const sandbox = await start(t, {
    map: ref(map),
    list: ref(list),
    frozen: ref(Object.freeze({ a: 1 })),
    failing: ref({
      get x() {
        throw new RangeError('x');
      },
    }),
  });
  assert.deepEqual(sandbox.evalSync('map.set("b", 2); [map.get("a"), map.size, [...map], map.has("b")]'), [
    1,
    2,
    [
      ['a', 1],
      ['b', 2],
    ],
    true,
  ]);
  assert.deepEqual(
    sandbox.evalSync('list.push(3); list[0] = 9; [list.length, list[2], [...list], list.map((x) => x + 1)]'),
    [3, 3, [9, 2, 3], [10, 3, 4]],
  );
  assert.deepEqual([map.size, list], [2, [9, 2, 3]]);
  assert.deepEqual(
    sandbox.evalSync('frozen.a = 2; [frozen.a, Reflect.set(frozen, "b", 1), Reflect.deleteProperty(frozen, "a")]'),
    [1, false, false],
  );
  assert.equal(
    sandbox.evalSync('try { failing.x } catch (error) { error instanceof RangeError && error.message }'),
    'x',
  );
  assert.throws(() => ref(5), /ref: expected an object, got 5/);
});

test('what the guest was not given by reference it cannot name, and what it lets go of is let go', async (t) => {
  const sandbox = await start(t, { give: () => ref({ a: 1 }) });
  assert.equal(sandbox.evalSync('let n = 0; for (let i = 0; i < 3000; i++) n += give().a; n'), 3000);
});

test('hostile objects of the guest throw their own errors, and nothing of the host reaches them', async (t) => {
  const sandbox = await start(t, {}, { timeLimit: 100, hostLimits: { functions: 200 } });
  const hostile = sandbox.evalSync(
    'class H { get a() { throw this; } get b() { for (;;); } get c() { return new H(); } get d() { return Symbol("d"); } m() {} } new H()',
  );
  assert.throws(
    () => hostile.a,
    (error) => error === hostile,
  );
  assert.throws(() => hostile.b, { name: 'TimeLimitError' });
  assert.throws(() => hostile.d, { name: 'TypeError' });
  const kept = [];
  assert.throws(
    () => {
      for (let i = 0; i < 500; i++) kept.push(hostile.c);
    },
    { name: 'RangeError', message: /more than 200 functions and objects/ },
  );
  const another = await start(t);
  const peeking = another.evalSync(
    'class P { get [Symbol.toPrimitive]() { return (hint) => hint; } get [Symbol.toStringTag]() { return "Peek"; } } new P()',
  );
  assert.deepEqual([`${peeking}`, Object.prototype.toString.call(peeking)], ['string', '[object Peek]']);
  sandbox.dispose();
  assert.throws(() => hostile.c, { name: 'DisposedError' });
});

test('a host object is asked without whatever receives what it gives', async (t) => {
  const state = {
    v: 1,
    get own() {
      return this === state;
    },
  };
  const sandbox = await start(t, { state: ref(state) });
  assert.deepEqual(
    sandbox.evalSync(
      'const outer = new Proxy(state, {}); [outer.v, outer.own, Object.create(state).v, Object.create(outer).own]',
    ),
    [1, true, 1, true],
  );
  assert.equal(
    sandbox.evalSync(
      `let read = 0; Reflect.get(state, 'v', { get x() { read++; return 1; } }); Reflect.set(state, 'v', 2, { get x() { read++; return 1; } }); read`,
    ),
    0,
  );
  assert.equal(
    sandbox.evalSync(
      `class Local { constructor() { return state; } } class Derived extends Local { #p = 1; read() { return 1; } } new Derived().v`,
    ),
    2,
  );
  sandbox.evalSync('outer.w = 3');
  assert.equal(state.w, 3);
});

test('references to the host stand as deep as anything', async (t) => {
  const sandbox = await start(t, {
    give: (depth) =>
      within(
        depth,
        ref({
          n: 5,
          read() {
            return this.n;
          },
        }),
      ),
  });
  function within(depth, value) {
    for (let i = 0; i < depth; i++) value = i % 2 ? [value, value] : { value, more: value };
    return value;
  }
  const find =
    '(value, depth) => { for (let i = depth; i-- > 0;) value = i % 2 ? value[1] : value.more; return [value.n, value.read()]; }';
  const found = sandbox.evalSync(find);
  for (let depth = 0; depth < 70; depth++) {
    assert.deepEqual(
      found(
        within(
          depth,
          ref({
            n: depth,
            read() {
              return this.n + 1;
            },
          }),
        ),
        depth,
      ),
      [depth, depth + 1],
    );
    assert.deepEqual(sandbox.evalSync(`(${find})(give(${depth}), ${depth})`), [5, 5]);
  }
});
