// The lists behind the output, against plain ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lines, MOST_LINES, countLines } from '../../web/output/lines.js';
import { RowHeights } from '../../web/output/row-heights.js';

// The same numbers every time.
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

test('heights of rows: sums and searches are those of a plain list, whatever comes and goes', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomFrom(seed);
    const rows = new RowHeights();
    let start = random(3000);
    rows.clear(start);
    let plain = [];
    for (let step = 0; step < 60; step++) {
      switch (random(5)) {
        case 0:
        case 1:
          for (let i = random(400); i > 0; i--) {
            const height = 1 + random(90);
            rows.add(height);
            plain.push(height);
          }
          break;
        case 2:
          if (plain.length > 0) {
            const place = random(plain.length);
            plain[place] = random(500) + 0.5;
            rows.set(start + place, plain[place]);
          }
          break;
        case 3: {
          const gone = random(plain.length + 1);
          if (gone === plain.length) break;
          start += gone;
          plain = plain.slice(gone);
          rows.dropBefore(start);
          break;
        }
        default:
          if (random(10) > 0) break;
          start += plain.length + random(1000);
          plain = [];
          rows.clear(start);
      }
      const total = plain.reduce((sum, height) => sum + height, 0);
      assert.ok(Math.abs(rows.total - total) < 1e-6);
      assert.equal(rows.end, start + plain.length);
      if (plain.length === 0) {
        assert.equal(rows.at(100), start);
        assert.equal(rows.before(start), 0);
        continue;
      }
      const place = random(plain.length + 1);
      const before = plain.slice(0, place).reduce((sum, height) => sum + height, 0);
      assert.ok(Math.abs(rows.before(start + place) - before) < 1e-6);
      const offset = random(Math.ceil(total) + 50);
      let expected = 0;
      for (let left = offset; expected < plain.length - 1 && left >= plain[expected]; expected++)
        left -= plain[expected];
      assert.equal(rows.at(offset), start + expected);
    }
  }
});

test('lines are counted by what an entry shows', () => {
  assert.equal(countLines(JSON.stringify(['log', 0, [['string', 'one']], []])), 1);
  assert.equal(countLines(JSON.stringify(['log', 0, [['string', 'one\ntwo\n\nfour']], []])), 4);
});

test('the oldest entries go when there are too many lines, and their lines are counted', () => {
  const lines = new Lines();
  for (let i = 0; i < MOST_LINES + 500; i++) lines.add(`${i}`);
  assert.equal(lines.dropped, 500);
  assert.equal(lines.end - lines.start, MOST_LINES);
  assert.equal(lines.get(lines.start), '500');
  assert.equal(lines.get(lines.end - 1), `${MOST_LINES + 499}`);
  lines.add('a\\nb\\nc');
  assert.equal(lines.dropped, 503);
  lines.dropAll(7);
  assert.deepEqual([lines.dropped, lines.end - lines.start], [503 + 7 + MOST_LINES, 0]);
  lines.add('next');
  assert.equal(lines.get(lines.start), 'next');
});

test('what is large goes sooner, and the last entry stays however large it is', () => {
  const lines = new Lines();
  const large = 'x'.repeat(5_000_000);
  for (let i = 0; i < 5; i++) lines.add(large);
  assert.equal(lines.end - lines.start, 3);
  lines.add('x'.repeat(20_000_000));
  assert.equal(lines.end - lines.start, 1);
});

test('what is taken is gone, and numbers go on', () => {
  const lines = new Lines();
  for (const entry of ['a', 'b', 'c']) lines.add(entry);
  assert.deepEqual(lines.take(), { entries: ['a', 'b', 'c'], dropped: 0 });
  lines.add('d');
  assert.deepEqual(lines.take(), { entries: ['d'], dropped: 0 });
  assert.equal(lines.start, 4);
});
