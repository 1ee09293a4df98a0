// The package's API: options, entries, functions and promises across the boundary, events, disposal.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as caisson from 'caisson';
import { DisposedError, InterruptedError, SandboxError, WouldWaitError, blocking, createSandbox } from 'caisson';

async function until(condition) {
  for (let i = 0; i < 400 && !condition(); i++) await delay(5);
  assert.ok(condition(), 'it did not happen');
}

async function withSandbox(options, use) {
  const sandbox = await createSandbox(options);
  try {
    await use(sandbox);
  } finally {
    sandbox.dispose();
  }
}

test('the exports', () => {
  assert.deepEqual(Object.keys(caisson).sort(), [
    'DisposedError',
    'EngineError',
    'GuestError',
    'InterruptedError',
    'LoadError',
    'MalformedMessageError',
    'MemoryLimitError',
    'SandboxError',
    'TimeLimitError',
    'WouldWaitError',
    'blocking',
    'callback',
    'compile',
    'constructible',
    'createSandbox',
    'hostCall',
    'ref',
    'setWasm',
    'transfer',
  ]);
});

const wrongOptions = [
  [5, /the options must be an object, got 5/],
  [null, /the options must be an object, got null/],
  ['x', /must be an object, got 'x'/],
  [{ memory: 5 }, /no option 'memory'; there are globals, modules, importMap, memoryLimit/],
  [{ globals: 5 }, /globals must be an object, got 5/],
  [{ modules: 'x' }, /modules must be a function .* got 'x'/],
  [{ memoryLimit: '5' }, /memoryLimit must be a number of bytes above 0, got '5'/],
  [{ memoryLimit: -1 }, /memoryLimit must be/],
  [{ memoryLimit: NaN }, /memoryLimit must be .*NaN/],
  [{ memoryLimit: 1000 }, /at least 1048576 bytes/],
  [{ timeZone: 5 }, /timeZone must be the name of a time zone or an offset like \+05:30, got 5/],
  [{ timeZone: 'Mars/Olympus' }, /the engine knows no time zone 'Mars\/Olympus'/],
  [{ timeLimit: 0 }, /timeLimit must be a number of milliseconds above 0, got 0/],
  [{ timeLimit: '1' }, /timeLimit must be/],
  [{ stackLimit: {} }, /stackLimit must be .* got an Object/],
  [{ isolation: 'process' }, /isolation must be 'auto', 'shared' or 'instance', got 'process'/],
  [{ signal: {} }, /signal must be an AbortSignal/],
  [
    { interruptFlag: new Uint8Array(1) },
    /interruptFlag must be an Int32Array of at least one element, got a[n]? Uint8Array/,
  ],
  [{ onUnhandledRejection: 5 }, /onUnhandledRejection must be a function/],
  [{ onUncaughtError: 'x' }, /onUncaughtError must be a function/],
  [{ onRejectionHandled: 5 }, /onRejectionHandled must be a function/],
  [{ console: 5 }, /console must be false, or an object/],
  [{ wasm: 5 }, /wasm must be a WebAssembly.Module/],
  [{ globals: { bad: Symbol('s') } }, /^bad: Symbol\(s\) cannot be passed to the guest/],
  [{ globals: { deep: { worse: new WeakMap() } } }, /WeakMap.* cannot be passed/],
];
for (const [options, pattern] of wrongOptions) {
  test(`wrong options: ${typeof options === 'object' && options ? Object.keys(options)[0] : String(options)} ${pattern}`, async () => {
    await assert.rejects(
      createSandbox(options),
      (error) => (error instanceof TypeError || error instanceof RangeError) && pattern.test(error.message),
    );
  });
}

