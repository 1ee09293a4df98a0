// Built-ins that call the guest for each of their elements take linear time, also where each call makes the built-in
// run again from its beginning (engine/runtime/replay.h): twice as many elements cost at most about twice as much.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const elements = 500;
const mostGrowth = 2.5;

// Shared memory makes every call by C take that way.
const prelude = `
  new SharedArrayBuffer(8);
  const numbers = (n) => Array.from({ length: n }, (_, i) => i);
  const accessor = (i) => ({ get() { return i; }, set() {}, enumerable: true, configurable: true });
  const withGetters = (target, n, name = (i) => i) => {
    for (let i = 0; i < n; i++) Object.defineProperty(target, name(i), accessor(i));
    return target;
  };
  const array = (n) => withGetters([], n);
  const like = (n) => Object.defineProperty(withGetters({}, n), 'length', { value: n, writable: true });
  const named = (n) => withGetters({}, n, (i) => 'k' + i);
  const objects = (n, make = (i) => i) =>
    numbers(n).map((i) => ({ valueOf() { return make(i); }, toString() { return String(make(i)); } }));
  const traps = {};
  for (const name of Object.getOwnPropertyNames(Reflect)) traps[name] = (...list) => Reflect[name](...list);
  const proxy = (target) => new Proxy(target, traps);
  const list = (n) => proxy(numbers(n));
  const iterable = (n, make = (i) => i) => ({
    [Symbol.iterator]() {
      let i = 0;
      return { next: () => (i < n ? { value: make(i++), done: false } : { value: undefined, done: true }) };
    },
  });
  const generator = (n, make = (i) => i) => (function* () { for (let i = 0; i < n; i++) yield make(i); })();
  const pair = (i) => ({ get 0() { return 'k' + i; }, get 1() { return i; } });
  const execs = (n) => {
    const pattern = /a/g;
    let i = 0;
    pattern.exec = () => (i++ < n ? ((pattern.lastIndex = i), { 0: 'a', index: i - 1, length: 1 }) : null);
    return pattern;
  };
  const sticky = (n) => {
    class Pattern extends RegExp {
      exec(text) {
        const at = this.lastIndex;
        this.lastIndex = at + 1;
        return { 0: 'a', index: at, length: 1 };
      }
    }
    return new Pattern('a', 'g');
  };
  const captures = (n) => {
    class Pattern extends RegExp {
      exec(text) { this.lastIndex = 1; return Object.assign(like(n), { index: 0 }); }
    }
    return new Pattern('a');
  };
`;

