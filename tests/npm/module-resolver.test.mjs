// caisson/modules: packages as npm installs them. What Node does with the same packages is what is expected.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as acorn from 'acorn';
import { createSandbox } from 'caisson';
import { scanModule } from '../../npm/src/commonjs-scan.js';
import { createResolver } from 'caisson/modules';
import { REGEXP, STRING, tokensOf } from '../../npm/src/source-tokens.js';
import { root } from '../../wasm-glue/tools/root.mjs';

/** What the default export of a program is. */
async function run(t, files, source, options, name = '/main.mjs') {
  const sandbox = await createSandbox({ modules: createResolver(files, options) });
  t.after(() => sandbox.dispose());
  return (await sandbox.eval(source, { module: true, name })).default;
}
const imports = (t, files, specifier, options, name) =>
  run(t, files, `import value from ${JSON.stringify(specifier)}; export default value;`, options, name);
const pkg = (json) => JSON.stringify(json);
const says = (what) => `export default ${JSON.stringify(what)};`;

const programs = {
  lodash:
    'import _ from "lodash"; import map from "lodash/map.js"; export default [_.chunk([1, 2, 3], 2), map([1], String)];',
  zod: 'import { z } from "zod"; export default z.object({ a: z.string().email() }).safeParse({ a: "x" }).error.issues[0].message;',
  immer: 'import { produce } from "immer"; export default produce({ a: [1] }, (draft) => { draft.a.push(2); });',
  yaml: 'import { parse, stringify } from "yaml"; export default [parse("a: [1, { b: 2 }]"), stringify({ c: null })];',
  handlebars:
    'import hb from "handlebars"; export default hb.compile("{{#each a}}{{this}};{{/each}}")({ a: [1, "<"] });',
  ramda: 'import * as R from "ramda"; export default R.groupBy((n) => (n % 2 ? "odd" : "even"), [1, 2, 3]);',
  'ramda, CommonJS': 'import groupBy from "ramda/src/groupBy"; export default groupBy(String, [1, 2]);',
  ajv: 'import { Ajv } from "ajv"; const is = new Ajv().compile({ type: "object", required: ["a"] }); export default [is({ a: 1 }), is({}), is.errors[0].message];',
  mobx: 'import { autorun, observable } from "mobx"; const seen = [], o = observable({ n: 1 }); autorun(() => seen.push(o.n)); o.n = 2; export default seen;',
  'chess.js': 'import { Chess } from "chess.js"; const game = new Chess(); game.move("e4"); export default game.fen();',
  semver:
    'import semver, { satisfies } from "semver"; export default [semver.major("3.2.1"), satisfies("1.2.3", "^1.1")];',
};
for (const [name, program] of Object.entries(programs)) {
  test(`${name}, as it lies in node_modules, does in a sandbox what it does in Node`, async (t) => {
    const read = (path) => readFile(join(root, path));
    const address = `data:text/javascript,${encodeURIComponent(program.replace(/from "([^"]+)"/g, (_, specifier) => `from ${JSON.stringify(import.meta.resolve(specifier))}`))}`;
    assert.deepEqual(await run(t, read, program), (await import(address)).default);
  });
}

test('a package for bundlers is found by the rules of bundlers', async (t) => {
  const read = (path) => readFile(join(root, path));
  const program =
    'import { map, of, toArray } from "rxjs"; let all; of(1, 2).pipe(map((n) => n * 2), toArray()).subscribe((n) => (all = n)); export default all;';
  assert.deepEqual(await run(t, read, program, { resolution: 'bundler' }), [2, 4]);
  await assert.rejects(
    run(t, read, program),
    /names? the file, .*Observable\.js' \(resolution: 'bundler' looks for it\)/,
  );
});