test('wrong arguments of the methods', () =>
  withSandbox({}, async (sandbox) => {
    await assert.rejects(sandbox.eval(5), {
      name: 'TypeError',
      message: 'eval: the source must be a string or a prepared program, got 5',
    });
    assert.throws(() => sandbox.evalSync(), {
      name: 'TypeError',
      message: 'evalSync: the source must be a string or a prepared program, got undefined',
    });
    assert.throws(() => sandbox.evalSync('1', 5), /evalSync: the options must be an object, got 5/);
    assert.throws(() => sandbox.evalSync('1', { name: 5 }), /evalSync: name must be a string, got 5/);
    assert.throws(() => sandbox.evalSync('1', { timeLimit: -5 }), /evalSync: timeLimit must be/);
    await assert.rejects(sandbox.eval('1', { signal: 5 }), /eval: signal must be an AbortSignal, got 5/);
    await assert.rejects(sandbox.import(5), /import: the specifier must be a string, got 5/);
    assert.throws(() => sandbox.setGlobal(5, 1), /setGlobal: the name must be a string, got 5/);
    assert.throws(() => blocking(5), /blocking: expected a function, got 5/);
  }));

test('globals: values, functions and nested objects of them', () =>
  withSandbox(
    {
      globals: {
        version: 3,
        config: { name: 'x', list: [1, 2] },
        add: (a, b) => a + b,
        api: { math: { twice: (x) => x * 2 }, later: async (x) => x + 1 },
      },
    },
    async (sandbox) => {
      assert.deepEqual(
        sandbox.evalSync('[version, config.name, config.list.length, add(1, 2), api.math.twice(4), typeof api.later]'),
        [3, 'x', 2, 3, 8, 'function'],
      );
      assert.equal(await sandbox.eval('api.later(1).then((x) => x * 10)'), 20);
      assert.equal(await sandbox.eval('(async () => (await api.later(1)) + 1)()'), 3);
      sandbox.setGlobal('version', 4);
      assert.equal(sandbox.evalSync('version = version + 1'), 5);
    },
  ));

test('completion values', () =>
  withSandbox({}, async (sandbox) => {
    for (const [source, value] of [
      ['1 + 2', 3],
      ['if (true) { 5 }', 5],
      ['let x = 1', undefined],
      ['"use strict"; x + 1', 2],
      ['', undefined],
      ['for (let i = 0; i < 3; i++) i', 2],
    ])
      assert.equal(sandbox.evalSync(source), value, source);
    assert.equal(await sandbox.eval('1 + 2'), 3);
    assert.equal(await sandbox.eval('Promise.resolve(4)'), 4);
    assert.equal(await sandbox.eval('new Promise((resolve) => setTimeout(resolve, 5, "later"))'), 'later');
    await assert.rejects(sandbox.eval('Promise.reject(new TypeError("no"))'), { name: 'TypeError', message: 'no' });
    await assert.rejects(sandbox.eval('throw new RangeError("no")'), { name: 'RangeError', message: 'no' });
    await assert.rejects(sandbox.eval('let y = ;'), { name: 'SyntaxError' });
    assert.throws(() => sandbox.evalSync('missing'), { name: 'ReferenceError' });
  }));

test('evalSync gives what is there at once and refuses to wait', () =>
  withSandbox({ globals: { load: async () => 1, wait: blocking(async () => 1) } }, async (sandbox) => {
    assert.equal(sandbox.evalSync('Promise.resolve(1).then((x) => x + 1)'), 2);
    assert.equal(sandbox.evalSync('(async () => { await null; return 3; })()'), 3);
    assert.throws(() => sandbox.evalSync('Promise.reject(new TypeError("no"))'), { name: 'TypeError', message: 'no' });
    for (const source of [
      'load()',
      'wait()',
      'new Promise(() => {})',
      'new Promise((resolve) => setTimeout(resolve, 1))',
    ]) {
      assert.throws(
        () => sandbox.evalSync(source),
        (error) => error instanceof WouldWaitError && error instanceof SandboxError && /use eval/.test(error.message),
        source,
      );
    }
    await delay(20);
    assert.equal(sandbox.evalSync('1'), 1);
  }));

