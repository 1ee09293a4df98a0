// Programs that would run for ever, or much longer than they may: each ends with the TimeLimitError of its 50 ms, at
// about that time. Where the memory may run out before, that is right as well. `setUp` is not limited.
const TIME_LIMIT = 50;
const expect = { throws: 'TimeLimitError', message: /^the guest ran longer than its time limit \(50 ms\)/ };

const chain = 'var chain = {}; for (let i = 0; i < 1e5; i++) chain = Object.create(chain)';
const nested = 'var nest = ["x"]; for (let i = 0; i < 60; i++) nest = [nest, nest]';
const numbers = 'var list = Array.from({ length: 2e5 }, (_, i) => (i * 7919) % 10007)';
const text = 'var text = "a".repeat(1e6)';

// name: program, or [setUp, program]
const bombs = {
  // Loops.
  'for without end': 'for (;;);',
  'while without end': 'while (true) {}',
  'do without end': 'do ; while (1)',
  'a labelled continue': 'a: for (;;) { b: for (;;) continue a; }',
  'an empty statement repeated 2 ** 53 times': 'for (let i = 0; i < 2 ** 53; i++);',
  'a loop that catches everything': 'for (;;) try { for (;;); } catch {} finally { continue; }',
  'a finally that returns': '(function f() { for (;;) try { for (;;); } finally { return f(); } })()',
  'a try in a generator that yields in finally':
    'function* g() { for (;;) try { yield; } finally { yield; } } for (const x of g());',
  'with a proxy':
    'with (new Proxy({}, { has: () => true, get: (t, k) => (k === Symbol.unscopables ? undefined : 1) })) { for (;;) x; }',
  'for-of over a growing array':
    'const a = [1]; for (const x of a) { a.length = 0; a.push(1, 1); a.shift(); a.unshift(0); a.length = 3; a.copyWithin(0, 1); a.push(1); for (;;); }',
  'for-of over a growing Set': 'const s = new Set([1]); for (const x of s) { s.delete(x); s.add(x); }',
  'for-of over a growing Map': 'const m = new Map([[1, 1]]); for (const [k] of m) { m.delete(k); m.set(k, 1); }',
  'forEach over a growing Set': 'const s = new Set([1]); s.forEach((x) => { s.delete(x); s.add(x); });',
  'eval of a loop': 'eval("for (;;);")',
  'Function of a loop': 'Function("for (;;);")()',
  'a tail call to itself': '"use strict"; (function f() { return f(); })()',
  'mutual tail calls': '"use strict"; function a(n) { return b(n); } function b(n) { return a(n); } a(1)',
  'exponential recursion': '(function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); })(60)',
  'recursion that catches its own depth': '(function f() { try { f(); } finally { f(); } })()',
  'bound functions that call themselves':
    'let f = () => { for (;;) f.bind().call(); }; f = Function.prototype.call.bind(() => { for (;;); }); f()',
  // Callbacks of the guest in built-ins.
  'a getter': '({ get x() { for (;;); } }).x',
  'a setter': '({ set x(v) { for (;;); } }).x = 1',
  'a proxy trap': 'new Proxy({}, { get() { for (;;); } }).x',
  'a trap of every kind': 'const t = new Proxy({}, { get: () => () => { for (;;); } }); new Proxy({}, t).x = 1',
  'toString in a template': '`${{ toString() { for (;;); } }}`',
  'valueOf in an addition': '1 + { valueOf() { for (;;); } }',
  'Symbol.toPrimitive in a comparison': '1 < { [Symbol.toPrimitive]() { for (;;); } }',
  'Symbol.hasInstance': '1 instanceof { [Symbol.hasInstance]() { for (;;); } }',
  'a static block': 'class A { static { for (;;); } }',
  'a field initialiser': 'new (class { a = (() => { for (;;); })(); })()',
  'a default parameter': '(function (a = (() => { for (;;); })()) {})()',
  'a computed key': '({ [{ toString() { for (;;); } }]: 1 })',
  'a decorator-like tag': '((s) => { for (;;); })`x`',
  'the callback of map': '[1].map(() => { for (;;); })',
  'the callback of sort': 'let n = 0; [3, 2, 1].sort(() => { for (;;) n++; })',
  'the callback of replace': '"aaa".replace(/a/g, () => { for (;;); })',
  'the callback of a typed array': 'new Uint8Array(1e4).map(() => { for (let i = 0; i < 1e6; i++); return 1; })',
  'the mapper of Array.from': 'Array.from({ length: 1e9 }, () => 1)',
  'the reviver of JSON.parse': 'JSON.parse("[1]", () => { for (;;); })',
  'the replacer of JSON.stringify': 'JSON.stringify([1], () => { for (;;); })',
  toJSON: 'JSON.stringify({ toJSON() { for (;;); } })',
  'Symbol.iterator': '[...{ [Symbol.iterator]() { for (;;); } }]',
  'return of an iterator':
    'for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return() { for (;;); } }) }) break;',
  'the executor of a promise': 'new Promise(() => { for (;;); })',
  'getters of thenables': 'Promise.resolve({ get then() { for (;;); } })',
  'Symbol.dispose-like callbacks of DisposableStack':
    'const s = new DisposableStack(); s.defer(() => { for (;;); }); s.dispose()',
  'Object.groupBy': 'Object.groupBy([1], () => { for (;;); })',
  species: 'class A extends Array { static get [Symbol.species]() { for (;;); } } A.of(1).map((x) => x)',
  'the lastIndex of an expression':
    '/a/g[Symbol.replace].call({ exec() { for (;;); }, flags: "g", get global() { return true; } }, "a", "b")',
  'listeners of events':
    'const t = new EventTarget(); t.addEventListener("x", () => { for (;;); }); t.dispatchEvent(new Event("x"))',
  'getters of an error that is thrown': 'throw { get message() { for (;;); }, get name() { for (;;); } }',
  // Jobs.
  'a microtask storm': 'function f() { Promise.resolve().then(f); } f()',
  'queueMicrotask without end': '(function f() { queueMicrotask(f); })()',
  'a growing microtask storm': 'function f() { queueMicrotask(f); queueMicrotask(f); } f()',
  'awaits without end': '(async () => { for (;;) await 0; })()',
  'a thenable that resolves with itself': 'const t = { then(resolve) { resolve(t); } }; Promise.resolve(t)',
  'an async iterator without end':
    '(async () => { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({ done: false }) }) }); })()',
  'an async generator without end':
    '(async () => { async function* g() { for (;;) yield; } for await (const x of g()); })()',
  'a promise chain that grows': 'let p = Promise.resolve(); (function f() { p = p.then(f); })()',
  'Promise.all of an iterator without end': ['', 'Promise.all({ *[Symbol.iterator]() { for (;;) yield 1; } })'],
  'message ports that answer each other':
    'const { port1, port2 } = new MessageChannel(); port1.onmessage = port2.onmessage = (e) => { for (;;) ; }; (async () => { for (;;) await null; })()',
  // Text.
  'a catastrophic expression': '/^(a+)+$/.test("a".repeat(40) + "b")',
  'nested quantifiers': '/(?:(?:a*)*)*b/.test("a".repeat(35))',
  'alternatives that overlap': '/^(a|aa|a?)+$/.test("a".repeat(60) + "!")',
  'back references': '/(.*)*\\1x/.test("ab".repeat(30))',
  'look-behind': '/(?<=^(a+)+)b/.test("c" + "a".repeat(40) + "b")',
  'look-ahead': '/^(?=(a+)+$)a/.test("a".repeat(40) + "b")',
  'an expression that ignores case': '/^(\\u{1F600}|[^x])+$/iu.test("\\u{1F600}".repeat(40) + "x")',
  'sets of strings': '/^(?:[\\p{RGI_Emoji}a]|a)+$/v.test("a".repeat(40) + "b!")',
  'a search in a long text': [text, 'text.search(/a*a*a*b/)'],
  'matches of nothing': [text, 'for (;;) text.match(/(?:)/g)'],
  matchAll: [text, 'for (;;) for (const m of text.matchAll(/a/g));'],
  replaceAll: ['var text = "a".repeat(2e5)', 'for (;;) text.replaceAll("a", "bb")'],
  'split by a text': ['var text = "a,".repeat(2e5)', 'for (;;) text.split(",")'],
  'split by an expression': ['var text = "a,".repeat(2e5)', 'for (;;) text.split(/,/)'],
  'indexOf of a text that nearly matches': [
    'var text = "a".repeat(2e6), word = "a".repeat(1e6) + "b"',
    'for (;;) text.indexOf(word)',
  ],
  lastIndexOf: ['var text = "a".repeat(2e6), word = "b" + "a".repeat(1e6)', 'for (;;) text.lastIndexOf(word)'],
  'comparison of long texts': ['var text = "a".repeat(4e6), word = "a".repeat(4e6 - 1) + "b"', 'for (;;) text < word'],
  normalize: ['var text = "\\u0344\\u1e9b\\u0323".repeat(1e5)', 'for (;;) text.normalize("NFKD")'],
  localeCompare: [
    'var text = "\\u1e9b\\u0323".repeat(1e5), word = "\\u1e9b\\u0323".repeat(1e5) + "x"',
    'for (;;) text.localeCompare(word)',
  ],
  toUpperCase: ['var text = "\\u00df\\ufb03".repeat(3e5)', 'for (;;) text.toUpperCase()'],
  'padded texts': 'for (;;) "x".padEnd(1e6)',
  encodeURIComponent: ['var text = "\\u20ac".repeat(3e5)', 'for (;;) encodeURIComponent(text)'],
  decodeURIComponent: ['var text = "%E2%82%AC".repeat(1e5)', 'for (;;) decodeURIComponent(text)'],
  'escape and unescape': ['var text = "\\u20ac".repeat(2e5)', 'for (;;) unescape(escape(text))'],
  'ropes that are flattened':
    'for (;;) { let s = ""; for (let i = 0; i < 1e5; i++) s = "x" + s + "y"; s.charCodeAt(1); }',
  'btoa and atob': [text, 'for (;;) atob(btoa(text))'],
  TextEncoder: [text, 'for (;;) new TextEncoder().encode(text)'],
  TextDecoder: ['var bytes = new Uint8Array(1e6).fill(0xc3)', 'for (;;) new TextDecoder().decode(bytes)'],
  URLs: ['var text = "http://x/" + "../a/".repeat(1e5)', 'for (;;) new URL(text)'],
  'search parameters': ['var text = "a=%20&".repeat(1e5)', 'for (;;) [...new URLSearchParams(text)].length'],
  // Numbers.
  'powers of a BigInt': 'for (;;) 3n ** 100000n',
  'products of BigInts': ['var big = 3n ** 200000n', 'for (;;) big * big'],
  'quotients of BigInts': ['var big = 3n ** 400000n, part = 3n ** 200000n + 1n', 'for (;;) big / part'],
  'a BigInt as text': ['var big = 3n ** 200000n', 'for (;;) String(big)'],
  'a BigInt from text': ['var text = "7".repeat(2e5)', 'for (;;) BigInt(text)'],
  'BigInt.asUintN': ['var big = -(3n ** 400000n)', 'for (;;) BigInt.asUintN(600000, big)'],
  'a number from a long text': ['var text = "1".repeat(3e5)', 'for (;;) Number(text)'],
  'parseFloat and parseInt of a long text': [
    'var text = "1".repeat(3e5)',
    'for (;;) parseFloat(text) + parseInt(text, 7)',
  ],
  dates: 'for (;;) Date.parse("Thu, 01 Jan 1970 00:00:00 GMT+0100") + new Date(2020, 1, 1).toString()',
  // Collections.
  'a sort': [numbers, 'for (;;) list.toSorted()'],
  'a sort of texts': [
    'var list = Array.from({ length: 1e4 }, (_, i) => "a".repeat(1000) + i)',
    'for (;;) list.toSorted()',
  ],
  'a sort of a typed array': [
    'var list = Float64Array.from({ length: 3e5 }, (_, i) => (i * 7919) % 10007)',
    'for (;;) list.toSorted()',
  ],
  'indexOf in what is not there': 'Array.prototype.indexOf.call(new Proxy({ length: 2 ** 53 - 1 }, {}), 5)',
  'lastIndexOf in what is not there': 'Array.prototype.lastIndexOf.call(new Proxy({ length: 2 ** 53 - 1 }, {}), 5)',
  'reverse of what is not there':
    'Array.prototype.reverse.call(new Proxy({ length: 2 ** 53 - 1 }, { has: () => false }))',
  'copyWithin of what is not there':
    'Array.prototype.copyWithin.call(new Proxy({ length: 2 ** 53 - 1 }, { has: () => false }), 0, 1)',
  'fill of what is not there': 'Array.prototype.fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: () => true }), 5)',
  'splice of what is not there':
    'Array.prototype.splice.call(new Proxy({ length: 2 ** 53 - 1 }, { has: () => false, set: () => true, deleteProperty: () => true }), 0, 1)',
  'join of nested arrays': [nested, 'nest.join()'],
  'flat of nested arrays': [nested, 'nest.flat(Infinity)'],
  'JSON of nested arrays': [nested, 'JSON.stringify(nest)'],
  'copies of an array': ['var list = new Array(3e5).fill(1)', 'for (;;) [...list]'],
  'concat of copies': ['var list = new Array(3e5).fill(1)', 'for (;;) list.concat(list)'],
  'shift of a long array': ['var list = new Array(1e5).fill(1)', 'for (;;) { list.shift(); list.push(1); }'],
  'unshift of a long array': ['var list = new Array(1e5).fill(1)', 'for (;;) { list.unshift(1); list.pop(); }'],
  'keys of an object': ['var o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i', 'for (;;) Object.keys(o)'],
  'copies of an object': ['var o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i', 'for (;;) ({ ...o })'],
  'Object.freeze of many keys': [
    'var make = () => { const o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i; return o; }',
    'for (;;) Object.freeze(make())',
  ],
  'set operations': [
    'var s = new Set(Array.from({ length: 5e4 }, (_, i) => i))',
    'for (;;) s.union(s).intersection(s).symmetricDifference(s)',
  ],
  'lookups on a long chain': [chain, 'for (let i = 0;; i++) `m${i}` in chain'],
  'for-in on a long chain': [chain, 'for (;;) for (const k in chain);'],
  'instanceof on a long chain': [chain, 'for (;;) chain instanceof class {}'],
  'for-in on a chain without end': [
    '',
    'const o = {}, p = new Proxy(o, {}); Object.setPrototypeOf(o, p); for (const k in o);',
    { throws: 'RangeError', message: /^the prototype chain has too many proxies/ },
    { timeLimit: 10_000 },
  ],
  'typed arrays that are filled': ['var bytes = new Uint8Array(1e7)', 'for (;;) bytes.fill(3)'],
  'typed arrays that are copied': ['var bytes = new Uint8Array(1e7)', 'for (;;) bytes.copyWithin(1, 0)'],
  'slices of a buffer': ['var bytes = new Uint8Array(1e7)', 'for (;;) bytes.buffer.slice(0)'],
  structuredClone: ['var list = Array.from({ length: 1e5 }, (_, i) => ({ i }))', 'for (;;) structuredClone(list)'],
  'JSON.parse': ['var text = "[" + "1,".repeat(3e5) + "1]"', 'for (;;) JSON.parse(text)'],
  'JSON.stringify': ['var list = new Array(3e5).fill("\\u2028\\"")', 'for (;;) JSON.stringify(list)'],
  'iterators that drop without end': 'Iterator.from({ next: () => ({ done: false }) }).drop(Infinity).next()',
  'iterator helpers': 'function* g() { for (;;) yield 1; } g().map((x) => x).filter(() => false).toArray()',
  'spread of an iterator without end': [
    '',
    'try { Math.max(...{ *[Symbol.iterator]() { for (;;) yield 1; } }); } catch (e) { e.name }',
  ],
  'garbage without end': 'for (;;) ({ a: [1, 2, { b: 1 }] });',
  'collections of a large heap': [
    'var kept = Array.from({ length: 4e5 }, (_, i) => ({ i }))',
    'for (;;) [{}, {}, []];',
  ],
  // Code.
  parsing: ['var text = "x = 1;".repeat(1e5)', 'for (;;) (0, eval)(text)'],
  'parsing of many functions': [
    'var text = Array.from({ length: 5e3 }, (_, i) => `function f${i}(a, b = a) { return a; }`).join("")',
    'for (;;) Function(text)',
  ],
  'a long comment': ['var text = `/*${"x".repeat(1e6)}*/`', 'for (;;) (0, eval)(text)'],
  'a long literal': ['var text = `"${"x".repeat(1e6)}"`', 'for (;;) (0, eval)(text)'],
  'a mistake at the end of a long source': [
    'var text = "\\n".repeat(1e5) + "x y"',
    'for (;;) try { (0, eval)(text); } catch {}',
  ],
  'patterns that are compiled': ['var text = "(?:a|b)?".repeat(2e4)', 'for (let i = 0;; i++) new RegExp(text + i)'],
  'stacks of errors': ['var deep = (n) => (n ? deep(n - 1) : new Error("x").stack)', 'for (;;) deep(2000)'],
  'errors that describe what has a long chain': [chain, 'for (;;) try { chain(); } catch {}'],
  'ten thousand handlers': [
    'var f = Function("throws", "if (throws) throw 1;" + "try { f(); } catch {}".repeat(3e4))',
    'for (;;) try { f(true); } catch {}',
  ],
  'a sort with a slow comparator': [
    numbers,
    'let n = 0; list.sort((a, b) => { for (let i = 0; i < 1000; i++) n++; return a - b; })',
  ],
  'includes in what is not there': 'Array.prototype.includes.call(new Proxy({ length: 2 ** 53 - 1 }, {}), 5)',
  'reads and writes of names on a long chain': [chain, 'for (let i = 0;; i++) chain[`m${i}`] = chain[`n${i}`]'],
  'reads of indices on a long chain': [chain, 'for (let i = 0;; i++) chain[i]'],
  'prototypes that are set to a long chain': [chain, 'for (;;) Object.setPrototypeOf({}, chain)'],
  'classes that extend one with a long chain': [
    `${chain}; var C = Object.setPrototypeOf(function () {}, chain)`,
    'for (;;) (class extends C { constructor() { super(); } })',
  ],
  'bound functions with many arguments': [
    'var bound = function () {}; for (let i = 0; i < 2e4; i++) bound = bound.bind(null, i)',
    'for (;;) new bound()',
  ],
  'stacks from the end of a long source': [
    'var text = "\\n".repeat(1e5) + "null.x"',
    'for (;;) try { (0, eval)(text); } catch (error) { error.stack; }',
  ],
  'a mistake at the end of a long JSON text': [
    'var text = "[".repeat(1e5)',
    'for (;;) try { JSON.parse(text); } catch {}',
  ],
  'functions in deeply nested blocks': [
    'var text = "{".repeat(400) + Array.from({ length: 2e4 }, (_, i) => `function f${i}(){}`).join("") + "}".repeat(400)',
    'for (;;) try { (0, eval)(text); } catch {}',
  ],
  'waits on shared memory': [
    'var cells = new Int32Array(new SharedArrayBuffer(8))',
    'for (;;) try { Atomics.waitAsync(cells, 0, 0, 1e8); } catch {}',
  ],
  'trimmed texts': ['var text = " ".repeat(1e6)', 'for (;;) text.trim()'],
  'texts that are made well-formed': ['var text = "\\ud800".repeat(2e5)', 'for (;;) text.toWellFormed()'],
  'bytes as text': ['var bytes = new Uint8Array(5e5)', 'for (;;) bytes.toHex()'],
  'a pattern that matches everywhere': ['var text = "x".repeat(1e5)', 'for (;;) text.replace(/x/g, "y")'],
  'a set and itself': ['var s = new Set(Array.from({ length: 5e4 }, (_, i) => i))', 'for (;;) s.union(s)'],
};

