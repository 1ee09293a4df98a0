// What crosses is what it is: at any depth, of any realm, with its own bytes only; and what cannot cross is named by
// its place.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import vm from 'node:vm';
import { createSandbox } from 'caisson';
import { carefulChecks, checks } from '../../npm/src/brands.js';
import { NumberedPlaces } from '../../npm/src/numbered-places.js';

let sandbox;
let same;
before(async () => {
  sandbox = await createSandbox({ timeLimit: 10000 });
  same = sandbox.evalSync('(value) => value');
});
after(() => sandbox.dispose());

function depthOf(value, next) {
  let depth = 0;
  for (let inner = next(value); inner !== undefined; inner = next(inner)) depth++;
  return depth;
}

const nested = {
  'a linked list': [
    '{ let list; for (let i = 0; i < 100000; i++) list = { next: list, i }; return list; }',
    (value) => value.next,
    99999,
  ],
  arrays: [
    '{ let array = []; for (let i = 0; i < 100000; i++) array = [array]; return array; }',
    (value) => value[0],
    100000,
  ],
  Maps: [
    '{ let map = new Map(); for (let i = 0; i < 10000; i++) map = new Map([[map, i]]); return map; }',
    (value) => value.keys().next().value,
    10000,
  ],
  Sets: [
    '{ let set = new Set(); for (let i = 0; i < 10000; i++) set = new Set([set]); return set; }',
    (value) => value.values().next().value,
    10000,
  ],
  'causes of errors': [
    '{ let error = new Error("innermost"); for (let i = 0; i < 3000; i++) error = new TypeError("outer", { cause: error }); return error; }',
    (value) => value.cause,
    3000,
  ],
};
for (const [name, [body, next, depth]] of Object.entries(nested)) {
  test(`${name}, as deep as they are`, () => {
    assert.equal(depthOf(sandbox.evalSync(`(() => ${body})()`), next), depth);
    assert.equal(depthOf(sandbox.evalSync(`structuredClone((() => ${body})())`), next), depth);
    const ofHost = (0, eval)(`(() => ${body})()`);
    assert.equal(
      sandbox.evalSync(
        `(value) => { const next = ${next}; let depth = 0; for (let inner = next(value); inner !== undefined; inner = next(inner)) depth++; return depth; }`,
      )(ofHost),
      depth,
    );
  });
}

test('deep values keep cycles, shared parts and order', () => {
  const make =
    '(() => { const shared = { s: 1 }; let list = { shared, b: 2, c: [3] }; const end = list; for (let i = 0; i < 500; i++) list = { i, list, shared }; end.list = list; return list; })()';
  for (const value of [sandbox.evalSync(make), same((0, eval)(make))]) {
    let inner = value;
    for (let i = 0; i < 500; i++) {
      assert.equal(inner.shared, value.shared);
      assert.deepEqual(Object.keys(inner), ['i', 'list', 'shared']);
      inner = inner.list;
    }
    assert.deepEqual(Object.keys(inner), ['shared', 'b', 'c', 'list']);
    assert.equal(inner.list, value);
  }
});

test('a view brings its own bytes, and nothing else of its buffer', () => {
  const pool = new Uint8Array(1 << 20).fill(0x73);
  pool.set([1, 2, 3], 5000);
  const inGuest = sandbox.evalSync(
    '(view) => [view.buffer.byteLength, view.byteOffset, Array.from(new Uint8Array(view.buffer)).join()]',
  );
  assert.deepEqual(inGuest(pool.subarray(5000, 5003)), [3, 0, '1,2,3']);
  assert.deepEqual(inGuest(new DataView(pool.buffer, 5000, 3)), [3, 0, '1,2,3']);
  const small = Buffer.from('abc');
  assert.deepEqual(inGuest(new Uint8Array(small.buffer, small.byteOffset, small.length)), [3, 0, '97,98,99']);
  const back = sandbox.evalSync(
    'const big = new Uint8Array(1 << 20).fill(9); [big.subarray(7, 9), big.subarray(100, 103)]',
  );
  assert.deepEqual(
    back.map((view) => view.buffer.byteLength),
    [2, 3],
  );
  // Many of one pool, in any order.
  const views = Array.from({ length: 2000 }, (_, i) => pool.subarray((i * 7919) % 100000, ((i * 7919) % 100000) + 3));
  assert.deepEqual(
    same(views).map((view) => Array.from(view)),
    views.map((view) => Array.from(view)),
  );
});

