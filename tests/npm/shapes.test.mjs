// Objects with keys that were sent before cross as the number of their shape and their values, and nothing shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedMessageError, createSandbox, ref } from 'caisson';
import { MessageReader } from '../../npm/src/message-reader.js';
import { MessageShapes } from '../../npm/src/message-shapes.js';
import { Tag } from '../../npm/src/protocol.js';
import { createTestSandbox } from '../tools/test-sandbox.mjs';

const entriesOf = (sandbox) =>
  sandbox.evalSync(
    '(value) => Object.entries(value).map(([key, item]) => `${key}=${typeof item === "object" ? JSON.stringify(item) : String(item)}`).join()',
  );

test('objects of one shape arrive with their keys in order and values of any kind', async () => {
  const sandbox = await createSandbox();
  const entries = entriesOf(sandbox);
  const values = [
    1,
    -0,
    1.5,
    'text',
    'x'.repeat(100),
    '\u{1f600}',
    true,
    null,
    undefined,
    10n ** 30n,
    [1, , 3],
    { inner: 1 },
    new Date(5),
    new Map([[1, 2]]),
    new Error('e'),
  ];
  for (const first of values) {
    for (let i = 0; i < 3; i++) {
      assert.equal(
        entries({ b: first, a: i, '': 'last' }),
        `b=${typeof first === 'object' && first !== null ? sandbox.evalSync('JSON.stringify')(first) : String(first)},a=${i},=last`,
      );
      assert.equal(entries({ a: i, b: 2 }), `a=${i},b=2`);
    }
  }
  sandbox.dispose();
});

test('a copy is an ordinary object: it can be changed in any way, and later ones are not affected', async () => {
  const sandbox = await createSandbox();
  const change = sandbox.evalSync(`(object) => {
    const before = JSON.stringify(object);
    object.c = 3; delete object.a; Object.defineProperty(object, 'b', { enumerable: false }); Object.freeze(object);
    return before + Object.getPrototypeOf(object).constructor.name + JSON.stringify(Object.getOwnPropertyDescriptors(object));
  }`);
  const first = change({ a: 1, b: 2 });
  assert.match(
    first,
    /^\{"a":1,"b":2\}Object\{"b":\{"value":2,"writable":false,"enumerable":false,"configurable":false\}/,
  );
  for (let i = 0; i < 4; i++) assert.equal(change({ a: 1, b: 2 }), first);
  sandbox.dispose();
});

test('names of every kind are keys, whether they are part of a shape or not', async () => {
  const sandbox = await createSandbox();
  const entries = entriesOf(sandbox);
  const keyLists = [
    ['constructor', 'a'],
    ['toString'],
    ['ключ', 'a'],
    ['é', 'a'],
    ['a', '0', '1'],
    ['4294967295', 'x'],
    ['-1', 'NaN', '1e5'],
    ['x'.repeat(64)],
    ['x'.repeat(65)],
    [...'abcdefghijklmnopqrstuvwxyzABCDEF'],
    [...'abcdefghijklmnopqrstuvwxyzABCDEFG'],
    ['length', 'name', 'prototype'],
    ['then', 'a'],
  ];
  for (const keys of keyLists) {
    const object = Object.fromEntries(keys.map((key, i) => [key, i]));
    for (let i = 0; i < 3; i++)
      assert.equal(
        entries(object),
        Object.entries(object)
          .map(([key, value]) => `${key}=${value}`)
          .join(),
      );
  }
  const own = Object.defineProperty({ a: 1 }, '__proto__', { value: 5, enumerable: true });
  for (let i = 0; i < 3; i++) assert.equal(entries(own), 'a=1,__proto__=5');
  sandbox.dispose();
});

test('more shapes than a guest remembers', async () => {
  const sandbox = await createSandbox();
  const entries = entriesOf(sandbox);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 700; i++) {
      const object = { [`key${i}`]: round, [`other${i % 50}`]: i };
      assert.equal(entries(object), `key${i}=${round},other${i % 50}=${i}`);
    }
  }
  const before = sandbox.memoryUsed;
  for (let i = 0; i < 5000; i++) entries({ [`more${i}`]: 1, a: 2 });
  sandbox.evalSync('0');
  assert.ok(sandbox.memoryUsed < before + 4 * 1024 * 1024);
  sandbox.dispose();
});

