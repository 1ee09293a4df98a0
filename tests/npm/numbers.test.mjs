// Numbers that cross the boundary are met again only when nothing refers to them any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Numbers } from '../../npm/src/numbers.js';

test('numbers begin again after the last of 32 bits and pass over those in use', () => {
  const taken = new Set([1, 2, 4]);
  const numbers = new Numbers((number) => taken.has(number), 0xfffffffd);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => numbers.next()),
    [0xfffffffe, 0xffffffff, 3, 5, 6],
  );
});
