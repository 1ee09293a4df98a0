// The time limit that a sandbox has without any option, and what takes its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLimitError, createSandbox } from 'caisson';

/** A sandbox, and a function of its guest that makes the host's clock jump. */
async function start(t, options) {
  const { now } = performance;
  let ahead = 0;
  t.mock.method(performance, 'now', () => now.call(performance) + ahead);
  const sandbox = await createSandbox({ ...options, globals: { skip: (ms) => void (ahead += ms) } });
  t.after(() => sandbox.dispose());
  return sandbox;
}

// Long enough for a first look at the limits; then time passes; then the guest goes on for a while.
const program = (ms) => `{ let n = 0; while (n < 1e6) n++; skip(${ms}); while (n < 3e6) n++; n }`;

test('five seconds for each entry', async (t) => {
  const sandbox = await start(t);
  assert.equal(sandbox.evalSync(program(4000)), 3e6);
  assert.equal(sandbox.evalSync(program(4000)), 3e6, 'each entry has its own');
  assert.throws(
    () => sandbox.evalSync(program(5001)),
    (error) =>
      error instanceof TimeLimitError &&
      error.message === 'the guest ran longer than its time limit (5000 ms, the default of timeLimit)',
  );
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  const call = sandbox.evalSync(`() => ${program(5001)}`);
  assert.throws(call, TimeLimitError);
  await assert.rejects(sandbox.eval(`Promise.resolve().then(() => ${program(5001)})`), TimeLimitError);
});

test('a timer', async (t) => {
  const { now } = performance;
  let ahead = 0;
  t.mock.method(performance, 'now', () => now.call(performance) + ahead);
  const error = await new Promise((resolve, reject) => {
    createSandbox({ onUncaughtError: resolve, globals: { skip: (ms) => void (ahead += ms) } }).then((sandbox) => {
      t.after(() => sandbox.dispose());
      sandbox.evalSync(`setTimeout(() => { ${program(5001)} }); 1`);
    }, reject);
  });
  assert.ok(error instanceof TimeLimitError);
});

for (const options of [
  { timeLimit: Infinity },
  { timeLimit: 20_000 },
  { fuelLimit: 1e9 },
  { totalTimeLimit: 1e6 },
  { timeSlice: 1000 },
  { interruptFlag: new Int32Array(new SharedArrayBuffer(4)) },
])
  test(`not with ${Object.keys(options)}: ${Object.values(options)}`, async (t) => {
    const sandbox = await start(t, options);
    assert.equal(await sandbox.eval(program(10_000)), 3e6);
  });

for (const options of [{ timeLimit: Infinity }, { timeLimit: 20_000 }, { fuelLimit: 1e9 }, { totalTimeLimit: 1e6 }])
  test(`not for an eval with ${Object.keys(options)}: ${Object.values(options)}`, async (t) => {
    const sandbox = await start(t);
    assert.equal(sandbox.evalSync(program(10_000), options), 3e6);
    assert.equal(await sandbox.eval(program(10_000), options), 3e6);
    assert.throws(() => sandbox.evalSync(program(10_000)), TimeLimitError, 'only for that one');
  });

test('a limit of the sandbox holds for an eval that has limits of other kinds', async (t) => {
  const sandbox = await start(t, { timeLimit: 3000 });
  for (const options of [{ fuelLimit: 1e9 }, { totalTimeLimit: 1e6 }])
    assert.throws(() => sandbox.evalSync(program(4000), options), /time limit \(3000 ms\)$/);
  assert.throws(() => sandbox.evalSync(program(600), { timeLimit: 500 }), /time limit \(500 ms\)$/);
});

test('a time limit that was given counts from the beginning of the entry', async (t) => {
  const sandbox = await start(t, { timeLimit: 1000 });
  assert.throws(() => sandbox.evalSync('skip(1001); for (let n = 0; n < 1e6; n++);'), TimeLimitError);
});

test('waiting is not limited', async (t) => {
  const sandbox = await start(t);
  assert.equal(await sandbox.eval('new Promise((resolve) => setTimeout(() => { skip(10000); resolve(1); }, 5))'), 1);
});
