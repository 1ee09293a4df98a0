// What console has beside its levels, and groups.
console.log(Object.keys(console).join(), Object.prototype.toString.call(console), Object.getOwnPropertyNames(Object.getPrototypeOf(console)).length);
console.assert(true, 'never');
console.assert();
console.assert(false, 'with %s', 'text', 1);
console.assert(0, { a: 1 });
console.count();
console.count();
console.count('label');
console.countReset();
console.count();
console.countReset('none');
console.group('outer');
console.log('inside', 1);
console.log({ a: 1 });
console.groupCollapsed();
console.warn('deeper');
console.groupEnd();
console.log();
console.groupEnd();
console.groupEnd();
console.log('outside');
console.dir({ a: [1] }, { depth: 1 });
console.dirxml(1, 'two');
console.table([{ a: 1, b: 'x' }, { b: 2n, c: null }, 'plain']);
console.table([[1, 2], [3]], [0]);
console.table(new Map([['k', { v: 1 }]]));
console.table(5);
console.timeEnd('unknown');
console.time();
console.time();
for (let i = 0; i < 20; i++) console.group();
console.clear();
console.log('at the beginning');
for (const act of [() => console.count({ toString() { throw new RangeError('label'); } }), () => console.time(Symbol())]) {
  try { act(); } catch (error) { console.log(error.name); }
}