test('functions of the guest are callable, with identity both ways', () =>
  withSandbox({}, async (sandbox) => {
    const add = sandbox.evalSync('globalThis.add = function add(a, b) { return a + b; }');
    assert.equal(add(1, 2), 3);
    assert.equal(add.name, 'add');
    assert.equal(sandbox.evalSync('add'), add);
    assert.equal(sandbox.evalSync('(f) => f === add')(add), true);
    const host = (x) => x;
    sandbox.setGlobal('host', host);
    assert.equal(sandbox.evalSync('host'), host);
    assert.equal(sandbox.evalSync('(f) => f === host')(host), true);
    assert.equal(sandbox.evalSync('({ a: add, b: [add] })').b[0], add);
    assert.throws(() => sandbox.evalSync('() => { throw new TypeError("inner"); }')(), {
      name: 'TypeError',
      message: 'inner',
    });
    assert.equal(
      sandbox.evalSync('(f) => f(f => f(20))')((g) => g((x) => x + 1)),
      21,
    );
    const counter = sandbox.evalSync('let count = 0; ({ next: () => ++count, reset() { count = 0; } })');
    assert.deepEqual([counter.next(), counter.next(), counter.reset(), counter.next()], [1, 2, undefined, 1]);
  }));

test('host functions get arguments, this.signal and this.sandbox', () =>
  withSandbox({}, async (sandbox) => {
    let context;
    sandbox.setGlobal('host', function (...args) {
      context = this;
      return args.length;
    });
    assert.equal(sandbox.evalSync('host(1, undefined, [3])'), 3);
    assert.ok(context.signal instanceof AbortSignal);
    assert.equal(context.sandbox, sandbox);
    assert.equal(context.signal.aborted, false);
  }));

test('promises cross both ways', () =>
  withSandbox({}, async (sandbox) => {
    const promise = sandbox.evalSync(
      '({ now: Promise.resolve(1), later: new Promise((resolve) => setTimeout(resolve, 5, { a: 1 })), failed: Promise.reject(new RangeError("x")) })',
    );
    assert.ok(promise.now instanceof Promise && promise.later instanceof Promise);
    assert.equal(await promise.now, 1);
    assert.deepEqual(await promise.later, { a: 1 });
    await assert.rejects(promise.failed, { name: 'RangeError', message: 'x' });
    const awaits = sandbox.evalSync('async (promise) => [promise instanceof Promise, await promise]');
    assert.deepEqual(await awaits(Promise.resolve('r')), [true, 'r']);
    assert.deepEqual(await awaits(delay(5, 'd')), [true, 'd']);
    await assert.rejects(awaits(Promise.reject(new TypeError('t'))), { name: 'TypeError', message: 't' });
    assert.equal((await awaits({ then: (resolve) => resolve('thenable') }))[1], 'thenable');
    const same = sandbox.evalSync('globalThis.p = new Promise(() => {}); ({ p })').p;
    assert.equal(sandbox.evalSync('(q) => q === p')(same), true);
  }));

test('a promise that cannot cross when it settles is rejected', () =>
  withSandbox({ globals: { symbol: async () => Symbol('s') } }, async (sandbox) => {
    await assert.rejects(sandbox.eval('symbol()'), { name: 'TypeError' });
    await assert.rejects(sandbox.evalSync('({ p: Promise.resolve().then(() => Symbol("s")) })').p, TypeError);
    assert.equal(sandbox.evalSync('1'), 1);
  }));

test('jobs run to the end before an entry returns, and before each macrotask', () =>
  withSandbox({}, async (sandbox) => {
    const log = [];
    sandbox.setGlobal('log', (text) => log.push(text));
    sandbox.evalSync(`
    const p = Promise.resolve();
    (async () => { await p; log('after:await'); })();
    p.then(() => log('tick:a')).then(() => log('tick:b'));
    setTimeout(() => { log('timer'); Promise.resolve().then(() => log('timer job')); queueMicrotask(() => log('microtask')); }, 1);
    setTimeout(() => log('second timer'), 1);
    log('sync');`);
    assert.deepEqual(log, ['sync', 'after:await', 'tick:a', 'tick:b']);
    await until(() => log.length === 8);
    assert.deepEqual(log.slice(4), ['timer', 'timer job', 'microtask', 'second timer']);
  }));

