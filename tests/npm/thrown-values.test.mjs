// What a guest throws reaches the host, and what cannot be handed over is named in the error that takes its place:
// wherever it was thrown, the value as far as it can be told without running the guest's code, and what went wrong with
// it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const values = {
  '{ a: 1, get b() { throw new RangeError("getter") } }': [
    /\{ a: 1, b: \[Getter\] \}.*: getter$/,
    RangeError,
    'getter',
  ],
  'Symbol("unique")': [/Symbol\(unique\)/, TypeError, /./],
  'new Proxy({ c: 2 }, { ownKeys() { throw new SyntaxError("trap") } })': [/: trap$/, SyntaxError, 'trap'],
  '{ deep: { list: [1, new WeakMap()] } }': [/deep: /, TypeError, /./],
  '{ get x() { throw { y: 5 } } }': [/\[Getter\].*\{ y: 5 \}$/, Object, undefined],
  '{ get x() { throw { get y() { throw 1 } } } }': [/x: \[Getter\]/, undefined, undefined],
};

const ways = {
  'a rejection that nobody handles': (value) => `Promise.reject(${value}); 0`,
  'a timer': (value) => `setTimeout(() => { throw ${value} }, 0); 0`,
  'a script': (value) => `throw ${value}`,
  'a job': (value) => `queueMicrotask(() => { throw ${value} }); 0`,
  'an asynchronous result': (value) => `(async () => { throw ${value} })()`,
};

async function caught(source) {
  let tell;
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const sandbox = await createSandbox({ onUnhandledRejection: tell, onUncaughtError: tell });
  try {
    sandbox.eval(source).catch(tell);
    return await told;
  } finally {
    sandbox.dispose();
  }
}

for (const [way, program] of Object.entries(ways)) {
  test(`what cannot be handed over is named: ${way}`, async () => {
    for (const [value, [message, causeClass, causeMessage]] of Object.entries(values)) {
      const reason = await caught(program(`(${value})`));
      assert.ok(reason instanceof TypeError, `${value}: ${reason}`);
      assert.match(reason.message, message, value);
      if (causeClass !== undefined) assert.ok(reason.cause instanceof causeClass, `${value}: ${reason.cause}`);
      if (typeof causeMessage === 'string') assert.equal(reason.cause.message, causeMessage);
      else if (causeMessage !== undefined) assert.match(reason.cause.message, causeMessage);
    }
  });
  test(`what can be handed over is: ${way}`, async () => {
    assert.deepEqual(await caught(program('({ a: 1, get b() { return [2]; } })')), { a: 1, b: [2] });
    assert.equal(await caught(program('"text"')), 'text');
    const error = await caught(program('new RangeError("plain")'));
    assert.ok(error instanceof RangeError && error.message === 'plain');
  });
}

test('a text of any length is cut where it is named', async () => {
  const reason = await caught('Promise.reject({ long: "é".repeat(1e6), symbol: Symbol() }); 0');
  assert.ok(reason.message.length < 1200 && reason.message.startsWith("{ long: 'ééé"), reason.message.slice(0, 50));
});
