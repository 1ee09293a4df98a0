// whenIdle: a guest has nothing left to do by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(t, options) {
  const events = [];
  const sandbox = await createSandbox({
    onUncaughtError: (error) => {
      events.push(error);
    },
    ...options,
  });
  t.after(() => sandbox.dispose());
  return { sandbox, events };
}

// What the guest says it did is all there when it is idle, and whenIdle has waited for it.
const programs = {
  nothing: { source: '', did: [] },
  jobs: { source: 'Promise.resolve().then(() => did("job"))', did: ['job'] },
  'timers that start timers': {
    source: 'setTimeout(() => { did("a"); setTimeout(() => did("b"), 5); }, 5)',
    did: ['a', 'b'],
  },
  'an interval that is cleared': {
    source: 'let n = 0; const i = setInterval(() => { did(n); if (++n === 3) clearInterval(i); }, 2)',
    did: [0, 1, 2],
  },
  'an interval that another timer clears': {
    source: 'const i = setInterval(() => {}, 1); setTimeout(() => { clearInterval(i); did("cleared"); }, 20)',
    did: ['cleared'],
  },
  'a timer that throws': {
    source: 'setTimeout(() => { did("thrown"); throw new Error("late"); }, 5)',
    did: ['thrown'],
    events: 1,
  },
  'an answer of the host': { source: 'load("x").then(did)', did: ['x'] },
  'an answer that cannot cross': { source: 'load(0).catch((error) => did(error.name))', did: ['TypeError'] },
  'a promise of the host': { source: 'later.then(did)', did: ['later'] },
  'a blocking call in a timer': { source: 'setTimeout(() => did(read("y")), 2)', did: ['y'] },
  'a module': { source: 'import("./m.js").then((m) => did(m.value))', did: ['m'] },
  'a module that is not there': { source: 'import("./n.js").catch(() => did("no module"))', did: ['no module'] },
  'Atomics.waitAsync with a time': {
    source: 'Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5).value.then(did)',
    did: ['timed-out'],
  },
  'a message': {
    source:
      'const { port1, port2 } = new MessageChannel(); port2.onmessage = ({ data }) => did(data); port1.postMessage("hello")',
    did: ['hello'],
  },
  'what is paused': {
    source: 'for (const end = Date.now() + 30; Date.now() < end;); did("over")',
    did: ['over'],
    timeSlice: 2,
  },
};
for (const [name, { source, did, events = 0, ...options }] of Object.entries(programs)) {
  test(`a guest is idle after ${name}`, async (t) => {
    const said = [];
    const load = async (x) => (await delay(5), x === 0 ? new WeakMap() : x);
    const guest = await start(t, {
      ...options,
      modules: { './m.js': 'export const value = "m"' },
      globals: {
        did: (what) => {
          said.push(what);
        },
        load,
        read: blocking(load),
        later: delay(10).then(() => 'later'),
      },
    });
    const ended = guest.sandbox.eval(source);
    await guest.sandbox.whenIdle();
    assert.deepEqual(said, did);
    assert.equal(guest.events.length, events);
    await ended;
  });
}

test('a guest whose program waits for nothing is idle', async (t) => {
  const { sandbox } = await start(t);
  let ended = false;
  sandbox
    .eval('new Promise(() => {})')
    .finally(() => {
      ended = true;
    })
    .catch(() => {});
  await sandbox.whenIdle();
  assert.equal(ended, false);
});

test('a guest whose program was aborted is idle', async (t) => {
  const { sandbox } = await start(t);
  const controller = new AbortController();
  const ended = sandbox.eval('setInterval(() => {}, 1); new Promise(() => {})', { signal: controller.signal });
  const idle = sandbox.whenIdle();
  assert.equal(await Promise.race([idle.then(() => 'idle'), delay(20)]), undefined);
  controller.abort();
  await assert.rejects(ended, { name: 'AbortError' });
  await idle;
});

test('whenIdle from a host function waits for the entry that called it', async (t) => {
  const order = [];
  const { sandbox } = await start(t, {
    globals: {
      ask: () => {
        sandbox.whenIdle().then(() => order.push('idle'));
      },
      did: (x) => {
        order.push(x);
      },
    },
  });
  sandbox.evalSync('ask(); did("after"); setTimeout(() => did("timer"), 1)');
  await delay(0);
  await sandbox.whenIdle();
  assert.deepEqual(order, ['after', 'timer', 'idle']);
});

test('whenIdle is rejected when the sandbox ends before, and after that', async (t) => {
  const { sandbox } = await start(t);
  sandbox.evalSync('setInterval(() => {}, 1000)');
  const idle = sandbox.whenIdle();
  sandbox.dispose();
  await assert.rejects(idle, { name: 'DisposedError' });
  await assert.rejects(sandbox.whenIdle(), { name: 'DisposedError' });
});
