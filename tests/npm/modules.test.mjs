// Where imports lead: names, import maps, sources of all kinds, and modules of the host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, constructible, createSandbox } from 'caisson';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

const where = 'export default import.meta.url;';

test('relative names are resolved against what imports, in an object of sources as well', async (t) => {
  const sandbox = await start(t, {
    modules: {
      './v.js': where,
      './sub/v.js': where,
      './sub/b.js': 'export { default } from "./v.js";',
      './sub/up.js': 'export { default } from "../v.js";',
      'plain/a.js': 'export { default } from "./b.js";',
      'plain/b.js': where,
      'https://host/dir/a': 'export { default } from "../b";',
      'https://host/b': where,
      '/top/a.js': 'export { default } from "../../../b.js";',
      '/b.js': where,
    },
  });
  const expected = {
    './sub/b.js': './sub/v.js',
    './sub/up.js': './v.js',
    'plain/a.js': 'plain/b.js',
    './plain/a.js': 'plain/b.js',
    'https://host/dir/a': 'https://host/b',
    '/top/a.js': '/b.js',
  };
  for (const [name, found] of Object.entries(expected)) assert.equal((await sandbox.import(name)).default, found, name);
});

test('a module is made once, whatever names lead to it', async (t) => {
  let made = 0;
  const sandbox = await start(t, {
    globals: { count: () => ++made },
    modules: {
      'main.js': 'import a from "./lib.js"; import b from "lib.js"; import c from "short"; export default [a, b, c];',
      './lib.js': 'export default count();',
    },
    importMap: { imports: { short: 'lib.js' } },
  });
  assert.deepEqual((await sandbox.import('./main.js')).default, [1, 1, 1]);
  await sandbox.import('main.js');
  assert.equal(made, 1);
});

test('import maps: whole names, prefixes, the longest of them, and scopes', async (t) => {
  const sandbox = await start(t, {
    modules: (name) => `export { default } from 'end'; export const name = ${JSON.stringify(name)};`,
    importMap: {
      imports: { a: './a.js', 'lib/': './lib/', 'lib/deep/': './deep/', end: 'data:end' },
      scopes: { './old/': { a: './old-a.js' }, './old/er/': { a: './older-a.js' }, './one.js': { a: './one-a.js' } },
    },
  });
  const plain = await start(t, {
    modules: (name, referrer) => {
      if (name.startsWith('./from')) return `export { name } from 'a';`;
      return `export const name = ${JSON.stringify(`${name} of ${referrer}`)};`;
    },
    importMap: { imports: { a: './a.js' }, scopes: { './from/': { a: './scoped.js' } } },
  });
  assert.equal((await plain.import('./from/x.js')).name, './scoped.js of ./from/x.js');
  assert.equal((await plain.import('./from-top.js')).name, './a.js of ./from-top.js');
  await assert.rejects(sandbox.import('x'), { name: 'SyntaxError' });
  for (const [specifier, name] of Object.entries({ a: './a.js', 'lib/x.js': './lib/x.js', 'lib/deep/x': './deep/x' })) {
    const found = [];
    const one = await start(t, {
      modules: (resolved) => void found.push(resolved) ?? '',
      importMap: { imports: { a: './a.js', 'lib/': './lib/', 'lib/deep/': './deep/' } },
    });
    await one.import(specifier);
    assert.deepEqual(found, [name]);
  }
});

test('a resolver hears the resolved name, who asks, and what was written', async (t) => {
  const heard = [];
  const sandbox = await start(t, {
    modules: async (name, referrer, request) => {
      heard.push([name, referrer, request]);
      return name.endsWith('.json') ? '{}' : 'import "../b/c.json" with { type: "json" };';
    },
  });
  await sandbox.import('./a/x.js');
  assert.deepEqual(heard, [
    ['./a/x.js', undefined, { specifier: './a/x.js', referrer: undefined, type: '' }],
    ['./b/c.json', './a/x.js', { specifier: '../b/c.json', referrer: './a/x.js', type: 'json' }],
  ]);
});

test('a resolver may say which module it is', async (t) => {
  const sandbox = await start(t, {
    modules: (name) => {
      if (name === 'lib' || name === 'lib@1')
        return { name: 'https://cdn/lib@1/index', source: `import './part'; ${where}` };
      return { exports: { name } };
    },
  });
  const [one, other] = [await sandbox.import('lib'), await sandbox.import('lib@1')];
  assert.equal(one.default, 'https://cdn/lib@1/index');
  assert.deepEqual(one, other);
  assert.equal((await sandbox.import('https://cdn/lib@1/part')).name, 'https://cdn/lib@1/part');
});

