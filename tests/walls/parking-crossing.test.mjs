// Getters, traps and conversions of values that cross from the guest to the host may wait, and may be paused: as
// arguments of host functions, as results, errors and the values of promises. Meanwhile the message that is being
// written is kept aside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const text = 'a text that is long enough to be shared';
// What the guest runs in the middle of a message; both give 'v'.
const ways = {
  waits: { code: 'load()', settings: {} },
  'is paused': {
    code: "(() => { const end = Date.now() + 3; while (Date.now() < end); return 'v'; })()",
    settings: { timeSlice: 1 },
  },
};

for (const [way, { code, settings }] of Object.entries(ways)) {
  async function start(options = {}) {
    const shown = [];
    const load = blocking(async function load() {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return 'v';
    });
    const globals = { load, show: (value) => void shown.push(value) };
    const sandbox = await createSandbox({ globals, timeLimit: 5000, ...settings, ...options });
    return { sandbox, shown };
  }
  function named(name, work) {
    test(`${name} ${way}`, { timeout: 10_000 }, work);
  }
  const getter = (name) => `get ${name}() { return ${code}; }`;
  const descriptor = `{ enumerable: true, get() { return ${code}; } }`;
  const errorWithGetter = `Object.defineProperty(new Error('m'), 'name', ${descriptor})`;

  const shows = {
    'a getter of an argument': [`({ ${getter('a')}, b: 1 })`, { a: 'v', b: 1 }],
    'a getter in a nested object': [`({ o: { p: { ${getter('a')} } }, q: 2 })`, { o: { p: { a: 'v' } }, q: 2 }],
    'a getter in an array': [`[1, { ${getter('a')} }, , 3]`, [1, { a: 'v' }, , 3]],
    'a getter of an array': [`Object.defineProperty([1, 2], 1, ${descriptor})`, [1, 'v']],
    'a getter in a Map': [
      `new Map([[1, { ${getter('a')} }], ['k', 2]])`,
      new Map([
        [1, { a: 'v' }],
        ['k', 2],
      ]),
    ],
    'a getter in a subclass of Map': [
      `new (class M extends Map {})([[{ ${getter('a')} }, 2]])`,
      new Map([[{ a: 'v' }, 2]]),
    ],
    'a getter in a Set': [`new Set([{ ${getter('a')} }, 2])`, new Set([{ a: 'v' }, 2])],
    'every trap of a proxy': [
      `new Proxy({ a: 1, b: 2 }, {
        ownKeys(target) { ${code}; return Reflect.ownKeys(target); },
        getOwnPropertyDescriptor(target, key) { ${code}; return Reflect.getOwnPropertyDescriptor(target, key); },
        get(target, key) { return ${code} + key; },
      })`,
      { a: 'va', b: 'vb' },
    ],
    'a getter of an object that it changes': [
      `({ a: 1, get b() { this.a = 7; this.c = 8; delete this.d; return ${code}; }, c: 1, d: 1, e: 1 })`,
      { a: 1, b: 'v', c: 8, e: 1 },
    ],
    'a getter of an array that it shortens': [
      `(() => { const list = [1, { get a() { list.length = 2; return ${code}; } }, 3, 4]; return list; })()`,
      [1, { a: 'v' }, , ,],
    ],
    'a getter behind 100 levels': [
      `(() => { let o = { ${getter('a')} }; for (let i = 0; i < 100; i++) o = { o }; return o; })()`,
      Array.from({ length: 100 }).reduce((o) => ({ o }), { a: 'v' }),
    ],
    'getters of objects of one shape': [
      `[1, 2, 3].map((p) => ({ p, q: { ${getter('z')} }, r: 2 }))`,
      [1, 2, 3].map((p) => ({ p, q: { z: 'v' }, r: 2 })),
    ],
    'a getter between shared texts': [`((t) => [t, { ${getter('a')} }, t])('${text}')`, [text, { a: 'v' }, text]],
    'a getter between views of a buffer': [
      `((u) => [u.subarray(0, 2), { get a() { u[1] = 9; return ${code}; } }, u.subarray(1, 3)])(new Uint8Array([1, 2, 3]))`,
      [new Uint8Array([1, 2]), { a: 'v' }, new Uint8Array([2, 3])],
    ],
    'a clone': [
      `structuredClone({ ${getter('a')}, b: [{ ${getter('c')} }], d: new Date(5) })`,
      { a: 'v', b: [{ c: 'v' }], d: new Date(5) },
    ],
    'a clone of an object that a getter changes': [
      `structuredClone({ a: 1, get b() { this.a = 7; this.c = 8; return ${code}; }, c: 1 })`,
      { a: 1, b: 'v', c: 8 },
    ],
    'the message of a cloned error': [
      `structuredClone(Object.assign(new Error(), { message: { toString() { return ${code}; } } })).message`,
      'v',
    ],
    'a clone that is refused': [
      `(() => { try { structuredClone([{ get a() { ${code}; return () => 1; } }]); } catch (e) { return e.name; } })()`,
      'DataCloneError',
    ],
    'an argument that is refused': [
      `(() => { try { show({ a: { get b() { ${code}; return Symbol('s'); } } }); } catch (e) { return e.message; } })()`,
      '[0].a.b: Symbol(s) cannot be passed to the host: only data, functions and promises can',
    ],
    'a getter that throws': [
      `(() => { try { show({ get a() { ${code}; throw new Error('mine'); } }); } catch (e) { return e.message; } })()`,
      'mine',
    ],
  };
  for (const [name, [source, expected]] of Object.entries(shows)) {
    named(name, async () => {
      const { sandbox, shown } = await start();
      await sandbox.eval(`show(${source})`);
      assert.deepEqual(shown, [expected]);
      sandbox.dispose();
    });
  }

  named('a getter beside a reference to the same object', async () => {
    const { sandbox, shown } = await start();
    await sandbox.eval(`const x = { n: 1 }; show([x, { get a() { ${code}; return x; } }, x])`);
    assert.equal(shown[0][0], shown[0][2]);
    assert.equal(shown[0][1].a, shown[0][0]);
    sandbox.dispose();
  });
  named('the name of a function', async () => {
    const { sandbox, shown } = await start();
    await sandbox.eval(`show(Object.defineProperty(() => 5, 'name', ${descriptor}))`);
    assert.equal(shown[0].name, 'v');
    assert.equal(shown[0](), 5);
    sandbox.dispose();
  });
  named('an object with methods', async () => {
    const { sandbox, shown } = await start();
    await sandbox.eval(`show({ n: 3, m() { return this.n; }, ${getter('a')} })`);
    assert.equal(shown[0].a, 'v');
    assert.equal(shown[0].m(), 3);
    sandbox.dispose();
  });
  named('an argument whose program is aborted', async () => {
    const { sandbox, shown } = await start();
    const controller = new AbortController();
    const running = sandbox.eval(`show({ m() {}, get a() { for (;;) ${code}; } })`, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await assert.rejects(running, { message: 'enough' });
    assert.equal(await sandbox.eval('1 + 1'), 2);
    assert.deepEqual(shown, []);
    sandbox.dispose();
  });

  const results = {
    'the result of eval': [`({ ${getter('a')}, b: [{ ${getter('c')} }] })`, { a: 'v', b: [{ c: 'v' }] }],
    'the result of eval after it has waited': [`${code}; ({ ${getter('a')} })`, { a: 'v' }],
    'the value of its promise': [`Promise.resolve({ ${getter('a')} })`, { a: 'v' }],
  };
  for (const [name, [source, expected]] of Object.entries(results)) {
    named(name, async () => {
      const { sandbox } = await start();
      assert.deepEqual(await sandbox.eval(source), expected);
      sandbox.dispose();
    });
  }
  named('a thrown error', async () => {
    const { sandbox } = await start();
    await assert.rejects(sandbox.eval(`throw ${errorWithGetter}`), { name: 'v', message: 'm' });
    sandbox.dispose();
  });
  named('a getter of the result that throws', async () => {
    const { sandbox } = await start();
    await assert.rejects(sandbox.eval(`({ get a() { ${code}; throw new RangeError('mine'); } })`), {
      name: 'RangeError',
      message: 'mine',
    });
    sandbox.dispose();
  });
  named('a result that is refused', async () => {
    const { sandbox } = await start();
    await assert.rejects(sandbox.eval(`({ get a() { ${code}; return Symbol('s'); } })`), {
      message: 'a: Symbol(s) cannot be passed to the host: only data, functions and promises can',
    });
    sandbox.dispose();
  });
  named('the value of a promise', async () => {
    const { sandbox } = await start();
    const { good, bad } = await sandbox.eval(`({
      good: Promise.resolve({ ${getter('a')} }),
      bad: Promise.resolve().then(() => { throw ${errorWithGetter}; }),
    })`);
    assert.deepEqual(await good, { a: 'v' });
    await assert.rejects(bad, { name: 'v', message: 'm' });
    sandbox.dispose();
  });
  named('what a guest function returns', async () => {
    const { sandbox } = await start();
    const call = await sandbox.eval(`(() => ({ ${getter('a')} }))`);
    assert.deepEqual(await call(), { a: 'v' });
    const { method } = await sandbox.eval(`({ method() { return { ${getter('a')} }; } })`);
    assert.deepEqual(await method(), { a: 'v' });
    sandbox.dispose();
  });
  named('the exports of a module', async () => {
    const source = `export const a = { ${getter('x')} }; export const b = 2; export const c = { ${getter('y')} };`;
    const { sandbox } = await start({ modules: { './m.js': source } });
    const module = await sandbox.import('./m.js');
    assert.deepEqual([module.a, module.b, module.c], [{ x: 'v' }, 2, { y: 'v' }]);
    sandbox.dispose();
  });
  named('an uncaught error', async () => {
    let onUncaughtError;
    const uncaught = new Promise((resolve) => {
      onUncaughtError = resolve;
    });
    const { sandbox } = await start({ onUncaughtError });
    await sandbox.eval(`setTimeout(() => { throw ${errorWithGetter}; }, 1); 0`);
    assert.equal((await uncaught).name, 'v');
    sandbox.dispose();
  });
  named('unhandled rejections', async () => {
    const reasons = [];
    let onUnhandledRejection;
    const reported = new Promise((resolve) => {
      onUnhandledRejection = (reason) => reasons.push(reason) === 5 && resolve();
    });
    const { sandbox } = await start({ onUnhandledRejection });
    await sandbox.eval(`for (let i = 0; i < 5; i++) Promise.reject({ i, ${getter('a')} }); 0`);
    await reported;
    assert.deepEqual(reasons.map(({ i, a }) => `${i}${a}`).sort(), ['0v', '1v', '2v', '3v', '4v']);
    sandbox.dispose();
  });
  named('a result whose program is aborted', async () => {
    const { sandbox } = await start();
    const controller = new AbortController();
    const running = sandbox.eval(`({ m() {}, get a() { for (;;) ${code}; } })`, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await assert.rejects(running, { message: 'enough' });
    assert.equal(await sandbox.eval('1 + 1'), 2);
    sandbox.dispose();
  });
  named('a result of a sandbox that is disposed of', async () => {
    const { sandbox } = await start();
    const running = sandbox.eval(`({ m() {}, get a() { for (;;) ${code}; } })`);
    sandbox.dispose();
    await assert.rejects(running);
  });
}

test('evalSync says when its result would have to wait', async () => {
  const load = blocking(async () => 'v');
  const sandbox = await createSandbox({ globals: { load } });
  assert.throws(() => sandbox.evalSync('({ get a() { return load(); } })'), { name: 'WouldWaitError' });
  assert.throws(() => sandbox.evalSync('throw { get a() { return load(); } }'), { name: 'WouldWaitError' });
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  sandbox.dispose();
});

test('calls of the host within getters of arguments nest deep', async () => {
  const load = blocking(async () => 'v');
  let count = 0;
  const show = (value) => {
    count++;
    return value;
  };
  const sandbox = await createSandbox({ globals: { load, show }, timeLimit: 20_000 });
  const source = 'function nest(n) { return { get a() { return n ? show(nest(n - 1)).a : load(); } }; }';
  assert.equal(await sandbox.eval(`${source} show(nest(5000)).a`), 'v');
  assert.equal(count, 5001);
  sandbox.dispose();
});

test('what apply passes on is what the list held when it was read', async () => {
  const load = blocking(async () => 'v');
  const sandbox = await createSandbox({ globals: { load } });
  const source = (call) =>
    `(() => { const list = [{ valueOf() { list[1] = 100; return 1; } }, 2]; return ${call}; })()`;
  assert.equal(await sandbox.eval(source('Math.max.apply(null, list)')), 2);
  assert.equal(await sandbox.eval(source('Reflect.apply(Math.max, null, list)')), 2);
  assert.equal(await sandbox.eval(source('Math.max(...list)')), 2);
  sandbox.dispose();
});
