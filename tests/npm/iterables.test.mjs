// Iterators, generators and streams cross as what can be iterated, one step at a time, both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSandbox } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const sandbox = await createSandbox({ globals, ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test("the host iterates the guest's generators, iterators and iterables", async (t) => {
  const sandbox = await start(t);
  assert.deepEqual([...sandbox.evalSync('(function* () { yield 1; yield { a: [2] }; })()')], [1, { a: [2] }]);
  assert.deepEqual([...sandbox.evalSync('[1, 2].values()')], [1, 2]);
  assert.deepEqual([...sandbox.evalSync('new Map([[1, 2]]).entries()')], [[1, 2]]);
  assert.deepEqual([...sandbox.evalSync('[1, 2, 3].values().map((x) => x * 2)')], [2, 4, 6]);
  assert.deepEqual(
    [...sandbox.evalSync('({ n: 2, *[Symbol.iterator]() { for (let i = 0; i < this.n; i++) yield i; } })')],
    [0, 1],
  );
  assert.deepEqual([...sandbox.evalSync('new (class { *[Symbol.iterator]() { yield 5; } })()')], [5]);
  const rows = sandbox.evalSync('({ name: "rows", async *[Symbol.asyncIterator]() { yield 1; yield 2; } })');
  const seen = [];
  for await (const row of rows) seen.push(row);
  assert.deepEqual([rows.name, seen], ['rows', [1, 2]]);
});

test('return, throw and sent values reach the generator', async (t) => {
  const sandbox = await start(t);
  const make = sandbox.evalSync(
    'globalThis.log = []; (function* () { try { let got = yield 1; log.push(got); try { yield 2; } catch (error) { log.push(error.message); yield "caught"; } yield 4; } finally { log.push("closed"); } })',
  );
  const one = make();
  assert.deepEqual(
    [one.next(), one.next({ sent: 1 }), one.throw(new Error('thrown')), one.return('end'), one.next()],
    [
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 'caught', done: false },
      { value: 'end', done: true },
      { value: undefined, done: true },
    ],
  );
  assert.deepEqual(sandbox.evalSync('log'), [{ sent: 1 }, 'thrown', 'closed']);
  for (const value of make()) {
    assert.equal(value, 1);
    break;
  }
  assert.equal(sandbox.evalSync('log.at(-1)'), 'closed');
  assert.throws(() => [...sandbox.evalSync('(function* () { yield 1; throw new RangeError("late"); })()')], {
    name: 'RangeError',
    message: 'late',
  });
});

