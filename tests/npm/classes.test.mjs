// Classes: the host makes instances of the guest's, the guest of those that it was granted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constructible, createSandbox } from 'caisson';

async function start(t, globals = {}) {
  const sandbox = await createSandbox({ globals });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('the host makes an instance of a class of the guest', async (t) => {
  const sandbox = await start(t);
  const { Counter, Plain, Child, Old } = sandbox.evalSync(`
    class Counter { static made = 0; static make(n) { return new Counter(n); } #n; constructor(n) { this.#n = n; Counter.made++; } inc() { return ++this.#n; } get n() { return this.#n; } }
    class Plain { constructor(x) { this.x = x; } }
    class Child extends Counter { twice() { this.inc(); return this.inc(); } }
    function Old(x) { this.x = x; } Old.prototype.get = function () { return this.x; };
    ({ Counter, Plain, Child, Old })`);
  const counter = new Counter(1);
  assert.deepEqual([counter.inc(), counter.inc(), counter.n], [2, 3, 3]);
  assert.equal(counter instanceof Counter, true);
  assert.equal(counter instanceof Child, false);
  const child = new Child(5);
  assert.deepEqual([child.twice(), child instanceof Child, child instanceof Counter], [7, true, true]);
  const plain = new Plain(4);
  plain.x++;
  assert.deepEqual([plain.x, plain instanceof Plain], [5, true]);
  assert.equal(new Old(3).get(), 3);
  assert.deepEqual([Counter.made, Counter.make(8).inc(), Counter.made], [2, 9, 3]);
  assert.equal(Counter.name, 'Counter');
  assert.equal(counter.constructor, Counter);
  for (const value of [{}, null, 5, new Date(), sandbox.evalSync('({})')])
    assert.equal(value instanceof Counter, false);
  assert.throws(() => Counter(1), { name: 'TypeError' });
  assert.throws(() => Reflect.construct(Counter, [], Object), /a class of the guest cannot be extended by the host/);
  assert.throws(() => new (class extends Counter {})(), /cannot be extended/);
  assert.throws(() => new (sandbox.evalSync('(() => 1)'))(), { name: 'TypeError', message: /is not a constructor/ });
  assert.ok(new (sandbox.evalSync('(class extends Map {})'))([[1, 2]]) instanceof Map);
  assert.throws(() => new (sandbox.evalSync('(class { constructor() { throw new RangeError("r"); } })'))(), {
    name: 'RangeError',
    message: 'r',
  });
});

test('a class has the static members of those that it extends', async (t) => {
  const sandbox = await start(t);
  const { Sub, Bare, Async } = sandbox.evalSync(
    'class Base { static made = 1; static of(...items) { return Object.assign(new this(), { items }); } } class Sub extends Base { last() { return this.items.at(-1); } } ({ Sub, Bare: class {}, Async: async () => 1 })',
  );
  const sub = Sub.of(1, 2);
  assert.deepEqual(
    [sub.last(), sub instanceof Sub, Sub.made, 'of' in Sub, Object.keys(Sub), Sub.nothing],
    [2, true, 1, true, [], undefined],
  );
  assert.deepEqual([Object.keys(Bare), await Async()], [[], 1]);
});

test('functions with properties of their own have them', async (t) => {
  const sandbox = await start(t);
  const fn = sandbox.evalSync(
    'globalThis.fn = Object.assign((x) => x + fn.base, { base: 10, more: { list: [1] }, twice(x) { return this === fn && x * 2; } }); fn',
  );
  assert.deepEqual(
    [fn(1), fn.base, fn.more, fn.twice(4), Object.keys(fn), fn.length, typeof fn.call],
    [11, 10, { list: [1] }, 8, ['base', 'more', 'twice'], 1, 'function'],
  );
  fn.base = 20;
  assert.deepEqual([fn(1), fn.call(undefined, 2), fn.apply(undefined, [3]), fn.bind(null)(4)], [21, 22, 23, 24]);
  assert.equal(sandbox.evalSync('fn'), fn);
  assert.equal(sandbox.evalSync('(f) => f === fn')(fn), true);
});

class Account {
  #balance = 0;
  static #made = 0;
  constructor(owner) {
    this.owner = owner;
    Account.#made++;
  }
  deposit(n) {
    this.#balance += n;
    return this;
  }
  get balance() {
    return this.#balance;
  }
  static made() {
    return Account.#made;
  }
}

test('the guest makes an instance of a class that it was granted', async (t) => {
  const taken = [];
  const sandbox = await start(t, {
    Account: constructible(Account),
    take: (account) => {
      taken.push(account);
      return account.balance;
    },
    Denied: class {},
    Throws: constructible(
      class {
        constructor() {
          throw new RangeError('no');
        }
      },
    ),
  });
  assert.deepEqual(
    sandbox.evalSync(`const account = new Account('Ada'); account.deposit(5).deposit(2);
    [account.owner, account.balance, account instanceof Account, typeof account.constructor, typeof Account.made, take(account), account.deposit(0) === account]`),
    ['Ada', 7, true, 'undefined', 'undefined', 7, true],
  );
  assert.ok(taken[0] instanceof Account);
  assert.equal(sandbox.evalSync('account'), taken[0]);
  const errors =
    sandbox.evalSync(`[() => Account('x'), () => new Denied(), () => new Throws(), () => new (class extends Account {})(), () => Reflect.construct(Account, [], Object)]
    .map((attempt) => { try { return typeof attempt(); } catch (error) { return error.name + ': ' + error.message; } })`);
  assert.match(errors[0], /^TypeError: .*without 'new'/);
  assert.match(errors[1], /^TypeError: .*is not a constructor/);
  assert.equal(errors[2], 'RangeError: no');
  for (const error of errors.slice(3))
    assert.match(error, /^TypeError: .* is a class of the host: the guest cannot extend it/);
  assert.equal(
    sandbox.evalSync(
      'const looks = "return typeof process"; [account.deposit.constructor, Account.constructor, account.deposit.bind.constructor].map((F) => F(looks)()).join()',
    ),
    'undefined,undefined,undefined',
  );
  assert.throws(() => constructible(5), /constructible: expected a function, got 5/);
});
