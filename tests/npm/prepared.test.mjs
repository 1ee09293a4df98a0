// Prepared programs: compiled once, run in many sandboxes as their sources would.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MemoryLimitError, TimeLimitError, blocking, compile, createSandbox } from 'caisson';
import { createResolver } from 'caisson/modules';
import { compile as compileForWorkers, createSandboxPool, createWorkerSandbox } from 'caisson/worker';

const folder = fileURLToPath(new URL('../language/programs', import.meta.url));

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

async function thrownBy(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

// What a program prints, and what becomes of it.
async function outcomeOf(source, name) {
  const lines = [];
  const print = (text) => lines.push(text);
  const sandbox = await createSandbox({
    console: { log: print, info: print, debug: print, warn: print, error: print, text: true },
    timeLimit: 60_000,
    onUncaughtError: (error) => print(String(error?.stack)),
    onUnhandledRejection: (error) => print(String(error?.stack)),
  });
  try {
    const module = typeof source === 'string' && name.endsWith('.mjs');
    await sandbox.eval(source, module ? { name, module, result: false } : { name, result: false });
    await sandbox.whenIdle();
  } catch (error) {
    lines.push(String(error.stack));
  } finally {
    sandbox.dispose();
  }
  return lines.join('\n');
}

// deep-recursion.js takes seconds, and compiles to nothing that others do not.
const programs = readdirSync(folder).filter((entry) => /\.m?js$/.test(entry) && entry !== 'deep-recursion.js');

test('all programs over the language do the same when they are prepared', async () => {
  let printed = 0;
  for (const name of programs) {
    const source = readFileSync(join(folder, name), 'utf8');
    const program = await compile(source, { name, module: name.endsWith('.mjs') });
    const expected = await outcomeOf(source, name);
    assert.equal(await outcomeOf(program, name), expected, name);
    printed += expected.length;
  }
  assert.ok(programs.length > 50 && printed > 500_000);
});

test('a program is a value that says what it is, and shows nothing else', async () => {
  const source = 'export const secret = 1';
  const program = await compile(source, { name: 'a.js', module: true });
  assert.deepEqual({ name: program.name, isModule: program.isModule }, { name: 'a.js', isModule: true });
  assert.ok(program.size > source.length && program.size < 1000);
  assert.deepEqual(Reflect.ownKeys(program), ['name', 'isModule', 'size']);
  assert.ok(Object.isFrozen(program));
  assert.equal(JSON.stringify(program).includes('secret'), false);
  assert.equal((await compile('1')).name, 'eval');
  assert.equal((await compile('1')).isModule, false);
});

test('nobody else makes a program', async (t) => {
  const sandbox = await start(t);
  const program = await compile('1 + 1');
  const { constructor } = Object.getPrototypeOf(program);
  const forged = [
    structuredClone(program),
    Object.create(program),
    { ...program },
    new constructor('x', false, 10),
    new Uint8Array(program.size),
    new ArrayBuffer(program.size),
    new Proxy(program, {}),
    null,
  ];
  for (const each of forged) {
    assert.throws(() => sandbox.evalSync(each), /evalSync: the source must be a string or a prepared program, got/);
    await assert.rejects(sandbox.eval(each), /eval: the source must be a string or a prepared program, got/);
  }
  assert.equal(sandbox.evalSync(program), 2);
});

test('the guest gets no program', async (t) => {
  const program = await compile('1 + 1');
  const sandbox = await start(t, { globals: { give: () => program } });
  const given = sandbox.evalSync('give()');
  assert.deepEqual(Object.keys(given), ['name', 'isModule', 'size']);
  assert.throws(() => sandbox.evalSync(given), /must be a string or a prepared program/);
});

test('a syntax error is the one of eval, and the next program compiles', async (t) => {
  const sandbox = await start(t);
  for (const source of ['let x = ;', '\n  break', 'a b', '"use strict"; with (a) b', 'let a; let a', '/(/']) {
    const expected = await thrownBy(() => sandbox.evalSync(source, { name: 'bad.js' }));
    const error = await thrownBy(() => compile(source, { name: 'bad.js' }));
    assert.ok(error instanceof SyntaxError, String(error));
    assert.equal(error.message, expected.message);
    assert.equal(error.stack, expected.stack);
    assert.match(error.stack, /bad\.js:\d+:\d+/);
  }
  await assert.rejects(compile('export 1', { module: true }), SyntaxError);
  await assert.rejects(compile('import "x"'), SyntaxError);
  assert.equal(sandbox.evalSync(await compile('7')), 7);
});

test('wrong arguments of compile', async () => {
  await assert.rejects(compile(5), { name: 'TypeError', message: 'compile: the source must be a string, got 5' });
  const wrong = [
    [null, /compile: the options must be an object, got null/],
    [{ name: 5 }, /compile: name must be a string, got 5/],
    [{ module: 1 }, /compile: module must be a boolean, got 1/],
    [{ globals: {} }, /compile: there is no option 'globals'; there are name, module, memoryLimit, timeLimit, wasm/],
    [{ memoryLimit: -1 }, /compile: memoryLimit must be a number of bytes above 0, got -1/],
    [{ memoryLimit: 5 }, /compile: memoryLimit must be at least/],
    [{ timeLimit: 0 }, /compile: timeLimit must be a number of milliseconds above 0, got 0/],
    [{ wasm: 5 }, /compile: wasm must be a WebAssembly.Module/],
  ];
  for (const [options, pattern] of wrong) await assert.rejects(compile('1', options), pattern);
});

test('compiling has limits of its own', async () => {
  const long = 'x = [1, 2, 3].map((a) => a + 1);\n'.repeat(100_000);
  await assert.rejects(compile(long, { timeLimit: 1 }), TimeLimitError);
  await assert.rejects(compile(long, { memoryLimit: 4 << 20 }), (error) => {
    assert.ok(error instanceof RangeError || error instanceof MemoryLimitError, String(error));
    return true;
  });
});

test('limits of the sandbox hold for prepared programs', async (t) => {
  const sandbox = await start(t, { memoryLimit: 4 << 20, timeLimit: 50 });
  const endless = await compile('for (;;);', { name: 'endless.js' });
  for (let i = 0; i < 2; i++) {
    const error = await thrownBy(() => sandbox.evalSync(endless));
    assert.ok(error instanceof TimeLimitError);
    assert.match(error.guestStack, /endless\.js:1/);
  }
  const big = await compile('let big = 1;\n' + 'big = [big, 2, "three"].length;\n'.repeat(60_000));
  assert.ok(big.size > 4 << 20);
  await assert.rejects(sandbox.eval(big), (error) => error instanceof RangeError || error instanceof MemoryLimitError);
  assert.equal(sandbox.evalSync(await compile('1 + 1')), 2);
  await assert.rejects(
    sandbox.eval(await compile('let n = 0; for (let i = 0; i < 1e6; i++) n += i;'), { fuelLimit: 1000 }),
  );
  const large = await start(t);
  assert.equal(await large.eval(big), 3);
  await assert.rejects(large.eval(await compile('0'), { fuelLimit: 1000, signal: AbortSignal.abort() }), /abort/i);
  // Reading is paid for.
  assert.throws(() => large.evalSync(big, { fuelLimit: 1000 }), TimeLimitError);
});

test('stacks, names and positions are those of the source', async (t) => {
  const source = `
    function outer(f) { return f(); }
    class A { #p = 1; m(o) { return o.#p; } static { this.made = new Error('static').stack; } }
    const at = [];
    const note = (f) => { try { f(); at.push('nothing'); } catch (error) { at.push(error.stack, String(error)); } };
    note(() => outer(() => { null.x; }));
    note(() => new A().m({}));
    note(() => undefinedName);
    note(() => at.none());
    note(() => eval('\\n  let y = 1; y.z.w'));
    note(() => new Function('a', 'return a.b.c')({}));
    note(() => { const q = 1; q = 2; });
    at.push(A.made, new Error('top').stack);
    at.join('\\n')`;
  const sandbox = await start(t);
  const program = await compile(source, { name: 'given.js' });
  const expected = sandbox.evalSync(`{${source}}`.replace('{', '').replace(/\}$/, ''), { name: 'given.js' });
  const other = await start(t);
  assert.equal(other.evalSync(program), expected);
  assert.match(expected, /given\.js:6:/);
  const third = await start(t);
  assert.equal(third.evalSync(program, { name: 'other.js' }), expected.replaceAll('given.js', 'other.js'));
});

