// The page in headless Chromium: run, error, stop, timers, expandable values.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { visitPlayground } from '../tools/chromium.mjs';

let site;
let page;

before(async () => {
  site = await visitPlayground();
  page = await site.open();
});

after(() => site?.close());

const entries = (kind) => page.locator(`.entry.${kind}`).allTextContents();
async function runProgram(source) {
  await page.evaluate((text) => globalThis.playground.setProgram(text), source);
  await page.click('#run');
}
const finished = () => page.waitForFunction(() => document.getElementById('status').value.startsWith('Finished'));

test('a program runs and shows its console output and completion value', async () => {
  await runProgram('console.log("sum", 1 + 2); console.warn("careful"); [1, 2].map((x) => x * 10)');
  await finished();
  assert.deepEqual(await entries('log'), ['sum3']);
  assert.deepEqual(await entries('warn'), ['careful']);
  assert.deepEqual(await entries('result'), ['[10, 20]']);
});

test('values can be expanded', async () => {
  await runProgram('console.log({ outer: { inner: "deep" } })');
  await finished();
  await page.click('.entry.log summary');
  await page.click('.entry.log .members summary');
  assert.match((await entries('log'))[0], /inner: "deep"/);
});

test('an uncaught error shows its message and position', async () => {
  await runProgram('let user;\nuser.name');
  await finished();
  const [error] = await entries('error');
  assert.match(error, /TypeError: user\.name: cannot read 'name' of undefined/);
  assert.match(error, /program\.js:2:/);
});

test('timers fire after the program, microtasks first', async () => {
  await runProgram('setTimeout(() => console.log("timer"), 20); Promise.resolve().then(() => console.log("microtask")); console.log("sync")');
  await page.waitForFunction(() => document.querySelectorAll('.entry.log').length === 3);
  assert.deepEqual(await entries('log'), ['sync', 'microtask', 'timer']);
});

test('an endless loop can be stopped, and the page goes on', async () => {
  await runProgram('for (;;);');
  await page.waitForFunction(() => !document.getElementById('stop').disabled);
  await page.click('#stop');
  await page.waitForFunction(() => document.getElementById('status').value === 'Ready');
  await runProgram('"alive"');
  await finished();
  assert.deepEqual(await entries('result'), ['"alive"']);
});