const packages = {
  'app/package.json': pkg({
    name: 'app',
    exports: { '.': './index.js', './feature': './feature.js' },
    imports: {
      '#config': { test: './config.test.js', default: './config.js' },
      '#lib/*': './lib/*.js',
      '#dep': 'plain',
      '#host': 'node:db',
      '#out': '../x.js',
    },
  }),
  'app/index.js': says('app'),
  'app/feature.js': says('feature'),
  'app/config.js': says('config'),
  'app/config.test.js': says('config for tests'),
  'app/lib/deep/x.js': says('lib deep x'),
  'app/node_modules/near/index.js': says('near, of app'),
  'node_modules/near/index.js': says('near, of the root'),
  'node_modules/plain/package.json': pkg({ main: 'lib', type: 'module' }),
  'node_modules/plain/lib/index.js': says('plain'),
  'node_modules/plain/other.js': says('plain other'),
  'node_modules/bare.js/index.js': says('bare'),
  'node_modules/@scope/one/package.json': pkg({ name: '@scope/one', exports: './a.mjs' }),
  'node_modules/@scope/one/a.mjs': says('scoped'),
  'node_modules/@scope/one/hidden.mjs': says('hidden'),
  'node_modules/many/package.json': pkg({
    exports: {
      '.': [{ unknown: './no.js' }, { custom: './custom.js', require: './main.cjs', import: './main.mjs' }],
      './null/*': './features/*.mjs',
      './null/private/*': null,
      './features/*.js': './features/*.mjs',
      './features/special/*.js': './special/*.mjs',
      './nothing': { browser: './b.js' },
      './out': '../plain/other.js',
      './modules': './node_modules/x.js',
      './gone': './gone.js',
      './nested': { import: { custom: './custom.js', default: './main.mjs' } },
    },
  }),
  'node_modules/many/main.mjs': says('many by import'),
  'node_modules/many/main.cjs': 'module.exports = "many by require";',
  'node_modules/many/custom.js': says('custom'),
  'node_modules/many/features/a.mjs': says('feature a'),
  'node_modules/many/features/private/a.mjs': says('private'),
  'node_modules/many/special/a.mjs': says('special a'),
  'node_modules/mixed/package.json': pkg({ exports: { '.': './a.js', import: './b.js' } }),
  'node_modules/broken/package.json': '{ "main": ',
  'node_modules/empty/package.json': '{}',
  'data.json': '{ "rows": [1] }',
  'plain.txt': 'text',
  'part.js': says('part'),
  'view.tsx': 'no',
};

const found = [
  // [specifier, what is there, options, importer]
  ['plain', 'plain'],
  ['plain/other.js', 'plain other'],
  ['bare.js', 'bare'],
  ['@scope/one', 'scoped'],
  ['many', 'many by import'],
  ['many', 'custom', { conditions: ['custom'] }],
  ['many/nested', 'custom', { conditions: ['custom'] }],
  ['many/nested', 'many by import'],
  ['many/features/a.js', 'feature a'],
  ['many/features/special/a.js', 'special a'],
  ['many/null/a', 'feature a'],
  ['near', 'near, of the root'],
  ['near', 'near, of app', {}, '/app/lib/x.mjs'],
  ['near', 'near, of the root', {}, '/node_modules/plain/x.mjs'],
  ['app', 'app', {}, '/app/lib/x.mjs'],
  ['app/feature', 'feature', {}, '/app/other.js'],
  ['#config', 'config', {}, '/app/index.js'],
  ['#config', 'config for tests', { conditions: ['test'] }, '/app/index.js'],
  ['#lib/deep/x', 'lib deep x', {}, '/app/index.js'],
  ['#dep', 'plain', {}, '/app/index.js'],
  ['./part.js', 'part'],
  ['./part.js', 'part', {}, 'eval'],
  ['../part.js', 'part', {}, 'eval'],
  ['../../../part.js', 'part'],
  ['/part.js', 'part'],
  ['./part', 'part', { resolution: 'bundler' }],
  ['./app/lib/deep/x', 'lib deep x', { resolution: 'bundler' }],
  ['plain/lib', 'plain', { resolution: 'bundler' }],
  ['db', 'source', { builtins: { 'node:db': says('source') } }],
  ['node:db', 'source', { builtins: { db: says('source') } }],
  ['plain', 'instead', { builtins: { plain: says('instead') } }],
  ['#host', 'source', { builtins: { db: says('source') } }, '/app/index.js'],
];
test('names lead where Node says that they lead', async (t) => {
  for (const [specifier, value, options, name] of found)
    assert.equal(await imports(t, packages, specifier, options, name), value, `${specifier} in ${name ?? 'main'}`);
});

