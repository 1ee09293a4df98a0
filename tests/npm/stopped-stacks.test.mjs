// Where a limit struck: the guest's stack in the errors that say that the guest was stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterruptedError, MemoryLimitError, TimeLimitError, createSandbox } from 'caisson';

const MIB = 1024 * 1024;

/** The error of a program, and the lines of its guestStack. */
async function stopOf(source, { evaluate = 'evalSync', type = TimeLimitError, ...options } = {}, sandboxOptions = {}) {
  const sandbox = await createSandbox({ memoryLimit: 8 * MIB, ...sandboxOptions });
  try {
    let error;
    try {
      await sandbox[evaluate](source, { name: 'plugin.js', ...options });
    } catch (thrown) {
      error = thrown;
    }
    assert.ok(error instanceof type, `${error}`);
    return { error, lines: error.guestStack.split('\n').map((line) => line.trim()) };
  } finally {
    sandbox.dispose();
  }
}

const quick = { fuelLimit: 300_000 };

test('an endless loop is named with its function, line and column, and with the callers', async () => {
  const { error, lines } = await stopOf(
    'function spin() {\n  for (;;);\n}\nfunction outer() {\n  spin();\n}\nouter();',
    quick,
  );
  assert.deepEqual(lines, ['at spin (plugin.js:2:3)', 'at outer (plugin.js:5:3)', 'at plugin.js:7:1']);
  assert.match(error.stack, /^TimeLimitError: the guest .*\n {4}at spin \(plugin\.js:2:3\)\n/);
  // The host's own frames follow.
  assert.match(error.stack, /plugin\.js:7:1\n.*(entries|core)\.js/);
  assert.equal(Object.keys(error).includes('guestStack'), false);
});

for (const [what, source, place] of [
  ['while', '\nwhile (true);', 'at plugin.js:2:1'],
  ['do while', '\ndo {} while (true);', 'at plugin.js:2:1'],
  [
    'for in',
    'const o = {};\nfor (let i = 0; i < 1e4; i++) o["a" + i] = 1;\nfor (;;) {\n  for (const k in o);\n}',
    'at plugin.js:4:3',
  ],
  ['for of', 'const a = Array(1e5).fill(0);\nfor (;;)\n  for (const x of a);', /at plugin\.js:3:/],
  ['a labelled loop', 'out:\n  for (;;) { continue out; }', 'at plugin.js:2:3'],
  ['a callback of a built-in', '[1, 2].sort(function order() {\n  for (;;);\n});', 'at order (plugin.js:2:3)'],
  ['a conversion', 'const o = { toString() {\n  for (;;);\n} };\n`${o}`;', /at (Object\.)?toString \(plugin\.js:2:3\)/],
  ['a getter', 'const o = { get x() {\n  for (;;);\n} };\no.x;', 'at get x (plugin.js:2:3)'],
  ['a proxy trap', 'new Proxy({}, { get() {\n  for (;;);\n} }).x', 'at get (plugin.js:2:3)'],
  ['a constructor', 'class A { constructor() {\n  for (;;);\n} }\nnew A();', 'at new A (plugin.js:2:3)'],
  ['a generator', 'function* rows() {\n  for (;;);\n}\n[...rows()];', 'at rows (plugin.js:2:3)'],
  [
    'recursion',
    'function f() {\n  f(); f(); f();\n}\nfor (let i = 0; i < 1e6; i++) try { f(); } catch {}',
    /at f \(plugin\.js:[12]:/,
  ],
  ['code of eval', 'function run() {\n  eval("\\nfor (;;);");\n}\nrun();', 'at eval (eval in plugin.js:2:1)'],
])
  test(`${what}`, async () => {
    const { lines } = await stopOf(source, quick);
    if (typeof place === 'string') assert.equal(lines[0], place);
    else assert.match(lines[0], place);
  });

for (const [what, source, line] of [
  [
    'sorting',
    'const a = Array.from({ length: 3e4 }, (_, i) => (i * 7919) % 30011);\nfunction go() {\n  for (;;) a.toSorted();\n}\ngo();',
    3,
  ],
  ['a regular expression', 'function go() {\n  return /^(a+)+$/.test("a".repeat(40) + "b");\n}\ngo();', 2],
  [
    'JSON',
    'const text = JSON.stringify(Array(1e4).fill(1.5));\nfunction go() {\n  for (;;) JSON.parse(text);\n}\ngo();',
    3,
  ],
])
  test(`within a built-in: ${what}`, async () => {
    const { lines } = await stopOf(source, { fuelLimit: 5_000_000 }, { memoryLimit: 32 * MIB });
    assert.match(lines[0], new RegExp(`^at go \\(plugin\\.js:${line}:\\d+\\)$`));
    assert.match(lines[1], /^at plugin\.js:5:1$|^at plugin\.js:4:1$/);
  });

test('time limits by the clock say where they struck, too', async () => {
  const { error, lines } = await stopOf('function spin() {\n  for (;;);\n}\nspin();', { timeLimit: 10 });
  assert.match(error.message, /time limit \(10 ms\)/);
  assert.deepEqual(lines, ['at spin (plugin.js:2:3)', 'at plugin.js:4:1']);
});

test('an asynchronous continuation is followed by the functions that await it', async () => {
  const source =
    'async function inner() {\n  await null;\n  for (;;);\n}\nasync function outer() {\n  await inner();\n}\nouter();';
  const { lines } = await stopOf(source, { evaluate: 'eval', ...quick });
  assert.deepEqual(lines, ['at inner (plugin.js:3:3)', 'at async outer (plugin.js:6:3)']);
});

test('a timer', async () => {
  const error = await new Promise((resolve, reject) => {
    createSandbox({ fuelLimit: 300_000, onUncaughtError: resolve }).then(
      (sandbox) => sandbox.evalSync('setTimeout(function tick() {\n  for (;;);\n})', { name: 'timer.js' }),
      reject,
    );
  });
  assert.ok(error instanceof TimeLimitError);
  assert.equal(error.guestStack, '    at tick (timer.js:2:3)');
});

test('out of memory: without memory for the stack', async () => {
  const source =
    'const all = [];\nfunction fill() {\n  for (;;) { try { for (;;) all.push({}); } catch {} }\n}\nfill();';
  const { error, lines } = await stopOf(source, { type: MemoryLimitError });
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^at fill \(plugin\.js:3:\d+\)$/);
  assert.equal(lines[1], 'at plugin.js:5:1');
  assert.match(error.stack, /^MemoryLimitError: .*\n {4}at fill/);
});

