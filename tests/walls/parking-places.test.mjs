// Where a blocking host function can set the guest aside, and where it cannot: there it throws a TypeError in the guest
// that says why. Nothing hangs and nothing traps. A place that learns to wait moves from the second table to the first.
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
};

const refuses = {
  'eval indirect': '(0, eval)("load()")',
  'async gen': '((async function* () { yield load(); })().next().then((r) => r.value))',
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

for (const [name, source] of Object.entries(refuses)) {
  test(`refuses in: ${name}`, { timeout: 5000 }, async () => {
    const { sandbox, calls } = await start();
    await assert.rejects(sandbox.eval(source), (error) => {
      assert.ok(error instanceof TypeError, String(error));
      assert.match(error.message, /^function load waits for the host: it cannot be called inside/);
      return true;
    });
    assert.equal(calls(), 0, 'the host function was not called');
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    sandbox.dispose();
  });
}
