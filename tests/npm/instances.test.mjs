// Which WebAssembly instance a sandbox gets, what becomes of memory, and what a failure of an instance ends. Instances
// are watched, and made to trap, through WebAssembly.instantiate.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const MiB = 1024 * 1024;
const opened = []; // instances: {trap(), memory}
let refusal; // an error instead of another instance
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  if (refusal) throw refusal;
  const { exports } = await instantiate(module, imports);
  const control = {
    memory: exports.memory,
    trap() {
      this.address = 0x7fff0000;
    },
  };
  opened.push(control);
  // An address outside of the memory: the engine traps in earnest.
  return {
    exports: {
      ...exports,
      caisson_enter: (runtime, ...rest) => exports.caisson_enter(control.address ?? runtime, ...rest),
    },
  };
};
const { DisposedError, EngineError, MemoryLimitError, SandboxError, createSandbox } = await import('caisson');

const shared = (options) => createSandbox({ isolation: 'shared', timeLimit: Infinity, ...options });
function disposeAll(sandboxes) {
  for (const sandbox of sandboxes) sandbox.dispose();
}
/** The instance that the next call opens. */
async function openInstance(t, options) {
  const before = opened.length;
  const sandbox = await createSandbox({ isolation: 'instance', ...options });
  assert.equal(opened.length, before + 1);
  t.after(() => sandbox.dispose());
  return { sandbox, instance: opened.at(-1) };
}
/** Two that share an instance of their own, by a module of their own. */
const bytes = readFileSync(new URL('../../npm/caisson.wasm', import.meta.url));
async function openShared(t, count, options) {
  const wasm = await WebAssembly.compile(bytes);
  const before = opened.length;
  const sandboxes = [];
  while (sandboxes.length < count) sandboxes.push(await shared({ ...options, wasm }));
  assert.equal(opened.length, before + 1);
  t.after(() => disposeAll(sandboxes));
  return { sandboxes, instance: opened.at(-1), wasm };
}

test('sandboxes have instances of their own while those are few, and share them then', async () => {
  const before = opened.length;
  const few = await Promise.all(Array.from({ length: 4 }, () => createSandbox()));
  assert.equal(opened.length - before, 4);
  const many = await Promise.all(Array.from({ length: 300 }, () => createSandbox()));
  assert.ok(opened.length - before <= 16, `${opened.length - before} instances`);
  many.forEach((sandbox, i) => sandbox.setGlobal('id', i));
  assert.deepEqual(
    many.map((sandbox) => sandbox.evalSync('id')),
    many.map((_, i) => i),
  );
  disposeAll(few);
  disposeAll(many);
});

test('an instance that nobody uses is taken again', async () => {
  (await createSandbox()).dispose();
  const before = opened.length;
  for (let i = 0; i < 50; i++) {
    const sandbox = await createSandbox();
    assert.equal(sandbox.evalSync('6 * 7'), 42);
    sandbox.dispose();
  }
  assert.equal(opened.length, before);
});

test('another instance is opened before more is promised than one can hold', async (t) => {
  const { wasm } = await openShared(t, 14);
  const before = opened.length;
  const next = await shared({ wasm });
  assert.equal(opened.length, before + 1);
  next.dispose();
});

test('memory of disposed sandboxes is used again', async (t) => {
  const { instance, wasm } = await openShared(t, 1);
  const sizes = new Set();
  const before = opened.length;
  for (let i = 0; i < 20; i++) {
    const sandbox = await shared({ wasm });
    sandbox.evalSync(
      `globalThis.data = [new Uint8Array(${20 * MiB}), Array.from({ length: 300 }, (_, i) => 'text ' + i)]; 0`,
    );
    sandbox.dispose();
    sizes.add(instance.memory.buffer.byteLength);
  }
  assert.equal(sizes.size, 1, [...sizes].join());
  assert.equal(opened.length, before);
});

