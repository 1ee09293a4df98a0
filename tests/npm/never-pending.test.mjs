// Every promise of the API settles when what it waits for cannot come any more: each kind of promise, each kind of end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DisposedError, EngineError, InterruptedError, TimeLimitError, blocking, createSandbox } from 'caisson';

const wasm = await WebAssembly.compile(readFileSync(new URL('../../npm/caisson.wasm', import.meta.url)));
const never = () => new Promise(() => {});
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

async function start(options) {
  // An instance that can be made to fail, by an address outside of its memory.
  const { instantiate } = WebAssembly;
  let address;
  WebAssembly.instantiate = async (...args) => {
    const { exports } = await instantiate(...args);
    return {
      exports: { ...exports, caisson_enter: (runtime, ...rest) => exports.caisson_enter(address ?? runtime, ...rest) },
    };
  };
  try {
    const sandbox = await createSandbox({
      timeLimit: 100,
      isolation: 'instance',
      wasm,
      onUncaughtError() {},
      onUnhandledRejection() {},
      globals: {
        never,
        block: blocking(never),
        keep(value) {
          this.sandbox.kept = value;
        },
        call: (fn) => fn(),
      },
      modules: async (name) =>
        name === './waits'
          ? 'await new Promise(() => {});'
          : name === './asks'
            ? 'await never();'
            : name === './blocks'
              ? 'block();'
              : name === './nested'
                ? 'import "./waits";'
                : never(),
      ...options,
    });
    return {
      sandbox,
      trap() {
        address = 0x7fff0000;
      },
    };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

// What waits. `program`: of one, which has a signal and limits of its own.
const kinds = {
  'an eval that nothing ends': { program: (s, o) => s.eval('new Promise(() => {})', o) },
  'an eval that waits for a timer': {
    program: (s, o) => s.eval('new Promise((resolve) => setTimeout(resolve, 1e8))', o),
  },
  'an eval that waits for the host': { program: (s, o) => s.eval('never()', o) },
  'an eval in a blocking call': { program: (s, o) => s.eval('block()', o) },
  'an eval whose value is a thenable': { program: (s, o) => s.eval('({ then() {} })', o) },
  'an eval whose value has a then by a getter': {
    program: (s, o) =>
      s
        .eval(
          'new Proxy({}, { ownKeys: () => ["then"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: (t, k) => (k === "then" && t.seen ? () => {} : (t.seen = true, undefined)) })',
          o,
        )
        .then((value) => (typeof value.then === 'function' ? value : never())),
  },
  'an eval that imports what waits': { program: (s, o) => s.eval('import("./waits")', o) },
  'an import whose source does not come': { program: (s, o) => s.import('./absent', o) },
  'an import of what waits': { program: (s, o) => s.import('./waits', o) },
  'an import of what waits for the host': { program: (s, o) => s.import('./asks', o) },
  'an import of what blocks': { program: (s, o) => s.import('./blocks', o) },
  'an import of what imports what waits': { program: (s, o) => s.import('./nested', o) },
  'the second import of what waits': {
    program: (s, o) => {
      s.import('./waits').catch(() => {});
      return turn()
        .then(turn)
        .then(() => s.import('./waits', o));
    },
  },
  'a call of an async guest function': { call: (s) => s.evalSync('async () => { await new Promise(() => {}); }')() },
  'a call of a guest function that asks the host': { call: (s) => s.evalSync('() => never()')() },
  'a call of a guest function that blocks': { call: (s) => s.evalSync('() => block()')() },
  'a thenable that a guest function gives': { held: async (s) => await s.evalSync('() => ({ then() {} })')() },
  'a thenable in a value': { held: async (s) => await s.evalSync('[{ then() {} }]')[0] },
  'a promise in a value': { held: (s) => s.evalSync('({ promise: new Promise(() => {}) })').promise },
  'a promise that a host function got': {
    held: (s) => {
      s.evalSync('keep(new Promise(() => {})); 0');
      return s.kept;
    },
  },
};

// How it ends; `of`: of which kinds. What promises are rejected with then.
const storm = '(function f() { Promise.resolve().then(f); })(); 0';
const all = ['program', 'call', 'held'];
const ends = {
  'the sandbox is disposed': { of: all, end: ({ sandbox }) => sandbox.dispose(), error: DisposedError },
  'the sandbox is disposed by a host function': {
    of: all,
    end: ({ sandbox }) => {
      sandbox.setGlobal('act', () => sandbox.dispose());
      sandbox.eval('act()').catch(() => {});
    },
    error: DisposedError,
  },
  'the instance fails': {
    of: all,
    error: EngineError,
    end: ({ sandbox, trap }) => {
      trap();
      assert.throws(() => sandbox.evalSync('1'), EngineError);
    },
  },
  'a limit strikes while jobs of an eval run': {
    of: all,
    end: ({ sandbox }) => {
      sandbox.eval(storm).catch(() => {});
    },
    error: TimeLimitError,
  },
  'a limit strikes while jobs of a timer run': {
    of: all,
    end: ({ sandbox }) => {
      sandbox.evalSync(`setTimeout(() => { ${storm} }, 1); 0`);
    },
    error: TimeLimitError,
  },
  'a limit strikes while jobs of a call run': {
    of: all,
    end: ({ sandbox }) => {
      assert.throws(sandbox.evalSync(`() => { ${storm} }`), TimeLimitError);
    },
    error: TimeLimitError,
  },
  'the guest is interrupted': {
    of: ['program', 'call'],
    end: ({ sandbox }) => sandbox.interrupt(),
    error: InterruptedError,
  },
  'the signal of the sandbox is aborted': {
    of: ['program', 'call'],
    signal: true,
    end: ({ controller }) => controller.abort(),
    error: InterruptedError,
  },
  'its own signal is aborted': {
    of: ['program'],
    own: (signal) => ({ signal }),
    end: ({ controller }) => controller.abort(new RangeError('enough')),
    error: RangeError,
  },
  'it has waited for too long': { of: ['program'], own: () => ({ waitLimit: 5 }), end() {}, error: TimeLimitError },
  // Long enough for a second import to come before the first has waited for too long: its module is stopped then.
  'the wait limit of the sandbox': {
    of: ['program', 'call'],
    options: { waitLimit: 100 },
    end() {},
    error: TimeLimitError,
  },
  'its time is up': {
    of: ['program'],
    own: () => ({ totalTimeLimit: 10 }),
    error: TimeLimitError,
    setUp: ({ sandbox }) =>
      sandbox.evalSync(
        'globalThis.spin = () => { setTimeout(spin, 0); const end = performance.now() + 2; while (performance.now() < end); }; 0',
      ),
    spins: true,
    end() {},
  },
};

for (const [end, { of, error, own, options, signal, setUp, spins, ...more }] of Object.entries(ends)) {
  test(`when ${end}, all that waits is told`, async () => {
    for (const [kind, { program, call, held }] of Object.entries(kinds)) {
      const make =
        of.includes('program') && program
          ? program
          : of.includes('call') && call
            ? call
            : of.includes('held')
              ? held
              : undefined;
      // A program whose time is counted has to take some: those whose value is made by a script do.
      if (make === undefined || (spins && !/s\.eval\(/.test(String(make)))) continue;
      const controller = new AbortController();
      const place = { controller, ...(await start({ ...options, ...(signal ? { signal: controller.signal } : {}) })) };
      setUp?.(place);
      const { sandbox } = place;
      const spinning = spins ? { eval: (source, given) => sandbox.eval(`spin(); ${source}`, given) } : sandbox;
      const outcome = make(spinning, own?.(controller.signal)).then(
        (value) => ['fulfilled', value],
        (reason) => [reason?.constructor, reason],
      );
      await turn();
      await turn();
      await turn();
      more.end(place);
      const lost = new Promise((resolve) => setTimeout(resolve, 3000, ['pending']).unref());
      const [how, reason] = await Promise.race([outcome, lost]);
      assert.equal(how, error, `${kind}: ${how === 'pending' ? 'is pending' : reason}`);
      sandbox.dispose();
    }
  });
}

test('a module whose jobs a limit dropped fails for all who import it', async () => {
  const sandbox = await createSandbox({
    timeLimit: 100,
    onUncaughtError() {},
    modules: {
      m: 'await null; await undefined; globalThis.go = true; for (;;) await null;',
      n: 'import "m"; export default 1',
    },
  });
  await assert.rejects(sandbox.import('n'), TimeLimitError);
  for (const name of ['m', 'n'])
    await assert.rejects(sandbox.import(name), /^TypeError: the evaluation of module "[mn]" was stopped$/);
  assert.match(await sandbox.eval('import("m").catch(String)'), /was stopped/);
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  sandbox.dispose();
});

test('a module whose program was aborted fails for all who import it', async () => {
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  const never = () => {
    begin();
    return new Promise(() => {});
  };
  const sandbox = await createSandbox({
    globals: { never },
    modules: { m: 'await never();', n: 'import "m"; export default 1' },
  });
  const controller = new AbortController();
  const first = sandbox.import('n', { signal: controller.signal });
  await begun; // before that, nothing would keep another program from evaluating the module
  controller.abort(new RangeError('enough'));
  await assert.rejects(first, /enough/);
  for (const name of ['m', 'n'])
    await assert.rejects(sandbox.import(name), /^TypeError: the evaluation of module "[mn]" was stopped$/);
  sandbox.dispose();
});
