// Limits reach everything that takes a time or an amount of memory the guest chooses, and the sandbox goes on after it.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createSandbox } from 'caisson';

// Lets the runner report each test as it ends.
afterEach(() => new Promise((resolve) => setImmediate(resolve)));

const TIME_LIMIT = 50;
const TOLERANCE = 20;
// The machine may be busy: the best attempt counts, and of each the wall clock or the processor time that the whole
// process took, whichever is less. (What is stopped late takes both.)
const ATTEMPTS = 6;

const chain = 'list = {}; for (let i = 0; i < 1e5; i++) list = Object.create(list)';

// What has to be stopped, one of each mechanism; `setUp` runs without a limit. tests/security/time-bombs.mjs has the
// others.
const endless = {
  'an endless loop': { run: 'for (;;);' },
  'a loop that catches everything': { run: 'for (;;) { try { for (;;); } catch {} finally { continue; } }' },
  'a growing microtask storm': { run: 'function f() { queueMicrotask(f); queueMicrotask(f); } f()' },
  'a catastrophic search': { setUp: 'text = "a".repeat(1e6)', run: 'text.search(/a*a*a*b/)' },
  'a sort without comparator': {
    setUp: 'list = Array.from({ length: 3e5 }, (_, i) => (i * 7919) % 10007)',
    run: 'for (;;) list.toSorted()',
  },
  'a getter that loops': { run: '({ get x() { for (;;); } }).x' },
  'a search of an array that is not there': {
    run: 'Array.prototype.indexOf.call(new Proxy({ length: 2 ** 53 - 1 }, {}), 5)',
  },
  'a BigInt made into text': { setUp: 'big = 3n ** 200000n', run: 'for (;;) String(big)' },
  'spread of an iterator without end': {
    run: 'Math.max(...{ *[Symbol.iterator]() { for (;;) yield 1; } })',
    orMemory: true,
  },
  'parsing of a long source': { setUp: 'text = "x = 1;".repeat(1e5)', run: 'for (;;) (0, eval)(text)' },
  'copies of an array': { setUp: 'list = new Array(3e5).fill(1)', run: 'for (;;) [...list]' },
  'exceptions thrown before many handlers': {
    setUp: 'f = Function("throws", "if (throws) throw 1;" + "try { f(); } catch {}".repeat(3e4))',
    run: 'for (;;) try { f(true); } catch {}',
  },
  'lookups on a long chain of prototypes': { setUp: chain, run: 'for (let i = 0;; i++) `m${i}` in list' },
  'waits on shared memory': {
    setUp: 'list = new Int32Array(new SharedArrayBuffer(8))',
    run: 'for (;;) Atomics.waitAsync(list, 0, 0, 1e8)',
    orMemory: true,
  },
};

for (const [name, { setUp, run, orMemory }] of Object.entries(endless)) {
  test(`the time limit stops ${name}`, { timeout: 20000 }, async () => {
    let best = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS && best > TOLERANCE; attempt++) {
      const sandbox = await createSandbox({
        memoryLimit: 512 * 1024 * 1024,
        globals: { text: '', word: '', list: null, big: 0n },
      });
      if (setUp) sandbox.evalSync(`${setUp}; 0`);
      const cpuBefore = process.cpuUsage();
      const start = performance.now();
      let error;
      try {
        sandbox.evalSync(run, { timeLimit: TIME_LIMIT });
      } catch (caught) {
        error = caught;
      }
      const duration = performance.now() - start;
      const cpu = process.cpuUsage(cpuBefore);
      if (!(orMemory && error?.name === 'RangeError')) {
        assert.equal(error?.name, 'TimeLimitError', `${error}`);
        assert.ok(duration > TIME_LIMIT - 2, `stopped after ${duration} ms`);
      }
      best = Math.min(best, duration - TIME_LIMIT, (cpu.user + cpu.system) / 1000 - TIME_LIMIT);
      assert.equal(sandbox.evalSync('[1, 2, 3].map((x) => x * 2).join()'), '2,4,6', 'usable afterwards');
      assert.equal(await sandbox.eval('Promise.resolve(1).then((x) => x + 1)'), 2);
      sandbox.dispose();
    }
    assert.ok(best <= TOLERANCE, `stopped ${best.toFixed(1)} ms late`);
  });
}

