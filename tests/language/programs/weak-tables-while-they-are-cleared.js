// Shapes by prototype, transitions between shapes, names and weak maps lose members all the time, and others are added
// and looked for, while collections clear them in steps.
const kept = [];
const weak = new WeakMap();
let sum = 0;
for (let i = 0; i < 3000; i++) {
  const prototype = { of: i };
  const object = Object.create(prototype);
  object['name' + i] = i; // a transition of its own from a root shape of its own
  const other = { ['name' + (i >> 1)]: i, ['other' + (i % 7)]: 1 }; // and one of many from the same shape
  weak.set(object, other);
  kept[i % 61] = object;
  const seen = kept[(i * 7) % 61];
  if (seen === undefined) continue;
  const [name] = Object.keys(seen);
  if (Object.getPrototypeOf(seen).of !== seen[name]) throw new Error(name);
  const again = Object.create(Object.getPrototypeOf(seen));
  again[name] = 1;
  if (weak.get(seen)['name' + (seen[name] >> 1)] !== seen[name] || weak.has(again)) throw new Error(name);
  sum += again.of + again[name];
}
console.log(sum, kept.length, kept.every((object) => weak.has(object)));
// Each key is reached only by the value of the one before.
let first = {};
let last = first;
for (let i = 0; i < 500; i++) {
  const next = { i };
  weak.set(last, next);
  last = next;
}
let count = 0;
for (let key = first; weak.has(key); key = weak.get(key)) count++;
console.log(count, weak.get(first).i);