test('views that overlap share what they cover', () => {
  for (const make of [
    '(() => { const buffer = new ArrayBuffer(64); return [new Uint8Array(buffer, 9, 8), new Float64Array(buffer, 16, 1), new Uint8Array(buffer, 40, 4), new Uint8Array(buffer, 9, 0)]; })()',
  ]) {
    for (const [bytes, double, apart] of [sandbox.evalSync(make), same((0, eval)(make))]) {
      assert.equal(bytes.buffer, double.buffer);
      assert.notEqual(bytes.buffer, apart.buffer);
      double[0] = -2;
      assert.equal(bytes[7], 0);
      bytes.fill(255);
      assert.deepEqual(Array.from(new Uint8Array(double.buffer, double.byteOffset, 8)), [255, 0, 0, 0, 0, 0, 0, 192]);
    }
  }
});

test('bytes are those of when the view was met', () => {
  const make =
    '(() => { const bytes = Uint8Array.of(1, 2, 3); return [bytes, { get change() { bytes.fill(9); return 1; } }, bytes]; })()';
  for (const [bytes] of [sandbox.evalSync(make), same((0, eval)(make))]) assert.deepEqual(Array.from(bytes), [1, 2, 3]);
  const detaching = sandbox.evalSync(
    '(() => { const bytes = Uint8Array.of(1, 2, 3); return [bytes, { get change() { bytes.buffer.transfer(); return 1; } }]; })()',
  );
  assert.deepEqual(Array.from(detaching[0]), [1, 2, 3]);
});

test('a resizable buffer keeps its maximum, and a view that follows its length follows it', () => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 16 });
  assert.deepEqual(
    sandbox.evalSync('(buffer) => [buffer.byteLength, buffer.maxByteLength, buffer.resizable]')(buffer),
    [4, 16, true],
  );
  const [ofGuest, view] = sandbox.evalSync(
    'const resizable = new ArrayBuffer(4, { maxByteLength: 16 }); [resizable, new Uint8Array(resizable)]',
  );
  ofGuest.resize(12);
  assert.deepEqual([ofGuest.maxByteLength, view.length], [16, 12]);
});

test('shared memory is refused both ways, and shared by structuredClone', () => {
  assert.throws(() => same({ a: [new SharedArrayBuffer(4)] }), {
    name: 'TypeError',
    message: /arguments\[0\]\.a\[0\]: a SharedArrayBuffer cannot be passed to the guest: .*shared/,
  });
  assert.throws(() => same(new Int32Array(new SharedArrayBuffer(4))), /shared/);
  assert.throws(() => sandbox.evalSync('({ a: new SharedArrayBuffer(4) })'), {
    name: 'TypeError',
    message: /^a: .*shared/,
  });
  assert.equal(
    sandbox.evalSync(
      'const shared = new SharedArrayBuffer(4); const [copy] = structuredClone([new Int32Array(shared)]); copy[0] = 42; new Int32Array(shared)[0]',
    ),
    42,
  );
});

function kindsOfAnotherRealm() {
  return vm.runInNewContext(
    '({ map: new Map([[1, 2]]), set: new Set([3]), date: new Date(7), regexp: /x/gi, error: new RangeError("t"), array: [1], bytes: new Uint8Array([1, 2]), buffer: new ArrayBuffer(2), ' +
      'view: new DataView(new ArrayBuffer(3)), plain: { x: 1 }, boxed: Object(5), own: new (class Own extends Map {})([[5, 6]]), fn: () => 7, promise: Promise.resolve(8) })',
  );
}

