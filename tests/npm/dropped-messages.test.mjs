// Messages that are not read, or not to their end: because nobody wants them, a limit strikes while they are written or
// read, or a program is aborted. What they carry is given back by the side that should have got it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { runWithCollector } from './collector.mjs';

test('functions and promises of the guest in messages that are dropped', () =>
  runWithCollector(`
  const check = async (what, sandbox) => {
    const alive = await aliveInGuest(sandbox);
    assert.ok(alive <= 4, alive + ' alive: ' + what);
    sandbox.dispose();
  };
  const attempt = (action) => { try { action(); return 'no error'; } catch (error) { return error.name; } };
  // Whether the host has room for so many functions, once it has collected.
  const holds = async (sandbox, count) => {
    let isDone = false;
    await settled(() => (isDone ||= attempt(() => sandbox.evalSync('Array.from({ length: ' + count + ' }, () => () => 1)')) === 'no error'));
    return isDone;
  };
  const make = 'globalThis.make ??= () => note(Object.assign(() => 1, { promise: note(Promise.resolve({ f: note(() => 2) })), g: note(class { m() {} }) })); ';

  let sandbox = await notingSandbox();
  sandbox.evalSync(make + 'for (let i = 0; i < 50; i++) console.log(make(), { f: make() }, [note(Promise.resolve(1))]); 0');
  await check('printed on a console that is not there', sandbox);

  sandbox = await notingSandbox({ console: { log() {} } });
  sandbox.evalSync(make + 'for (let i = 0; i < 50; i++) console.log(make(), new WeakMap(), { f: make() }); 0');
  await check('printed beside what cannot be', sandbox);

  sandbox = await notingSandbox({ hostLimits: { functions: 30 } });
  for (let i = 0; i < 3; i++) assert.equal(attempt(() => sandbox.evalSync(make + 'Array.from({ length: 60 }, make)')), 'RangeError');
  assert.ok(await holds(sandbox, 20), 'the limit is reached for ever');
  await check('more than the limit of the host', sandbox);

  sandbox = await notingSandbox({ hostLimits: { promises: 10 } });
  assert.equal(attempt(() => sandbox.evalSync('Array.from({ length: 60 }, () => note(new Promise(() => {})))')), 'RangeError');
  sandbox.evalSync('seen.length = 0');
  sandbox.evalSync('globalThis.go = []; 0');
  for (let i = 0; i < 10; i++) assert.equal(attempt(() => sandbox.evalSync('Array.from({ length: 60 }, () => note(new Promise((resolve) => { go.push(resolve); })))')), 'RangeError');
  sandbox.evalSync('go.forEach((resolve) => resolve(1)); go = 0; 0');
  await check('more promises than the limit of the host', sandbox);

  sandbox = await notingSandbox({ memoryLimit: 4 << 20 });
  assert.equal(attempt(() => sandbox.evalSync('Array.from({ length: 13000 }, (_, i) => i % 100 ? () => 1 : note(() => 1))')), 'MemoryLimitError');
  await check('more than the host has memory for', sandbox);

  sandbox = await notingSandbox({ timeLimit: 20 });
  for (let i = 0; i < 8; i++) {
    assert.equal(attempt(() => sandbox.evalSync(make + '[make(), { get x() { for (;;); } }]')), 'TimeLimitError');
    assert.equal(attempt(() => sandbox.evalSync(make + '[make(), { get x() { Promise.resolve().then(() => { for (;;); }); return 1; } }]')), 'TimeLimitError');
    assert.equal(attempt(() => sandbox.evalSync(make + '[make(), { get x() { throw new RangeError("half-way"); } }]')), 'RangeError');
    assert.equal(attempt(() => sandbox.evalSync(make + '[make(), new WeakMap()]')), 'TypeError');
  }
  await check('written when a limit struck', sandbox);

  let events = 0;
  sandbox = await notingSandbox({ hostLimits: { events: 2 }, onUnhandledRejection() { events++; }, onUncaughtError() {} });
  sandbox.evalSync(make + 'for (let i = 0; i < 40; i++) Promise.reject(make()); 0');
  sandbox.evalSync('seen.length = 0; 0');
  sandbox.evalSync(make + 'globalThis.late = Array.from({ length: 2 }, () => Promise.reject(make())); 0');
  sandbox.evalSync('late.forEach((promise) => promise.catch(() => {})); late = 0; 0'); // handled: nobody listens
  assert.ok(events >= 2, events + ' events');
  await check('events that are not told', sandbox);

  sandbox = await notingSandbox({ globals: { stop() { sandbox.interrupt(); }, take() {} }, onUnhandledRejection() {} });
  for (let i = 0; i < 20; i++) assert.equal(attempt(() => sandbox.evalSync(make + 'stop(); take(make(), { f: make() }); for (;;);')), 'InterruptedError');
  await check('arguments of a call while the guest is being stopped', sandbox);

  const controllers = [];
  sandbox = await notingSandbox({ globals: { wait: blocking(() => new Promise((resolve) => setTimeout(resolve, 3))) } });
  const programs = Array.from({ length: 20 }, () => {
    const controller = new AbortController();
    controllers.push(controller);
    return sandbox.eval(make + 'wait(); make()', { signal: controller.signal }).catch((error) => error.name);
  });
  controllers.forEach((controller) => controller.abort());
  assert.deepEqual(new Set(await Promise.all(programs)), new Set(['AbortError']));
  await delay(10);
  await check('results of programs that were aborted', sandbox);

  sandbox = await notingSandbox({ hostLimits: { functions: 30 }, modules: {
    many: make + 'export const all = Array.from({ length: 60 }, make), one = make(), two = make();',
    ends: make + 'export const one = make(); export const x = { get x() { for (;;); } };',
  }, timeLimit: 50 });
  await sandbox.import('many').then((module) => {
    assert.throws(() => module.all, RangeError);
  });
  await assert.rejects(sandbox.import('ends'), { name: 'TimeLimitError' });
  assert.ok(await holds(sandbox, 25), 'exports are held for ever');
  sandbox.dispose();
`));