/** What is there before, and what is counted. @type {Record<string, [string, string]>} */
const built = {
  'array at concat': ['const a = array(n)', '[].concat(a)'],
  'concat of proxies': ['const a = numbers(n).map(() => proxy([1]))', '[].concat(...a)'],
  'concat species': ['const a = list(n)', 'a.concat(a)'],
  slice: ['const a = array(n)', 'a.slice()'],
  'slice proxy': ['const a = list(n)', 'a.slice()'],
  'splice remove': ['const a = array(n)', 'a.splice(0, n)'],
  'splice move': ['const a = list(n)', 'a.splice(0, 1)'],
  'splice insert': ['const a = list(n)', 'a.splice(0, 0, 1, 2)'],
  'splice items': ['const a = list(1), items = numbers(n)', 'a.splice(0, 1, ...items)'],
  indexOf: ['const a = array(n)', 'a.indexOf(-1)'],
  lastIndexOf: ['const a = array(n)', 'a.lastIndexOf(-1)'],
  includes: ['const a = array(n)', 'a.includes(-1)'],
  fill: ['const a = array(n)', 'a.fill(1)'],
  'fill proxy': ['const a = list(n)', 'a.fill(1)'],
  copyWithin: ['const a = list(n)', 'a.copyWithin(1, 0)'],
  reverse: ['const a = list(n)', 'a.reverse()'],
  'push many': ['const a = list(1), items = numbers(n)', 'a.push(...items)'],
  shift: ['const a = list(n)', 'a.shift()'],
  unshift: ['const a = list(n)', 'a.unshift(1)'],
  'unshift many': ['const a = list(1), items = numbers(n)', 'a.unshift(...items)'],
  with: ['const a = array(n)', 'a.with(0, 1)'],
  toSpliced: ['const a = array(n)', 'a.toSpliced(0, 1)'],
  toReversed: ['const a = array(n)', 'a.toReversed()'],
  toSorted: ['const a = array(n)', 'a.toSorted()'],
  sort: ['const a = list(n)', 'a.sort()'],
  'sort by texts': ['const a = objects(n)', 'a.sort()'],
  'sort with a comparator': ['const a = list(n)', 'a.sort((x, y) => x - y)'],
  flat: ['const a = array(n)', 'a.flat()'],
  'flat of many': ['const a = numbers(n).map(() => proxy([1]))', 'a.flat()'],
  join: ['const a = array(n)', 'a.join()'],
  toLocaleString: ['const a = array(n)', 'a.toLocaleString()'],
  'Array.of': [
    'const items = numbers(n); class List { constructor() { return list(0); } }',
    'Array.of.call(List, ...items)',
  ],
  'Array.from': ['const a = like(n)', 'Array.from(a)'],
  map: ['const a = list(n)', 'a.map((x) => x)'],
  spread: ['const a = iterable(n)', '[...a]'],
  'spread generator': ['const a = generator(n)', '[...a]'],
  'spread in call': ['const a = iterable(n), f = () => 0', 'f(...a)'],
  'spread of a proxy': ['const a = list(n)', '[...a]'],
  apply: ['const a = like(n), f = () => 0', 'f.apply(null, a)'],
  'Reflect.apply': ['const a = like(n), f = () => 0', 'Reflect.apply(f, null, a)'],
  'Reflect.construct': ['const a = like(n), f = class {}', 'Reflect.construct(f, a)'],
  'apply trap': ['const a = numbers(n), f = proxy(() => 0)', 'f(...a)'],
  destructuring: ['const a = iterable(n)', 'const [...rest] = a'],
  'object rest': ['const a = named(n)', 'const { ...rest } = a'],
  'object spread': ['const a = named(n)', '({ ...a })'],
  'object spread proxy': ['const a = proxy({ ...numbers(n) })', '({ ...a })'],
  'for in': ['const a = proxy({ ...numbers(n) })', 'for (const k in a);'],
  'Object.assign': ['const a = named(n)', 'Object.assign({}, a)'],
  'Object.assign to setters': ['const a = named(n), b = named(n)', 'Object.assign(b, a)'],
  'Object.assign of many': ['const a = numbers(n).map(() => named(1))', 'Object.assign({}, ...a)'],
  'Object.entries': ['const a = named(n)', 'Object.entries(a)'],
  'Object.values': ['const a = named(n)', 'Object.values(a)'],
  'Object.keys': ['const a = proxy({ ...numbers(n) })', 'Object.keys(a)'],
  'Object.fromEntries': ['const a = iterable(n, pair)', 'Object.fromEntries(a)'],
  'Object.groupBy': ['const a = iterable(n)', 'Object.groupBy(a, (i) => objects(1)[0])'],
  'Map.groupBy': ['const a = iterable(n)', 'Map.groupBy(a, (i) => i)'],
  'Object.defineProperties': [
    'const a = {}; for (let i = 0; i < n; i++) a["k" + i] = { get value() { return 1; } }',
    'Object.defineProperties({}, a)',
  ],
  'Object.defineProperties of a proxy': [
    'const a = {}, b = proxy({}); for (let i = 0; i < n; i++) a["k" + i] = { value: 1 }',
    'Object.defineProperties(b, a)',
  ],
  'Object.create': [
    'const a = proxy(Object.fromEntries(numbers(n).map((i) => ["k" + i, { value: 1 }])))',
    'Object.create({}, a)',
  ],
  getOwnPropertyDescriptors: ['const a = proxy({ ...numbers(n) })', 'Object.getOwnPropertyDescriptors(a)'],
  getOwnPropertyNames: ['const a = proxy({ ...numbers(n) })', 'Object.getOwnPropertyNames(a)'],
  'Object.freeze': ['const a = proxy({ ...numbers(n) })', 'Object.freeze(a)'],
  'Object.seal': ['const a = proxy({ ...numbers(n) })', 'Object.seal(a)'],
  'Object.isFrozen': ['const a = proxy(Object.freeze({ ...numbers(n) }))', 'Object.isFrozen(a)'],
  'Object.isSealed': ['const a = proxy(Object.freeze({ ...numbers(n) }))', 'Object.isSealed(a)'],
  'ownKeys that reads getters': [
    'const k = numbers(n).map((i) => "k" + i), a = new Proxy({}, { ownKeys: () => new Proxy(k, traps) })',
    'Reflect.ownKeys(a)',
  ],
  'ownKeys of a frozen proxy': ['const a = proxy(proxy(Object.freeze({ ...numbers(n) })))', 'Reflect.ownKeys(a)'],
  'prototype chain of proxies': ['let a = {}; for (let i = 0; i < n / 10; i++) a = Object.create(proxy(a))', 'a.x'],
  isPrototypeOf: [
    'let a = {}; const end = {}; for (let i = 0; i < n / 10; i++) a = Object.create(proxy(a))',
    'end.isPrototypeOf(a)',
  ],
  instanceof: ['let a = {}; for (let i = 0; i < n / 10; i++) a = Object.create(proxy(a))', 'a instanceof Map'],
  __lookupGetter__: [
    'let a = {}; for (let i = 0; i < n / 10; i++) a = Object.create(proxy(a))',
    'a.__lookupGetter__("x")',
  ],
  'proxies of proxies': ['let a = {}; for (let i = 0; i < n / 10; i++) a = new Proxy(a, {})', 'a.x'],
  'new Map': ['const a = iterable(n, pair)', 'new Map(a)'],
  'new Map by its method': [
    'const a = iterable(n, pair); class M extends Map { set(k, v) { return super.set(k, v); } }',
    'new M(a)',
  ],
  'new Set': ['const a = iterable(n)', 'new Set(a)'],
  'new Set by its method': [
    'const a = iterable(n); class S extends Set { add(v) { return super.add(v); } }',
    'new S(a)',
  ],
  'new WeakMap': [
    'const a = iterable(n, (i) => ({ get 0() { return {}; }, get 1() { return 1; } }))',
    'new WeakMap(a)',
  ],
  'new WeakSet': ['const a = iterable(n, () => ({}))', 'new WeakSet(a)'],
  union: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => true, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.union(b)',
  ],
  intersection: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => true, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.intersection(b)',
  ],
  difference: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => false, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.difference(b)',
  ],
  symmetricDifference: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => false, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.symmetricDifference(b)',
  ],
  isSubsetOf: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => true, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.isSubsetOf(b)',
  ],
  isSupersetOf: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => true, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.isSupersetOf(b)',
  ],
  isDisjointFrom: [
    'const a = new Set(numbers(n)), b = { size: n, has: () => false, keys: () => iterable(n)[Symbol.iterator]() }',
    'a.isDisjointFrom(b)',
  ],
  'Math.max': ['const a = objects(n)', 'Math.max(...a)'],
  'Math.min': ['const a = objects(n)', 'Math.min(...a)'],
  'Math.hypot': ['const a = objects(n)', 'Math.hypot(...a)'],
  'Math.sumPrecise': ['const a = iterable(n)', 'Math.sumPrecise(a)'],
  'String.fromCharCode': ['const a = objects(n)', 'String.fromCharCode(...a)'],
  'String.fromCodePoint': ['const a = objects(n)', 'String.fromCodePoint(...a)'],
  'String.raw': ['const a = like(n)', 'String.raw({ raw: a })'],
  'String.raw of objects': ['const a = objects(n), b = "a".repeat(n)', 'String.raw({ raw: b }, ...a)'],
  'concat of strings': ['const a = objects(n)', '"".concat(...a)'],
  'match by exec': ['const p = execs(n)', '"a".repeat(n).match(p)'],
  'matchAll by exec': [
    'const p = execs(n), t = "a".repeat(n); class P extends RegExp { static get [Symbol.species]() { return function () { return p; }; } }',
    '[...t.matchAll(new P("a", "g"))]',
  ],
  'replace by exec': ['const p = execs(n), t = "a".repeat(n)', 't.replace(p, "b")'],
  'replace by function': ['const t = "a".repeat(n)', 't.replace(/a/g, () => "b")'],
  'replaceAll by function': ['const t = "a".repeat(n)', 't.replaceAll("a", () => "b")'],
  'split by exec': ['const p = sticky(n), t = "a".repeat(n)', 't.split(p)'],
  'split by exec with captures': ['const p = captures(n)', '"aa".split(p)'],
  'split by exec without matches': [
    'const t = "a".repeat(n); class P extends RegExp { exec() { return null; } }; const p = new P("b")',
    't.split(p)',
  ],
  'replace with captures by exec': ['const p = captures(n)', '"a".replace(p, "b")'],
  'new Int8Array of an iterable': ['const a = iterable(n)', 'new Int8Array(a)'],
  'new Int8Array of an array-like': ['const a = like(n)', 'new Int8Array(a)'],
  'new Int8Array of objects': ['const a = objects(n)', 'new Int8Array(a)'],
  'Int8Array.from': ['const a = iterable(n)', 'Int8Array.from(a)'],
  'Int8Array.from array-like': ['const a = like(n)', 'Int8Array.from(a)'],
  'Int8Array.of': ['const a = objects(n)', 'Int8Array.of(...a)'],
  'typed set': ['const a = like(n), b = new Int8Array(n)', 'b.set(a)'],
  'typed set of objects': ['const a = objects(n), b = new Int8Array(n)', 'b.set(a)'],
  'typed join': ['const a = new Int8Array(n)', 'a.toLocaleString()'],
  'typed map': ['const a = new Int8Array(n)', 'a.map((x) => x)'],
  'typed sort': ['const a = new Int8Array(n)', 'a.sort((x, y) => x - y)'],
  'JSON.stringify': ['const a = objects(n).map((o) => ({ toJSON: () => 1 }))', 'JSON.stringify(a)'],
  'JSON.stringify getters': ['const a = named(n)', 'JSON.stringify(a)'],
  'JSON.stringify proxy': ['const a = proxy({ ...numbers(n) })', 'JSON.stringify(a)'],
  'JSON.stringify proxy of array': ['const a = list(n)', 'JSON.stringify(a)'],
  'JSON.stringify replacer list': ['const a = array(n)', 'JSON.stringify({}, a)'],
  'JSON.stringify replacer texts': [
    'const a = numbers(n).map((i) => Object.assign(new String("k"), { toString: () => "k" + i }))',
    'JSON.stringify({}, a)',
  ],
  'JSON.stringify replacer function': ['const a = numbers(n)', 'JSON.stringify(a, (k, v) => v)'],
  'JSON.stringify replacer function in depth': [
    'let a = 1; for (let i = 0; i < n / 5; i++) a = { a }',
    'JSON.stringify(a, (k, v) => v)',
  ],
  'JSON.stringify toJSON in depth': [
    'let a = 1; for (let i = 0; i < n / 5; i++) { const b = [a]; a = { toJSON: () => b }; }',
    'JSON.stringify(a)',
  ],
  'JSON.stringify replacer list and getters': ['const a = named(n), b = Object.keys(a)', 'JSON.stringify(a, b)'],
  'JSON.parse': ['const a = JSON.stringify(numbers(n))', 'JSON.parse(a, (k, v) => v)'],
  'JSON.parse of objects': ['const a = JSON.stringify({ ...numbers(n) })', 'JSON.parse(a, (k, v) => v)'],
  'JSON.parse into proxies': [
    'const a = proxy({ ...numbers(n) }), f = function (k, v) { if (k === "0" && Array.isArray(this)) this[1] = a; return v }',
    'JSON.parse("[1,2]", f)',
  ],
  'Promise.all': ['const a = iterable(n)', 'Promise.all(a)'],
  'Promise.race': ['const a = iterable(n)', 'Promise.race(a)'],
  'Promise.any': ['const a = iterable(n)', 'Promise.any(a)'],
  'Promise.allSettled': ['const a = iterable(n)', 'Promise.allSettled(a)'],
  'iterator helpers': ['const a = generator(n)', 'a.map((x) => x).filter(() => true).toArray()'],
  'Iterator.concat': ['const a = numbers(n).map(() => iterable(1))', 'Iterator.concat(...a).toArray()'],
  'Iterator.zip': ['const a = [iterable(n), iterable(n)]', '[...Iterator.zip(a)]'],
  'tagged template': ['const a = objects(n), f = () => 0', 'f.apply(null, [["a"], ...a])'],
  'new AggregateError': ['const a = iterable(n)', 'new AggregateError(a)'],
  'disposable stack': ['const s = new DisposableStack(); for (let i = 0; i < n; i++) s.defer(() => 0)', 's.dispose()'],
  'bound functions': ['let f = proxy(() => 0); for (let i = 0; i < n; i++) f = f.bind(null)', 'f()'],
  'Function constructor': ['const a = numbers(n).map((i) => ({ toString: () => "a" + i }))', 'Function(...a, "")'],
};