for (const [name, chosen] of Object.entries({ 'as Node tells': { ...checks }, 'as any host tells': carefulChecks })) {
  test(`values of another realm, subclasses and false prototypes are told by what they are, ${name}`, async (t) => {
    const usual = { ...checks };
    Object.assign(checks, chosen);
    t.after(() => Object.assign(checks, usual));
    const kinds = sandbox.evalSync(
      '(values) => Object.values(values).map((value) => Object.prototype.toString.call(value).slice(8, -1)).join()',
    );
    assert.equal(
      kinds(kindsOfAnotherRealm()),
      'Map,Set,Date,RegExp,Error,Array,Uint8Array,ArrayBuffer,DataView,Object,Number,Map,Function,Promise',
    );
    const disguised = [
      Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype),
      Object.setPrototypeOf(new Set([1]), null),
      Object.setPrototypeOf(new Date(3), Map.prototype),
      Object.setPrototypeOf(new Error('x'), Object.prototype),
      Object.assign(Object.create(Map.prototype), { a: 1 }),
      {
        get [Symbol.toStringTag]() {
          return 'Map';
        },
        a: 1,
      },
    ];
    assert.equal(kinds(disguised), 'Map,Set,Date,Error,Object,Object');
    assert.equal(
      kinds([
        new (class extends Date {
          getTime() {
            throw new Error('asked');
          }
        })(5),
        Object.defineProperty(/a/, 'source', { value: '(' }),
      ]),
      'Date,RegExp',
    );
  });
}

test('a regular expression is its pattern and flags, whatever its properties say', () => {
  const [first, second] = sandbox.evalSync(
    '[Object.defineProperty(/a/g, "source", { value: "(" }), Object.defineProperty(/b/, "flags", { value: "qq" })]',
  );
  assert.deepEqual([String(first), String(second)], ['/a/g', '/b/']);
});

test('errors bring their data both ways, and nothing that tells where the host is', () => {
  const error = Object.assign(new RangeError('refused', { cause: new TypeError('inner') }), {
    code: 'E_CODE',
    status: 404,
    path: '/home/secret',
    fn: () => 1,
    config: { key: 'secret' },
    stack: 'at /home/secret.js',
  });
  assert.deepEqual(
    sandbox.evalSync(
      '(error) => [error instanceof RangeError, error.code, error.status, error.path, error.fn, error.config, error.cause instanceof TypeError, /secret/.test(error.stack)]',
    )(error),
    [true, 'E_CODE', 404, undefined, undefined, undefined, true, false],
  );
  const ofGuest = sandbox.evalSync(
    'Object.assign(new TypeError("t"), { code: 5, detail: { list: [1, 2] }, cache: new WeakMap(), nested: { symbol: Symbol("s"), get bad() { throw 1; }, ok: 2 } })',
  );
  assert.equal(ofGuest.code, 5);
  assert.deepEqual(ofGuest.detail, { list: [1, 2] });
  assert.deepEqual(
    { ...ofGuest },
    { code: 5, detail: { list: [1, 2] }, cache: undefined, nested: { symbol: undefined, bad: undefined, ok: 2 } },
  );
});

test('DOMException stays one, with its code', () => {
  const back = sandbox.evalSync('new DOMException("stop", "AbortError")');
  assert.ok(back instanceof DOMException);
  assert.deepEqual([back.name, back.message, back.code], ['AbortError', 'stop', 20]);
  assert.deepEqual(
    sandbox.evalSync('(error) => [error instanceof DOMException, error.name, error.message, error.code]')(
      new DOMException('stop', 'AbortError'),
    ),
    [true, 'AbortError', 'stop', 20],
  );
});

test('what cannot cross is named by its place', async () => {
  const guest = (source, message) => assert.throws(() => sandbox.evalSync(source), { name: 'TypeError', message });
  guest(
    '({ exports: { internal: { cache: new WeakMap() } } })',
    /^exports\.internal\.cache: .*WeakMap.* cannot be passed to the host/,
  );
  guest('[1, [Symbol("s")]]', /^\[1\]\[0\]: Symbol\(s\) cannot be passed to the host/);
  guest('Symbol("s")', /^Symbol\(s\) cannot be passed to the host/);
  guest(
    'let deep = new WeakSet(); for (let i = 0; i < 100; i++) deep = { deep }; deep',
    /^\.\.\.deep.*\.deep: .*WeakSet/,
  );
  assert.throws(
    () => same({ exports: { internal: [{ cache: new WeakMap() }] } }),
    /^TypeError: arguments\[0\]\.exports\.internal\[0\]\.cache: a WeakMap cannot be passed to the guest/,
  );
  assert.throws(
    () => sandbox.setGlobal('api', { cache: new WeakRef({}) }),
    /^TypeError: api\.cache: a WeakRef cannot be passed to the guest/,
  );
  for (const value of [
    new URL('http://a.b'),
    new Headers(),
    new Response('x'),
    new (class Hidden {
      #x = 1;
      x() {
        return this.#x;
      }
    })(),
  ])
    assert.throws(
      () => same({ value }),
      /^TypeError: arguments\[0\]\.value: an? .* cannot be passed to the guest: its state is private/,
    );
});

