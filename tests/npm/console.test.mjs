// What the guest prints reaches the host's console: as values where they cross, as text where they do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

async function printed(source) {
  const lines = [];
  const sandbox = await createSandbox({
    console: { log: (...values) => lines.push(values), error: (...values) => lines.push(['error', ...values]) },
  });
  sandbox.evalSync(source);
  sandbox.dispose();
  return lines;
}

test('values are values', async () => {
  assert.deepEqual(await printed('console.log(1, "two", [3], { four: 4 }); console.error(null)'), [
    [1, 'two', [3], { four: 4 }],
    ['error', null],
  ]);
});

test('what cannot cross is its text, and the values beside it are themselves', async () => {
  assert.deepEqual(await printed('console.log(Symbol("s"), 1, { a: 2 })'), [['Symbol(s)', 1, { a: 2 }]]);
  assert.deepEqual(await printed('console.log("of", [Symbol("inner")], 3)'), [['of', '[ Symbol(inner) ]', 3]]);
  const [[weak, number]] = await printed('console.log(new WeakMap(), 5)');
  assert.match(weak, /WeakMap/);
  assert.equal(number, 5);
});

test('a getter that throws stops nothing', async () => {
  const [[shown], after] = await printed('console.log({ get a() { throw new Error("no") } }); console.log("after")');
  assert.equal(typeof shown, 'string');
  assert.deepEqual(after, ['after']);
});

test("an error of the host's console is thrown to the guest", async () => {
  const sandbox = await createSandbox({
    console: {
      log: () => {
        throw new RangeError('full');
      },
    },
  });
  assert.equal(sandbox.evalSync('try { console.log(1) } catch (error) { error.message }'), 'full');
  sandbox.dispose();
});

test("methods that the host's console has not do nothing, and the others are there", async () => {
  const lines = await printed(
    'console.debug("unheard"); console.group("outer"); console.log("inner"); console.groupEnd(); console.count(); console.assert(false, "said")',
  );
  assert.deepEqual(lines, [['outer'], ['  inner'], ['default: 1'], ['error', 'Assertion failed: said']]);
});

test('a console that wants text gets what Node would print, made in the sandbox', async () => {
  const lines = [];
  const sandbox = await createSandbox({
    console: { log: (...values) => lines.push(values), text: true },
    globals: { inner: { text: true } },
  });
  sandbox.evalSync(`
    class Point { constructor() { this.x = 1; } get [Symbol.toStringTag]() { return 'P'; } }
    console.log('%s is', 'it', new Point(), { get a() { throw 1; } }, Promise.resolve(Symbol('s')), new WeakMap());
    console.group('outer');
    console.log('first\\nsecond', { long: 'x'.repeat(50), other: 'y'.repeat(30) });
    console.groupEnd();
    console.log('%d%%', 5);
    console.log();
    console.warn('no such method');
    1`);
  sandbox.dispose();
  assert.deepEqual(lines, [
    ['it is Point [P] { x: 1 } { a: [Getter] } Promise { Symbol(s) } WeakMap { <items unknown> }'],
    ['outer'],
    [`  first\n  second {\n    long: '${'x'.repeat(50)}',\n    other: '${'y'.repeat(30)}'\n  }`],
    ['5%'],
    [''],
  ]);
});

/** What reaches the host's console meanwhile: [method, text]. */
async function hostPrints(t, options, source) {
  const lines = [];
  for (const name of ['log', 'debug', 'info', 'warn', 'error'])
    t.mock.method(console, name, (...values) => lines.push([name, ...values]));
  const sandbox = await createSandbox(options);
  sandbox.evalSync(source, { name: 'guest.js' });
  sandbox.dispose();
  t.mock.restoreAll();
  return lines;
}

