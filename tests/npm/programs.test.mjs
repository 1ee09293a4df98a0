// Each evaluation and import is a program: aborting it ends what it has set going, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

async function start(t, options) {
  const sandbox = await createSandbox(options);
  t.after(() => sandbox.dispose());
  return sandbox;
}
const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

function pending(signals) {
  return function (name) {
    const { signal } = this;
    signals.set(name, signal);
    return new Promise((resolve, reject) => {
      signals.set(`${name} done`, resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
}

test('aborting one program aborts its host work and leaves that of others', async (t) => {
  const signals = new Map();
  const sandbox = await start(t, { globals: { load: pending(signals) } });
  const controller = new AbortController();
  const first = sandbox.eval('load("a")', { signal: controller.signal });
  const second = sandbox.eval('load("b").then((x) => x + "!")', { signal: new AbortController().signal });
  const third = sandbox.eval('load("c").then((x) => x + "?")');
  controller.abort(new Error('enough'));
  await assert.rejects(first, /enough/);
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => signals.get(name).aborted),
    [true, false, false],
  );
  signals.get('b done')('B');
  signals.get('c done')('C');
  assert.deepEqual(await Promise.all([second, third]), ['B!', 'C?']);
});

test('nothing of an aborted program runs any more: jobs, timers, waiting fibers, promises, imports, cleanup', async (t) => {
  const answers = [];
  const later = (value) => new Promise((resolve) => answers.push(() => resolve(value)));
  let provide;
  const sandbox = await start(t, {
    globals: { later, wait: blocking(later) },
    modules: () =>
      new Promise((resolve) => {
        provide = resolve;
      }),
  });
  const others = sandbox.eval(
    `globalThis.log = []; globalThis.other = setInterval(() => log.push('other'), 3); later(1).then(() => log.push('other job'))`,
  );
  const controller = new AbortController();
  const run = (source) => sandbox.eval(source, { signal: controller.signal });
  const all = [
    run(`(async () => { try { await later(1); log.push('await'); } finally { log.push('finally'); } })()`),
    run(`setInterval(() => log.push('interval'), 1); setTimeout(() => log.push('timeout'), 1); new Promise(() => {})`),
    run(`try { wait(1); log.push('fiber'); } finally { log.push('fiber finally'); }`),
    run(`later(1).then(() => log.push('then')).finally(() => log.push('finally of then'))`),
    run(`import('m').then(() => log.push('import'))`),
    run(`[1].map(() => { try { wait(1); } catch { log.push('caught'); } log.push('map'); })`),
    run(`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); log.push('woken')`),
  ];
  await turn(1);
  sandbox.evalSync('log.length = 0');
  controller.abort(new Error('enough'));
  for (const one of all) await assert.rejects(one, /enough/);
  for (const answer of answers) answer();
  provide?.('log.push("module"); export {}');
  await others;
  await turn(40);
  const log = sandbox.evalSync('clearInterval(other); log');
  assert.deepEqual([...new Set(log)].sort(), ['other', 'other job']);
});

test('a program that aborts itself is stopped where it is, and other jobs go on', async (t) => {
  const controller = new AbortController();
  const sandbox = await start(t, { globals: { stop: () => controller.abort(new Error('enough')) } });
  await sandbox.eval('globalThis.log = []; 1');
  await assert.rejects(
    sandbox.eval(
      `
    Promise.resolve().then(() => log.push('own job'));
    try { stop(); log.push('after'); for (;;); } catch { log.push('caught'); } finally { log.push('finally'); }`,
      { signal: controller.signal },
    ),
    /enough/,
  );
  assert.deepEqual(sandbox.evalSync('log'), []);
  assert.equal(await sandbox.eval('(async () => { await null; return 7; })()'), 7);
});

test('a program that a host function started can be aborted without the one that called it, and the other way round', async (t) => {
  const outer = new AbortController(),
    inner = new AbortController();
  let nested;
  const sandbox = await start(t, {
    globals: {
      nest(source) {
        nested = sandbox.eval(source, { signal: inner.signal });
        nested.catch(() => {});
      },
      stopInner: () => inner.abort(new Error('inner')),
      stopOuter: () => outer.abort(new Error('outer')),
    },
  });
  await sandbox.eval('globalThis.log = []; 1');
  assert.equal(
    await sandbox.eval(`nest('stopInner(); log.push("not reached"); for (;;);'); log.push('outer goes on'); 5`, {
      signal: outer.signal,
    }),
    5,
  );
  await assert.rejects(nested, /inner/);
  sandbox.setGlobal('nestFree', (source) => {
    nested = sandbox.eval(source);
  });
  await assert.rejects(
    sandbox.eval(`nestFree('stopOuter(); log.push("inner goes on"); 6'); log.push('outer went on')`, {
      signal: outer.signal,
    }),
    /outer/,
  );
  assert.equal(await nested, 6);
  assert.deepEqual(sandbox.evalSync('log'), ['outer goes on', 'inner goes on']);
});

test('a paused program is ended by its signal, and what waited for its end goes on', async (t) => {
  const sandbox = await start(t, { timeSlice: 2 });
  const controller = new AbortController();
  const endless = sandbox.eval('for (;;);', { signal: controller.signal });
  const next = sandbox.eval('1 + 1');
  setTimeout(() => controller.abort(new Error('enough')), 20);
  await assert.rejects(endless, /enough/);
  assert.equal(await next, 2);
  // The jobs of others behind it are not lost.
  const again = new AbortController();
  const [value, error] = await Promise.all([
    sandbox.eval('(async () => { await null; await null; return 3; })()'),
    sandbox.eval('(async () => { await null; for (;;); })()', { signal: again.signal }).catch((reason) => reason),
    turn(20).then(() => again.abort(new Error('again'))),
  ]);
  assert.equal(value, 3);
  assert.match(error.message, /again/);
});

test('the answer for a fiber that was ended reaches no other', async (t) => {
  const answers = [];
  const sandbox = await start(t, {
    globals: { wait: blocking((value) => new Promise((resolve) => answers.push(() => resolve(value)))) },
  });
  const controller = new AbortController();
  const first = sandbox.eval('wait("first")', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(first, /enough/);
  const second = sandbox.eval('wait("second")');
  answers[0]();
  await turn();
  answers[1]();
  assert.equal(await second, 'second');
});

test('programs that were aborted are forgotten in the end', async (t) => {
  const sandbox = await start(t, { memoryLimit: 4 * 1024 * 1024 });
  const before = sandbox.memoryUsed;
  for (let i = 0; i < 2000; i++) {
    const controller = new AbortController();
    const run = sandbox.eval('new Promise(() => {})', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await run.catch(() => {});
  }
  sandbox.evalSync('let list = []; for (let i = 0; i < 3e4; i++) list = [i]; 1');
  assert.ok(sandbox.memoryUsed < before + 2 * 1024 * 1024, `${sandbox.memoryUsed - before} bytes`);
});

test('the signal of a program is aborted when the sandbox is disposed or interrupted', async () => {
  const seen = [];
  const sandbox = await createSandbox({
    globals: {
      keep() {
        seen.push(this.signal);
      },
    },
  });
  await sandbox.eval('keep()', { signal: new AbortController().signal });
  await sandbox.eval('keep()');
  sandbox.interrupt();
  assert.deepEqual(
    seen.map((signal) => signal.aborted),
    [true, true],
  );
  await sandbox.eval('keep()', { signal: new AbortController().signal });
  assert.equal(seen[2].aborted, false);
  sandbox.dispose();
  assert.equal(seen[2].aborted, true);
});

test('an asynchronous host function may ask for the signal of its call when nobody waits any more', async () => {
  let controller;
  const ends = {
    dispose: (sandbox) => sandbox.dispose(),
    interrupt: (sandbox) => sandbox.interrupt(),
    abort: () => controller.abort(new Error('enough')),
    wait() {},
  };
  for (const mark of [(fn) => fn, blocking])
    for (const [name, end] of Object.entries(ends)) {
      controller = new AbortController();
      let goOn;
      let told;
      const late = new Promise((resolve) => (told = resolve));
      const sandbox = await createSandbox({
        globals: {
          work: mark(async function () {
            await new Promise((resolve) => (goOn = resolve));
            told(this.signal);
            return this.signal;
          }),
        },
      });
      const settings = { abort: { signal: controller.signal }, wait: { waitLimit: 5 } }[name] ?? {};
      const run = sandbox.eval('work()', settings);
      end(sandbox);
      const reason = await run.catch((error) => error);
      goOn();
      const signal = await late;
      assert.ok(signal.aborted, name);
      assert.equal(signal.reason, reason, name);
      sandbox.dispose();
    }
});

test('a call has one signal, and that of the next call after an interruption is another one', async (t) => {
  const calls = [];
  const sandbox = await start(t, {
    globals: {
      keep() {
        calls.push(this);
      },
    },
  });
  sandbox.evalSync('keep()');
  sandbox.interrupt();
  sandbox.evalSync('keep()');
  assert.deepEqual(
    calls.map(({ signal }) => signal.aborted),
    [true, false],
  );
  assert.equal(calls[0].signal, calls[0].signal);
});