test('what this host cannot build is a TypeError that names it, and the sandbox goes on', () => {
  if (globalThis.Float16Array === undefined)
    assert.throws(() => sandbox.evalSync('({ a: [new Float16Array(1)] })'), {
      name: 'TypeError',
      message: /^a\[0\] cannot be built by this host: .*Float16Array/,
    });
  let knowsModifiers = true;
  try {
    new RegExp('(?i:a)');
  } catch {
    knowsModifiers = false;
  }
  const pattern = '({ list: [{ pattern: /(?i:a)b/ }] })';
  if (knowsModifiers) assert.equal(sandbox.evalSync(pattern).list[0].pattern.source, '(?i:a)b');
  else
    assert.throws(() => sandbox.evalSync(pattern), {
      name: 'TypeError',
      message: /^list\[0\]\.pattern cannot be built by this host: /,
    });
  assert.equal(sandbox.evalSync('1'), 1);
});

test('holes, sparse arrays and lengths', () => {
  for (const value of [
    sandbox.evalSync('const sparse = []; sparse[4294967290] = 1; sparse.x = 2; sparse'),
    same(Object.assign([], { 4294967290: 1, x: 2 })),
  ]) {
    assert.deepEqual([value.length, value[4294967290], value.x, Object.keys(value).length], [4294967291, 1, 2, 2]);
  }
  assert.equal(sandbox.evalSync('const empty = []; empty.length = 4294967295; empty').length, 4294967295);
  assert.equal(same(new Proxy([1, 2], {})).length, 2);
  assert.throws(
    () =>
      same(
        new Proxy([], {
          get: (target, key) => (key === 'length' ? 1e10 : target[key]),
          getOwnPropertyDescriptor: () => undefined,
        }),
      ),
    /length must be an integer/,
  );
});

test('a BigInt costs in proportion to its digits', () => {
  const start = performance.now();
  const big = sandbox.evalSync('1n << 4000000n');
  assert.ok(big === 1n << 4000000n);
  assert.ok(same(-big - 5n) === -big - 5n);
  assert.ok(performance.now() - start < 5000);
  for (const value of [0n, 1n, -1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 96n), 3n ** 777n])
    assert.equal(same(value), value);
});

test('a text that is repeated is sent once, and what a result takes of the host is limited', async () => {
  const small = await createSandbox({ memoryLimit: 32 << 20, timeLimit: Infinity });
  const texts = small.evalSync('Array(5e5).fill("x".repeat(39))');
  assert.deepEqual([texts.length, texts[499999]], [5e5, 'x'.repeat(39)]);
  assert.throws(() => small.evalSync('Array.from({ length: 1e5 }, () => () => 1)'), {
    name: 'MemoryLimitError',
    message: /the value from the guest takes more of the host's memory/,
  });
  assert.equal(small.evalSync('1 + 1'), 2);
  small.dispose();
});

test('no number of a function comes twice', () => {
  const places = new NumberedPlaces();
  const seen = new Set();
  const kept = places.add('kept');
  for (let i = 0; i < 10000; i++) {
    const number = places.add(i);
    assert.ok(!seen.has(number));
    seen.add(number);
    assert.equal(places.get(number), i);
    places.remove(number);
    assert.equal(places.get(number), undefined);
  }
  assert.equal(places.get(kept), 'kept');
  assert.equal(places.get(kept + 2 ** 20), undefined);
});
