const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 12; i++) clock = clock.then(() => log('clock', i));
Promise.resolve('a').finally(() => log('finally a')).then((v) => log('after', v));
Promise.reject('b').finally(() => 'ignored').catch((e) => log('caught', e));
Promise.resolve('c').finally(() => new Promise((r) => queueMicrotask(r))).then((v) => log('after waiting', v));
Promise.resolve('d').finally(() => { throw 'replaced'; }).catch((e) => log('caught', e));
Promise.resolve('e').finally(() => Promise.reject('rejected')).catch((e) => log('caught', e));
Promise.resolve('f').finally().then((v) => log('no handler', v));
(async () => {
  try { await null; return log('try'); } finally { log('finally'); await null; log('finally after await'); }
})().then(() => log('done'));
(async () => {
  for (const x of [1, 2]) { try { await x; if (x === 1) continue; break; } finally { await null; log('loop finally', x); } }
  log('loop over');
})();
async function nested() {
  try { try { throw 'inner'; } finally { await 0; log('first finally'); } } catch (e) { log('catch', e); throw 'outer'; } finally { log('second finally'); }
}
nested().catch((e) => log('nested', e));
