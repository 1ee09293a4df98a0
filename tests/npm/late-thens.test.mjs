// Values whose `then` only the message has: the engine, which resolves what has a `then`, sees none. The promises of
// the API end all the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import { blocking, createSandbox } from '../../npm/src/index.js';

// `then` is there when it is asked for the (n + 1)-th time.
const late = (n) =>
  `(() => { let asked = 0; return { get then() { return asked++ >= ${n} ? () => {} : undefined; } }; })()`;
const proxy = `(() => { let asked = 0; return new Proxy({}, { get(_, key) { return key === 'then' && asked++ > 0 ? () => {} : undefined; },
  ownKeys: () => ['then'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) }); })()`;
const programs = {
  'a value': late(1),
  'a proxy': proxy,
  'the value of a promise': `Promise.resolve(${late(1)})`,
  'a value after a blocking call': `wait(); ${late(0)}`,
};
const globals = { wait: blocking(async () => {}) };

async function soon(promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, 5000, new Error('still pending'))));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

for (const [name, program] of Object.entries(programs)) {
  test(`${name} with a late then: eval ends with the sandbox, its signal, its wait limit`, async () => {
    const sandbox = await createSandbox({ globals, timeLimit: 1000 });
    await assert.rejects(soon(sandbox.eval(program, { waitLimit: 20 })), { name: 'TimeLimitError' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(soon(sandbox.eval(program, { signal: controller.signal })), { name: 'AbortError' });
    const result = sandbox.eval(program);
    setTimeout(() => sandbox.dispose(), 20);
    await assert.rejects(soon(result), { name: 'DisposedError' });
  });
}

test('a promise within a result whose value has a late then ends with the sandbox', async () => {
  const sandbox = await createSandbox({ globals });
  const { promise } = sandbox.evalSync(`({ promise: Promise.resolve(${late(1)}) })`);
  assert.ok(promise instanceof Promise);
  setTimeout(() => sandbox.dispose(), 20);
  await assert.rejects(soon(promise), { name: 'DisposedError' });
});

test('a late then that calls back gives the value', async () => {
  const sandbox = await createSandbox();
  assert.equal(
    await soon(sandbox.eval('let n = 0; ({ get then() { return n++ ? (resolve) => resolve(7) : undefined; } })')),
    7,
  );
  sandbox.dispose();
});
