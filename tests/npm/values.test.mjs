// Values cross in both directions as values, functions and promises as themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSandbox } from 'caisson';

let sandbox;
before(async () => {
  sandbox = await createSandbox({ timeLimit: Infinity, globals: { identity: (value) => value } });
});
after(() => sandbox.dispose());

// To the guest, through it and back; and through the host once more.
function roundTrip(value) {
  const same = sandbox.evalSync('(value) => value');
  const there = same(value);
  assert.deepEqual(sandbox.evalSync('(value) => identity(value)')(value), there);
  return there;
}

const plain = {
  undefined: undefined,
  null: null,
  true: true,
  false: false,
  zero: 0,
  'negative zero': -0,
  one: 1,
  'negative int': -5,
  'largest int': 2147483647,
  'smallest int': -2147483648,
  'above int': 2147483648,
  'below int': -2147483649,
  fraction: 0.1,
  huge: 1.7976931348623157e308,
  tiny: 5e-324,
  infinity: Infinity,
  'negative infinity': -Infinity,
  NaN: NaN,
  'empty text': '',
  text: 'text',
  NUL: 'a\0b\0',
  'Latin-1': 'é\xff',
  wide: 'ж漢字',
  emoji: '👩‍👩‍👧',
  'lone high surrogate': 'a\ud83d',
  'lone low surrogate': '\ude00b',
  'swapped surrogates': '\ude00\ud83d',
  'long ASCII': 'x'.repeat(100000),
  'long wide': 'жx'.repeat(100000),
  'late wide': `${'x'.repeat(1000)}ж`,
  'length 39': 'x'.repeat(39),
  'length 40': 'é'.repeat(40),
  'length 41': 'ж'.repeat(41),
  'BigInt zero': 0n,
  'BigInt one': 1n,
  'BigInt minus one': -1n,
  'BigInt 2^31': 2n ** 31n,
  'BigInt 2^32': 2n ** 32n,
  'BigInt -2^64': -(2n ** 64n),
  'BigInt large': 3n ** 1000n,
  object: { a: 1, b: { c: [1, 'x', null] } },
  'no keys': {},
  'odd keys': { '': 1, ' ': 2, '\0': 3, ж: 4, 1: 5, '-1': 6, '\ud800': 7 },
  array: [1, [2, [3]]],
  'empty array': [],
  'typed holes': [undefined, null],
  date: new Date(1700000000123),
  'negative date': new Date(-1),
  map: new Map([
    [1, 'a'],
    ['1', new Map()],
    [{ a: 1 }, new Set([1, 2])],
  ]),
  set: new Set([1, 'a', null, NaN]),
  'regular expression': /a(?<n>b)+/giu,
  'regular expression with slash': /\/[/]\n/,
  'v flag': new RegExp('[[a-z]&&[aeiou]]', 'v'),
  buffer: new Uint8Array([1, 2, 255]).buffer,
  'empty buffer': new ArrayBuffer(0),
  'data view': new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
};

for (const [name, value] of Object.entries(plain)) test(name, () => assert.deepEqual(roundTrip(value), value));

test('an invalid date', () => assert.ok(Number.isNaN(sandbox.evalSync('(date) => date')(new Date(NaN)).getTime())));

test('strings are the same for the guest', () => {
  for (const [name, text] of Object.entries(plain).filter(([, value]) => typeof value === 'string')) {
    const units = sandbox.evalSync('(text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))')(text);
    assert.deepEqual(
      units,
      Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
      name,
    );
  }
});