test('timers: order, arguments, intervals, clearing', () =>
  withSandbox({}, async (sandbox) => {
    const log = [];
    sandbox.setGlobal('log', (...args) => log.push(args.join(' ')));
    sandbox.evalSync(`
    setTimeout(log, 20, 'late', 1); setTimeout(log, 1, 'early');
    const cancelled = setTimeout(log, 1, 'never'); clearTimeout(cancelled); clearTimeout(12345); clearTimeout(undefined);
    let n = 0; const i = setInterval(() => { log('tick ' + ++n); if (n === 3) clearInterval(i); }, 1);`);
    await until(() => log.includes('late 1') && log.includes('tick 3'));
    await delay(20);
    assert.deepEqual([...log].sort(), ['early', 'late 1', 'tick 1', 'tick 2', 'tick 3']);
  }));

test('timers fire in the order in which they fall due, however late the host is', () =>
  withSandbox({}, async (sandbox) => {
    const log = [];
    sandbox.setGlobal('log', (text) => log.push(text));
    sandbox.evalSync(`
    const wait = (ms) => { for (const end = Date.now() + ms; Date.now() < end;); };
    setTimeout(log, 10, 'first'); wait(4);
    // Whatever the machine does meanwhile, this one falls due after the first and before the third.
    setTimeout(log, 9, 'second');
    setTimeout(log, 10, 'third');
    const cancelled = [5, 6, 7, 8].map((ms) => setTimeout(log, ms, 'never')); cancelled.forEach(clearTimeout);
    wait(40);`);
    await until(() => log.length === 3);
    assert.deepEqual(log, ['first', 'second', 'third']);
  }));

test('unhandled rejections and uncaught errors are events', async () => {
  const rejections = [];
  const errors = [];
  await withSandbox(
    { onUnhandledRejection: (reason) => rejections.push(reason), onUncaughtError: (error) => errors.push(error) },
    async (sandbox) => {
      sandbox.evalSync(
        'Promise.reject(new TypeError("nobody")); Promise.reject(5).catch(() => {}); const p = Promise.reject(6); p.then(() => {}); 0',
      );
      assert.deepEqual(
        rejections.map((reason) => reason.message ?? reason),
        ['nobody', 6],
      );
      sandbox.evalSync(
        'setTimeout(() => { throw new RangeError("timer"); }, 1); queueMicrotask(() => { throw new TypeError("job"); }); 0',
      );
      await until(() => errors.length === 2);
      assert.deepEqual(errors.map((error) => error.message).sort(), ['job', 'timer']);
    },
  );
});

test('a rejection that is handled later is an event with the same promise', async () => {
  const events = [];
  const onUnhandledRejection = (reason, promise) => events.push({ reason, promise });
  const onRejectionHandled = (promise) => events.push({ handled: promise });
  await withSandbox({ onUnhandledRejection, onRejectionHandled }, async (sandbox) => {
    sandbox.evalSync(
      'globalThis.a = Promise.reject(new TypeError("a")); globalThis.b = Promise.reject({ b: 1 }); Promise.reject(0).catch(() => {}); 0',
    );
    const [a, b] = events.splice(0);
    assert.equal(a.reason.message, 'a');
    await assert.rejects(a.promise, (error) => error === a.reason);
    await assert.rejects(b.promise, (reason) => reason.b === 1);
    sandbox.evalSync('b.catch(() => {}); a.catch(() => {}); b.catch(() => {}); 0');
    assert.deepEqual(
      events.splice(0).map((event) => event.handled),
      [b.promise, a.promise],
    );
    // Handled by the host, as the value of a program and inside of one.
    sandbox.evalSync('globalThis.c = Promise.reject("c"); globalThis.d = Promise.reject("d"); 0');
    const [c, d] = events.splice(0);
    await assert.rejects(sandbox.eval('c'), (reason) => reason === 'c');
    await assert.rejects(sandbox.evalSync('({ d })').d, (reason) => reason === 'd');
    assert.deepEqual(
      events.splice(0).map((event) => event.handled),
      [c.promise, d.promise],
    );
  });
});

