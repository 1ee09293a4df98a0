// The page in headless Chromium: run, error, stop, timers, modules, expandable values.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPlayground } from './playground.mjs';

let site;
let playground;
let page;
const violations = [];

before(async () => {
  site = await openPlayground();
  playground = await site.start();
  ({ page } = playground);
  page.on('console', (message) => violations.push(message.text()));
  page.on('pageerror', (error) => violations.push(String(error)));
});

after(() => site?.close());

test('a program runs and shows its console output and completion value', async () => {
  await playground.run('console.log("sum", 1 + 2); console.warn("careful"); [1, 2].map((x) => x * 10)');
  assert.deepEqual(await playground.entries('log'), ['sum 3']);
  assert.deepEqual(await playground.entries('warn'), ['careful']);
  assert.deepEqual(await playground.entries('result'), ['[10, 20]']);
});

test('values can be expanded', async () => {
  await playground.run('const outer = { inner: "deep" }; outer.self = outer; console.log({ outer })');
  await page.click('.entry.log summary');
  await page.click('.entry.log .members summary');
  assert.match((await playground.entries('log'))[0], /inner: "deep"/);
});

const failures = {
  'let user;\nuser.name': [/TypeError: user\.name: cannot read 'name' of undefined/, /program\.js:2:/],
  'throw { a: 1, b: [2] }': [/^Uncaught \{a: 1, b: Array\(1\)\}$/],
  'throw null': [/^Uncaught null$/],
  'throw "text"': [/^Uncaught text$/],
  'Promise.reject({ code: 7 }); 0': [/^Unhandled rejection: \{code: 7\}$/],
  'setTimeout(() => { throw [1, 2]; })': [/^Uncaught \[1, 2\]$/],
  'await 1; throw { late: true }': [/^Uncaught \{late: true\}$/],
  'class Odd extends Error {}; throw Object.assign(new Odd("no"), { code: 5 })': [/Odd: no|Error: no/, /program\.js:1/],
  'let let': [/SyntaxError/],
};
for (const [source, patterns] of Object.entries(failures)) {
  test(`what is thrown is shown: ${source.replaceAll('\n', ' ')}`, async () => {
    await playground.run(source);
    const [error] = await playground.entries('error');
    for (const pattern of patterns) assert.match(error, pattern);
  });
}

test('timers fire after the program, microtasks first, and it has finished when no more are to come', async () => {
  await playground.run(`
    let n = 0;
    const interval = setInterval(() => { console.log('interval', n); if (++n === 3) clearInterval(interval); }, 20);
    Promise.resolve().then(() => console.log('microtask'));
    console.log('sync');`);
  assert.deepEqual(await playground.entries('log'), ['sync', 'microtask', 'interval 0', 'interval 1', 'interval 2']);
});

test('an interval goes on until it is stopped', async () => {
  await playground.start('setInterval(() => console.log("again"), 5); 0');
  await playground.waitForStatus('Waiting for timers');
  await page.waitForFunction(() => document.querySelectorAll('.entry.log').length > 2);
  await page.click('#stop');
  await playground.waitForStatus('Stopped');
  const count = (await playground.entries('log')).length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await playground.entries('log')).length, count);
  assert.deepEqual(await playground.entries('note'), ['Stopped']);
});

test('a program that waits for nothing has finished, and the page says what it waits for', async () => {
  await playground.run('await new Promise(() => {})');
  assert.match((await playground.entries('note'))[0], /waits for a promise that nothing will settle/);
});

test('an endless loop can be stopped, or another program be run instead', async () => {
  await playground.start('for (;;);');
  await page.click('#stop');
  await playground.waitForStatus('Stopped');
  await playground.run('"alive"');
  assert.deepEqual(await playground.entries('result'), ['"alive"']);
  await playground.start('for (;;);');
  await playground.waitForStatus('Running');
  await playground.run('"instead"');
  assert.deepEqual(await playground.entries('result'), ['"instead"']);
});

test('modules run: top-level await, exports, imports of data', async () => {
  await playground.run(`
    import { twice } from 'data:text/javascript,export const twice = (n) => n * 2';
    const { three } = await import('data:text/javascript;base64,${btoa('export const three = 3')}');
    console.log(import.meta !== undefined, await twice(three));
    export const answer = 42;`);
  assert.deepEqual(await playground.entries('log'), ['true 6']);
  assert.deepEqual(await playground.entries('result'), ['{answer: 42}']);
  await playground.run('import "./other.js"');
  assert.match((await playground.entries('error'))[0], /there is no module '\.\/other\.js'/);
});

test('each program has globals of its own', async () => {
  await playground.run('globalThis.left = 1; Array.prototype.push = undefined; console.log = null; 0');
  await playground.run('console.log(typeof left, [].push.name)');
  assert.deepEqual(await playground.entries('log'), ['undefined push']);
});

test("a program's console survives what it does to its built-ins", async () => {
  await playground.run(`
    const { log } = console;
    JSON.stringify = String.prototype.slice = Map.prototype.get = Reflect.ownKeys = Function.prototype.call = Function.prototype.apply = () => { throw 1; };
    Object.prototype.constructor = Array.prototype.constructor = null;
    log({ a: [1, new Map([[1, 2]])] }, 'x%', '%s');`);
  assert.match((await playground.entries())[0], /\{a: .*\} x% %s/);
});

test('words wrap at spaces', async () => {
  await playground.run('console.log("word ".repeat(100), "other ".repeat(100), { key: "value" })');
  // Each word is one line high: none is broken.
  const broken = await page.evaluate(() => {
    const words = [];
    for (const { firstChild } of document.querySelectorAll('.entry.log > span')) {
      for (const { index, 0: word } of firstChild.data.matchAll(/\w+/g)) {
        const range = new Range();
        range.setStart(firstChild, index);
        range.setEnd(firstChild, index + word.length);
        if (range.getClientRects().length > 1) words.push(index);
      }
    }
    return words;
  });
  assert.deepEqual(broken, []);
  const { row, scrollWidth } = await page.evaluate(() => ({
    row: document.getElementById('output').clientWidth,
    scrollWidth: document.getElementById('output').scrollWidth,
  }));
  assert.equal(scrollWidth, row);
});

test('an engine that cannot be loaded is said so, and loaded when the next program runs', async () => {
  const tab = await site.start({ fragment: '' });
  await tab.page.route('**/caisson.wasm', (route) => route.abort());
  await tab.page.reload();
  await tab.waitForStatus('Failed');
  assert.match((await tab.entries('error'))[0], /the engine could not be loaded/);
  await tab.page.unroute('**/caisson.wasm');
  await tab.run('"loaded"');
  assert.deepEqual(await tab.entries('result'), ['"loaded"']);
  await tab.page.close();
});

test("the page's policy lets neither inline script nor code from text run, and nothing of the page needs them", async () => {
  assert.deepEqual(violations, []);
  // In a task of the page: what the test evaluates itself is exempt.
  const result = await page.evaluate(
    () =>
      new Promise((resolve) =>
        setTimeout(() => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.injected = true';
          document.body.append(script);
          let evaluated = true;
          try {
            new Function('return 1')();
          } catch {
            evaluated = false;
          }
          resolve({ injected: globalThis.injected ?? false, evaluated });
        }),
      ),
  );
  assert.deepEqual(result, { injected: false, evaluated: false });
});