test('the guest makes every type', () => {
  const value = sandbox.evalSync(`({
    date: new Date(5), map: new Map([[1, 2]]), set: new Set([3]), big: 12345678901234567890n, regexp: /x/gi, nul: 'a\\0b', lone: '\\ud800',
    bytes: new Uint8Array([1, 2]), floats: new Float64Array([0.5]), view: new DataView(new ArrayBuffer(4), 2), buffer: new ArrayBuffer(3),
    nested: [[1], { a: [undefined, null, NaN, -0] }],
  })`);
  assert.deepEqual(value, {
    date: new Date(5),
    map: new Map([[1, 2]]),
    set: new Set([3]),
    big: 12345678901234567890n,
    regexp: /x/gi,
    nul: 'a\0b',
    lone: '\ud800',
    bytes: new Uint8Array([1, 2]),
    floats: new Float64Array([0.5]),
    view: new DataView(new ArrayBuffer(4), 2),
    buffer: new ArrayBuffer(3),
    nested: [[1], { a: [undefined, null, NaN, -0] }],
  });
  assert.ok(Object.is(value.nested[1].a[3], -0));
});

test('every typed array, with its own bytes and no others', () => {
  const types = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ];
  if (globalThis.Float16Array) types.push(globalThis.Float16Array);
  for (const Type of types) {
    const buffer = new ArrayBuffer(64);
    const array = new Type(buffer, 16, 3);
    const one = array instanceof BigInt64Array || array instanceof BigUint64Array ? 1n : 1;
    array.set([one, one + one, one]);
    const back = roundTrip(array);
    assert.ok(back instanceof Type, Type.name);
    assert.deepEqual(back, array);
    assert.deepEqual([back.byteOffset, back.buffer.byteLength], [0, array.byteLength]);
    assert.equal(
      sandbox.evalSync('(array) => array.constructor.name + array.length + array.byteOffset + String(array[1])')(array),
      `${Type.name}302`,
    );
  }
});

test('views of one buffer still share it', () => {
  const buffer = new ArrayBuffer(8);
  const { a, b } = roundTrip({ a: new Uint8Array(buffer), b: new Uint16Array(buffer, 2, 1), buffer });
  a[2] = 7;
  assert.equal(b[0], 7);
});

test('a Buffer of Node brings only its own bytes', () => {
  const back = roundTrip(Buffer.from('abc'));
  assert.ok(back instanceof Uint8Array);
  assert.equal(Buffer.from(back).toString(), 'abc');
  assert.equal(back.buffer.byteLength, 3);
});

test('what crosses is a copy', () => {
  const original = { list: [1] };
  sandbox.setGlobal('copied', original);
  sandbox.evalSync('copied.list.push(2); 0');
  assert.deepEqual(original, { list: [1] });
  assert.deepEqual(sandbox.evalSync('copied'), { list: [1, 2] });
  const bytes = new Uint8Array(4);
  sandbox.evalSync('(bytes) => { bytes[0] = 9; }')(bytes);
  assert.equal(bytes[0], 0);
});

test('cycles and shared parts', () => {
  const cycle = { name: 'cycle', list: [] };
  cycle.self = cycle;
  cycle.list.push(cycle, cycle.list);
  cycle.map = new Map([[cycle, cycle]]);
  const back = roundTrip(cycle);
  assert.equal(back.self, back);
  assert.equal(back.list[0], back);
  assert.equal(back.list[1], back.list);
  assert.equal(back.map.get(back), back);
  const shared = { x: 1 };
  const [first, second] = roundTrip([shared, shared]);
  assert.equal(first, second);
  const ofGuest = sandbox.evalSync('const c = { a: [] }; c.a.push(c); c');
  assert.equal(ofGuest.a[0], ofGuest);
});

test('holes and further keys of arrays', () => {
  const array = [1, , 3];
  array.extra = 'x';
  const back = roundTrip(array);
  assert.equal(back.length, 3);
  assert.ok(!(1 in back));
  assert.equal(back.extra, 'x');
  assert.deepEqual(sandbox.evalSync('[, 1, ,]'), [, 1, ,]);
});

