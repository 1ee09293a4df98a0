// Ways out of the sandbox: to the host's globals, objects and prototypes.

class Shape {
  #hidden = 'hidden';
  constructor() {
    this.size = 1;
  }
  get area() {
    return this.#hidden;
  }
  method() {
    return 'of the prototype';
  }
}

// Values of the host that the guest is given.
const gifts = {
  object: () => ({ a: 1, nested: { b: 2 } }),
  array: () => [1, [2]],
  date: () => new Date(0),
  map: () => new Map([['k', { v: 1 }]]),
  set: () => new Set([1]),
  regexp: () => /a/g,
  error: () => Object.assign(new TypeError('from the host'), { cause: new Error('deep'), secretPath: '/etc' }),
  bytes: () => new Uint8Array([1, 2, 3]),
  buffer: () => new ArrayBuffer(4),
  boxed: () => Object('text'),
  instance: () => new Shape(),
  bare: () => Object.assign(Object.create(null), { a: 1 }),
  function: () => (x) => x,
  asyncFunction: () => async (x) => x,
  generatorFunction: () =>
    function* (x) {
      yield x;
    },
  class: () => Shape,
  promise: () => Promise.resolve({ a: 1 }),
  rejected: () => Promise.reject(new RangeError('late')),
  proxy: () => new Proxy({ a: 1 }, { get: (target, key) => (key === 'a' ? 'trapped' : target[key]) }),
  intrinsic: () => Object,
  functionConstructor: () => Function,
  evaluate: () => globalThis.eval,
};

// What careless host code does with a value of the guest.
function touch(value) {
  const done = [];
  const attempt = (name, action) => {
    try {
      done.push(`${name} ${action()}`);
    } catch (error) {
      done.push(`${name} ${error.name}`);
    }
  };
  attempt('string', () => typeof String(value));
  attempt('number', () => typeof +value);
  attempt('json', () => typeof JSON.stringify(value));
  attempt('keys', () => Object.keys(value ?? {}).length);
  attempt('merged', () => Object.keys(Object.assign({}, value)).length);
  attempt('polluted', () => ({}).polluted);
  return done.join(', ');
}

function options() {
  return {
    timeLimit: 2000,
    globals: {
      echo: (...args) => args,
      same: (value) => value,
      touch,
      give: (name) => gifts[name](),
      receiver() {
        return ['mine', 'sandbox', 'signal'].filter((name) => name in this).join();
      },
      fail: (kind) => {
        throw kind === 'object' ? { code: 7, inner: {} } : kind === 'function' ? () => 'thrown' : gifts.error();
      },
      later: async (value) => value,
      callBack: (fn, ...args) => fn(...args),
      callWith: (fn, self) => fn.call(self),
      construct: (fn) => {
        try {
          return typeof new fn();
        } catch (error) {
          return error.name;
        }
      },
      config: { list: [1, 2], tool: { run: () => 'ran' } },
    },
  };
}

// What a function constructor of whoever sees of the host.
const prelude = `
  const looks = 'return typeof hostCanary + " " + typeof process + " " + typeof document + " " + typeof require';
  const reach = (F) => { try { const f = F(looks); const r = f(); return typeof r === 'string' ? r : r?.next ? String(r.next().value) : typeof r; } catch (e) { return e.name + ': ' + e.message; } };
`;
const nothing = 'undefined undefined undefined undefined';