test('a program that interrupts itself through the host', async () => {
  const sandbox = await createSandbox({ globals: { stop: () => sandbox.interrupt() } });
  assert.throws(
    () => sandbox.evalSync('function click() {\n  stop();\n  for (;;);\n}\nclick();', { name: 'plugin.js' }),
    (error) => error instanceof InterruptedError && /^ {4}at click \(plugin\.js:[23]:3\)\n/.test(error.guestStack),
  );
  sandbox.dispose();
});

test('a paused program that is interrupted, or whose time is over', async () => {
  const source = 'function work() {\n  for (;;);\n}\nwork();';
  const sandbox = await createSandbox({ timeSlice: 2 });
  setTimeout(() => sandbox.interrupt(), 20);
  await assert.rejects(sandbox.eval(source, { name: 'plugin.js' }), (error) => {
    assert.ok(error instanceof InterruptedError);
    assert.equal(error.guestStack, '    at work (plugin.js:2:3)\n    at plugin.js:4:1');
    return true;
  });
  await assert.rejects(sandbox.eval(source, { name: 'late.js', timeLimit: 20 }), (error) => {
    assert.ok(error instanceof TimeLimitError);
    assert.equal(error.guestStack, '    at work (late.js:2:3)\n    at late.js:4:1');
    return true;
  });
  sandbox.dispose();
});

test('the time of one program', async () => {
  const source = 'async function work() {\n  await null;\n  for (;;);\n}\nwork();';
  for (const [evaluate, text, line] of [
    ['eval', source, 'at work (plugin.js:3:3)'],
    ['evalSync', 'function work() {\n  for (;;);\n}\nwork();', 'at work (plugin.js:2:3)'],
    ['eval', 'setTimeout(function late() {\n  for (;;);\n});\nnew Promise(() => {});', 'at late (plugin.js:2:3)'],
  ]) {
    const { error, lines } = await stopOf(text, { evaluate, totalTimeLimit: 10 });
    assert.match(error.message, /totalTimeLimit: 10 ms/);
    assert.equal(lines[0], line);
  }
});

test('an entry within a host function shows the frames on both sides of it', async () => {
  const sandbox = await createSandbox({
    fuelLimit: 300_000,
    globals: { again: () => sandbox.evalSync('function inner() {\n  for (;;);\n}\ninner();', { name: 'inner.js' }) },
  });
  assert.throws(
    () => sandbox.evalSync('function outer() {\n  again();\n}\nouter();', { name: 'outer.js' }),
    (error) =>
      error.guestStack ===
      '    at inner (inner.js:2:3)\n    at inner.js:4:1\n    at outer (outer.js:2:3)\n    at outer.js:4:1',
  );
  sandbox.dispose();
});

test('the innermost 16 frames are shown, and names are shortened', async () => {
  const { lines } = await stopOf('function f(n) {\n  if (n === 0) for (;;);\n  return f(n - 1);\n}\nf(100);', quick);
  assert.equal(lines.length, 16);
  assert.equal(lines[0], 'at f (plugin.js:2:16)');
  assert.ok(lines.slice(1).every((line) => line === 'at f (plugin.js:3:10)'));
  const long = 'x'.repeat(500);
  const named = await stopOf(`function ${long}() { for (;;); }\n${long}();`, quick);
  assert.match(named.lines[0], /^at x{100}\.\.\. \(plugin\.js:1:\d+\)$/);
});

test("names and files are the guest's texts, whatever they contain", async () => {
  const sandbox = await createSandbox({ fuelLimit: 300_000 });
  assert.throws(
    () =>
      sandbox.evalSync('({ ["gr\u00fc\u00df \ud83d\ude00"]() { for (;;); } })["gr\u00fc\u00df \ud83d\ude00"]()', {
        name: '\u65e5\u672c.js',
      }),
    (error) => /^ {4}at gr\u00fc\u00df \ud83d\ude00 \(\u65e5\u672c\.js:1:\d+\)\n/.test(error.guestStack),
  );
  sandbox.dispose();
});

test('a limit that strikes before any code runs has no frames; earlier ones are forgotten', async () => {
  const sandbox = await createSandbox({ totalTimeLimit: 5 });
  assert.throws(
    () => sandbox.evalSync('for (;;);'),
    (error) => error.guestStack === '    at eval:1:1',
  );
  assert.throws(
    () => sandbox.evalSync('1'),
    (error) => error instanceof TimeLimitError && error.guestStack === '',
  );
  sandbox.dispose();
});

test('a long source is located quickly', async () => {
  const lines = 20_000;
  const { lines: found } = await stopOf(
    `${'// a line of comment that is fairly long\n'.repeat(lines)}for (;;);`,
    quick,
  );
  assert.deepEqual(found, [`at plugin.js:${lines + 1}:1`]);
});
