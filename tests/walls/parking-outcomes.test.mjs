// What comes of code that has waited: values, errors and their order are those of code that did not wait. Each program
// is run twice: with a function that waits for the host, and with one that answers at once. What they log has to be the
// same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const programs = {
  'a reaction throws': `
    await Promise.resolve().then(() => { load(); throw new RangeError('late'); }).catch((error) => log(String(error)));
    await Promise.resolve().then(() => load()).then(log);
    await Promise.reject(1).catch((reason) => { throw load() + reason; }).catch(log);`,
  'a reaction that is a native throws': `
    await Promise.resolve({ toJSON() { load(); throw new RangeError('late'); } }).then(JSON.stringify).catch((error) => log(String(error)));
    log(await Promise.resolve({ toJSON() { return load(); } }).then(JSON.stringify));
    log(await Promise.resolve([3]).then(Array.prototype.map.bind([1, 2], (x) => x + load())));`,
  'a thenable throws': `
    try { await { then() { load(); throw new RangeError('late'); } }; } catch (error) { log(String(error)); }
    try { await { then: (() => { load(); throw new RangeError('later'); }).bind() }; } catch (error) { log(String(error)); }
    try { await { then(resolve) { resolve(load()); throw new RangeError('ignored'); } }; } catch (error) { log(String(error)); }
    log(await { then(resolve) { load(); resolve('first'); resolve('second'); } });`,
  'a getter of then throws': `
    await Promise.resolve().then(() => ({ get then() { load(); throw new RangeError('late'); } })).catch((error) => log(String(error)));
    try { await (async () => ({ get then() { throw load(); } }))(); } catch (error) { log(error); }
    log(await Promise.resolve().then(() => ({ get then() { load(); return (resolve) => resolve('resolved'); } })));
    log(typeof await (async () => ({ get then() { load(); } }))());`,
  'a constructor of promises': `
    class Q extends Promise {
      constructor(f) { super((a, b) => f((value) => { load(); a(value); }, (reason) => { load(); b(reason); })); }
    }
    log(await Q.resolve(1).then((x) => x + 1));
    await Q.resolve(1).then(() => { throw 2; }).catch(log);
    const p = Promise.resolve(3);
    Object.defineProperty(p, 'constructor', { get() { load(); return Q; } });
    log(await p.then((x) => x));
    log(await (async () => p)());`,
  'an asynchronous generator': `
    const g = (async function* () {
      try { log('sent ' + (yield load() + 1)); yield load() + 2; } finally { log('closes ' + load()); }
    })();
    log(await g.next('ignored'));
    log(await g.next('a'));
    log(await g.return('r'));
    log(await g.next());
    const h = (async function* () { for (;;) try { yield load(); } catch (error) { log('caught ' + error); } })();
    await Promise.all([h.next(), h.throw('x'), h.next(), h.throw('y')].map((p) => p.then(log)));
    const failing = (async function* () { load(); throw new RangeError('end'); })();
    await Promise.all([failing.next(), failing.next(), failing.return('v')].map((p) => p.then(log, (error) => log(String(error)))));`,
  'joins of arrays that are being joined': `
    const a = [1, { toString() { return load() + '[' + a + ']' + [a, load()]; } }, 3];
    log(a.join('-'));
    log(String(a));
    const b = [{ toLocaleString() { load(); return '<' + b.toLocaleString() + load() + b + '>'; } }, 2];
    log(b.toLocaleString());
    const c = [{ toString() { load(); throw new RangeError('in ' + c + load()); } }];
    for (let i = 0; i < 2; i++) try { log(c.join()); } catch (error) { log(String(error)); }
    c[0] = a;
    log(c + ';' + [c, load(), a]);
    let inner;
    const d = [1, { toString() { inner = (async () => { await null; return '' + d + load() + d; })(); d[1] = 2; return load(); } }];
    log('' + d);
    log(await inner);`,
  'requests of an asynchronous generator': `
    const g = (async function* () { log(1); yield 1; log(2); yield 2; log(3); })();
    Object.defineProperty(Object.prototype, 'then', {
      configurable: true,
      get() {
        delete Object.prototype.then;
        log('answers'); load();
        g.next().then((result) => log(['inner', result]));
        load();
      },
    });
    log(await g.next());
    log(await g.next());
    log(await g.next());
    const p = Promise.resolve('p');
    Object.defineProperty(p, 'constructor', { get() { log(load()); g.next().then(() => log('last')); return Promise; } });
    log(await g.return(p));
    await null;
    const bad = Promise.resolve('p');
    Object.defineProperty(bad, 'constructor', { get() { load(); throw new RangeError('bad'); } });
    await g.return(bad).catch((error) => log(String(error)));`,
  'an asynchronous generator delegates': `
    const inner = { [Symbol.asyncIterator]() { return this; }, n: 0,
      next(v) { log(['next', v, load()]); return { value: this.n++, done: this.n > 2 }; },
      return(v) { log(['return', v, load()]); return { value: v, done: true }; } };
    const outer = (async function* () { log(yield* inner); })();
    log(await outer.next(1));
    log(await outer.next(2));
    log(await outer.return(3));
    for await (const x of (async function* () { yield load(); yield* [1, 2]; })()) log(x);`,
  'an indirect eval': `
    log((0, eval)('load() + "!"'));
    log(['load()', '1 + load()'].map(eval));
    try { (0, eval)('load(); throw new RangeError("late")'); } catch (error) { log(String(error)); }
    try { eval.call(null, 'let x = load('); } catch (error) { log(error instanceof SyntaxError); }
    (0, eval)('var made = load(); function f() { return load() + made; }');
    log(f());
    log((0, eval)('"use strict"; this === globalThis'), eval.apply(null, [{ not: 'text' }]), Reflect.apply(eval, 1, []));`,
  'stacks that the program prepares': `
    Error.prepareStackTrace = (error, sites) => 'prepared ' + error.message + load() + new Error('inner').stack.split('\\n')[0];
    log(new Error('a').stack);
    const reader = { toString() { return new Error('b').stack; } };
    log(String(reader));
    delete Error.prepareStackTrace;`,
  'conversions by the console': `
    console.log('%s %d', { toString() { return 'text ' + load(); } }, { valueOf() { load(); return 7; } }, { a: { get b() { return load(); } } });
    console.log('%o %O %j %s', { a: { b: {} } }, new (class K {})(), { toJSON() { return load(); } }, [new Map(), new WeakSet()]);
    console.log('%j', new Proxy({}, { get() { return load(); } }), [new Uint8Array(2), Promise.resolve(1)], new Error('e').message);
    console.table([{ get a() { return load(); } }]);
    console.dir({ get x() { return load(); } });`,
};

