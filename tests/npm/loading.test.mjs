// Where caisson.wasm comes from: setWasm and the option wasm, what is compiled once, what is tried again, and what is
// said when something else comes.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { LoadError, SandboxError, createSandbox, setWasm } from 'caisson';

const place = new URL('../../npm/caisson.wasm', import.meta.url);
const bytes = readFileSync(place);

let compiled = 0; // modules since the program began
const { compile, compileStreaming } = WebAssembly;
WebAssembly.compile = (source) => (compiled++, compile(source));
WebAssembly.compileStreaming = (source) => (compiled++, compileStreaming(source));

// What the server answers, by path; 'wasm' and 'octets' differ in their type alone.
const answers = {
  '/wasm': [200, 'application/wasm', bytes],
  '/octets': [200, 'application/octet-stream', bytes],
  '/page': [200, 'text/html', '\n<!DOCTYPE html><title>An app</title>'],
  '/page-as-wasm': [200, 'application/wasm', '<!DOCTYPE html><title>An app</title>'],
  '/missing': [404, 'text/plain', 'Not found'],
  '/failing': [503, 'text/plain', 'Later'],
};
let requests = [];
let server;
let origin;
before(async () => {
  server = createServer(({ url }, response) => {
    requests.push(url);
    const [status, type, body] = answers[url] ?? answers['/missing'];
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

async function evaluates(options) {
  const sandbox = await createSandbox(options);
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  return sandbox;
}

/** How many modules are compiled for three sandboxes at once and one after them. */
async function compiledFor(wasm, t) {
  const start = compiled;
  const all = await Promise.all([evaluates({ wasm }), evaluates({ wasm }), evaluates({ wasm })]);
  all.push(await evaluates({ wasm }));
  t.after(() => all.forEach((sandbox) => sandbox.dispose()));
  return compiled - start;
}

test('a source that several sandboxes are given is compiled once, while one uses it', async (t) => {
  const exact = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const sources = {
    module: [await compile(bytes), 0],
    view: [new Uint8Array(bytes), 1],
    buffer: [exact, 1],
    path: [fileURLToPath(place), 1],
    'file URL': [place, 1],
    'address served as WebAssembly': [`${origin}/wasm`, 1],
    'address served as anything': [new URL(`${origin}/octets`), 1],
    response: [await fetch(`${origin}/wasm`), 1],
    'promise of a response': [fetch(`${origin}/octets`), 1],
  };
  for (const [name, [wasm, count]] of Object.entries(sources)) assert.equal(await compiledFor(wasm, t), count, name);
});

test('equal addresses are one source, whatever names them', async (t) => {
  const first = await evaluates({ wasm: `${origin}/wasm` });
  assert.equal(await compiledFor(new URL(`${origin}/wasm`), t), 0);
  first.dispose();
});

test('setWasm gives all later sandboxes another source, and the package its own again', async (t) => {
  t.after(() => setWasm(undefined));
  for (const source of [await compile(bytes), new Uint8Array(bytes), `${origin}/octets`, fetch(`${origin}/wasm`)]) {
    requests = [];
    setWasm(source);
    (await evaluates()).dispose();
    (await evaluates()).dispose();
    const start = compiled;
    (await evaluates({ isolation: 'instance' })).dispose();
    assert.equal(compiled, start);
    assert.ok(requests.length <= 1, requests.join());
  }
  setWasm(`${origin}/missing`);
  await assert.rejects(createSandbox(), LoadError);
  (await evaluates({ wasm: bytes })).dispose();
  setWasm(undefined);
  (await evaluates()).dispose();
});

test('setWasm loads nothing before the first sandbox, and refuses what is no source at once', (t) => {
  t.after(() => setWasm(undefined));
  requests = [];
  setWasm(`${origin}/missing`);
  assert.deepEqual(requests, []);
  for (const source of [null, 5, '', {}, () => bytes, Symbol('x')])
    assert.throws(() => setWasm(source), /^TypeError: setWasm: expected a WebAssembly\.Module, bytes, a Response/);
});

test('a load that failed is tried again by the next call', async (t) => {
  t.after(() => setWasm(undefined));
  answers['/sometimes'] = answers['/failing'];
  setWasm(`${origin}/sometimes`);
  await assert.rejects(createSandbox(), /HTTP status 503/);
  await assert.rejects(createSandbox({ wasm: `${origin}/sometimes` }), /HTTP status 503/);
  answers['/sometimes'] = answers['/wasm'];
  (await evaluates()).dispose();
  (await evaluates({ wasm: `${origin}/sometimes` })).dispose();
});

const lines = (text) => new TextEncoder().encode(text);
const strangers = [
  ['nothing', new Uint8Array(0), /the file is empty/],
  ['a page', lines('\n <!doctype HTML><html>'), /an HTML page, as development servers send for unknown paths/],
  ['a page with a mark and a comment', lines('\ufeff<!-- built -->\n<html>'), /an HTML page/],
  ['XML', lines('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), /an XML document/],
  ['JSON', lines('{"message":"Not Found"}'), /is not WebAssembly but JSON/],
  ['JavaScript', lines('export default "/assets/caisson-1234.wasm"'), /JavaScript: a bundler has made a module/],
  ['gzip', gzipSync(bytes), /a gzip file: its server does not say Content-Encoding: gzip/],
  ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), /a zstd file/],
  ['brotli', Uint8Array.of(0x5b, 0xff, 0x7f, 0x15, 0x81), /begin with 5b ff 7f 15 81 \(perhaps a compressed file/],
  ['zip', lines('PK\x03\x04...'), /a zip file/],
  ['Git LFS', lines('version https://git-lfs.github.com/spec/v1\noid sha256:00'), /a Git LFS pointer/],
  ['text format', lines('(module (func))'), /WebAssembly as text/],
  ['base64', lines(bytes.toString('base64').slice(0, 100)), /the base64 of WebAssembly/],
  ['plain text', lines('Not found'), /a text that begins with "Not found"/],
  ['a component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /a WebAssembly component, not a module/],
  ['zeros', new Uint8Array(100), /bytes that begin with 00 00 00 00/],
  ['a part of it', bytes.subarray(0, 5000), /not caisson\.wasm, or not all of it \(CompileError: /],
];
for (const [name, source, message] of strangers) {
  test(`bytes that are not WebAssembly are named: ${name}`, async () => {
    await assert.rejects(
      createSandbox({ wasm: source }),
      (error) =>
        error instanceof LoadError &&
        error instanceof SandboxError &&
        error.name === 'LoadError' &&
        error.cause instanceof WebAssembly.CompileError &&
        message.test(error.message) &&
        /the bytes that were given.*; give those of the caisson\.wasm/.test(error.message),
    );
  });
}

test('what a server sends instead is told with its address and the remedy', async () => {
  const remedy = /; copy caisson\.wasm .* setWasm\(url\), or import from 'caisson\/embedded'$/;
  const messages = {
    '/page': /what came from http:.*\/page is not WebAssembly but an HTML page/,
    '/page-as-wasm': /what came from http:.*\/page-as-wasm is not caisson\.wasm, or not all of it/,
    '/missing': /could not be loaded from http:.*\/missing: HTTP status 404, there is no such file/,
    '/failing': /could not be loaded from http:.*\/failing: HTTP status 503/,
  };
  for (const [path, message] of Object.entries(messages)) {
    for (const wasm of [origin + path, new URL(origin + path), await fetch(origin + path)])
      await assert.rejects(createSandbox({ wasm }), (error) => {
        assert.ok(error instanceof LoadError);
        assert.match(error.message, message);
        assert.match(error.message, remedy);
        return true;
      });
  }
  await assert.rejects(createSandbox({ wasm: 'http://127.0.0.1:1/caisson.wasm' }), {
    name: 'LoadError',
    message: /could not be fetched from http:\/\/127\.0\.0\.1:1\/caisson\.wasm .*nothing answers there.*setWasm/,
  });
});

test('a file that is not there is told with its path', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-loading-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a b.wasm');
  await assert.rejects(createSandbox({ wasm: path }), { name: 'LoadError', message: /a b\.wasm \(ENOENT.*setWasm/ });
  writeFileSync(path, bytes);
  (await evaluates({ wasm: path })).dispose();
});

test('a Response that was read already is told so', async () => {
  const response = await fetch(`${origin}/octets`);
  await response.arrayBuffer();
  await assert.rejects(createSandbox({ wasm: response }), {
    name: 'LoadError',
    message: /a Response can be read once/,
  });
});

test('a promise that comes to no source, and one that fails', async () => {
  await assert.rejects(
    createSandbox({ wasm: Promise.resolve(5) }),
    /^TypeError: wasm: expected a promise of .*, got a promise of 5$/,
  );
  const failure = new Error('the disk is full');
  await assert.rejects(createSandbox({ wasm: Promise.reject(failure) }), failure);
});

/** A module that exports functions of these names which give 1, without imports, or with one that nobody has. */
function moduleWith(names, isImporting = false) {
  const section = (id, content) => [id, content.length, ...content];
  const name = (text) => [text.length, ...lines(text)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 1, 0x7f]),
    ...(isImporting ? section(2, [1, ...name('env'), ...name('f'), 0, 0]) : []),
    ...section(3, [1, 0]),
    ...section(7, [names.length, ...names.flatMap((text) => [...name(text), 0, isImporting ? 1 : 0])]),
    ...section(10, [1, 4, 0, 0x41, 1, 0x0b]),
  ]);
}

test('WebAssembly that is not the engine, or one of another version, is told so', async () => {
  const wrong = [
    [moduleWith(['other']), /is WebAssembly, but not caisson\.wasm; take the caisson\.wasm of the installed package/],
    [moduleWith(['other'], true), /is WebAssembly, but not caisson\.wasm; take/],
    [moduleWith(['caisson_boundary_version'], true), /is a caisson\.wasm of another version than this package; take/],
    [moduleWith(['caisson_boundary_version']), /another version .*: it speaks version 1 of the boundary, the package/],
  ];
  for (const [wasm, message] of wrong) await assert.rejects(createSandbox({ wasm }), { name: 'LoadError', message });
});

test('a host that forbids WebAssembly is told from bytes that are wrong', async (t) => {
  const usual = WebAssembly.compile;
  t.after(() => {
    WebAssembly.compile = usual;
  });
  const refusals = [
    [
      new WebAssembly.CompileError(
        "WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because 'unsafe-eval' is not allowed",
      ),
      /the Content-Security-Policy of this page forbids WebAssembly .*: add 'wasm-unsafe-eval' to its script-src/,
    ],
    [
      new WebAssembly.CompileError('WebAssembly.compile(): Wasm code generation disallowed by embedder'),
      /compiles no WebAssembly while it runs .*: import caisson\.wasm as a module, .* setWasm\(module\)/,
    ],
  ];
  for (const [refusal, message] of refusals) {
    WebAssembly.compile = async () => {
      throw refusal;
    };
    await assert.rejects(createSandbox({ wasm: new Uint8Array(bytes) }), {
      name: 'LoadError',
      message,
      cause: refusal,
    });
  }
});