const constructors = {
  Function: 'Function',
  'the constructor of a function': '(() => {}).constructor',
  'the constructor of a method': '({ m() {} }).m.constructor',
  'the constructor of a class': '(class {}).constructor',
  'the constructor of a built-in': 'Math.max.constructor',
  'the constructor of a bound function': '(() => {}).bind().constructor',
  'the constructor of a host function': 'echo.constructor',
  'the constructor of a nested host function': 'config.tool.run.constructor',
  'the constructor of a function that a host function returned': 'give("function").constructor',
  'the constructor of a host class': 'give("class").constructor',
  'the constructor of a host object': 'give("object").constructor.constructor',
  'the constructor of a host array': 'give("array").constructor.constructor',
  'the constructor of a host Date': 'give("date").constructor.constructor',
  'the constructor of a host Map': 'give("map").constructor.constructor',
  'the constructor of a host RegExp': 'give("regexp").constructor.constructor',
  'the constructor of a host error': 'give("error").constructor.constructor',
  'the constructor of a host promise': 'give("promise").constructor.constructor',
  'the constructor of host bytes': 'give("bytes").constructor.constructor',
  'the constructor of an instance of a host class': 'give("instance").constructor.constructor',
  'the constructor of the arguments of a host function': 'echo({}).constructor.constructor',
  'the constructor of what a host function throws':
    '(() => { try { fail(); } catch (e) { return e.constructor.constructor; } })()',
  'the constructor of the console': 'console.log.constructor',
  'the constructor of setTimeout': 'setTimeout.constructor',
  'the constructor of the global object': 'globalThis.constructor.constructor',
  'the constructor of AbortSignal': 'new AbortController().signal.constructor.constructor',
};
const generatorConstructors = {
  'the constructor of a generator function': '(function* () {}).constructor',
  'the constructor of a generator, by its prototype': 'Object.getPrototypeOf(function* () {}).constructor',
};
const asyncConstructors = {
  'the constructor of an async function': '(async () => {}).constructor',
  'the constructor of an async method': '({ async m() {} }).m.constructor',
};
const rows = [
  ...Object.entries(constructors).map(([name, code]) => ({ name, source: `reach(${code})`, expect: nothing })),
  ...Object.entries(generatorConstructors).map(([name, code]) => ({
    name,
    source: `(${code})(looks)().next().value`,
    expect: nothing,
  })),
  ...Object.entries(asyncConstructors).map(([name, code]) => ({ name, source: `(${code})(looks)()`, expect: nothing })),
  {
    name: 'the constructor of an async generator',
    source: '(async function* () {}).constructor(looks)().next().then((r) => r.value)',
    expect: nothing,
  },
  {
    name: "the host's own Function, given as a global",
    source: 'give("functionConstructor")("return 1")',
    expect: (value) => (typeof value === 'function' ? undefined : 'the embedder gave it, the guest may call it'),
  },

  // Host functions and their receivers.
  { name: 'the receiver of a host function', source: 'receiver()', expect: 'sandbox,signal' },
  {
    name: 'a receiver of the guest does not replace it',
    source: 'receiver.call({ mine: 1 }) + receiver.apply(globalThis) + Reflect.apply(receiver, null, [])',
    expect: 'sandbox,signalsandbox,signalsandbox,signal',
  },
  {
    name: 'caller, callee and arguments of a host function',
    source:
      '[..."caller arguments prototype callee".split(" ").map((k) => { try { return typeof echo[k]; } catch (e) { return e.name; } })].join()',
    expect: (value) => (/object|function/.test(value) ? value : undefined),
  },
  {
    name: 'the source of a host function',
    source: 'String(echo).replace(/\\s+/g, " ")',
    expect: (value) => (/native code/.test(value) ? undefined : value),
  },
  {
    name: 'own properties of a host function',
    source:
      'Reflect.ownKeys(echo).map(String).filter((k) => typeof echo[k] === "object" || typeof echo[k] === "function").join()',
    expect: '',
  },
  {
    name: 'a host function as a constructor',
    source: '(() => { try { return typeof new echo(); } catch (e) { return e.name; } })()',
    expect: 'TypeError',
  },
  {
    name: 'a host class as a constructor',
    source: '(() => { try { return typeof new (give("class"))(); } catch (e) { return e.name; } })()',
    expect: 'TypeError',
  },
  {
    name: 'the prototype of a host function belongs to the guest',
    source: 'Object.getPrototypeOf(echo) === Function.prototype',
    expect: true,
  },
  {
    name: 'properties that are put on a host function stay with the guest',
    source: 'echo.stolen = 1; Object.keys(same(echo)).join() + typeof same(echo).stolen',
    expect: 'stolennumber',
  },
  {
    name: 'a host function through a Proxy',
    source: 'new Proxy(echo, { apply: (t, self, args) => Reflect.apply(t, self, args) })({ a: 1 })[0].a',
    expect: 1,
  },
  {
    name: 'arguments that are changed while they cross',
    source: 'const list = [{ get a() { list.length = 0; list.push("x"); return 1; } }, 2, 3]; echo(list)[0].length',
    expect: 3,
  },

  // Prototypes of the host.
  {
    name: 'an own __proto__ in an object that crosses',
    source:
      'const o = JSON.parse(\'{"__proto__": {"polluted": 1}}\'); touch(o); touch(({ ["__proto__"]: { polluted: 1 } })); touch(o)',
    expect: 'string string, number number, json string, keys 1, merged 0, polluted undefined',
  },
  {
    name: 'an own __proto__ in an object arrives as such',
    source: '({ ["__proto__"]: { polluted: 1 } })',
    expect: (value) =>
      Object.getPrototypeOf(value) === Object.prototype &&
      Object.hasOwn(value, '__proto__') &&
      value.polluted === undefined
        ? undefined
        : 'the prototype has changed',
  },
  {
    name: 'an own __proto__ in an array',
    source: 'const a = [1]; Object.defineProperty(a, "__proto__", { value: { polluted: 1 }, enumerable: true }); a',
    expect: (value) =>
      Object.getPrototypeOf(value) === Array.prototype && value.polluted === undefined
        ? undefined
        : 'the prototype has changed',
  },
  {
    name: 'constructor and prototype as keys',
    source: 'touch({ constructor: { prototype: { polluted: 1 } } })',
    expect: 'string string, number number, json string, keys 1, merged 1, polluted undefined',
  },
  {
    name: 'a property of that name on an error',
    source:
      'const e = new Error("x"); Object.defineProperty(e, "__proto__", { value: { polluted: 1 }, enumerable: true }); touch(e); e',
    expect: (value) => (Object.getPrototypeOf(value) === Error.prototype ? undefined : 'the prototype has changed'),
  },
  {
    name: 'a Map whose key is __proto__',
    source: 'new Map([["__proto__", { polluted: 1 }]])',
    expect: (value) =>
      Object.getPrototypeOf(value) === Map.prototype && value.size === 1 ? undefined : 'the prototype has changed',
  },
  {
    name: 'assignment to the prototype of a host value',
    source:
      'Object.getPrototypeOf(give("object")).polluted = 1; Object.getPrototypeOf(give("instance")).polluted = 1; give("array").__proto__.polluted = 1; touch(1)',
    expect: 'string string, number number, json string, keys 0, merged 0, polluted undefined',
  },
  {
    name: 'setPrototypeOf on what came from the host',
    source:
      'const o = give("object"); Object.setPrototypeOf(o, { polluted: 1 }); [same(o).polluted, give("object").polluted, touch(1).slice(-9)].join()',
    expect: '1,,undefined',
  },
  {
    name: '__defineGetter__ on what came from the host',
    source: 'give("object").__proto__.__defineGetter__("polluted", () => 1); touch(1).slice(-9)',
    expect: 'undefined',
  },
  {
    name: 'prototypes of the guest that were changed before a crossing',
    source:
      'const m = new Map([[1, 2]]); Array.prototype[Symbol.iterator] = function* () { yield "mine"; }; Array.prototype.push = Map.prototype.set = Set.prototype.add = () => "mine"; Object.defineProperty(Array.prototype, 0, { set() { throw 1; } }); echo([1, 2], m, 3)',
    expect: (value) =>
      Array.isArray(value) && value.length === 3 && value[0][1] === 2 ? undefined : 'the crossing used them',
  },
  {
    name: 'built-ins of the guest that were replaced before a crossing',
    source:
      'Object.keys = Reflect.ownKeys = Array.isArray = JSON.stringify = Promise.prototype.then = Map.prototype.forEach = () => { throw "mine"; }; same({ a: [1, new Map([[1, 2]])] }).a[1].get(1)',
    expect: 2,
  },
  {
    name: 'a setter on Object.prototype of the guest',
    source:
      'let seen = 0; Object.defineProperty(Object.prototype, "a", { set() { seen++; }, get() { return "g"; }, configurable: true }); const o = give("object"); [seen, Object.hasOwn(o, "a"), o.a].join()',
    expect: '0,true,1',
  },
  {
    name: 'then on Object.prototype of the guest',
    source:
      'Object.prototype.then = function (r) { r("mine"); }; const v = same({ a: 1 }); delete Object.prototype.then; v.a',
    expect: 1,
  },
  {
    name: 'toJSON on prototypes of the guest',
    source: 'Object.prototype.toJSON = String.prototype.toJSON = () => "mine"; const r = touch({ a: 1 }); r',
    expect: 'string string, number number, json string, keys 1, merged 1, polluted undefined',
  },

  // Species, iterators, conversions.
  {
    name: 'Symbol.species of an array that crosses',
    source:
      'class A extends Array { static get [Symbol.species]() { throw new Error("species"); } } echo(A.from([1, 2]))[0].length',
    expect: 2,
  },
  {
    name: 'the constructor of an array that crosses',
    source: 'const a = [1]; a.constructor = { [Symbol.species]: function () { throw 1; } }; same(a).length',
    expect: 1,
  },
  {
    name: 'Symbol.toPrimitive in an argument is data to the host',
    source: 'touch({ [Symbol.toPrimitive]: () => { throw new Error("ran"); } })',
    expect: 'string string, number number, json string, keys 0, merged 0, polluted undefined',
  },
  {
    name: 'toString and valueOf in an argument are guest functions',
    source: 'touch({ toString: () => "mine", valueOf: () => 7 })',
    expect: 'string string, number number, json string, keys 2, merged 2, polluted undefined',
  },
  {
    name: 'a toString that gives an object',
    source: 'touch({ toString: () => ({}), valueOf: () => ({}) })',
    expect: 'string TypeError, number TypeError, json string, keys 2, merged 2, polluted undefined',
  },
  {
    name: 'Symbol.toStringTag',
    source: 'touch({ [Symbol.toStringTag]: "Promise" })',
    expect: 'string string, number number, json string, keys 0, merged 0, polluted undefined',
  },
  {
    name: 'toJSON that throws',
    source: 'touch({ toJSON() { throw new Error("no"); } })',
    expect: 'string string, number number, json Error, keys 1, merged 1, polluted undefined',
  },
  {
    name: 'a Proxy crosses as what it shows',
    source:
      'same(new Proxy({}, { ownKeys: () => ["a", "__proto__"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: (t, k) => (k === "__proto__" ? { polluted: 1 } : "v") })).a',
    expect: 'v',
  },
  {
    name: 'a Proxy whose traps throw',
    source:
      'try { same(new Proxy({}, { ownKeys() { throw new RangeError("trap"); } })); } catch (e) { e.name + e.message }',
    expect: 'RangeErrortrap',
  },
  {
    name: 'a revoked Proxy',
    source:
      'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); try { same(proxy); "crossed" } catch (e) { e.name }',
    expect: 'TypeError',
  },
  {
    name: 'a getter that throws while the argument crosses',
    source: 'try { same({ get a() { throw new EvalError("getter"); } }); } catch (e) { e.name + e.message }',
    expect: 'EvalErrorgetter',
  },
  {
    name: 'a Proxy of a host function as an argument',
    source: 'touch(new Proxy(echo, {}))',
    expect: (value) => (/polluted undefined/.test(value) ? undefined : value),
  },

  // Errors.
  {
    name: 'a host error shows no stack of the host',
    source:
      'try { fail(); } catch (e) { /(file:|node:|\\.mjs|http:|at async)/.test(e.stack + e.cause?.stack) + e.name + e.message }',
    expect: 'falseTypeErrorfrom the host',
  },
  {
    name: 'Error.prepareStackTrace sees no frame of the host',
    source:
      'let seen = ""; Error.prepareStackTrace = (e, frames) => { seen += frames.map((f) => [f, f.getFileName(), typeof f.getFunction(), f.getThis() === globalThis || typeof f.getThis()].map(String).join()).join(";"); return frames; }; try { fail(); } catch (e) { String(e.stack); } callBack(() => new Error("x").stack); callBack(function named() { "use strict"; return new Error("y").stack; }); seen.length > 0 && !/file:|node:|\\.mjs|http:|npm|object|function|caisson/.test(seen)',
    expect: true,
  },
  {
    name: 'Error.captureStackTrace inside a callback of the host',
    source:
      'callBack(() => { const o = {}; Error.captureStackTrace?.(o); return /(file:|node:|\\.mjs|http:)/.test(String(o.stack)); })',
    expect: false,
  },
  {
    name: 'the stack of an error made in a callback of the host',
    source: 'callBack(() => /(file:|node:|\\.mjs|http:)/.test(new Error("x").stack))',
    expect: false,
  },
  {
    name: 'an object that the host throws is a copy',
    source: 'try { fail("object"); } catch (e) { e.inner.__proto__.polluted = 1; e.constructor === Object }',
    expect: true,
  },
  {
    name: 'a function that the host throws',
    source: 'try { fail("function"); } catch (e) { reach(e.constructor) }',
    expect: nothing,
  },
  {
    name: 'the error of a call stack that is full',
    source:
      'let inner; (function f() { try { f(); } catch (e) { inner ??= e; } })(); reach(inner.constructor.constructor)',
    expect: nothing,
  },
  {
    name: 'the error of a stack that a host function filled',
    source:
      'let e1; (function f() { try { callBack(f); } catch (e) { e1 ??= e; } })(); reach(e1.constructor.constructor) + /(file:|node:|http:)/.test(e1.stack)',
    expect: `${nothing}false`,
  },
  {
    name: 'an error of the guest that claims a class of the host',
    source: 'const e = new Error("x"); e.name = "DisposedError"; throw e',
    expect: { throws: 'GuestError DisposedError', message: 'x' },
  },
  {
    name: 'an error of the guest whose name is constructor',
    source: 'const e = new Error("x"); e.name = "constructor"; throw e',
    expect: { throws: 'GuestError constructor', message: 'x' },
  },
  {
    name: 'an error of the guest whose name is __proto__',
    source: 'const e = new Error("x"); e.name = "__proto__"; throw e',
    expect: { throws: 'GuestError __proto__', message: 'x' },
  },
  {
    name: 'errors of an AggregateError that is not one',
    source: 'const e = new AggregateError([1]); e.errors = { length: 1e9 }; throw e',
    expect: { throws: 'AggregateError' },
  },

  // Modules and code.
  {
    name: 'import() without modules',
    source: 'import("node:fs").catch((e) => e.name + ": " + e.message)',
    expect: "TypeError: cannot import 'node:fs': this sandbox has no modules",
  },
  {
    name: 'import() of a URL',
    source: 'import("data:text/javascript,export default 1").catch((e) => e.name)',
    expect: 'TypeError',
  },
  {
    name: 'import() of a specifier that is a property of every object',
    options: { modules: { a: '1' } },
    source:
      'Promise.all(["__proto__", "constructor", "toString", "hasOwnProperty"].map((s) => import(s).catch((e) => e.message)))',
    expect: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
      (s) => `there is no module '${s}', which 'eval' imports`,
    ),
  },
  {
    name: 'import() with a specifier that changes',
    source: 'let n = 0; import({ toString: () => (n++ ? "node:fs" : "x") }).catch((e) => e.message)',
    expect: "cannot import 'x': this sandbox has no modules",
  },
  {
    name: 'import.meta shows nothing of the host',
    options: {
      modules: {
        m: 'export default Object.values(import.meta).filter((v) => typeof v !== "string" && v.constructor !== Function).length',
      },
    },
    source: 'import("m").then((m) => m.default)',
    expect: 0,
  },
  {
    name: 'indirect eval sees the globals of the guest',
    source: '(0, eval)("this === globalThis") && (0, eval)("typeof hostCanary")',
    expect: 'undefined',
  },
  {
    name: 'this at the top is the global object of the guest',
    source: 'typeof this.process + typeof this.document + (this === globalThis)',
    expect: 'undefinedundefinedtrue',
  },
  {
    name: 'this of a sloppy function called by the host',
    source: 'callBack(function () { return typeof this.process + typeof this.window + (this === globalThis); })',
    expect: 'undefinedundefinedtrue',
  },
  {
    name: 'names of the host',
    source:
      '["process", "require", "module", "global", "Buffer", "window", "document", "self", "fetch", "XMLHttpRequest", "WebSocket", "Worker", "localStorage", "indexedDB", "navigator", "WebAssembly", "importScripts", "Deno", "Bun", "$262", "crypto", "hostCanary"].filter((n) => n in globalThis).join()',
    expect: '',
  },
  {
    name: 'globals of the guest lead nowhere else',
    source:
      'const seen = new Set(), names = []; const walk = (o, path, depth) => { if ((typeof o !== "object" && typeof o !== "function") || o === null || seen.has(o) || depth > 6) return; seen.add(o); for (const k of Reflect.ownKeys(o)) { let v; try { v = o[k]; } catch { continue; } if (v === "the guest must not see this") names.push(path + String(k)); walk(v, path + String(k) + ".", depth + 1); } walk(Object.getPrototypeOf(o), path + "__proto__.", depth + 1); }; walk(globalThis, "", 0); names.join() + (seen.size > 500)',
    expect: 'true',
  },

  // Promises and thenables.
  {
    name: 'a promise of the host has the prototype of the guest',
    source: 'give("promise") instanceof Promise && Object.getPrototypeOf(give("promise")) === Promise.prototype',
    expect: true,
  },
  {
    name: 'then that the guest has replaced',
    source:
      'let seen = []; Promise.prototype.then = function (...args) { seen.push(...args.map((f) => { try { return reach(f.constructor); } catch { return "x"; } })); }; later(1); seen.join()',
    expect: (value) => (value.replaceAll(nothing, '').replaceAll(',', '') === '' ? undefined : value),
  },
  {
    name: 'the functions that a host promise gives a thenable',
    source:
      'let got = []; callBack(() => ({ then(a, b) { got.push(reach(a.constructor), reach(b?.constructor ?? Function)); a(1); } })); got.join()',
    expect: (value) => (value.replaceAll(nothing, '').replaceAll(',', '') === '' ? undefined : value),
  },
  {
    name: 'a thenable as the result of a program',
    source: '({ then(resolve, reject) { resolve(reach(resolve.constructor) + reach(reject.constructor)); } })',
    expect: nothing + nothing,
  },
  {
    name: 'a thenable that throws after it has resolved',
    source: '({ then(resolve) { resolve("first"); throw new Error("second"); } })',
    expect: 'first',
  },
  {
    name: 'Promise subclasses of the guest',
    source:
      'class P extends Promise { static get [Symbol.species]() { throw new Error("species"); } } new P((r) => r(5))',
    expect: 5,
  },
  {
    name: 'the constructor of a promise that is a result',
    source: 'const p = Promise.resolve(5); p.constructor = function () { throw new Error("constructor"); }; p',
    expect: 5,
  },
  {
    name: 'an async generator crosses as an iterable',
    source: '(async function* () { yield 1; })()',
    expect: (value) => (typeof value[Symbol.asyncIterator] === 'function' ? undefined : 'another object'),
  },
  {
    name: 'rejections of the host show no stack',
    source: 'give("rejected").catch((e) => e.name + /(file:|node:|\\.mjs|http:)/.test(e.stack))',
    expect: 'RangeErrorfalse',
  },

  // What crosses is a copy.
  {
    name: 'a private member of a host instance',
    source: 'const i = give("instance"); [typeof i.area, typeof i.method, Object.keys(i).join()].join()',
    expect: 'undefined,undefined,size',
  },
  {
    name: 'data of the host is copied',
    source: 'config.list.push(3); give("object").a = 2; [give("object").a, config.list.length].join()',
    expect: '1,3',
  },
  { name: 'a host Proxy is data', source: 'give("proxy").a', expect: 'trapped' },
  {
    name: 'symbols are refused',
    source:
      '[Symbol("s"), Symbol.for("s")].map((s) => { try { same(s); return "crossed"; } catch (e) { return e.name; } }).join()',
    expect: 'TypeError,TypeError',
  },
  {
    name: 'symbols are refused inside of structures',
    source: 'try { same([{ a: Symbol("s") }]); "crossed" } catch (e) { e.name }',
    expect: 'TypeError',
  },
  {
    name: 'weak collections are refused',
    source:
      '[new WeakMap(), new WeakSet(), new WeakRef({})].map((w) => { try { same(w); return "crossed"; } catch (e) { return e.name; } }).join()',
    expect: 'TypeError,TypeError,TypeError',
  },
  {
    name: 'the global object crosses without the host',
    source: 'try { const g = same(globalThis); typeof g.process + typeof g.document } catch (e) { "refused" }',
    expect: (value) => (value === 'refused' || value === 'undefinedundefined' ? undefined : value),
  },
  {
    name: 'bytes of the host stay with the host',
    source: 'const b = give("bytes"); b[0] = 9; [give("bytes")[0], b.buffer.byteLength].join()',
    expect: '1,3',
  },
  {
    name: 'a guest function that comes home is itself',
    source: 'const f = () => 1; same(f) === f && same({ f }).f === f',
    expect: true,
  },
  {
    name: 'a host function that comes home is itself',
    source: 'same(echo) === echo && echo(echo)[0] === echo',
    expect: true,
  },
  {
    name: 'a guest function called by the host with a receiver',
    source: 'callWith(function () { return typeof this + (this === globalThis); }, { process: 1 })',
    expect: 'objecttrue',
  },
  {
    name: 'a guest class as a constructor of the host',
    source: 'construct(class { constructor() { this.x = 1; } })',
    expect: (value) => (['TypeError', 'object'].includes(value) ? undefined : value),
  },

  // Other rooms of the guest.
  {
    name: 'structuredClone gives what belongs to the guest',
    source:
      'const c = structuredClone({ d: new Date(0), m: new Map([[1, {}]]), e: new Error("x") }); [c.d.constructor === Date, c.m.constructor === Map, reach(c.e.constructor.constructor)].join()',
    expect: `true,true,${nothing}`,
  },
  {
    name: 'structuredClone of a host function',
    source: 'try { structuredClone({ echo }); "cloned" } catch (e) { e.name }',
    expect: 'DataCloneError',
  },
  {
    name: 'structuredClone of a host promise',
    source: 'try { structuredClone(later(1)); "cloned" } catch (e) { e.name }',
    expect: 'DataCloneError',
  },
  {
    name: 'a message port carries no host function',
    source:
      'const { port1, port2 } = new MessageChannel(); try { port1.postMessage({ echo }); "sent" } catch (e) { e.name } finally { port1.close(); }',
    expect: 'DataCloneError',
  },
  {
    name: 'events of the guest lead to the guest',
    source:
      'let r; const t = new EventTarget(); t.addEventListener("x", function (e) { r = reach(e.constructor.constructor) + reach(this.constructor.constructor); }); t.dispatchEvent(new Event("x")); r',
    expect: nothing + nothing,
  },
  {
    name: 'timers call with the global object of the guest',
    source:
      'new Promise((resolve) => setTimeout(function () { resolve(typeof this?.process + typeof this?.document); }, 1))',
    expect: 'undefinedundefined',
  },
  {
    name: 'setTimeout with a text runs no code of the host',
    source:
      'new Promise((resolve) => { globalThis.done = resolve; try { setTimeout("done(typeof hostCanary)", 0); } catch (e) { resolve(e.name); } setTimeout(() => resolve("nothing"), 20); })',
    expect: (value) => (['undefined', 'TypeError', 'nothing'].includes(value) ? undefined : value),
  },
  {
    name: 'callbacks of finalization registries and weak references',
    source:
      'reach(new FinalizationRegistry(() => {}).constructor.constructor) + reach(new WeakRef({}).deref().constructor.constructor)',
    expect: nothing + nothing,
  },
  {
    name: 'console methods are host functions without the host',
    options: ({ logged }) => ({
      console: {
        log: (...args) => {
          logged.push(args);
        },
      },
    }),
    source: 'reach(console.log.constructor) + typeof console.log({})',
    expect: `${nothing}undefined`,
  },
  {
    name: 'console.log of values with getters and traps',
    options: { console: { log() {} } },
    source:
      'let n = 0; try { console.log({ get a() { n++; return 1; } }, new Proxy({}, { ownKeys() { throw new Error("trap"); } })); } catch (e) { e.message } ',
    expect: (value) => (value === undefined || value === 'trap' ? undefined : String(value)),
  },
  {
    name: 'the signal that host functions have is not given',
    source: 'typeof signal + typeof sandbox',
    expect: 'undefinedundefined',
  },
  {
    name: 'performance and URL lead to the guest',
    source:
      'reach(performance.constructor.constructor) + reach(new URL("http://x/").searchParams.constructor.constructor)',
    expect: nothing + nothing,
  },
];

export const escapes = { options, prelude, rows };