test('sources are texts or bytes, of JavaScript, JSON, text and bytes', async (t) => {
  const bytes = (text) => new TextEncoder().encode(text);
  const sandbox = await start(t, {
    modules: {
      'main.js': bytes(`import json from 'json' with { type: 'json' };
        import bytesOfJson from 'json' with { type: 'bytes' };
        import text from 'bytes' with { type: 'text' };
        import binary from 'bytes' with { type: 'bytes' };
        import part from 'view' with { type: 'bytes' };
        export default { json, bytesOfJson, text, binary, part, own: binary.buffer.byteLength };`),
      json: '{ "a": [1, null] }',
      bytes: bytes('tö').buffer.slice(0, 3),
      view: new Uint16Array([1, 2, 3]).subarray(1, 2),
    },
  });
  const { default: found } = await sandbox.import('main.js');
  assert.deepEqual(found.json, { a: [1, null] });
  assert.equal(found.text, 'tö');
  assert.deepEqual([...found.binary], [0x74, 0xc3, 0xb6]);
  assert.equal(found.own, 3);
  assert.deepEqual([...found.part], [2, 0]);
  assert.equal(new TextDecoder().decode(found.bytesOfJson), '{ "a": [1, null] }');
});

test('JSON modules are parsed by the engine, whatever the guest made of JSON.parse', async (t) => {
  const sandbox = await start(t, { modules: { j: '[1]' } });
  sandbox.evalSync('JSON.parse = () => "mine"; globalThis.JSON = undefined;');
  const program = 'import j from "j" with { type: "json" }; export default j;';
  assert.deepEqual((await sandbox.eval(program, { module: true })).default, [1]);
});

test('objects of the host are modules, and their functions are called on them', async (t) => {
  class Point {
    constructor(x) {
      this.x = x;
    }
    twice() {
      return this.x * 2;
    }
  }
  const db = {
    rows: 3,
    async query(n) {
      return this.rows * n;
    },
    add: (a, b) => a + b,
    Point: constructible(Point),
    nested: { list: [1, 2] },
    'not an identifier': 5,
    7: 'an index',
  };
  const sandbox = await start(t, { modules: { 'app:db': db, 'app:own': { default: 'own', x: 1 }, 'app:none': {} } });
  const { default: found } = await sandbox.eval(
    `import db, { add, rows, Point, nested, 'not an identifier' as odd } from 'app:db';
     import own, { x } from 'app:own'; import none from 'app:none'; import * as all from 'app:db';
     export default [add(2, 4), await db.query(3), rows, new Point(4).twice(), nested.list, odd, own, x,
       Object.keys(none), Object.keys(all).sort()];`,
    { module: true },
  );
  const names = ['Point', 'add', 'default', 'nested', 'not an identifier', 'query', 'rows'];
  assert.deepEqual(found, [6, 9, 3, 8, [1, 2], 5, 'own', 1, [], names]);
  await assert.rejects(sandbox.eval('import { missing } from "app:db"', { module: true }), {
    name: 'SyntaxError',
    message: /missing/,
  });
  const program = 'import db from "app:db" with { type: "json" }';
  await assert.rejects(sandbox.eval(program, { module: true }), { name: 'TypeError', message: /must be a string/ });
});

test('what of the host cannot cross is an error of the import', async (t) => {
  const sandbox = await start(t, { modules: { 'app:x': { cache: new WeakMap() } } });
  await assert.rejects(sandbox.import('app:x'), { name: 'TypeError', message: /cache.*WeakMap/ });
  assert.equal(sandbox.evalSync('1'), 1);
});

