// Programs that run long leave the host its turns (timeSlice), and nothing of the guest sees that they do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';
import { createTestSandbox } from '../tools/test-sandbox.mjs';

// Longer than many slices.
const busy = 'let n = 0; for (let i = 0; i < 3e6; i++) n += i % 7;';

async function start(t, options, create = createSandbox) {
  const log = [];
  const sandbox = await create({
    timeSlice: 1,
    ...options,
    globals: {
      log: (text) => {
        log.push(text);
      },
      ...options?.globals,
    },
  });
  t.after(() => sandbox.dispose());
  return { sandbox, log };
}

const turns = async (count) => {
  while (count-- > 0) await new Promise((resolve) => setImmediate(resolve));
};

test('the host has its turns while a program runs', async (t) => {
  const { sandbox } = await start(t);
  let count = 0,
    isRunning = true;
  const program = sandbox.eval(`${busy} n`).finally(() => {
    isRunning = false;
  });
  while (isRunning) {
    await turns(1);
    count++;
  }
  assert.ok(count > 3, `${count} turns`);
  assert.equal(await program, 8999994);
});

const places = {
  'a function': `(() => { ${busy} return n; })()`,
  'a callback': `[1].map(() => { ${busy} return n; })[0]`,
  'a generator': `[...(function* () { ${busy} yield n; })()][0]`,
  'an async function': `(async () => { ${busy} await null; return n; })()`,
  'after an await': `(async () => { await null; ${busy} return n; })()`,
  'a promise handler': `Promise.resolve().then(() => { ${busy} return n; })`,
  'a thenable': `Promise.resolve({ then(resolve) { ${busy} resolve(n); } })`,
  'a timer': `new Promise((resolve) => setTimeout(() => { ${busy} resolve(n); }))`,
  'a microtask': `new Promise((resolve) => queueMicrotask(() => { ${busy} resolve(n); }))`,
  'a class': `class A { static { ${busy} this.n = n; } } A.n`,
  'direct eval': `eval(${JSON.stringify(`{ ${busy} n }`)})`,
  'a catch block': `(() => { try { throw 1; } catch { ${busy} return n; } })()`,
  'a finally block': `(() => { try { return 8999994; } finally { ${busy} } })()`,
  'an indirect eval': `(0, eval)(${JSON.stringify(`{ ${busy} n }`)})`,
  'an asynchronous generator': `(async function* () { ${busy} yield n; })().next().then(({ value }) => value)`,
  'the end of an asynchronous generator': `(async () => {
    const g = (async function* () { try { yield 1; } finally { ${busy} return n; } })();
    await g.next();
    return (await g.return(1)).value;
  })()`,
  'a native that handles a promise': `Promise.resolve({ toJSON() { ${busy} return n; } }).then(JSON.stringify).then(Number)`,
  'a bound function of a timer': `new Promise((resolve) => setTimeout(((f) => { ${busy} f(n); }).bind(null, resolve)))`,
  'a getter of then': `Promise.resolve().then(() => ({ get then() { ${busy} return (resolve) => resolve(n); } }))`,
  'a conversion': `Number({ valueOf() { ${busy} return n; } })`,
  toJSON: `JSON.parse(JSON.stringify({ toJSON() { ${busy} return n; } }))`,
};
for (const [place, source] of Object.entries(places)) {
  test(`a program goes on where it was paused: ${place}`, async (t) => {
    const { sandbox } = await start(t, { timeSlice: 0.1 });
    let turnsOfHost = 0;
    const turn = () => {
      turnsOfHost++;
      immediate = setImmediate(turn);
    };
    let immediate = setImmediate(turn);
    t.after(() => clearImmediate(immediate));
    assert.equal(await sandbox.eval(source), 8999994);
    assert.ok(turnsOfHost > 3, `${turnsOfHost} turns of the host`);
  });
}

test('nothing else of the guest runs before a paused program has ended', async (t) => {
  const { sandbox, log } = await start(t);
  const call = await sandbox.eval('(text) => { log(text); return text; }');
  const settled = Promise.resolve('settled');
  const first =
    sandbox.eval(`setTimeout(() => log('timer'), 0); const interval = setInterval(() => { log('interval'); clearInterval(interval); }, 0);
    Promise.resolve().then(() => log('job')); new Promise((resolve) => { globalThis.settle = (promise) => promise.then(log); });
    log('first'); ${busy} log('first ends'); n`);
  const second = sandbox.eval('log("second"); n + 1');
  const third = call('third');
  assert.ok(third instanceof Promise, 'a call that has to wait gives a promise');
  await turns(2);
  assert.deepEqual(log, ['first']);
  assert.deepEqual(await Promise.all([first, second, third, settled]), [8999994, 8999995, 'third', 'settled']);
  while (!log.includes('interval')) await turns(1);
  assert.deepEqual(log.slice(0, 5), ['first', 'first ends', 'job', 'second', 'third']);
  assert.deepEqual(log.slice(5).sort(), ['interval', 'timer']);
});