test('functions give their source text', async (t) => {
  const source = `
    function  plain ( a , b ) { /* within */ return a }
    class K { static  s ( ) { } get [ 'x' ] ( ) { return 1 } #p = () => 2; }
    const list = [plain, K, K.s, Object.getOwnPropertyDescriptor(K.prototype, 'x').get, async  ( x ) =>  x,
      function * g ( ) { yield 1 }, { async * m ( ) { } }.m, (0, eval)('(function   e() {})'), 'ünï \\u4E2D 漢字', function () { return '漢' }];
    list.map(String).join('\\n') + list.map((f) => f.name + f.length).join()`;
  const sandbox = await start(t);
  const other = await start(t);
  assert.equal(other.evalSync(await compile(source)), sandbox.evalSync(source));
});

test('each sandbox, and each run, has its own objects', async (t) => {
  const program = await compile(`
    globalThis.count = (globalThis.count ?? 0) + 1;
    var tag = (strings) => strings;
    var site = () => tag\`a\${1}b\`;
    var literal = () => /x/g;
    var make = () => ({ a: 1, list: [1, 2, 3] });
    [count, site() === site(), literal() === literal(), make().list === make().list, Object.isFrozen(site()), site().raw[1]].join()`);
  const first = await start(t);
  const second = await start(t);
  assert.equal(first.evalSync(program), '1,true,false,false,true,b');
  assert.equal(second.evalSync(program), '1,true,false,false,true,b');
  first.evalSync('globalThis.before = site(); Array.prototype.changed = 1; make().list.push(4)');
  assert.equal(first.evalSync(program), '2,true,false,false,true,b');
  assert.equal(first.evalSync('before === site()'), false, 'another evaluation of a script is another site');
  assert.equal(second.evalSync('make().list.length + String([].changed)'), '3undefined');
});

