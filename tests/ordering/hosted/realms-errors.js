// Constructors, combinators and errors between two realms: whose promise it is, whose error, and when.
const log = (...words) => console.log(words.join(' '));
const other = $262.createRealm();
other.global.log = log;
const { Promise: Other, TypeError: OtherTypeError } = other.global;
const whose = (value) => value instanceof Other || value instanceof OtherTypeError ? 'theirs' : value instanceof Promise || value instanceof TypeError ? 'ours' : typeof value;
let clock = Promise.resolve();
for (let i = 1; i <= 8; i++) clock = clock.then(() => log('clock', i));
log(whose(Promise.all.call(Other, [])), whose(Other.all.call(Promise, [])), whose(Promise.withResolvers.call(Other).promise), whose(Other.try.call(Promise, () => 1)));
const newTarget = new other.global.Function(); newTarget.prototype = null;
log(whose(Reflect.construct(Promise, [() => {}], newTarget)));
class Mixed extends Other {}
log(whose(new Mixed(() => {})), Mixed.resolve(1).then() instanceof Mixed);
Promise.all([Promise.resolve(1), Other.resolve(2), 3]).then((all) => log('all', all, all instanceof Array));
Other.all([Promise.resolve(1), Other.resolve(2), 3]).then((all) => log('all of theirs', all, all instanceof Array));
Promise.all.call(Other, [Other.resolve(1), Other.resolve(2)]).then((all) => log('our all for theirs', all, all instanceof Array));
Promise.race([Other.resolve('theirs'), Promise.resolve('ours')]).then((x) => log('race', x));
Other.race([Other.resolve('theirs'), Promise.resolve('ours')]).then((x) => log('race of theirs', x));
const { promise, resolve } = Other.withResolvers();
promise.catch((e) => log('self resolution', whose(e))); resolve(promise);
const self = Promise.withResolvers();
Other.prototype.then.call(self.promise, null, (e) => log('our self resolution', whose(e))); self.resolve(self.promise);
other.evalScript('(async () => { null.x; })').call().catch((e) => log('async', whose(e)));
other.evalScript('(async (f) => { await f(); })')(() => null.x).catch((e) => log('thrown by ours', whose(e)));
other.evalScript('(async function* () {})').call().next.call({}).catch((e) => log('bad receiver', whose(e)));
try { Promise.prototype.then.call({}); } catch (e) { log('then', whose(e)); }
try { Other.prototype.then.call({}); } catch (e) { log('then of theirs', whose(e)); }
Promise.resolve(Other.reject('rejected')).catch((e) => log(e));
Other.resolve(Promise.reject('rejected too')).finally(() => log('finally')).catch((e) => log(e));
log('script over');
