// Thousands of sandboxes at once in one page: each has state of its own and answers, and when they are disposed of,
// neither the page nor WebAssembly keeps their memory.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';

const whole = process.env.CAISSON_WHOLE_SIZES === '1';
const count = whole ? 10_000 : 1_000;

const page = `
const memories = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  memories.push(new WeakRef(instance.exports.memory));
  return instance;
};
const { createSandbox } = await import('caisson');
globalThis.size = () => memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0);
globalThis.round = async (count) => {
  const sandboxes = [];
  for (let i = 0; i < count; i++) {
    const sandbox = await createSandbox({ globals: { number: i } });
    sandbox.evalSync('var own = [number, "text of " + number]; globalThis.count = 0');
    sandboxes.push(sandbox);
  }
  // In another order than they were made in, and twice.
  const wrong = [];
  for (let turn = 1; turn <= 2; turn++)
    for (let i = count - 1; i >= 0; i--)
      if (sandboxes[i].evalSync('own.join() + " " + ++count') !== i + ',text of ' + i + ' ' + turn) wrong.push(i);
  const used = sandboxes.reduce((sum, sandbox) => sum + sandbox.memoryUsed, 0);
  for (const sandbox of sandboxes) sandbox.dispose();
  return { wrong, used, instances: memories.length, left: sandboxes.filter(({ isDisposed }) => !isDisposed).length };
};`;

test(`${count} sandboxes live in one page, and leave nothing behind`, {
  skip: findChromium() ? false : 'there is no Chromium',
}, async (t) => {
  const site = await visitModule(page, dirname(fileURLToPath(import.meta.url)));
  t.after(() => site.close());
  const tab = await site.open();
  const tools = await tab.context().newCDPSession(tab);
  const heap = async () => {
    for (let i = 0; i < 3; i++) await tools.send('HeapProfiler.collectGarbage');
    return (await tools.send('Runtime.getHeapUsage')).usedSize;
  };
  const round = () => tab.evaluate((number) => globalThis.round(number), count);
  await tab.evaluate(() => globalThis.round(10));
  const before = await heap();
  const first = await round();
  assert.deepEqual(first.wrong, []);
  assert.equal(first.left, 0);
  assert.ok(first.instances <= 32, `${first.instances} instances`);
  assert.ok(first.used / count < 160 * 1024, `${first.used / count} bytes in each`);
  const after = await heap();
  assert.ok(after - before < 2 ** 20 + 100 * count, `the page keeps ${after - before} bytes`);
  const size = await tab.evaluate(() => globalThis.size());
  assert.ok(size <= 32 * 2 ** 20, `${size} bytes of WebAssembly memory are left`);
  assert.deepEqual((await round()).wrong, []);
});
