// await using, and the ticks it takes.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 16; i++) clock = clock.then(() => log('clock', i));
const slow = (name) => ({ async [Symbol.asyncDispose]() { log('disposing', name); await null; log('disposed', name); } });
const quick = (name) => ({ [Symbol.dispose]() { log('dispose', name); } });
(async () => { { await using a = slow('a'), b = quick('b'); log('body'); } log('after block'); })();
(async () => { { await using n = null; log('null body'); } log('after null'); })();
(async () => { { using q = quick('q'); await using s = slow('s'); using r = quick('r'); } log('after mixed'); })();
(async () => { for await (await using x of [slow('x1'), slow('x2')]) log('loop'); log('after loop'); })();
(async () => {
  try {
    await using a = { async [Symbol.asyncDispose]() { throw 'dispose a'; } };
    using b = { [Symbol.dispose]() { throw 'dispose b'; } };
    throw 'body';
  } catch (e) { log(e.name, e.error, e.suppressed.error, e.suppressed.suppressed); }
})();
(async () => {
  const stack = new AsyncDisposableStack();
  stack.use(slow('stacked'));
  stack.defer(() => log('deferred'));
  stack.adopt('adopted', (v) => log(v));
  await stack.disposeAsync();
  log('stack disposed', stack.disposed);
})();
async function* generator() { await using g = slow('generator'); yield 1; }
(async () => { for await (const x of generator()) break; log('generator over'); })();
