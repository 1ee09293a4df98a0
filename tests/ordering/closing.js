// for await: closing by break, return, throw; errors while closing.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 30; i++) clock = clock.then(() => log('clock', i));
const source = (name, close) => ({
  [Symbol.asyncIterator]() {
    let n = 0;
    return {
      next: () => Promise.resolve({ value: ++n, done: n > 3 }),
      return(v) { log(name, 'return called', arguments.length); return close ? close() : Promise.resolve({}); },
    };
  },
});
(async () => { for await (const x of source('break')) { if (x === 2) break; } log('break over'); })();
(async () => { for await (const x of source('return')) return 'value ' + x; })().then(log);
(async () => { for await (const x of source('throw')) throw 'body'; })().catch((e) => log('throw', e));
(async () => { for await (const x of source('bad close', () => { throw 'closing'; })) break; })().catch((e) => log('bad close', e));
(async () => { for await (const x of source('both', () => { throw 'closing'; })) throw 'body'; })().catch((e) => log('both', e));
(async () => { for await (const x of source('not an object', () => 1)) break; })().catch((e) => log('not an object', e.name));
(async () => { for await (const x of source('rejected close', () => Promise.reject('rejected'))) break; })().catch((e) => log('rejected close', e));
(async () => { for await (const x of [Promise.resolve(1), 2, Promise.reject('item')]) log('item', x); })().catch((e) => log('list', e));
(async () => { outer: for (const a of [1, 2]) for await (const x of source('outer')) { if (x === 1) continue outer; } log('labelled over'); })();
function* sync() { try { yield 1; yield Promise.reject('in sync'); } finally { log('sync closes'); } }
(async () => { for await (const x of sync()) log('sync item', x); })().catch((e) => log('sync', e));
(async () => { for await (const x of sync()) break; log('sync break over'); })();
