// caisson/crypto: what guests get is the host's, and no more of it than they may have.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { grantCrypto } from 'caisson/crypto';
import { functionsGiven } from '../tools/grants.mjs';

async function start(t, options, before = '') {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  sandbox.evalSync(before, { result: false });
  await grantCrypto(sandbox, options);
  return sandbox;
}

test('a guest has no crypto unless it is granted', async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  assert.equal(
    sandbox.evalSync('[typeof crypto, typeof Crypto, typeof SubtleCrypto].join()'),
    'undefined,undefined,undefined',
  );
});

test('digests are those of the host, of every kind of buffer, and of the bytes at the time of the call', async (t) => {
  const sandbox = await start(t);
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
  for (const name of ['SHA-1', 'sha-256', 'Sha-384', 'SHA-512']) {
    const digest = await sandbox.eval(`(bytes) => crypto.subtle.digest({ name: '${name}' }, bytes)`);
    const expected = (data) => createHash(name.replace('-', '')).update(data).digest('hex');
    const hex = (buffer) => Buffer.from(buffer).toString('hex');
    assert.equal(hex(await digest(bytes)), expected(bytes), name);
    assert.equal(hex(await digest(bytes.buffer)), expected(bytes));
    assert.equal(hex(await digest(bytes.subarray(7, 9))), expected(bytes.subarray(7, 9)));
    assert.equal(hex(await digest(new DataView(bytes.buffer, 100))), expected(bytes.subarray(100)));
    assert.equal(hex(await digest(new Uint8Array())), expected(''));
  }
  const changed = await sandbox.eval(`
    const data = new Uint8Array([1, 2, 3]);
    const promise = crypto.subtle.digest('SHA-256', data);
    data.fill(0);
    promise`);
  assert.deepEqual(
    Buffer.from(changed),
    createHash('sha256')
      .update(Buffer.of(1, 2, 3))
      .digest(),
  );
  assert.equal(
    await sandbox.eval(`crypto.subtle.digest('SHA-1', new Uint8Array()).then((b) => b instanceof ArrayBuffer)`),
    true,
  );
});

test('digests of what is none are refused', async (t) => {
  const sandbox = await start(t);
  const refusal = (text) => sandbox.eval(`crypto.subtle.digest(${text}).then(String, (error) => error.name)`);
  assert.equal(await refusal(`'MD5', new Uint8Array()`), 'NotSupportedError');
  assert.equal(await refusal(`'SHA-256', 'text'`), 'TypeError');
  assert.equal(await refusal(`'SHA-256', [1]`), 'TypeError');
  assert.equal(await refusal(`'SHA-256', new Uint8Array(new SharedArrayBuffer(8))`), 'TypeError');
  assert.equal(await refusal(`{}, new Uint8Array()`), 'TypeError');
  assert.equal(await refusal(`null, new Uint8Array()`), 'NotSupportedError');
  assert.equal(await refusal(`'SHA-256'`), 'TypeError');
});

