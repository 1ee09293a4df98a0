// Sandboxes in workers: what crosses, host functions, programs and their limits, and what becomes of the worker.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createSandbox } from 'caisson';
import {
  DisposedError,
  GuestError,
  InterruptedError,
  LoadError,
  MemoryLimitError,
  TimeLimitError,
  WorkerError,
  blocking,
  callback,
  constructible,
  createWorkerSandbox,
  hostCall,
  ref,
  transfer,
} from 'caisson/worker';
import { grantCrypto } from 'caisson/crypto';
import { grantFetch } from 'caisson/fetch';
import { memoryFiles } from 'caisson/files';
import { runWithCollector } from './collector.mjs';

const entry = new URL('../../npm/src/entry-worker-node.js', import.meta.url).href;

const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** Where memory is shared, and where it is not. */
const ways = [true, false];
const nameOf = (sharedMemory) => (sharedMemory ? 'with shared memory' : 'without shared memory');

async function start(t, options) {
  const sandbox = await createWorkerSandbox(options);
  t.after(() => sandbox[Symbol.asyncDispose]?.() ?? sandbox.dispose());
  return sandbox;
}

// Values --------------------------------------------------------------------------------------------------------------

const values = {
  primitives:
    '[undefined, null, true, 1.5, -0, NaN, -Infinity, 2n ** 80n, -5n, 0n, "a\\0\\ud800\\u{1f600}", Symbol.iterator]',
  'holes and names of arrays': 'const a = [1, , 3]; a.name = "x"; const b = []; b[5000] = 1; [a, b, [,]]',
  collections: '[new Map([[{ a: 1 }, new Set([1, [2]])]]), new Map(), new Set([undefined])]',
  'dates and patterns': '[new Date(0), String(new Date(NaN)), /a(?<n>b)/giu]',
  'boxed primitives': '[new Number(-0), new String("s"), new Boolean(false), Object(1n)]',
  errors: `const e = new RangeError('m', { cause: { why: [1] } });
    class Own extends Error { name = 'Own'; data = { a: 1 }; }
    [e, Object.assign(new Error('n'), { code: 'E', list: [1] }), new AggregateError([e, 1], 'all'), new Own('o'),
     new DOMException('d', 'AbortError')]`,
  bytes: `const buffer = new ArrayBuffer(32); const whole = new Uint8Array(buffer); whole[9] = 7;
    [buffer, new Float64Array(buffer, 8, 2), new DataView(buffer, 1, 3), new BigInt64Array([1n]), new Uint8Array(new ArrayBuffer(100), 50, 3)]`,
  'strange keys': '({ ["__proto__"]: 1, constructor: 2, "": 3, then: 4, [-1]: 5 })',
};

for (const [name, source] of Object.entries(values)) {
  test(`${name} come out of a worker as out of a sandbox in the same thread, and go in`, async (t) => {
    const echo = { globals: { echo: (value) => value } };
    const near = await createSandbox(echo);
    const far = await start(t, echo);
    t.after(() => near.dispose());
    const value = near.evalSync(source);
    assert.deepEqual(await far.eval(source), value);
    await far.setGlobal('given', value);
    near.setGlobal('given', value);
    assert.deepEqual(await far.eval('given'), near.evalSync('given'));
    assert.deepEqual(await far.eval('echo(given)'), near.evalSync('echo(given)'));
  });
}

test('cycles, and what is referred to repeatedly, stay so', async (t) => {
  const sandbox = await start(t);
  const value = await sandbox.eval('const o = { list: [] }; o.list.push(o, o.list); o.map = new Map([[o, o]]); o');
  assert.equal(value.list[0], value);
  assert.equal(value.list[1], value.list);
  assert.equal(value.map.get(value), value);
  const [bytes, view, all] = await sandbox.eval(
    'const v = new Uint8Array([1, 2]); [v, new DataView(v.buffer), v.buffer]',
  );
  assert.equal(bytes.buffer, view.buffer);
  assert.equal(bytes.buffer, all);
});

test('nesting has no limit', async (t) => {
  const sandbox = await start(t);
  let deep = await sandbox.eval('let d = []; for (let i = 0; i < 50_000; i++) d = [d]; d');
  let depth = 0;
  for (let at = deep; at.length > 0; at = at[0]) depth++;
  assert.equal(depth, 50_000);
  await sandbox.setGlobal('deep', deep);
  deep = undefined;
  assert.equal(await sandbox.eval('let n = 0; for (let at = deep; at.length > 0; at = at[0]) n++; n'), 50_000);
});

test('an error that returns to its side is the same object again', async (t) => {
  const failure = new Error('of the host');
  const sandbox = await start(t, {
    globals: {
      fail() {
        throw failure;
      },
      check: (error) => error === failure,
    },
  });
  await assert.rejects(sandbox.eval('fail()'), (error) => error === failure);
  assert.equal(await sandbox.eval('let kept; try { fail() } catch (error) { kept = error } check(kept)'), true);
  const own = await sandbox.eval('globalThis.own = new TypeError("guest")');
  await sandbox.setGlobal('returned', own);
  assert.equal(await sandbox.eval('returned === own'), true);
});