test('a limit in a later entry ends the program that waits, and timers that loop are reported', {
  timeout: 20000,
}, async () => {
  const errors = [];
  const sandbox = await createSandbox({ timeLimit: 30, onUncaughtError: (error) => errors.push(error.name) });
  await assert.rejects(sandbox.eval('new Promise((resolve) => setTimeout(resolve, 1)).then(() => { for (;;); })'), {
    name: 'TimeLimitError',
  });
  sandbox.evalSync('setTimeout(() => { for (;;); }, 1); 0');
  for (let i = 0; i < 200 && errors.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(errors, ['TimeLimitError']);
  assert.equal(sandbox.evalSync('1'), 1);
  sandbox.dispose();
});

test('guest code cannot catch a limit', { timeout: 20000 }, async () => {
  const sandbox = await createSandbox({ timeLimit: 30 });
  sandbox.evalSync('globalThis.log = []; 0');
  assert.throws(
    () => sandbox.evalSync('try { for (;;); } catch { log.push("caught"); } finally { log.push("finally"); }'),
    { name: 'TimeLimitError' },
  );
  assert.deepEqual(sandbox.evalSync('log'), []);
  sandbox.dispose();
});

test('a host function can interrupt the guest that called it', { timeout: 20000 }, async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  sandbox.setGlobal('stop', () => sandbox.interrupt());
  assert.throws(() => sandbox.evalSync('stop(); for (;;);'), { name: 'InterruptedError' });
  assert.equal(sandbox.evalSync('1'), 1);
  sandbox.dispose();
});

test('a flag in shared memory interrupts from outside', { timeout: 20000 }, async () => {
  const interruptFlag = new Int32Array(new SharedArrayBuffer(4));
  const sandbox = await createSandbox({
    interruptFlag,
    globals: {
      raise: () => {
        interruptFlag[0] = 1;
      },
    },
  });
  assert.throws(() => sandbox.evalSync('raise(); for (;;);'), { name: 'InterruptedError' });
  interruptFlag[0] = 0;
  assert.equal(sandbox.evalSync('1'), 1);
  sandbox.dispose();
});

const MIB = 1024 * 1024;

// What takes memory without end, one of each mechanism (tests/security/memory-bombs.mjs has the others); `caught`
// programs see a RangeError they can handle.
const hungry = {
  'arrays of objects': '{ const all = []; for (;;) all.push({ a: all.length, b: [1, 2] }); }',
  'doubling strings': '{ let s = "ab"; for (;;) { s = s + s; s.charCodeAt(s.length - 1); } }',
  'joined strings': 'new Array(2 ** 28).join("abcdefgh")',
  'typed arrays': '{ const all = []; for (;;) all.push(new Float64Array(10000)); }',
  'one buffer': 'new ArrayBuffer(2 ** 40)',
  sets: '{ const s = new Set(); for (let i = 0; ; i++) s.add(i); }',
  'queued jobs': 'for (;;) queueMicrotask(() => 1);',
  'shifted big integers': '1n << (2n ** 33n)',
  spread: '{ let a = [1]; for (;;) a = [...a, ...a]; }',
  'weak maps': '{ const m = new WeakMap(), all = []; for (;;) { const key = {}; all.push(key); m.set(key, 1); } }',
};

for (const [name, source] of Object.entries(hungry)) {
  test(`the memory limit holds for ${name}`, { timeout: 20000 }, async () => {
    const limit = 8 * MIB;
    const sandbox = await createSandbox({ memoryLimit: limit, timeLimit: 60000 });
    for (let round = 0; round < 2; round++) {
      let outcome;
      try {
        outcome = sandbox.evalSync(
          `(() => { try { ${source} } catch (error) { return error instanceof RangeError ? 'RangeError' : String(error); } })()`,
        );
      } catch (error) {
        outcome = error.name;
      }
      assert.ok(outcome === 'RangeError' || outcome === 'MemoryLimitError', String(outcome));
      assert.ok(sandbox.memoryUsed <= limit + 128 * 1024, `${sandbox.memoryUsed} bytes used`);
      assert.equal(sandbox.evalSync('[1, 2, 3].map((x) => x * 2).join()'), '2,4,6', 'usable afterwards');
    }
    sandbox.dispose();
  });
}