test('shared parts, cycles and what lies deep', async () => {
  const sandbox = await createSandbox();
  const check = sandbox.evalSync(
    '(a) => a.self === a && a.parts[0] === a.parts[1] && a.parts[0].owner === a && a.parts.length === 3 && a.parts[2].self === a.parts[2]',
  );
  const depthOf = sandbox.evalSync(
    '(list) => { let n = 0; for (; list !== null; list = list.next) n += list.value; return n; }',
  );
  for (let i = 0; i < 4; i++) {
    const object = { self: undefined, parts: [] };
    object.self = object;
    const part = { owner: object };
    const other = { self: undefined, parts: undefined };
    other.self = other;
    object.parts.push(part, part, other);
    assert.equal(check(object), true);
  }
  let list = null;
  for (let i = 0; i < 5000; i++) list = { value: 1, next: list };
  assert.equal(depthOf(list), 5000);
  sandbox.dispose();
});

test('many objects, each of which is in the message twice', async () => {
  const sandbox = await createSandbox({ memoryLimit: 1 << 28 });
  const same = sandbox.evalSync(
    '(list) => { const half = list.length / 2; for (let i = 0; i < half; i++) if (list[i] !== list[i + half] || list[i].number !== i) return i; return new Set(list).size; }',
  );
  for (const count of [5, 9, 4097, 30_000]) {
    const list = Array.from({ length: count }, (_, number) => ({ number, list: [number] }));
    assert.equal(same([...list, ...list]), count);
  }
  sandbox.dispose();
});

test('functions of such objects are called on the original', async () => {
  const sandbox = await createSandbox();
  const call = sandbox.evalSync('(object) => object.inc() + object.count');
  for (let i = 0; i < 4; i++) {
    const object = {
      count: i,
      inc() {
        return ++this.count;
      },
    };
    assert.equal(call(object), i + 1 + i);
    assert.equal(object.count, i + 1);
  }
  const back = sandbox.evalSync('(fn, object) => object.fn === fn');
  const own = sandbox.evalSync('() => 7');
  for (let i = 0; i < 3; i++) assert.equal(back(own, { fn: own }), true);
  sandbox.dispose();
});

test('getters may change the object, the sandbox and what it knows', async () => {
  const sandbox = await createSandbox();
  const entries = entriesOf(sandbox);
  for (let i = 0; i < 4; i++) {
    const object = {
      get a() {
        delete this.b;
        return 1;
      },
      b: 2,
      c: 3,
    };
    assert.equal(entries(object), 'a=1,c=3');
    // Another message of the same guest, with the same shapes, while this one is written.
    const outer = {
      get a() {
        return entries({ p: i, q: 1 });
      },
      b: { p: 5, q: 6 },
      c: { p: 7, q: 8 },
    };
    assert.equal(entries(outer), `a=p=${i},q=1,b={"p":5,"q":6},c={"p":7,"q":8}`);
    const growing = {
      a: 1,
      get b() {
        this.d = 4;
        return 2;
      },
      c: 3,
    };
    assert.equal(entries(growing), 'a=1,b=2,c=3');
  }
  const disposing = {
    get a() {
      sandbox.dispose();
      return 1;
    },
    b: { z: 1 },
    c: { z: 2 },
  };
  assert.throws(() => entries(disposing), /disposed/);
});

test('sandboxes of one instance do not mix up their shapes', async () => {
  const sandboxes = await Promise.all(Array.from({ length: 3 }, () => createSandbox({ isolation: 'shared' })));
  const readers = sandboxes.map(entriesOf);
  for (let i = 0; i < 4; i++) {
    assert.equal(readers[0]({ a: 1, b: { x: 1, y: 2 } }), 'a=1,b={"x":1,"y":2}');
    assert.equal(readers[1]({ x: i, y: 2 }), `x=${i},y=2`);
    assert.equal(readers[2]({ q: { a: 1 }, r: { a: 2 } }), 'q={"a":1},r={"a":2}');
  }
  for (const sandbox of sandboxes) sandbox.dispose();
});