test('what running changes is not carried over to the next sandbox', async (t) => {
  const program = await compile(`
    function Point(x, y) { this.x = x; this.y = y; }
    let sum = 0;
    for (let i = 0; i < 1000; i++) { const p = new Point(i, 1); if (i % 2) p['z' + i % 20] = 1; sum += p.x + p.y; }
    globalThis.seen = Object.keys(new Point(1, 2)).join(); sum + seen`);
  for (let i = 0; i < 5; i++) {
    const sandbox = await start(t);
    if (i % 2) sandbox.evalSync('Object.prototype.y = 5; globalThis.sum0 = 1');
    assert.equal(sandbox.evalSync(program), '500500x,y');
  }
});

test('programs outlive the sandboxes that ran them', async () => {
  const program = await compile('globalThis.n = (globalThis.n ?? 0) + 1; (() => n)()');
  for (let i = 0; i < 50; i++) {
    const sandbox = await createSandbox({ isolation: i % 2 ? 'shared' : 'auto' });
    assert.equal(sandbox.evalSync(program), 1);
    assert.equal(sandbox.evalSync(program), 2);
    sandbox.dispose();
    assert.throws(() => sandbox.evalSync(program), /disposed/);
  }
});

test('direct eval, with, strictness, generators, async functions and private names', async (t) => {
  const program = await compile(`
    'use strict';
    const results = [];
    (function () { let a = 1; { let b = 2; results.push(eval('a + b + (() => a)()')); } })();
    results.push((function () { return this; })() === undefined);
    results.push(new Function('var o = { q: 3 }; with (o) { return q; }')());
    function* generate() { const got = yield 1; yield got * 2; }
    const g = generate(); g.next(); results.push(g.next(21).value);
    class C { #x = 1; static #count = 0; inc() { C.#count++; return ++this.#x; } static get count() { return C.#count; } has(o) { return #x in o; } }
    const c = new C(); results.push(c.inc(), C.count, c.has(c), c.has({}));
    results.push([..."a😀b"].length, 2n ** 100n, -0 === 0 && 1 / -0, 0xFFFFFFFF, 1.5e300, NaN);
    (async () => { for await (const x of [Promise.resolve(5), 6]) results.push(x); return results.map(String).join(); })()`);
  const expected = '4,true,3,42,2,1,true,false,3,1267650600228229401496703205376,-Infinity,4294967295,1.5e+300,NaN,5,6';
  for (let i = 0; i < 2; i++) assert.equal(await (await start(t)).eval(program), expected);
  const sloppy = await compile(
    'var o = { q: 1 }; with (o) { q = 2; eval("var made = q") } made + String(this === globalThis)',
  );
  assert.equal((await start(t)).evalSync(sloppy), '2true');
});