test('eval of a module: imports, await, exports, and a name that imports are resolved against', async (t) => {
  const sandbox = await start(t, { modules: { './dir/lib.js': 'export const n = 20;' } });
  const program =
    'import { n } from "./lib.js"; export const sum = n + await Promise.resolve(1); export default import.meta.url;';
  const options = { module: true, name: './dir/main.js' };
  assert.deepEqual(await sandbox.eval(program, options), { default: './dir/main.js', sum: 21 });
  // Each is a module of its own.
  assert.deepEqual(await sandbox.eval('export const n = 1;', options), { n: 1 });
  assert.deepEqual(await sandbox.eval('export const n = 2;', options), { n: 2 });
  await assert.rejects(sandbox.eval('await null; throw new RangeError("late");', options), {
    name: 'RangeError',
    stack: /\.\/dir\/main\.js:1:\d+/,
  });
  await assert.rejects(sandbox.eval('export default 1;'), { name: 'SyntaxError' });
  await assert.rejects(sandbox.eval('return 1', options), { name: 'SyntaxError' });
  await assert.rejects(sandbox.eval('for (;;);', { ...options, timeLimit: 20 }), { name: 'TimeLimitError' });
  await assert.rejects(sandbox.eval('await new Promise(() => {})', { ...options, waitLimit: 20 }), {
    name: 'TimeLimitError',
  });
  assert.throws(() => sandbox.evalSync('1', { module: true }), { message: /evalSync: there is no option 'module'/ });
  await assert.rejects(sandbox.eval('1', { module: 1 }), { message: /module must be a boolean, got 1/ });
});

test('what is missing or wrong is named', async (t) => {
  const wrong = [undefined, null, 5, true, {}, [], { source: 5 }, { exports: 1 }, { source: '', name: 5 }, Symbol('s')];
  const sandbox = await start(t, { modules: async (name) => wrong[Number(name)] });
  const messages = [];
  for (const [i] of wrong.entries()) messages.push(await sandbox.import(String(i)).catch((error) => error.message));
  const expected = "the source of module 'N' must be a string, bytes, { source } or { exports }, got ";
  assert.deepEqual(messages.slice(0, 3), [
    "there is no module '0'",
    "there is no module '1'",
    `${expected.replace('N', '2')}5`,
  ]);
  for (const [i, message] of messages.entries())
    if (i > 1 && i !== 8) assert.ok(message.startsWith(expected.replace('N', i)), message);
  assert.equal(messages[8], "the name of module '8' must be a string, got 5");

  const sources = await start(t, { modules: { './sub/a.js': 'import "./b.js";', x: 5 } });
  await assert.rejects(sources.import('./sub/a.js'), {
    message: "there is no module './sub/b.js' (imported as './b.js'), which './sub/a.js' imports",
  });
  await assert.rejects(sources.import('x'), {
    message: "module 'x' must be a source text, bytes, or an object of exports, got 5",
  });
  const none = await start(t, {});
  await assert.rejects(none.import('x'), { message: "cannot import 'x': this sandbox has no modules" });
  const type = 'import x from "./sub/a.js" with { type: "css" }';
  await assert.rejects(sources.eval(type, { module: true }), { name: 'SyntaxError', message: /attributes/ });
});

test('an import map is checked', async () => {
  const wrong = [
    [5, /importMap must be an object with imports, scopes or both, got 5/],
    [{ import: {} }, /there is no 'import' in importMap; there are imports, scopes/],
    [{ imports: { a: 5 } }, /importMap: imports: a must be a string, got 5/],
    [{ imports: { 'a/': './a' } }, /'a\/' ends with '\/', so its target must, got '\.\/a'/],
    [{ scopes: { './x/': 'y' } }, /importMap: \.\/x\/ must be an object of names/],
    [{ scopes: [] }, /importMap\.scopes must be an object/],
  ];
  for (const [importMap, message] of wrong) await assert.rejects(createSandbox({ importMap }), { message });
});

// Graphs are walked without recursion.
const DEEP = 3000;
const chainOf = (line) => (specifier) => {
  const number = Number(/m(\d+)\.js$/.exec(specifier)[1]);
  return line(number, number + 1 < DEEP ? `./m${number + 1}.js` : undefined);
};

test('a chain of imports may be as long as there are modules', async (t) => {
  const load = chainOf((number, next) =>
    next
      ? `import { depth as above } from '${next}'; export * from '${next}'; export const depth = above + 1;`
      : 'export const depth = 1, last = "last";',
  );
  for (const modules of [load, async (specifier) => load(specifier)]) {
    const sandbox = await createSandbox({ modules });
    t.after(() => sandbox.dispose());
    const { depth, last } = await sandbox.import('./m0.js');
    assert.deepEqual([depth, last], [DEEP, 'last']);
    assert.equal(await sandbox.eval("import('./m7.js').then((module) => Object.keys(module).join())"), 'depth,last');
  }
});

