// How the page describes values: in the guest and in the worker alike, without running anything of a program's, and
// within bounds.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSandbox } from 'caisson';
import { makeConsole } from '../../web/guest/console.js';
import { makeDescriber } from '../../web/guest/describe.js';

let sandbox;
let printed = [];

before(async () => {
  sandbox = await createSandbox({ timeLimit: 20_000 });
  sandbox.evalSync(
    `(print) => { globalThis.describe = (${makeDescriber})(); globalThis.console = (${makeConsole})(describe, print); }`,
  )((entry) => {
    printed.push(entry === undefined ? 'clear' : JSON.parse(entry));
  });
});

after(() => sandbox?.dispose());

const inGuest = (source) => JSON.parse(sandbox.evalSync(`describe('log', 0, [${source}])`));
const inHost = (source) => JSON.parse(makeDescriber()('log', 0, [(0, eval)(`(${source})`)]));

// Of each: the first value, and the object when it is one.
const values = {
  '"text"': [['string', 'text']],
  '-0': [['number', '-0']],
  '10n ** 20n': [['number', '100000000000000000000n']],
  undefined: [['quiet', 'undefined']],
  'Symbol("s")': [['symbol', 'Symbol(s)']],
  'function f() {}': [['quiet', 'ƒ f']],
  'Object.defineProperty(() => {}, "name", { get() { throw 1; } })': [['quiet', 'ƒ anonymous']],
  '{ a: 1, [Symbol("b")]: 2 }': [
    0,
    [
      'object',
      '',
      [
        ['a', ['number', '1']],
        ['[Symbol(b)]', ['number', '2']],
      ],
      0,
    ],
  ],
  '[1, , "x"]': [
    0,
    [
      'list',
      'Array(3)',
      [
        ['0', ['number', '1']],
        ['1', ['quiet', 'empty']],
        ['2', ['string', 'x']],
      ],
      0,
    ],
  ],
  '{ get a() { throw 1; }, set b(x) {} }': [
    0,
    [
      'object',
      '',
      [
        ['a', ['quiet', '(getter)']],
        ['b', ['quiet', '(setter)']],
      ],
      0,
    ],
  ],
  'new Map([[{}, 1], ["k", 2]])': [
    0,
    [
      'object',
      'Map(2)',
      [
        ['{…}', ['number', '1'], ' => '],
        ['"k"', ['number', '2'], ' => '],
      ],
      0,
    ],
  ],
  'new Set([5])': [0, ['list', 'Set(1)', [['0', ['number', '5']]], 0]],
  'new (class Point { #secret = 1; x = 2; })()': [0, ['object', 'Point', [['x', ['number', '2']]], 0]],
  'Object.create(null)': [0, ['object', '[no prototype]', [], 0]],
  'new Date(0)': [0, ['object', '1970-01-01T00:00:00.000Z', [], 0]],
  'new Date(NaN)': [0, ['object', 'Invalid Date', [], 0]],
  '/a(b)/giu': [0, ['object', '/a(b)/giu', [], 0]],
  'new WeakMap()': [0, ['object', 'WeakMap', [], 0]],
  '(function* () {})()': [0, ['object', 'Generator', [], 0]],
  'Object("s")': [0, ['object', 'String("s")', [], 0]],
  'new Uint8Array([1, 2])': [
    0,
    [
      'list',
      'Uint8Array(2)',
      [
        ['0', ['number', '1']],
        ['1', ['number', '2']],
      ],
      0,
    ],
  ],
  'new ArrayBuffer(1)': [0, ['list', 'ArrayBuffer(1)', [['0', ['number', '0']]], 0]],
  'new Proxy({ a: 1 }, {})': [0, ['object', '', [['a', ['number', '1']]], 0]],
  'new Proxy({}, { ownKeys() { throw 1; } })': [0, ['object', 'an object that cannot be looked at', [], 0]],
  'Object.create(Map.prototype)': [0, ['object', 'an object that cannot be looked at', [], 0]],
  Math: [0, ['object', 'Math', [], 0]],
};
for (const [source, [value, object]] of Object.entries(values)) {
  test(`${source} is described alike in both realms`, () => {
    for (const [, , [described], objects] of [inGuest(source), inHost(source)]) {
      assert.deepEqual(described, value);
      assert.deepEqual(objects[0], object);
    }
  });
}

test('a promise is one (in Node it may have numbers of its hooks as well)', () => {
  assert.deepEqual(inGuest('Promise.resolve()')[3], [['object', 'Promise', [], 0]]);
});