test('declarations of scripts meet those of other scripts as those of sources do', async (t) => {
  const sandbox = await start(t);
  const program = await compile('let once = 1; var twice = 2; function f() { return once; } f()');
  assert.equal(sandbox.evalSync(program), 1);
  assert.throws(() => sandbox.evalSync(program), /once/);
  assert.equal(sandbox.evalSync('once + twice + f()'), 4);
});

test('large programs: many variables, constants, functions, deep nesting and long lists', async (t) => {
  const many = (count, each) => Array.from({ length: count }, (_, i) => each(i)).join('');
  const sources = [
    `(function () { ${many(60_000, (i) => `var v${i} = ${i};`)} return v0 + v59999; })()`,
    `(function () { ${many(70_000, (i) => `var o${i % 9} = { p${i}: 1 };`)} return Object.keys(o0).length; })()`,
    `[${many(200_000, (i) => `${i},`)}].length`,
    `[${many(70_000, (i) => `'text ${i}',`)}].at(-1)`,
    many(5000, (i) => `function f${i}() { return ${i}; }`) + 'f0() + f4999()',
    `${many(3000, () => '(() => ')}1${many(3000, () => ')')} ; 5`,
    `switch (7) { ${many(5000, (i) => `case ${i}: `)} 'found' }`,
    `'${'x'.repeat(1_000_000)}'.length + '${'漢'.repeat(100_000)}'.length`,
  ];
  for (const source of sources) {
    const program = await compile(source);
    const sandbox = await start(t);
    const other = await start(t);
    assert.deepEqual(sandbox.evalSync(program), other.evalSync(source), source.slice(0, 60));
  }
});

test('modules: evaluated, imported by name, found by a resolver, with their own names', async (t) => {
  const lib = await compile('export let n = 1; export const inc = () => ++n; export default import.meta.url;', {
    module: true,
  });
  const main = await compile(
    `import where, { n, inc } from './lib.js'; import { n as again } from './alias.js'; inc();
     export { n, again, where }; export const text = (await Promise.resolve('late')) + typeof this;
     export const later = () => import('./lib.js').then((m) => m.n); export class K {}`,
    { name: './main.js', module: true },
  );
  const expected = { n: 2, again: 2, where: './lib.js', text: 'lateundefined' };
  const resolver = (name) => {
    if (name === './main.js') return main;
    if (name === './alias.js') return { source: lib, name: './lib.js' };
    return name === './lib.js' ? Promise.resolve(lib) : undefined;
  };
  for (const modules of [resolver, { './lib.js': lib, './alias.js': 'export * from "./lib.js"', './main.js': main }]) {
    const sandbox = await start(t, { modules });
    const { later, K, ...rest } = await sandbox.eval(main);
    assert.deepEqual({ ...rest }, expected);
    assert.equal(await later(), 2);
    assert.equal(typeof K, 'function');
    const other = await start(t, { modules });
    assert.equal((await other.import('./main.js')).n, 2);
    assert.equal((await other.import('./main.js')).n, 2);
  }
  const found = await start(t, { modules: createResolver({}, { builtins: { lib } }) });
  assert.equal((await found.eval('import { n } from "lib"; export default n', { module: true })).default, 1);
});

test('a program of the wrong kind is refused where it is used', async (t) => {
  const script = await compile('1', { name: 's.js' });
  const module = await compile('export default 1', { name: 'm.js', module: true });
  const sandbox = await start(t, { modules: { 's.js': script, 'm.js': module } });
  const failures = [
    [() => sandbox.evalSync(module), /evalSync: the program 'm\.js' is a module; use eval/],
    [() => sandbox.ref(module), /ref: the program 'm\.js' is a module/],
    [() => sandbox.eval(module, { module: false }), /was prepared as a module, and module is false/],
    [() => sandbox.eval(script, { module: true }), /was prepared as a script, and module is true/],
    [
      () => sandbox.import('s.js'),
      /module 's\.js' was prepared as a script; use compile\(source, \{ module: true \}\)/,
    ],
    [
      () => sandbox.eval('import x from "m.js" with { type: "json" }', { module: true }),
      /'m\.js' is a prepared program, and was imported as 'json'/,
    ],
    [() => sandbox.import(module), /specifier must be a string/],
  ];
  for (const [action, pattern] of failures) {
    const error = await thrownBy(action);
    assert.ok(error instanceof TypeError, String(error));
    assert.match(error.message, pattern);
  }
  assert.equal((await sandbox.eval(module, { module: true })).default, 1);
});

