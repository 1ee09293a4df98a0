// A getter `then` that Object.prototype gets asks an async generator for more while the generator answers a request:
// what it asks for waits in the queue. By the specification; V8 resumes a generator that still runs its yield.
const log = [];
function onThen(action) {
  Object.defineProperty(Object.prototype, 'then', {
    configurable: true,
    get() {
      delete Object.prototype.then;
      log.push(JSON.stringify(this));
      action();
      return undefined;
    },
  });
}
const tell = (name) => (result) => log.push(`${name} ${JSON.stringify(result)}`);
(async () => {
  const g = (async function* () {
    log.push('body 1');
    yield 1;
    log.push('body 2');
    yield 2;
    return 3;
  })();
  onThen(() => { log.push('asks'); g.next().then(tell('second')); log.push('asked'); });
  tell('first')(await g.next());
  await null; await null; await null; await null;
  onThen(() => { log.push('asks'); g.next().then(tell('fourth')); log.push('asked'); });
  tell('third')(await g.next());
  for (let i = 0; i < 10; i++) await null;
  onThen(() => { log.push('asks'); g.next().then(tell('sixth')); log.push('asked'); });
  tell('fifth')(await g.next());
  for (let i = 0; i < 10; i++) await null;
  // While the queue is served after the end
  const h = (async function* () { await null; throw new Error('end'); })();
  const a = h.next(), b = h.next(), c = h.next();
  a.catch((e) => { log.push('caught ' + e.message); onThen(() => { log.push('asks'); h.next().then(tell('late')); log.push('asked'); }); });
  b.then(tell('b')); c.then(tell('c'));
  for (let i = 0; i < 20; i++) await null;
  // Returning a promise while others wait
  const k = (async function* () { yield 1; })();
  k.return(Promise.resolve('r')).then(tell('r'));
  k.next().then(tell('n'));
  k.throw('t').catch(tell('t'));
  k.return(Promise.reject('x')).catch(tell('x'));
  for (let i = 0; i < 20; i++) await null;
  const p = Promise.resolve(1);
  Object.defineProperty(p, 'constructor', { get() { log.push('constructor'); k.next().then(tell('m')); return Promise; } });
  k.return(p).then(tell('q'));
  log.push('sync');
  for (let i = 0; i < 20; i++) await null;
  const bad = Promise.resolve(1);
  Object.defineProperty(bad, 'constructor', { get() { throw new Error('bad'); } });
  k.return(bad).catch((e) => tell('bad')(e.message));
  k.next().then(tell('after bad'));
  for (let i = 0; i < 20; i++) await null;
  console.log(log.join('\n'));
})();