test('__proto__ and inherited names are only keys', () => {
  const value = sandbox.evalSync(
    'JSON.parse(\'{"__proto__": {"polluted": 1}, "constructor": 2, "hasOwnProperty": 3}\')',
  );
  assert.equal(value.polluted, undefined);
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor', 'hasOwnProperty']);
  assert.equal({}.polluted, undefined);
  assert.equal(sandbox.evalSync('(value) => value.polluted')(JSON.parse('{"__proto__": {"polluted": 1}}')), undefined);
});

test('class instances cross as their own data, boxed primitives as such', () => {
  class Point {
    constructor() {
      this.x = 1;
    }
    get y() {
      return 2;
    }
  }
  assert.deepEqual(roundTrip(new Point()), { x: 1 });
  assert.deepEqual(roundTrip(Object.assign(Object.create(null), { a: 1 })), { a: 1 });
  assert.deepEqual(roundTrip([new Number(1), new String('x'), new Boolean(false)]), [
    new Number(1),
    new String('x'),
    new Boolean(false),
  ]);
});

test('errors keep their class, message and cause, and the stack of the guest', () => {
  for (const Class of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) {
    const back = sandbox.evalSync(`new ${Class.name}('text', { cause: new Error('inner', { cause: 5 }) })`);
    assert.equal(Object.getPrototypeOf(back), Class.prototype);
    assert.equal(back.message, 'text');
    assert.equal(back.cause.message, 'inner');
    assert.equal(back.cause.cause, 5);
    const there = sandbox.evalSync(
      '(error) => [error instanceof ' + Class.name + ', error.name, error.message, error.cause.a]',
    )(new Class('text', { cause: { a: 1 } }));
    assert.deepEqual(there, [true, Class.name, 'text', 1]);
  }
  const all = sandbox.evalSync('new AggregateError([new TypeError("one"), 2], "both")');
  assert.ok(all instanceof AggregateError);
  assert.ok(all.errors[0] instanceof TypeError);
  assert.equal(all.errors[1], 2);
  const own = sandbox.evalSync(
    'class OwnError extends Error { get name() { return "OwnError"; } } new OwnError("mine")',
  );
  assert.equal(own.name, 'OwnError');
  assert.equal(own.message, 'mine');
  assert.ok(own instanceof Error);
});

test("thrown errors carry the guest's positions and nothing of the host", () => {
  try {
    sandbox.evalSync('function fails() {\n  throw new TypeError("here");\n}\nfails();', { name: 'plugin.js' });
    assert.fail('did not throw');
  } catch (error) {
    assert.ok(error instanceof TypeError);
    assert.match(error.stack, /TypeError: here[\s\S]*fails[\s\S]*plugin\.js:2:\d+[\s\S]*plugin\.js:4:/);
    assert.doesNotMatch(error.stack, /node:|file:|sandbox\.js/);
  }
  for (const value of ['text', 5, null, undefined, { a: 1 }]) {
    let caught = 'nothing';
    try {
      sandbox.evalSync('(value) => { throw value; }')(value);
    } catch (error) {
      caught = error;
    }
    assert.deepEqual(caught, value);
  }
});

