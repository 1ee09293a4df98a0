const steps = [];
class Range {
  constructor(from, to) { Object.assign(this, { from, to }); }
  [Symbol.iterator]() {
    let at = this.from;
    return { next: () => { steps.push('next'); return at < this.to ? { value: at++, done: false } : { value: undefined, done: true }; }, return: () => { steps.push('return'); return {}; } };
  }
}
for (const n of new Range(0, 5)) { if (n === 1) break; }
console.log(steps.join());
try { for (const n of new Range(0, 5)) throw new Error('body'); } catch (error) { console.log(error.message, steps.at(-1)); }
console.log([...new Range(1, 4)].join(), Math.max(...new Range(1, 4)), Array.from(new Range(0, 3), (n) => n * n).join(), new Map([...new Range(0, 2)].map((n) => [n, n])).size);
const [a, ...others] = new Range(0, 4);
console.log(a, others.join());
for (const c of 'a😀b') console.log(c.length);
for (const [i, v] of ['x', 'y'].entries()) console.log(i, v);
for (const x of new Set([1, 2])) console.log(x);
for (const [k, v] of new Map([['a', 1]])) console.log(k, v);
(function () { for (const x of arguments) console.log(x); })(1, 'two');
try { for (const x of 5) ; } catch (error) { console.log(error.name); }
try { for (const x of { [Symbol.iterator]: 1 }) ; } catch (error) { console.log(error.name); }
try { for (const x of { [Symbol.iterator]: () => 1 }) ; } catch (error) { console.log(error.name); }
for (var i = 0, out = []; i < 3; i++) out.push(i);
console.log(out.join(), i);
for (const key in 'ab') console.log(key);
for (const key in [7, 8]) console.log(typeof key);
for (const key in null) console.log('never');
const proto = { p: 1 };
const child = Object.create(proto, { c: { value: 1, enumerable: true }, hidden: { value: 1 } });
const keys = [];
for (const key in child) { keys.push(key); if (key === 'c') { delete proto.p; child.late = 1; } }
console.log(keys.join());
let index = 0;
do { if (index === 2) continue; index++; } while (index < 2);
console.log(index);
const array = [1, 2, 3];
for (const value of array) if (array.length < 5) array.push(value * 10);
console.log(array.join());
console.log(Object.entries({ a: 1 }).flat().join(), [...'ab'].map((c, i, all) => all.length + c + i).join(), [3, 4].keys().next().value);

// What is thrown when an outer iterator is closed does not go to a catch block that the jump has left.
{
  const log = [];
  const endless = (name, fails) => ({
    [Symbol.iterator]: () => endless(name, fails),
    next: () => ({ value: 1, done: false }),
    return() {
      log.push(`close ${name}`);
      if (fails) throw new Error(name);
      return {};
    },
  });
  const jump = (body) => {
    try {
      log.push(body());
    } catch (error) {
      log.push(`thrown ${error.message}`);
    }
  };
  jump(() => {
    loop: for (const _ of endless('outer', true)) {
      try {
        for (const _ of endless('inner', false)) break loop;
      } catch {
        log.push('caught');
        return 'wrong';
      }
    }
  });
  jump(() => {
    for (const _ of endless('outer', true)) {
      try {
        const [a = (() => 1)()] = endless('pattern', false);
        for (const _ of endless('inner', false)) return a;
      } catch {
        return 'wrong';
      }
    }
  });
  jump(() => {
    for (const _ of endless('outer', false)) {
      try {
        for (const _ of endless('inner', true)) return 'wrong';
      } catch (error) {
        return `caught ${error.message}`;
      }
    }
  });
  console.log(log.join(', '));
}