test('what is referred to stays a reference, and objects with ways of iteration keep them', async () => {
  const sandbox = await createSandbox();
  const state = { a: 1, b: 2 };
  const set = sandbox.evalSync('(object) => { object.a = 5; }');
  for (let i = 0; i < 3; i++) set(state);
  assert.equal(state.a, 1);
  set(ref(state));
  assert.equal(state.a, 5);
  const both = sandbox.evalSync('(object, other) => { object.a++; other.a++; return object.a + other.b; }');
  for (let i = 0; i < 5; i++) {
    const another = { a: i, b: i };
    assert.equal(both(ref({ a: 1, b: 2 }), another), 2 + i);
    assert.equal(another.a, i);
    assert.equal(both(ref(state), ref(another)), 6 + i + i);
    assert.equal(another.a, i + 1);
  }
  const spread = sandbox.evalSync('(object) => [...object].join() + object.a');
  for (let i = 0; i < 3; i++)
    assert.equal(
      spread({
        a: 1,
        *[Symbol.iterator]() {
          yield 2;
          yield 3;
        },
      }),
      '2,31',
    );
  sandbox.dispose();
});

test('a shape outlives collections, and a guest without memory still gets its objects', async () => {
  const sandbox = await createTestSandbox({ memoryLimit: 2 * 1024 * 1024 });
  const entries = entriesOf(sandbox);
  for (let i = 0; i < 5; i++) {
    assert.equal(entries({ one: i, two: [i] }), `one=${i},two=[${i}]`);
    sandbox.evalSync('$262.gc()');
  }
  sandbox.evalSync(
    'globalThis.kept = []; try { for (;;) kept.push(new ArrayBuffer(20_000)); } catch {} kept.length -= 2',
  );
  for (let i = 0; i < 5; i++) assert.equal(entries({ three: i, four: 1 }), `three=${i},four=1`);
  sandbox.dispose();
});

test('in another realm of the guest the copies are objects of that realm', async () => {
  const seen = [];
  const sandbox = await createTestSandbox({
    globals: { give: () => ({ one: 1, two: 2 }), tell: (value) => seen.push(value) },
  });
  sandbox.evalSync(`
    const { global } = $262.createRealm();
    global.give = give;
    for (let i = 0; i < 3; i++) {
      const here = give(), there = global.eval('(() => give())()');
      tell(Object.getPrototypeOf(here) === Object.prototype);
      tell(JSON.stringify(there));
    }`);
  assert.deepEqual(seen, Array.from({ length: 3 }, () => [true, '{"one":1,"two":2}']).flat());
  sandbox.dispose();
});

const received = (sandbox, source) => sandbox.evalSync(`(() => ${source})()`);

test('objects of the guest arrive with their keys in order and values of any kind', async () => {
  const sandbox = await createSandbox();
  const make = sandbox.evalSync(
    '(last, i) => [{ b: last, a: i, "": "last" }, { a: i, b: 2 }, [{ a: i, b: { a: 1, b: 3 } }, { i }]]',
  );
  const values = [
    1,
    -0,
    1.5,
    'text',
    'x'.repeat(100),
    '\u{1f600}',
    true,
    null,
    undefined,
    10n ** 30n,
    [1, , 3],
    { inner: 1 },
    new Date(5),
    new Map([[1, 2]]),
  ];
  for (const value of values) {
    for (let i = 0; i < 4; i++) {
      const [first, second, third] = make(value, i);
      assert.deepEqual(first, { b: value, a: i, '': 'last' });
      assert.deepEqual(Object.keys(first), ['b', 'a', '']);
      assert.deepEqual(second, { a: i, b: 2 });
      assert.deepEqual(third, [{ a: i, b: { a: 1, b: 3 } }, { i }]);
      assert.equal(Object.getPrototypeOf(third[0].b), Object.prototype);
    }
  }
  sandbox.dispose();
});

test('keys of every kind come from the guest', async () => {
  const sandbox = await createSandbox();
  const keyLists = [
    ['constructor', 'a'],
    ['toString'],
    ['ключ', 'a'],
    ['é', 'a'],
    ['a', '0', '1'],
    ['4294967295', 'x'],
    ['-1', 'NaN', '1e5'],
    ['x'.repeat(64)],
    ['x'.repeat(65)],
    [...'abcdefghijklmnopqrstuvwxyzABCDEF'],
    [...'abcdefghijklmnopqrstuvwxyzABCDEFG'],
    ['length', 'name', 'prototype'],
    ['hasOwnProperty', '__defineGetter__', '__proto'],
  ];
  for (const keys of keyLists) {
    for (let i = 0; i < 4; i++)
      assert.deepEqual(
        Object.entries(received(sandbox, `(${JSON.stringify(Object.fromEntries(keys.map((key, at) => [key, at])))})`)),
        Object.entries(Object.fromEntries(keys.map((key, at) => [key, at]))),
      );
  }
  for (let i = 0; i < 4; i++) {
    const own = received(sandbox, '({ a: 1, ["__proto__"]: { polluted: true } })');
    assert.deepEqual(Object.keys(own), ['a', '__proto__']);
    assert.equal(Object.getPrototypeOf(own), Object.prototype);
    assert.equal(own.polluted, undefined);
    const assigned = received(sandbox, '({ valueOf: 1, toLocaleString: 2 })');
    assert.deepEqual(Object.entries(assigned), [
      ['valueOf', 1],
      ['toLocaleString', 2],
    ]);
  }
  sandbox.dispose();
});

