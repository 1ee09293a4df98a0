// Attacks on what surrounds the guest: the host's event loop, its process, its heap and its logs.
import { blocking } from 'caisson';

const load = async (value) => value;
const read = blocking(async (value) => value);
const callBack = (fn, ...args) => fn(...args);
const MIB = 1024 * 1024;

// How long the host waits for four turns of its own while a guest does its worst: a starved host has none.
async function turns(sandbox, start) {
  const begin = performance.now();
  const outcome = start(sandbox);
  outcome?.catch?.(() => {});
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setTimeout(resolve, 20));
  const waited = performance.now() - begin;
  sandbox.dispose();
  return waited;
}
/** The host lives on beside that program. */
const starves = (name, source, options = {}, more = {}) => ({
  name,
  processor: 3000,
  ...more,
  expect: (waited) => (waited < 4000 ? undefined : `the host's four timers of 20 ms took ${waited.toFixed(0)} ms`), // the machine may be busy
  async run(tools) {
    const sandbox = await tools.sandbox({
      timeLimit: 50,
      globals: { load, read, callBack },
      onUnhandledRejection() {},
      onUncaughtError() {},
      ...options,
    });
    return turns(sandbox, () => sandbox.eval(source));
  },
});

/** The process goes on, and the embedder hears of it; `expect`: [of eval, the hooks' calls]. */
const survives = (name, source, expect, options = {}) => ({
  name,
  expect,
  async run(tools) {
    const heard = [];
    const sandbox = await tools.sandbox({
      timeLimit: 20000,
      globals: { load, read, callBack },
      onUnhandledRejection: (reason) => {
        heard.push(`rejection ${reason?.name}`);
      },
      onUncaughtError: (error) => {
        heard.push(`error ${error?.name}`);
      },
      ...options,
    });
    const outcome = await tools.outcome(() => sandbox.eval(source));
    await tools.delay(15);
    const after = sandbox.isDisposed ? 2 : await sandbox.eval('1 + 1');
    return [outcome.split(':')[0], heard.join(), after];
  },
});
const badPattern = 'RegExp("()".repeat(33000))'; // V8 has at most 32,767 groups

/** What the default log gets. */
const logs = (name, source, check, more = {}) => ({
  name,
  expect: check,
  processor: 4000,
  ...more,
  async run(tools) {
    const sandbox = await tools.sandbox({ timeLimit: 200 });
    await tools.outcome(() => sandbox.eval(source));
    await tools.delay(300);
    sandbox.dispose();
    return tools.logged
      .map((args) =>
        args
          .map((item) => (typeof item === 'string' ? item : item instanceof Error ? `${item.stack}` : tools.show(item)))
          .join(' '),
      )
      .join('\n');
  },
});
const isTame = (text) =>
  /[\u001b\u009b\r\u0008]/.test(text)
    ? 'control characters are in the log'
    : text === ''
      ? 'nothing was logged'
      : undefined;

