import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createApp } from './app.js';
import { Tenants } from './tenants.js';

/** A server for one test, as functions that put a source and post a value. */
async function open(context, options) {
  // Longer than a busy machine may be away.
  const tenants = new Tenants({ ...options, limits: { timeLimit: 1000, ...options?.limits } });
  const server = createApp(tenants).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
    tenants.close();
  });
  const send = async (method, path, body) => {
    const address = `http://127.0.0.1:${server.address().port}/tenants/${path.replace('/', '/functions/')}`;
    const response = await fetch(address, { method, body });
    const text = await response.text();
    return { status: response.status, ...(text === '' ? {} : { body: JSON.parse(text) }) };
  };
  return {
    tenants,
    put: (path, source) => send('PUT', path, source),
    post: (path, value) => send('POST', path, JSON.stringify(value)),
  };
}

test('a function of a tenant is stored, called and replaced', async (context) => {
  const { put, post } = await open(context);
  assert.deepEqual(await put('a/greet', 'export default ({ name }) => ({ text: `Hello ${name}` });'), { status: 204 });
  assert.deepEqual(await post('a/greet', { name: 'Ann' }), { status: 200, body: { text: 'Hello Ann' } });
  await put('a/greet', 'export default async () => {};');
  assert.deepEqual(await post('a/greet', 1), { status: 200, body: null });
  assert.equal((await post('b/greet', 1)).status, 404);
});

test('tenants have stores of their own', async (context) => {
  const { put, post } = await open(context);
  const source = `import { get, set } from 'app:store';
    export default async () => { const n = (await get('n') ?? 0) + 1; await set('n', n); return n; };`;
  for (const path of ['a/count', 'b/count', 'a/again']) await put(path, source);
  assert.equal((await post('a/count')).body, 1);
  assert.equal((await post('a/again')).body, 2);
  assert.equal((await post('b/count')).body, 1);
});

test('a tenant that takes too much gets an error, and others are served', async (context) => {
  const { put, post } = await open(context, { limits: { waitLimit: 200 } });
  await put('a/loop', 'export default () => { for (;;); };');
  await put('a/wait', 'export default () => new Promise(() => {});');
  await put(
    'a/fill',
    'export default () => { const all = []; for (;;) try { all.push(new Uint8Array(1e5)); } catch {} };',
  );
  await put('b/good', 'export default (n) => n + 1;');
  assert.equal((await post('a/loop')).status, 408);
  assert.equal((await post('a/wait')).status, 408);
  assert.ok([408, 413].includes((await post('a/fill')).status));
  assert.deepEqual(await post('b/good', 1), { status: 200, body: 2 });
  assert.equal((await post('a/loop')).status, 408);
});

test('errors of a function are told with their place, and an error while loading keeps the version before', async (context) => {
  const { put, post } = await open(context);
  await put('a/f', 'export default (value) => value.a.b;');
  const { status, body } = await post('a/f', {});
  assert.equal(status, 422);
  assert.match(body.error, /^TypeError: .*value\.a/);
  assert.match(body.stack, /function\.js:1/);
  assert.equal((await put('a/f', 'export default {')).status, 422);
  assert.equal((await put('a/f', 'export const x = 1;')).status, 422);
  assert.deepEqual(await post('a/f', { a: { b: 3 } }), { status: 200, body: 3 });
  assert.equal((await put('A/f', '')).status, 400);
});

test('what is not used is given back, and loaded again', async (context) => {
  const { tenants, put, post } = await open(context, { idleTime: 50, most: 1 });
  await put('a/f', 'export default () => 1;');
  for (const end = Date.now() + 10_000; tenants.openSandboxes > 0; ) {
    assert.ok(Date.now() < end, 'the sandbox is still there');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(await post('a/f'), { status: 200, body: 1 });
});

test('no more sandboxes are opened than allowed', async (context) => {
  const { tenants, put } = await open(context, { most: 1 });
  await put('a/f', 'export default () => 1;');
  assert.match((await put('a/g', 'export default () => 1;')).body.error, /Too many/);
  assert.equal(tenants.openSandboxes, 1);
});