async function run(answers, body) {
  const lines = [];
  const load = answers ? () => 'v' : blocking(async () => 'v');
  const print = (...values) => lines.push(values);
  const sandbox = await createSandbox({
    globals: { load, tell: (text) => lines.push(text) },
    console: { log: print, text: true },
  });
  const source = `{ const log = (...values) => tell(JSON.stringify(values)); (async () => { ${body} })() }`;
  await sandbox.eval(source);
  sandbox.dispose();
  return lines;
}

for (const [name, body] of Object.entries(programs)) {
  test(`the outcome is that of code which does not wait: ${name}`, { timeout: 10000 }, async () => {
    const expected = await run(true, body);
    assert.ok(expected.length > 0);
    assert.deepEqual(await run(false, body), expected);
  });
}

test('an error of a timer or a microtask that waited is reported, whatever kind of function it is', async () => {
  const errors = [];
  const sandbox = await createSandbox({
    globals: { load: blocking(async () => 'v') },
    onUncaughtError: (error) => errors.push(String(error)),
  });
  await sandbox.eval(`
    const fail = (text) => { load(); throw new RangeError(text); };
    setTimeout(fail, 1, 'closure');
    setTimeout(fail.bind(null, 'bound'), 1);
    setTimeout(new Proxy(fail, {}), 1, 'proxy');
    setTimeout(Reflect.apply, 1, fail, null, ['native']);
    queueMicrotask(fail.bind(null, 'microtask'));
    new Promise((resolve) => setTimeout(resolve, 50))`);
  const expected = ['microtask', 'closure', 'bound', 'proxy', 'native'].map((text) => `RangeError: ${text}`);
  assert.deepEqual(errors.sort(), expected.sort());
  sandbox.dispose();
});

