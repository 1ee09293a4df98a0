const { a, b: { c = 'default', ...rest } = {}, ['d' + 1]: d1 = a } = { a: 1, b: { x: 1, y: 2 } };
console.log(a, c, JSON.stringify(rest), d1);
const [x, , y = 'y', ...z] = 'ab';
console.log(x, y, z.length);
let p = 1, q = 2;
[p, q] = [q, p];
console.log(p, q);
const target = {};
({ a: target.one, b: [target['two']] } = { a: 1, b: [2] });
console.log(JSON.stringify(target));
function f({ a = 1, b } = {}, [c, d] = [3, 4], ...e) { return [a, b, c, d, ...e].join(); }
console.log(f(), f({ b: 2 }, 'xy', 5, 6), f.length);
const log = [];
const iterable = { [Symbol.iterator]() { let n = 0; return { next: () => ({ value: n++, done: n > 5 }), return() { log.push('closed'); return {}; } }; } };
const [first, second] = iterable;
console.log(first, second, log.join());
try { const { missing } = null; } catch (error) { console.log(error.name); }
try { const [no] = {}; } catch (error) { console.log(error.name); }
for (const { id, tags: [tag = 'none'] = [] } of [{ id: 1, tags: ['t'] }, { id: 2 }]) console.log(id, tag);
const { length } = 'text';
console.log(length, ...[1, 2], ...new Set([3, 3]), Math.max(...[4, 9, 2]));
const copy = { ...{ a: 1, get b() { return 2; } }, ...null, ...'hi', [Symbol.for('s')]: 3 };
console.log(JSON.stringify(copy), Object.getOwnPropertySymbols(copy).length);
const { [`k${1}`]: named = function () {} } = {};
console.log(named.name, (({ a }, b = 2) => 0).length);
try { ((a = b, b) => 0)(); } catch (error) { console.log(error.name); }
