// A guest that never ends leaves a page's main thread alive (timeSlice): the page draws, and a click stops the guest.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';

const page = `
import { createSandbox } from 'caisson';

const button = document.body.appendChild(document.createElement('button'));
globalThis.frames = 0;
globalThis.start = async () => {
  const sandbox = await createSandbox({ timeSlice: 5 });
  button.onclick = () => sandbox.interrupt();
  const draw = () => { globalThis.frames++; requestAnimationFrame(draw); };
  requestAnimationFrame(draw);
  globalThis.ended = sandbox.eval('for (;;);').then(() => 'ended', (error) => error.name);
};`;

test('a page draws and hears clicks while its guest runs without end', {
  skip: findChromium() ? false : 'there is no Chromium',
}, async (t) => {
  const site = await visitModule(page, dirname(fileURLToPath(import.meta.url)));
  t.after(() => site.close());
  const tab = await site.open();
  await tab.evaluate(() => globalThis.start());
  await tab.waitForFunction(() => globalThis.frames > 10);
  await tab.click('button');
  assert.equal(await tab.evaluate(() => globalThis.ended), 'InterruptedError');
});

const storms = `
import { blocking, createSandbox } from 'caisson';

globalThis.run = async (source) => {
  const load = async (x) => x;
  const sandbox = await createSandbox({ timeLimit: 50, globals: { load, read: blocking(load) }, modules: () => 'export default 1' });
  let frames = 0, ticks = 0, isRunning = true;
  const draw = () => { if (isRunning) { frames++; requestAnimationFrame(draw); } };
  requestAnimationFrame(draw);
  const interval = setInterval(() => ticks++, 20);
  sandbox.eval(source).catch(() => {});
  const end = performance.now() + 5000;
  while ((frames < 10 || ticks < 10) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  isRunning = false;
  clearInterval(interval);
  sandbox.dispose();
  return { frames, ticks };
};`;

test('a page draws and keeps its timers while its guest asks without end', {
  skip: findChromium() ? false : 'there is no Chromium',
}, async (t) => {
  const site = await visitModule(storms, dirname(fileURLToPath(import.meta.url)));
  t.after(() => site.close());
  const tab = await site.open();
  for (const source of [
    '(async () => { for (;;) await load(1); })()',
    'for (;;) read(1);',
    "(async () => { for (let i = 0; ; i++) await import('./m' + i); })()",
    'for (let i = 0; i < 500; i++) setInterval(() => { for (const end = Date.now() + 20; Date.now() < end;); }); 0',
    'let n = 0; const t = { get then() { return n++ % 2 ? (resolve) => resolve(t) : undefined; } }; Promise.resolve(t)',
  ]) {
    const { frames, ticks } = await tab.evaluate((program) => globalThis.run(program), source);
    assert.ok(frames >= 10 && ticks >= 10, `${source}: ${frames} frames, ${ticks} ticks`);
  }
});
