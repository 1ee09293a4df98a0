// What crossed the boundary is let go of again, on both sides, and so are sandboxes and the listeners of signals.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';
import { runWithCollector } from './collector.mjs';

test('guest functions are released when the host has collected their proxies', () =>
  runWithCollector(`
  const sandbox = await createTestSandbox();
  sandbox.evalSync('globalThis.seen = []');
  for (let i = 0; i < 200; i++) watched.register(sandbox.evalSync('(() => { const f = () => {}; seen.push(new WeakRef(f)); return f; })()'));
  assert.ok(await settled(() => collected >= 199 && released.length >= 199), collected + ' proxies collected, ' + released.length + ' released');
  await delay(0);
  sandbox.evalSync('$262.gc()');
  await delay(0);
  sandbox.evalSync('$262.gc()');
  assert.ok(sandbox.evalSync("seen.filter((reference) => reference.deref()).length") <= 1);
`));

test('guest promises are released when they settle, and their proxies can be collected', () =>
  runWithCollector(`
  const sandbox = await createSandbox();
  for (let i = 0; i < 200; i++) {
    const { promise } = sandbox.evalSync('({ promise: new Promise((resolve) => { globalThis.go = resolve; }) })');
    watched.register(promise);
    sandbox.evalSync('go()');
  }
  assert.equal(released.length, 200);
  assert.ok(await settled(() => collected >= 199), collected + ' collected');
`));

test('promises that the host hears of are kept by nobody', () =>
  runWithCollector(`
  let unhandled = 0, handled = 0;
  const sandbox = await createTestSandbox({
    onUnhandledRejection(reason, promise) { unhandled++; watched.register(promise); },
    onRejectionHandled(promise) { handled++; watched.register(promise); },
  });
  sandbox.evalSync('globalThis.seen = []; globalThis.last = undefined; function reject() { last = Promise.reject(1); seen.push(new WeakRef(last)); }');
  for (let i = 0; i < 200; i++) {
    sandbox.evalSync('reject(); 0');
    if (i % 2) sandbox.evalSync('last.catch(() => {}); 0');
  }
  assert.equal(unhandled, 200);
  assert.equal(handled, 100);
  assert.ok(await settled(() => collected >= 199), collected + ' promises collected');
  sandbox.evalSync('last = undefined; 0');
  await delay(0);
  sandbox.evalSync('$262.gc()');
  await delay(0);
  sandbox.evalSync('$262.gc()');
  assert.ok(sandbox.evalSync("seen.filter((reference) => reference.deref()).length") <= 1);
`));

test('host functions are released when the guest has collected them', () =>
  runWithCollector(`
  const sandbox = await createTestSandbox();
  const kept = () => 'kept';
  sandbox.setGlobal('kept', kept);
  sandbox.evalSync('function take() {}');
  const take = sandbox.evalSync('take');
  for (let i = 0; i < 200; i++) {
    const given = () => i;
    watched.register(given);
    take(given);
  }
  assert.ok(await settled(() => collected >= 199, () => sandbox.evalSync('$262.gc()')), collected + ' collected');
  assert.equal(sandbox.evalSync('kept()'), 'kept');
`));

test('sandboxes that are forgotten, and those that are disposed, give their memory back', () =>
  runWithCollector(`
  const { signal } = new AbortController();
  let made = 0;
  const use = async () => {
    const sandbox = await createSandbox({ signal: made % 2 === 0 ? signal : undefined, globals: { add: (a, b) => a + b } });
    assert.equal(sandbox.evalSync('globalThis.ballast = new Uint8Array(1 << 20).fill(1); add(1, 2)'), 3);
    return sandbox;
  };
  for (let i = 0; i < 20; i++) (await use()).dispose();
  const disposed = memory.buffer.byteLength;
  assert.ok(disposed < 16 << 20, disposed + ' bytes for one sandbox at a time');
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 10; i++, made++) await use().then((sandbox) => watched.register(sandbox));
    // The last ones may still be on the host's stack.
    assert.ok(await settled(() => collected >= made - 5), collected + ' of ' + made + ' collected');
  }
  assert.ok(memory.buffer.byteLength < 64 << 20, memory.buffer.byteLength + ' bytes after 300 forgotten sandboxes');
`));

// A registry that is collected after the death of something in it, and before it is served, ends the service of all
// others in V8 of Node 20.
test('sandboxes that end with dead handles leave the registries of their process in service', () =>
  runWithCollector(`
  const uses = {
    functions: (sandbox) => sandbox.evalSync('() => 1')(),
    objects: (sandbox) => sandbox.evalSync('new (class { m() { return 1; } })()').m(),
    copies: (sandbox) => sandbox.evalSync('({ f() { return 1; } })').f(),
    references: (sandbox) => sandbox.ref('({ n: 1 })').get('n'),
    rejections: (sandbox) => sandbox.evalSync('Promise.reject(1); 1'),
  };
  const options = { onUnhandledRejection() {}, onRejectionHandled() {} };
  // Nothing of them is on the stack when these have returned.
  const open = async (box) => { box.sandbox = await createSandbox(options); };
  const five = (sandbox, use) => { for (let i = 0; i < 5; i++) assert.equal(use(sandbox), 1); };
  const drop = async (use) => {
    const box = {};
    await open(box);
    five(box.sandbox, use);
    await delay(0);
    gc(); // what it gave is dead
    box.sandbox.dispose();
    box.sandbox = undefined;
    gc(); // and so is the sandbox, before a registry is served
    gc();
  };
  for (const [kind, use] of Object.entries(uses)) {
    for (let i = 0; i < 5; i++) await drop(use);
    for (let i = 0; i < 3; i++) { gc(); await delay(2); }
    collected = 0;
    (() => { for (let i = 0; i < 20; i++) watch({}); })();
    assert.ok(await settled(() => collected >= 18), collected + ' of 20 are noticed after ' + kind);
  }
  const sandbox = await createTestSandbox();
  released.length = 0;
  (() => { for (let i = 0; i < 20; i++) sandbox.evalSync('() => 1'); })();
  assert.ok(await settled(() => released.length >= 18), released.length + ' of 20 handles are given back');
`));

