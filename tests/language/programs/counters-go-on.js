// Symbols, timers, rejections that are handled, collections: each more often than the counters of checked builds take to
// leave 32 bits behind or to begin again.
const symbols = {};
const keys = [];
for (let i = 0; i < 450; i++) {
  const key = Symbol(i);
  keys.push(key);
  symbols[key] = i;
}
console.log(keys.every((key, i) => symbols[key] === i), Reflect.ownKeys(symbols).every((key, i) => key === keys[i]));

// Positions of iterators stay right while a map's ordinals go on.
const map = new Map([['first', 0], ['second', 1]]);
const walk = map.entries();
walk.next();
for (let i = 0; i < 3000; i++) {
  map.set(i, i);
  map.delete(i - 3);
  if (i === 1500) map.delete('second');
}
console.log([...walk].join(), [...map.keys()].join(), map.size);
const set = new Set([0]);
const visited = [];
set.forEach((value) => {
  visited.push(value);
  set.delete(value);
  if (value < 900) set.add(value + 1);
});
console.log(visited.length, visited.every((value, i) => value === i), set.size);
const queue = new Set();
const late = queue.values();
for (let i = 0; i < 700; i++) {
  queue.add(i);
  if (i % 50 === 49) queue.clear();
}
queue.add('last');
console.log([...late].join());

// Timers are cancelled by their own numbers, and only by those.
const fired = [];
const numbers = new Set();
for (let i = 0; i < 450; i++) {
  const timer = setTimeout(() => fired.push(i), 1);
  numbers.add(timer);
  if (i % 3 === 0) clearTimeout(timer);
}
clearTimeout(NaN);
clearTimeout(-1);
clearTimeout(1e300);
clearTimeout(0.5);
let turns = 0;
const interval = setInterval(() => {
  if (++turns < 3) return;
  clearInterval(interval);
  console.log(numbers.size, fired.length, fired.every((i) => i % 3 !== 0), turns);
}, 5);

// Handled in time, in an order that depends on nothing but the program.
const order = [];
for (let i = 0; i < 450; i++) {
  const rejected = Promise.reject(i);
  (async () => { try { await rejected; } catch (error) { order.push(error); } })();
}
Promise.resolve().then(() => {}).then(() => console.log(order.length, order.every((value, i) => value === i)));
