const log = (text) => console.log(text);
const p = Promise.resolve();
(async () => { await p; log('after:await'); })();
p.then(() => log('tick:a')).then(() => log('tick:b'));
setTimeout(() => log('timeout 0'), 0);
queueMicrotask(() => log('microtask'));
(async () => {
  log('sync part');
  try { await Promise.reject(new Error('rejected')); } catch (error) { log(`caught ${error.message}`); }
  const results = await Promise.allSettled([1, Promise.reject('no'), new Promise((resolve) => setTimeout(resolve, 5, 'late'))]);
  log(JSON.stringify(results));
  log(await Promise.race([new Promise((resolve) => setTimeout(resolve, 150, 'slow')), new Promise((resolve) => setTimeout(resolve, 10, 'fast'))]));
  log(await Promise.any([Promise.reject(1), 'any']));
  try { await Promise.any([Promise.reject(1)]); } catch (error) { log(`${error.name} ${error.errors.join()}`); }
  log((await Promise.all([1, Promise.resolve(2), { then(resolve) { resolve('thenable'); } }])).join());
  async function* ticks(n) { try { for (let i = 0; i < n; i++) { await null; yield i; } } finally { log('closed'); } }
  for await (const tick of ticks(5)) { log(`tick ${tick}`); if (tick === 2) break; }
  for await (const value of [Promise.resolve('a'), 'b']) log(value);
  const generator = ticks(3);
  const queue = [generator.next(), generator.next(), generator.return('r'), generator.next()];
  log(JSON.stringify(await Promise.all(queue)));
  await Promise.resolve().finally(() => log('finally'));
  const { promise, resolve } = (() => { let r; const q = new Promise((s) => { r = s; }); return { promise: q, resolve: r }; })();
  setTimeout(() => resolve('resolved later'), 1);
  log(await promise);
  let count = 0;
  const interval = setInterval(() => { log(`interval ${++count}`); if (count === 3) { clearInterval(interval); log('stopped'); } }, 2);
  clearTimeout(setTimeout(() => log('never'), 1));
})();
log('end of script');
new Promise((resolve) => { resolve(p); }).then(() => log('adopted'));
p.then(() => log('1')).then(() => log('2')).then(() => log('3')).then(() => log('4'));
Promise.reject(new Error('handled later')).catch((error) => log(error.message));
const thenable = { then(resolve) { log('then called'); resolve('from thenable'); } };
(async () => log(await thenable))();
class Sub extends Promise {}
log(Sub.resolve(1) instanceof Sub);
(async () => { try { return await (async () => { throw 'inner'; })(); } catch (error) { return `got ${error}`; } finally { log('async finally'); } })().then(log);