test('what the host gives Object.prototype later is not reached', async (t) => {
  const sandbox = await createSandbox();
  for (let i = 0; i < 3; i++)
    assert.deepEqual(received(sandbox, '({ late: 1, other: { late: 2 } })'), { late: 1, other: { late: 2 } });
  const reached = [];
  t.after(() => {
    delete Object.prototype.late;
  });
  Object.defineProperty(Object.prototype, 'late', { set: (value) => reached.push(value), configurable: true });
  for (let i = 0; i < 3; i++)
    assert.deepEqual(Object.entries(received(sandbox, '({ late: 1, other: { late: 2 } })').other), [['late', 2]]);
  assert.deepEqual(reached, []);
  sandbox.dispose();
});

test('what is no plain data keeps its own way', async () => {
  const sandbox = await createSandbox();
  for (let i = 0; i < 4; i++) {
    assert.deepEqual(Object.entries(received(sandbox, '({ get a() { return 1 }, b: 2 })')), [
      ['a', 1],
      ['b', 2],
    ]);
    assert.deepEqual(
      Object.entries(received(sandbox, 'Object.defineProperty({ a: 1, b: 2 }, "a", { enumerable: false })')),
      [['b', 2]],
    );
    assert.deepEqual(Object.entries(received(sandbox, 'Object.freeze({ a: 1, b: 2 })')), [
      ['a', 1],
      ['b', 2],
    ]);
    assert.deepEqual(Object.entries(received(sandbox, '{ const o = { a: 1, b: 2, c: 3 }; delete o.b; return o }')), [
      ['a', 1],
      ['c', 3],
    ]);
    assert.deepEqual(Object.entries(received(sandbox, '({ a: 1, b: 2, 5: 3 })')), [
      ['5', 3],
      ['a', 1],
      ['b', 2],
    ]);
    assert.deepEqual(Object.entries(received(sandbox, 'Object.assign(Object.create(null), { a: 1, b: 2 })')), [
      ['a', 1],
      ['b', 2],
    ]);
    assert.deepEqual([...received(sandbox, '({ a: 1, *[Symbol.iterator]() { yield 5 } })')], [5]);
    assert.deepEqual(Object.entries(received(sandbox, '({ a: 1, [Symbol("none")]: 2 })')), [['a', 1]]);
    const counter = received(sandbox, '({ count: 0, inc() { return ++this.count } })');
    assert.equal(counter.inc() + counter.inc(), 3);
    assert.equal(await received(sandbox, '({ then(resolve) { resolve(7) } })'), 7);
  }
  sandbox.dispose();
});

test('guest code that runs while a shaped object is sent may change it', async () => {
  const sandbox = await createSandbox();
  for (let i = 0; i < 4; i++) {
    assert.deepEqual(
      received(sandbox, '{ const o = { a: { get x() { delete o.b; return 1 } }, b: 2, c: 3 }; return o }'),
      { a: { x: 1 }, c: 3 },
    );
    assert.deepEqual(
      received(sandbox, '{ const o = { a: { get x() { o.c = 4; o.d = 5; return 1 } }, b: 2, c: 3 }; return o }'),
      { a: { x: 1 }, b: 2, c: 4 },
    );
    assert.deepEqual(
      received(
        sandbox,
        '{ const o = { a: { get x() { Object.defineProperty(o, "c", { get: () => 9 }); return 1 } }, b: 2, c: 3 }; return o }',
      ),
      { a: { x: 1 }, b: 2, c: 9 },
    );
    assert.deepEqual(
      received(
        sandbox,
        '{ const o = { a: { get x() { for (let i = 0; i < 600; i++) o["k" + i] = i; delete o.b; return 1 } }, b: 2, c: 3 }; return o }',
      ),
      { a: { x: 1 }, c: 3 },
    );
    assert.throws(
      () => received(sandbox, '({ a: { b: 1 }, c: new WeakMap() })'),
      /c: #<WeakMap> cannot be passed to the host/,
    );
  }
  sandbox.dispose();
});

