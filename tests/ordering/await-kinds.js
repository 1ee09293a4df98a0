// How many ticks each kind of awaited value takes.
const log = (...words) => console.log(words.join(' '));
const ticks = (name, count) => {
  let promise = Promise.resolve();
  for (let i = 1; i <= count; i++) promise = promise.then(() => log(name, i));
};
ticks('clock', 8);
(async () => { await 1; log('await number'); await 'x'; log('await string'); })();
(async () => { await Promise.resolve(); log('await native'); })();
(async () => { await { then(resolve) { log('thenable asked'); resolve(); } }; log('await thenable'); })();
(async () => { await (async () => {})(); log('await async call'); })();
class Sub extends Promise {}
(async () => { await Sub.resolve(); log('await subclass'); })();
(async () => { await new Promise((resolve) => resolve(Promise.resolve())); log('await promise of promise'); })();
(async () => { try { await Promise.reject(new Error('no')); } catch (error) { log('await rejected', error.message); } })();
(async () => {
  const promise = Promise.resolve();
  promise.constructor = Object;
  await promise;
  log('await promise with another constructor');
})();
(async () => {
  const promise = Promise.resolve();
  promise.then = function (...handlers) { log('own then called'); return Promise.prototype.then.apply(this, handlers); };
  await promise;
  log('await promise with its own then');
})();