// What is kept, and one more of it; tests/security/memory-bombs.mjs has more, and more limits.
const kept = {
  objects: ['[]', 'kept.push({})'],
  'entries of a Map': ['new Map()', 'kept.set(kept.size, [])'],
};
for (const [what, [start, more]] of Object.entries(kept)) {
  test(`a guest that has filled its memory with ${what}, and what is added for handling that, can be told to let go`, {
    timeout: 60000,
  }, async () => {
    // How much is left over when the last allocation fails differs from limit to limit.
    for (const limit of [1.5 * MIB, 1.9 * MIB]) {
      const sandbox = await createSandbox({ memoryLimit: limit, timeLimit: Infinity });
      const filling = `let kept = ${start}, n = 0; for (;;) { try { for (;;) ${more}; } catch {} }`;
      assert.throws(() => sandbox.evalSync(filling), { name: 'MemoryLimitError' });
      for (let round = 0; round < 3; round++) assert.equal(sandbox.evalSync('1 + 1'), 2, `with ${limit} bytes`);
      assert.ok(sandbox.memoryUsed <= limit + 128 * 1024, `${sandbox.memoryUsed} bytes used`);
      assert.equal(sandbox.evalSync('kept = null; [1, 2, 3].map((x) => x * 2).join()'), '2,4,6');
      sandbox.dispose();
    }
  });
}

test('memory is counted to the byte', async () => {
  const sandbox = await createSandbox({ memoryLimit: 64 * MIB, timeLimit: Infinity });
  // A buffer that is refused leaves no garbage behind: what can be collected is, before the refusal.
  const settled = () => sandbox.evalSync('try { new ArrayBuffer(2 ** 26) } catch {} 0') + sandbox.memoryUsed;
  for (const size of [1 << 20, (1 << 20) + 1000, 5 << 20]) {
    sandbox.evalSync('globalThis.buffer = undefined; 0');
    const before = settled();
    sandbox.evalSync(`buffer = new ArrayBuffer(${size}); 0`);
    const used = settled() - before;
    assert.ok(used >= size && used < size + 8192, `${used} for ${size}`);
  }
  sandbox.evalSync('buffer = undefined; 0');
  // A buffer that fits exactly is given, one a little larger is not.
  const fits = (size) =>
    sandbox.evalSync(`(() => { try { new ArrayBuffer(${size}); return true; } catch (error) { return false; } })()`);
  let low = 1;
  let high = 64 * MIB;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  assert.ok(low > 58 * MIB && low < 64 * MIB, `${low} bytes of ${64 * MIB} fit`);
  sandbox.dispose();
});

test('out of memory is an error of the guest first, and ends it when it goes on', { timeout: 20000 }, async () => {
  const sandbox = await createSandbox({ memoryLimit: 8 * MIB, timeLimit: Infinity });
  assert.equal(
    sandbox.evalSync(
      '(() => { const all = []; try { for (;;) all.push(new Array(100)); } catch (error) { all.length = 0; return error.constructor === RangeError; } })()',
    ),
    true,
  );
  assert.throws(
    () =>
      sandbox.evalSync('globalThis.all = []; for (;;) { try { for (;;) all.push({}); } catch {} }', {
        timeLimit: 60000,
      }),
    { name: 'MemoryLimitError' },
  );
  assert.equal(sandbox.evalSync('all = undefined; "fine"'), 'fine');
  sandbox.dispose();
});

test('messages of the host are counted too', { timeout: 20000 }, async () => {
  const sandbox = await createSandbox({ memoryLimit: 4 * MIB, timeLimit: Infinity });
  assert.throws(
    () => sandbox.setGlobal('data', new Uint8Array(8 * MIB)),
    (error) => error.name === 'MemoryLimitError' || error.name === 'RangeError',
  );
  assert.equal(sandbox.evalSync('typeof data'), 'undefined');
  sandbox.setGlobal('big', () => 'x'.repeat(8 * MIB));
  assert.equal(
    sandbox.evalSync('(() => { try { return big().length; } catch (error) { return "caught"; } })()'),
    'caught',
  );
  assert.equal(sandbox.evalSync('1'), 1);
  sandbox.dispose();
});

test('a sandbox that cannot start says so', { timeout: 20000 }, async () => {
  await assert.rejects(createSandbox({ memoryLimit: 1024 }), { name: 'RangeError', message: /at least/ });
});
