// Errors that come home, buffers that are given away, functions of callbacks, getters among the globals, and what a
// module cannot give.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { callback, createSandbox, transfer } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const sandbox = await createSandbox({ globals, ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

test('an error that returns to where it was made is the same object', async (t) => {
  class HostError extends Error {
    detail = { secret: 1 };
  }
  const mine = new HostError('mine'),
    dom = new DOMException('stop', 'AbortError');
  const sandbox = await start(t, {
    fail() {
      throw mine;
    },
    async refuse() {
      throw mine;
    },
    dom: () => dom,
    give: () => ({ list: [mine, mine] }),
    wrap: () => new Error('outer', { cause: mine }),
  });
  assert.throws(
    () => sandbox.evalSync('fail()'),
    (error) => error === mine,
  );
  await assert.rejects(sandbox.eval('refuse()'), (error) => error === mine);
  assert.equal(sandbox.evalSync('try { fail() } catch (error) { error.message = "changed"; ({ error }) }').error, mine);
  assert.equal(mine.message, 'mine');
  assert.equal(sandbox.evalSync('dom()'), dom);
  assert.equal(sandbox.evalSync('wrap().cause'), mine);
  const { list } = sandbox.evalSync('give()');
  assert.deepEqual([list[0] === mine, list[1] === mine], [true, true]);
  const theirs = sandbox.evalSync('globalThis.theirs = new TypeError("t"); theirs.self = theirs; theirs');
  assert.equal(theirs.self, theirs);
  const same = sandbox.evalSync('(error) => error === theirs');
  assert.deepEqual([same(theirs), same(new TypeError('t'))], [true, false]);
  assert.equal(
    sandbox.evalSync('({ deep: [error] }) => error === theirs && error.cause === undefined')({ deep: [theirs] }),
    true,
  );
  assert.equal(
    sandbox.evalSync('(f) => { try { f() } catch (error) { return error === theirs; } }')(() => {
      throw theirs;
    }),
    true,
  );
  assert.throws(
    () => sandbox.evalSync('throw theirs'),
    (error) => error instanceof TypeError && sandbox.evalSync('(e) => e === theirs')(error),
  );
  const other = await start(t);
  assert.equal(other.evalSync('(error) => error')(theirs), theirs);
  for (let i = 0; i < 3000; i++) sandbox.evalSync('(error) => 0')(new Error('one of many'));
  assert.throws(
    () => {
      throw sandbox.evalSync('fail.call()');
    },
    (error) => error === mine,
  );
});

test('a class of errors that only one side knows comes home as itself', async (t) => {
  const sandbox = await start(t, {
    pass: (error) => {
      throw error;
    },
  });
  assert.equal(
    sandbox.evalSync(
      'class Own extends Error { code = 5 } const own = new Own("o"); try { pass(own) } catch (error) { error === own && error instanceof Own && error.code }',
    ),
    5,
  );
});

test('transfer takes buffers away from the host', async (t) => {
  const sandbox = await start(t);
  const length = sandbox.evalSync('(value) => (value.bytes ?? value).byteLength');
  const bytes = new Uint8Array([1, 2, 3]);
  assert.equal(length(transfer({ bytes }, [bytes.buffer])), 3);
  assert.deepEqual([bytes.byteLength, bytes.buffer.byteLength], [0, 0]);
  const kept = new ArrayBuffer(4);
  assert.throws(() => length(transfer({ bytes: kept, bad: new WeakMap() }, [kept])), /bad: a WeakMap/);
  assert.equal(kept.byteLength, 4);
  assert.equal(length(transfer(kept, [kept])), 4);
  assert.equal(kept.byteLength, 0);
  assert.throws(() => transfer({}, [new Uint8Array(1)]), /transfer: expected ArrayBuffers, got an? Uint8Array/);
  assert.throws(
    () => transfer({}, new ArrayBuffer(1)),
    /transfer: expected a list of ArrayBuffers, got an ArrayBuffer/,
  );
  assert.throws(() => transfer({}, [new SharedArrayBuffer(1)]), /transfer: expected ArrayBuffers/);
});