const rows = [
  starves('awaits of answers that are there', '(async () => { for (;;) await load(1); })()'),
  starves('blocking calls that answer at once', 'for (;;) read(1)'),
  starves('blocking calls that answer at once, in slices', 'for (;;) read(1)', { timeSlice: 5 }),
  starves('imports without end', '(async () => { for (let i = 0; ; i++) await import("./m" + i); })()', {
    modules: async () => 'export default 1',
  }),
  starves(
    'imports from an object without end',
    '(async () => { for (let i = 0; ; i++) await import("./m" + i).catch(() => 1); })()',
    { modules: {} },
  ),
  starves('a thenable that resolves with itself as a result', 'const t = { then(resolve) { resolve(t); } }; t'),
  starves(
    'a thenable that resolves with another one',
    '(function make() { return { then(resolve) { resolve(make()); } }; })()',
  ),
  starves('a thenable through an asynchronous host function', 'const t = { then(resolve) { resolve(t); } }; load(t)'),
  starves('a thenable that a callback returns', 'const t = { then(resolve) { resolve(t); } }; callBack(() => t)'),
  starves(
    'a promise fulfilled with an object that becomes a thenable',
    'const t = {}; const p = Promise.resolve(t); t.then = (resolve) => resolve(t); p',
  ),
  starves(
    'many timers that each take long',
    'for (let i = 0; i < 2000; i++) setTimeout(() => { const end = performance.now() + 40; while (performance.now() < end); }, 0); 0',
  ),
  starves('a chain of timers', '(function f() { setTimeout(f, 0); })(); 0'),
  starves('intervals', 'for (let i = 0; i < 500; i++) setInterval(() => { for (let j = 0; j < 1e5; j++); }, 1); 0'),
  starves(
    'timers that make timers',
    '(function f() { setTimeout(f, 0); if (Math.random() < 0.5) setTimeout(f, 0); for (let j = 0; j < 1e4; j++); })(); 0',
  ),
  starves(
    'waits on shared memory',
    'const cell = new Int32Array(new SharedArrayBuffer(4)); (async () => { for (;;) await Atomics.waitAsync(cell, 0, 0, 0.01).value; })()',
  ),
  starves(
    'message ports that answer each other',
    'const { port1, port2 } = new MessageChannel(); port1.onmessage = () => port1.postMessage(1); port2.onmessage = () => port2.postMessage(1); port1.postMessage(1); 0',
  ),
  starves(
    'finalizers that register again',
    'const r = new FinalizationRegistry(() => { r.register({}, 1); for (let i = 0; i < 1e5; i++) ({}); }); for (let i = 0; i < 1000; i++) r.register({}, 1); (async () => { for (;;) await load({}); })()',
  ),
  starves('rejections without end', 'setInterval(() => { for (let i = 0; i < 1000; i++) Promise.reject(i); }, 1); 0'),
  starves('a loop in slices', 'for (;;);', { timeSlice: 5, timeLimit: 10000 }),

  survives('a rejection with a pattern that the host cannot build', `Promise.reject(${badPattern}); 0`, [
    '0',
    'rejection TypeError',
    2,
  ]),
  survives('a pattern with a source that is none', 'Object.defineProperty(/a/, "source", { value: "(" })', [
    'RegExp /a/',
    '',
    2,
  ]),
  survives(
    'an error of a job with a pattern of newer syntax',
    'queueMicrotask(() => { throw /(?i:a)/; }); 0',
    (value) =>
      value[0] === '0' && value[1].startsWith('error ') && value[2] === 2 ? undefined : JSON.stringify(value),
  ),
  survives('a rejection with a Float16Array', 'setTimeout(() => Promise.reject(new Float16Array(1)), 1); 0', (value) =>
    value[0] === '0' && value[1].startsWith('rejection ') && value[2] === 2 ? undefined : JSON.stringify(value),
  ),
  survives('a result that the host cannot build', badPattern, ['TypeError', '', 2]),
  survives('an error that the host cannot build', `throw ${badPattern}`, ['TypeError', '', 2]),
  survives('a promise fulfilled with what the host cannot build', `load(1).then(() => ${badPattern})`, [
    'TypeError',
    '',
    2,
  ]),
  survives('a promise rejected with what the host cannot build', `load(1).then(() => { throw ${badPattern}; })`, [
    'TypeError',
    '',
    2,
  ]),
  survives('a blocking call, and then a result that the host cannot build', `read(1); ${badPattern}`, [
    'TypeError',
    '',
    2,
  ]),
  survives('an argument that the host cannot build', `try { callBack(${badPattern}); "called" } catch (e) { e.name }`, [
    '"TypeError"',
    '',
    2,
  ]),
  survives('rejections with getters that throw', 'Promise.reject({ get a() { throw new RangeError("x"); } }); 0', [
    '0',
    'rejection TypeError',
    2,
  ]),
  survives(
    'rejections with getters that loop',
    'Promise.reject({ get a() { for (;;); } }); 0',
    ['0', 'rejection TimeLimitError', 2],
    { timeLimit: 50 },
  ),
  survives('a rejection with a symbol', 'Promise.reject(Symbol("s")); 0', ['0', 'rejection TypeError', 2]),
  survives(
    'an error of a timer that is a revoked Proxy',
    'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); setTimeout(() => { throw proxy; }, 1); 0',
    ['0', 'error TypeError', 2],
  ),

  {
    name: 'a hook that disposes of the sandbox',
    expect: ['0', 1, true],
    async run(tools) {
      let calls = 0;
      const sandbox = await tools.sandbox({
        onUnhandledRejection: () => {
          calls++;
          sandbox.dispose();
        },
      });
      const outcome = await tools.outcome(() => sandbox.eval('Promise.reject(1); 0'));
      await tools.delay(10);
      return [outcome, calls, sandbox.isDisposed];
    },
  },
  {
    name: 'a hook that runs programs',
    expect: ['0', 2, 3],
    async run(tools) {
      const seen = [];
      const sandbox = await tools.sandbox({
        onUnhandledRejection: () => {
          seen.push(sandbox.evalSync('1 + 1'));
          sandbox.eval('1 + 2').then((value) => seen.push(value));
        },
      });
      const outcome = await tools.outcome(() => sandbox.eval('Promise.reject(1); 0'));
      await tools.delay(10);
      return [outcome, ...seen];
    },
  },
  {
    name: 'a host function that disposes of its sandbox',
    expect: ['DisposedError', true],
    async run(tools) {
      const sandbox = await tools.sandbox({ globals: { end: () => sandbox.dispose() } });
      const outcome = await tools.outcome(() => sandbox.eval('end(); for (let i = 0; i < 1e6; i++); "went on"'));
      return [outcome.split(':')[0], sandbox.isDisposed];
    },
  },
  {
    name: 'the signal of a program aborts no other',
    expect: ['reason', 'answered', 'aborted'],
    async run(tools) {
      const signals = [];
      const sandbox = await tools.sandbox({
        globals: {
          wait(milliseconds) {
            signals.push(this.signal);
            return tools.delay(milliseconds).then(() => 'answered');
          },
        },
      });
      const controller = new AbortController();
      const first = sandbox.eval('wait(5000)', { signal: controller.signal });
      const second = sandbox.eval('wait(20)');
      controller.abort('reason');
      const outcome = [await first.catch((error) => error), await second];
      return [...outcome, signals[1].aborted ? 'both' : signals[0].aborted ? 'aborted' : 'none'];
    },
  },
  {
    name: 'a program that was aborted runs no more',
    expect: ['reason', 0],
    async run(tools) {
      let count = 0;
      const sandbox = await tools.sandbox({
        globals: {
          step: async () => {
            count++;
            await tools.delay(1);
          },
        },
      });
      const controller = new AbortController();
      const program = sandbox.eval('(async () => { for (;;) await step(); })()', { signal: controller.signal });
      await tools.delay(10);
      controller.abort('reason');
      const outcome = await program.catch((error) => error);
      await tools.delay(5);
      count = 0;
      await tools.delay(20);
      return [outcome, count];
    },
  },

  // Time that the guest takes while its values cross.
  {
    name: 'a getter that loops while the result crosses',
    options: { timeLimit: 50 },
    source: '({ get x() { for (;;); } })',
    expect: { throws: 'TimeLimitError' },
    processor: 300,
  },
  {
    name: 'a getter that calls the host without end while the result crosses',
    options: { timeLimit: 50, globals: { callBack } },
    source: '({ get x() { for (;;) callBack(() => 1); } })',
    expect: { throws: 'TimeLimitError' },
    processor: 300,
  },
  {
    name: 'a getter whose calls end inside of the result',
    options: { globals: { callBack } },
    source: '({ a: 1, get x() { return callBack(() => "inner result"); } })',
    expect: { a: 1, x: 'inner result' },
  },
  {
    name: 'a getter that blocks while the result crosses',
    options: { globals: { read } },
    source: 'const o = { get x() { try { return read(1); } catch (e) { return e.name; } } }; o',
    expect: (value) => (value?.x === 'TypeError' || value?.x === 1 ? undefined : `gave ${JSON.stringify(value)}`),
  },
  {
    name: 'a Proxy without end that crosses',
    options: { timeLimit: 50 },
    source:
      'const p = new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => new Proxy({}, { ownKeys() { for (;;); } }) }); p',
    expect: { throws: 'TimeLimitError' },
    processor: 300,
  },
  {
    name: 'nested proxies without end',
    options: { fuelLimit: 1e6, memoryLimit: 64 * MIB },
    source:
      'const make = () => new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => make() }); make()',
    expect: { throws: 'TimeLimitError' },
    processor: 400,
  },

  // The host's heap.
  {
    name: 'a BigInt of four million bits',
    source: '1n << 4000000n',
    expect: (value) => (value === 1n << 4000000n ? undefined : 'another value'),
    processor: 1500,
  },
  {
    name: 'three million texts',
    options: { memoryLimit: 256 * MIB, timeLimit: 60000 },
    source: 'Array(3e6).fill("x".repeat(39))',
    expect: (value) => (value.length === 3e6 ? undefined : 'another value'),
    processor: 6000,
    memory: 1024 * MIB,
    alone: true,
  },
  {
    name: 'a million objects',
    options: { memoryLimit: 64 * MIB, timeLimit: 60000 },
    source: 'Array.from({ length: 1e5 }, () => ({ a: {}, b: [] }))',
    expect: (value) => (value.length === 1e5 ? undefined : 'another value'),
    processor: 3000,
    memory: 512 * MIB,
    alone: true,
  },
  {
    name: 'an array whose length is all it has',
    source: 'const a = []; a.length = 2 ** 32 - 1; a',
    expect: (value) => (value.length === 2 ** 32 - 1 ? undefined : 'another value'),
    options: { timeLimit: 10_000 },
    processor: 800,
    memory: 256 * MIB,
    alone: true,
  },
  {
    name: 'a long list of objects',
    options: { memoryLimit: 64 * MIB, timeLimit: 60000 },
    source: 'let list = null; for (let i = 0; i < 1e5; i++) list = { list }; list',
    expect: (value) => (typeof value.list === 'object' ? undefined : 'another value'),
    processor: 3000,
  },
  {
    name: 'timers without end',
    options: { memoryLimit: 256 * MIB, timeLimit: 20000 },
    source:
      '(() => { try { for (let i = 0; i < 2e6; i++) setTimeout(() => 1, 1e8); return "taken"; } catch (e) { return e.name; } })()',
    expect: 'RangeError',
    processor: 10000,
    memory: 300 * MIB,
    alone: true,
  },
  {
    name: 'calls that are never answered, without end',
    options: { memoryLimit: 256 * MIB, timeLimit: 120000, globals: { never: () => new Promise(() => {}) } },
    source: '(() => { try { for (let i = 0; i < 2e6; i++) never(); return "taken"; } catch (e) { return e.name; } })()',
    expect: 'RangeError',
    processor: 10000,
    memory: 300 * MIB,
    alone: true,
  },
  {
    name: 'functions that the host keeps, without end',
    options: {
      memoryLimit: 256 * MIB,
      timeLimit: 120000,
      globals: {
        keep: (() => {
          const all = [];
          return (fn) => {
            all.push(fn);
          };
        })(),
      },
    },
    source:
      '(() => { try { for (let i = 0; i < 1.2e5; i++) keep(() => 1); return "taken"; } catch (e) { return e.name; } })()',
    expect: 'RangeError',
    processor: 10000,
    memory: 400 * MIB,
    alone: true,
  },

  // Logs.
  logs(
    'an error whose stack has control characters',
    'const e = new Error("x"); e.stack = "\\u001b[2J\\u001b]0;title\\u0007 forged"; Promise.reject(e); 0',
    isTame,
  ),
  logs(
    'an error whose message forges lines',
    'Promise.reject(new Error("x\\n2026-01-01 root: all is well\\r\\u001b[31m")); 0',
    (text) => isTame(text) ?? (/^2026-01-01 root/m.test(text) ? 'a line is forged' : undefined),
  ),
  logs(
    'a text with control characters',
    'Promise.reject("\\u001b[2J"); setTimeout(() => { throw "\\u009b31m"; }, 1); 0',
    isTame,
  ),
  logs(
    'errors that are very long',
    'Promise.reject(new Error("x".repeat(1e6))); setTimeout(() => { throw "y".repeat(1e6); }, 1); 0',
    (text) => (text.length > 64 * 1024 ? `${text.length} characters were logged` : isTame(text)),
  ),
  logs(
    'errors without end',
    'setInterval(() => { for (let i = 0; i < 500; i++) Promise.reject(new Error("number " + i)); }, 1); 0',
    (text) => (text.length > 256 * 1024 ? `${text.length} characters were logged` : isTame(text)),
  ),

  // What the embedder may pass.
  {
    name: 'test hooks are not for sale',
    expect: /there is no option 'testHooks'/,
    async run(tools) {
      return tools.outcome(() => tools.createSandbox({ testHooks: true }));
    },
  },
  {
    name: 'an interrupt flag of no elements',
    expect: /TypeError: createSandbox: interruptFlag/,
    async run(tools) {
      return tools.outcome(() => tools.createSandbox({ interruptFlag: new Int32Array(0) }));
    },
  },

  // Never lost.
  ...Object.entries({
    'whose then calls back at once': [
      {
        then(resolve) {
          resolve(5);
        },
      },
      '5',
    ],
    'whose then calls back twice': [
      {
        then(resolve) {
          resolve(5);
          resolve(6);
        },
      },
      '5',
    ],
    'whose then throws': [
      {
        then() {
          throw new RangeError('then');
        },
      },
      'RangeError: then',
    ],
    'whose then rejects at once': [
      {
        then(_, reject) {
          reject(new RangeError('then'));
        },
      },
      'RangeError: then',
    ],
    'whose then resolves and throws': [
      {
        then(resolve) {
          resolve(5);
          throw new Error('later');
        },
      },
      '5',
    ],
  }).map(([name, [thenable, expect]]) => ({
    name: `a blocking function ${name}`,
    expect,
    async run(tools) {
      const sandbox = await tools.sandbox({ globals: { read: blocking(() => thenable) } });
      return tools.outcome(() => Promise.race([sandbox.eval('read()'), tools.delay(2000).then(() => 'was lost')]));
    },
  })),
  {
    name: 'a finalizer that loops costs no later entry',
    expect: 20,
    processor: 8000,
    async run(tools) {
      const sandbox = await tools.sandbox({ timeLimit: 30, onUncaughtError() {} });
      sandbox.evalSync(
        'globalThis.r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 50; i++) r.register({}, i); 0',
        { timeLimit: 60000 },
      );
      sandbox.evalSync('for (let i = 0; i < 3e5; i++) ({ a: [] }); 0', { timeLimit: 60000 });
      let good = 0;
      for (let i = 0; i < 20; i++) {
        if ((await tools.outcome(() => sandbox.eval('1 + 1'))) === '2') good++;
        await tools.turn();
      }
      return good;
    },
  },
  {
    name: 'the entry after a time limit that memory was full at',
    expect: ['TimeLimitError', '2'],
    processor: 4000,
    async run(tools) {
      const sandbox = await tools.sandbox({ memoryLimit: MIB, timeLimit: 500 });
      const outcome = await tools.outcome(() =>
        sandbox.evalSync('globalThis.all = []; for (;;) { try { for (;;) all.push(new Uint8Array(1000)); } catch {} }'),
      );
      return [
        outcome.split(':')[0].replace('MemoryLimitError', 'TimeLimitError'),
        await tools.outcome(() => sandbox.evalSync('1 + 1')),
      ];
    },
  },
  {
    name: 'the entry after a MemoryLimitError',
    expect: ['2', '2', '2', '2', '2'],
    processor: 8000,
    async run(tools) {
      const outcomes = [];
      for (const more of [
        'all.push([])',
        'all.push("text" + all.length)',
        'all.push(() => all)',
        'setTimeout(() => all, 1e8)',
        'all.push(new Promise(() => {}))',
      ]) {
        const sandbox = await tools.sandbox({ memoryLimit: MIB, timeLimit: 60000 });
        await tools.outcome(() =>
          sandbox.evalSync(`globalThis.all = []; for (;;) { try { for (;;) ${more}; } catch {} }`),
        );
        outcomes.push(await tools.outcome(() => sandbox.evalSync('1 + 1')));
      }
      return outcomes;
    },
  },
  {
    name: 'a clock that stands still',
    host: 'node',
    alone: true,
    expect: ['TimeLimitError', '2'],
    processor: 8000,
    async run(tools) {
      const { now } = performance;
      const sandbox = await tools.sandbox({ timeLimit: 50 });
      performance.now = () => 0;
      try {
        const outcome = await tools.outcome(() => sandbox.evalSync('for (;;);'));
        return [outcome.split(':')[0], await tools.outcome(() => sandbox.evalSync('1 + 1'))];
      } finally {
        performance.now = now;
      }
    },
  },
  ...Object.entries({
    'runs backwards': '(() => { let time = 1e9; return () => (time -= 1); })()',
    'gives symbols': 'Symbol',
    'gives BigInts': '() => 5n',
    throws: '() => { throw new Error("no clock"); }',
    'gives no number': '() => NaN',
    'is at the end of time': '() => 1e300',
  }).map(([what, clock]) => ({
    name: `a clock that ${what}`,
    host: 'node',
    alone: true,
    expect: ['TimeLimitError', '2', 'TimeLimitError', '3'],
    processor: 8000,
    async run(tools) {
      const { now } = performance;
      const sandbox = await tools.sandbox({ timeLimit: 50 });
      performance.now = (0, eval)(clock);
      try {
        const outcomes = [
          await tools.outcome(() => sandbox.evalSync('for (;;);')),
          await tools.outcome(() => sandbox.evalSync('1 + 1')),
        ];
        performance.now = now; // what waits for its turn does not come without a clock
        outcomes.push(
          await tools.outcome(() => sandbox.eval('(async () => { for (;;) await 0; })()')),
          await tools.outcome(() => sandbox.eval('Promise.resolve(3)')),
        );
        return outcomes.map((outcome) => outcome.split(':')[0]);
      } finally {
        performance.now = now;
      }
    },
  })),
  {
    name: 'large rejections, one after the other',
    options: { timeLimit: 10_000, onUnhandledRejection() {}, onUncaughtError() {} },
    source: 'for (let i = 0; i < 10; i++) Promise.reject("x".repeat(1e7)); 0',
    expect: 0,
    processor: 2000,
  },
  {
    name: "an entry from the end of the host's stack",
    expect: ['RangeError', true],
    alone: true,
    processor: 4000,
    async run(tools) {
      const sandbox = await tools.sandbox();
      let deepest;
      const outcomes = new Set();
      (function f() {
        try {
          f();
        } catch (error) {
          deepest ??= error;
        }
        // On the way back there is more room each time.
        if (outcomes.size < 400) {
          try {
            sandbox.evalSync('[1, 2].map((x) => ({ x })).length');
          } catch (error) {
            outcomes.add(error.constructor.name);
          }
        }
      })();
      const next = await tools.sandbox();
      return [deepest.constructor.name, next.evalSync('1 + 1') === 2];
    },
  },
  {
    name: 'eight full sandboxes leave a ninth its own memory',
    alone: true,
    watchdog: 300_000,
    expect: 'as it should be',
    processor: 60000,
    memory: 3000 * MIB,
    async run(tools) {
      // They are in one instance while it can keep what it promises: the last live beyond two GiB, where addresses are
      // negative numbers to JavaScript.
      const all = [];
      for (let i = 0; i < 9; i++) {
        all.push(await tools.sandbox({ isolation: 'shared', globals: { echo: (value) => value } }));
        all[i].evalSync(`globalThis.data = new Uint8Array(${250 * MIB}); data[data.length - 1] = ${i}; 1`);
      }
      const last = all.map((sandbox) => sandbox.evalSync('echo(data[data.length - 1])'));
      if (last.join() !== '0,1,2,3,4,5,6,7,8') return last;
      const ninth = all.at(-1);
      if (ninth.evalSync('echo').call(undefined, 'x'.repeat(1e5)).length !== 1e5) return 'a text';
      if (ninth.evalSync('echo({ a: [1, 2, { b: "c" }], high: data.slice(-1000) })').high[999] !== 8)
        return 'an object';
      if ((await ninth.eval('Promise.resolve("x".repeat(1e5)).then((text) => echo(text + text).length)')) !== 2e5)
        return 'a promise';
      const filled = await tools.outcome(() =>
        ninth.evalSync('for (const all = [];;) all.push("x".repeat(1e5) + all.length)'),
      );
      if (!/^(RangeError|MemoryLimitError): /.test(filled)) return filled;
      return all.every((sandbox) => sandbox.evalSync('1 + 1') === 2) ? 'as it should be' : 'they do not go on';
    },
  },
];
for (const row of rows) {
  if (row.expect instanceof RegExp) {
    const pattern = row.expect;
    row.expect = (value) => (pattern.test(value) ? undefined : `gave ${value}`);
  }
}

// One of each mechanism, for `npm test`.
const quick = [
  'awaits of answers that are there',
  'blocking calls that answer at once, in slices',
  'imports without end',
  'a thenable that resolves with another one',
  'a chain of timers',
  'finalizers that register again',
  'rejections without end',
  'a rejection with a pattern that the host cannot build',
  'an error of a job with a pattern of newer syntax',
  'a result that the host cannot build',
  'rejections with getters that loop',
  'an error of a timer that is a revoked Proxy',
  'a hook that disposes of the sandbox',
  'a hook that runs programs',
  'a host function that disposes of its sandbox',
  'the signal of a program aborts no other',
  'a program that was aborted runs no more',
  'a getter that calls the host without end while the result crosses',
  'a getter whose calls end inside of the result',
  'a getter that blocks while the result crosses',
  'nested proxies without end',
  'a BigInt of four million bits',
  'an error whose stack has control characters',
  'errors that are very long',
  'test hooks are not for sale',
  'an interrupt flag of no elements',
  'a blocking function whose then calls back at once',
  'the entry after a time limit that memory was full at',
];

export const hostAttacks = { options: { timeLimit: 20000 }, rows, quick };