// Built-ins that are called again and again, or go through something long with functions that are built-ins as well.
const long = 'var list = new Array(1e5).fill(1.5), pairs = list.map((x, i) => [i, i]), text = "x".repeat(1e6)';
const repeated = {
  fromEntries: 'for (;;) Object.fromEntries(pairs)',
  'new Map of pairs': 'for (;;) new Map(pairs)',
  'new Set': 'for (;;) new Set(list)',
  'WeakSet ctor': 'const os = pairs; for (;;) new WeakSet(os)',
  'Promise.all native': 'for (;;) Promise.all(list)',
  'Promise.allSettled': 'for (;;) Promise.allSettled(list)',
  'union like': 'const s = new Set(list.map((x, i) => i)); const m = new Map(pairs); for (;;) s.isSubsetOf(m)',
  intersection:
    'const s = new Set(list.map((x, i) => i)); for (;;) s.intersection({ size: 1e6, has: Boolean, keys: () => list.values() })',
  'isDisjoint native':
    'const s = new Set(list.map((x, i) => i)); for (;;) s.isDisjointFrom({ size: 1e6, has: Number.isNaN, keys: () => list.values() })',
  'sort native comparator': 'for (;;) list.toSorted(Math.atan2)',
  'map native': 'for (;;) list.map(Number)',
  'forEach native': 'for (;;) list.forEach(Number)',
  'reduce native': 'for (;;) list.reduce(Math.max)',
  'Array.from native mapper': 'for (;;) Array.from(list, String)',
  'replace native callback': 'for (;;) text.replace(/x/g, String)',
  'replaceAll native callback': 'for (;;) text.replaceAll("x", String)',
  'iterator helpers native': 'for (;;) list.values().map(Number).filter(Boolean).toArray()',
  'iterator flatMap': 'for (;;) pairs.values().flatMap(Object).toArray()',
  'Iterator.from drop': 'for (;;) Iterator.from(list.values()).drop(1e9).next()',
  'Iterator.concat': 'for (;;) { const it = Iterator.concat?.(list, list); it ? it.toArray() : [...list]; }',
  'some native': 'for (;;) list.values().some(Number.isNaN)',
  'find native': 'for (;;) list.find(Number.isNaN)',
  'typed from': 'for (;;) Float64Array.from(list.values())',
  'typed ctor iterable': 'for (;;) new Float64Array(list)',
  'typed map native': 'const t = new Float64Array(1e5); for (;;) t.map(Math.abs)',
  'typed sort native':
    'const t = Float64Array.from({ length: 1e5 }, (_, i) => (i * 7919) % 10007); for (;;) t.toSorted(Math.atan2)',
  sumPrecise: 'const large = new Array(1e5).fill(1e300); for (;;) Math.sumPrecise(large)',
  'proxies of proxies read': 'let p = { a: 1 }; for (let i = 0; i < 40; i++) p = new Proxy(p, Reflect); p.a',
  'proxies of proxies written': 'let p = { a: 1 }; for (let i = 0; i < 40; i++) p = new Proxy(p, Reflect); p.a = 2',
  'proxies of proxies described':
    'let p = { a: 1 }; for (let i = 0; i < 40; i++) p = new Proxy(p, Reflect); Object.entries(p)',
  'proxy Reflect spread': 'const p = new Proxy(list, Reflect); for (;;) [...p]',
  'proxy Reflect keys': 'const p = new Proxy(list, Reflect); for (;;) Object.keys(p)',
  'proxy Reflect join': 'const p = new Proxy(list, Reflect); for (;;) Array.prototype.join.call(p)',
  'bound chain': 'let f = Math.max; for (let i = 0; i < 1000; i++) f = f.bind(); for (;;) f(1)',
  'groupBy native': 'for (;;) Object.groupBy(list, Number)',
  'Map.groupBy native': 'for (;;) Map.groupBy(list, Number)',
  'JSON.parse native reviver': 'const t = JSON.stringify(list); for (;;) JSON.parse(t, Object.is)',
  'JSON.stringify native replacer': 'for (;;) JSON.stringify(list, Object)',
  defineProperties: 'const ds = Object.getOwnPropertyDescriptors(list); for (;;) Object.defineProperties({}, ds)',
  getOwnPropertyDescriptors: 'for (;;) Object.getOwnPropertyDescriptors(list)',
  assign: 'for (;;) Object.assign({}, list)',
  entries: 'for (;;) Object.entries(list)',
  flat: 'for (;;) pairs.flat()',
  'concat many': 'for (;;) [].concat(...pairs.slice(0, 10000))',
  'String.raw': 'const raw = { raw: list }; for (;;) String.raw(raw)',
  fromCodePoint: 'const some = list.slice(0, 30000).map(() => 65); for (;;) String.fromCodePoint(...some)',
  hypot: 'const some = list.slice(0, 30000); for (;;) Math.hypot(...some)',
  with: 'for (;;) list.with(0, 1)',
  toSpliced: 'for (;;) list.toSpliced(1, 1)',
  'at end splice': 'for (;;) { list.splice(1, 0, 1); list.splice(1, 1); }',
  'at length 0': 'for (;;) { const l = list.slice(); l.length = 0; }',
  isWellFormed: 'const t = "\\ud83d\\ude00".repeat(5e5); for (;;) t.isWellFormed()',
  'codePoints iter': 'for (;;) for (const c of text);',
  'Array.from text': 'for (;;) Array.from(text)',
  'split limit': 'for (;;) text.split("", 1e6)',
  'structuredClone map': 'const m = new Map(pairs); for (;;) structuredClone(m)',
  'structuredClone bytes': 'const b = new Uint8Array(1e7); for (;;) structuredClone(b)',
  'message port': 'const { port1, port2 } = new MessageChannel(); for (;;) port1.postMessage(list)',
  'dates text': 'const t = " ".repeat(1e6); for (;;) Date.parse(t)',
  'Date long': 'const t = "1 ".repeat(5e5); for (;;) new Date(t)',
  'parseInt radix': 'const t = "z".repeat(1e6); for (;;) parseInt(t, 36)',
  'toString radix': 'for (;;) (1e300 / 3).toString(3)',
  toFixed: 'for (;;) (1e20 / 3).toFixed(100)',
  toLocaleString: 'for (;;) list.toLocaleString()',
  'Symbol desc': 'const s = Symbol(text); for (;;) s.toString()',
  'function toString': 'const f = Function("/*" + text + "*/"); for (;;) f.toString()',
  'function source join': 'for (;;) Function(text.slice(0, 1e5), "return 1")',
  'regexp sticky': 'const r = /y/y; for (;;) for (let i = 0; i < 1e4; i++) { r.lastIndex = i; r.test(text); }',
  'regexp case classes': 'const t = "\\u0130".repeat(1e6); for (;;) /[\\u0131-\\uffff]y/iu.test(t)',
  'regexp named groups': 'for (;;) /(?<a>x)(?<b>x)/dg[Symbol.replace](text, "$<a>$<b>")',
  'regexp escape': 'for (;;) RegExp.escape ? RegExp.escape(text) : escape(text)',
  'regexp hasIndices': 'for (;;) [...text.matchAll(/x/dg)]',
  'regexp legacy': 'for (;;) { /x+/.test(text); RegExp.leftContext + RegExp.lastMatch; }',
  atomics: 'const c = new Int32Array(new SharedArrayBuffer(4)); for (;;) Atomics.notify(c, 0)',
  dataview: 'const d = new DataView(new ArrayBuffer(8)); for (;;) d.getFloat64(0)',
  base64: 'const b = new Uint8Array(1e6); for (;;) Uint8Array.fromBase64(b.toBase64())',
  hex: 'const b = new Uint8Array(1e6); for (;;) Uint8Array.fromHex(b.toHex())',
  'typed set': 'const a = new Float64Array(1e6), b = new Uint8Array(1e6); for (;;) a.set(b)',
  'typed set list': 'const a = new Float64Array(1e5); for (;;) a.set(list)',
  'typed includes': 'const a = new Float64Array(1e6); for (;;) a.includes(5)',
  'typed join': 'const a = new Float64Array(1e5); for (;;) a.join()',
  'typed reverse': 'const a = new Float64Array(1e6); for (;;) a.reverse()',
  'typed with': 'const a = new Float64Array(1e6); for (;;) a.with(0, 1)',
  transfer: 'let b = new ArrayBuffer(1e7); for (;;) b = b.transfer(b.byteLength ^ 1)',
  events:
    'const t = new EventTarget(); for (let i = 0; i < 1000; i++) t.addEventListener("x", () => {}); for (;;) t.dispatchEvent(new Event("x"))',
  'AbortSignal.any':
    'const s = Array.from({ length: 300 }, () => new AbortController().signal); for (;;) AbortSignal.any(s)',
  'new error cause chain': 'let e; for (let i = 0; i < 1000; i++) e = new Error("x", { cause: e }); for (;;) e.stack',
  'disposable stack':
    'for (;;) { const s = new DisposableStack(); for (let i = 0; i < 1000; i++) s.defer(Number); s.dispose(); }',
  'async disposable':
    '(async () => { for (;;) { const s = new AsyncDisposableStack(); for (let i = 0; i < 1000; i++) s.defer(Number); await s.disposeAsync(); } })()',
  fromAsync: '(async () => { for (;;) await Array.fromAsync(list); })()',
  'copyWithin array': 'for (;;) list.copyWithin(1, 0)',
  'lastIndexOf string': 'const w = "x".repeat(1e5) + "y"; for (;;) text.lastIndexOf(w)',
  startsWith: 'for (;;) text.endsWith(text)',
  'label nest eval': 'const t = "a:{".repeat(1000) + "}".repeat(1000); for (;;) try { (0, eval)(t); } catch {}',
  'class many fields': 'const t = "(class {" + "a = 1;".repeat(2e4) + "})"; for (;;) (0, eval)(t)',
  'template literals': 'const t = "`" + "${1}".repeat(2e4) + "`"; for (;;) (0, eval)(t)',
  'regexp literals': 'const t = "/a/;".repeat(2e4); for (;;) (0, eval)(t)',
  'big literals': 'const t = "1" + "0".repeat(3e5) + "n"; for (;;) (0, eval)(t)',
  switch:
    'const t = "switch (x) {" + Array.from({ length: 2e4 }, (_, i) => "case " + i + ":").join("") + "} "; var x = -1; for (;;) (0, eval)(t)',
  'let many':
    'const t = "{" + Array.from({ length: 3000 }, (_, i) => "let v" + i + ";").join("") + "}"; for (;;) (0, eval)(t)',
};