test('who hears of rejections may call the guest, and hears in the next turn of what that leads to', async () => {
  const events = [];
  let handle;
  await withSandbox(
    {
      onUnhandledRejection(reason) {
        events.push(`unhandled ${reason}`);
        handle(reason);
      },
      onRejectionHandled() {
        events.push('handled');
      },
      globals: {
        log: (text) => {
          events.push(text);
        },
      },
    },
    async (sandbox) => {
      handle = sandbox.evalSync(`const promises = {};
      (name) => { promises[name]?.catch((reason) => log('caught ' + reason)); if (name === 'a') Promise.reject('from the handler'); }`);
      sandbox.evalSync('for (const name of ["a", "b"]) promises[name] = Promise.reject(name); 0');
      assert.deepEqual(events, ['unhandled a', 'caught a', 'unhandled b', 'caught b']);
      await until(() => events.length === 7);
      assert.deepEqual(events.slice(4).sort(), ['handled', 'handled', 'unhandled from the handler']);
    },
  );
});

test('a reason that cannot cross is replaced by the error that says so, whatever its getters do', async () => {
  const reasons = [];
  await withSandbox({ timeLimit: 100, onUnhandledRejection: (reason) => reasons.push(reason) }, (sandbox) => {
    for (const reason of [
      'Symbol("x")',
      '{ get x() { throw 5; } }',
      '{ get x() { throw Symbol("y"); } }',
      '{ get x() { for (;;); } }',
      '{ get x() { throw { get y() { for (;;); } }; } }',
    ])
      sandbox.evalSync(`Promise.reject(${reason}); 0`);
    assert.deepEqual(
      reasons.map((reason) => reason.name ?? reason),
      ['TypeError', 'TypeError', 'TypeError', 'TimeLimitError', 'TimeLimitError'],
    );
    assert.throws(() => sandbox.evalSync('({ get x() { for (;;); } })'), { name: 'TimeLimitError' });
    assert.throws(
      () => sandbox.evalSync('({ get x() { throw Symbol("y"); } })'),
      /Symbol\(y\) cannot be passed to the host/,
    );
  });
});

test("a guest cannot end the host's process", () => {
  const program = `
    import { createSandbox } from 'caisson';
    console.error = () => {};
    const sandbox = await createSandbox({ timeLimit: 100, globals: { take() {}, fail: async () => { throw new Error('host'); } } });
    for (const source of ['setTimeout(() => { throw new Error("x"); }, 1); 0', 'Promise.reject(new Error("y")); 0', 'take(Promise.reject(new Error("z"))); 0',
      'take(new Promise((_, reject) => setTimeout(reject, 1, 5))); 0', 'queueMicrotask(() => { throw 1; }); 0', 'fail(); 0', 'setTimeout(() => { for (;;); }, 1); 0',
      '({ p: Promise.reject(1), q: new Promise((_, reject) => setTimeout(reject, 1, 5)) })']) sandbox.evalSync(source);
    try { sandbox.evalSync('new Promise((_, reject) => setTimeout(reject, 1, 5))'); } catch {}
    setTimeout(() => { sandbox.dispose(); console.log('alive'); }, 300);`;
  assert.equal(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: new URL('.', import.meta.url),
    }),
    'alive\n',
  );
});

test('console', () => {
  const lines = [];
  return withSandbox(
    { console: { log: (...args) => lines.push(['log', ...args]), warn: (...args) => lines.push(['warn', ...args]) } },
    (sandbox) => {
      sandbox.evalSync('console.log("a", { b: 1 }, [new Map([[1, 2]])]); console.warn("careful"); 0');
      assert.deepEqual(lines, [
        ['log', 'a', { b: 1 }, [new Map([[1, 2]])]],
        ['warn', 'careful'],
      ]);
    },
  );
});

