// Programs that take memory without end. The first failure is a RangeError that the guest may catch, and then it has
// let go of what it held; a program that goes on after that ends with a MemoryLimitError. The host pays for neither.
const MIB = 1024 * 1024;
const MEMORY_LIMIT = 8 * MIB;
const message = /^the guest ran out of memory \(limit 8388608 bytes\)/;

// One request that can never be met.
const requests = {
  'a repeated text': '"ab".repeat(2 ** 29)',
  'a padded text': '"a".padEnd(2 ** 29, "bc")',
  'a joined text': 'new Array(2 ** 28).join("abcdefgh")',
  'a text from code units': 'String.fromCharCode(...new Array(5e6).fill(65))',
  'replaceAll that multiplies': '"a".repeat(1e6).replaceAll("a", "b".repeat(1000))',
  'replace with a pattern that multiplies': '"a".repeat(1e4).replace(/a/g, "$`$\'$`$\'")',
  'String.raw': 'String.raw({ raw: new Array(1e7).fill("text") })',
  encodeURIComponent: 'encodeURIComponent("\\u20ac".repeat(3e6))',
  'normalize that expands': '"\\ufdfa".repeat(1e6).normalize("NFKD")',
  'toUpperCase that expands': '"\\ufb03".repeat(2e6).toUpperCase()',
  'one typed array': 'new Uint8Array(2 ** 31 - 1)',
  'one buffer': 'new ArrayBuffer(2 ** 40)',
  'a resizable buffer': 'new ArrayBuffer(1, { maxByteLength: 2 ** 40 }).resize(2 ** 39)',
  'a shared buffer': 'new SharedArrayBuffer(2 ** 30)',
  'a typed array of a typed array': 'new Float64Array(new Uint8Array(4e6))',
  'a filled array': 'new Array(2 ** 28).fill(0)',
  'Array.from with a length': 'Array.from({ length: 2 ** 31 })',
  'a spread of a long array': '[...new Array(1e7)]',
  'arguments of a long array': 'Math.max.apply(null, new Array(5e6).fill(1))',
  'an array that flattens to much': 'let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; a.flat(Infinity)',
  concat: 'let a = new Array(1e5).fill(1); for (let i = 0; i < 20; i++) a = a.concat(a)',
  'JSON text': 'JSON.stringify(Array.from({ length: 3e5 }, () => "some text of a length of its own, repeated"))',
  'JSON text with an indent': 'let a = 1; for (let i = 0; i < 4000; i++) a = [a]; JSON.stringify(a, null, 10)',
  'JSON.parse': 'JSON.parse("[" + "[],".repeat(1e6) + "[]]")',
  'structuredClone of nested references': 'structuredClone(Array.from({ length: 1e5 }, () => ({ a: [], b: {} })))',
  'a shifted BigInt': '1n << (2n ** 33n)',
  'a power of a BigInt': '7n ** (10n ** 9n)',
  'BigInt.asUintN of a negative number': 'BigInt.asUintN(2 ** 40, -1n)',
  'a BigInt in base 2': '(1n << 30000000n).toString(2)',
  'a program that is long': '(0, eval)("var a = 1;".repeat(3e6))',
  'a program with many names': '(0, eval)(Array.from({ length: 1e6 }, (_, i) => "var v" + i).join(";"))',
  'a pattern that is long': 'new RegExp("(?:a|b)".repeat(2e6))',
  'a match that keeps many states': '/(?:(a)|(b)|(c))*?$/.exec("abc".repeat(3e6))',
  'matches of every unit': '"a".repeat(2e6).match(/a/g)',
  'split into units': '"ab".repeat(3e6).split("")',
  'arrays that grow by spreading': 'let a = [1]; for (;;) a = [...a, ...a]',
  'Object.entries': 'const o = {}; for (let i = 0; i < 1e6; i++) o["k" + i] = i; Object.entries(o)',
  'bytes as hexadecimal text': 'new Uint8Array(6e6).toHex()',
  btoa: 'btoa("a".repeat(7e6))',
  TextEncoder: 'new TextEncoder().encode("\\u20ac".repeat(3e6))',
};

