// In a page: a trap ends the sandboxes of its instance and no others, memory reaches beyond two GiB's sign, and many
// sandboxes take few WebAssembly memories, of which a page has only about a hundred.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';

const page = `
const opened = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const { exports } = await instantiate(module, imports);
  const control = { trap() { this.address = 0x7fff0000; } };
  opened.push(control);
  return { exports: { ...exports, caisson_enter: (runtime, ...rest) => exports.caisson_enter(control.address ?? runtime, ...rest) } };
};
const { EngineError, createSandbox } = await import('caisson');

globalThis.trap = async () => {
  const [culprit, other] = [await createSandbox(), await createSandbox()];
  const neighbours = [];
  while (opened.length < 8 || neighbours.length < 20) neighbours.push(await createSandbox());
  const instances = opened.length;
  const sharing = await createSandbox({ isolation: 'shared' });
  const pending = culprit.eval('new Promise(() => {})').catch((error) => error.name);
  opened[0].trap();
  const outcomes = [];
  try { culprit.evalSync('1'); } catch (error) { outcomes.push(error instanceof EngineError); }
  outcomes.push(await pending, other.evalSync('1 + 1'), (await createSandbox()).evalSync('1 + 2'), (await createSandbox({ isolation: 'instance' })).evalSync('1 + 3'));
  return { instances, outcomes };
};
globalThis.overflow = async () => {
  const [sandbox, other] = [await createSandbox({ isolation: 'instance' }), await createSandbox()];
  const descend = () => { try { return descend(); } catch { return sandbox.evalSync('[1, 2].map((n) => n * 2).join()'); } };
  let outcome;
  try { outcome = descend(); } catch (error) { outcome = error.name; }
  return [['2,4', 'EngineError', 'RangeError'].includes(outcome), other.evalSync('1'), (await createSandbox()).evalSync('2')];
};`;

test('what fails in a page is an instance', { skip: findChromium() ? false : 'there is no Chromium' }, async (t) => {
  const site = await visitModule(page, dirname(fileURLToPath(import.meta.url)));
  t.after(() => site.close());
  const tab = await site.open();
  assert.deepEqual(await tab.evaluate(() => globalThis.trap()), {
    instances: 8,
    outcomes: [true, 'EngineError', 2, 3, 4],
  });
  assert.deepEqual(await tab.evaluate(() => globalThis.overflow()), [true, 1, 2]);
});