test('modules wait for one another, paused or not', async (t) => {
  const modules = {
    main: `import { n } from 'long'; import 'other'; log('main'); export { n };`,
    long: `log('long'); ${busy} log('long ends'); export { n };`,
    other: `log('other');`,
    top: `import 'awaits'; import 'other2'; log('top');`,
    awaits: `log('awaits'); ${busy} log('before'); await null; log('after');`,
    other2: `log('other2');`,
    fails: `import 'broken'; log('never');`,
    broken: `${busy} null.x;`,
  };
  const { sandbox, log } = await start(t, { modules });
  const { n } = await sandbox.import('main');
  assert.equal(n, 8999994);
  await sandbox.import('top');
  assert.deepEqual(log, ['long', 'long ends', 'other', 'main', 'awaits', 'before', 'other2', 'after', 'top']);
  await assert.rejects(sandbox.import('fails'), /null\.x: cannot read 'x' of null/);
  await assert.rejects(sandbox.import('fails'), /null\.x: cannot read 'x' of null/);
  assert.ok(!log.includes('never'));
});

test('what is synchronous does not wait', async (t) => {
  const { sandbox, log } = await start(t);
  const program = sandbox.eval(`${busy} log(typeof late); n`);
  assert.throws(() => sandbox.evalSync('1'), { name: 'WouldWaitError', message: /timeSlice.*use eval/ });
  sandbox.setGlobal('late', 1); // runs nothing of the guest
  assert.equal(await program, 8999994);
  assert.deepEqual(log, ['number']);
  assert.equal(sandbox.evalSync(`{ ${busy} n }`), 8999994, 'and is not paused');
});

test('a host function that calls back is not interrupted', async (t) => {
  const { sandbox } = await start(t, { globals: { twice: (fn) => fn() + fn() } });
  assert.equal(await sandbox.eval(`twice(() => { ${busy} return n; })`), 2 * 8999994);
});

test('interrupt stops what is paused, and a signal its program', async (t) => {
  const uncaught = [];
  const { sandbox } = await start(t, {
    onUncaughtError: (error) => {
      uncaught.push(error.name);
    },
  });
  const endless = sandbox.eval('for (;;);');
  await turns(1);
  sandbox.interrupt();
  await assert.rejects(endless, { name: 'InterruptedError' });
  assert.equal(sandbox.evalSync('1 + 1'), 2);

  const controller = new AbortController();
  const jobs = sandbox.eval(
    'let goesOn = true; const again = () => { if (goesOn) Promise.resolve().then(again); }; again(); new Promise(() => {})',
    { signal: controller.signal },
  );
  const next = sandbox.eval('goesOn = false; "next"');
  await turns(3);
  controller.abort(new Error('enough'));
  await assert.rejects(jobs, /enough/);
  assert.equal(await next, 'next');
  assert.deepEqual(uncaught, []);

  sandbox.evalSync('setTimeout(() => { for (;;); }); 0');
  await new Promise((resolve) => setTimeout(resolve, 10));
  sandbox.interrupt();
  await turns(3);
  assert.deepEqual(uncaught, ['InterruptedError']);
});

test('what an interrupted program has queued does not go on in the next entry', async (t) => {
  for (const source of ['again()', 'queueMicrotask(() => { again(); for (;;); })']) {
    const { sandbox } = await start(t, { onUncaughtError: () => {} });
    sandbox.evalSync('let count = 0; const again = () => { count++; Promise.resolve().then(again); }; 0');
    const storm = sandbox.eval(`${source}; new Promise(() => {})`);
    await turns(3);
    sandbox.interrupt();
    await assert.rejects(storm, { name: 'InterruptedError' });
    const count = sandbox.evalSync('count');
    assert.ok(count > 0);
    assert.equal(sandbox.evalSync('count'), count);
  }
});

test('an entry that waits for its turn can be aborted', async (t) => {
  const { sandbox, log } = await start(t);
  const controller = new AbortController();
  const program = sandbox.eval(`${busy} n`);
  const waiting = sandbox.eval('log("ran")', { signal: controller.signal });
  controller.abort(new Error('not needed'));
  await assert.rejects(waiting, /not needed/);
  assert.equal(await program, 8999994);
  assert.deepEqual(log, []);
});

test('the time limit counts the time of the guest alone', async (t) => {
  const { sandbox } = await start(t, { timeLimit: 2000 });
  const idle = setInterval(() => {
    for (const end = performance.now() + 300; performance.now() < end; );
  }, 0);
  t.after(() => clearInterval(idle));
  const begin = performance.now();
  assert.equal(await sandbox.eval('let m = 0; for (let i = 0; i < 2e6; i++) m += i % 7; m'), 5999995);
  clearInterval(idle);
  assert.ok(performance.now() - begin > 300, 'the host had a turn');
  await assert.rejects(sandbox.eval('for (;;);', { timeLimit: 30 }), { name: 'TimeLimitError', message: /\(30 ms\)/ });
  assert.equal(await sandbox.eval('m'), 5999995);
});

test('dispose ends what is paused and what waits', async () => {
  const sandbox = await createSandbox({ timeSlice: 1 });
  const results = [sandbox.eval('for (;;);'), sandbox.eval('1'), sandbox.eval('2')];
  await turns(2);
  sandbox.dispose();
  for (const result of results) await assert.rejects(result, { name: 'DisposedError' });
});