const rows = Object.entries(bombs).map(([name, bomb]) => {
  const [setUp, source, ending = expect, options] = Array.isArray(bomb) ? bomb : [undefined, bomb];
  return { name, setUp, source, expect: ending, options };
});

rows.push(
  ...Object.entries(repeated).map(([name, source]) => ({ name: `${name}, repeated`, setUp: long, source, expect })),
);

// One of each mechanism, for `npm test`.
const quick = [
  'a loop that catches everything',
  'with a proxy',
  'a trap of every kind',
  'toString in a template',
  'the callback of sort',
  'the executor of a promise',
  'getters of thenables',
  'a microtask storm',
  'awaits without end',
  'an async generator without end',
  'Promise.all of an iterator without end',
  'a catastrophic expression',
  'look-behind',
  'matchAll',
  'split by an expression',
  'indexOf of a text that nearly matches',
  'normalize',
  'ropes that are flattened',
  'URLs',
  'products of BigInts',
  'a number from a long text',
  'a sort of texts',
  'splice of what is not there',
  'JSON of nested arrays',
  'copies of an object',
  'lookups on a long chain',
  'structuredClone',
  'garbage without end',
  'collections of a large heap',
  'parsing of many functions',
  'patterns that are compiled',
  'stacks of errors',
  'recursion that catches its own depth',
];

export const timeBombs = { options: { timeLimit: TIME_LIMIT, memoryLimit: 256 * 1024 * 1024 }, rows, quick };
