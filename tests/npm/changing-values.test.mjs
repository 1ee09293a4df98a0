// Values that change while they cross, because a getter or a callback of theirs changes them: what arrives is whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSandbox } from 'caisson';

let sandbox;
before(async () => {
  sandbox = await createSandbox({ timeLimit: 1000 });
});
after(() => sandbox.dispose());

// Each has `make`, the source of a function that makes a value which changes while it is read, and what is expected of
// it.
const changing = {
  'a Set that loses an item': [
    '() => { const set = new Set(); set.add({ get a() { set.delete(7); return 1; } }); set.add(7); return [set, 5, 6]; }',
    [new Set([{ a: 1 }, 7]), 5, 6],
  ],
  'a Set that gains items': [
    '() => { const set = new Set(); set.add({ get a() { for (let i = 0; i < 100; i++) set.add(i); return 1; } }); return [set, 5]; }',
    [new Set([{ a: 1 }]), 5],
  ],
  'a Set that is cleared': [
    '() => { const set = new Set(); set.add({ get a() { set.clear(); return 1; } }); set.add(2); return [set, 5]; }',
    [new Set([{ a: 1 }, 2]), 5],
  ],
  'a Map that changes': [
    '() => { const map = new Map(); map.set({ get a() { map.delete(1); map.set(3, 4); return 1; } }, 0); map.set(1, 2); return [map, 5]; }',
    [
      new Map([
        [{ a: 1 }, 0],
        [1, 2],
      ]),
      5,
    ],
  ],
  'a Map whose value changes': [
    '() => { const map = new Map(); map.set(0, { get a() { map.set(1, 9); return 1; } }); map.set(1, 2); return [map, 5]; }',
    [
      new Map([
        [0, { a: 1 }],
        [1, 2],
      ]),
      5,
    ],
  ],
  'an array that shrinks': [
    '() => { const array = [{ get a() { array.length = 1; return 1; } }, 2, 3]; return [array, 5]; }',
    [[{ a: 1 }, , ,], 5],
  ],
  'an array that grows': [
    '() => { const array = [{ get a() { array.push(8, 9); return 1; } }, 2]; return [array, 5]; }',
    [[{ a: 1 }, 2], 5],
  ],
  'a Set with an iteration of its own': [
    '() => { class Own extends Set { get size() { return 100; } *[Symbol.iterator]() { yield 9; } forEach() {} } return [new Own([1, 2]), 5]; }',
    [new Set([1, 2]), 5],
  ],
  'a Map with an iteration of its own': [
    '() => { class Own extends Map { get size() { return 100; } *entries() { yield 9; } *[Symbol.iterator]() { yield 9; } } return [new Own([[1, 2]]), 5]; }',
    [new Map([[1, 2]]), 5],
  ],
};

for (const [name, [make, expected]] of Object.entries(changing)) {
  test(`${name}, in the guest`, () => assert.deepEqual(sandbox.evalSync(`(${make})()`), expected));
  test(`${name}, in the host`, () =>
    assert.deepEqual(sandbox.evalSync('(value) => value')((0, eval)(make)()), expected));
}

test('functions whose name is no string', () => {
  for (const make of [
    'Object.defineProperty(() => 1, "name", { value: 5 })',
    'Object.defineProperty(() => 1, "name", { value: { toString() { throw 1; } } })',
    'Object.defineProperty(() => 1, "name", { get() { throw new Error("no"); } })',
    'Object.defineProperty(() => 1, "name", { value: Symbol("s") })',
  ]) {
    assert.equal(sandbox.evalSync(`[${make}, 2]`)[0](), 1);
    assert.equal(sandbox.evalSync('(list) => list[0]() + list[1]')([(0, eval)(make), 2]), 3);
  }
});
