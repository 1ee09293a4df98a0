// Whatever a guest hands over, and whatever the host does with the sandbox meanwhile, neither ends the host's process
// nor leaves anybody waiting. The programs run in processes of their own, since they are about what ends a process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What such a process prints to both streams. One that ends by an error fails the test.
function run(program) {
  const source = `import { blocking, createSandbox } from 'caisson';
    const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${program}`;
  const args = ['--input-type=module', '--eval', source];
  return execFileSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
}

// Newer syntax than that of Node 20. A host that knows it builds the value, and nothing fails.
const odd = '/(?i:a)/';
const isKnown = (() => {
  try {
    return Boolean(new RegExp('(?i:a)'));
  } catch {
    return false;
  }
})();
const sources = {
  'a rejection': `Promise.reject(${odd}); 0`,
  'an error of a job': `queueMicrotask(() => { throw ${odd}; })`,
  'a rejection in a timer': `setTimeout(() => Promise.reject(${odd})); 0`,
  'an error in a timer': `setTimeout(() => { throw ${odd}; }); 0`,
  'a fulfilled promise': `Promise.resolve(${odd})`,
  'a promise that is fulfilled later': `new Promise((resolve) => setTimeout(() => resolve(${odd})))`,
  'a promise that is rejected later': `new Promise((_, reject) => setTimeout(() => reject(${odd})))`,
  'a value': odd,
  'a thrown value': `throw ${odd}`,
  'after a blocking call': `read(1); ${odd}`,
  'thrown after a blocking call': `read(1); throw ${odd}`,
  'an argument of a host function': `load(${odd})`,
  'a promise in a value': `[Promise.resolve(${odd})]`,
  'a pattern that says something else': `Promise.reject(Object.defineProperty(/a/, 'source', { value: '(' }))`,
  'an array of a type that the host may not know': 'Promise.reject(new Float16Array(1))',
};
test('a value that the host cannot build is an error of its crossing', () => {
  const printed = run(`
    const sources = ${JSON.stringify(sources)};
    const reports = [];
    const sandbox = await createSandbox({
      globals: { load: async (x) => x, read: blocking(async (x) => x) },
      onUnhandledRejection: (reason) => { reports.push(reason); },
      onUncaughtError: (error) => { reports.push(error); },
    });
    for (const [name, source] of Object.entries(sources)) {
      let end;
      await Promise.race([sandbox.eval(source).then(() => { end = 'fulfilled'; }, (error) => { end = error.name; }), delay(5000)]);
      await delay(5);
      console.log(name + ':', end, reports.splice(0).map((reason) => reason?.name ?? typeof reason).join());
      if (sandbox.evalSync('1 + 1') !== 2) throw new Error('unusable');
    }
  `);
  const lines = Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split(/: (.*)/)),
  );
  assert.deepEqual(Object.keys(lines), Object.keys(sources));
  if (isKnown) return;
  const failed = /^(SyntaxError|TypeError|GuestError|Error)/;
  for (const name of ['a rejection', 'an error of a job', 'a rejection in a timer', 'an error in a timer'])
    assert.match(lines[name], /^fulfilled (SyntaxError|TypeError)$/, name);
  for (const name of [
    'a fulfilled promise',
    'a promise that is fulfilled later',
    'a promise that is rejected later',
    'a value',
    'a thrown value',
    'after a blocking call',
    'thrown after a blocking call',
    'an argument of a host function',
  ])
    assert.match(lines[name], failed, `${name}: ${lines[name]}`);
});

