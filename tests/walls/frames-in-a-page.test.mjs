// In a page: a guest with much alive that makes garbage all the time, in time slices, leaves the page its turns and its
// frames. How many frames is for `npm run bench -- --chromium`; here, that a busy machine shows the same.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';
import { visitModule } from '../tools/chromium.mjs';

const page = `
import { countFrames, countFramesBesideGuest } from './frames.mjs';
import { caisson } from './host-engines.mjs';
globalThis.count = async () => {
  const alone = await countFrames(2);
  return { alone, ...await countFramesBesideGuest(await caisson(), { seconds: 5, megabytes: 64, timeSlice: 5 }) };
};`;

test('a guest in time slices leaves a page its frames', {
  skip: findChromium() ? false : 'there is no Chromium',
}, async (t) => {
  const site = await visitModule(page, join(dirname(fileURLToPath(import.meta.url)), '..', 'bench'));
  t.after(() => site.close());
  const tab = await site.open();
  const result = await tab.evaluate(() => globalThis.count());
  const seen = JSON.stringify(result);
  const { alone, frames, pieces, longestStretch, collections } = result;
  assert.ok(collections >= 2, seen);
  // A guest without slices, or one whose slices wait for the end of something, would have few turns.
  assert.ok(longestStretch < pieces / 10, seen);
  const perSecond = (counts) => counts.reduce((sum, count) => sum + count) / counts.length;
  assert.ok(perSecond(frames) > perSecond(alone) / 3, seen);
});
