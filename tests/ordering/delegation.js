// yield* in async generators, queued requests, and closing.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 24; i++) clock = clock.then(() => log('clock', i));
const show = (name) => (r) => log(name, JSON.stringify(r));
const fail = (name) => (e) => log(name, 'failed', e);
async function* inner() {
  try { log('inner got', yield 'i1'); log('inner got', yield Promise.resolve('i2')); return 'inner result'; } finally { log('inner closes'); await null; log('inner closed'); }
}
async function* outer() {
  log('result', yield* inner());
  yield* [Promise.resolve('s1'), 's2'];
  yield* { [Symbol.iterator]() { return { next: () => ({ value: 'sync', done: true }) }; } };
  return Promise.resolve('end');
}
const g = outer();
for (let i = 0; i < 7; i++) g.next(i).then(show(`next ${i}`));
const h = outer();
h.next().then(show('h1'));
h.return('r').then(show('h return'));
h.next().then(show('h after'));
const t = outer();
t.next().then(show('t1'));
t.throw('bang').then(show('t throw'), fail('t throw'));
t.next().then(show('t after'));
async function* returns() { try { yield 1; } finally { yield 'from finally'; } }
const q = returns();
q.next().then(show('q1'));
q.return(Promise.resolve('awaited')).then(show('q return'));
q.next().then(show('q end'));
const unstarted = returns();
unstarted.return({ then(f) { log('then of return'); f('thenable'); } }).then(show('unstarted'));
unstarted.throw('never').catch(fail('unstarted throw'));
const broken = { [Symbol.asyncIterator]() { return { next: () => 5, return: () => { log('no return call'); } }; } };
(async function* () { yield* broken; })().next().catch((e) => log('broken', e.name));
