const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 12; i++) clock = clock.then(() => log('clock', i));
(async () => { for await (const value of [1, Promise.resolve(2), 3]) log('array', value); log('array over'); })();
const closing = (name) => ({
  [Symbol.asyncIterator]() {
    let i = 0;
    return {
      next() { return Promise.resolve({ value: ++i, done: false }); },
      return() { log(name, 'return called'); return Promise.resolve({}); },
    };
  },
});
(async () => { for await (const value of closing('break')) { log('break', value); if (value === 2) break; } log('broke'); })();
(async () => {
  try { for await (const value of closing('throw')) { log('throw', value); throw new Error('stop'); } } catch (e) { log(e.message); }
})();
(async () => (async () => { for await (const value of closing('return')) return value; })().then((v) => log('returned', v)))();
const rejecting = { *[Symbol.iterator]() { try { yield Promise.reject('inner'); yield 1; } finally { log('sync iterator closed'); } } };
(async () => { try { for await (const value of rejecting) log('never', value); } catch (e) { log('caught', e); } })();
(async () => {
  try { for await (const value of { [Symbol.asyncIterator]() { return { next() { return 5; } }; } }) log(value); } catch (e) { log(e.name); }
})();