test('an asynchronous generator of the guest is asked for one value at a time', async (t) => {
  const sandbox = await start(t, { wait: () => delay(1) });
  const rows = sandbox.evalSync(
    'globalThis.made = 0; globalThis.closed = false; (async function* () { try { for (;;) { await wait(); yield ++made; } } finally { closed = true; } })()',
  );
  const seen = [];
  for await (const row of rows) {
    await delay(2);
    seen.push([row, sandbox.evalSync('made')]);
    if (row === 3) break;
  }
  assert.deepEqual(seen, [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  assert.equal(sandbox.evalSync('closed'), true);
  await assert.rejects(
    async () => {
      for await (const _ of sandbox.evalSync('(async function* () { yield 1; throw new RangeError("late"); })()'));
    },
    { name: 'RangeError' },
  );
});

test("the guest iterates the host's generators, iterators and iterables", async (t) => {
  class List {
    constructor(n) {
      this.n = n;
    }
    *[Symbol.iterator]() {
      for (let i = 0; i < this.n; i++) yield i;
    }
  }
  const log = [];
  function* numbers() {
    try {
      log.push(yield 1);
      yield 2;
      yield 3;
    } finally {
      log.push('closed');
    }
  }
  const sandbox = await start(t, {
    numbers: () => numbers(),
    entries: () => new Map([[1, 2]]).entries(),
    list: new List(3),
    plain: {
      *[Symbol.iterator]() {
        yield 7;
      },
    },
    take: (iterator) => [...iterator],
  });
  assert.deepEqual(sandbox.evalSync('[[...numbers()], [...entries()], [...list], list.n, [...plain], [...list]]'), [
    [1, 2, 3],
    [[1, 2]],
    [0, 1, 2],
    3,
    [7],
    [0, 1, 2],
  ]);
  log.length = 0;
  assert.deepEqual(
    sandbox.evalSync(
      'const it = numbers(); [it.next(), it.next("sent"), it.return(9), it.next(), it[Symbol.iterator]() === it, it instanceof Iterator, numbers().map((x) => x * 2).toArray()]',
    ),
    [
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 9, done: true },
      { value: undefined, done: true },
      true,
      true,
      [2, 4, 6],
    ],
  );
  assert.deepEqual(log.slice(0, 2), ['sent', 'closed']);
  assert.equal(
    sandbox.evalSync(
      'for (const x of numbers()) break; typeof numbers().constructor.constructor("return typeof process")()',
    ),
    'string',
  );
  assert.deepEqual(sandbox.evalSync('take((function* () { yield 1; yield 2; })())'), [1, 2]);
});

test('asynchronous iterables of the host: one at a time, return when left, errors', async (t) => {
  let made = 0;
  const log = [];
  async function* rows() {
    try {
      for (;;) {
        await delay(1);
        yield { row: ++made };
      }
    } finally {
      log.push('closed');
    }
  }
  async function* failing() {
    yield 1;
    throw new RangeError('late');
  }
  const sandbox = await start(t, { rows: () => rows(), failing: () => failing(), made: () => made });
  assert.deepEqual(
    await sandbox.eval(
      '(async () => { const seen = []; for await (const { row } of rows()) { seen.push([row, made()]); if (row === 3) break; } return seen; })()',
    ),
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  );
  assert.deepEqual(log, ['closed']);
  assert.equal(
    await sandbox.eval(
      '(async () => { try { for await (const x of failing()); } catch (error) { return error instanceof RangeError && error.message; } })()',
    ),
    'late',
  );
});

test('a stream is read chunk by chunk, and cancelled when the guest leaves it', async (t) => {
  const log = [];
  const stream = () => {
    let n = 0;
    return new ReadableStream(
      {
        pull(controller) {
          if (n === 5) controller.close();
          else controller.enqueue(new Uint8Array([++n]));
        },
        cancel() {
          log.push('cancelled ' + n);
        },
      },
      { highWaterMark: 0 },
    );
  };
  const sandbox = await start(t, {
    stream,
    failing: () =>
      new ReadableStream({
        start(controller) {
          controller.error(new RangeError('broken'));
        },
      }),
  });
  const all =
    '(async (limit) => { const seen = []; for await (const chunk of stream()) { seen.push(chunk[0]); if (seen.length === limit) break; } return seen; })';
  assert.deepEqual(await sandbox.eval(`${all}(9)`), [1, 2, 3, 4, 5]);
  assert.deepEqual(log, []);
  assert.deepEqual(await sandbox.eval(`${all}(2)`), [1, 2]);
  assert.deepEqual(log, ['cancelled 2']);
  assert.equal(
    await sandbox.eval(
      '(async () => { try { for await (const x of failing()); } catch (error) { return error.message; } })()',
    ),
    'broken',
  );
});

test('a stream is written to chunk by chunk, when there is room', async (t) => {
  const log = [];
  const sink = () =>
    new WritableStream(
      {
        async write(chunk) {
          await delay(1);
          log.push(chunk[0]);
        },
        close() {
          log.push('closed');
        },
        abort(reason) {
          log.push(`aborted ${reason}`);
        },
      },
      { highWaterMark: 1 },
    );
  const sandbox = await start(t, { sink });
  await sandbox.eval(
    '(async () => { const out = sink(); for (let i = 0; i < 3; i++) await out.write(new Uint8Array([i])); await out.close(); })()',
  );
  assert.deepEqual(log, [0, 1, 2, 'closed']);
  await sandbox.eval('(async () => { await sink().abort("enough"); })()');
  assert.deepEqual(log.at(-1), 'aborted enough');
});

test('an iterator of the guest that lies or never ends is bounded by its limits', async (t) => {
  const sandbox = await start(t, {}, { timeLimit: 100 });
  assert.throws(
    () => [...sandbox.evalSync('({ [Symbol.iterator]() { return { next() { return 5; } }; } })')],
    TypeError,
  );
  assert.throws(() => [...sandbox.evalSync('(function* () { for (;;); })()')], { name: 'TimeLimitError' });
  assert.throws(() => [...sandbox.evalSync('({ [Symbol.iterator]: 5 })')], TypeError);
  assert.equal(sandbox.evalSync('Symbol.iterator'), Symbol.iterator);
  assert.equal(sandbox.evalSync('(s) => s === Symbol.asyncIterator')(Symbol.asyncIterator), true);
});