test("without the option the guest's console prints to the host's, by the method of the same level", async (t) => {
  const lines = await hostPrints(
    t,
    {},
    'for (const level of ["log", "debug", "info", "warn", "error"]) console[level]("%s:", level, { a: [1] }, "gr\u00fc\u00df", "\u65e5")',
  );
  assert.deepEqual(
    lines,
    ['log', 'debug', 'info', 'warn', 'error'].map((level) => [level, `${level}: { a: [ 1 ] } gr\u00fc\u00df \u65e5`]),
  );
});

test('a prefix comes before every line, also of texts for functions of the host', async (t) => {
  const source = 'console.group("one"); console.log("two\\nthree"); console.warn()';
  assert.deepEqual(await hostPrints(t, { console: { prefix: '[plugin] ' } }, source), [
    ['log', '[plugin] one'],
    ['log', '[plugin]   two\n[plugin]   three'],
    ['warn', '[plugin]   '],
  ]);
  const given = [];
  const option = { prefix: '> ', log: (...values) => given.push(values) };
  assert.deepEqual(await hostPrints(t, { console: option }, source), []);
  assert.deepEqual(given, [['> one'], ['>   two\n>   three']]);
});

test('false, and an object without methods, are silence', async (t) => {
  const source = 'console.log(1); console.table([1]); console.error(new Error("x"))';
  assert.deepEqual(await hostPrints(t, { console: false }, source), []);
  assert.deepEqual(await hostPrints(t, { console: {} }, source), []);
});

test('all methods of the Console standard', async (t) => {
  const lines = await hostPrints(
    t,
    {},
    `console.assert(true, 'unheard'); console.assert(false, 'no %s', 'way'); console.assert();
     console.clear(); console.count(); console.count('a'); console.countReset(); console.count(); console.countReset('b');
     console.dir({ a: { b: 1 } }, { depth: 0 }); console.dirxml('x', 1);
     console.group('G'); console.groupCollapsed('H'); console.log('in'); console.groupEnd(); console.groupEnd(); console.groupEnd();
     console.table([{ a: 1 }]);
     (function named() { console.trace('here %d', 1); })();
     console.time('t'); console.timeLog('t', 'x'); console.timeEnd('t'); console.timeEnd('t')`,
  );
  const masked = lines.map(([method, text]) => `${method} ${text.replace(/[\d.]+ms/, 'N')}`);
  assert.deepEqual(masked, [
    'error Assertion failed: no way',
    'error Assertion failed',
    'log default: 1',
    'log a: 1',
    'log default: 1',
    "warn Count for 'b' does not exist",
    'log { a: [Object] }',
    'log x 1',
    'log G',
    'log   H',
    'log     in',
    'log \u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2510\n\u2502 (index) \u2502 a \u2502\n\u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2524\n\u2502 0       \u2502 1 \u2502\n\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2518',
    'error Trace: here 1\n    at named (guest.js:6:34)\n    at guest.js:6:57',
    'log t: N x',
    'info t: N',
    "warn No such label 't'",
  ]);
});

const hostile = {
  'a symbol': 'Symbol("s")',
  'a generator': '(function* () {})()',
  'an iterator': '[1][Symbol.iterator]()',
  'an iterator helper': '[1].values().map((x) => x)',
  'a WeakMap': 'new WeakMap()',
  'a WeakRef': 'new WeakRef({})',
  'a promise': 'Promise.resolve(1)',
  'a class': 'class A { static { this.self = this; } }',
  'a proxy whose traps throw': 'new Proxy({}, new Proxy({}, { get() { return () => { throw new Error("trap"); }; } }))',
  'a proxy of a function': 'new Proxy(function () {}, { get() { throw 1; } })',
  'a revoked proxy': '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()',
  'a getter that throws': '({ get a() { throw 1; } })',
  'a toString that throws': '({ toString() { throw 1; }, valueOf() { throw 2; }, toJSON() { throw 3; } })',
  'a toStringTag that throws': '({ get [Symbol.toStringTag]() { throw 1; } })',
  'an object without a prototype': 'Object.create(null)',
  'an error whose stack throws': 'Object.defineProperty(new Error("e"), "stack", { get() { throw 1; } })',
  'a cycle': '(() => { const o = {}; o.o = o; return o; })()',
  'shared memory': 'new SharedArrayBuffer(8)',
  'the global object': 'globalThis',
};