test('an error has its stack, its cause and its own data', () => {
  const [, , , [error, cause]] = inGuest(
    'Object.assign(new RangeError("far", { cause: new Error("why") }), { code: 7 })',
  );
  assert.match(error[1], /^RangeError: far\n/);
  assert.deepEqual(error[2].map(([key]) => key).sort(), ['cause', 'code']);
  assert.match(cause[1], /^Error: why/);
});

test('what refers to itself, or is nested as deep as it likes, is described once and flat', () => {
  const [, , , objects] = inGuest('(() => { const a = { list: [] }; a.self = a; a.list.push(a); return a; })()');
  assert.deepEqual(objects, [
    [
      'object',
      '',
      [
        ['list', 1],
        ['self', 0],
      ],
      0,
    ],
    ['list', 'Array(1)', [['0', 0]], 0],
  ]);
  const deep = inGuest('(() => { let x = {}; for (let i = 0; i < 100000; i++) x = { x }; return x; })()');
  assert.ok(deep[3].length > 100 && deep[3].length < 20_000);
});

const large = {
  'a long text': '"x".repeat(1e6)',
  'a long array': 'new Array(1e5).fill("item")',
  'an array of great length': 'Object.assign([], { length: 2 ** 32 - 1 })',
  'many keys': 'Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, i]))',
  'many objects': 'Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => ({})))',
  'long names': 'Array(1000).fill({ ["k".repeat(1e5)]: "v".repeat(1e5) })',
  'a large Map': 'new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))',
};
for (const [name, source] of Object.entries(large)) {
  test(`${name} is described in part`, () => {
    const text = sandbox.evalSync(`describe('log', 0, [${source}])`);
    assert.ok(text.length < 1_000_000, `${text.length} characters`);
  });
}
test('what is left out is counted', () => {
  assert.deepEqual(inGuest('"x".repeat(50010)')[2][0].slice(2), [10]);
  assert.equal(inGuest('Array(1234).fill(0)')[3][0][3], 234);
});

const print = (source) => {
  printed = [];
  sandbox.evalSync(source);
  return printed.map((entry) =>
    entry === 'clear'
      ? entry
      : [entry[0], entry[1], ...entry[2].map((value) => (typeof value === 'number' ? entry[3][value][1] : value[1]))],
  );
};
const calls = {
  'console.log("%s is %d%%, %i, %f", "it", 42.5, "7.9", "1.5", "rest")': [['log', 0, 'it is 42%, 7, 1.5', 'rest']],
  'console.log("%o and %c styled", [1], "color: red")': [['log', 0, 'Array(1)', ' and  styled']],
  'console.log("%s", Symbol("s"), 10n); console.log("100%"); console.log("%x %", 1)': [
    ['log', 0, 'Symbol(s)', '10n'],
    ['log', 0, '100%'],
    ['log', 0, '%x %', '1'],
  ],
  'console.log(); console.log("%s")': [
    ['log', 0],
    ['log', 0, '%s'],
  ],
  'console.assert(true); console.assert(1 > 2, "one %s", "two"); console.assert()': [
    ['error', 0, 'Assertion failed: one two'],
    ['error', 0, 'Assertion failed'],
  ],
  'console.count(); console.count(); console.countReset(); console.count(); console.count("a")': [
    ['log', 0, 'default: 1'],
    ['log', 0, 'default: 2'],
    ['log', 0, 'default: 1'],
    ['log', 0, 'a: 1'],
  ],
  'console.group("g"); console.info("i"); console.group(); console.warn("w"); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.debug("d")':
    [
      ['log', 0, 'g'],
      ['info', 1, 'i'],
      ['warn', 2, 'w'],
      ['debug', 0, 'd'],
    ],
  'console.group(); console.clear(); console.log("after")': ['clear', ['log', 0, 'after']],
  'console.timeLog("none"); console.dir({ a: 1 }, {}); console.table([1])': [
    ['warn', 0, "there is no timer 'none'"],
    ['log', 0, ''],
    ['log', 0, 'Array(1)'],
  ],
};
for (const [source, entries] of Object.entries(calls)) test(source, () => assert.deepEqual(print(source), entries));

test('timers and traces of the console', () => {
  const [[, , first], [, , second, more]] = print(
    'console.time("t"); console.timeEnd("t"); console.time("t"); console.timeLog("t", 5)',
  );
  assert.match(first, /^t: \d+\.\d{3} ms$/);
  assert.match(second, /^t: \d+\.\d{3} ms$/);
  assert.equal(more, '5');
  assert.match(print('function here() { console.trace("why"); }\nhere();')[0].join(' '), /log 0 why .*here/s);
});