// Things kept until there is no room for more.
const kept = {
  objects: 'all.push({ a: 1, b: [1, 2] })',
  numbers: 'all.push(1.5)',
  texts: 'all.push("text " + all.length)',
  'doubled texts': 'all.text = (all.text ?? "ab") + (all.text ?? "ab"); all.text.charCodeAt(all.text.length - 1)',
  'typed arrays': 'all.push(new Float64Array(10000))',
  'views of one buffer': 'all.push(new Uint8Array(all.buffer ??= new ArrayBuffer(8)))',
  closures: '{ const x = {}; all.push(() => x); }',
  classes: 'all.push(class { static a = 1; b() {} })',
  'bound functions': 'all.push(Math.max.bind(null, 1, 2, 3))',
  generators: 'all.push((function* () { yield 1; })()); all.at(-1).next()',
  'async generators that wait':
    '{ const g = (async function* () { await new Promise(() => {}); })(); g.next(); all.push(g); }',
  promises: 'all.push(new Promise(() => {}).then(() => 1))',
  'queued jobs': 'queueMicrotask(() => 1)',
  timers: 'setTimeout(() => 1, 1e8)',
  'entries of a Map': '(all.map2 ??= new Map()).set(all.n = (all.n ?? 0) + 1, {})',
  'entries of a WeakMap': '{ const key = {}; all.push(key); (all.weak ??= new WeakMap()).set(key, {}); }',
  'registered objects':
    '{ const key = {}; all.push(key); (all.registry ??= new FinalizationRegistry(() => {})).register(key, 1); }',
  'weak references': '{ const key = {}; all.push(key, new WeakRef(key)); }',
  'names of properties': 'all["key" + (all.n = (all.n ?? 0) + 1)] = 1',
  symbols: 'all[Symbol("a description")] = 1',
  'symbols of the registry': 'Symbol.for("key" + (all.n = (all.n ?? 0) + 1))',
  proxies: 'all.push(new Proxy({}, {}))',
  'chains of prototypes': 'all.o = Object.create(all.o ?? {}, { x: { value: 1 } })',
  'growing BigInts': 'all.big = (all.big ?? 3n) * (all.big ?? 3n)',
  'compiled functions': 'all.push(new Function("return " + all.length))',
  'compiled patterns': 'all.push(new RegExp("a{1,50}" + all.length))',
  errors: 'all.push(new Error("text"))',
  'listeners of events':
    '{ const target = new EventTarget(); target.addEventListener("x", () => {}); all.push(target); }',
  'message ports': 'all.push(new MessageChannel())',
  'waits on shared memory': 'all.push(Atomics.waitAsync(all.cells ??= new Int32Array(new SharedArrayBuffer(8)), 0, 0))',
};

// What a guest fills its memory with, to be told by the host to let go of it: where it begins, and one more.
const lettingGo = {
  objects: ['[]', 'kept.push({})'],
  arrays: ['[]', 'kept.push([1])'],
  strings: ['[]', "kept.push('text ' + kept.length)"],
  closures: ['[]', 'kept.push(() => kept)'],
  'entries of a Map': ['new Map()', 'kept.set(kept.size, [])'],
  'a list without an array': ['null', 'kept = { kept }'],
  'names of properties': ['{}', "kept['p' + n++] = n"],
};
const letGo = ([what, [start, more]]) => ({
  name: `${what} that fill the memory, and what is added for coping with that, let go when told to`,
  expect: [],
  processor: 10000,
  async run(tools) {
    const complaints = [];
    // How much is left over when the last allocation fails differs from limit to limit.
    for (let limit = 1.5 * MIB; limit < 6 * MIB; limit += 450000) {
      const sandbox = await tools.sandbox({ memoryLimit: limit });
      const outcomes = [
        await tools.outcome(() =>
          sandbox.evalSync(`let kept = ${start}, n = 0; for (;;) { try { for (;;) ${more}; } catch {} }`),
        ),
        sandbox.evalSync('1 + 1'),
        sandbox.evalSync('1 + 1'),
        sandbox.memoryUsed <= limit + 128 * 1024,
        sandbox.evalSync('kept = null; [1, 2, 3].map((x) => x * 2).join()'),
      ];
      sandbox.dispose();
      if (!/^MemoryLimitError: .*, 2, 2, true, 2,4,6$/.test(outcomes.join(', ')))
        complaints.push(`${limit} bytes: ${outcomes.join(', ')}`);
    }
    return complaints;
  },
});

const rows = [
  ...Object.entries(requests).map(([name, code]) => ({
    name,
    source: `(() => { try { ${code.replace(/([^;]*)$/, ' $1')}; return 'met'; } catch (error) { return error.name; } })()`,
    expect: 'RangeError',
  })),
  ...Object.entries(kept).map(([name, code]) => ({
    name: `${name}, kept until there is no room`,
    source: `(() => { const all = []; try { for (;;) { ${code}; } } catch (error) { return error.name; } })()`,
    expect: 'RangeError',
  })),
  {
    name: 'async functions that wait: their promises are told of the first failure',
    source: 'const all = []; for (;;) all.push((async () => { await new Promise(() => {}); })())',
    expect: { throws: 'MemoryLimitError', message },
  },
  ...Object.entries(kept)
    .filter((_, index) => index % 3 === 0)
    .map(([name, code]) => ({
      name: `${name}, kept by a guest that catches every error`,
      source: `globalThis.all = []; for (;;) { try { for (;;) { ${code}; } } catch {} }`,
      expect: { throws: 'MemoryLimitError', message },
    })),
  ...Object.entries(lettingGo).map(letGo),
];

// One of each mechanism, for `npm test`.
const quick = [
  'a repeated text',
  'a joined text',
  'one buffer',
  'a resizable buffer',
  'a shared buffer',
  'a filled array',
  'Array.from with a length',
  'JSON.parse',
  'a shifted BigInt',
  'a program with many names',
  'a match that keeps many states',
  'split into units',
  'TextEncoder',
  'doubled texts, kept until there is no room',
  'views of one buffer, kept until there is no room',
  'queued jobs, kept until there is no room',
  'entries of a WeakMap, kept until there is no room',
  'registered objects, kept until there is no room',
  'proxies, kept until there is no room',
  'message ports, kept until there is no room',
  'closures, kept by a guest that catches every error',
];

export const memoryBombs = { options: { memoryLimit: MEMORY_LIMIT, timeLimit: 60000 }, rows, quick };