test('a promise of the guest stays the same on both sides', async (t) => {
  const seen = [];
  const sandbox = await start(t, {
    globals: { done: Promise.resolve(5), see: (value) => void seen.push(value) },
  });
  assert.deepEqual(await sandbox.eval('globalThis.own = new Promise(() => {}); see(own); see(own); done'), 5);
  assert.ok(seen[0] instanceof Promise && seen[0] === seen[1]);
  await sandbox.setGlobal('returned', { own: seen[0] });
  assert.equal(await sandbox.eval('returned.own === own'), true);
});

test('what cannot cross is left out of errors, and throws where it is read from a module', async (t) => {
  const sandbox = await start(t, {
    globals: {
      fail() {
        throw new TypeError('outer', { cause: { cache: new WeakMap(), code: 5 } });
      },
      odd() {
        throw new WeakMap();
      },
    },
    modules: { m: 'export const ok = 1; export const bad = new WeakMap();' },
  });
  assert.deepEqual(
    await sandbox.eval('try { fail() } catch (error) { [error.message, error.cause.cache, error.cause.code] }'),
    ['outer', undefined, 5],
  );
  await assert.rejects(sandbox.eval('odd()'), { name: 'TypeError', message: /WeakMap cannot be passed/ });
  const namespace = await sandbox.import('m');
  assert.equal(namespace.ok, 1);
  assert.throws(() => namespace.bad, { name: 'TypeError', message: /WeakMap/ });
});

test('a host error brings neither stack nor objects', async (t) => {
  const error = Object.assign(new TypeError('bad'), { code: 'E1', secret: { a: 1 }, path: '/etc' });
  const sandbox = await start(t, { globals: { error } });
  assert.deepEqual(
    await sandbox.eval(
      '[error instanceof TypeError, Object.keys(error), error.code, error.stack.includes("worker.test")]',
    ),
    [true, ['code'], 'E1', false],
  );
});

test('what cannot cross is refused by its place, or omitted', async (t) => {
  await assert.rejects(createWorkerSandbox({ globals: { config: { cache: new WeakMap() } } }), {
    name: 'TypeError',
    message: /config\.cache: a WeakMap cannot be passed to the guest/,
  });
  const sandbox = await start(t);
  await assert.rejects(sandbox.setGlobal('x', { list: [1, Symbol('s')] }), {
    message: /^x\.list\[1\]: Symbol\(s\) cannot be passed to the guest/,
  });
  await assert.rejects(sandbox.setGlobal('x', Symbol('s')), { message: /^x: Symbol\(s\) cannot be passed/ });
  const call = await sandbox.eval('() => {}');
  await assert.rejects(call(1, [Symbol('s')]), { message: /^arguments\[1\]\[0\]: Symbol\(s\) cannot be passed/ });
  await assert.rejects(sandbox.eval('({ a: { b: new WeakMap() } })'), { name: 'TypeError', message: /a\.b/ });
  const omitted = [];
  const omitting = await start(t, { uncrossable: 'omit', onOmitted: (what) => omitted.push(what) });
  await omitting.setGlobal('x', { list: [1, Symbol('s')], map: new Map([[1, new WeakSet()]]), a: 1 });
  assert.deepEqual(await omitting.eval('[1 in x.list, x.map.get(1), x.a]'), [false, undefined, 1]);
  assert.deepEqual(await omitting.eval('({ a: new WeakMap(), b: 1 })'), { b: 1 });
  await turn();
  assert.equal(omitted.length, 3);
});

test('buffers are transferred where they are copies anyway, and where the host gives them away', async (t) => {
  const sandbox = await start(t, { globals: { size: (bytes) => bytes.length } });
  const bytes = await sandbox.eval('new Uint8Array(3e6).fill(7)');
  assert.equal(bytes.length, 3e6);
  await sandbox.setGlobal('bytes', bytes);
  assert.equal(bytes.length, 3e6);
  const handed = new Uint8Array([1, 2]);
  await sandbox.setGlobal('hand', () => transfer(handed, [handed.buffer]));
  assert.equal(await sandbox.eval('hand()[1]'), 2);
  assert.equal(handed.length, 0);
  await sandbox.setGlobal('bytes', transfer(bytes, [bytes.buffer]));
  assert.equal(bytes.length, 0);
  assert.equal(await sandbox.eval('bytes[2999999] + size(bytes)'), 7 + 3e6);
});

test('a result that cannot be sent is an error of the call', async (t) => {
  const once = transfer('given', [new ArrayBuffer(8)]);
  const sandbox = await start(t, { globals: { once: () => once } });
  assert.equal(await sandbox.eval('once()'), 'given');
  await assert.rejects(sandbox.eval('once()'), { name: 'TypeError', message: /detached/ });
  assert.equal(await sandbox.eval('1 + 1'), 2);
});

