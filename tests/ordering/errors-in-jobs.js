const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 8; i++) clock = clock.then(() => log('clock', i));
const bad = { get then() { log('then read'); throw 'getter'; } };
Promise.resolve(bad).catch((e) => log('resolve caught', e));
new Promise((resolve) => resolve(bad)).catch((e) => log('executor caught', e));
(async () => { try { await bad; } catch (e) { log('await caught', e); } })();
(async () => bad)().catch((e) => log('return caught', e));
const twice = { then(resolve, reject) { resolve('once'); reject('ignored'); throw 'ignored too'; } };
Promise.resolve(twice).then((v) => log('twice', v));
const self = new Promise((resolve) => setTimeout(() => resolve(self), 0));
self.catch((e) => log('self', e.name));
const throwing = { then() { throw 'in then'; } };
Promise.resolve().then(() => throwing).catch((e) => log('thenable threw', e));
let release;
const pending = new Promise((resolve) => (release = resolve));
pending.then(() => log('first reaction'));
pending.then(() => log('second reaction'));
(async () => { await pending; log('awaiting reaction'); })();
pending.then(() => log('last reaction'));
setTimeout(() => { release(); log('released'); }, 1);
class Logged extends Promise {
  constructor(executor) { super(executor); log('constructed'); }
  then(...handlers) { log('then of subclass'); return super.then(...handlers); }
}
const logged = Logged.resolve(1);
logged.then((v) => log('subclass value', v));
(async () => log('awaited subclass', await logged))();
Logged.all([logged, 2]).then((v) => log('subclass all', v));
