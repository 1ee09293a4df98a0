// What `npm run bench -- --check FILE` calls a regression.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns } from '../bench/regressions.mjs';

const row = (name, group, caisson_ms, quickjs_ms) => ({
  name,
  group,
  caisson_ms,
  ...(quickjs_ms !== undefined && { quickjs_ms, ratio_vs_quickjs: quickjs_ms / caisson_ms }),
});
const regressions = (stored, programs) =>
  compareRuns(stored, programs)
    .filter(({ isRegression }) => isRegression)
    .map(({ group }) => group);

test('a group that takes more than a tenth longer is a regression', () => {
  const stored = [row('a', 'one', 10, 20), row('b', 'one', 10, 20), row('c', 'two', 10, 20)];
  assert.deepEqual(regressions(stored, stored), []);
  assert.deepEqual(regressions(stored, [row('a', 'one', 12.5, 20), row('b', 'one', 10, 20), stored[2]]), ['one']);
  assert.deepEqual(regressions(stored, [row('a', 'one', 12, 20), row('b', 'one', 9, 20), stored[2]]), []);
});

test('a slower machine is none, where a peer tells', () => {
  assert.deepEqual(regressions([row('a', 'one', 10, 20)], [row('a', 'one', 20, 40)]), []);
  assert.deepEqual(regressions([row('a', 'one', 10)], [row('a', 'one', 20)]), ['one']);
});

test('what only one of the runs has is not compared', () => {
  assert.deepEqual(compareRuns([row('a', 'one', 10)], [row('b', 'one', 10)]), []);
});
