// Queued requests, returns of promises, delegation and cleaning up.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 14; i++) clock = clock.then(() => log('clock', i));
const show = (name) => (result) => log(name, JSON.stringify(result));
async function* count() {
  try {
    yield 1;
    yield Promise.resolve(2);
    const sent = yield await 3;
    log('sent', sent);
    return Promise.resolve('end');
  } finally {
    log('cleaned up');
  }
}
const queued = count();
queued.next().then(show('first'));
queued.next().then(show('second'));
queued.next().then(show('third'));
queued.next('hello').then(show('fourth'));
queued.next().then(show('fifth'));
const early = count();
early.return('never started').then(show('return before start'));
early.next().then(show('next after return'));
const stopped = count();
stopped.next().then(show('a'));
stopped.return(Promise.resolve('stop')).then(show('b'));
stopped.next().then(show('c'));
const thrown = count();
thrown.next();
thrown.throw(new Error('x')).catch((error) => log('thrown', error.message));
thrown.next().then(show('after throw'));
async function* outer() { const result = yield* inner(); log('inner gave', result); }
async function* inner() { yield 'i1'; yield 'i2'; return 'inner done'; }
(async () => { for await (const value of outer()) log('delegated', value); log('delegation over'); })();
async function* mixed() { yield* [10, Promise.resolve(20)]; }
(async () => { for await (const value of mixed()) log('sync delegated', value); })();
