// A few histories of API calls, of fixed seeds; `npm run fuzz -- history` makes as many as there is time for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzHistories } from '../fuzz/history.mjs';

test('what must hold does after each step of 40 random histories', async () => {
  const { done, findings } = await fuzzHistories({ seed: 1, count: 40, seconds: 300, shrinks: false });
  assert.deepEqual(findings, []);
  assert.equal(done, 40);
});
