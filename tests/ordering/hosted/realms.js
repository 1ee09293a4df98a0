// Promises, thenables and async functions of two realms share one queue of jobs, and a foreign promise is a thenable.
const log = (...words) => console.log(words.join(' '));
const other = $262.createRealm();
other.global.log = log;
let clock = Promise.resolve();
for (let i = 1; i <= 10; i++) clock = clock.then(() => log('clock', i));
const foreign = other.evalScript('Promise.resolve("foreign")');
log(foreign instanceof Promise, foreign instanceof other.global.Promise, Promise.resolve(foreign) === foreign);
log(other.global.Promise.resolve(foreign) === foreign, Promise.resolve.call(other.global.Promise, foreign) === foreign);
foreign.then(() => log('then of the other realm'));
Promise.prototype.then.call(foreign, () => log('then of this realm'));
log(Promise.prototype.then.call(foreign) instanceof other.global.Promise, foreign.finally(() => {}) instanceof Promise);
Promise.resolve(foreign).then(() => log('resolved with it'));
(async () => { await foreign; log('awaited'); await Promise.resolve(); log('awaited own'); })();
(async () => foreign)().then(() => log('returned'));
(async function* () { yield foreign; })().next().then((r) => log('yielded', r.value));
(async () => { for await (const x of [foreign, 1]) log('loop', x); })();
const there = other.evalScript(`({
  async waits(p) { await p; log('awaited there'); },
  async returns(p) { return p; },
  async *yields(p) { yield p; },
  thenable: { then(resolve) { log('then is called'); resolve('thenable'); } },
})`);
const own = Promise.resolve('own');
there.waits(own); there.waits(foreign);
there.returns(own).then((x) => log('returned there', x));
there.returns(foreign).then((x) => log('returned there', x));
there.yields(own).next().then((r) => log('yielded there', r.value, r instanceof other.global.Object));
log(there.returns() instanceof other.global.Promise, there.yields().next() instanceof other.global.Promise);
Promise.resolve(there.thenable).then((x) => log(x));
(async () => log('awaited a', await there.thenable))();
queueMicrotask(() => log('queued'));
log('script over');
