// A blocking host function sets the guest aside wherever it calls it. Nothing hangs and nothing traps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const waits = {
  executor: '(new Promise((resolve) => resolve(load())))',
  'executor sub':
    'class Q extends Promise { constructor(f) { super((a, b) => { load(); f(a, b); }); } } (new Q((r) => r("v")))',
  'promise then': '(Promise.resolve().then(() => load()))',
  thenable: '(async () => await { then(resolve) { resolve(load()); } })()',
  finally: '(Promise.resolve("v").finally(() => load()))',
  'promise try': '(Promise.try(() => load()))',
  'array from': 'Array.from([1], () => load())[0]',
  'array from iter': 'Array.from({ *[Symbol.iterator]() { yield load(); } })[0]',
  spread: '[...{ *[Symbol.iterator]() { yield load(); } }][0]',
  getter: '({ get a() { return load(); } }).a',
  setter: '({ set a(v) { load(); } }).a = 1',
  'class getter': 'class A { get a() { return load(); } } new A().a',
  'static field': 'class A { static a = load(); } A.a',
  field: 'class A { a = load(); } new A().a',
  replace: '"a".replace("a", () => load())',
  'replace re': '"a".replace(/a/, () => load())',
  'replace all': '"a".replaceAll("a", () => load())',
  'map group by': 'Map.groupBy([1], () => load()).size',
  'object group by': 'Object.keys(Object.groupBy([1], () => load()))[0]',
  sort: '[2, 1].sort(() => { load(); return 0; }).length',
  'to sorted': '[2, 1].toSorted(() => { load(); return 0; }).length',
  'typed sort': 'new Int8Array([2, 1]).sort(() => { load(); return 0; }).length',
  'typed from': 'Int8Array.from([1], () => { load(); return 1; }).length',
  'map for each': 'new Map([[1, 2]]).forEach(() => load())',
  'set union': 'new Set([1]).union({ size: 1, has() { return true; }, *keys() { load(); yield 2; } }).size',
  'from entries': 'Object.fromEntries({ *[Symbol.iterator]() { yield ["a", load()]; } }).a',
  'eval direct': 'eval("load()")',
  'new function': 'new Function("return load()")()',
  'reflect apply': 'Reflect.apply(() => load(), null, [])',
  'reflect construct': 'Reflect.construct(class { constructor() { load(); } }, []) && "v"',
  bind: '(() => load()).bind()()',
  call: '((x) => load()).call(1)',
  apply: '((x) => load()).apply(1, [])',
  'direct bind': 'load.bind(null)()',
  'direct call': 'load.call(null)',
  'direct map': '[1].map(load)[0]',
  'for await': '((async () => { for await (const x of [load()]) return x; })())',
  using: '{ using x = { [Symbol.dispose]() { load(); } }; } "v"',
  'disposable stack': 'const s = new DisposableStack(); s.defer(() => load()); s.dispose(); "v"',
  'gen return': 'const g = (function* () { try { yield 1; } finally { load(); } })(); g.next(); g.return("v").value',
  'destruct iter': 'const [q] = { *[Symbol.iterator]() { yield load(); } }; q',
  tagged: '((s) => load())`x`',
  'flat map': '[1].flatMap(() => load())[0]',
  'iter flat map': '[1].values().flatMap(() => [load()]).toArray()[0]',
  'weak map computed': 'new Map().getOrInsertComputed("k", () => load())',
  'to string': '"" + { toString() { return load(); } }',
  'value of': '1 + { valueOf() { load(); return 1; } }',
  'to primitive': '`${{ [Symbol.toPrimitive]() { return load(); } }}`',
  join: '[{ toString() { return load(); } }].join()',
  'array to string': 'String([{ toString() { return load(); } }])',
  'proxy get': 'new Proxy({}, { get() { return load(); } }).a',
  'proxy call': 'new Proxy(() => 1, { apply() { return load(); } })()',
  'proxy construct': 'new (new Proxy(class {}, { construct() { load(); return {}; } }))()',
  stringify: 'JSON.stringify({ toJSON() { return load(); } })',
  replacer: 'JSON.stringify({ a: 1 }, (k, v) => { load(); return v; })',
  'stringify getter': 'JSON.stringify({ get a() { return load(); } })',
  reviver: 'JSON.parse("[1]", (k, v) => { load(); return v; })',
  'new map': 'new Map({ *[Symbol.iterator]() { load(); yield [1, 2]; } }).size',
  'new set': 'new Set({ *[Symbol.iterator]() { load(); yield 1; } }).size',
  'object assign': 'Object.assign({}, { get a() { return load(); } }).a',
  'object spread': '({ ...{ get a() { return load(); } } }).a',
  'object entries': 'Object.entries({ get a() { return load(); } })[0][1]',
  'define property': 'Object.defineProperty({}, "a", { get value() { return load(); } }).a',
  'reflect get': 'Reflect.get({ get a() { return load(); } }, "a")',
  'has instance': '1 instanceof { [Symbol.hasInstance]() { load(); return true; } }',
  exec: '/a/[Symbol.match].call({ flags: "", exec() { load(); return null; } }, "a")',
  split: '"a".split({ [Symbol.split]() { return load(); } })',
  'date to j s o n': 'new Date(0).toJSON.call({ toISOString() { return load(); } })',
  'computed key': '({ [{ toString() { return load(); } }]: 1 }).v',
  'with get': 'with ({ get a() { return load(); } }) a',
  'eval indirect': '(0, eval)("load()")',
  'eval map': '["load()"].map(eval)[0]',
  'eval call': 'eval.call(null, "load()")',
  'eval reflect': 'Reflect.apply(eval, null, ["load()"])',
  'eval bound': 'eval.bind(null, "load()")()',
  'eval tail': '(function () { "use strict"; return (0, eval)("load()"); })()',
  'eval in function': '(0, eval)("function f() { return load(); } [1].map(f)[0]")',
  'async gen': '((async function* () { yield load(); })().next().then((r) => r.value))',
  'async gen finally':
    '(async () => { const g = (async function* () { try { yield 1; } finally { load(); } })(); await g.next(); await g.return(); })()',
  'async gen caught':
    '(async () => { const g = (async function* () { try { yield 1; } catch { load(); } })(); await g.next(); await g.throw(1); })()',
  'async gen bound': '((g) => g.next.bind(g)())((async function* () { yield load(); })())',
  'async gen nested':
    '(async () => { const inner = (async function* () { yield load(); })(); const outer = (async function* () { yield* inner; })(); await outer.next(); })()',
  'async gen in replace': '"a".replace("a", () => { (async function* () { yield load(); })().next(); return "b"; })',
  'async gen queue':
    '(async () => { const g = (async function* () { yield load(); yield load(); return load(); })(); await Promise.all([g.next(), g.next(), g.next(), g.return()]); })()',
  'async gen result then': `(async () => {
    const g = (async function* () { yield 1; })();
    Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { delete Object.prototype.then; load(); } });
    await g.next();
  })()`,
  'async gen end then': `(async () => {
    const g = (async function* () {})();
    Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { delete Object.prototype.then; load(); } });
    await g.next();
  })()`,
  'async gen drained then': `(async () => {
    const g = (async function* () { throw 1; })();
    const first = g.next();
    const second = g.next();
    await first.catch(() => {
      Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { delete Object.prototype.then; load(); } });
    });
    await second;
    await g.next();
  })()`,
  'async gen completed then': `(async () => {
    const g = (async function* () {})();
    await g.next();
    Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { delete Object.prototype.then; load(); } });
    await g.next();
  })()`,
  'async gen return constructor': `(async () => {
    const p = Promise.resolve(1);
    Object.defineProperty(p, 'constructor', { get() { load(); return Promise; } });
    await (async function* () {})().return(p);
  })()`,
  'async gen return queued constructor': `(async () => {
    const p = Promise.resolve(1);
    Object.defineProperty(p, 'constructor', { get() { load(); return Promise; } });
    const g = (async function* () { await null; })();
    await Promise.all([g.next(), g.return(p), g.next()]);
  })()`,
  'async gen return awaited then': `(async () => {
    const g = (async function* () {})();
    const p = Promise.resolve(1);
    const returned = g.return(p);
    p.then(() => {});
    Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { delete Object.prototype.then; load(); } });
    await returned;
  })()`,
  'await constructor':
    '(async () => { const p = Promise.resolve(1); Object.defineProperty(p, "constructor", { get() { load(); return Promise; } }); await p; })()',
  'await then': '(async () => { await { get then() { load(); } }; })()',
  'async return then': '(async () => ({ get then() { load(); return (resolve) => resolve(1); } }))()',
  'reaction native': '(Promise.resolve({ toJSON() { return load(); } }).then(JSON.stringify))',
  'reaction bound': '(Promise.resolve().then((() => load()).bind()))',
  'reaction proxy': '(Promise.resolve().then(new Proxy(() => 1, { apply() { return load(); } })))',
  'reaction next': '((g) => Promise.resolve().then(g.next.bind(g)))((function* () { yield load(); })())',
  'reaction async next': '((g) => Promise.resolve().then(g.next.bind(g)))((async function* () { yield load(); })())',
  'reaction eval': '(Promise.resolve("load()").then(eval))',
  'reaction host': '(Promise.resolve().then(load))',
  'reaction rejected': '(Promise.reject({ toJSON() { return load(); } }).catch(JSON.stringify))',
  'reaction resolving':
    '(new Promise((resolve) => { Promise.resolve({ get then() { load(); return (f) => f(1); } }).then(resolve); }))',
  'reaction result then': '(Promise.resolve().then(() => ({ get then() { load(); return (f) => f(1); } })))',
  'reaction result proxy': '(Promise.resolve().then(() => new Proxy({}, { get() { load(); return (f) => f(1); } })))',
  'reaction sub resolve': `
    class Q extends Promise {
      constructor(f) { super((a, b) => f((value) => { load(); a(value); }, b)); }
    }
    (Q.resolve().then(() => 1))`,
  'reaction sub reject': `
    class Q extends Promise {
      constructor(f) { super((a, b) => f(a, (reason) => { load(); b(reason); })); }
    }
    (Q.resolve().then(() => { throw 1; }).catch(() => {}))`,
  'thenable bound': '(async () => await { then: ((resolve) => resolve(load())).bind() })()',
  'thenable proxy':
    '(async () => await { then: new Proxy((resolve) => resolve(1), { apply(f, t, [r]) { r(load()); } }) })()',
  'thenable constructor': `(async () => {
    const p = Promise.resolve(1);
    Object.defineProperty(p, 'constructor', { get() { load(); return Promise; } });
    await (async () => p)();
  })()`,
  'thenable species': `(async () => {
    Object.defineProperty(Promise, Symbol.species, { get() { load(); return this; } });
    await (async () => Promise.resolve(1))();
  })()`,
  'timer native': '(new Promise((resolve) => setTimeout(Reflect.apply, 1, () => resolve(load()), null, [])))',
  'timer bound': '(new Promise((resolve) => setTimeout((() => resolve(load())).bind(), 1)))',
  'timer proxy': '(new Promise((resolve) => setTimeout(new Proxy(() => {}, { apply() { resolve(load()); } }), 1)))',
  'timer conversion':
    '(new Promise((resolve) => setTimeout(String, 1, { toString() { resolve(load()); return ""; } })))',
  'microtask native':
    '(new Promise((resolve) => queueMicrotask(Reflect.apply.bind(null, () => resolve(load()), null, []))))',
};

async function start() {
  let calls = 0;
  const load = blocking(async function load() {
    calls++;
    await null;
    return 'v';
  });
  const sandbox = await createSandbox({ globals: { load }, timeLimit: 2000 });
  return { sandbox, calls: () => calls };
}

for (const [name, source] of Object.entries(waits)) {
  test(`waits in: ${name}`, { timeout: 5000 }, async () => {
    const { sandbox, calls } = await start();
    await sandbox.eval(source);
    assert.ok(calls() > 0, 'the host function was called');
    sandbox.dispose();
    const { sandbox: other } = await start();
    assert.throws(() => other.evalSync(source), { name: 'WouldWaitError' }, 'it had to wait');
    other.dispose();
  });
}
