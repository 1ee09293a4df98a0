// caisson/fetch: what a guest may ask, what it is told, and that its classes behave as those of Node do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSandbox } from 'caisson';
import { grantFetch } from 'caisson/fetch';
import { functionsGiven } from '../tools/grants.mjs';

let server, origin, other; // the same server by another name is another origin
const seen = []; // requests
const waiting = new Set(); // responses that never end
before(async () => {
  server = createServer(async (request, response) => {
    const { method, headers, url } = request;
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks).toString();
    seen.push({ method, url, headers, body });
    const { pathname, searchParams } = new URL(url, origin);
    switch (pathname) {
      case '/to':
        response.writeHead(Number(searchParams.get('status') ?? 302), { location: searchParams.get('at') });
        return response.end('moved');
      case '/snow':
        response.writeHead(302, { location: Buffer.from('/end?☃').toString('latin1') });
        return response.end();
      case '/nowhere':
        response.writeHead(302);
        return response.end('here');
      case '/loop':
        response.writeHead(307, { location: '/loop' });
        return response.end();
      case '/size':
        return response.end(Buffer.alloc(Number(searchParams.get('bytes')), 'x'));
      case '/stream':
        for (let i = 0; i < 5; i++) response.write(`${i};`);
        return response.end();
      case '/never':
        waiting.add(response);
        return;
      case '/half':
        response.writeHead(200).write('half');
        waiting.add(response);
        return;
      case '/broken':
        response.writeHead(200, { 'content-length': 100 }).write('part');
        return setTimeout(() => response.destroy(), 20);
      case '/status':
        response.writeHead(Number(searchParams.get('status')), 'As asked', { 'x-one': '1' });
        return response.end();
      default:
        response.writeHead(200, {
          'content-type': 'application/json',
          'set-cookie': ['a=1', 'b=2'],
          'x-many': ['1', '2'],
        });
        return response.end(JSON.stringify({ method, url, headers, body }));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  origin = `http://127.0.0.1:${port}`;
  other = `http://localhost:${port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

async function start(t, options = {}, settings = {}) {
  const sandbox = await createSandbox({ globals: { origin, other }, ...settings });
  t.after(() => sandbox.dispose());
  await grantFetch(sandbox, { origins: [origin], methods: ['GET', 'HEAD', 'POST', 'PUT'], ...options });
  const run = (body, given) => sandbox.eval(`(async () => { ${body} })()`, given);
  const refusal = (body) => run(`try { ${body}; return 'none'; } catch (error) { return String(error); }`);
  return { sandbox, run, refusal };
}

test('a guest has no fetch unless it is granted, and the grant says what it needs', async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  assert.equal(
    sandbox.evalSync(
      `['fetch', 'Headers', 'Request', 'Response', 'Blob', 'FormData', 'ReadableStream'].filter((name) => name in globalThis).join()`,
    ),
    '',
  );
  await assert.rejects(grantFetch(sandbox), /the options must be an object/);
  await assert.rejects(grantFetch(sandbox, {}), /origins must be a list of origins, or a function/);
  for (const wrong of [
    'https://example.com/path',
    'example.com',
    'ftp://example.com',
    'https://*',
    '*',
    'https://a.*.com',
    'https://u:p@example.com',
    5,
    'null',
  ])
    await assert.rejects(grantFetch(sandbox, { origins: [wrong] }), /an origin looks like/, String(wrong));
  for (const wrong of [
    { timeLimit: 0 },
    { responseLimit: '1' },
    { concurrent: NaN },
    { methods: 'GET' },
    { headers: {} },
    { credentials: 'yes' },
    { fetch: 1 },
    { base: '/relative' },
    { redirects: 1 },
    { origin: [] },
  ])
    await assert.rejects(
      grantFetch(sandbox, { origins: [], ...wrong }),
      { name: 'TypeError', message: /^grantFetch: / },
      JSON.stringify(wrong),
    );
});

test('a response has status, headers and a body, and no cookies', async (t) => {
  const { run } = await start(t);
  const [head, headers, text] = await run(`
    const response = await fetch(origin + '/path?q=1#part', { headers: { Accept: 'text/x', Cookie: 'c', 'X-Own': 'ü' } });
    const { status, ok, statusText, url, redirected, type, bodyUsed } = response;
    return [{ status, ok, statusText, url, redirected, type, bodyUsed }, Object.fromEntries(response.headers), await response.text()];`);
  assert.deepEqual(head, {
    ...{ status: 200, ok: true, statusText: 'OK', url: `${origin}/path?q=1` },
    ...{ redirected: false, type: 'basic', bodyUsed: false },
  });
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['x-many'], '1, 2');
  assert.ok(!('set-cookie' in headers));
  const { headers: sent } = JSON.parse(text);
  assert.deepEqual([sent.accept, sent['x-own'], sent.cookie], ['text/x', 'ü', undefined]);
});

test('requests can be texts, URLs and Requests, and bodies of every kind', async (t) => {
  const { run } = await start(t);
  const sent = await run(`
    const results = [];
    const add = async (...values) => {
      const { method, body, headers } = await (await fetch(...values)).json();
      results.push([method, body, headers['content-type'] ?? null, headers['content-length'] ?? null]);
    };
    await add(new URL('/', origin));
    await add({ toString: () => origin });
    await add(origin, { method: 'post', body: 'tëxt' });
    await add(new Request(origin, { method: 'PUT', body: new Uint8Array([104, 105]) }));
    await add(new Request(origin, { method: 'PUT', body: 'first' }), { body: 'second', method: 'POST' });
    await add(origin, { method: 'POST', body: new URLSearchParams({ a: '1 &', b: 'ü' }) });
    await add(origin, { method: 'POST', body: new Blob(['a', new Uint8Array([98])], { type: 'text/X' }) });
    await add(origin, { method: 'POST', body: new ReadableStream({ start(c) { c.enqueue(new Uint8Array([49])); c.close(); } }), duplex: 'half' });
    await add(origin, { method: 'POST' });
    return results;`);
  assert.deepEqual(sent, [
    ['GET', '', null, null],
    ['GET', '', null, null],
    ['POST', 'tëxt', 'text/plain;charset=UTF-8', '5'],
    ['PUT', 'hi', null, '2'],
    ['POST', 'second', 'text/plain;charset=UTF-8', '6'],
    ['POST', 'a=1+%26&b=%C3%BC', 'application/x-www-form-urlencoded;charset=UTF-8', '16'],
    ['POST', 'ab', 'text/x', '2'],
    ['POST', '1', null, '1'],
    ['POST', '', null, '0'],
  ]);
  const form = await run(`
    const form = new FormData();
    form.append('na"me\\n', 'line\\nline');
    form.append('file', new File(['content'], 'ü.txt', { type: 'text/plain' }));
    const { body, headers } = await (await fetch(origin, { method: 'POST', body: form })).json();
    const back = await new Response(body, { headers: { 'content-type': headers['content-type'] } }).formData();
    return [[...back.keys()], back.get('na"me\\r\\n'), back.get('file').name, back.get('file').type, await back.get('file').text()];`);
  assert.deepEqual(form, [['na"me\r\n', 'file'], 'line\r\nline', 'ü.txt', 'text/plain', 'content']);
});

test('a body is read once, in every way, and can be cloned and streamed', async (t) => {
  const { run, refusal } = await start(t);
  const url = `origin + '/stream'`;
  assert.deepEqual(
    await run(`
      const response = await fetch(${url});
      const clone = response.clone();
      const blob = await clone.blob();
      const chunks = [];
      for await (const chunk of response.body) chunks.push(chunk);
      return [blob.size, response.bodyUsed, chunks.every((chunk) => chunk instanceof Uint8Array), await new Blob(chunks).text()];`),
    [10, true, true, '0;1;2;3;4;'],
  );
  assert.deepEqual(
    await run(`
      const get = () => fetch(${url});
      return [(await (await get()).bytes()).length, (await (await get()).arrayBuffer()).byteLength, await (await get()).text()];`),
    [10, 10, '0;1;2;3;4;'],
  );
  assert.match(
    await refusal(`const r = await fetch(${url}); await r.text(); await r.text()`),
    /TypeError: The body has been used/,
  );
  assert.match(await refusal(`const r = await fetch(${url}); await r.text(); r.clone()`), /TypeError: Response.clone/);
  assert.match(
    await refusal(`const r = await fetch(${url}); r.body.getReader(); await r.text()`),
    /TypeError: The body/,
  );
  assert.equal(await run(`return (await fetch(origin, { method: 'HEAD' })).body`), null);
  assert.equal(await run(`return (await fetch(origin + '/status?status=204')).body`), null);
  assert.deepEqual(
    await run(`const r = await fetch(origin + '/status?status=418'); return [r.ok, r.status, r.statusText]`),
    [false, 418, 'As asked'],
  );
});

test('requests go to the origins that are allowed, and nowhere else', async (t) => {
  const { refusal } = await start(t);
  const before = seen.length;
  for (const text of [
    `other`,
    `'https://127.0.0.1:1'`,
    `origin + '0'`,
    `origin.replace('http', 'ws')`,
    `'file:///etc/passwd'`,
  ])
    assert.match(await refusal(`await fetch(${text})`), /^TypeError: .*(?:not allowed|URL)/, text);
  assert.match(await refusal(`await fetch(origin.replace('//', '//user:word@'))`), /password/);
  assert.match(await refusal(`await fetch('/relative')`), /^TypeError/);
  assert.match(await refusal(`await fetch(origin, { method: 'DELETE' })`), /the method DELETE is not allowed/);
  assert.match(await refusal(`await fetch(origin, { method: 'patch' })`), /the method patch is not allowed/);
  assert.equal(seen.length, before);
});

test('patterns of origins mean subdomains; functions are asked for each address', async () => {
  const asked = [];
  const fetch = async (address) => (asked.push(address), new Response('x'));
  const tried = async (origins, url) => {
    const { send } = await hostSide({ origins, fetch });
    return send(1, JSON.stringify({ url, method: 'GET', headers: [], redirect: 'follow' })).then(
      () => true,
      (error) => (assert.match(error.message, /not allowed/), false),
    );
  };
  const pattern = ['https://*.example.com'];
  assert.equal(await tried(pattern, 'https://a.example.com/x'), true);
  assert.equal(await tried(pattern, 'https://a.b.EXAMPLE.com'), true);
  for (const url of [
    'https://example.com',
    'http://a.example.com',
    'https://a.example.com:8443',
    'https://aexample.com',
    'https://a.example.com.evil.org',
    'https://evil.org/a.example.com',
    'https://evil.org?.example.com',
    'https://evil.org#.example.com',
    'https://a.example.com.',
  ])
    assert.equal(await tried(pattern, url), false, url);
  assert.equal(await tried(['https://bücher.example'], 'https://xn--bcher-kva.example/'), true);
  assert.equal(await tried(['https://example.com:443'], 'https://example.com/'), true);
  assert.equal(await tried(['http://127.0.0.1'], 'http://0x7f.1/'), true); // the same address by another name
  assert.equal(await tried(() => true, 'ftp://example.com'), false);
  assert.equal(await tried((url) => url.hostname === 'a', 'https://a/'), true);
  assert.equal(await tried(async (url) => url.hostname === 'a', 'https://b/'), false);
  assert.equal(await tried(() => 1, 'https://b/'), false);
  const given = [];
  const { send } = await hostSide({
    origins: (url, method) => (given.push(url.href, method), (url.href = 'https://evil/'), true),
    fetch,
  });
  await send(1, JSON.stringify({ url: 'https://good/', method: 'GET', headers: [], redirect: 'follow' }));
  assert.deepEqual([given, asked.at(-1)], [['https://good/', 'GET'], 'https://good/']);
});

// What the host gives, called without a guest between.
function hostSide(options) {
  return functionsGiven((sandbox) => {
    const whole = { eval: async () => ({ value: { grantFetch: (functions) => given(functions) } }) };
    let given;
    const result = new Promise((resolve) => (given = resolve));
    return grantFetch(whole, options).then(async () => (await sandbox.eval()).value(await result));
  });
}

test('each hop of a redirect is checked, and changes the request as it must', async (t) => {
  const { run, refusal } = await start(t);
  assert.deepEqual(
    await run(`const r = await fetch(origin + '/to?at=/end'); return [r.url, r.redirected, (await r.json()).url]`),
    [`${origin}/end`, true, '/end'],
  );
  const before = seen.length;
  assert.match(await refusal(`await fetch(origin + '/to?at=' + encodeURIComponent(other + '/secret'))`), /not allowed/);
  assert.match(
    await refusal(`await fetch(origin + '/to?at=' + encodeURIComponent('/to?at=' + encodeURIComponent(other)))`),
    /not allowed/,
  );
  assert.match(await refusal(`await fetch(origin + '/to?at=file:///etc/passwd')`), /not allowed/);
  assert.ok(seen.slice(before).every(({ headers }) => headers.host === new URL(origin).host));
  assert.match(
    await refusal(`await fetch(origin + '/to?at=' + encodeURIComponent('/to?at=/to'), { redirect: 'error' })`),
    /redirect/,
  );
  assert.deepEqual(
    await run(
      `const r = await fetch(origin + '/to?at=/end', { redirect: 'manual' }); return [r.type, r.status, r.url, [...r.headers].length, r.body]`,
    ),
    ['opaqueredirect', 0, `${origin}/to?at=/end`, 0, null],
  );
  const post = (status) =>
    run(`
    const r = await fetch(origin + '/to?at=/end&status=${status}', { method: 'POST', body: 'b', headers: { authorization: 'a' } });
    const { method, body, headers } = await r.json();
    return [method, body, headers['content-type'] ?? null, headers.authorization];`);
  for (const status of [301, 302, 303]) assert.deepEqual(await post(status), ['GET', '', null, 'a'], String(status));
  for (const status of [307, 308])
    assert.deepEqual(await post(status), ['POST', 'b', 'text/plain;charset=UTF-8', 'a'], String(status));
  assert.match(await refusal(`await fetch(origin + '/loop')`), /more than 20 redirects/);
  const both = await start(t, { origins: [origin, other] });
  assert.equal(
    await both.run(
      `const r = await fetch(origin + '/to?at=' + encodeURIComponent(other), { headers: { authorization: 'a' } }); return (await r.json()).headers.authorization`,
    ),
    undefined,
  );
  const none = await start(t, { redirects: false });
  assert.match(await none.refusal(`await fetch(origin + '/to?at=/end')`), /redirect, which is not allowed/);
  const hidden = await start(t, {
    fetch: async () => ({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null }),
  });
  assert.match(await hidden.refusal('await fetch(origin)'), /does not show where it leads/);
});

test('a redirect leads where its UTF-8 says, and one without an address is one only if nobody follows it', async (t) => {
  const { run, refusal } = await start(t);
  assert.equal(await run(`return (await fetch(origin + '/snow')).url`), `${origin}/end?%E2%98%83`);
  const nowhere = (redirect) =>
    run(
      `const r = await fetch(origin + '/nowhere', { redirect: '${redirect}' }); return [r.type, r.status, await r.text()]`,
    );
  assert.deepEqual(await nowhere('follow'), ['basic', 302, 'here']);
  assert.deepEqual(await nowhere('manual'), ['opaqueredirect', 0, '']);
  assert.match(await refusal(`await fetch(origin + '/nowhere', { redirect: 'error' })`), /redirect, which is not/);
});

test('addresses of data and blobs are answered without the host', async (t) => {
  const { run, refusal } = await start(t, { origins: [], base: 'https://page.example/' });
  const before = seen.length;
  const answer = (address, init = '{}') =>
    run(
      `const r = await fetch(${address}, ${init}); return [r.status, r.headers.get('content-type'), await r.text(), r.type];`,
    );
  for (const [address, type, text] of [
    ['data:,a%20b', 'text/plain;charset=US-ASCII', 'a b'],
    ['data:text/x;a="b,c', 'text/x;a=b', 'c'],
    ['data:;charset=utf-8,%C3%BC#part', 'text/plain;charset=utf-8', 'ü'],
    ['data: text/html ; BASE64,PGI%2B', 'text/html', '<b>'],
    ['data:a/b;base64x,PGI', 'a/b', 'PGI'],
  ])
    assert.deepEqual(await answer(JSON.stringify(address)), [200, type, text, 'basic'], address);
  assert.deepEqual(await answer(`'data:,x'`, `{ method: 'HEAD' }`), [200, 'text/plain;charset=US-ASCII', '', 'basic']);
  for (const address of ['data:text/plain', 'data:;base64,a', 'data:;base64,!!!!'])
    assert.match(await refusal(`await fetch('${address}')`), /^TypeError: fetch: the address has no data/, address);

  const made = `const address = URL.createObjectURL(new Blob(['0123456789'], { type: 'a/b' }));`;
  assert.match(
    await run(`${made} return address`),
    /^blob:https:\/\/page\.example\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const part = (range) =>
    run(`${made} const r = await fetch(address + '#x', { headers: { range: ${JSON.stringify(range)} } });
      return [r.status, r.headers.get('content-range'), r.headers.get('content-length'), await r.text()];`);
  assert.deepEqual(await part('bytes=2-4'), [206, 'bytes 2-4/10', '3', '234']);
  assert.deepEqual(await part('bytes= 8 -\t99'), [206, 'bytes 8-9/10', '2', '89']);
  assert.deepEqual(await part('bytes=-3'), [206, 'bytes 7-9/10', '3', '789']);
  for (const range of [
    'bytes=-',
    'bytes=5-4',
    'bytes=10-',
    'bytes=1-2,4-5',
    'items=1-2',
    'bytes 1-2',
    'bytes=x-',
    'bytes=-0',
  ])
    await assert.rejects(part(range), /no such range/, range);
  assert.deepEqual(
    await run(`${made} const request = new Request(address), other = address.slice(0, -1);
      URL.revokeObjectURL(address);
      const gone = [];
      for (const each of [address, other, 'blob:x']) gone.push(await fetch(each).catch((error) => error.name));
      return [await (await fetch(request)).text(), gone];`),
    ['0123456789', ['TypeError', 'TypeError', 'TypeError']],
  );
  assert.match(await refusal(`${made} await fetch(address, { method: 'POST' })`), /no blob/);
  assert.match(await refusal(`URL.createObjectURL({})`), /expected a Blob/);
  assert.equal(seen.length, before);
});

test('modes limit what is sent and what is shown', async (t) => {
  const { run, refusal } = await start(t, { origins: [origin, other], base: `${origin}/page` });
  const far = `origin + '/to?at=' + encodeURIComponent(other)`;
  const back = `origin + '/to?at=' + encodeURIComponent(other + '/to?at=' + encodeURIComponent(origin))`;
  const kind = (address, init) =>
    run(
      `const r = await fetch(${address}, ${init}); return [r.type, r.status, r.url, [...r.headers].length > 0, r.body !== null]`,
    );
  const hidden = ['opaque', 0, '', false, false];
  assert.deepEqual(await kind(`'/end'`, `{ mode: 'same-origin' }`), ['basic', 200, `${origin}/end`, true, true]);
  assert.deepEqual(await kind(`other`, `{}`), ['cors', 200, `${other}/`, true, true]);
  assert.deepEqual(await kind(far, `{}`), ['cors', 200, `${other}/`, true, true]);
  assert.deepEqual(await kind(back, `{}`), ['cors', 200, `${origin}/`, true, true]);
  for (const address of ['other', far, back])
    assert.deepEqual(await kind(address, `{ mode: 'no-cors' }`), hidden, address);
  assert.deepEqual(await kind(`'/end'`, `{ mode: 'no-cors' }`), ['basic', 200, `${origin}/end`, true, true]);
  const before = seen.length;
  assert.match(await refusal(`await fetch(other, { mode: 'same-origin' })`), /'same-origin' does not allow/);
  assert.match(await refusal(`await fetch(${far}, { mode: 'same-origin' })`), /redirect to another origin/);
  assert.match(await refusal(`await fetch(other, { mode: 'no-cors', redirect: 'manual' })`), /follows redirects/);
  assert.match(
    await refusal(`new Request(other, { mode: 'no-cors', method: 'PUT' })`),
    /does not allow the method PUT/,
  );
  assert.deepEqual(
    seen.slice(before).map(({ headers }) => headers.host),
    [new URL(origin).host],
  );
  assert.deepEqual(
    await run(`const { headers } = new Request(other, { mode: 'no-cors', method: 'POST', body: 'x', headers: {
        'X-Own': '1', Accept: 'a/b', Authorization: '2', Range: 'bytes=1-2', 'Accept-Language': 'de<' } });
      headers.append('accept', 'x'.repeat(125)); headers.set('content-language', 'en'); headers.delete('x-own'); headers.set('content-type', 'a/b');
      return [...headers];`),
    [
      ['accept', 'a/b'],
      ['content-language', 'en'],
      ['content-type', 'text/plain;charset=UTF-8'],
    ],
  );
});

test('a response is the one that integrity asks for, or there is none', async (t) => {
  const { run, refusal } = await start(t);
  const hash = (name, text) => `${name}-${createHash(name).update(text).digest('base64')}`;
  const ask = (integrity) =>
    run(`return (await fetch(origin + '/size?bytes=5', { integrity: ${JSON.stringify(integrity)} })).text()`);
  const [right, wrong] = ['xxxxx', 'y'];
  const good = [
    hash('sha256', right),
    hash('sha384', right).replace(/=+$/, ''),
    hash('sha512', right).replaceAll('+', '-').replaceAll('/', '_'),
    `${hash('sha512', wrong)} ${hash('sha512', right)}`,
    `${hash('sha256', wrong)}\n${hash('sha384', right)}?option`,
    `md5-x sha256 nothing`,
  ];
  for (const integrity of good) assert.equal(await ask(integrity), right, integrity);
  for (const integrity of [hash('sha256', wrong), `${hash('sha256', right)} ${hash('sha384', wrong)}`, 'sha512-AA'])
    await assert.rejects(ask(integrity), /not the one that integrity asks for/, integrity);
  assert.equal(await run(`return (await fetch('data:,x', { integrity: '${hash('sha256', 'x')}' })).text()`), 'x');
  assert.match(await refusal(`await fetch('data:,y', { integrity: '${hash('sha256', 'x')}' })`), /not the one/);
  assert.match(
    await refusal(`await fetch(origin + '/size?bytes=2000', { integrity: '${hash('sha256', 'x')}' })`),
    /not the one/,
  );
});

test('the body of a response ends and fails also when nobody reads it', async (t) => {
  const { run } = await start(t);
  assert.equal(
    await run(`return (await fetch(origin + '/size?bytes=0')).body.getReader().closed.then(() => 'closed')`),
    'closed',
  );
  assert.equal(
    await run(`const reader = (await fetch(origin + '/broken')).body.getReader();
      return reader.closed.catch((error) => error.name)`),
    'TypeError',
  );
  assert.equal(
    await run(`const reader = (await fetch(origin + '/stream')).body.getReader();
      for (let size = 0; size < 10; ) size += (await reader.read()).value.length;
      return reader.closed.then(() => 'closed')`),
    'closed',
  );
  assert.equal(
    await run(`const reader = (await fetch(origin + '/stream')).body.getReader({ mode: 'byob' });
      let text = '';
      for (;;) { const { value, done } = await reader.read(new Uint8Array(3)); if (done) return text; text += new TextDecoder().decode(value); }`),
    '0;1;2;3;4;',
  );
});

test('a body that was read is locked, and a clone has chunks of its own', async (t) => {
  const { run } = await start(t);
  assert.deepEqual(
    await run(`
      const results = [];
      for (const response of [await fetch(origin + '/stream'), new Response('text'), new Response(new Blob(['x']).stream())]) {
        const pending = response.text();
        const { body } = response;
        results.push([body.locked, response.bodyUsed, (await pending).length]);
        try { body.getReader(); } catch (error) { results.push(error.name); }
      }
      return results;`),
    [[true, true, 10], 'TypeError', [true, true, 4], 'TypeError', [true, true, 1], 'TypeError'],
  );
  assert.deepEqual(
    await run(`
      const chunk = new Uint8Array([1, 2]);
      const response = new Response(new ReadableStream({ start(controller) { controller.enqueue(chunk); controller.close(); } }));
      const copy = response.clone();
      const { value } = await copy.body.getReader().read();
      value[0] = 9;
      return [chunk[0], [...await response.bytes()], value.buffer === chunk.buffer];`),
    [1, [1, 2], false],
  );
});

test('the stream of a request is given up when it is too long, and when it is aborted', async (t) => {
  const { run, refusal } = await start(t, { requestLimit: 1000 });
  const stream = `let reason; const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(100)), cancel: (given) => { reason = given; } });
    const init = { method: 'POST', duplex: 'half', body };`;
  const before = seen.length;
  assert.match(await refusal(`${stream} await fetch(origin, init)`), /more than 1000 bytes/);
  assert.equal(
    await run(`${stream} await fetch(origin, init).catch(() => {}); return String(reason)`).then((text) =>
      /more than 1000/.test(text),
    ),
    true,
  );
  const aborted = await run(`${stream} const given = fetch(origin, { ...init, signal: AbortSignal.abort('early') });
    const atOnce = reason; return [atOnce, await given.catch((error) => error)];`);
  assert.deepEqual(aborted, ['early', 'early']);
  const late = await run(`let reason; const controller = new AbortController();
    const body = new ReadableStream({ cancel: (given) => { reason = given; } });
    const given = fetch(origin, { method: 'POST', duplex: 'half', body, signal: controller.signal });
    setTimeout(() => controller.abort('late'), 5);
    return [await given.catch((error) => error), reason];`);
  assert.deepEqual(late, ['late', 'late']);
  assert.equal(seen.length, before);
});

test('limits hold for requests, responses, time, and how many there are', async (t) => {
  const { run, refusal } = await start(t, { requestLimit: 100, responseLimit: 1000, timeLimit: 300, concurrent: 3 });
  assert.equal(
    await run(`return (await (await fetch(origin, { method: 'POST', body: 'x'.repeat(100) })).json()).body.length`),
    100,
  );
  assert.match(await refusal(`await fetch(origin, { method: 'POST', body: 'x'.repeat(101) })`), /more than 100 bytes/);
  assert.equal(await run(`return (await (await fetch(origin + '/size?bytes=1000')).text()).length`), 1000);
  assert.match(await refusal(`await (await fetch(origin + '/size?bytes=1001')).text()`), /more than 1000 bytes/);
  assert.match(await refusal(`await fetch(origin + '/never')`), /TimeoutError/);
  assert.match(await refusal(`const r = await fetch(origin + '/half'); await r.text()`), /TimeoutError/);
  assert.match(await refusal(`await (await fetch(origin + '/broken')).text()`), /TypeError: fetch: the request failed/);
  // Bodies that nobody reads do not block others for longer than their time.
  assert.equal(
    await run(`for (let i = 0; i < 20; i++) await fetch(origin + '/status?status=404'); return 'done'`),
    'done',
  );
  let most = 0,
    active = 0;
  const slow = await start(t, {
    concurrent: 3,
    async fetch() {
      most = Math.max(most, ++active);
      await delay(10);
      active--;
      return new Response('x');
    },
  });
  assert.equal(
    await slow.run(
      `return (await Promise.all(Array.from({ length: 20 }, () => fetch(origin).then((r) => r.text())))).join('')`,
    ),
    'x'.repeat(20),
  );
  assert.equal(most, 3);
  const endless = await start(t, {
    responseLimit: 100_000,
    fetch: async () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(10_000)) })),
  });
  assert.match(await endless.refusal(`await (await fetch(origin)).text()`), /more than 100000 bytes/);
  const deaf = await start(t, { timeLimit: 50, fetch: () => new Promise(() => {}) });
  assert.match(await deaf.refusal(`await fetch(origin)`), /TimeoutError/);
});

test('bodies that nobody reads keep others waiting for the time limit only', async (t) => {
  const { run } = await start(t, { timeLimit: 300, concurrent: 2 });
  await run(
    `globalThis.kept = [await fetch(origin + '/size?bytes=3000000'), await fetch(origin + '/size?bytes=3000000')]`,
  );
  assert.equal(await run(`return (await fetch(origin + '/size?bytes=1')).text()`), 'x');
  assert.equal(
    await run(`return kept[0].text().catch((error) => error.name + ': ' + error.message)`),
    'TimeoutError: fetch: no answer within 300 ms',
  );
  // A head that is none frees its turn as well.
  const broken = () => ({ status: 200, headers: new Map([['a b', 'x']]), body: new Response('x').body });
  const other = await start(t, { concurrent: 1, fetch: async () => broken() });
  for (let i = 0; i < 3; i++)
    assert.match(await other.refusal('await fetch(origin)'), /is no name of a header|request failed/);
});

test('an AbortSignal ends a request before, during and after the head', async (t) => {
  const { run, sandbox } = await start(t);
  const reason = (body) =>
    run(
      `try { ${body}; return 'none'; } catch (error) { return [error?.name ?? error, error instanceof DOMException]; }`,
    );
  assert.deepEqual(await reason(`await fetch(origin, { signal: AbortSignal.abort() })`), ['AbortError', true]);
  assert.deepEqual(await reason(`await fetch(origin, { signal: AbortSignal.abort('mine') })`), ['mine', false]);
  assert.deepEqual(
    await reason(`const c = new AbortController(); const p = fetch(origin, { signal: c.signal }); c.abort(); await p`),
    ['AbortError', true],
  );
  assert.deepEqual(await reason(`await fetch(origin + '/never', { signal: AbortSignal.timeout(30) })`), [
    'TimeoutError',
    true,
  ]);
  assert.deepEqual(
    await reason(
      `const c = new AbortController(); setTimeout(() => c.abort(), 30); await fetch(origin + '/never', { signal: AbortSignal.any([c.signal, AbortSignal.timeout(60000)]) })`,
    ),
    ['AbortError', true],
  );
  assert.deepEqual(
    await reason(
      `const c = new AbortController(); const r = await fetch(origin + '/half', { signal: c.signal }); setTimeout(() => c.abort(), 30); await r.text()`,
    ),
    ['AbortError', true],
  );
  assert.deepEqual(await reason(`const r = new Request(origin, { signal: AbortSignal.abort(5) }); await fetch(r)`), [
    5,
    false,
  ]);
  await delay(50);
  const closed = [...waiting].filter((response) => response.destroyed || response.socket?.destroyed).length;
  assert.ok(closed >= 3, `${closed} connections were closed`);
  // The host's own means: a sandbox that ends ends its requests.
  const pending = run(`await fetch(origin + '/never')`);
  pending.catch(() => {});
  await delay(50);
  const last = [...waiting].at(-1);
  sandbox.dispose();
  await assert.rejects(pending, { name: 'DisposedError' });
  await delay(50);
  assert.ok(last.destroyed || last.socket?.destroyed);
});

test('a sandbox that ends takes the bodies along that nobody reads', async (t) => {
  const { run, sandbox } = await start(t, { timeLimit: Infinity });
  await run(`globalThis.kept = [await fetch(origin + '/half'), await fetch(origin + '/half')]`);
  const open = [...waiting].slice(-2);
  assert.ok(open.every((response) => !response.destroyed));
  sandbox.dispose();
  await delay(50);
  assert.ok(open.every((response) => response.destroyed || response.socket?.destroyed));

  // Aborting a program does so, too. A fetch of the host that does not listen has its bodies cancelled.
  let isCancelled = false;
  let answer;
  const late = await start(t, {
    fetch: () => new Promise((resolve) => (answer = resolve)),
    timeLimit: Infinity,
  });
  const controller = new AbortController();
  const asked = late.run(`await fetch(origin)`, { signal: controller.signal });
  await delay(20);
  controller.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  answer(new Response(new ReadableStream({ cancel: () => void (isCancelled = true) })));
  await delay(20);
  assert.ok(isCancelled);
});

test('the host adds headers that the guest neither sees nor replaces', async (t) => {
  const asked = [];
  const { run } = await start(t, {
    headers: (url) => (asked.push(url.pathname), { Authorization: 'Bearer secret', 'X-Host': '1' }),
    origins: [origin],
  });
  const headers = await run(`
    const request = new Request(origin + '/to?at=/end', { headers: { authorization: 'mine', 'x-guest': '2' } });
    const { headers } = await (await fetch(request)).json();
    return [headers.authorization, headers['x-host'], headers['x-guest'], request.headers.get('authorization'), request.headers.get('x-host')];`);
  assert.deepEqual(headers, ['Bearer secret', '1', '2', 'mine', null]);
  assert.deepEqual(asked, ['/to', '/end']);
});

test('the host can bring its own fetch, whose failures tell the guest nothing', async (t) => {
  const inits = [];
  const { run, refusal } = await start(t, {
    base: 'https://example.com/base/',
    origins: ['https://example.com'],
    async fetch(address, init) {
      inits.push([address, init]);
      if (address.endsWith('fail')) throw new Error('connect ECONNREFUSED 10.0.0.1:80');
      return new Response('body', { status: 203, headers: { a: 'b' } });
    },
  });
  assert.deepEqual(
    await run(
      `const r = await fetch('x/../y?z', { credentials: 'include', cache: 'force-cache' }); return [r.status, r.url, r.headers.get('a'), await r.text()]`,
    ),
    [203, 'https://example.com/base/y?z', 'b', 'body'],
  );
  const { redirect, credentials, cache, method } = inits[0][1];
  assert.deepEqual(
    [inits[0][0], redirect, credentials, cache, method],
    ['https://example.com/base/y?z', 'manual', 'omit', 'no-store', 'GET'],
  );
  assert.equal(await refusal(`await fetch('fail')`), 'TypeError: fetch: the request failed');
});

test('a hostile guest gets no further through the functions behind fetch', async () => {
  let calls = 0;
  const { send, read, cancel } = await hostSide({
    origins: ['https://good.example'],
    fetch: async () => (calls++, new Response(new ReadableStream({ pull() {} }))),
    concurrent: 2,
  });
  const request = { url: 'https://good.example/', method: 'GET', headers: [], redirect: 'follow' };
  const wrong = [
    ...[undefined, null, 5, '', 'x', '[]', 'null', '{}', {}, { toString: () => JSON.stringify(request) }],
    ...[
      { ...request, url: 5 },
      { ...request, url: 'https://evil.example' },
      { ...request, url: '//good.example' },
      { ...request, method: 5 },
    ],
    ...[
      { ...request, method: 'DELETE' },
      { ...request, headers: {} },
      { ...request, headers: [['a']] },
      { ...request, headers: [['a', 5]] },
    ],
    ...[
      { ...request, headers: [['a', 'x'.repeat(70000)]] },
      { ...request, headers: [['a', '1\r\nb: 2']] },
      { ...request, headers: [['a: b\r\nc', '1']] },
      { ...request, method: 'GET /x HTTP/1.1\r\n' },
      { ...request, method: 'po\u017ft' },
      { ...request, method: '' },
      { ...request, redirect: 5 },
      { ...request, redirect: undefined },
    ],
  ];
  for (const text of wrong)
    await assert.rejects(
      send(1, typeof text === 'object' && text?.url !== undefined ? JSON.stringify(text) : text),
      (error) => error instanceof TypeError || error instanceof SyntaxError,
      JSON.stringify(text),
    );
  const text = JSON.stringify(request);
  for (const number of [undefined, null, '1', {}, 1n]) await assert.rejects(send(number, text), TypeError);
  for (const body of ['text', {}, [1], new ArrayBuffer(4), new Uint16Array(2)])
    await assert.rejects(send(1, text, body), TypeError);
  assert.equal(calls, 0);
  for (const number of [1, '1', NaN, {}, undefined]) await assert.rejects(read(number), TypeError);
  await send(1, text);
  await send(2, text);
  await assert.rejects(send(2, text), TypeError);
  await assert.rejects(send(3, text), /too many requests/);
  const reading = read(1);
  await assert.rejects(read(1), TypeError);
  cancel(1);
  await assert.rejects(reading);
  cancel(1);
  cancel('x');
  await send(3, text);
  const polluted = await send(4, text.replace('{', '{"__proto__":{"toString":1},')).catch((error) => error);
  assert.match(polluted.message, /too many/);
});

test('headers that pages may not set do not leave, whatever the guest sends', async () => {
  const sent = [];
  const { send } = await hostSide({
    origins: ['https://good.example'],
    fetch: async (_, { headers }) => (sent.push(...headers), new Response(null)),
  });
  const names = [
    'Cookie',
    'Host',
    'Origin',
    'Referer',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Proxy-Authorization',
    'Sec-Fetch-Site',
    'X-HTTP-Method-Override',
    'Set-Cookie',
    'Access-Control-Request-Method',
    'Via',
    'Upgrade',
    'TE',
    'Expect',
  ];
  const headers = [...names.map((name) => [name, 'x']), ['X-Fine', 'y']];
  await send(1, JSON.stringify({ url: 'https://good.example/', method: 'GET', headers, redirect: 'follow' }));
  assert.deepEqual(sent, [['x-fine', 'y']]);
  // Servers would take it for the method that it names.
  const override = async (value) => {
    sent.length = 0;
    const named = [['X-HTTP-Method', value]];
    const request = { url: 'https://good.example/', method: 'GET', headers: named, redirect: 'follow' };
    await send(Math.random(), JSON.stringify(request));
    return sent.length;
  };
  assert.equal(await override(' head'), 1);
  for (const value of ['DELETE', 'GET, DELETE', 'TRACE', ',', 'GETX']) assert.equal(await override(value), 0, value);
});

test('a guest that has changed its world before harms only itself', async (t) => {
  const sandbox = await createSandbox({ globals: { origin } });
  t.after(() => sandbox.dispose());
  sandbox.evalSync(
    `Object.prototype.then = Function.prototype.then = () => { throw 1; };
     Array.prototype.push = Array.prototype.map = function () { throw 2; };
     Object.prototype.url = 'https://evil.example'; Object.prototype.headers = [['cookie', 'x']];`,
    { result: false },
  );
  const fetched = [];
  const granted = await grantFetch(sandbox, {
    origins: [origin],
    fetch: async (address) => (fetched.push(address), new Response('x')),
  }).then(
    () => true,
    () => false,
  );
  if (granted)
    await sandbox.eval(
      `fetch(origin).then((r) => r.text()).catch(() => 0); fetch('https://evil.example').catch(() => 0); 0`,
    );
  await delay(20);
  assert.ok(fetched.every((address) => address.startsWith(origin)));
});