test('random values fill the view, and nothing beside it', async (t) => {
  const sandbox = await start(t);
  const filled = sandbox.evalSync(`
    const bytes = new Uint8Array(64);
    const part = bytes.subarray(16, 48);
    if (crypto.getRandomValues(part) !== part) throw new Error('another object');
    [bytes.subarray(0, 16), part, bytes.subarray(48)]`);
  assert.deepEqual([...filled[0], ...filled[2]], Array(32).fill(0));
  assert.ok(new Set(filled[1]).size > 8);
  for (const kind of ['Int8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'BigInt64', 'BigUint64'])
    assert.equal(sandbox.evalSync(`crypto.getRandomValues(new ${kind}Array(8)).some((n) => n != 0)`), true, kind);
  const refusal = (text) =>
    sandbox.evalSync(`try { crypto.getRandomValues(${text}); 'none' } catch (error) { error.name }`);
  assert.equal(refusal('new Float64Array(1)'), 'TypeMismatchError');
  assert.equal(refusal('new DataView(new ArrayBuffer(1))'), 'TypeMismatchError');
  assert.equal(refusal('[1]'), 'TypeError');
  assert.equal(refusal(''), 'TypeError');
  assert.equal(refusal('new Uint8Array(65537)'), 'QuotaExceededError');
  assert.deepEqual(
    sandbox.evalSync(`(() => { try { crypto.getRandomValues(new Uint8Array(65537)); } catch (error) {
      return [error instanceof QuotaExceededError, error instanceof DOMException, error.code, error.quota, error.requested, error.constructor.name]; } })()`),
    [true, true, 22, null, null, 'QuotaExceededError'],
  );
  assert.deepEqual(
    sandbox.evalSync(`const made = new QuotaExceededError('m', { quota: 1, requested: '2' });
      [made.message, made.quota, made.requested, String(made), ...[[-1], [1, -1], [2, 1], [NaN]].map(([quota, requested]) => {
        try { return new QuotaExceededError('', { quota, requested }).name; } catch (error) { return error.name; } })]`),
    ['m', 1, 2, 'QuotaExceededError: m', 'RangeError', 'RangeError', 'RangeError', 'TypeError'],
  );
  assert.equal(refusal('new Uint8Array(65536)'), 'none');
  assert.equal(refusal('new Uint8Array(0)'), 'none');
  assert.equal(refusal('new Uint8Array(new SharedArrayBuffer(8))'), 'TypeError');
});

test('UUIDs are of version 4, and no two are the same', async (t) => {
  const sandbox = await start(t);
  const uuids = sandbox.evalSync('Array.from({ length: 100 }, () => crypto.randomUUID())');
  assert.equal(new Set(uuids).size, 100);
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('crypto looks as Web IDL says', async (t) => {
  const sandbox = await start(t);
  assert.deepEqual(
    sandbox.evalSync(`
      const illegal = (make) => { try { make(); } catch (error) { return error.constructor === TypeError; } };
      [
        String(crypto), String(crypto.subtle), crypto instanceof Crypto, crypto.subtle instanceof SubtleCrypto,
        illegal(() => new Crypto()), illegal(() => new SubtleCrypto()), illegal(() => Crypto.prototype.subtle),
        illegal(() => crypto.randomUUID.call({})), crypto.subtle === crypto.subtle,
        Object.keys(Crypto.prototype).sort().join(), Object.getOwnPropertyDescriptor(globalThis, 'crypto').enumerable,
      ]`),
    [
      '[object Crypto]',
      '[object SubtleCrypto]',
      true,
      true,
      true,
      true,
      true,
      true,
      true,
      'getRandomValues,randomUUID,subtle',
      true,
    ],
  );
});

test('the host can bring its own crypto', async (t) => {
  const asked = [];
  const sandbox = await start(t, {
    crypto: {
      getRandomValues: (array) => array.fill(7),
      subtle: { digest: async (name, data) => (asked.push([name, data.length]), new ArrayBuffer(3)) },
    },
  });
  assert.equal(sandbox.evalSync('crypto.randomUUID()'), '07070707-0707-4707-8707-070707070707');
  assert.equal(await sandbox.eval(`crypto.subtle.digest('sha-1', new ArrayBuffer(5)).then((b) => b.byteLength)`), 3);
  assert.deepEqual(asked, [['SHA-1', 5]]);
  await assert.rejects(grantCrypto(sandbox, { crypto: {} }), /no crypto/);
  await assert.rejects(grantCrypto(sandbox, { subtle: 1 }), /no option 'subtle'/);
  await assert.rejects(grantCrypto({}), /expected a sandbox/);
});

test('a guest that has changed its prototypes and functions before gets the grant without harm to the host', async (t) => {
  const sandbox = await start(
    t,
    undefined,
    `Object.prototype.then = Function.prototype.then = () => { throw 1; };
     Object.defineProperty(Object.prototype, 'install', { get() { throw 2; }, set() { throw 3; } });
     Object.defineProperty(Object.prototype, 'random', { set() { throw 4; } });`,
  );
  assert.equal(sandbox.evalSync('crypto.randomUUID().length'), 36);
  const broken = await createSandbox();
  t.after(() => broken.dispose());
  broken.evalSync('Object.defineProperty = () => { throw new RangeError("mine"); }', { result: false });
  await assert.rejects(grantCrypto(broken), RangeError);
});

test('the functions behind it take no other values, and keep few bytes', async () => {
  const { random, digest } = await functionsGiven(grantCrypto);
  for (const size of [0, -1, 65537, NaN, Infinity, '5', 5n, null, undefined, {}, [5]])
    assert.throws(() => random(size), RangeError, String(size));
  for (const values of [
    ['MD5', new Uint8Array()],
    ['SHA-1', 'x'],
    ['SHA-1'],
    [{ toString: () => 'SHA-1' }, new Uint8Array()],
    ['SHA-1', { length: 9e15 }],
  ])
    await assert.rejects(digest(...values), TypeError);
  const large = new Uint8Array(40 * 1024 * 1024);
  const first = digest('SHA-1', large);
  await assert.rejects(digest('SHA-1', large), RangeError);
  await first;
  await digest('SHA-1', large);
});