test('40,000 crossings each way leave nothing behind', () =>
  runWithCollector(`
  const sandbox = await createTestSandbox({ globals: { give: (value) => ({ value, fn: () => value, promise: Promise.resolve(value) }) } });
  sandbox.evalSync('function answer(value) { return { value, fn: () => value, promise: Promise.resolve(value) }; }');
  sandbox.evalSync('function ask(count) { for (let i = 0; i < count; i++) give({ i, fn: () => i, promise: Promise.resolve(i) }); }');
  const answer = sandbox.evalSync('answer');
  const ask = sandbox.evalSync('ask');
  const cross = async (count) => {
    for (let done = 0; done < count; done += 500) {
      for (let i = 0; i < 500; i++) answer({ i, fn: () => i, promise: Promise.resolve(i) });
      ask(500);
      // The guest's tables have the size of the most that was pending or held at once: all of it is answered, and the
      // host collects, before that grows.
      await sandbox.eval('give(0).promise');
      gc();
      await delay(1);
    }
  };
  const measure = async () => {
    for (let i = 0; i < 20; i++) { gc(); await delay(2); sandbox.evalSync('$262.gc()'); }
    return { guest: sandbox.memoryUsed, instance: memory.buffer.byteLength, host: (released.length = 0, await heapInUse()) };
  };
  await cross(10_000);
  const before = await measure();
  await cross(40_000);
  const after = await measure();
  const shown = JSON.stringify({ before, after });
  // One forgotten entry of 16 bytes a crossing would be more.
  assert.ok(after.guest - before.guest < 1 << 19, shown);
  assert.ok(after.host - before.host < 1 << 20, shown);
`));

test('one promise that crosses many times is one promise', () =>
  runWithCollector(`
  const never = new Promise(() => {});
  const sandbox = await createSandbox({ globals: { never: () => never } });
  assert.equal(sandbox.evalSync('never() === never()'), true);
  sandbox.evalSync('for (let i = 0; i < 1000; i++) never(); 0');
  const used = sandbox.memoryUsed;
  sandbox.evalSync('for (let i = 0; i < 20000; i++) never(); 0');
  assert.ok(sandbox.memoryUsed - used < 1 << 20, 'grew by ' + (sandbox.memoryUsed - used));
`));

test('a signal that outlives many evaluations and sandboxes keeps no listeners', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = () => getEventListeners(signal, 'abort').length;
  const sandbox = await createSandbox();
  for (let i = 0; i < 20; i++) {
    assert.equal(await sandbox.eval('Promise.resolve(1)', { signal }), 1);
    await assert.rejects(sandbox.eval('Promise.reject(new TypeError("no"))', { signal }), TypeError);
    await assert.rejects(sandbox.eval('throw new TypeError("no")', { signal }), TypeError);
    (await createSandbox({ signal })).dispose();
  }
  assert.equal(listeners(), 0);
  const waiting = sandbox.eval('new Promise(() => {})', { signal });
  assert.equal(listeners(), 1);
  controller.abort(new Error('enough'));
  await assert.rejects(waiting, { message: 'enough' });
  assert.equal(listeners(), 0);
  await assert.rejects(sandbox.eval('1', { signal }), { message: 'enough' });
  assert.equal(await sandbox.eval('2'), 2);
  sandbox.dispose();
});

test('a signal that a host function aborts before the program waits ends the waiting', async () => {
  const controller = new AbortController();
  const sandbox = await createSandbox({ globals: { abort: () => controller.abort(new Error('by the guest')) } });
  await assert.rejects(sandbox.eval('abort(); new Promise(() => {})', { signal: controller.signal }), {
    message: 'by the guest',
  });
  sandbox.dispose();
});

test('a sandbox whose signal is aborted while the engine loads is not made', async () => {
  const controller = new AbortController();
  const made = createSandbox({ isolation: 'instance', signal: controller.signal });
  controller.abort(new Error('too late'));
  await assert.rejects(made, { message: 'too late' });
});

test("a blocking host function's signal is aborted with the evaluation's, of which nothing runs any more", async () => {
  const controller = new AbortController();
  const signals = [];
  const load = blocking(function load() {
    signals.push(this.signal);
    return new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)));
  });
  const sandbox = await createSandbox({ globals: { load } });
  const waiting = sandbox.eval('try { load(); } catch (error) { globalThis.caught = error.message; }', {
    signal: controller.signal,
  });
  assert.equal(signals[0].aborted, false);
  controller.abort(new Error('stop'));
  await assert.rejects(waiting, { message: 'stop' });
  assert.equal(signals[0].aborted, true);
  await new Promise(setImmediate);
  assert.equal(await sandbox.eval('typeof caught'), 'undefined');
  sandbox.dispose();
});
