// npx caisson: code in arguments, programs from standard input, values as JSON, packages.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../wasm-glue/tools/root.mjs';

const command = join(root, 'npm', 'bin', 'caisson.mjs');
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-code-'));
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'lib', 'twice.mjs'), 'export const twice = (n) => n * 2;\n');
  writeFileSync(join(folder, 'arguments.js'), 'console.log(scriptArgs.length, scriptArgs.join("|"));');
});
after(() => rmSync(folder, { recursive: true }));

const caisson = (...args) => spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', cwd: folder });

// [arguments, standard output, exit code, standard error]
const runs = [
  [['-e', 'console.log(1, scriptArgs)', 'a', '--b'], "1 [ 'a', '--b' ]\n"],
  [['--eval=console.log(2)'], '2\n'],
  [['-e', ''], ''],
  [['-e', 'import { twice } from "./lib/twice.mjs"; console.log(twice(2))'], '4\n'],
  [['-e', 'import("./lib/twice.mjs").then((m) => console.log(m.twice(3)))'], '6\n'],
  [['-e', 'const later = async () => 5; console.log(await later())'], '5\n'],
  [['-e', 'export const a = 1; console.log(typeof this)'], 'undefined\n'],
  [['-e', 'var await = 5; console.log(await)'], '5\n'],
  [['--module', '-e', 'console.log(this)'], 'undefined\n'],
  [['-e', 'nope'], '', 1, /^ReferenceError: nope is not defined\n {4}at \[eval\]:1:1\n$/],
  [['-e', 'await new Promise(() => {})'], '', 13, /^caisson: the module still waits/],
  [['-p', '1 + 1'], '2\n'],
  [['-p', '"text"'], 'text\n'],
  [['-p', '1, 2'], '2\n'],
  [['-p', '[1, "a", Symbol("s"), new WeakMap]'], "[ 1, 'a', Symbol(s), WeakMap { <items unknown> } ]\n"],
  [['-p', 'const a = 5;\nlet b = a; // c\nb * 2;'], '10\n'],
  [['-p', 'function f() { return 7 }\nf()'], '7\n'],
  [['-p', 'if (true) { 8 }'], '8\n'],
  [['-p', '{ a: 1 }'], '{ a: 1 }\n'],
  [['-p', 'class A { #x = 1 } new A'], 'A {}\n'],
  [['-p', 'console.log("first"); undefined'], 'first\nundefined\n'],
  [['-p', 'let x = 1'], 'undefined\n'],
  [['-p', 'async () => 1'], '[AsyncFunction (anonymous)]\n'],
  [['-p', 'Promise.resolve(new Map([[1, 2]]))'], 'Map(1) { 1 => 2 }\n'],
  [['-p', 'await Promise.resolve(4) + (await 5)'], '9\n'],
  [['-p', 'const { a, b: [c] } = await { a: 1, b: [2] }; `${await a}${c}`'], '12\n'],
  [['-p', 'let s = ""; for await (const x of [1, Promise.resolve(2)]) s += x; s'], '12\n'],
  [
    ['-p', 'async function* g() { yield 1; yield 2 } const all = []; for await (const x of g()) all.push(x); all'],
    '[ 1, 2 ]\n',
  ],
  [['-p', 'try { await Promise.reject(new RangeError("r")) } catch (error) { error.name }'], 'RangeError\n'],
  [['-p', '(await import("./lib/twice.mjs")).twice(await 4)'], '8\n'],
  [['-p', 'export default 6'], '6\n'],
  [['-p', '[1, 2].map((n) => n.x.y)'], '', 1, /at \[eval\]:1:23\n/],
  [['-p', 'let v;\nv = nope'], '', 1, /at \[eval\]:2:5\n/],
  [['-p', '1 +'], '', 1, /^SyntaxError: unexpected end of input\n {4}at \[eval\]:1:4/],
  [['-p', 'new Promise(() => {})'], '', 13, /^caisson: the program still waits/],
  [['-p', '"use strict"; (function () { return this })()'], 'undefined\n'],
  [
    [
      '-p',
      'Object.getOwnPropertyNames(globalThis).filter((n) => /caisson/i.test(n)).every((n) => !Object.keys(globalThis).includes(n))',
    ],
    'true\n',
  ],
  // JSON
  [
    ['--json', '-p', '({ a: [1, "\\u2028"], b: undefined, d: new Date(0) })'],
    '{"a":[1,"\u2028"],"d":"1970-01-01T00:00:00.000Z"}\n',
  ],
  [['--json', '-p', 'undefined'], 'null\n'],
  [['--json', '-e', 'console.log("said"); Promise.resolve([1])'], '[1]\n', 0, /^said\n$/],
  [['--json', '-e', 'await 3'], '3\n'],
  [['--json', '-e', 'export default { a: 1 }; export const b = 2'], '{"a":1}\n'],
  [['--json', '-e', 'export const a = 1; export const b = 2'], '{"a":1,"b":2}\n'],
  [['--json', 'arguments.js', 'x'], 'null\n', 0, /^1 x\n$/],
  [
    ['--json', '-p', 'console.warn("w"); throw new TypeError("no", { cause: 1 })'],
    '',
    1,
    /^w\n\{"error":\{"name":"TypeError","message":"no","stack":"TypeError: no\\n {4}at \[eval\]:1:\d+"\},"exitCode":1\}\n$/,
  ],
  [['--json', '-e', 'throw { a: 1 }'], '', 1, /^\{"error":\{"thrown":\{"a":1\}\},"exitCode":1\}\n$/],
  [['--json', '-e', 'throw undefined'], '', 1, /^\{"error":\{"thrown":null\},"exitCode":1\}\n$/],
  [['--json', '-p', '1n'], '', 1, /^\{"error":\{"name":"TypeError",.*BigInt/],
  // The guest makes the JSON, within its limits.
  [['--json', '--time-limit=40', '-e', 'new Array(1e8)'], '', 3, /^\{"error":\{"name":"TimeLimitError",/],
  [['--json', '--time-limit=40', '-e', 'throw new Array(1e8)'], '', 1, /an object without a JSON form/],
  [['--json', '--time-limit=40', '-e', 'for (;;);'], '', 3, /^\{"error":\{"name":"TimeLimitError",.*"exitCode":3\}\n$/],
  [
    ['--json', 'nothing.js'],
    '',
    2,
    /^\{"error":\{"name":"Error","message":"cannot read nothing\.js: .*"\},"exitCode":2\}\n$/,
  ],
  [['--json', '-e', 'await new Promise(() => {})'], '', 13, /^\{"error":\{.*still waits.*"exitCode":13\}\n$/],
];
for (const [args, output, code = 0, errors = /^$/] of runs) {
  test(`caisson ${args.join(' ')}`, () => {
    const { stdout, stderr, status } = caisson(...args);
    assert.match(stderr, errors);
    assert.deepEqual([stdout, status], [output, code]);
  });
}

test('caisson: programs come from standard input', () => {
  const run = (input, ...args) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...args], {
      encoding: 'utf8',
      cwd: folder,
      input,
    });
    return [stdout, stderr, status];
  };
  assert.deepEqual(run('console.log(scriptArgs.join())', '-', 'a', '-b'), ['a,-b\n', '', 0]);
  assert.deepEqual(run('console.log("ü")'), ['ü\n', '', 0]);
  assert.deepEqual(run(''), ['', '', 0]);
  assert.deepEqual(run('import { twice } from "./lib/twice.mjs"; console.log(twice(4))', '-'), ['8\n', '', 0]);
  assert.deepEqual(run('1 + 2', '--json', '-'), ['3\n', '', 0]);
  assert.deepEqual(run('throw new Error("x")', '-'), ['', 'Error: x\n    at [stdin]:1:7\n', 1]);
});

test('caisson: packages of node_modules are found from the program that imports them', () => {
  const files = {
    'node_modules/esm/package.json': '{ "exports": "./a.mjs" }',
    'node_modules/esm/a.mjs': 'import { name } from "plain"; export default "esm and " + name;',
    'node_modules/plain/index.js': 'exports.name = require("./data.json").name;',
    'node_modules/plain/data.json': '{ "name": "plain" }',
    'deep/main.mjs':
      'import esm from "esm"; import { name } from "plain"; import own from "./own.cjs"; console.log(esm, name, own);',
    'deep/own.cjs': 'module.exports = "own " + require("plain").name;',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const printed = caisson('deep/main.mjs');
  assert.deepEqual([printed.stdout, printed.stderr], ['esm and plain plain own plain\n', '']);
  assert.equal(caisson('-p', '(await import("plain")).name').stdout, 'plain\n');
  assert.match(caisson('-e', 'import "nobody"').stderr, /there is no package 'nobody'[\s\S]*ERR_MODULE_NOT_FOUND/);
});

test('caisson: --allow-fetch gives the program fetch, for these origins only', async (t) => {
  const server = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  const run = promisify(execFile);
  const code = `(await (await fetch("${origin}/a", { method: "POST", body: "b" })).text())`;
  const options = ['--allow-fetch=https://example.com', '--allow-fetch', origin];
  const { stdout } = await run(process.execPath, [command, ...options, '-p', code]);
  assert.equal(stdout, 'POST /a\n');
  const other = await run(process.execPath, [command, options[0], '-p', code]).catch((error) => error);
  assert.match(other.stderr, /^\[?TypeError: fetch: requests to .* are not allowed/);
  assert.equal(caisson('-p', 'typeof fetch').stdout, 'undefined\n');
});

test('caisson: --mount gives the program a directory, for reading unless it says rw', () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'a.txt'), 'text');
  writeFileSync(join(folder, 'outside.txt'), 'secret');
  const read = 'const fs = await import("node:fs"); fs.readFileSync("/a.txt", "utf8")';
  const write = 'import { writeFileSync } from "fs"; writeFileSync("/b.txt", "written");';
  const escape = 'import { readFileSync } from "fs"; readFileSync("/../outside.txt");';
  assert.equal(caisson('--mount', 'data', '-p', read).stdout, 'text\n');
  assert.match(caisson('--mount=data', '-e', write).stderr, /EROFS/);
  assert.match(caisson('--mount=data:ro', '-e', write).stderr, /EROFS/);
  assert.match(caisson('--mount=data:rw', '-e', escape).stderr, /ENOENT/);
  assert.equal(caisson('--mount=data:rw', '-e', write).stderr, '');
  assert.equal(readFileSync(join(folder, 'data', 'b.txt'), 'utf8'), 'written');
  assert.match(caisson('-e', write).stderr, /no module 'fs'/);
});
