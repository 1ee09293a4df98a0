// Iterators of arrays have no `return` method, until a program gives them one: then it is called, however the array is walked.
const log = [];
const iterators = Object.getPrototypeOf([][Symbol.iterator]());
const pair = [1, 2];
function walk() {
  for (const x of pair) break;
  const [first] = pair;
  const [one, two] = pair;
  const [, , none] = pair;
  const [...all] = pair;
  try { for (const x of pair) throw 1; } catch {}
  let a, b;
  [a, b] = [2, 3, 4];
  [a] = [b];
  [a.x] = pair;
  (([y]) => y)(pair);
  (() => { for (const x of pair) return x; })();
  outer: for (const x of pair) for (const z of pair) continue outer;
  for (const [k, v] of new Map([[1, 2]])) log.push(`${k}${v}`);
  new Set(pair), new Map([pair]), Array.from(pair, (x) => x), Promise.all(pair), Math.max(...pair), new Uint8Array(pair);
}
for (const target of [iterators, Object.getPrototypeOf(iterators), Object.prototype]) {
  walk();
  target.return = function () { log.push(Object.prototype.toString.call(this).slice(8, 12) + [...this].length); return {}; };
  walk();
  delete target.return;
  walk();
  Object.defineProperty(target, 'return', { get() { log.push('get'); return undefined; }, configurable: true });
  walk();
  delete target.return;
  log.push('|');
}
Array.prototype.return = () => { log.push('wrong'); return {}; };
walk();
delete Array.prototype.return;
// While one is walked.
for (const x of pair) {
  iterators.return = () => { log.push('late'); return {}; };
  break;
}
delete iterators.return;
console.log(log.join(' '));
