// Foreign thenables, subclasses, getters of `then`, and what each costs in ticks.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 12; i++) clock = clock.then(() => log('clock', i));
class Sub extends Promise {}
class Loud extends Promise {
  then(a, b) {
    log('then of Loud');
    return super.then(a, b);
  }
  static get [Symbol.species]() {
    return Promise;
  }
}
(async () => log('value', await 1))();
(async () => log('native', await Promise.resolve(2)))();
(async () => log('subclass', await Sub.resolve(3)))();
(async () => log('loud', await Loud.resolve(4)))();
(async () => log('thenable', await { then(f) { log('then called'); f(5); } }))();
(async () => log('late thenable', await { then(f) { queueMicrotask(() => f(6)); } }))();
(async () => { try { await { then(_, r) { r('bad'); } }; } catch (e) { log('rejecting thenable', e); } })();
(async () => { try { await { then() { throw 'thrown'; } }; } catch (e) { log('throwing thenable', e); } })();
(async () => { try { await { get then() { log('getter of then'); throw 'getter'; } }; } catch (e) { log('throwing getter', e); } })();
(async () => log('both', await { then(f, r) { f('first'); r('second'); throw 'third'; } }))();
const own = Promise.resolve(7);
own.constructor = { [Symbol.species]: Sub };
(async () => log('changed constructor', await own))();
new Promise((resolve) => resolve(Promise.resolve('resolved with native'))).then(log);
new Promise((resolve) => resolve(Loud.resolve('resolved with loud'))).then(log);
new Promise((resolve) => resolve({ then: (f) => f({ then: (g) => g('thenable of thenable') }) })).then(log);
Promise.resolve(Sub.resolve('resolve of subclass')).then(log);
Sub.resolve(Promise.resolve('subclass of native')).then((v) => log(v));
log('constructors', Sub.resolve(1).then(() => {}) instanceof Sub, Loud.resolve(1).finally(() => {}) instanceof Loud);
const self = new Promise((resolve) => setTimeout(() => resolve(self)));
self.catch((e) => log('itself', e.name));