test('the host may do anything with a sandbox from inside its callbacks', () => {
  const printed = run(`
    const kinds = {
      rejection: 'Promise.reject(1); 0', job: 'queueMicrotask(() => { throw 1; })', call: 'act(); 5', timer: 'setTimeout(act); 0',
      later: '(async () => { await null; act(); return 5; })()', module: 'import("./m"); 0', console: 'console.log(1); 5', getter: 'give().x; 5',
      async: 'load().then(() => 5)', blocked: 'read(); 5', sorting: '[2, 1].sort(() => act())', trap: 'new Proxy({}, { get() { act(); return 5; } }).x', 
    };
    const actions = {
      dispose: (s) => s.dispose(), interrupt: (s) => s.interrupt(), evalSync: (s) => s.evalSync('1 + 1'), eval: (s) => { s.eval('2').catch(() => {}); },
      setGlobal: (s) => s.setGlobal('late', 1), import: (s) => { s.import('./n').catch(() => {}); },
      many: (s) => { s.evalSync('1'); s.interrupt(); s.dispose(); s.dispose(); }, memory: (s) => s.memoryUsed,
    };
    for (const [kind, source] of Object.entries(kinds)) {
      for (const [name, action] of Object.entries(actions)) {
        let acted = false, sandbox;
        const act = () => { if (!acted) { acted = true; action(sandbox); } };
        sandbox = await createSandbox({
          globals: { act, give: () => ({ get x() { act(); return 1; } }), load: async () => act(), read: blocking(async () => act()) },
          modules: () => { act(); return 'export default 1'; },
          console: { log: act }, onUnhandledRejection: act, onUncaughtError: act,
        });
        let end;
        await Promise.race([sandbox.eval(source).then(() => { end = 'done'; }, (error) => { end = error.name; }), delay(5000)]);
        for (let i = 0; i < 200 && !acted; i++) await delay(2);
        await delay(1);
        let after;
        try { after = sandbox.evalSync('1 + 2'); } catch (error) { after = error.name; }
        console.log(kind, name, acted, end, after, sandbox.isDisposed);
        sandbox.dispose();
      }
    }
  `);
  for (const line of printed.trim().split('\n')) {
    const [, action, acted, end, after, isDisposed] = line.split(' ');
    const ends = action === 'dispose' || action === 'many';
    assert.equal(acted, 'true', line);
    assert.match(
      end,
      ends ? /^(done|DisposedError)$/ : action === 'interrupt' ? /^(done|InterruptedError)$/ : /^done$/,
      line,
    );
    assert.equal(after, ends ? 'DisposedError' : '3', line);
    assert.equal(isDisposed, String(ends), line);
  }
});

test('a sandbox that is disposed while its guest runs stops it at once, and its memory is free when it has ended', async () => {
  let calls = 0;
  const sandbox = await createSandbox({
    globals: {
      act: () => {
        calls++;
        sandbox.dispose();
      },
      again: () => {
        calls++;
      },
    },
  });
  assert.throws(
    () => sandbox.evalSync('try { act(); again(); } catch { again(); } finally { again(); } for (;;) again();'),
    { name: 'DisposedError' },
  );
  assert.equal(calls, 1);
  assert.throws(() => sandbox.evalSync('1'), { name: 'DisposedError' });

  const other = await createSandbox({
    globals: {
      act() {
        return other.evalSync('inner()');
      },
      inner: () => other.dispose(),
    },
  });
  await assert.rejects(other.eval('try { act(); } catch {} 5'), { name: 'DisposedError' });
});

test('interrupt from a host function stops the guest before its next step', async () => {
  let calls = 0;
  const sandbox = await createSandbox({
    globals: {
      stop: () => sandbox.interrupt(),
      again: () => {
        calls++;
      },
    },
  });
  assert.throws(() => sandbox.evalSync('try { stop(); again(); } catch { again(); } finally { again(); }'), {
    name: 'InterruptedError',
  });
  assert.equal(calls, 0);
  assert.equal(sandbox.evalSync('6 * 7'), 42);
  sandbox.dispose();
});

test('a blocking function is answered once, however its `then` behaves', async () => {
  const results = {
    atOnce: {
      then(resolve) {
        resolve(1);
      },
    },
    twice: {
      then(resolve, reject) {
        resolve(1);
        resolve(2);
        reject(3);
      },
    },
    throwing: {
      then() {
        throw new TypeError('then');
      },
    },
    answeredAndThrowing: {
      then(resolve) {
        resolve(1);
        throw new TypeError('then');
      },
    },
    nested: {
      then(resolve) {
        resolve({
          then(inner) {
            inner(1);
          },
        });
      },
    },
    callable: Object.assign(() => {}, {
      then(resolve) {
        resolve(1);
      },
    }),
    get getter() {
      return {
        get then() {
          return (resolve) => resolve(1);
        },
      };
    },
    get failing() {
      return {
        get then() {
          throw new TypeError('getter');
        },
      };
    },
    get rejected() {
      return Promise.reject(new TypeError('rejected'));
    },
    odd: Object.assign(Promise.resolve(1), {
      then: () => {
        throw new TypeError('own');
      },
    }),
  };
  const sandbox = await createSandbox({
    globals: { read: blocking((name) => results[name]), load: (name) => results[name] },
    timeLimit: 1000,
  });
  const expected = { throwing: 'then', failing: 'getter', rejected: 'rejected' };
  for (const name of Object.keys(results)) {
    const read = await sandbox.eval(`try { read('${name}') } catch (error) { error.message }`);
    assert.equal(read, expected[name] ?? 1, `blocking, ${name}`);
    if (name !== 'callable')
      assert.equal(
        await sandbox.eval(`(async () => load('${name}'))().catch((error) => error.message)`),
        expected[name] ?? 1,
        `promise, ${name}`,
      );
  }
  let isPending = true;
  const never = sandbox.eval("read('never')").finally(() => {
    isPending = false;
  });
  results.never = { then() {} };
  const waiting = sandbox.eval("read('never')");
  await never;
  assert.equal(isPending, false, 'what is no promise is a value');
  sandbox.dispose();
  await assert.rejects(waiting, { name: 'DisposedError' });
});

