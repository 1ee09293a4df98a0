// Evaluations inside evaluations: what evalSync makes is done when it returns; what was queued before stays in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WouldWaitError, createSandbox } from 'caisson';

async function start(t, globals = {}, options = {}) {
  const log = [];
  const sandbox = await createSandbox({ globals: { log: (text) => void log.push(text), ...globals }, ...options });
  t.after(() => sandbox.dispose());
  return { sandbox, log };
}

const steps = (name) => `Promise.resolve().then(() => log('${name} 1')).then(() => log('${name} 2'));`;

test('evalSync from a host function runs its own jobs, not those of the evaluation around it', async (t) => {
  const { sandbox, log } = await start(t, {
    inner() {
      const value = this.sandbox.evalSync(
        `${steps('inner')} (async () => { await null; await null; return 'inner value'; })()`,
      );
      log.push('evalSync returned');
      return value;
    },
  });
  assert.equal(sandbox.evalSync(`${steps('outer')} const value = inner(); log('outer goes on'); value`), 'inner value');
  assert.deepEqual(log, ['inner 1', 'inner 2', 'evalSync returned', 'outer goes on', 'outer 1', 'outer 2']);
});

test('a job may call a host function that evaluates', async (t) => {
  const { sandbox, log } = await start(t, {
    inner() {
      this.sandbox.evalSync(steps('inner'));
    },
  });
  sandbox.evalSync(
    `queueMicrotask(() => { log('first'); inner(); log('first ends'); }); queueMicrotask(() => log('second'));`,
  );
  assert.deepEqual(log, ['first', 'inner 1', 'inner 2', 'first ends', 'second']);
});

test('three levels, each done before the one around it goes on', async (t) => {
  const { sandbox, log } = await start(t, {
    nest(level) {
      this.sandbox.evalSync(`${steps(`level ${level}`)} ${level < 3 ? `nest(${level + 1});` : ''} log('end ${level}')`);
    },
  });
  sandbox.evalSync(`${steps('level 0')} nest(1); log('end 0')`);
  assert.deepEqual(log, [
    'end 3',
    'level 3 1',
    'level 3 2',
    'end 2',
    'level 2 1',
    'level 2 2',
    'end 1',
    'level 1 1',
    'level 1 2',
    'end 0',
    'level 0 1',
    'level 0 2',
  ]);
});

test('reactions that evalSync causes in the program around it are due too', async (t) => {
  const { sandbox, log } = await start(t, {
    inner() {
      this.sandbox.evalSync('release("now")');
      log.push('returned');
    },
  });
  sandbox.evalSync(`
    const waiting = new Promise((resolve) => { globalThis.release = resolve; });
    (async () => { log('got ' + await waiting); await null; log('later'); })();
    ${steps('before')}
    inner();`);
  assert.deepEqual(log, ['got now', 'later', 'returned', 'before 1', 'before 2']);
});

test('what depends on a job of the program around it has to wait, and says so', async (t) => {
  const { sandbox, log } = await start(t, {
    inner() {
      assert.throws(
        () => this.sandbox.evalSync('(async () => { log("asks"); await later; log("answered"); })()'),
        WouldWaitError,
      );
      log.push('refused');
    },
  });
  sandbox.evalSync(`globalThis.later = Promise.resolve().then(() => log('later')); inner(); log('goes on')`);
  assert.deepEqual(log, ['asks', 'refused', 'goes on', 'later', 'answered']);
});

test('eval and calls of guest functions from a host function leave their jobs to the program around', async (t) => {
  let pending;
  const { sandbox, log } = await start(t, {
    inner() {
      pending = this.sandbox.eval(`${steps('eval')} 'value'`);
      log.push('returned');
    },
    callBack(fn) {
      fn();
      log.push('called');
    },
  });
  sandbox.evalSync(`${steps('outer')} inner(); callBack(() => { ${steps('callback')} });`);
  assert.deepEqual(log, ['returned', 'called', 'outer 1', 'eval 1', 'callback 1', 'outer 2', 'eval 2', 'callback 2']);
  assert.equal(await pending, 'value');
});

test('an evaluation that waits for the host is left alone by evalSync', async (t) => {
  let settle;
  const { sandbox, log } = await start(t, {
    load: () =>
      new Promise((resolve) => {
        settle = resolve;
      }),
  });
  const first = sandbox.eval(`(async () => { const x = await load(); log('loaded ' + x); return x; })()`);
  assert.equal(sandbox.evalSync(`${steps('between')} 5`), 5);
  assert.deepEqual(log, ['between 1', 'between 2']);
  settle(7);
  assert.equal(await first, 7);
});

test('an error in evalSync still runs the jobs that it made', async (t) => {
  const { sandbox, log } = await start(t, {
    inner() {
      try {
        this.sandbox.evalSync(`${steps('inner')} throw new RangeError('no')`);
      } catch (error) {
        log.push(error.message);
      }
    },
  });
  sandbox.evalSync(`${steps('outer')} inner(); log('goes on')`);
  assert.deepEqual(log, ['inner 1', 'inner 2', 'no', 'goes on', 'outer 1', 'outer 2']);
});

test('import inside a host function comes with its own entries, after the jobs of now', async (t) => {
  let imported;
  const { sandbox, log } = await start(
    t,
    {
      inner() {
        imported = this.sandbox.import('a');
        this.sandbox.evalSync(steps('inner'));
      },
    },
    { modules: { a: `log('module a'); await null; log('module a 2'); export const value = 3;` } },
  );
  sandbox.evalSync(`${steps('outer')} inner(); log('goes on')`);
  assert.equal((await imported).value, 3);
  assert.deepEqual(log, ['inner 1', 'inner 2', 'goes on', 'outer 1', 'outer 2', 'module a', 'module a 2']);
});

test('a storm in evalSync ends the entry around it by the time limit, and the sandbox goes on', async (t) => {
  const { sandbox, log } = await start(
    t,
    {
      inner() {
        this.sandbox.evalSync('(function storm() { Promise.resolve().then(storm); })()');
      },
    },
    { timeLimit: 100 },
  );
  assert.throws(() => sandbox.evalSync(`${steps('outer')} inner();`), { name: 'TimeLimitError' });
  log.length = 0;
  assert.equal(sandbox.evalSync('1 + 1'), 2);
});

test('rejections are reported once, by the outermost entry', async (t) => {
  const reported = [];
  const { sandbox } = await start(
    t,
    {
      inner() {
        this.sandbox.evalSync('Promise.reject(new Error("inner")); 0');
      },
    },
    { onUnhandledRejection: (error) => reported.push(error.message) },
  );
  sandbox.evalSync('inner(); Promise.reject(new Error("outer")); 0');
  assert.deepEqual(reported, ['inner', 'outer']);
});
