// Mistakes of the host's program, and values that cannot cross: each gets an error that says what was expected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, transfer } from 'caisson';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('options that do not exist are named, with those that do', async (t) => {
  const sandbox = await start(t);
  assert.throws(() => sandbox.evalSync('1', { nmae: 'x' }), {
    name: 'TypeError',
    message: "evalSync: there is no option 'nmae'; there are name, timeLimit, fuelLimit, totalTimeLimit, result",
  });
  assert.throws(() => sandbox.evalSync('1', { signal: AbortSignal.abort() }), /evalSync: there is no option 'signal'/);
  await assert.rejects(
    sandbox.eval('1', { naem: 'x' }),
    /eval: there is no option 'naem'; there are name, timeLimit, fuelLimit, totalTimeLimit, waitLimit, signal, result/,
  );
  await assert.rejects(sandbox.eval('1', ['x']), /eval: the options must be an object/);
  await assert.rejects(createSandbox([]), /the options must be an object/);
});

test('whatever a host function throws can be caught by the guest', async (t) => {
  const thrown = {
    text: 'text',
    nothing: undefined,
    null: null,
    object: { code: 1 },
    fn: () => 1,
    symbol: Symbol('s'),
  };
  const sandbox = await start(t, {
    globals: {
      fail(kind) {
        throw thrown[kind];
      },
      async refuse() {
        throw 'reason';
      },
    },
  });
  const caught = (kind) =>
    sandbox.evalSync(
      `try { fail('${kind}'); 'not thrown' } catch (error) { typeof error + ' ' + (error?.code ?? error?.message ?? typeof error) }`,
    );
  assert.deepEqual(Object.keys(thrown).map(caught), [
    'string string',
    'undefined undefined',
    'object object',
    'object 1',
    'function function',
    'object Symbol(s) cannot be passed to the guest: only data, functions and promises can',
  ]);
  assert.equal(await sandbox.eval('refuse().catch((error) => error)'), 'reason');
});

test('what the host has put on Object.prototype is no option', async (t) => {
  Object.prototype.added = 'by a library';
  t.after(() => {
    delete Object.prototype.added;
  });
  const sandbox = await start(t, { onUncaughtError() {}, globals: { give: () => ({ a: 1 }) } });
  assert.deepEqual(Object.keys(sandbox.evalSync('give()')), ['a']);
});

test('buffers that are detached cannot cross, nor be transferred', async (t) => {
  const sandbox = await start(t);
  const take = sandbox.evalSync('(...values) => values.length');
  const bytes = new Uint8Array(10);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  for (const value of [bytes, bytes.buffer])
    assert.throws(() => take(1, value), { name: 'TypeError', message: /^arguments\[1\]: .* is detached$/ });
  assert.throws(() => transfer(1, [bytes.buffer]), { name: 'TypeError', message: 'transfer: a buffer is detached' });
  assert.equal(take(new Uint8Array(0), new ArrayBuffer(0)), 2);
  // What a buffer has of its own says nothing.
  const named = Object.defineProperties(new ArrayBuffer(5), {
    detached: { value: true },
    transfer: {
      value() {
        throw new Error('is not called');
      },
    },
  });
  assert.equal(take(transfer(named, [named])), 1);
  assert.equal(named.byteLength, 0);
});

test('the memory of a WebAssembly instance cannot be transferred, and what was to cross with it is given back', async (t) => {
  const sandbox = await start(t, { hostLimits: { calls: 3 } });
  const take = sandbox.evalSync('(...values) => values.length');
  const { buffer } = new WebAssembly.Memory({ initial: 4 });
  for (let i = 0; i < 10; i++) {
    for (const value of [
      buffer,
      new Uint8Array(buffer, 5, 10),
      { view: new Uint8Array(buffer), pending: new Promise(() => {}) },
    ])
      assert.throws(() => take(transfer(value, [buffer]), 'text'), {
        name: 'TypeError',
        message: /cannot be transferred; pass a copy/,
      });
  }
  assert.equal(buffer.byteLength, 4 << 16);
  assert.equal(take(new Uint8Array(buffer).slice(), { a: 1 }), 2);
});

test('modules that are missing, malformed or circular', async (t) => {
  const sandbox = await start(t, {
    modules: {
      a: 'import { b } from "b"; export const a = 1; export const getB = () => b;',
      b: 'import { a } from "a"; export const b = 2; export const getA = () => a;',
      malformed: 'export const = 1',
      missing: 'import "nothing"',
      wrong: 'import { zz } from "a"',
    },
  });
  const a = await sandbox.import('a');
  assert.deepEqual([a.a, a.getB()], [1, 2]);
  await assert.rejects(sandbox.import('malformed'), { name: 'SyntaxError' });
  await assert.rejects(sandbox.import('missing'), /there is no module 'nothing'/);
  await assert.rejects(sandbox.import('wrong'), /module "a" has no export 'zz'/);
});

test('values that are described in errors run nothing of theirs that could fail', async () => {
  const hostile = [
    {
      get constructor() {
        throw new Error('read');
      },
    },
    { constructor: { name: Symbol('x') } },
    new Proxy(
      {},
      {
        get() {
          throw new Error('trap');
        },
      },
    ),
    Object.create(null),
    10n ** 100000n,
    Object.defineProperty(() => {}, 'name', {
      get() {
        throw new Error('name');
      },
    }),
    Symbol('s'),
  ];
  for (const value of hostile) {
    await assert.rejects(
      createSandbox({ timeLimit: value }),
      /timeLimit must be a number of milliseconds above 0, got .{1,60}$/,
    );
    const sandbox = await createSandbox({ modules: () => value });
    await assert.rejects(sandbox.import('m'), /must be a string|there is no module|trap/);
    sandbox.dispose();
  }
});