for (const [what, value] of Object.entries(hostile))
  test(`nothing throws: ${what}`, async (t) => {
    const source = `{
      const value = ${value};
      for (const level of ['log', 'debug', 'info', 'warn', 'error', 'dir', 'dirxml', 'table', 'trace', 'group'])
        console[level](value);
      for (const directive of ['%s', '%d', '%i', '%f', '%j', '%o', '%O', '%c', '%%'])
        console.log('<' + directive + '>', value);
      for (const method of ['count', 'count', 'countReset', 'countReset', 'time', 'time', 'timeLog', 'timeEnd', 'timeEnd'])
        console[method](value);
      console.dir(1, value);
      console.table([value, { value }], ['value']);
      console.table([1], value);
      console.assert(false, value, value);
      console.timeLog('none', value);
      console.groupEnd(value);
      console.clear(value);
    }`;
    const texts = await hostPrints(t, {}, source);
    assert.ok(texts.length > 25 && texts.every(([, text]) => typeof text === 'string'));
    // The same for functions of the host that take values.
    const given = [];
    const take = (...values) => given.push(values);
    await hostPrints(t, { console: { log: take, debug: take, info: take, warn: take, error: take } }, source);
    assert.ok(given.length > 25);
  });

test('control characters of the guest do not reach a terminal', async (t) => {
  const [[, text]] = await hostPrints(t, {}, 'console.log("a\\x1b[2J\\r\\b\\x9b\\u202e\\tb\\n" + String.raw`\\x1b`)');
  assert.equal(text, 'a\\u{1b}[2J\\u{d}\\u{8}\\u{9b}\\u{202e}\tb\n\\x1b');
});

test("a flood is cut off, and the host's console that throws stops nothing", async (t) => {
  const lines = await hostPrints(
    t,
    { hostLimits: { prints: 100 } },
    'for (let i = 0; i < 1e5; i++) console.log(i); console.log("x".repeat(1e6))',
  );
  const printed = lines.filter(([, text]) => /^\d+$/.test(text)).length;
  assert.ok(printed >= 100 && printed < 1000, `${printed}`);
  const [[, long]] = await hostPrints(t, {}, 'console.log("x".repeat(1e6))');
  assert.ok(long.length < 70_000 && long.endsWith('... (934464 more characters)'));
  t.mock.method(console, 'log', () => {
    throw new Error('closed');
  });
  const sandbox = await createSandbox();
  assert.equal(sandbox.evalSync('console.log(1); 2'), 2);
  sandbox.dispose();
});

test("a host's console that calls the guest, or disposes of it", async (t) => {
  const sandbox = await createSandbox();
  const values = [];
  t.mock.method(console, 'log', (text) => values.push(text, sandbox.evalSync('1 + 1')));
  assert.equal(sandbox.evalSync('console.log("a", 1); 3'), 3);
  assert.deepEqual(values, ['a 1', 2]);
  t.mock.method(console, 'warn', () => sandbox.dispose());
  assert.throws(() => sandbox.evalSync('console.warn("end"); for (;;);'), { name: 'DisposedError' });
});

test('where the host has no console there is silence', async (t) => {
  const sandbox = await createSandbox();
  const { console } = globalThis;
  t.after(() => {
    globalThis.console = console;
  });
  delete globalThis.console;
  assert.equal(sandbox.evalSync('console.log(1); console.table([2]); 3'), 3);
  globalThis.console = console;
  sandbox.dispose();
});

test('the option is checked', async () => {
  for (const console of [true, null, 1, 'x', { prefix: 1 }])
    await assert.rejects(createSandbox({ console }), { name: 'TypeError', message: /console/ });
});
