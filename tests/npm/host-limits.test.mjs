// What a guest can make its host keep, and what it can make it write, has an end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(t, options) {
  const sandbox = await createSandbox({ ...options });
  t.after(() => sandbox.dispose());
  return sandbox;
}

const counting = (what) =>
  `let made = 0; (() => { try { for (; made < 1000; made++) ${what}; } catch (error) { return [made, error.name, error.message]; } return made; })()`;

test('timers have a limit, which counts those that are pending', async (t) => {
  const sandbox = await start(t, { hostLimits: { timers: 10 } });
  assert.deepEqual(sandbox.evalSync(counting('setTimeout(() => {}, 1e6)')), [
    10,
    'RangeError',
    'more than 10 timers are pending (hostLimits.timers)',
  ]);
  sandbox.evalSync('for (let i = 0; i < 2000; i++) clearTimeout(i)');
  assert.equal(sandbox.evalSync('for (let i = 0; i < 100; i++) clearTimeout(setTimeout(() => {}, 1e6)); 1'), 1);
  const waits = await start(t, { hostLimits: { timers: 10 } });
  const [made, name] = waits.evalSync(
    `const a = new Int32Array(new SharedArrayBuffer(4)); ${counting('Atomics.waitAsync(a, 0, 0, 1e6)')}`,
  );
  assert.deepEqual([made, name], [10, 'RangeError']);
});

test('calls of host functions that have not settled have a limit', async (t) => {
  let calls = 0;
  const ends = [];
  const load = () => {
    calls++;
    return new Promise((resolve) => ends.push(resolve));
  };
  const sandbox = await start(t, {
    hostLimits: { calls: 10 },
    globals: { load, read: blocking(load), plain: () => 1 },
  });
  sandbox.evalSync('var settled = 0');
  assert.deepEqual(sandbox.evalSync(counting('load().then(() => settled++)')), [
    10,
    'RangeError',
    'more than 10 calls of host functions are pending (hostLimits.calls)',
  ]);
  assert.equal(calls, 10, 'what is refused is not begun');
  assert.equal(sandbox.evalSync('plain()'), 1);
  for (const end of ends) end();
  while (sandbox.evalSync('settled') < 10) await delay(1);
  const blocked = sandbox.eval(`let refused = 0, answered = 0;
    Promise.all(Array.from({ length: 20 }, async () => { await null; try { read(); answered++; } catch (error) { if (error instanceof RangeError) refused++; } })).then(() => [refused, answered])`);
  await delay(5);
  for (const end of ends) end();
  await delay(5);
  for (const end of ends) end();
  assert.deepEqual(await blocked, [10, 10]);
});

test('modules that are asked for have a limit', async (t) => {
  let asked = 0;
  const sandbox = await start(t, {
    hostLimits: { imports: 5 },
    modules: () => {
      asked++;
      return new Promise(() => {});
    },
  });
  const errors = await sandbox.eval(
    "const errors = []; for (let i = 0; i < 8; i++) import('./m' + i).catch((error) => errors.push(error.name + ': ' + error.message)); Promise.resolve().then(() => {}).then(() => errors)",
  );
  await delay(5);
  assert.equal(asked, 5);
  assert.deepEqual(
    sandbox.evalSync('errors'),
    Array(3).fill('RangeError: more than 5 modules are being loaded at once (hostLimits.imports)'),
  );
  assert.ok(errors.length <= 3);
});

test('functions and promises of the guest that the host holds have limits', async (t) => {
  const held = [];
  const sandbox = await start(t, {
    hostLimits: { functions: 10, promises: 5 },
    globals: {
      hold: (value) => {
        held.push(value);
      },
    },
  });
  assert.deepEqual(sandbox.evalSync(counting('hold(() => {})')), [
    10,
    'RangeError',
    'more than 10 functions and objects of the guest are held by the host (hostLimits.functions)',
  ]);
  assert.deepEqual(sandbox.evalSync(`{ ${counting('hold(new Promise(() => {}))')} }`), [
    5,
    'RangeError',
    'more than 5 promises of the guest are held by the host (hostLimits.promises)',
  ]);
  await assert.rejects(sandbox.eval('() => {}'), { name: 'RangeError' });
});