test('a function of callbacks resumes the guest with a value or an error, at once or later', async (t) => {
  const sandbox = await start(t, {
    now: callback((resume, signal, x) => {
      resume(x + 1);
      resume(99);
    }),
    later: callback((resume, signal, x) => {
      setTimeout(resume, 1, x * 2);
    }),
    fails: callback((resume) => {
      setTimeout(() => resume.fail(new RangeError('failed')), 1);
    }),
    throws: callback(() => {
      throw new TypeError('thrown');
    }),
  });
  assert.equal(await sandbox.eval('now(1) + later(4)'), 10);
  assert.equal(await sandbox.eval('let r; try { fails() } catch (error) { r = error.message } r'), 'failed');
  assert.equal(await sandbox.eval('let q; try { throws() } catch (error) { q = error.message } q'), 'thrown');
  assert.throws(() => callback(5), /callback: expected a function/);
});

test('functions of callbacks listen to a signal once, however many wait, and those that throw are forgotten', async (t) => {
  const waiting = [],
    signals = new Set();
  const sandbox = await start(t, {
    ask: callback((resume, signal) => {
      signals.add(signal);
      waiting.push(resume);
    }),
    fail: callback((resume, signal) => {
      signals.add(signal);
      throw new RangeError('thrown');
    }),
    late: callback((resume) => {
      resume('first');
      throw new RangeError('too late');
    }),
  });
  const answers = Promise.all(Array.from({ length: 50 }, (_, i) => sandbox.eval(`ask() + ${i}`)));
  for (let i = 0; i < 20; i++) await assert.rejects(sandbox.eval('fail()'), { name: 'RangeError', message: 'thrown' });
  assert.equal(await sandbox.eval('late()'), 'first');
  assert.deepEqual(
    [...signals].map((signal) => getEventListeners(signal, 'abort').length),
    [1],
  );
  waiting.forEach((resume) => resume(1));
  assert.deepEqual((await answers).slice(0, 3), [1, 2, 3]);
});

for (const [how, options, end] of [
  [
    'its eval is aborted',
    (controller) => ({ signal: controller.signal }),
    (sandbox, controller) => controller.abort(new Error('aborted')),
  ],
  ['the sandbox is disposed', () => ({}), (sandbox) => sandbox.dispose()],
  ['the guest is interrupted', () => ({}), (sandbox) => sandbox.interrupt()],
  ['it has waited for too long', () => ({ waitLimit: 20 }), () => {}],
]) {
  test(`a function of callbacks is cancelled when ${how}`, async (t) => {
    const log = [];
    const sandbox = await start(t, {
      ask: callback((resume, signal) => {
        log.push('asked');
        return (reason) => log.push(`cancelled ${reason === signal.reason} ${signal.aborted}`);
      }),
    });
    const controller = new AbortController();
    const done = assert.rejects(sandbox.eval('ask()', options(controller)));
    await delay(1);
    end(sandbox, controller);
    await done;
    assert.deepEqual(log, ['asked', 'cancelled true true']);
  });
}

for (const name of ['dispose', 'interrupt']) {
  test(`a function of callbacks that calls ${name}() itself is cancelled when it has returned`, async (t) => {
    const log = [];
    const sandbox = await start(t, {
      ask: callback((resume, signal) => {
        sandbox[name]();
        log.push(`returns ${signal.aborted}`);
        return (reason) => log.push(`cancelled ${reason === signal.reason}`);
      }),
    });
    await assert.rejects(sandbox.eval('ask()'), { name: name === 'dispose' ? 'DisposedError' : 'InterruptedError' });
    await delay(1);
    assert.deepEqual(log, ['returns true', 'cancelled true']);
  });
}

