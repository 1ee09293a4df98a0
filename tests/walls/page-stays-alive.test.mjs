// A guest that never ends leaves a page's main thread alive (timeSlice): the page draws, and a click stops the guest.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';
import { findChromium } from '../tools/requirements.mjs';

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

test('a page draws and hears clicks while its guest runs without end', { skip: findChromium() ? false : 'there is no Chromium' }, async (t) => {
  const site = await visitModule(page, dirname(fileURLToPath(import.meta.url)));
  t.after(() => site.close());
  const tab = await site.open();
  await tab.evaluate(() => globalThis.start());
  await tab.waitForFunction(() => globalThis.frames > 10);
  await tab.click('button');
  assert.equal(await tab.evaluate(() => globalThis.ended), 'InterruptedError');
});