test('promises whose programs and calls have been ended do not count', async (t) => {
  const sandbox = await start(t, { hostLimits: { promises: 5 }, waitLimit: 1000 });
  const never = sandbox.evalSync('() => new Promise(() => {})');
  const shared = sandbox.evalSync(
    '({ promise: globalThis.shared = new Promise((resolve) => { globalThis.go = resolve; }) })',
  );
  for (let i = 0; i < 20; i++) {
    const controller = new AbortController();
    const program = sandbox.eval('new Promise(() => {})', { signal: controller.signal });
    const other = sandbox.eval('shared', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(program, /enough/);
    await assert.rejects(other, /enough/);
    await assert.rejects(sandbox.eval('new Promise(() => {})', { waitLimit: 1 }), { name: 'TimeLimitError' });
    const call = never();
    const [interrupted] = [sandbox.eval('new Promise(() => {})')];
    sandbox.interrupt();
    await assert.rejects(interrupted, { name: 'InterruptedError' });
    await assert.rejects(call, { name: 'InterruptedError' });
  }
  // One that the host has in another way as well waits on, and crosses as before.
  assert.equal(sandbox.evalSync('(promise) => promise === shared')(shared.promise), true);
  const again = sandbox.eval('shared');
  sandbox.evalSync('go(7)');
  assert.equal(await again, 7);
  assert.equal(await shared.promise, 7);
});

test('events of one entry have a limit, and the rest is counted', async (t) => {
  const reasons = [],
    errors = [];
  const sandbox = await start(t, {
    hostLimits: { events: 3 },
    onUnhandledRejection: (reason) => {
      reasons.push(reason);
    },
    onUncaughtError: (error) => {
      errors.push(error.message);
    },
  });
  sandbox.evalSync('for (let i = 0; i < 10; i++) Promise.reject(i); 0');
  assert.deepEqual(reasons, [0, 1, 2]);
  assert.deepEqual(errors, ['more than 3 errors and rejections in one entry: 7 were not reported (hostLimits.events)']);
});

test("the default log shows a guest's text, and does what it says to nobody", async (t) => {
  const lines = [];
  t.mock.method(console, 'error', (...args) => {
    lines.push(args);
  });
  const sandbox = await start(t, { timeLimit: 5000 });
  const logged = (source) => {
    lines.length = 0;
    sandbox.evalSync(`Promise.reject(${source}); 0`);
    assert.equal(lines.length, 1, source);
    assert.equal(lines[0].length, 1, 'no further arguments, which console would format');
    return lines[0][0];
  };
  assert.match(
    logged('new TypeError("simple")'),
    /^Unhandled rejection in a sandbox: TypeError: simple\n {2}\| +at eval/,
  );
  assert.equal(
    logged('"\\u001b[31mred\\u0007\\u009b0m %s %d"'),
    'Unhandled rejection in a sandbox: \\u{1b}[31mred\\u{7}\\u{9b}0m %s %d',
  );
  assert.equal(
    logged('"one\\nERROR two\\rthree\\u2028four"'),
    'Unhandled rejection in a sandbox: one\n  | ERROR two\\u{d}three\\u{2028}four',
  );
  assert.ok(logged('"x".repeat(1e6)').length < 9000);
  assert.ok(logged('new Error("\\u001b".repeat(1e5))').length < 60_000);
  for (const source of [
    'Object.defineProperty(new Error("m"), "stack", { value: "\\u001b[2J" })',
    'Object.assign(new Error("m"), { name: "\\u001b[2J" })',
    '({ toString() { throw 1; }, then: 1, constructor: { name: 5 }, [Symbol.toStringTag]: "\\u001b[2J", "\\u001b[2J": 1 })',
    '["\\u001b[2J", { a: [[[[1]]]] }]',
    'new Map([["\\u001b[2J", 1]])',
    'Object.create(null)',
    '1n << 100000n',
    '(function f() {})',
    'new Date(NaN)',
    'new Uint8Array(1e6)',
    'Array(1e6)',
    'null',
    'undefined',
  ])
    assert.doesNotMatch(logged(source), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, source);
});

test('the default log asks the guest for nothing, and names no key in full', async (t) => {
  const lines = [];
  t.mock.method(console, 'error', (line) => {
    lines.push(line);
  });
  const sandbox = await start(t, { timeLimit: 5000 });
  sandbox.evalSync(`globalThis.asked = 0;
    class Live { get name() { asked++; return new Live(); } method() {} }
    const own = () => { const live = new Live(); for (let i = 0; i < 9; i++) Object.defineProperty(live, 'p' + i, { enumerable: true, get() { asked++; return own(); } }); return live; };
    globalThis.give = (value) => { Promise.reject(value); return 0; }; globalThis.values = [new Live(), own(), [own(), { nested: own() }]]; 0`);
  for (let i = 0; i < 3; i++) sandbox.evalSync(`give(values[${i}])`);
  assert.equal(sandbox.evalSync('asked'), 0);
  assert.deepEqual(
    lines.map((line) => line.replace('Unhandled rejection in a sandbox: ', '')),
    ['[object of the guest]', '[object of the guest]', '[[object of the guest], {nested: [object of the guest]}]'],
  );
  sandbox.evalSync(
    'const key = "k".repeat(1e6); give(Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => ({ [key]: 1 }))))',
  );
  assert.ok(lines[3].length < 9000);
  assert.match(lines[3], /k{100}\.\.\.: 1/);
});

test('the default log has a rate, and says how much was left out', async (t) => {
  const lines = [];
  t.mock.method(console, 'error', (line) => {
    lines.push(line);
  });
  const sandbox = await start(t);
  for (let i = 0; i < 300; i++) sandbox.evalSync(`Promise.reject(${i}); 0`);
  await delay(1300);
  const written = lines.filter((line) => line.startsWith('Unhandled')).length;
  const omitted = lines
    .map((line) => Number(/^\((\d+) more of a sandbox's errors were not logged\)$/.exec(line)?.[1] ?? 0))
    .reduce((a, b) => a + b);
  assert.ok(written >= 20 && written < 300, `${written}`);
  assert.equal(written + omitted, 300);
});

test('large reasons of one entry are read up to a number of bytes, the rest is counted', async () => {
  const heard = [];
  const sandbox = await createSandbox({
    onUnhandledRejection: (reason) => heard.push(reason.length),
    onUncaughtError: (error) => heard.push(error.message),
  });
  sandbox.evalSync('for (let i = 0; i < 50; i++) Promise.reject("x".repeat(400_000 + i)); 0');
  assert.deepEqual(heard, [
    400000,
    400001,
    400002,
    'the errors and rejections of one entry take more than 1048576 bytes: 47 were not reported',
  ]);
  heard.length = 0;
  sandbox.evalSync('Promise.reject("x".repeat(2_000_000)); Promise.reject("y"); 0');
  assert.deepEqual(heard, [
    2000000,
    'the errors and rejections of one entry take more than 1048576 bytes: 1 were not reported',
  ]);
  heard.length = 0;
  sandbox.evalSync('Promise.reject("abc"); 0');
  assert.deepEqual(heard, [3]);
  sandbox.dispose();
});
