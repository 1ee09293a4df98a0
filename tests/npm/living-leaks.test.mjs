// What lives on where it was made (receivers, references, classes, iterators, streams, functions of callbacks,
// promises) is let go of when the other side has forgotten it.
import { test } from 'node:test';
import { runWithCollector } from './collector.mjs';

test('what the guest gives lives no longer than what the host has of it', () =>
  runWithCollector(`
  const sandbox = await notingSandbox({ hostLimits: { functions: 150 } });
  const kinds = {
    receiver: '({ n: 1, f() { return this.n; } })',
    'receiver within an array': '[{ f() {}, g: { h() {} } }]',
    instance: 'new (class { #n = 1; m() { return this.#n; } })()',
    class: '(class { static s = { f() {} }; m() {} })',
    generator: '(function* () { yield 1; yield 2; })()',
    'asynchronous generator': '(async function* () { yield 1; })()',
    iterable: '({ *[Symbol.iterator]() { yield 1; } })',
    error: 'Object.assign(new Error("with a function"), { f() {} })',
    promise: 'Promise.resolve({ f() {} })',
  };
  const uses = [(thing) => thing.f?.(), (thing) => thing.m?.(), (thing) => { for (const item of thing) return item; }, (thing) => thing.next?.(), (thing) => new thing(), (thing) => Object.keys(thing), (thing) => sandbox.ref(thing).keys()];
  for (const [kind, source] of Object.entries(kinds)) {
    collected = 0;
    sandbox.evalSync('seen.length = 0');
    const give = sandbox.evalSync('() => note(' + source + ')');
    for (let i = 0; i < 100; i++) {
      const thing = watch(give());
      try { uses[i % uses.length](thing); } catch {}
      if (i % 25 === 24) { for (let turn = 0; turn < 4; turn++) { gc(); await delay(1); } }
    }
    const alive = await aliveInGuest(sandbox);
    assert.ok(alive <= 4, alive + ' alive in the guest: ' + kind);
    assert.ok(await settled(() => collected >= 96), collected + ' collected: ' + kind);
  }
`));

test('references of the host let go when they are released, and when they are forgotten', () =>
  runWithCollector(`
  const sandbox = await notingSandbox({ hostLimits: { functions: 60 } });
  for (let i = 0; i < 200; i++) sandbox.ref('note({ list: [1] })').release();
  assert.ok(await aliveInGuest(sandbox) <= 4);
  for (let i = 0; i < 200; i++) {
    const outer = sandbox.ref('note({ inner: note({}), Class: class { m() {} } })');
    const inner = outer.ref('inner');
    outer.ref('Class').construct().release();
    watch(inner);
    if (i % 10 === 9) { for (let turn = 0; turn < 4; turn++) { gc(); await delay(1); } }
  }
  assert.ok(await settled(() => collected >= 196), collected + ' collected');
  assert.ok(await aliveInGuest(sandbox) <= 4);
`));

test('what the host gives lives no longer than what the guest has of it', () =>
  runWithCollector(`
  class Account { #n = 1; add() { return ++this.#n; } }
  const instances = [];
  const sandbox = await createTestSandbox({ globals: {
    Account: constructible(class extends Account { constructor() { super(); watched.register(this); } }),
  } });
  const use = sandbox.evalSync('(thing, action) => action === "keep" ? void (globalThis.kept = thing) : typeof thing === "function" ? void 0 : [thing.f?.(), thing.add?.(), Object.keys(thing)]');
  const kinds = {
    receiver: () => ({ n: 1, f() { return this.n; }, deep: { g() {} } }),
    reference: () => { const object = { n: 1, f() { return 1; } }; watch(object); return ref(object); },
    'instance by reference': () => { const object = new Account(); watch(object); return ref(object); },
    class: () => { class One { m() {} } watch(One); return constructible(One); },
    generator: () => (function* () { yield 1; })(),
    'asynchronous generator': () => (async function* () { yield 1; })(),
    'stream to read': () => new ReadableStream({ pull(controller) { controller.enqueue(new Uint8Array(1)); } }),
    'stream to write': () => new WritableStream(),
    iterable: () => ({ *[Symbol.iterator]() { yield 1; } }),
    'function of callbacks': () => { const fn = (resume) => resume(1); watch(fn); return callback(fn); },
    'function that blocks': () => { const fn = async () => 1; watch(fn); return blocking(fn); },
    promise: () => Promise.resolve({ f() {} }),
    error: () => new Error('an error'),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    collected = 0;
    for (let i = 0; i < 100; i++) {
      const thing = make();
      if (!['reference', 'instance by reference', 'class', 'function of callbacks', 'function that blocks'].includes(kind)) watch(thing);
      use(thing, 'use');
      if (i % 10 === 0) use({ list: [thing] }, 'keep');
    }
    use(undefined, 'keep');
    assert.ok(await settled(() => collected >= 96, () => sandbox.evalSync('$262.gc()')), collected + ' collected: ' + kind);
  }
  collected = 0;
  sandbox.evalSync('for (let i = 0; i < 100; i++) new Account().add(); 0');
  assert.ok(await settled(() => collected >= 96, () => sandbox.evalSync('$262.gc()')), collected + ' instances collected');
`));

test('a circle over the boundary is there until somebody opens it, and no longer than its sandbox', () =>
  runWithCollector(`
  const sandbox = await notingSandbox();
  // The host's object refers to the guest's function, which refers to the host's object.
  const circle = () => {
    const host = { listener: undefined, on(listener) { host.listener = listener; } };
    sandbox.evalSync('(host) => { host.on(note(() => host)); }')(host);
    return watch(host);
  };
  let opened = Array.from({ length: 100 }, circle);
  assert.equal(opened[0].listener().on instanceof Function, true);
  for (const host of opened) host.listener = undefined;
  opened = undefined;
  assert.ok(await settled(() => collected >= 96, () => sandbox.evalSync('$262.gc()')), collected + ' opened circles collected');
  assert.ok(await aliveInGuest(sandbox) <= 4);
  collected = 0;
  for (let i = 0; i < 100; i++) circle();
  for (let i = 0; i < 10; i++) { gc(); await delay(2); sandbox.evalSync('$262.gc()'); }
  assert.ok(collected <= 1, 'closed circles are kept by both sides: ' + collected);
  sandbox.dispose();
  assert.ok(await settled(() => collected >= 96), collected + ' collected with their sandbox');
`));