test('evalSync names what the program would have to wait for', async (t) => {
  const sandbox = await start(t, { load: async () => delay(1), ask: callback(() => {}) });
  assert.throws(() => sandbox.evalSync('load()'), {
    name: 'WouldWaitError',
    message: 'evalSync: the program waits for host function load; use eval',
  });
  const other = await start(t, { ask: callback(function ask() {}) });
  assert.throws(() => other.evalSync('ask()'), {
    name: 'WouldWaitError',
    message: /evalSync: the program waits for host function ask; use eval/,
  });
});

test('getters among the globals are read when the guest reads them', async (t) => {
  let reads = 0,
    set;
  const globals = {
    get expensive() {
      return ++reads;
    },
    plain: 1,
    get both() {
      return this.plain + 1;
    },
    set both(value) {
      set = value;
    },
    get failing() {
      throw new RangeError('no');
    },
    nested: {
      get once() {
        return ++reads;
      },
    },
  };
  const sandbox = await start(t, globals);
  assert.equal(reads, 1); // of the nested one
  assert.deepEqual(sandbox.evalSync('[expensive, expensive, both, nested.once, nested.once]'), [2, 3, 2, 1, 1]);
  sandbox.evalSync('both = { a: 1 }');
  assert.deepEqual(set, { a: 1 });
  assert.equal(sandbox.evalSync('try { failing } catch (error) { error.name }'), 'RangeError');
  sandbox.setGlobal('expensive', 5);
  assert.equal(sandbox.evalSync('expensive'), 5);
});

test('an export that cannot cross throws when it is read, and the others are there', async (t) => {
  const sandbox = await start(
    t,
    {},
    {
      modules: {
        m: 'import * as self from "m"; export const ok = 1, symbol = Symbol("s"), exports = { internal: { cache: new WeakMap() } }; export function f() { return ok; } export { self }; export { late } from "n"; export default [() => 1];',
        n: 'export const late = { deep: [new WeakRef({})] };',
      },
    },
  );
  const m = await sandbox.import('m');
  assert.deepEqual([m.ok, m.f(), m.default[0](), m.self.ok, m.self.self.f()], [1, 1, 1, 1, 1]);
  assert.throws(() => m.symbol, { name: 'TypeError', message: /^symbol: Symbol\(s\) cannot be passed to the host/ });
  assert.throws(() => m.exports.internal.cache, {
    name: 'TypeError',
    message: /^exports\.internal\.cache: .*WeakMap.* cannot be passed to the host/,
  });
  assert.throws(() => m.late, { name: 'TypeError', message: /^late\.deep\[0\]: / });
  assert.deepEqual([Object.keys(m).sort(), 'symbol' in m], [['default', 'exports', 'f', 'ok', 'self'], true]);
  assert.doesNotThrow(() => ({ ...m }));
});

// As programs use them: bundled to one module.
function packageSource(name) {
  const require = createRequire(import.meta.url);
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export * from '${name}';`,
      resolveDir: dirname(require.resolve(join('..', '..', 'package.json'))),
    },
    bundle: true,
    format: 'esm',
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0].text;
}

test('zod, immer and mobx are imported from the host', async (t) => {
  const sandbox = await start(
    t,
    {},
    { modules: { zod: packageSource('zod'), immer: packageSource('immer'), mobx: packageSource('mobx') } },
  );
  const { z } = await sandbox.import('zod');
  const schema = z.object({ name: z.string().min(2), age: z.number().int() });
  assert.deepEqual(schema.parse({ name: 'Ada', age: 36 }), { name: 'Ada', age: 36 });
  assert.equal(schema.safeParse({ name: 'A', age: 1.5 }).success, false);
  assert.throws(
    () => schema.parse({ name: 5 }),
    (error) => error.issues.length === 2,
  );
  const immer = await sandbox.import('immer');
  assert.deepEqual(immer.produce({ list: [1] }, sandbox.evalSync('(draft) => { draft.list.push(2); }')), {
    list: [1, 2],
  });
  const mobx = await sandbox.import('mobx');
  const box = mobx.observable.box(1);
  const seen = [];
  const stop = mobx.autorun(() => {
    seen.push(box.get());
  });
  box.set(2);
  stop();
  box.set(3);
  assert.deepEqual(seen, [1, 2]);
});
