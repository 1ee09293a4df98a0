// When handlers that come late still count, and in which order rejections go on.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 8; i++) clock = clock.then(() => log('clock', i));
const late = Promise.reject('late');
Promise.resolve().then(() => late.catch((e) => log('handled late', e)));
const chain = Promise.reject('chain').then(() => log('never')).then(() => log('never')).catch((e) => { log('chain', e); return 'recovered'; }).then(log);
async function thrower() { throw 'async'; }
thrower().then(null, (e) => log('second argument', e));
thrower().catch((e) => { throw e + ' again'; }).catch((e) => log(e));
(async () => { try { await Promise.all([thrower(), new Promise(() => {})]); } catch (e) { log('all', e); } })();
(async () => { const p = thrower(); await null; await null; try { await p; } catch (e) { log('awaited late', e); } })();
Promise.allSettled([thrower(), late]).then((r) => log(r.map((x) => x.reason).join()));
new Promise((_, reject) => { reject('first'); reject('second'); throw 'third'; }).catch((e) => log('once', e));