test('so may one whose last module waits, throws, or names what is not there', async (t) => {
  const ends = {
    'await null; export const end = 1': 1,
    'export const end = 1; throw new Error("at the end")': /at the end/,
    'export const end = 1; await null; throw new Error("after waiting")': /after waiting/,
    'export const other = 1': /has no export 'end'/,
  };
  for (const [end, expected] of Object.entries(ends)) {
    const modules = chainOf((number, next) => (next ? `export { end } from '${next}';` : end));
    const sandbox = await createSandbox({ modules });
    t.after(() => sandbox.dispose());
    if (expected === 1) assert.equal((await sandbox.import('./m0.js')).end, 1);
    else await assert.rejects(sandbox.import('./m0.js'), expected);
    assert.equal(sandbox.evalSync('1 + 1'), 2);
  }
});

// What happens when modules are imported one after the other, the functions of the host in `globals` given.
async function eventsOf(modules, names, load) {
  const events = [];
  const sandbox = await createSandbox({ modules, globals: { log: (event) => void events.push(event), load } });
  for (const name of names)
    await sandbox.import(name).then(
      () => events.push(`${name} ends`),
      (error) => events.push(`${name}: ${error.message}`),
    );
  sandbox.dispose();
  return events;
}

const failingGraphs = {
  'a module after it': {
    modules: { a: 'import "b"; import "c"; log("a");', b: 'log("b"); load(1); throw new Error("no");', c: 'log("c");' },
    names: ['a', 'c', 'a', 'b'],
    events: ['b', 'a: no', 'c', 'c ends', 'a: no', 'b: no'],
  },
  'a module after it that imports it': {
    modules: {
      a: 'import "b"; import "c";',
      b: 'log("b"); load(1); throw new Error("no");',
      c: 'import "d"; import "b"; log("c");',
      d: 'log("d");',
    },
    names: ['a', 'c', 'd'],
    events: ['b', 'a: no', 'd', 'c: no', 'd ends'],
  },
  'a later body that waits as well': {
    modules: {
      a: 'import "b"; import "c"; import "d";',
      b: 'log("b"); load(1);',
      c: 'log("c"); load(2); throw new Error("no");',
      d: 'log("d");',
    },
    names: ['a', 'b', 'd'],
    events: ['b', 'c', 'a: no', 'b ends', 'd', 'd ends'],
  },
  'a cycle': {
    modules: {
      a: 'import "b"; import "c"; log("a");',
      b: 'import "d"; import "a"; log("b"); load(1); throw new Error("no");',
      c: 'import "a"; log("c");',
      d: 'import "b"; log("d"); load(2);',
    },
    names: ['a', 'd', 'c'],
    events: ['d', 'b', 'a: no', 'd: no', 'c: no'],
  },
  'a module that has failed before': {
    modules: {
      a: 'import "b"; import "bad"; import "c"; log("a");',
      b: 'log("b"); load(1); throw new Error("no");',
      c: 'log("c");',
      bad: 'throw new Error("bad");',
      e: 'import "f"; import "bad"; import "c"; log("e");',
      f: 'log("f"); load(1);',
    },
    names: ['bad', 'a', 'e', 'f', 'c'],
    events: ['bad: bad', 'b', 'a: no', 'f', 'e: bad', 'f ends', 'c', 'c ends'],
  },
};
for (const [name, { modules, names, events }] of Object.entries(failingGraphs))
  test(`a body that throws after it has waited ends the evaluation as at once: ${name}`, async () => {
    assert.deepEqual(await eventsOf(modules, names, (x) => x), events);
    assert.deepEqual(
      await eventsOf(
        modules,
        names,
        blocking(async (x) => x),
      ),
      events,
    );
  });

test('a module after a body that fails is evaluated if another import wants it meanwhile', async (t) => {
  const events = [];
  let fail;
  const sandbox = await start(t, {
    modules: {
      a: 'import "b"; import "c"; import "d";',
      b: 'load();',
      c: 'import "e"; log("c"); export default 5;',
      d: 'log("d");',
      e: 'log("e");',
    },
    globals: {
      log: (event) => void events.push(event),
      load: blocking(() => new Promise((_, reject) => (fail = reject))),
    },
  });
  const first = sandbox.import('a');
  while (fail === undefined) await null;
  const second = sandbox.import('c');
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(events, []);
  fail(new Error('no'));
  await assert.rejects(first, { message: 'no' });
  assert.equal((await second).default, 5);
  assert.deepEqual(events, ['e', 'c']);
  await sandbox.import('d');
  assert.deepEqual(events, ['e', 'c', 'd']);
});