test('timers and promises go on while an asynchronous generator waits, and what they ask it for is queued', async () => {
  const seen = [];
  let answer;
  const sandbox = await createSandbox({
    globals: { load: blocking(() => new Promise((resolve) => (answer = resolve))), tell: (text) => seen.push(text) },
  });
  const done = sandbox.eval(`
    const g = (async function* () { tell('begins'); tell(load()); yield 1; yield 2; })();
    setTimeout(() => { tell('timer'); g.next().then(({ value }) => tell('second ' + value)); }, 1);
    const first = g.next();
    tell('goes on');
    first.then(({ value }) => { tell('first ' + value); })`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(seen, ['begins', 'timer']);
  answer('answer');
  await done;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(seen, ['begins', 'timer', 'answer', 'goes on', 'first 1', 'second 2']);
  sandbox.dispose();
});

test('the guest waits at the bottom of 5,000 levels of evals and asynchronous generators', async () => {
  const sandbox = await createSandbox({ globals: { load: blocking(async () => 'bottom') } });
  const value = await sandbox.eval(`
    globalThis.descend = (n) => {
      if (n === 0) return load();
      if (n % 2 === 1) return (0, eval)(\`descend(\${n - 1})\`);
      let value;
      (async function* () { value = descend(n - 1); })().next();
      return value;
    };
    descend(5000)`);
  assert.equal(value, 'bottom');
  sandbox.dispose();
});

test('an array is joined as usual by others while code within its join waits, and after that code was ended', async () => {
  let begun = () => {};
  let answer = () => {};
  const sandbox = await createSandbox({
    globals: { load: blocking(() => new Promise((resolve) => ((answer = resolve), begun()))) },
  });
  const source = 'const waits = { toString() { return load() + "[" + a + "]"; } }; a[1] = waits; `${a}`';
  await sandbox.eval('globalThis.a = [1, 2, 3]; 0');
  const begins = () => new Promise((resolve) => (begun = () => resolve(undefined)));
  let beginning = begins();
  const first = sandbox.eval(`{ ${source} }`);
  await beginning;
  const others = 'a[1] = { toString() { return "(" + a + [a] + [4] + ")"; } }; `${a}`';
  assert.equal(await sandbox.eval(`a[1] = 'other'; '' + [a, a]`), '1,other,3,1,other,3');
  assert.equal(await sandbox.eval(others), '1,(4),3');
  answer('loaded');
  assert.equal(await first, '1,loaded[],3');
  const controller = new AbortController();
  beginning = begins();
  const second = sandbox.eval(`{ ${source} }`, { signal: controller.signal });
  await beginning;
  controller.abort();
  await assert.rejects(second);
  assert.equal(await sandbox.eval(others), '1,(4),3');
  beginning = begins();
  const third = sandbox.eval(`{ ${source} }`);
  await beginning;
  sandbox.dispose();
  await assert.rejects(third);
});

const callables = {
  'a bound function': '(() => load()).bind()',
  'a native': 'JSON.stringify.bind(null, { toJSON() { return load(); } })',
  'a proxy': 'new Proxy(() => 1, { apply() { return load(); } })',
  'a proxy whose trap is a native': 'new Proxy((x) => x, { apply: Reflect.apply.bind(null, () => load(), null, []) })',
  'the next of a generator': '((g) => g.next.bind(g))((function* () { yield load(); })())',
  'the next of an asynchronous generator': '((g) => g.next.bind(g))((async function* () { yield load(); })())',
  eval: 'eval.bind(null, "load()")',
};

for (const [name, source] of Object.entries(callables)) {
  test(`the host calls what waits: ${name}`, { timeout: 5000 }, async () => {
    const sandbox = await createSandbox({ globals: { load: blocking(async () => 'v') } });
    const call = await sandbox.eval(source);
    assert.match(JSON.stringify(await call()), /v/);
    assert.match(JSON.stringify(await call()), name.includes('next') ? /"done":true/ : /v/);
    sandbox.dispose();
  });
}