test('a weak reference that was read stays while its program is paused', async (t) => {
  const { sandbox } = await start(t, {}, createTestSandbox);
  assert.equal(
    await sandbox.eval(`const weak = new WeakRef({ a: 1 }); weak.deref(); ${busy} $262.gc(); weak.deref()?.a`),
    1,
  );
});

test('a paused program and one that waits for the host keep apart', async (t) => {
  let answer;
  const load = blocking(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const { sandbox, log } = await start(t, { globals: { load } });
  const waits = sandbox.eval('log("asks"); const text = load(); log("has it"); text');
  const runs = sandbox.eval(`log("runs"); ${busy} log("ends"); n`);
  answer('text');
  assert.deepEqual(await Promise.all([waits, runs]), ['text', 8999994]);
  assert.deepEqual(log, ['asks', 'runs', 'ends', 'has it']);
});

// A promise in place of an iterator's result would be a result without a value, and the loop without end.
test('a loop over an iterator whose step is paused throws, and what is left of the step ends nothing', async (t) => {
  const rejected = t.mock.fn();
  process.on('unhandledRejection', rejected);
  t.after(() => process.off('unhandledRejection', rejected));
  const { sandbox } = await start(t);
  const iterable = await sandbox.eval('({ [Symbol.iterator]: () => ({ next() { for (;;); } }) })');
  const seen = [];
  const loop = () => {
    for (const item of iterable) seen.push(item);
  };
  assert.throws(loop, { name: 'WouldWaitError', message: /^next: .*paused \(timeSlice\); use for await$/ });
  assert.throws(loop, { name: 'WouldWaitError', message: /paused \(timeSlice\)/ }, 'and while it is paused');
  sandbox.interrupt();
  await turns(3);
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  assert.deepEqual(seen, []);
  assert.equal(rejected.mock.callCount(), 0);
});

test('a host that ignores the promise of a call that is paused is not ended by it', async (t) => {
  const rejected = t.mock.fn();
  process.on('unhandledRejection', rejected);
  t.after(() => process.off('unhandledRejection', rejected));
  const sandbox = await createSandbox({ timeSlice: 1 });
  const call = await sandbox.eval('() => { for (;;); }');
  assert.ok(call() instanceof Promise);
  assert.ok(call() instanceof Promise, 'also one that waits for its turn');
  sandbox.dispose();
  await turns(3);
  assert.equal(rejected.mock.callCount(), 0);
});

test('for await waits for paused steps, and for the turn of a program before', async (t) => {
  const { sandbox } = await start(t, { timeSlice: 0.1 });
  const source = `(function* () { for (let k = 0; k < 2; k++) { ${busy} yield n + k; } })`;
  const make = sandbox.evalSync(source);
  const seen = [];
  const generator = await make();
  const program = sandbox.eval(`{ ${busy} n }`);
  for await (const item of generator) seen.push(item);
  assert.deepEqual(seen, [8999994, 8999995]);
  assert.equal(await program, 8999994);
});

test('the promises of references wait for what is paused; without them a property is read at once', async (t) => {
  const { sandbox } = await start(t, { timeSlice: 0.1 });
  const reference = sandbox.ref(`({ get slow() { ${busy} return n; }, get list() { ${busy} return [n]; } })`);
  assert.equal(reference.get('slow'), 8999994);
  let turnsOfHost = 0;
  const interval = setInterval(() => turnsOfHost++, 0);
  t.after(() => clearInterval(interval));
  const program = sandbox.eval(`{ ${busy} n }`);
  assert.throws(() => reference.get('slow'), { name: 'WouldWaitError', message: /timeSlice.*promises/ });
  assert.equal(await reference.promises.get('slow'), 8999994);
  assert.equal((await reference.promises.ref('list')).get(0), 8999994);
  assert.equal(await program, 8999994);
  assert.ok(turnsOfHost > 1, `${turnsOfHost} turns`);
});

test('a program that a getter among the arguments starts keeps its turn: the call is refused', async (t) => {
  const { sandbox, log } = await start(t);
  const first = sandbox.evalSync('var first = (value) => log(value.x); first');
  const object = sandbox.evalSync('({ n: 5, method(value) { log(value.x); return this.n; } })');
  const ways = {
    argument: (value) => first(value),
    'argument of a method': (value) => object.method(value),
    'argument beside a receiver': (value) => first.call(object, value),
    'argument of a reference': (value) => sandbox.ref('first').call(undefined, value),
  };
  for (const [name, call] of Object.entries(ways)) {
    let program;
    const value = {
      f() {}, // sent, and given back
      get x() {
        program ??= sandbox.eval(`(() => { ${busy} log('program'); return n; })()`);
        return name;
      },
    };
    assert.throws(() => call(value), { name: 'WouldWaitError', message: /started a program of the guest/ }, name);
    assert.equal(await program, 8999994);
    assert.deepEqual(log.splice(0), ['program'], name);
    await call(value);
    assert.deepEqual(log.splice(0), [name]);
  }
});
