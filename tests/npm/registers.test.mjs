// Small values cross without a message, and nothing shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLimitError, blocking, createSandbox } from 'caisson';

const small = [
  0,
  -0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 53,
  0.1,
  NaN,
  Infinity,
  -Infinity,
  Number.MIN_VALUE,
  undefined,
  null,
  true,
  false,
  '',
  'a',
  'é\xff\0',
  'x'.repeat(48),
  'x'.repeat(49),
  'Ā',
  '\u{1f600}',
  '\ud800',
];

test('small values are themselves, both ways and alone or among others', async () => {
  const heard = [];
  const sandbox = await createSandbox({
    globals: {
      hear: (...args) => {
        heard.push(args);
        return args[0];
      },
    },
  });
  const same = sandbox.evalSync('(value) => value');
  const all = sandbox.evalSync('(...values) => values.length === 0 ? undefined : values[values.length - 1]');
  const through = sandbox.evalSync('(value) => hear(value)');
  for (const value of small) {
    assert.ok(Object.is(same(value), value));
    assert.ok(Object.is(through(value), value));
    for (let count = 0; count < 10; count++)
      assert.ok(Object.is(all(...new Array(count).fill(1), value), value), `after ${count}`);
  }
  heard.length = 0;
  sandbox.evalSync(
    'hear(); hear(1, "two", true, null, undefined, 1.5, "", -0); hear(1, 2, 3, 4, 5, 6, 7, 8, 9); hear("a" + "b".repeat(20), [1])',
  );
  assert.deepEqual(heard, [
    [],
    [1, 'two', true, null, undefined, 1.5, '', -0],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [`a${'b'.repeat(20)}`, [1]],
  ]);
  sandbox.dispose();
});

test('texts that were put together or cut out cross as well', async () => {
  const sandbox = await createSandbox();
  const join = sandbox.evalSync('(a, b) => a + b');
  const cut = sandbox.evalSync('(text, start, end) => text.slice(start, end)');
  assert.equal(join('left part of it, ', 'and the right'), 'left part of it, and the right');
  assert.equal(cut('0123456789'.repeat(4), 7, 33), '0123456789'.repeat(4).slice(7, 33));
  sandbox.dispose();
});

test('calls within calls keep their values', async () => {
  const sandbox = await createSandbox({
    globals: { down: (n, text) => (n === 0 ? text : `${step(n - 1, `${text}.`)}${n}`) },
  });
  const step = sandbox.evalSync('(n, text) => down(n, text) + ":" + n');
  assert.equal(step(3, 'x'), 'x...:01:12:23:3');
  const result = sandbox.evalSync('() => { Promise.resolve().then(() => down(0, "other")); return "mine" }');
  assert.equal(result(), 'mine');
  sandbox.dispose();
});

test('what is thrown, awaited or stopped comes out as ever', async () => {
  const sandbox = await createSandbox({
    timeLimit: 50,
    globals: {
      fail: () => {
        throw new RangeError('of the host');
      },
      later: async (n) => n + 1,
      wait: blocking(async (n) => n * 2),
    },
  });
  assert.throws(sandbox.evalSync('(n) => { throw new TypeError("no " + n) }').bind(undefined, 7), {
    name: 'TypeError',
    message: 'no 7',
  });
  assert.equal(sandbox.evalSync('(n) => { try { fail(n) } catch (error) { return error.message } }')(1), 'of the host');
  assert.equal(await sandbox.evalSync('async (n) => await later(n) + 1')(1), 3);
  assert.equal(await sandbox.evalSync('(n) => wait(n) + 1')(4), 9);
  assert.throws(() => sandbox.evalSync('(n) => { for (;;) n++ }')(1), TimeLimitError);
  assert.throws(
    () => sandbox.evalSync('(n) => { Promise.resolve().then(() => { for (;;) n++ }); return n }')(1),
    TimeLimitError,
  );
  sandbox.dispose();
  assert.throws(() => sandbox.evalSync('1'), { name: 'DisposedError' });
});

test('memory that grows meanwhile changes nothing', async () => {
  const sandbox = await createSandbox({ isolation: 'instance', globals: { add: (a, b) => a + b } });
  const grow = sandbox.evalSync('var kept = []; (n) => { kept.push(new Uint8Array(n).fill(1)); return add(n, 1) }');
  for (let i = 1; i < 30; i++) assert.equal(grow(i * 100_000), i * 100_000 + 1);
  sandbox.dispose();
});