test('what settles after dispose reaches nobody', async () => {
  const settle = [];
  const wait = () =>
    new Promise((resolve, reject) => {
      settle.push(resolve, reject);
    });
  const sandbox = await createSandbox({ globals: { load: wait, read: blocking(wait) }, modules: wait });
  const waiting = [
    sandbox.eval('load()'),
    sandbox.eval('read()'),
    sandbox.import('m'),
    sandbox.evalSync('() => load()')(),
  ];
  await delay(1);
  sandbox.dispose();
  for (const promise of waiting) await assert.rejects(promise, { name: 'DisposedError' });
  for (const end of settle) end('late');
  await delay(1);
});

test('an answer that does not fit is an error for the guest, not silence', async () => {
  const sandbox = await createSandbox({
    memoryLimit: 4 << 20,
    globals: {
      load: async () => 'x'.repeat(8 << 20),
      read: blocking(async () => 'x'.repeat(8 << 20)),
      symbol: async () => Symbol('s'),
    },
  });
  for (const source of ['load()', '(async () => read())()', 'symbol()'])
    assert.match(
      await sandbox.eval(
        `(async () => { try { await ${source}; return 'fits'; } catch (error) { return 'no: ' + error.message; } })()`,
      ),
      /^no: .*(fit|passed)/,
      source,
    );
  sandbox.dispose();
});

test('a flag that can no longer be read stops the guest', async () => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
  const flag = new Int32Array(buffer);
  const sandbox = await createSandbox({ interruptFlag: flag });
  assert.equal(sandbox.evalSync('5'), 5);
  buffer.resize(0);
  assert.throws(() => sandbox.evalSync('for (;;);'), { name: 'InterruptedError' });
  buffer.resize(4);
  assert.equal(sandbox.evalSync('for (let i = 0; i < 1e6; i++); 6'), 6);
  sandbox.dispose();
});

test('no import of the engine lets an exception through', async () => {
  const { instantiate } = WebAssembly;
  let imports;
  WebAssembly.instantiate = async (module, given) => {
    imports = given.caisson;
    return instantiate(module, given);
  };
  try {
    const sandbox = await createSandbox({
      isolation: 'instance',
      globals: { f: () => 1 },
      interruptFlag: new Int32Array(1),
      onUncaughtError: () => {},
    });
    const names = WebAssembly.Module.imports(
      await WebAssembly.compile(
        (await import('node:fs')).readFileSync(new URL('../../npm/caisson.wasm', import.meta.url)),
      ),
    ).map(({ name }) => name);
    assert.deepEqual(Object.keys(imports).sort(), names.sort());
    for (const [name, fn] of Object.entries(imports)) {
      for (const operands of [
        [],
        [1],
        [1, 4e9, 8, 4, 0, 0, 0],
        [1, 0, 4e9, 4e9, 1, 0, 0],
        [999, 1, 1, 1, 1],
        [1, NaN, -1, NaN, {}, null],
        [1, 1, 0, 0, 0, 0, 0],
      ])
        assert.doesNotThrow(() => fn(...operands), `${name}(${operands.map(String)})`);
      // The stack may be full when they are called: the deepest calls end with that, not with an exception of their
      // own.
      const overflow = () => {
        try {
          overflow();
        } catch {
          fn(1, 0, 0, 0, 0, 0, 0);
        }
      };
      try {
        overflow();
      } catch (error) {
        assert.match(String(error), /Maximum call stack/);
      }
    }
    assert.equal(sandbox.evalSync('6'), 6);
    sandbox.dispose();
  } finally {
    WebAssembly.instantiate = instantiate;
  }
});