test('modules by a resolver, by sources, and their errors', async () => {
  const asked = [];
  const sources = {
    './main.js':
      'import { x } from "./lib/dep.js"; import * as all from "./lib/dep.js"; export default x + 1; export const same = all.x === x; export function twice(n) { return n * 2; } export let live = 1; export const grow = () => { live++; };',
    './lib/dep.js': 'import { y } from "./other.js"; export const x = y + 10;',
    './lib/other.js': 'export const y = await Promise.resolve(5);',
  };
  await withSandbox({ modules: sources }, async (sandbox) => {
    const namespace = await sandbox.import('./main.js');
    assert.equal(namespace.default, 16);
    assert.equal(namespace.same, true);
    assert.equal(namespace.twice(4), 8);
    assert.equal(await sandbox.eval('import("./lib/other.js").then((m) => m.y)'), 5);
    await assert.rejects(sandbox.import('./missing.js'), { name: 'TypeError', message: /no module '\.\/missing\.js'/ });
    await assert.rejects(sandbox.eval('import("./missing.js")'), TypeError);
  });
  await withSandbox(
    {
      modules: async (specifier, referrer) => {
        asked.push([specifier, referrer]);
        await delay(1);
        if (specifier === 'fails') throw new RangeError('refused');
        if (specifier === 'number') return 5;
        return {
          main: 'export { a } from "a"; import "b"; export const m = 1;',
          a: 'import "b"; export const a = 2;',
          b: 'globalThis.count = (globalThis.count ?? 0) + 1;',
          bad: 'let ;',
          throws: 'throw new TypeError("top")',
        }[specifier];
      },
    },
    async (sandbox) => {
      const namespace = await sandbox.import('main');
      assert.deepEqual({ ...namespace }, { a: 2, m: 1 });
      assert.equal(sandbox.evalSync('count'), 1, 'a module is evaluated once');
      assert.deepEqual(asked[0], ['main', undefined]);
      assert.ok(asked.some(([specifier, referrer]) => specifier === 'a' && referrer === 'main'));
      await assert.rejects(sandbox.import('fails'), { name: 'RangeError', message: 'refused' });
      await assert.rejects(sandbox.import('number'), {
        name: 'TypeError',
        message: /must be a string, bytes, .*, got 5/,
      });
      await assert.rejects(sandbox.import('bad'), { name: 'SyntaxError' });
      await assert.rejects(sandbox.import('throws'), { name: 'TypeError', message: 'top' });
      await assert.rejects(sandbox.import('nothing'), { name: 'TypeError', message: /no module 'nothing'/ });
    },
  );
  await withSandbox({}, (sandbox) => assert.rejects(sandbox.import('x'), /this sandbox has no modules/));
});

test('a module that never ends is stopped', () =>
  withSandbox({ timeLimit: 30, modules: { loop: 'for (;;);' } }, async (sandbox) => {
    await assert.rejects(sandbox.import('loop'), { name: 'TimeLimitError' });
    assert.equal(sandbox.evalSync('1'), 1);
  }));