/** What a case costs with n elements: operations. @param {[string, string]} item @param {number} n */
async function cost([before, counted], n) {
  const sandbox = await createSandbox({ memoryLimit: 256 * 1024 * 1024 });
  try {
    sandbox.evalSync(`${prelude} const n = ${n}; ${before}; globalThis.work = () => { ${counted}; };`);
    const { operations } = sandbox.stats();
    sandbox.evalSync('work(); 0');
    return sandbox.stats().operations - operations;
  } finally {
    sandbox.dispose();
  }
}

/** The same, where n is how deep the elements are, and only their number makes them cost. @type {typeof built} */
const deep = {
  'JSON.stringify getters': ['let a = named(many); for (let i = 0; i < n; i++) a = { a }', 'JSON.stringify(a)'],
  'JSON.stringify of a proxy': [
    'let a = proxy({ ...numbers(many / 2) }); for (let i = 0; i < n; i++) a = [a]',
    'JSON.stringify(a)',
  ],
  'JSON.stringify of objects': [
    'let a = numbers(many).map(() => ({ get a() { return {}; } })); for (let i = 0; i < n; i++) a = { a }',
    'JSON.stringify(a)',
  ],
};

for (const [name, [before, counted]] of Object.entries(deep)) {
  test(`${name} takes no longer for each because of what is around it`, async () => {
    const item = /** @type {[string, string]} */ ([`const many = ${elements}; ${before}`, counted]);
    const few = await cost(item, 10);
    const many = await cost(item, 100);
    assert.ok(many < few * mostGrowth, `at a depth of 10 they cost ${few}, at one of 100 ${many}`);
  });
}

for (const [name, item] of Object.entries(built)) {
  test(`${name} takes linear time when it is run again`, async () => {
    const few = await cost(item, elements);
    const many = await cost(item, elements * 2);
    assert.ok(many < few * mostGrowth, `${elements} elements cost ${few}, twice as many ${many}`);
  });
}
