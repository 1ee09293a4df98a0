// The host hears of the rejections of every realm, in their order.
const log = (...words) => console.log(words.join(' '));
const other = $262.createRealm();
other.global.log = log;
const { Promise: Other } = other.global;
Promise.reject('ours 1'); Other.reject('theirs 1'); Promise.reject('ours 2');
other.evalScript(`
  (async () => { throw 'async function'; })();
  (async function* () { throw 'async generator'; })().next();
  Promise.reject('handled there').catch((e) => log(e));
  Promise.resolve().then(() => { throw 'reaction'; });
  globalThis.late = Promise.reject('handled here');
  globalThis.waits = async (p) => { await p; };
  globalThis.catches = async (p) => { try { await p; } catch (e) { log('caught there', e); } };
`);
Promise.resolve().then(() => other.global.late.catch((e) => log(e)));
other.global.waits(Promise.reject('awaited there'));
other.global.catches(Promise.reject('ours'));
(async () => { await Other.reject('awaited here'); })();
Promise.resolve(Other.reject('adopted'));
Promise.all([Other.reject('all 1'), Promise.reject('all 2')]).catch((e) => log('caught', e));
Promise.prototype.then.call(Other.reject('derived'), () => {});
Other.prototype.finally.call(Promise.reject('finally'), () => log('finally'));
setTimeout(() => { log('timer 1'); other.evalScript('Promise.reject("of a timer")'); Promise.resolve().then(() => log('microtask')); }, 0);
setTimeout(() => log('timer 2'), 0);
log('script over');