test('shared parts, cycles and depth of shaped objects', async () => {
  const sandbox = await createSandbox();
  for (let i = 0; i < 4; i++) {
    const { part, again, self } = received(
      sandbox,
      '{ const part = { x: 1 }; const o = { part, again: part, self: null }; o.self = o; return o }',
    );
    assert.equal(part, again);
    assert.equal(self.part, part);
    let length = 0;
    for (
      let list = received(
        sandbox,
        '{ let list = null; for (let i = 0; i < 5000; i++) list = { value: i, next: list }; return list }',
      );
      list !== null;
      list = list.next
    )
      length++;
    assert.equal(length, 5000);
  }
  sandbox.dispose();
});

test('a guest makes more shapes than are kept, and the host still has its own', async () => {
  const sandbox = await createTestSandbox();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 400; i += 50) {
      const objects = received(
        sandbox,
        `Array.from({ length: 50 }, (_, at) => ({ ["key" + (${i} + at)]: ${round}, ["other" + at]: at }))`,
      );
      assert.deepEqual(
        objects,
        Array.from({ length: 50 }, (_, at) => ({ [`key${i + at}`]: round, [`other${at}`]: at })),
      );
    }
    sandbox.evalSync('$262.gc()');
  }
  const entries = entriesOf(sandbox);
  for (let i = 0; i < 4; i++) assert.equal(entries({ mine: i, too: 1 }), `mine=${i},too=1`);
  sandbox.dispose();
});

test('what comes back has the shape in which it was sent', async () => {
  const sandbox = await createSandbox();
  const same = sandbox.evalSync('(value) => value');
  for (let i = 0; i < 6; i++)
    assert.deepEqual(
      same({
        a: i,
        list: [
          { x: i, y: 1 },
          { x: 2, y: i },
        ],
      }),
      {
        a: i,
        list: [
          { x: i, y: 1 },
          { x: 2, y: i },
        ],
      },
    );
  sandbox.dispose();
});

test('members of shaped objects that cannot cross are left out and told, where the host wants it so', async () => {
  const omitted = [];
  const sandbox = await createSandbox({ uncrossable: 'omit', onOmitted: (what) => omitted.push(what) });
  for (let i = 0; i < 4; i++) assert.deepEqual(received(sandbox, '({ a: 1, b: new WeakMap(), c: 3 })'), { a: 1, c: 3 });
  assert.equal(omitted.length, 4);
  assert.match(omitted[3], /^b: #<WeakMap>/);
  sandbox.dispose();
});

test('nothing is believed of the shapes that a broken engine describes', () => {
  const read = (ask) =>
    new MessageReader({ shapes: new MessageShapes(() => -1, ask) }, Uint8Array.of(0, Tag.SHAPED, 0, Tag.TRUE));
  assert.throws(() => read(() => undefined).read(), MalformedMessageError);
  assert.deepEqual(read(() => ({ bytes: Uint8Array.of(9, 1, 1, 97), start: 1 })).read(), { a: true });
  for (const bytes of [[255, 255], [3, 1, 97], [2, 200, 97, 97], []])
    assert.throws(
      () => read(() => ({ bytes: Uint8Array.from(bytes), start: 0 })).read(),
      MalformedMessageError,
      String(bytes),
    );
  assert.throws(() => read(() => ({ bytes: Uint8Array.of(1, 1), start: 4_000_000_000 })).read(), MalformedMessageError);
  const many = new MessageReader(
    {
      shapes: new MessageShapes(
        () => -1,
        () => {
          throw new Error('asked');
        },
      ),
    },
    Uint8Array.of(0, Tag.SHAPED, 0xff, 0xff, 3, Tag.TRUE),
  );
  assert.throws(() => many.read(), MalformedMessageError);
});

test('a guest that takes no description is asked once for each list of keys', () => {
  let asked = 0;
  const shapes = new MessageShapes(
    () => {
      asked++;
      return -1;
    },
    () => undefined,
  );
  for (let i = 0; i < 10; i++) assert.equal(shapes.find(['a', 'b'], 0), undefined);
  assert.equal(asked, 1);
});