test('errors of host functions have no stack of the host', () => {
  sandbox.setGlobal('fails', () => {
    throw Object.assign(new RangeError('refused', { cause: new Error('why') }), { code: 'E' });
  });
  const [isRange, message, stack, cause, causeStack] = sandbox.evalSync(
    'try { fails(); } catch (error) { [error instanceof RangeError, error.message, error.stack, error.cause.message, String(error.cause.stack)] }',
  );
  assert.deepEqual([isRange, message, cause], [true, 'refused', 'why']);
  for (const text of [stack, causeStack]) assert.doesNotMatch(String(text), /node:|file:|\.mjs|\//);
});

test('what cannot cross says so', () => {
  for (const [value, pattern] of [
    [Symbol('s'), /Symbol\(s\).* cannot be passed/],
    [new WeakMap(), /WeakMap.* cannot be passed/],
    [new WeakRef({}), /WeakRef.* cannot/],
  ]) {
    assert.throws(
      () => roundTrip(value),
      (error) => error instanceof TypeError && pattern.test(error.message),
    );
    assert.throws(() => sandbox.setGlobal('x', { deep: [value] }), TypeError);
  }
  for (const source of ['Symbol("s")', '({ a: [Symbol("s")] })', 'new WeakMap()', 'new WeakSet()', 'new WeakRef({})'])
    assert.throws(
      () => sandbox.evalSync(source),
      (error) => error instanceof TypeError && /cannot|host/.test(error.message),
      source,
    );
  sandbox.setGlobal('symbol', () => Symbol('s'));
  assert.match(sandbox.evalSync('try { symbol(); } catch (error) { error.message }'), /Symbol\(s\).* cannot be passed/);
  assert.equal(sandbox.evalSync('1'), 1);
});

test('getters of the guest run when its values cross, and their errors arrive', () => {
  assert.deepEqual(sandbox.evalSync('({ get x() { return 5; } })'), { x: 5 });
  assert.throws(() => sandbox.evalSync('({ get x() { throw new TypeError("no"); } })'), {
    name: 'TypeError',
    message: 'no',
  });
  assert.deepEqual(sandbox.evalSync('new Proxy({ a: 1 }, {})'), { a: 1 });
});

test('deep and wide values', () => {
  let deep = [];
  for (let i = 0; i < 50; i++) deep = [deep, { i }];
  assert.deepEqual(roundTrip(deep), deep);
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, { i, text: `text ${i}` }]));
  assert.deepEqual(roundTrip(wide), wide);
  assert.equal(sandbox.evalSync('2'), 2);
});

test('a host function keeps its number while a message carries it, and gives it back when the message is refused', async () => {
  const small = await createSandbox({ memoryLimit: 16 * 1024 * 1024, timeLimit: Infinity });
  // The guest's object for `first` is garbage when the message is begun, and is collected before it is read.
  const collect = () => small.evalSync('for (let i = 0; i < 40; i++) new ArrayBuffer(8 << 20); 0');
  const call = small.evalSync('(object) => object.first()');
  const first = () => 'first';
  const second = () => 'second';
  small.evalSync('(object) => 0')({ first });
  assert.equal(
    call({
      first,
      get between() {
        collect();
        return second;
      },
      second,
    }),
    'first',
  );
  for (let i = 0; i < 20; i++) {
    const callback = () => i;
    assert.equal(
      call({
        first: callback,
        get between() {
          if (i % 5 === 0) collect();
          return 0;
        },
      }),
      i,
    );
    assert.throws(() => call({ first: callback, refused: Symbol('s') }), TypeError);
  }
  small.dispose();
});

test('functions keep how many parameters they declare', () => {
  const lengths = sandbox.evalSync('(...fns) => fns.map((fn) => fn.length)');
  assert.deepEqual(
    lengths(
      () => 1,
      (a, b) => a + b,
      (a, b = 1) => a + b,
      (...rest) => rest,
      class {
        constructor(a, b, c) {
          this.a = a + b + c;
        }
      },
      Object.defineProperty(() => 1, 'length', {
        get() {
          throw new Error('asked');
        },
      }),
      Object.defineProperty(() => 1, 'length', { value: -3.5 }),
    ),
    [0, 2, 1, 0, 3, 0, 0],
  );
  assert.deepEqual(
    sandbox
      .evalSync(
        '[() => 1, (a, b) => a, function (a, b = 1, ...c) {}, class { constructor(a, b, c) {} }, Object.defineProperty(() => 1, "length", { get() { return 7; } }), (a) => a, Math.max]',
      )
      .map((fn) => fn.length),
    [0, 2, 1, 3, 0, 1, 2],
  );
  const many = `(${Array.from({ length: 300 }, (_, i) => `p${i}`)}) => 1`;
  assert.equal(sandbox.evalSync(many).length, 255);
});