test('module graphs link across sources and programs, and say what is missing', async (t) => {
  const main = await compile('import { missing } from "./lib.js";', { name: './main.js', module: true });
  const source = await start(t, { modules: { './lib.js': 'export const a = 1' } });
  const expected = await thrownBy(() =>
    source.eval('import { missing } from "./lib.js";', { name: './main.js', module: true }),
  );
  const error = await thrownBy(() => source.eval(main));
  assert.ok(error instanceof SyntaxError);
  assert.equal(error.stack, expected.stack);
});

test('references, results, blocking functions, pauses', async (t) => {
  const sandbox = await start(t, {
    globals: { wait: blocking(async (x) => x * 2) },
    timeSlice: 1,
  });
  const program = await compile('({ list: [1, 2], answer: [1, 2, 3].map((x) => wait(x)).join() })');
  assert.equal((await sandbox.eval(program)).answer, '2,4,6');
  assert.equal(await sandbox.eval(await compile('let s = 0; for (let i = 0; i < 3e6; i++) s += i % 3; s')), 3_000_000);
  const plain = await start(t);
  const reference = plain.ref(await compile('globalThis.state = { n: 1 }'));
  reference.set('n', 5);
  assert.equal(plain.evalSync('state.n'), 5);
  assert.equal(plain.evalSync(await compile('new WeakMap()'), { result: false }), undefined);
});

test('workers and pools run prepared programs', async (t) => {
  const program = await compileForWorkers('globalThis.n = (globalThis.n ?? 0) + 1', { name: 'worker.js' });
  const lib = await compile('export const a = 41', { module: true });
  const main = await compile('import { a } from "./lib.js"; export default a + 1', { name: './main.js', module: true });
  for (const sharedMemory of [true, false]) {
    for (const modules of [{ './lib.js': lib }, async () => lib]) {
      const sandbox = await createWorkerSandbox({ modules, sharedMemory });
      t.after(() => sandbox.dispose());
      assert.equal(await sandbox.eval(program), 1);
      assert.equal(await sandbox.eval(program, { signal: new AbortController().signal }), 2);
      assert.equal((await sandbox.eval(main)).default, 42);
      assert.equal(await (await sandbox.ref(await compile('({ x: 3 })'))).get('x'), 3);
      await assert.rejects(sandbox.eval({}), /eval: the source must be a string or a prepared program, got/);
      await assert.rejects(sandbox.ref(main), /is a module/);
      await assert.rejects(sandbox.eval(await compile('\nnull.x', { name: 'where.js' })), (error) =>
        /where\.js:2:/.test(error.stack),
      );
    }
  }
  const pool = createSandboxPool({ size: 2, modules: { './lib.js': lib } });
  t.after(() => pool.close({ force: true }));
  assert.deepEqual(await Promise.all(Array.from({ length: 6 }, () => pool.run(program))), [1, 1, 1, 1, 1, 1]);
  assert.equal((await pool.run(main)).default, 42);
  await assert.rejects(pool.run({}), /run: the source must be a string or a prepared program, got/);
});

test('many programs can be compiled at once, and failures do not hold up the others', async (t) => {
  const sources = Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? 'let ;=' : `${i}`));
  const compiled = await Promise.allSettled(sources.map((source) => compile(source)));
  const sandbox = await start(t);
  for (const [i, { status, value, reason }] of compiled.entries()) {
    if (i % 4 === 3) assert.ok(reason instanceof SyntaxError);
    else assert.deepEqual([status, sandbox.evalSync(value)], ['fulfilled', i]);
  }
});

test('a package of npm works as it does as a source', async (t) => {
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild');
  const { outputFiles } = buildSync({
    stdin: {
      contents: 'import * as acorn from "acorn"; globalThis.acorn = acorn;',
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  });
  const program = await compile(outputFiles[0].text, { name: 'acorn.js' });
  const use =
    'JSON.stringify(acorn.parse("class A { #b = 1; async *c() { yield* d } } `x${y}`", { ecmaVersion: 2022 }))';
  const [a, b] = [await start(t), await start(t)];
  a.evalSync(program);
  b.evalSync(outputFiles[0].text, { name: 'acorn.js' });
  assert.equal(a.evalSync(use), b.evalSync(use));
  assert.equal(a.evalSync('String(acorn.parse)'), b.evalSync('String(acorn.parse)'));
});