// 300 MiB are the least that counts as large.
test('one that has grown large gets no new sandboxes when little of it is used', async (t) => {
  const {
    sandboxes: [first],
    wasm,
  } = await openShared(t, 1, { memoryLimit: 1024 * MiB });
  first.evalSync(`globalThis.data = new Uint8Array(${300 * MiB}); data = undefined; 0`);
  first.evalSync('let all = []; for (let i = 0; i < 1e5; i++) all = [all.length]; 0');
  await assert.rejects(first.eval('for (;;) new ArrayBuffer(2 ** 22)', { timeLimit: 100 }), { name: 'TimeLimitError' });
  const before = opened.length;
  const next = await shared({ wasm });
  assert.equal(opened.length, before + 1);
  next.dispose();
});

test('after a trap the sandboxes of the instance end, each with an EngineError, and no others', async (t) => {
  const {
    sandboxes: [culprit, neighbour],
    instance,
    wasm,
  } = await openShared(t, 2);
  const other = await createSandbox();
  let signal;
  neighbour.setGlobal('wait', function () {
    signal = this.signal;
    return new Promise(() => {});
  });
  const pending = [
    neighbour.eval('wait()'),
    neighbour.eval('new Promise(() => {})'),
    neighbour.evalSync('({ promise: new Promise(() => {}) })').promise,
    neighbour.evalSync('async () => wait()')(),
  ];
  const call = neighbour.evalSync('() => 1');
  instance.trap();
  assert.throws(
    () => culprit.evalSync('1'),
    (error) =>
      error instanceof EngineError &&
      error instanceof SandboxError &&
      error.cause instanceof WebAssembly.RuntimeError &&
      /has failed \(RuntimeError: .*\), and with it every sandbox in it/.test(error.message),
  );
  for (const promise of pending) await assert.rejects(promise, EngineError);
  assert.ok(signal.reason instanceof EngineError);
  assert.throws(() => call(), EngineError);
  assert.throws(() => neighbour.setGlobal('x', 1), EngineError);
  assert.throws(() => neighbour.memoryUsed, EngineError);
  await assert.rejects(neighbour.eval('1'), EngineError);
  await assert.rejects(neighbour.import('x'), EngineError);
  neighbour.interrupt();
  neighbour.dispose();
  await assert.rejects(neighbour.eval('1'), DisposedError);
  assert.equal(other.evalSync('1 + 1'), 2);
  const next = await shared({ wasm });
  assert.equal(next.evalSync('1 + 2'), 3);
  next.dispose();
  other.dispose();
});

test('a trap ends what waits for a paused program, and timers', async (t) => {
  const {
    sandboxes: [culprit, neighbour],
    instance,
  } = await openShared(t, 2, { timeSlice: 1 });
  neighbour.evalSync('setTimeout(() => { throw 1; }, 5)');
  const paused = neighbour.eval('for (;;);');
  const queued = neighbour.eval('1');
  instance.trap();
  assert.throws(() => culprit.evalSync('1'), EngineError);
  await assert.rejects(paused, EngineError);
  await assert.rejects(queued, EngineError);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a guest that is on the stack does not go on when another ends its instance', async (t) => {
  const {
    sandboxes: [outer, inner],
    instance,
  } = await openShared(t, 2);
  let wentOn = false;
  outer.setGlobal('went', () => {
    wentOn = true;
  });
  outer.setGlobal('run', () => {
    instance.trap();
    try {
      inner.evalSync('1');
    } catch {
      return 'swallowed';
    }
  });
  assert.throws(() => outer.evalSync('try { run() } finally { went() }'), EngineError);
  assert.equal(wentOn, false);
});

test('a guest of another instance sees an error', async (t) => {
  const { sandbox: outer } = await openInstance(t);
  const { sandbox: inner, instance } = await openInstance(t);
  outer.setGlobal('run', () => {
    instance.trap();
    return inner.evalSync('1');
  });
  assert.match(
    outer.evalSync('try { run() } catch (error) { String(error) }'),
    /EngineError: the WebAssembly instance .* has failed/,
  );
  assert.equal(outer.evalSync('1'), 1);
});

