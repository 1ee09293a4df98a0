// What one sandbox does to its neighbours, of the same instance and of others: nothing.

const limits = { timeLimit: 20000, memoryLimit: 16 * 1024 * 1024 };
const both = async ({ sandbox }, options = {}) => [
  await sandbox({ ...limits, ...options }),
  await sandbox({ ...limits, ...options }),
];
/** What a program in one sandbox leaves, as a program in the other sees it. */
const seen = (name, first, second, expect) => ({
  name,
  expect,
  async run(tools) {
    const [a, b] = await both(tools);
    b.evalSync('var before = 1; 0'); // one that has begun, and one that comes after
    a.evalSync(`${first}; 0`);
    const late = await tools.sandbox(limits);
    const [one, two] = [b.evalSync(second), late.evalSync(second)];
    return one === two ? one : [one, two];
  },
});

const rows = [
  seen(
    'globals',
    'var x = 1; globalThis.y = 2; z = 3; let w = 4; class C {}',
    '["x", "y", "z", "w", "C"].map((n) => { try { return typeof (0, eval)(n); } catch (e) { return e.name; } }).join()',
    'ReferenceError,ReferenceError,ReferenceError,ReferenceError,ReferenceError',
  ),
  seen(
    'prototypes',
    'Object.prototype.leak = Array.prototype.leak = Function.prototype.leak = String.prototype.leak = 1',
    'typeof ({}).leak + typeof [].leak + typeof (() => {}).leak + typeof "".leak',
    'undefinedundefinedundefinedundefined',
  ),
  seen(
    'intrinsics that are replaced',
    'Promise.prototype.then = Array.prototype.map = JSON.stringify = null; Math.max = () => 0; delete globalThis.Map',
    'typeof Promise.prototype.then + typeof [].map + typeof JSON.stringify + Math.max(1, 2) + typeof Map',
    'functionfunctionfunction2function',
  ),
  seen(
    'the iteration protocol',
    'Array.prototype[Symbol.iterator] = function* () { yield "mine"; }; Object.getPrototypeOf([][Symbol.iterator]()).next = null',
    '[...[1, 2]].join()',
    '1,2',
  ),
  seen(
    'species and accessors',
    'Object.defineProperty(Array, Symbol.species, { value: null }); Object.defineProperty(Object.prototype, "a", { get() { return 1; }, set() {} })',
    'const o = {}; o.a = 5; [1].map((x) => x).length + o.a',
    6,
  ),
  seen(
    'a frozen world',
    'for (const n of Object.getOwnPropertyNames(globalThis)) { try { Object.freeze(globalThis[n]); Object.freeze(globalThis[n].prototype); } catch {} }',
    'Array.prototype.own = 1; const r = [].own; delete Array.prototype.own; r',
    1,
  ),
  seen(
    "the symbols' registry",
    'Symbol.for("secret").note = 1; const s = Symbol.for("secret"); globalThis.keep = { [s]: 1 }',
    'Symbol.keyFor(Symbol.for("secret")) + Object.getOwnPropertySymbols(globalThis).filter((s) => s.description === "secret").length',
    'secret0',
  ),
  seen(
    'tags of templates',
    'var tag = (s) => s; for (let i = 0; i < 10; i++) tag`same`.raw',
    'const t = (s) => s; const s = t`same`; Object.isFrozen(s) + s[0]',
    'truesame',
  ),
  seen('legacy properties of RegExp', '/s(e)cret/.exec("a secret")', 'RegExp.lastMatch + RegExp.$1 + RegExp.input', ''),
  seen('the seed of Math.random', 'globalThis.r = Math.random()', 'Math.random() !== Math.random()', true),
  seen(
    'stacks of errors',
    'Error.stackTraceLimit = 0; Error.prepareStackTrace = () => "mine"',
    'typeof new Error("x").stack + (new Error("x").stack === "mine")',
    'stringfalse',
  ),
  seen(
    'wait lists of shared memory',
    'globalThis.cell = new Int32Array(new SharedArrayBuffer(4)); Atomics.waitAsync(cell, 0, 0)',
    'Atomics.notify(new Int32Array(new SharedArrayBuffer(4)), 0)',
    0,
  ),
  seen(
    'the queue of jobs',
    'globalThis.n = 0; for (let i = 0; i < 1000; i++) queueMicrotask(() => n++)',
    'let n = 0; queueMicrotask(() => n++); n',
    0,
  ),

  {
    name: 'timers fire in their own sandbox, and numbers of others stop nothing',
    expect: ['own', 'own'],
    async run(tools) {
      const [a, b] = await both(tools);
      a.evalSync('var fired = ""; var t = setTimeout(() => { fired = "own"; }, 5); 0');
      b.evalSync(
        'var fired = ""; for (let i = 0; i < 1000; i++) { clearTimeout(i); clearInterval(i); } setTimeout(() => { fired = "own"; }, 5); 0',
      );
      b.evalSync('0');
      a.evalSync('0');
      await tools.delay(40);
      return [a.evalSync('fired'), b.evalSync('fired')];
    },
  },
  {
    name: 'handles of functions are of one sandbox',
    expect: ['a', 'b', 'a', 'b'],
    async run(tools) {
      const [a, b] = await both(tools);
      const [fromA, fromB] = [a.evalSync('() => "a"'), b.evalSync('() => "b"')];
      a.setGlobal('foreign', fromB);
      b.setGlobal('foreign', fromA);
      return [fromA(), fromB(), b.evalSync('foreign()'), a.evalSync('foreign()')];
    },
  },
  {
    name: 'a function of another sandbox brings no intrinsics of it',
    expect: 'true,true,undefined',
    async run(tools) {
      const [a, b] = await both(tools);
      a.evalSync('Function.prototype.leak = 1; 0');
      b.setGlobal('foreign', a.evalSync('() => ({ list: [1], f() {} })'));
      return b.evalSync(
        '[foreign instanceof Function, foreign().list instanceof Array, typeof foreign().f.leak].join()',
      );
    },
  },
  {
    name: 'an object of another sandbox is a copy',
    expect: [1, 1],
    async run(tools) {
      const [a, b] = await both(tools);
      a.evalSync('var o = { n: 1, list: [1] }; 0');
      b.setGlobal('o', a.evalSync('o'));
      b.evalSync('o.n = 2; o.list.push(2); 0');
      return [a.evalSync('o.n'), a.evalSync('o.list.length')];
    },
  },
  {
    name: 'buffers are copies',
    expect: [0, 7],
    async run(tools) {
      const [a, b] = await both(tools);
      a.evalSync('var bytes = new Uint8Array(8); 0');
      b.setGlobal('bytes', a.evalSync('bytes'));
      b.evalSync('bytes.fill(7); 0');
      return [a.evalSync('bytes[0]'), b.evalSync('bytes[0]')];
    },
  },
  {
    name: 'a promise of another sandbox',
    expect: 'from a',
    async run(tools) {
      const [a, b] = await both(tools);
      b.setGlobal('given', a.eval('new Promise((resolve) => setTimeout(() => resolve("from a"), 3))'));
      return b.eval('given.then((v) => { if (!(given instanceof Promise)) throw 1; return v; })');
    },
  },
  {
    name: 'a promise of a sandbox that is disposed',
    expect: 'DisposedError: the sandbox was disposed',
    async run(tools) {
      const [a, b] = await both(tools);
      const { promise } = a.evalSync('({ promise: new Promise(() => {}) })');
      b.setGlobal('given', promise);
      const waits = b.eval('given.catch((e) => e.name + ": " + e.message)');
      await tools.turn();
      a.dispose();
      return waits;
    },
  },
  {
    name: 'a function of a sandbox that was disposed',
    expect: ['DisposedError: the sandbox was disposed', 'DisposedError'],
    async run(tools) {
      const [a, b] = await both(tools);
      const f = a.evalSync('() => 1');
      b.setGlobal('f', f);
      a.dispose();
      return [await tools.outcome(() => f()), b.evalSync('try { f() } catch (e) { e.name }')];
    },
  },
  {
    name: 'what is disposed leaves its neighbours as they were',
    expect: [499500, 'kept'],
    async run(tools) {
      const [a, b] = await both(tools);
      b.evalSync(
        'var list = Array.from({ length: 1000 }, (_, i) => i), text = "ke" + "pt"; var f = () => list.reduce((x, y) => x + y); 0',
      );
      const f = b.evalSync('f');
      a.evalSync('globalThis.all = Array.from({ length: 1e5 }, (_, i) => ({ i })); 0');
      a.dispose();
      const late = await tools.sandbox(limits);
      late.evalSync('globalThis.all = Array.from({ length: 1e5 }, () => [0, 0]); 0');
      return [f(), b.evalSync('text')];
    },
  },
  {
    name: 'modules are of one sandbox',
    expect: ['a1', 'b1', 'a1'],
    async run({ sandbox }) {
      const modules = (which) => ({ modules: { m: `let n = 0; export const next = () => "${which}" + ++n;` } });
      const a = await sandbox(modules('a'));
      const b = await sandbox(modules('b'));
      const late = await sandbox(modules('a'));
      return [(await a.import('m')).next(), (await b.import('m')).next(), (await late.import('m')).next()];
    },
  },
  {
    name: 'signals are of one sandbox',
    expect: ['reason', 'answered'],
    async run(tools) {
      const controller = new AbortController();
      const a = await tools.sandbox({
        ...limits,
        signal: controller.signal,
        globals: { wait: () => new Promise(() => {}) },
      });
      const b = await tools.sandbox({ ...limits, globals: { wait: () => tools.delay(20).then(() => 'answered') } });
      const [waitsA, waitsB] = [a.eval('wait()', { signal: controller.signal }), b.eval('wait()')];
      controller.abort('reason');
      return [await waitsA.catch((e) => e), await waitsB];
    },
  },
  {
    name: 'an interrupted sandbox interrupts no other',
    expect: ['InterruptedError', 'whole'],
    async run(tools) {
      const b = await tools.sandbox(limits);
      let a;
      a = await tools.sandbox({
        ...limits,
        globals: {
          stop: () => {
            a.interrupt();
            kept = b.evalSync('let s = ""; for (let i = 0; i < 2e5; i++) s = "whole"; s');
          },
        },
      });
      let kept;
      const outcome = await tools.outcome(() => a.evalSync('stop(); for (;;);'));
      return [outcome.split(':')[0], kept];
    },
  },
  {
    name: 'a time limit inside of another sandbox',
    expect: 'TimeLimitError2',
    async run({ sandbox }) {
      const inner = await sandbox({ timeLimit: 20 });
      const outer = await sandbox({
        timeLimit: 5000,
        globals: {
          run: (source) => {
            try {
              return inner.evalSync(source);
            } catch (error) {
              return error.name;
            }
          },
        },
      });
      return outer.evalSync('run("for (;;);") + run("1 + 1")');
    },
  },
  {
    name: "the time limit of the outer one is not the inner one's",
    expect: ['inner done', 'TimeLimitError'],
    async run({ sandbox }) {
      const inner = await sandbox({ timeLimit: 5000 });
      let result;
      const outer = await sandbox({
        timeLimit: 30,
        globals: {
          run: () => {
            result = inner.evalSync(
              'const end = performance.now() + 60; while (performance.now() < end); "inner done"',
            );
          },
        },
      });
      const error = await outer.eval('run(); for (;;);').catch((e) => e.name);
      return [result, error];
    },
  },
  {
    name: 'a memory limit is of one sandbox',
    expect: ['MemoryLimitError', 10],
    async run(tools) {
      const a = await tools.sandbox({ memoryLimit: 2 << 20 });
      const b = await tools.sandbox({ memoryLimit: 32 << 20 });
      const outcome = await tools.outcome(() =>
        a.evalSync('globalThis.all = []; for (;;) { try { for (;;) all.push([]); } catch {} }'),
      );
      return [
        outcome.split(':')[0],
        b.evalSync('const all = []; for (let i = 0; i < 10; i++) all.push(new Uint8Array(1 << 20)); all.length'),
      ];
    },
  },
  {
    name: 'memory in use is of one sandbox',
    expect: true,
    async run(tools) {
      const [a, b] = await both(tools);
      const before = b.memoryUsed;
      a.evalSync('globalThis.all = new Uint8Array(8 << 20); 0');
      return b.memoryUsed === before;
    },
  },
  {
    name: 'a stack limit is of one sandbox',
    expect: ['RangeError', 5000],
    async run({ sandbox }) {
      const a = await sandbox({ stackLimit: 256 << 10 });
      const b = await sandbox({ stackLimit: 8 << 20 });
      const deep = '(function f(n) { return n ? 1 + f(n - 1) : 0; })(5000)';
      return [a.evalSync(`try { ${deep} } catch (e) { e.name }`), b.evalSync(deep)];
    },
  },
  // A neighbour's memory.
  {
    name: 'memory of a disposed neighbour is not read: buffers',
    expect: 0,
    async run(tools) {
      const a = await tools.sandbox({ memoryLimit: 32 << 20 });
      a.evalSync('globalThis.all = Array.from({ length: 200 }, () => new Uint8Array(50000).fill(0xa5)); 0');
      a.dispose();
      const b = await tools.sandbox({ memoryLimit: 32 << 20 });
      return b.evalSync(
        'let found = 0; for (let i = 0; i < 400; i++) { const bytes = new Uint8Array(25000); if (bytes.includes(0xa5)) found++; (globalThis.all ??= []).push(bytes); } found',
      );
    },
  },
  {
    name: 'memory of a disposed neighbour is not read: resized buffers',
    expect: 0,
    async run(tools) {
      const a = await tools.sandbox({ memoryLimit: 32 << 20 });
      a.evalSync('globalThis.all = Array.from({ length: 200 }, () => new Uint8Array(50000).fill(0xa5)); 0');
      a.dispose();
      const b = await tools.sandbox({ memoryLimit: 32 << 20 });
      return b.evalSync(
        'let found = 0; for (let i = 0; i < 100; i++) { const buffer = new ArrayBuffer(10, { maxByteLength: 100000 }); buffer.resize(100000); if (new Uint8Array(buffer).includes(0xa5)) found++; buffer.resize(5); buffer.resize(90000); if (new Uint8Array(buffer).includes(0xa5)) found++; new Uint8Array(buffer).fill(0xa5); buffer.resize(0); buffer.resize(100000); if (new Uint8Array(buffer).includes(0xa5)) found++; if (new Uint8Array(buffer.transfer(100000)).includes(0xa5)) found++; } found',
      );
    },
  },
  {
    name: 'memory of a disposed neighbour is not read: arrays and their holes',
    expect: 'undefined',
    async run(tools) {
      const a = await tools.sandbox({ memoryLimit: 32 << 20 });
      a.evalSync('globalThis.all = Array.from({ length: 200 }, (_, i) => new Array(5000).fill("secret" + i)); 0');
      a.dispose();
      const b = await tools.sandbox({ memoryLimit: 32 << 20 });
      return b.evalSync(
        'const kinds = new Set(); for (let i = 0; i < 300; i++) { const list = new Array(4000); list.length = 5000; for (let j = 0; j < 5000; j += 7) kinds.add(typeof list[j]); (globalThis.all ??= []).push(list); } [...kinds].join()',
      );
    },
  },
  {
    name: 'memory of a disposed neighbour is not read: texts',
    expect: false,
    async run(tools) {
      const a = await tools.sandbox({ memoryLimit: 32 << 20 });
      a.evalSync('globalThis.all = Array.from({ length: 1000 }, (_, i) => "\\u00a5".repeat(5000) + i); 0');
      a.dispose();
      const b = await tools.sandbox({ memoryLimit: 32 << 20 });
      return b.evalSync(
        'let found = false; for (let i = 0; i < 500; i++) { const text = "a".repeat(3000) + i; const more = text.slice(5) + text.toUpperCase() + text.padEnd(4000); found ||= more.includes("\\u00a5"); (globalThis.all ??= []).push(more, text.split("")); } found',
      );
    },
  },
  {
    name: "a neighbour's data changes nothing of the order of keys and Maps",
    expect: true,
    async run(tools) {
      const source =
        'const o = {}; for (let i = 0; i < 2000; i++) o["k" + (i * 7919) % 2003] = i; Object.keys(o).join() + [...new Map(Object.entries(o)).keys()].join()';
      const a = await tools.sandbox(limits);
      const one = a.evalSync(source);
      a.evalSync('globalThis.all = Array.from({ length: 1e4 }, (_, i) => ({ ["x" + i]: i })); 0');
      const b = await tools.sandbox(limits);
      return one === b.evalSync(source);
    },
  },
  // Calls among sandboxes.
  {
    name: 'sandboxes that call one another: each its own result',
    expect: 'a(b(c(a(end))))',
    async run({ sandbox }) {
      const all = {};
      const call = (name, next) => all[name].evalSync(`wrap(${JSON.stringify(next)})`);
      for (const name of ['a', 'b', 'c']) {
        all[name] = await sandbox({ ...limits, globals: { call } });
        all[name].evalSync(
          `function wrap(path) { return path.length ? "${name}(" + call(path[0], path.slice(1)) + ")" : "${name}(end)"; } 0`,
        );
      }
      return all.a.evalSync('wrap(["b", "c", "a"])');
    },
  },
  {
    name: 'sandboxes that call one another too deeply: a RangeError, and all go on',
    expect: [true, 2, 2, 2],
    processor: 3000,
    async run({ sandbox }) {
      const all = [];
      const call = (n) => all[n % 3].evalSync(`down(${n + 1})`);
      for (let i = 0; i < 3; i++) {
        all[i] = await sandbox({ timeLimit: 20000, globals: { call } });
        all[i].evalSync('function down(n) { try { return call(n); } catch (e) { return e.name; } } 0');
      }
      const outcome = all[0].evalSync('down(1)');
      return [outcome === 'RangeError', ...all.map((one) => one.evalSync('1 + 1'))];
    },
  },
  {
    name: 'sandboxes in instances of their own that call one another too deeply',
    expect: [true, 2, 2],
    processor: 3000,
    async run({ sandbox }) {
      const all = [];
      const call = (n) => all[n % 2].evalSync(`down(${n + 1})`);
      for (let i = 0; i < 2; i++) {
        all[i] = await sandbox({ timeLimit: 20000, isolation: 'instance', globals: { call } });
        all[i].evalSync('function down(n) { try { return call(n); } catch (e) { return e.name; } } 0');
      }
      const outcome = all[0].evalSync('down(1)');
      return [outcome === 'RangeError', ...all.map((one) => one.evalSync('1 + 1'))];
    },
  },
  {
    name: 'a sandbox that its own callee disposes of another',
    expect: ['1', 2],
    async run(tools) {
      const b = await tools.sandbox(limits);
      const a = await tools.sandbox({ ...limits, globals: { end: () => b.dispose() } });
      return [String(a.evalSync('end(); 1')), a.evalSync('1 + 1')];
    },
  },
  {
    name: 'an exception of one that goes through another',
    expect: ['TypeError', 'of b', false],
    async run({ sandbox }) {
      const b = await sandbox(limits);
      const a = await sandbox({ ...limits, globals: { b: (source) => b.evalSync(source) } });
      return a.evalSync(
        'try { b("throw new TypeError(\'of b\')") } catch (e) { [e.name, e.message, /file:|node:|http:/.test(e.stack)] }',
      );
    },
  },
  {
    name: 'jobs of one do not run in an entry of another',
    expect: [[], ['job of a']],
    async run({ sandbox }) {
      const ran = [];
      const a = await sandbox({
        ...limits,
        globals: {
          note: (what) => {
            ran.push(what);
          },
          later: () => Promise.resolve(),
        },
      });
      const b = await sandbox(limits);
      a.evalSync('later().then(() => note("job of a")); 0');
      b.evalSync('for (let i = 0; i < 1e4; i++) queueMicrotask(() => {}); 0');
      const before = [...ran];
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 1));
      return [before, ran];
    },
  },
  {
    name: 'the same host function in two sandboxes',
    expect: ['a', 'b', true],
    async run({ sandbox }) {
      let last;
      const which = function () {
        last = this.sandbox;
        return this.sandbox === a ? 'a' : 'b';
      };
      const a = await sandbox({ globals: { which } });
      const b = await sandbox({ globals: { which } });
      return [a.evalSync('which()'), b.evalSync('which()'), last === b];
    },
  },
  {
    name: 'the same object as a global of two sandboxes',
    expect: [2, 1, 1],
    async run({ sandbox }) {
      const shared = { n: 1 };
      const a = await sandbox({ globals: { shared } });
      const b = await sandbox({ globals: { shared } });
      a.evalSync('shared.n = 2; 0');
      return [a.evalSync('shared.n'), b.evalSync('shared.n'), shared.n];
    },
  },
  {
    name: '100 sandboxes, disposed out of order',
    expect: true,
    async run({ sandbox }) {
      const all = [];
      for (let i = 0; i < 100; i++) {
        all.push(await sandbox({ memoryLimit: 2 << 20, globals: { id: i } }));
      }
      for (let i = 0; i < 100; i += 3) all[i].dispose();
      return all.every((one, i) => one.isDisposed || one.evalSync('id') === i);
    },
  },
  {
    name: 'an instance of its own shares no memory',
    expect: ['undefined', true],
    async run({ sandbox, memories }) {
      const count = memories.length;
      const a = await sandbox({ isolation: 'instance' });
      const b = await sandbox({ isolation: 'instance' });
      a.evalSync('globalThis.x = 1; 0');
      return [b.evalSync('typeof x'), memories.length === count + 2];
    },
  },
  {
    name: 'memory of disposed sandboxes is used again',
    expect: true,
    processor: 6000,
    memory: 200 << 20,
    async run({ sandbox, instanceBytes }) {
      const once = async () => {
        const one = await sandbox({ memoryLimit: 64 << 20 });
        one.evalSync('globalThis.all = Array.from({ length: 50 }, () => new Uint8Array(1 << 20)); 0');
        one.dispose();
      };
      await once();
      const before = instanceBytes();
      for (let i = 0; i < 20; i++) await once();
      return instanceBytes() <= before + (16 << 20);
    },
  },
];

// The others take long.
const quick = rows
  .map((row) => row.name)
  .filter((name) => !/^(100 sandboxes|memory of disposed sandboxes)|texts$|resized buffers$/.test(name));

// In one instance, unless they ask for one of their own: that is where they could meet.
export const isolation = { sandboxes: { isolation: 'shared' }, options: limits, rows, quick };