test('functions and objects of the host in messages that are dropped', () =>
  runWithCollector(`
  const attempt = (action) => { try { action(); return 'no error'; } catch (error) { return error.name; } };
  const things = () => [watch(() => 1), watch({ f: watch(() => 2) }), ref(watch({ n: 1 }))];
  const check = async (what, made, each) => {
    assert.ok(await settled(() => collected >= made - 6, each), collected + ' of ' + made + ' collected: ' + what);
    collected = 0;
  };
  let sandbox = await createTestSandbox({ memoryLimit: 2 << 20, onUnhandledRejection() {} });
  const collect = () => sandbox.evalSync('$262.gc()');
  let take = sandbox.evalSync('(value) => {}');
  for (let i = 0; i < 50; i++) assert.equal(attempt(() => take([things(), Symbol('s')])), 'TypeError');
  await check('that cannot be written', 200);

  const long = 'x'.repeat(1_050_000);
  for (let i = 0; i < 50; i++) assert.match(attempt(() => take([things(), long, things()])), /Error$/);
  await check('that do not fit', 400, collect);

  sandbox.dispose();
  let answer = () => things();
  sandbox = await createTestSandbox({ globals: { answer: () => answer(), stop: () => { sandbox.interrupt(); return things(); } } });
  for (let i = 0; i < 50; i++) assert.equal(attempt(() => sandbox.evalSync('answer(); stop(); for (;;);')), 'InterruptedError');
  await check('answers to a guest that is being stopped', 400, collect);

  take = sandbox.evalSync('(value) => {}');
  take(things());
  collected = 0;
  sandbox.dispose();
  for (let i = 0; i < 50; i++) assert.equal(attempt(() => take(things())), 'DisposedError');
  await check('for a sandbox that is gone', 200);

  sandbox = await createTestSandbox({ totalTimeLimit: 30 });
  take = sandbox.evalSync('(value) => {}');
  assert.equal(attempt(() => sandbox.evalSync('for (;;);')), 'TimeLimitError');
  for (let i = 0; i < 50; i++) assert.equal(attempt(() => take(things())), 'TimeLimitError');
  await check('for a sandbox whose time is used up', 200);
`));

test('host functions of a call that cannot begin are released', () =>
  runWithCollector(`
  const sandbox = await createTestSandbox({ globals: { dive: (n) => dive(n) } });
  const take = sandbox.evalSync('(text, f) => {}'), back = sandbox.evalSync('(n) => dive(n)');
  let refused = 0;
  function dive(n) {
    try { take('deep', watch(() => n)); } catch (error) { refused++; throw error; }
    back(n + 1);
  }
  for (let i = 0; i < 50; i++) assert.throws(() => dive(0), /nested too deeply/);
  assert.equal(refused, 50);
  assert.ok(await settled(() => collected >= 3049, () => sandbox.evalSync('$262.gc()')), collected + ' of 3050 collected');
`));