test("where the host's stack is full, nothing is lost but perhaps the instance", async (t) => {
  const { sandbox } = await openInstance(t);
  const { sandbox: other } = await openInstance(t);
  const descend = () => {
    try {
      return descend();
    } catch {
      return sandbox.evalSync('[1, 2].map((n) => n * 2).join()');
    }
  };
  const outcome = () => {
    try {
      return descend();
    } catch (error) {
      return error;
    }
  };
  for (let i = 0; i < 5; i++) {
    const value = outcome();
    assert.ok(value === '2,4' || value instanceof EngineError || value instanceof RangeError, String(value));
  }
  assert.equal(other.evalSync('1'), 1);
  const next = await createSandbox();
  assert.equal(next.evalSync('1'), 1);
  next.dispose();
});

test('a load that failed is tried again', async () => {
  const wasm = new URL('nowhere.wasm', import.meta.url);
  await assert.rejects(createSandbox({ wasm }));
  await assert.rejects(createSandbox({ wasm: new Uint8Array(8) }), { name: 'LoadError' });
  refusal = new Error('no instance today');
  await assert.rejects(createSandbox({ isolation: 'instance' }), refusal);
  refusal = undefined;
  (await createSandbox({ isolation: 'instance' })).dispose();
});

test('where the host refuses another instance, those that are there are shared', async (t) => {
  const { wasm } = await openShared(t, 1);
  refusal = new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance');
  t.after(() => {
    refusal = undefined;
  });
  const next = await createSandbox({ wasm });
  assert.equal(next.evalSync('1'), 1);
  next.dispose();
  await assert.rejects(
    createSandbox({ wasm, isolation: 'instance' }),
    (error) => error instanceof MemoryLimitError && error.cause === refusal,
  );
});

test('a module that is given shares its instances; the options of tests are not for everybody', async (t) => {
  const { wasm } = await openShared(t, 2);
  const before = opened.length;
  (await shared({ wasm })).dispose();
  assert.equal(opened.length, before);
  await assert.rejects(createSandbox({ testHooks: true }), /there is no option 'testHooks'/);
  const inherited = await createSandbox(Object.create({ testHooks: true }));
  assert.equal(inherited.evalSync('typeof $262'), 'undefined');
  inherited.dispose();
});

// The module with a memory that ends at 64 MiB: the section (5) of one memory (1) with a maximum (1), of 65535 pages.
function smallModule() {
  const copy = new Uint8Array(bytes);
  for (let i = 8; i < copy.length; ) {
    const id = copy[i++];
    let size = 0,
      shift = 0,
      byte;
    do (size |= ((byte = copy[i++]) & 127) << shift), (shift += 7);
    while (byte & 128);
    if (id === 5) {
      assert.deepEqual([...copy.subarray(i + size - 3, i + size)], [0xff, 0xff, 0x03]);
      copy.set([0x80, 0x88, 0x00], i + size - 3);
      return WebAssembly.compile(copy);
    }
    i += size;
  }
  throw new Error('there is no memory section');
}

test('a guest whose instance is full is told so, the next sandbox has another one, and a neighbour goes on when there is room again', async () => {
  const wasm = await smallModule();
  const before = opened.length;
  const [first, second] = [await shared({ wasm }), await shared({ wasm })];
  assert.equal(opened.length, before + 1);
  first.evalSync('globalThis.data = new Uint8Array(3e7); 0');
  // Until there is no room for a small sandbox either.
  const fill =
    'globalThis.all = []; for (;;) for (const size of [1e4, 100]) { try { for (;;) all.push(new Array(size).fill(0)); } catch {} }';
  assert.throws(
    () => second.evalSync(fill),
    (error) => error instanceof MemoryLimitError && /its WebAssembly instance is full/.test(error.message),
  );
  const third = await shared({ wasm });
  assert.equal(opened.length, before + 2);
  assert.equal(third.evalSync('1 + 1'), 2);
  second.dispose();
  assert.equal(first.evalSync('data.length'), 3e7);
  const limited = await shared({ memoryLimit: 4 * MiB });
  assert.throws(
    () => limited.evalSync(fill),
    (error) => error instanceof MemoryLimitError && /limit 4194304 bytes/.test(error.message),
  );
  disposeAll([first, third, limited]);
});