const refused = [
  ['nobody', 'ERR_MODULE_NOT_FOUND', /there is no package 'nobody', imported from '\/main\.mjs'/],
  ['@scope/two', 'ERR_MODULE_NOT_FOUND', /'@scope\/two'/],
  ['@scope', 'ERR_INVALID_MODULE_SPECIFIER', /no name of a package/],
  ['./gone.js', 'ERR_MODULE_NOT_FOUND', /'\/gone\.js'/],
  ['./part', 'ERR_MODULE_NOT_FOUND', /name the file, '\/part\.js'/],
  ['./app/lib/', 'ERR_MODULE_NOT_FOUND', /'\/app\/lib\/'/],
  ['plain/lib', 'ERR_UNSUPPORTED_DIR_IMPORT', /is a folder.*'\/node_modules\/plain\/lib\/index\.js'/],
  ['@scope/one/hidden.mjs', 'ERR_PACKAGE_PATH_NOT_EXPORTED', /no '\.\/hidden\.mjs' for the conditions import, /],
  ['many/null/private/a', 'ERR_PACKAGE_PATH_NOT_EXPORTED', /private/],
  ['many/nothing', 'ERR_PACKAGE_PATH_NOT_EXPORTED', /nothing/],
  ['many/out', 'ERR_INVALID_PACKAGE_TARGET', /"\.\.\/plain/],
  ['many/modules', 'ERR_INVALID_PACKAGE_TARGET', /node_modules/],
  ['many/gone', 'ERR_MODULE_NOT_FOUND', /many\/gone\.js/],
  ['many/features/../../../../part.js', 'ERR_INVALID_PACKAGE_TARGET', /features/],
  ['mixed', 'ERR_INVALID_PACKAGE_CONFIG', /paths or conditions/],
  ['broken', 'ERR_INVALID_PACKAGE_CONFIG', /broken\/package\.json' is no JSON/],
  ['empty', 'ERR_MODULE_NOT_FOUND', /names no main file/],
  ['#config', 'ERR_PACKAGE_IMPORT_NOT_DEFINED', /#config/],
  ['#', 'ERR_INVALID_MODULE_SPECIFIER', /'#'/],
  ['#out', 'ERR_INVALID_PACKAGE_TARGET', /\.\.\/x\.js/, '/app/index.js'],
  ['fs', 'ERR_MODULE_NOT_FOUND', /no modules of Node, but the option builtins/],
  ['node:fs/promises', 'ERR_MODULE_NOT_FOUND', /no modules of Node/],
  ['#host', 'ERR_MODULE_NOT_FOUND', /'node:db'|no modules of Node/, '/app/index.js'],
  ['https://example.org/x.js', 'ERR_MODULE_NOT_FOUND', /example/],
  ['./data.json', 'ERR_IMPORT_ATTRIBUTE_MISSING', /with \{ type: 'json' \}/],
  ['./plain.txt', 'ERR_UNKNOWN_FILE_EXTENSION', /'text'/],
  ['./view.tsx', 'ERR_UNKNOWN_FILE_EXTENSION', /TypeScript has to be compiled/],
  // What a file system may take for something else than a name, and names that every object has.
  ['./..\\..\\secret.js', 'ERR_INVALID_MODULE_SPECIFIER', /characters/],
  ['./%2e%2e%2fsecret.js', 'ERR_INVALID_MODULE_SPECIFIER', /characters/],
  ['./a\0.js', 'ERR_INVALID_MODULE_SPECIFIER', /characters/],
  ['plain/a\\b.js', 'ERR_INVALID_MODULE_SPECIFIER', /characters/],
  [`./${'long/'.repeat(1000)}x.js`, 'ERR_INVALID_MODULE_SPECIFIER', /characters/],
  ['constructor', 'ERR_MODULE_NOT_FOUND', /constructor/],
  ['__proto__', 'ERR_MODULE_NOT_FOUND', /__proto__/],
  ['toString', 'ERR_MODULE_NOT_FOUND', /toString/],
  ['many/__proto__', 'ERR_PACKAGE_PATH_NOT_EXPORTED', /__proto__/],
  ['many/constructor', 'ERR_PACKAGE_PATH_NOT_EXPORTED', /constructor/],
  ['commonjs:/nobody.js', undefined, /there is no module 'commonjs:\/nobody\.js'/],
];
test('names that lead nowhere are refused with the code of Node, and with what was looked for', async (t) => {
  for (const [specifier, code, message, name] of refused) {
    await assert.rejects(imports(t, packages, specifier, {}, name), (error) => {
      assert.equal(error.code, code, `${specifier}: ${error.message}`);
      assert.match(error.message, message, specifier);
      return true;
    });
  }
});

test('a reader gets whole paths only, and errors of its own arrive', async (t) => {
  const asked = new Set();
  const read = (path) => {
    asked.add(path);
    if (path === '/locked.js') throw Object.assign(new Error('locked'), { code: 'EACCES' });
    if (path === '/main.js') return 'import "./../../etc/./passwd"; export default 1;';
    throw Object.assign(new Error('none'), { code: 'ENOENT' });
  };
  await assert.rejects(imports(t, read, './main.js'), /'\/etc\/passwd'/);
  await assert.rejects(imports(t, read, './locked.js'), { code: 'EACCES' });
  for (const path of asked) assert.match(path, /^\/(?!.*(?:\.\.|\/\/|\/\.\/|\\))/);
  await assert.rejects(
    imports(t, () => 5, './main.js'),
    /'\/main\.js' must be a string or bytes, got number/,
  );
});

test('files may be bytes, in a Map, under any usual spelling of a path; JSON, text and bytes by attributes', async (t) => {
  const bytes = (text) => new TextEncoder().encode(text);
  const files = new Map([
    ['/a.js', bytes('\ufeffimport b from "./b.js"; export default b + "a";')],
    ['b.js', bytes('import c from "./c.js"; export default c + "b";').buffer],
    ['./c.js', says('ü')],
    ['data.json', bytes('\ufeff{ "rows": [1] }')],
  ]);
  assert.equal(await imports(t, files, './a.js'), 'üba');
  const json = 'import data from "./data.json" with { type: "json" }; export default data.rows;';
  assert.deepEqual(await run(t, files, json), [1]);
  assert.deepEqual(await imports(t, files, './data.json', { resolution: 'bundler' }), { rows: [1] });
  const text = 'import text from "./c.js" with { type: "text" }; export default text;';
  assert.equal(await run(t, files, text), says('ü'));
});

test('what is neither .mjs nor .cjs is an ES module by its package or by its syntax', async (t) => {
  const files = {
    'esm.js': 'export default typeof require;',
    'meta.js': 'if (true) { import.meta.url } ; export {}; export default 1',
    'awaits.js': 'globalThis.awaited = await 5;',
    'cjs.js': 'exports.kind = typeof require; const later = async () => await 1; import("./esm.js");',
    'm/package.json': pkg({ type: 'module' }),
    'm/a.js': 'export default typeof module;',
    'm/b.cjs': 'module.exports = typeof module;',
    'c/package.json': pkg({ type: 'commonjs' }),
    'c/a.js': 'module.exports = this === exports;',
  };
  assert.equal(await imports(t, files, './esm.js'), 'undefined');
  assert.equal(await imports(t, files, './meta.js'), 1);
  assert.equal(await run(t, files, 'import "./awaits.js"; export default awaited;'), 5);
  assert.deepEqual(await imports(t, files, './cjs.js'), { kind: 'function' });
  assert.equal(await imports(t, files, './m/a.js'), 'undefined');
  assert.equal(await imports(t, files, './m/b.cjs'), 'object');
  assert.equal(await imports(t, files, './c/a.js'), true);
});

test('CommonJS modules run when they are required, once, in cycles, and out of strict mode', async (t) => {
  const files = {
    'main.cjs': `
      exports.early = 'early';
      exports.log = [];
      exports.log.push('main');
      if (exports.never) require('./never.cjs');
      const a = require('./a.cjs');
      exports.a = a.name;
      exports.again = require('./a.cjs') === a;
      exports.json = require('./data.json').rows;
      exports.folder = require('./folder');
      exports.esm = require('./esm.mjs').default;
      exports.whole = require('./whole.mjs');
      exports.resolved = require.resolve('./folder');
      try { require('not-there') } catch (error) { exports.missing = error.code + ': ' + error.message }
      try { require('./broken.cjs') } catch (error) { exports.broken = error.message }
      try { require('./broken.cjs') } catch (error) { exports.brokenAgain = error.message }
      const name = './computed';
      exports.known = require(['.', 'a.cjs'].join('/')) === a;
      try { require(name) } catch (error) { exports.computed = error.message }
      var undeclared = (function () { sloppy = 5; return typeof this })();
      exports.sloppy = [typeof sloppy, undeclared];
      exports.where = [__filename, __dirname, module.id];
    `,
    'never.cjs': 'throw new Error("runs")',
    'computed.cjs': '1',
    'a.cjs': `#!/usr/bin/env node
      'use strict';
      const main = require('./main.cjs');
      main.log.push('a');
      module.exports = { name: 'a saw ' + main.early + (main.json ?? ''), strict: (function () { return this === undefined })() };`,
    'broken.cjs': 'throw new Error("broken")',
    'data.json': '\ufeff{ "rows": [1] }',
    'folder/package.json': pkg({ main: './lib' }),
    'folder/lib/index.js': 'module.exports = "folder " + require("..").length',
    'esm.mjs': 'export default "esm";',
    'whole.mjs': 'export { x as "module.exports" }; const x = "whole";',
  };
  const value = await imports(t, files, './main.cjs');
  assert.deepEqual(value, {
    early: 'early',
    log: ['main', 'a'],
    a: 'a saw early',
    again: true,
    json: [1],
    folder: 'folder undefined',
    esm: 'esm',
    whole: 'whole',
    resolved: '/folder/lib/index.js',
    missing: "MODULE_NOT_FOUND: there is no package 'not-there', imported from '/main.cjs'",
    broken: 'broken',
    brokenAgain: 'broken',
    known: true,
    computed:
      "Cannot find module './computed', required by '/main.cjs': modules are loaded ahead, by the names that stand as literals in require()",
    sloppy: ['number', 'object'],
    where: ['/main.cjs', '/', '/main.cjs'],
  });
});

test('lines of strict CommonJS modules appear in stacks', async (t) => {
  const files = { 'a.cjs': '"use strict";\nexports.fail = () => {\n  null.x;\n};\n' };
  const stack = await run(
    t,
    files,
    'import { fail } from "./a.cjs"; let stack; try { fail() } catch (error) { stack = error.stack } export default stack;',
  );
  assert.match(stack, /at .*commonjs:\/a\.cjs:3:\d+/);
});

test('modules of the host are required as they are imported', async (t) => {
  const builtins = { fs: { readFileSync: (path) => `<${path}>` }, 'node:text': 'export const x = 1;' };
  const files = {
    'a.cjs':
      'exports.file = require("node:fs").readFileSync("b"); exports.x = require("text").x; exports.keys = Object.keys(require("fs"));',
  };
  assert.deepEqual(await imports(t, files, './a.cjs', { builtins }), { file: '<b>', x: 1, keys: ['readFileSync'] });
  const program = 'import fs, { readFileSync } from "fs"; export default readFileSync("c") + (fs.readFileSync("d"));';
  assert.equal(await run(t, files, program, { builtins }), '<c><d>');
});

test('process.env.NAME is replaced where it is read, and nowhere else', async (t) => {
  const source = `export default [process.env.NODE_ENV, process . env . OTHER ?? 1, "process.env.NODE_ENV", /* process.env.NODE_ENV */ typeof process];`;
  const files = { 'a.mjs': source.replace('process . env . OTHER ?? 1', '1'), 'b.mjs': source };
  assert.deepEqual(await imports(t, files, './a.mjs'), ['production', 1, 'process.env.NODE_ENV', 'undefined']);
  assert.deepEqual(await imports(t, files, './b.mjs', { env: { NODE_ENV: 'x"', OTHER: '' } }), [
    ...['x"', '', 'process.env.NODE_ENV'],
    'undefined',
  ]);
  await assert.rejects(imports(t, files, './b.mjs'), /process is not defined/);
});

test('options and files of a wrong kind are refused by name', () => {
  for (const [files, options, message] of [
    [null, {}, /files must be an object or Map by path, or a function .*, got null/],
    ['x', {}, /files must be .*, got string/],
    [{}, { condition: [] }, /no option 'condition'; there are builtins, conditions/],
    [{}, { conditions: 'node' }, /conditions must be an array of strings/],
    [{}, { conditions: [5] }, /conditions must be an array of strings/],
    [{}, { builtins: [] }, /builtins must be an object/],
    [{}, { env: { A: 1 } }, /env must be an object of strings/],
    [{}, { resolution: 'webpack' }, /resolution must be 'node' or 'bundler'/],
    [{}, null, /the options must be an object/],
  ])
    assert.throws(() => createResolver(files, options), { name: 'TypeError', message });
});

const lengthy = [
  ...['lodash/lodash.js', 'handlebars/dist/handlebars.js', 'marked/lib/marked.esm.js', 'uglify-js/lib/parse.js'],
  ...[
    'chess.js/dist/cjs/chess.js',
    'ramda/dist/ramda.min.js',
    'liquidjs/dist/liquid.node.js',
    'commander/lib/command.js',
  ],
];
test('tokens are those of a parser: regular expressions, divisions and strings are told apart', () => {
  const odd = `
    a = b / c / d; a = (b) / c / d; if (a) /re'/.test(x); while (x) /"/g; for (;;) /'/.exec(); a = {} / 1 / 2; {} /b'/;
    f(/'/, [/"/], /[/']/); return_ = x++ / y / z; \`a\${b / c / \`\${/'/}\`}'\${{ a: 1 }.a / 2 / 1}\`;
    a ? /'/ : /"/; x => /'/; x = y ? {} : /'/; label: /'/; ({ a: /'/, b: c / d / e }); a.if (b) / c / d; yield_ / 1 / 2;
    class A { static #p = 1 / 2; get return() { return 4 / 2 / 1 } x = /'/ } typeof /'/; ++/'/.x; a?.b / c / d; 1..x / 2 / 3; a ?.5 / 1 : 2;
    "\\'" / '\\"'; do /'/; while (0) /'/; /* ' */ /=/; 0x1f / 2; 1_000n / 2n; a\\u0062 / 2 / c; ª / 1 / 2; 𠮷 / 1 / 2; // '`;
  for (const [name, source] of [
    ['odd', odd],
    ...lengthy.map((name) => [name, readFileSync(join(root, 'node_modules', name), 'utf8')]),
  ]) {
    const theirs = [];
    const sourceType = name.endsWith('.esm.js') ? 'module' : 'script';
    acorn.parse(source, { ecmaVersion: 'latest', sourceType, onToken: theirs });
    const places = (all, isWanted) => all.filter(isWanted).map(({ start, end }) => [start, end]);
    const mine = tokensOf(source);
    for (const [type, label] of [
      [STRING, 'string'],
      [REGEXP, 'regexp'],
    ]) {
      const found = places(mine, (token) => token.type === type);
      const wanted = places(theirs, (token) => token.type.label === label);
      const differs = wanted.findIndex((place, i) => String(place) !== String(found[i]));
      assert.equal(
        differs,
        -1,
        `${name}: ${label} at ${wanted[differs]}: ${source.slice(wanted[differs]?.[0]).slice(0, 60)}`,
      );
      assert.equal(found.length, wanted.length, `${name}: ${label}`);
    }
  }
});

test('sources that are no JavaScript give tokens as well', () => {
  for (const source of ['"', "'\\", '`', '`${', '/', '/[', '/*', '}', '\\', '#', '\ud800', '0x', '1e', '}`${`', '${'])
    assert.ok(Array.isArray(tokensOf(source)), source);
});

test('the names that a CommonJS module exports are seen as people and compilers write them', () => {
  const cases = [
    [
      'exports.a = 1; module.exports.b = exports.c = 2; exports["d-e"] = 3; other.exports.no = 1; exports.f == 1;',
      'a b c d-e',
    ],
    ['module.exports = { a, b: 1, "c": 2, d() {}, get e() {}, async f() {}, [g]: 1, h: { i: 1 } };', 'a b c d e f h'],
    [
      'Object.defineProperty(exports, "__esModule", { value: true }); Object.defineProperty(exports, "a", {})',
      '__esModule a',
    ],
    ['0 && (module.exports = { x, y });', 'x y'],
    ['module.exports = exports = { z: 1 }', 'z'],
    ['// exports.a = 1\n"exports.b = 1"; /exports.c = 1/; `exports.d = 1`', ''],
    ['exports.default = 1; exports["\\ud800"] = 2; exports["\\u0061b"] = 3', 'ab'],
  ];
  for (const [source, names] of cases) assert.equal(scanModule(source).exports.join(' '), names, source);
  const passedOn = [
    'module.exports = require("x")',
    '__exportStar(require("x"), exports)',
    'tslib_1.__exportStar(require("x"), exports)',
    '__reExport(src_exports, require("x"), module.exports)',
    'var _x = require("x"); Object.keys(_x).forEach(function (key) { exports[key] = _x[key] })',
    'var _x = _interopRequireWildcard(require("x")); Object.keys(_x).forEach(function (key) { exports[key] = _x[key] })',
    'module.exports = { ...require("x"), a: 1 }',
  ];
  for (const source of passedOn) assert.deepEqual(scanModule(source).reexports, ['x'], source);
  assert.deepEqual(scanModule('module.exports = require("x").y').reexports, []);
});

test('the names of real CommonJS packages are those that Node finds', async () => {
  for (const name of ['handlebars', 'ajv', 'semver', 'commander', 'uglify-js', 'source-map', 'fast-uri', 'tslib']) {
    const file = join(root, 'node_modules', name, 'package.json');
    const { main = 'index.js' } = JSON.parse(readFileSync(file, 'utf8'));
    const namespace = await import(join(root, 'node_modules', name, main.endsWith('.js') ? main : `${main}.js`));
    const place = `/node_modules/${name}/${main.replace(/^\.\//, '').replace(/(?<!\.js)$/, '.js')}`;
    const resolver = createResolver((path) => readFile(join(root, path)));
    const { source } = await resolver(place, undefined, { specifier: place, referrer: undefined, type: '' });
    const names = [...source.matchAll(/\bas (?:"([^"]+)"|(default)\b)/g)].map(([, name, other]) => name ?? other);
    // Node stops at the first value that is no name.
    for (const key of Object.keys(namespace))
      assert.ok(key === 'module.exports' || names.includes(key), `${name}: ${key}`);
    for (const key of names)
      assert.ok(key in namespace || key in namespace.default || key === 'module.exports', `${name}: ${key}`);
  }
});