for (const sharedMemory of ways) {
  const way = nameOf(sharedMemory);
  const open = (t, options) => start(t, { ...options, sharedMemory });

  test(`the guest gets the result of a host function at once, ${way}`, async (t) => {
    const seen = [];
    const sandbox = await open(t, {
      globals: {
        add: (a, b) => a + b,
        large: () => 'x'.repeat(300_000),
        bytes: () => [new Uint8Array(200_000).fill(3), 'end'],
        fail() {
          throw new RangeError('no');
        },
        note: (value) => void seen.push(value),
        compare: (a, b) => b - a,
      },
    });
    assert.equal(await sandbox.eval('[1, 2, 3].map((n) => add(n, n)).join()'), '2,4,6');
    assert.equal(await sandbox.eval('large().length'), 300_000);
    assert.deepEqual(await sandbox.eval('const [b, s] = bytes(); [b.length, b[199_999], s]'), [200_000, 3, 'end']);
    assert.equal(await sandbox.eval('try { fail() } catch (error) { error.name + error.message }'), 'RangeErrorno');
    assert.deepEqual(await sandbox.eval('[1, 3, 2].sort(compare)'), [3, 2, 1]);
    await sandbox.eval('for (const each of [1, { a: [2] }]) note(each)');
    assert.deepEqual(seen, [1, { a: [2] }]);
  });

  test(`an asynchronous host function gives a promise, a blocking one its value, ${way}`, async (t) => {
    const sandbox = await open(t, {
      globals: {
        later: async (text) => (await turn(), `later ${text}`),
        promised: (text) => turn().then(() => `promised ${text}`),
        rejects: () => Promise.reject(new TypeError('never')),
        wait: blocking(async (text) => (await turn(), `waited for ${text}`)),
        callBack: callback((resume, signal, text) => void setTimeout(() => resume(`called ${text}`), 1)),
      },
    });
    assert.deepEqual(await sandbox.eval('[later("a") instanceof Promise, promised("b") instanceof Promise]'), [
      true,
      true,
    ]);
    assert.equal(
      await sandbox.eval('Promise.all([later("a"), promised("b")]).then((all) => all.join())'),
      'later a,promised b',
    );
    assert.equal(await sandbox.eval('rejects().catch((error) => error.name)'), 'TypeError');
    assert.deepEqual(await sandbox.eval('["a", "b"].map((text) => wait(text))'), ['waited for a', 'waited for b']);
    assert.equal(await sandbox.eval('callBack("c")'), 'called c');
  });

  test(`functions of host and guest call one another, ${way}`, async (t) => {
    const sandbox = await open(t, {
      globals: {
        counter: { n: 0, inc() { return ++this.n; } }, // biome-ignore format: short
        apply: async (fn, ...args) => fn(...args),
        listeners: [],
        on(listener) {
          this.sandbox.kept = listener;
        },
      },
    });
    assert.equal(await sandbox.eval('counter.inc(); counter.inc()'), 2);
    assert.equal(await sandbox.eval('apply((a, b) => a * b, 6, 7)'), 42);
    await sandbox.eval('on((x) => x + 1)');
    assert.equal(await sandbox.kept(1), 2);
    const plugin = await sandbox.eval('({ count: 0, add(n) { return this.count += n; } })');
    await plugin.add(2);
    assert.equal(await plugin.add(3), 5);
    assert.equal(plugin.count, 0); // a copy
    assert.equal(plugin.add.name, 'add');
    assert.equal(plugin.add.length, 1);
    await sandbox.setGlobal('same', plugin.add);
    await sandbox.eval('globalThis.fn = () => 5');
    const fn = await sandbox.eval('fn');
    assert.equal(await sandbox.eval('fn'), fn);
    await sandbox.setGlobal('again', fn);
    assert.equal(await sandbox.eval('again === fn'), true);
  });

  test(`a program that waits for the host does not stop others, ${way}`, async (t) => {
    let release;
    const sandbox = await open(t, {
      globals: { gate: blocking(() => new Promise((resolve) => (release = resolve))) },
    });
    const first = sandbox.eval('gate() + 1');
    assert.equal(await sandbox.eval('2'), 2);
    release(1);
    assert.equal(await first, 2);
  });

  test(`modules are the host's to resolve, ${way}`, async (t) => {
    const sandbox = await open(t, {
      modules: async (name) =>
        name === 'app:db'
          ? { exports: { query: async (text) => `rows of ${text}`, twice: (n) => n * 2 } }
          : {
              './main.js':
                'import { query, twice } from "app:db"; export const run = async () => (await query("a")) + twice(2);',
            }[name],
    });
    const { run } = await sandbox.import('./main.js');
    assert.equal(await run(), 'rows of a4');
    const fixed = await open(t, { modules: { lib: 'export default 7', host: { f: (x) => x } } });
    assert.equal(
      (await fixed.eval('import n from "lib"; import { f } from "host"; export default f(n)', { module: true }))
        .default,
      7,
    );
    await assert.rejects(fixed.import('nowhere'), { name: /Error/ });
  });

  test(`a guest that never returns is interrupted, ${way}`, async (t) => {
    const reasons = [];
    const sandbox = await open(t, { graceTime: 300, onRestart: (reason) => reasons.push(reason) });
    await sandbox.eval('globalThis.kept = 1');
    const endless = sandbox.eval('while (true) {}');
    const queued = sandbox.eval('globalThis.kept = 2');
    const settled = Promise.allSettled([endless, queued]);
    await turn(30);
    await sandbox.interrupt();
    for (const { reason } of await settled) assert.ok(reason instanceof InterruptedError, String(reason));
    // Without shared memory the worker had to be ended, and its state with it.
    assert.equal(await sandbox.eval('typeof kept'), sharedMemory ? 'number' : 'undefined');
    assert.equal(reasons.length, sharedMemory ? 0 : 1);
    if (sharedMemory) assert.equal(await sandbox.eval('kept'), 1);
  });

  test(`an AbortSignal ends its own program, ${way}`, async (t) => {
    const sandbox = await open(t, { graceTime: 300, globals: { wait: () => new Promise(() => {}) } });
    const signalled = new AbortController();
    const waiting = sandbox.eval('wait()', { signal: signalled.signal });
    const other = sandbox.eval('new Promise((resolve) => setTimeout(() => resolve("other"), 60))');
    await turn(20);
    signalled.abort(new Error('enough'));
    await assert.rejects(waiting, { message: 'enough' });
    assert.equal(await other, 'other');
    const controller = new AbortController();
    const endless = sandbox.eval('for (;;);', { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await assert.rejects(endless, { name: 'AbortError' });
    assert.equal(await sandbox.eval('1 + 1'), 2);
    await assert.rejects(sandbox.eval('1', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  test(`the signal of a host call is aborted with its program, ${way}`, async (t) => {
    const reasons = [];
    const work = async function () {
      const { signal } = this;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push(signal.reason.message);
    };
    const plain = function () {
      return work.call(hostCall());
    };
    const sandbox = await open(t, { globals: { work, plain } });
    for (const name of ['work', 'plain']) {
      const controller = new AbortController();
      const program = sandbox.eval(`${name}()`, { signal: controller.signal });
      await turn(30);
      controller.abort(new Error(name));
      await assert.rejects(program, { message: name });
      for (let i = 0; i < 100 && !reasons.includes(name); i++) await turn(10);
    }
    assert.deepEqual(reasons, ['work', 'plain']);
    // Also of one that must be stopped by force.
    const controller = new AbortController();
    const busy = sandbox.eval('work(); for (;;);', { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('busy')), 50);
    await assert.rejects(busy, { message: 'busy' });
    for (let i = 0; i < 300 && reasons.length < 3; i++) await turn(10);
    assert.match(reasons[2], sharedMemory ? /^busy$/ : /^(?:busy|the guest was interrupted: its worker)/);
  });

  test(`iterators and streams of the host are read in the guest, ${way}`, async (t) => {
    const sandbox = await open(t, {
      globals: {
        *numbers() {
          yield 1;
          yield 2;
        },
        async *slowly() {
          yield 'a';
          yield 'b';
        },
      },
    });
    assert.deepEqual(await sandbox.eval('[...numbers()]'), [1, 2]);
    assert.deepEqual(
      await sandbox.eval(
        '(async () => { const all = []; for await (const each of slowly()) all.push(each); return all; })()',
      ),
      ['a', 'b'],
    );
  });
}

test('iterators of the guest are read by for await', async (t) => {
  const sandbox = await start(t);
  const { rows, steps, endless, own } = await sandbox.eval(`globalThis.ended = 0; ({
    async *rows() { yield 1; yield { a: 2 }; },
    *steps() { const got = yield 1; yield got; },
    *endless() { try { for (let i = 0; ; i++) yield i; } finally { ended++; } },
    own: { *[Symbol.iterator]() { yield 7; } },
  })`);
  const read = async (iterable) => {
    const all = [];
    for await (const each of iterable) all.push(each);
    return all;
  };
  assert.deepEqual(await read(await rows()), [1, { a: 2 }]);
  assert.deepEqual(await read(own), [7]);
  const iterator = (await steps())[Symbol.asyncIterator]();
  assert.deepEqual(await iterator.next(), { value: 1, done: false });
  assert.deepEqual(await iterator.next('sent'), { value: 'sent', done: false });
  assert.deepEqual(await iterator.next(), { value: undefined, done: true });
  for await (const each of await endless()) if (each === 3) break;
  assert.equal(await sandbox.eval('ended'), 1);
});

test('instances and classes of the guest are asked by promises', async (t) => {
  const sandbox = await start(t);
  const { Counter, make } = await sandbox.eval(`
    class Counter { #n = 0; static made = 3; static { this.first = { a: 1 }; } inc() { return ++this.#n; } get n() { return this.#n; } fail() { throw new TypeError('no'); } }
    ({ Counter, make: () => new Counter() })`);
  const counter = await new Counter();
  assert.equal(await counter.inc(), 1);
  assert.equal(await counter.n, 1);
  assert.equal(await Counter.made, 3);
  assert.equal(await Counter.first.a, 1);
  await assert.rejects(counter.fail(), { name: 'TypeError', message: 'no' });
  await assert.rejects(counter.missing(), { message: /missing is not a function/ });
  const made = await make();
  await made.inc();
  await sandbox.setGlobal('made', made);
  assert.equal(await sandbox.eval('made.inc()'), 2);
  assert.throws(() => {
    made.n = 5;
  }, /ref\(object\)/);
});

test('no constructor of the thread is reached through objects of the guest', async (t) => {
  const sandbox = await start(t, {});
  const object = await sandbox.eval('new (class A { get data() { return { own: 1 }; } run() { return 2; } })()');
  assert.equal(await object.data.own, 1);
  assert.equal(await object.run(), 2);
  assert.equal(await object.data.constructor, undefined);
  assert.equal(await object.run.constructor, undefined);
  await assert.rejects(async () => object.run.constructor('return process'), /constructor is not a function/);
  assert.equal(await object.constructor.name, 'A');
});

test('references ask the guest for what is wanted', async (t) => {
  const sandbox = await start(t);
  const state = await sandbox.ref('globalThis.state = { list: [1, 2], n: 1, add(k) { return this.n += k; } }');
  assert.deepEqual(await state.keys(), ['list', 'n', 'add']);
  assert.equal(await (await state.ref('list')).get('length'), 2);
  assert.equal(await state.set('n', 5), true);
  assert.equal(await state.invoke('add', 2), 7);
  assert.equal(await state.has('nothing'), false);
  assert.equal(await state.delete('add'), true);
  assert.deepEqual(await state.toValue(), { list: [1, 2], n: 7 });
  assert.equal(await state.isSame(await sandbox.ref('state')), true);
  assert.equal(await state.isSame({}), false);
  const items = [];
  for await (const each of await state.ref('list')) items.push(each);
  assert.deepEqual(items, [1, 2]);
  await sandbox.setGlobal('other', state);
  assert.equal(await sandbox.eval('other === state'), true);
  state.release();
  await assert.rejects(state.get('n'), /released/);
  const fn = await sandbox.eval('(a) => a');
  assert.equal(await (await sandbox.ref(fn)).call(undefined, 4), 4);
  await assert.rejects(sandbox.ref({}), { message: /ref: expected/ });
});

test('objects of the host by reference are live, and their classes can be granted', async (t) => {
  class Account {
    #balance = 0;
    owner = 'me';
    deposit(amount) {
      this.#balance += amount;
      return this.#balance;
    }
    get balance() {
      return this.#balance;
    }
    set balance(value) {
      this.#balance = value;
    }
  }
  const state = { visits: 0, inner: { a: 1 } };
  const given = [];
  const sandbox = await start(t, {
    globals: { Account: constructible(Account), state: ref(state), give: (value) => void given.push(value) },
  });
  await sandbox.eval('state.visits++; state.fresh = [1]');
  assert.deepEqual(state, { visits: 1, inner: { a: 1 }, fresh: [1] });
  assert.deepEqual(
    await sandbox.eval('[Object.keys(state), "visits" in state, "nothing" in state, state.constructor, state.inner]'),
    [['visits', 'inner', 'fresh'], true, false, undefined, { a: 1 }],
  );
  assert.deepEqual(
    await sandbox.eval(`const account = new Account(); account.deposit(2); account.balance = 10; give(account); give(state);
      [account.deposit(3), account.balance, account instanceof Account, account.owner, Object.hasOwn(account, 'deposit'), delete account.owner]`),
    [13, 13, true, 'me', false, true],
  );
  assert.ok(given[0] instanceof Account && given[0].balance === 13 && !('owner' in given[0]));
  assert.equal(given[1], state);
  const unshared = createWorkerSandbox({ globals: { state: ref(state) }, sharedMemory: false });
  await assert.rejects(unshared, { name: 'TypeError', message: /state: .* needs shared memory/ });
  await assert.rejects(
    createWorkerSandbox({ globals: { A: constructible(Account) }, sharedMemory: false }),
    /shared memory/,
  );
});

test('a getter among the globals is called when the guest reads it', async (t) => {
  let reads = 0;
  const sandbox = await start(t, {
    globals: {
      get now() {
        return ++reads;
      },
      set now(value) {
        reads = value;
      },
    },
  });
  assert.deepEqual(await sandbox.eval('[now, now, (now = 9, now)]'), [1, 2, 10]);
});

test('a prefix and silence are options of the console, as in the same thread', async (t) => {
  const texts = [];
  const marked = await start(t, { console: { prefix: '> ', log: (text) => texts.push(text) } });
  await marked.eval('console.log("a\\nb", [1])');
  await turn(20);
  assert.deepEqual(texts, ['> a\n> b [ 1 ]']);
  for (const console of [false, {}, { prefix: '' }]) {
    const sandbox = await start(t, { console });
    assert.equal(await sandbox.eval('console.debug(""); 1'), 1);
  }
});

test('a guest may take its time, and tells what it has done', async (t) => {
  const sandbox = await start(t);
  await assert.doesNotReject(sandbox.eval('for (let i = 0; i < 1e5; i++); 1'));
  const { operations, memory, timers } = await sandbox.stats();
  assert.ok(operations > 1e5 && memory.used > 0 && memory.limit === 256 * 1024 * 1024);
  assert.deepEqual(timers, { pending: 0, fired: 0 });
});

test("the guest's console and events go to the host", async (t) => {
  const lines = [];
  const events = [];
  const promises = [];
  const sandbox = await start(t, {
    console: { log: (...args) => lines.push(['log', ...args]), error: (...args) => lines.push(['error', ...args]) },
    onUnhandledRejection: (reason, promise) => promises.push(promise) && events.push(['rejection', reason.message]),
    onRejectionHandled: (promise) => events.push(['handled', promise === promises[0]]),
    onUncaughtError: (error) => events.push(['error', error.message]),
  });
  await sandbox.eval(
    'console.log("a", { b: [1] }); console.error(new Map()); setTimeout(() => { throw new Error("timer"); }); globalThis.p = Promise.reject(new Error("r")); 0',
  );
  await sandbox.whenIdle();
  await sandbox.eval('p.catch(() => {}); 0');
  await sandbox.eval('1');
  await turn(20);
  assert.deepEqual(lines, [
    ['log', 'a', { b: [1] }],
    ['error', new Map()],
  ]);
  assert.deepEqual(events.sort(), [
    ['error', 'timer'],
    ['handled', true],
    ['rejection', 'r'],
  ]);
  const texts = [];
  const printing = await start(t, { console: { text: true, log: (text) => texts.push(text) } });
  await printing.eval('console.log({ a: 1 }, [2])');
  await turn(20);
  assert.deepEqual(texts, ['{ a: 1 } [ 2 ]']);
});

test("by default the guest's console prints to the host's", async (t) => {
  const lines = [];
  t.mock.method(console, 'warn', (...args) => lines.push(args));
  t.mock.method(console, 'error', (...args) => lines.push(args));
  const sandbox = await start(t);
  await sandbox.eval('console.warn("a", [1]); Promise.reject(new Error("lost")); 0');
  const prefixed = await start(t, { console: { prefix: '> ' } });
  await prefixed.eval('console.warn("b\\nc")');
  const silent = await start(t, { console: false });
  await silent.eval('console.warn("nothing")');
  await turn(20);
  assert.deepEqual(lines[0], ['a [ 1 ]']);
  assert.match(String(lines[1]), /rejection.*lost/s);
  assert.deepEqual(lines.slice(2), [['> b\n> c']]);
});

for (const sharedMemory of ways)
  test(`grants of the package serve sandboxes in workers, ${nameOf(sharedMemory)}`, async (t) => {
    const files = memoryFiles({ '/in.txt': 'some text' });
    const sandbox = await start(t, { sharedMemory, modules: files.modules });
    await grantCrypto(sandbox);
    assert.equal(await sandbox.eval('crypto.getRandomValues(new Uint8Array(8)).length'), 8);
    await grantFetch(sandbox, {
      origins: ['https://a.example'],
      fetch: async (address) => new Response(`of ${address}`),
      requestLimit: Infinity,
    });
    assert.equal(
      await sandbox.eval('fetch("https://a.example/1").then((response) => response.text())'),
      'of https://a.example/1',
    );
    assert.deepEqual(
      await sandbox.eval(`(async () => {
        const integrity = 'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='; // of "x"
        const own = URL.createObjectURL(new Blob(['x']));
        const texts = await Promise.all(['data:,x', own].map(async (address) => (await fetch(address, { integrity })).text()));
        const reader = (await fetch('https://a.example/2')).body.getReader();
        await reader.read();
        await reader.closed;
        return [...texts, await fetch('https://a.example/3', { integrity }).catch((error) => error.name)];
      })()`),
      ['x', 'x', 'TypeError'],
    );
    const program = `
      import { readFileSync } from 'node:fs';
      import { writeFile } from 'node:fs/promises';
      await writeFile('/out.txt', readFileSync('/in.txt', 'utf8').toUpperCase());`;
    await sandbox.eval(program, { module: true });
    assert.equal(new TextDecoder().decode(files.read('/out.txt')), 'SOME TEXT');
  });

for (const sharedMemory of ways) {
  test(`a guest that prints without end leaves its host its turns, ${nameOf(sharedMemory)}`, async (t) => {
    let printed = 0;
    const log = () => {
      printed++;
      for (const end = performance.now() + 1; performance.now() < end; );
    };
    const warnings = [];
    t.mock.method(console, 'warn', (text) => warnings.push(text));
    const sandbox = await start(t, { sharedMemory, console: { log }, hostLimits: { prints: 300 } });
    await assert.rejects(sandbox.eval('for (;;) console.log(1)', { timeLimit: 500 }), TimeLimitError);
    assert.ok(printed >= 100 && printed < 1000, `${printed} messages`);
    assert.equal(await sandbox.eval('console.log(1); 1 + 1'), 2);
    await turn(20);
    if (!sharedMemory) assert.match(warnings.join(), /[0-9]+ more messages of a sandbox were left out/);
  });
}

test('what a function of the console throws is logged, and ends nothing', async (t) => {
  const lines = [];
  t.mock.method(console, 'error', (text) => lines.push(text));
  const console_ = {
    log: (value) => value.toString(),
    warn: async (value) => value.toString(),
  };
  const sandbox = await start(t, { console: console_ });
  assert.equal(await sandbox.eval('console.log(null); console.warn(null); 7'), 7);
  await turn(20);
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /console\.(log|warn) of a sandbox has failed: TypeError: Cannot read/);
});

test('a guest that calls asynchronous functions without end leaves its host its turns', async (t) => {
  let calls = 0;
  const slow = async () => {
    calls++;
    for (const end = performance.now() + 1; performance.now() < end; );
    await new Promise(() => {});
  };
  const sandbox = await start(t, { globals: { slow } });
  await assert.rejects(sandbox.eval('for (;;) slow()', { timeLimit: 500 }), TimeLimitError);
  assert.ok(calls >= 100 && calls < 1000, `${calls} calls`);
});

test('errors of limits say where the guest was', async (t) => {
  const sandbox = await start(t);
  await assert.rejects(
    sandbox.eval('function busy() { for (;;); } busy()', { timeLimit: 30, name: 'a.js' }),
    (error) => {
      assert.match(error.guestStack, /busy \(a\.js:1/);
      assert.match(error.stack, /busy \(a\.js:1/);
      return !Object.keys(error).includes('guestStack');
    },
  );
});

test('a sandbox that nothing refers to is ended with its worker, and what is no longer referred to is given back', () => {
  runWithCollector(`
    const { Worker } = await import('node:worker_threads');
    const { createWorkerSandbox } = await import('caisson/worker');
    const { Link } = await import('../../npm/src/thread-link.js');
    const script = new URL('../../npm/src/worker-main-node.js', 'file://' + process.cwd() + '/');
    let ended = 0;
    const worker = () => {
      const made = new Worker(script, { execArgv: [] });
      made.on('exit', () => ended++);
      return made;
    };
    let fn;
    await (async () => {
      const sandbox = await createWorkerSandbox({ worker, globals: { f: (x) => x } });
      fn = await sandbox.eval('(x) => f(x) + 1');
    })();
    for (let i = 0; i < 20; i++) { gc(); await delay(2); }
    assert.equal(ended, 0);
    assert.equal(await fn(1), 2); // the function keeps it
    fn = undefined;
    const check = async (condition) => assert.ok(await settled(condition), String(condition));
    await check(() => ended === 1);

    // Two sides in one thread.
    class Side extends Link {
      other;
      send(message) { queueMicrotask(() => message[0] === 'release' && this.other.released(message[1])); }
      makeFunction() { return () => {}; }
    }
    const [one, other] = [new Side(), new Side()];
    [one.other, other.other] = [other, one];
    const numbers = Array.from({ length: 20 }, () => {
      const given = () => {};
      const packet = one.pack([given, given]);
      const received = other.unpack(packet);
      other.unpack(one.pack(given));
      assert.equal(received[0], received[1]);
      const number = JSON.parse(packet[1])[1][1];
      assert.equal(one.ours(number), given);
      assert.equal(one.unpack(other.pack(received[0])), given);
      return number;
    });
    const isThere = (number) => { try { one.ours(number); return true; } catch { return false; } };
    await check(() => numbers.filter(isThere).length <= 2);
    process.exit();
  `);
});

// Limits and ends -----------------------------------------------------------------------------------------------------

test('limits are those of any sandbox', async (t) => {
  const sandbox = await start(t, { timeLimit: 50, memoryLimit: 8 * 1024 * 1024 });
  await assert.rejects(sandbox.eval('for (;;);'), TimeLimitError);
  await assert.rejects(
    sandbox.eval('const all = []; for (;;) { try { for (;;) all.push({}); } catch {} }', { timeLimit: 10_000 }),
    MemoryLimitError,
  );
  assert.equal(await sandbox.eval('1 + 1'), 2);
  assert.ok((await sandbox.memoryUsed) > 0);
  await assert.rejects(
    sandbox.eval('class Odd extends Error {} throw Object.assign(new Odd("x"), { name: "Odd" })'),
    GuestError,
  );
});

test('a worker that does not answer is terminated after the time limit and the grace time', async (t) => {
  // A script of a worker that stands still when it is asked for anything but its sandbox.
  const script = `
    const { parentPort } = require('node:worker_threads');
    parentPort.postMessage(['ready']);
    parentPort.on('message', ([number, kind, id]) => {
      if (kind === 'create') parentPort.postMessage([number, 'done', id, false, [['u']]]);
      else if (kind === 'do') for (;;);
    });`;
  const sandbox = await start(t, { timeLimit: 30, graceTime: 100, worker: () => new Worker(script, { eval: true }) });
  await assert.rejects(sandbox.eval('1'), { name: 'TimeLimitError', message: /did not answer/ });
});

test('waiting for the host takes no time of the limit', async (t) => {
  const sandbox = await start(t, { timeLimit: 30, graceTime: 20, globals: { wait: () => turn(300) } });
  assert.equal(await sandbox.eval('wait().then(() => 5)'), 5);
});

test('a worker that fails rejects what is pending, and the next call starts another one', async (t) => {
  const workers = [];
  const reasons = [];
  const script = new URL('../../npm/src/worker-main-node.js', import.meta.url);
  const sandbox = await start(t, {
    globals: { base: 5 },
    worker: () => (workers.push(new Worker(script)), workers.at(-1)),
    onRestart: (reason) => reasons.push(reason),
  });
  const fn = await sandbox.eval('() => 1');
  const pending = sandbox.eval('new Promise(() => {})');
  await turn(30);
  await Promise.all([assert.rejects(pending, WorkerError), workers[0].terminate()]);
  assert.equal(await sandbox.eval('base'), 5);
  assert.equal(workers.length, 2);
  assert.ok(reasons.length === 1 && reasons[0] instanceof WorkerError);
  await assert.rejects(async () => fn(), WorkerError);
});

test('what was asked for before an interruption does not begin after it', async (t) => {
  const sandbox = await start(t, {});
  const early = assert.rejects(sandbox.eval('for (;;);'), InterruptedError);
  await sandbox.interrupt();
  await early;
  await sandbox.terminate();
  const starting = assert.rejects(sandbox.eval('for (;;);'), InterruptedError); // it waits for the next worker
  await sandbox.interrupt();
  assert.equal(await sandbox.eval('2'), 2);
  await starting;
});

test('a signal that is aborted while the worker starts leaves no sandbox behind', async () => {
  const controller = new AbortController();
  const reason = new Error('too late');
  const creation = assert.rejects(createWorkerSandbox({ signal: controller.signal }), reason);
  controller.abort(reason);
  await creation;
});

test('as many calls as the host likes may be pending', async (t) => {
  const sandbox = await start(t, {});
  const forever = await sandbox.eval('() => new Promise(() => {})');
  const calls = Array.from({ length: 20_000 }, () => forever());
  const ended = Promise.allSettled(calls);
  sandbox.dispose();
  assert.ok((await ended).every(({ reason }) => reason instanceof DisposedError));
});

test('terminate ends the worker, restart starts another one', async (t) => {
  const sandbox = await start(t, { globals: { n: 1 } });
  await sandbox.eval('n = 2');
  const pending = sandbox.eval('new Promise(() => {})');
  await turn(20);
  await Promise.all([assert.rejects(pending, InterruptedError), sandbox.terminate()]);
  assert.equal(await sandbox.eval('n'), 1);
  await sandbox.eval('n = 2');
  await sandbox.restart();
  assert.equal(await sandbox.eval('n'), 1);
  sandbox.dispose();
  assert.equal(sandbox.isDisposed, true);
  await assert.rejects(sandbox.eval('1'), DisposedError);
});

test('dispose rejects what is pending', async (t) => {
  const sandbox = await start(t);
  const pending = sandbox.eval('new Promise(() => {})');
  await turn(20);
  sandbox.dispose();
  await assert.rejects(pending, DisposedError);
});

test('the end of a sandbox aborts the signals that calls have left to what goes on', async (t) => {
  for (const end of ['dispose', 'terminate']) {
    const left = [];
    function keep() {
      left.push(this.signal);
    }
    const sandbox = await start(t, { globals: { keep, later: async () => keep.call(hostCall()) } });
    await sandbox.eval('keep(); later()');
    await turn(20);
    assert.deepEqual(
      left.map((signal) => signal.aborted),
      [false, false],
    );
    await sandbox[end]();
    assert.deepEqual(
      left.map((signal) => signal.aborted),
      [true, true],
    );
    assert.ok(left[0].reason instanceof Error);
  }
});

test('wrong options and arguments say what was expected', async (t) => {
  await assert.rejects(createWorkerSandbox(5), { message: /options must be an object, got 5/ });
  await assert.rejects(createWorkerSandbox({ nothing: 1 }), {
    message: /^createWorkerSandbox: there is no option 'nothing'; there are worker, .*timeLimit/,
  });
  await assert.rejects(createWorkerSandbox({ worker: 1 }), { message: /worker must be a function/ });
  await assert.rejects(createWorkerSandbox({ graceTime: -1 }), { message: /graceTime must be/ });
  await assert.rejects(createWorkerSandbox({ sharedMemory: 1 }), { message: /sharedMemory must be/ });
  await assert.rejects(createWorkerSandbox({ onRestart: 1 }), { message: /onRestart must be/ });
  await assert.rejects(createWorkerSandbox({ interruptFlag: new Int32Array(1) }), { message: /interrupt\(\)/ });
  await assert.rejects(createWorkerSandbox({ timeLimit: -1 }), { message: /timeLimit must be/ });
  const sandbox = await start(t);
  await assert.rejects(sandbox.eval(5), { message: /source must be a string/ });
  await assert.rejects(sandbox.eval('1', { nothing: 1 }), { message: /there is no option 'nothing'/ });
  await assert.rejects(sandbox.import(5), { message: /specifier must be a string/ });
  await assert.rejects(sandbox.setGlobal(5, 1), { message: /name must be a string/ });
});

test('when no worker can be started, the error says why and what helps', async () => {
  const worker = () => {
    throw new Error('forbidden here');
  };
  await assert.rejects(createWorkerSandbox({ worker }), (error) => {
    assert.ok(error instanceof LoadError);
    assert.match(error.message, /forbidden here.*caisson\/worker-main/s);
    return true;
  });
});

let ended; // programs in processes of their own
before(() => {
  const program = (text) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createWorkerSandbox, createSandboxPool } from ${JSON.stringify(entry)};\n${text}`,
      ],
      {
        encoding: 'utf8',
        timeout: 20_000,
      },
    );
  ended = {
    idle: program(
      'const s = await createWorkerSandbox(); console.log(await s.eval("setInterval(() => {}, 1000); 1 + 1"));',
    ),
    pending: program(
      'const s = await createWorkerSandbox({ globals: { later: () => new Promise((r) => setTimeout(r, 50)) } }); console.log(await s.eval("later().then(() => 3)"));',
    ),
    pool: program('const pool = createSandboxPool({ size: 1 }); console.log(await pool.run("4"));'),
  };
});
after(() => (ended = undefined));
test('an idle worker does not keep Node from ending, a pending call does', () => {
  for (const [name, output] of Object.entries({ idle: '2\n', pending: '3\n', pool: '4\n' })) {
    assert.equal(ended[name].stderr, '', name);
    assert.equal(ended[name].stdout, output);
    assert.equal(ended[name].status, 0);
  }
});