test('aborting an eval rejects it and aborts the host work it waits for', () =>
  withSandbox({}, async (sandbox) => {
    let signal;
    sandbox.setGlobal('load', function () {
      signal = this.signal;
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const result = sandbox.eval('load()', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(result, { message: 'enough' });
    assert.ok(signal.aborted);
    await assert.rejects(sandbox.eval('1', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(await sandbox.eval('2'), 2);
  }));

test('the option signal', async () => {
  await assert.rejects(createSandbox({ signal: AbortSignal.abort(new Error('before')) }), { message: 'before' });
  const controller = new AbortController();
  await withSandbox({ signal: controller.signal, globals: { abort: () => controller.abort() } }, (sandbox) => {
    assert.throws(() => sandbox.evalSync('abort(); for (;;);'), InterruptedError);
  });
});

test('another time limit for one eval', () =>
  withSandbox({ timeLimit: 10000 }, (sandbox) => {
    assert.throws(() => sandbox.evalSync('for (;;);', { timeLimit: 20 }), { name: 'TimeLimitError', message: /20 ms/ });
    assert.equal(sandbox.evalSync('1'), 1);
  }));

test('after dispose everything says so', async () => {
  const sandbox = await createSandbox({ globals: { never: () => new Promise(() => {}) } });
  const fn = sandbox.evalSync('() => 1');
  const waits = sandbox.eval('never()');
  const promise = sandbox.evalSync('({ p: new Promise(() => {}) })').p;
  sandbox.dispose();
  sandbox.dispose();
  assert.equal(sandbox.isDisposed, true);
  for (const use of [
    () => sandbox.evalSync('1'),
    () => fn(),
    () => sandbox.setGlobal('x', 1),
    () => sandbox.memoryUsed,
  ])
    assert.throws(use, DisposedError);
  await assert.rejects(sandbox.eval('1'), DisposedError);
  await assert.rejects(sandbox.import('x'), DisposedError);
  await assert.rejects(waits, DisposedError);
  await assert.rejects(promise, DisposedError);
});

test('Symbol.dispose and Symbol.asyncDispose', async () => {
  const first = await createSandbox();
  first[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
  assert.ok(first.isDisposed);
  const second = await createSandbox();
  await second[Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]();
  assert.ok(second.isDisposed);
});

test('timers of a disposed sandbox do not fire, and a running one ends at once', async () => {
  const sandbox = await createSandbox();
  let fired = 0;
  sandbox.setGlobal('fire', () => fired++);
  sandbox.evalSync('setInterval(fire, 1); 0');
  await until(() => fired > 1);
  let goesOn = false;
  sandbox.setGlobal('goesOn', () => {
    goesOn = true;
  });
  sandbox.setGlobal('dispose', () => sandbox.dispose());
  assert.throws(() => sandbox.evalSync('try { dispose(); goesOn(); } catch { goesOn(); } finally { goesOn(); }'), {
    name: 'DisposedError',
  });
  assert.equal(goesOn, false);
  assert.equal(sandbox.isDisposed, true);
  const then = fired;
  await delay(20);
  assert.equal(fired, then);
});

test('memoryUsed goes up and down', () =>
  withSandbox({}, (sandbox) => {
    const before = sandbox.memoryUsed;
    sandbox.evalSync('globalThis.data = new Uint8Array(1 << 22); 0');
    assert.ok(sandbox.memoryUsed > before + (1 << 22) - 1000);
  }));

test('another source of the engine', async () => {
  const bytes = await readFile(new URL('../../npm/caisson.wasm', import.meta.url));
  const module = await WebAssembly.compile(bytes);
  for (const wasm of [module, bytes, new URL('../../npm/caisson.wasm', import.meta.url)])
    await withSandbox({ wasm }, (sandbox) => assert.equal(sandbox.evalSync('1 + 1'), 2));
});

test('guest functions survive while the host holds them, and go when it does not', () =>
  withSandbox({ memoryLimit: 16 * 1024 * 1024 }, (sandbox) => {
    const kept = sandbox.evalSync('(() => { const data = new Uint8Array(1e6).fill(7); return () => data[5]; })()');
    sandbox.evalSync('for (let i = 0; i < 200; i++) new Uint8Array(1e6); 0');
    assert.equal(kept(), 7);
    assert.equal(sandbox.evalSync('typeof globalThis.data'), 'undefined');
  }));

test('setGlobal replaces what scripts declared', () =>
  withSandbox({}, (sandbox) => {
    sandbox.evalSync('var a = 1; function f() { return 1; } globalThis.b = 1;');
    for (const name of ['a', 'f', 'b', 'console', 'Map']) {
      sandbox.setGlobal(name, 2);
      assert.equal(sandbox.evalSync(name), 2);
    }
  }));
