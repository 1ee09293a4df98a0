// Array.prototype.sort with comparators over numbers, strings and objects.
function pseudoRandom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff);
}

function run() {
  const next = pseudoRandom(42);
  const numbers = Array.from({ length: 8000 }, next);
  numbers.sort((a, b) => a - b);
  const people = Array.from({ length: 2000 }, (_, id) => ({ id, name: `name${next() % 5000}`, age: next() % 90 }));
  people.sort((a, b) => a.age - b.age || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const names = people.map((person) => person.name).sort();
  return numbers[17] % 1000 + people[100].age + names[55].length;
}