test('host functions of a call are released when memory ends before its arguments are read', () =>
  runWithCollector(`
  let made = 0, refused = 0;
  const sandbox = await createTestSandbox({ memoryLimit: 1 << 20, globals: { call() {
    made++;
    try {
      take('text number ' + made + ' which is long', watch(((n) => () => n)(made)), 'another text, ' + made, 'another text, too, ' + made);
    } catch {
      refused++;
    }
  } } });
  const take = sandbox.evalSync('(text, f) => {}');
  const clear = sandbox.evalSync('globalThis.hoard = null; () => { hoard = null; }');
  const fill = sandbox.evalSync(\`(round) => {
    try {
      for (let n = 0; ; n++) {
        globalThis.hoard = { next: hoard, text: 'x'.repeat(n < 200 ? 3000 : 30) + round };
        if (n > 1000) call();
      }
    } catch {
      hoard = null;
    }
  }\`);
  for (let i = 0; i < 300 && refused < 30; i++) {
    try { fill(i); } catch {}
    clear();
  }
  assert.ok(refused >= 30, refused + ' refused');
  assert.ok(await settled(() => collected >= made - 1, () => sandbox.evalSync('$262.gc()')), collected + ' of ' + made + ' collected');
`));

test('a promise of the host that was not sent is waited for by nobody', async () => {
  const sandbox = await createSandbox({ hostLimits: { calls: 5 } });
  const take = sandbox.evalSync('(value) => typeof value');
  const never = new Promise(() => {});
  for (let i = 0; i < 20; i++) assert.throws(() => take([new Promise(() => {}), never, Symbol('s')]), TypeError);
  await sandbox.whenIdle();
  for (let i = 0; i < 20; i++) {
    assert.equal(take(Promise.resolve(i)), 'object');
    await sandbox.whenIdle();
  }
  const late =
    Promise.withResolvers?.() ??
    (() => {
      const all = {};
      all.promise = new Promise((resolve) => (all.resolve = resolve));
      return all;
    })();
  assert.throws(() => take([late.promise, Symbol('s')]), TypeError);
  const value = sandbox.evalSync('(promise) => promise.then((value) => value + 1)')(late.promise);
  late.resolve(5);
  assert.equal(await value, 6);
  sandbox.dispose();
});

test('a promise of the host in a call that cannot begin is waited for by nobody', async (t) => {
  let refused = 0;
  const dive = (way) => {
    try {
      back(way);
    } catch (error) {
      if (error.message === 'deepest') throw error;
      assert.throws(() => ways[way](new Promise(() => {})), { name: 'RangeError', message: /nested too deeply/ });
      refused++;
      throw new Error('deepest');
    }
  };
  const sandbox = await createSandbox({ globals: { dive } });
  t.after(() => sandbox.dispose());
  const take = sandbox.evalSync('(value) => {}'),
    back = sandbox.evalSync('(way) => dive(way)');
  const ways = [(value) => take(value), (value) => take.call(5, value), (value) => sandbox.setGlobal('value', value)];
  for (let way = 0; way < ways.length; way++) {
    assert.throws(
      () =>
        sandbox.evalSync(
          `try { dive(${way}) } catch (error) { if (error.message !== 'deepest') throw error; } throw new Error('ended')`,
        ),
      /ended/,
    );
    assert.equal(refused, way + 1);
  }
  await sandbox.whenIdle();
});

test('a promise that settles while a message with it is on its way', async () => {
  const sandbox = await createSandbox();
  const first = sandbox.evalSync(
    'let go; const promise = new Promise((resolve) => { go = resolve; }); ({ promise })',
  ).promise;
  const second = sandbox.evalSync('({ promise, get x() { Promise.resolve().then(() => go(5)); return 1; } })').promise;
  assert.equal(await first, 5);
  assert.equal(await second, 5);
  assert.equal(await sandbox.evalSync('({ promise })').promise, 5);
  sandbox.dispose();
  // It has settled when it is read, and does not count.
  const other = await createSandbox({ hostLimits: { promises: 3 } });
  for (let i = 0; i < 3; i++)
    assert.deepEqual(
      await Promise.all(other.evalSync('Array.from({ length: 50 }, async (_, i) => i)')),
      Array.from({ length: 50 }, (_, i) => i),
    );
  assert.throws(() => other.evalSync('Array.from({ length: 50 }, () => new Promise(() => {}))'), RangeError);
  other.dispose();
});
