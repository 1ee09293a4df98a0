// Programs of the page: they survive a reload, travel in an address, and whatever an address holds is only text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { isModule } from '../../web/program/module-syntax.js';
import { openPlayground } from './playground.mjs';

let site;
let playground;
let page;
let receiver; // of addresses, somebody else

before(async () => {
  site = await openPlayground();
  playground = await site.start();
  ({ page } = playground);
});

after(() => site?.close());

const reload = async () => {
  await page.reload();
  await playground.waitForStatus('Ready');
};
const type = async (text) => {
  await page.click('.cm-content');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
};
const fragmentOf = (source) => `#program=${deflateRawSync(source).toString('base64url')}`;
const menu = () => page.locator('#examples');

test('a program that was typed is there after a reload', async () => {
  const source = `// ${'ü€😀 '.repeat(100)}\nconsole.log("kept")`;
  await type(source);
  await reload();
  assert.equal(await playground.program(), source);
  assert.equal(await menu().inputValue(), 'own');
  assert.deepEqual(await playground.entries(), []);
});

test('a program can be had back after an example was looked at', async () => {
  await type('mine()');
  await menu().selectOption('1');
  assert.notEqual(await playground.program(), 'mine()');
  await reload();
  assert.equal(await menu().inputValue(), '1');
  await menu().selectOption('previous');
  assert.equal(await playground.program(), 'mine()');
});

test('a program is shared by its address, which runs nothing by itself', async () => {
  const source = `console.log("shared", ${JSON.stringify('<script>"\'&ü😀'.repeat(50))});`;
  await playground.setProgram(source);
  await page.click('#share');
  await playground.waitForStatus('');
  await page.waitForFunction(() => location.hash.startsWith('#program='));
  const fragment = await page.evaluate(() => location.hash);
  assert.ok(fragment.length < source.length / 2);

  receiver = await site.start({ fragment });
  await receiver.page.waitForFunction((text) => globalThis.playground.getProgram() === text, source);
  assert.equal(await receiver.status(), 'Ready');
  assert.match((await receiver.entries())[0], /read it before you run it/);
  await receiver.page.click('#run');
  await receiver.waitForStatus('Finished');
  assert.match((await receiver.entries('log'))[0], /^shared <script>/);
});

test("an address replaces nothing of the receiver's: the program before is kept, and what is edited is theirs", async () => {
  await type('mine()');
  await page.waitForFunction(() => localStorage.getItem('caisson.program') === 'mine()');
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, fragmentOf('theirs()'));
  await page.waitForFunction(() => globalThis.playground.getProgram() === 'theirs()');
  assert.equal(await page.evaluate(() => localStorage.getItem('caisson.program')), 'mine()');
  await type('theirs(1)');
  assert.equal(await page.evaluate(() => location.hash), '');
  await reload();
  assert.equal(await playground.program(), 'theirs(1)');
  await menu().selectOption('previous');
  assert.equal(await playground.program(), 'mine()');
});

const raw = (bytes) => `#program=${Buffer.from(bytes).toString('base64url')}`;
const hostile = {
  nothing: '#program=',
  'no base64': '#program=<script>alert(1)</script>',
  'no compressed text': raw('this is no deflate stream'),
  'a stream that is cut': raw(deflateRawSync('a program that is cut'.repeat(100)).subarray(0, 10)),
  'bytes after the stream': raw(Buffer.concat([deflateRawSync('x'), Buffer.from('more')])),
  'no UTF-8': raw(deflateRawSync(Buffer.from([0xff, 0xfe, 0xc0]))),
  'a gigabyte of blanks': raw(deflateRawSync(Buffer.alloc(50_000_000, ' '))),
};
test('an address that holds no program changes nothing', async () => {
  await type('mine()');
  for (const [name, fragment] of Object.entries(hostile)) {
    await page.click('#clear');
    await page.evaluate((text) => {
      location.hash = text;
    }, fragment);
    await page
      .waitForFunction(() => document.querySelectorAll('.entry.error').length > 0)
      .catch(() => assert.fail(name));
    assert.match((await playground.entries('error'))[0], /holds no program that can be read/, name);
    assert.equal(await playground.program(), 'mine()', name);
    assert.equal(await playground.status(), 'Ready', name);
  }
});

test('markup in a program, its name and its output stays text', async () => {
  const text = '<img src=x onerror="globalThis.hacked=1"><script>hacked=2</script>';
  const source = `console.log(${JSON.stringify(text)}, { ${JSON.stringify(text)}: 1 }); throw new Error(${JSON.stringify(text)})`;
  const { page: tab } = receiver;
  await tab.evaluate((fragment) => {
    location.hash = fragment;
  }, fragmentOf(source));
  await tab.waitForFunction((expected) => globalThis.playground.getProgram() === expected, source);
  await tab.click('#run');
  await receiver.waitForStatus('Finished');
  await tab.click('.entry summary');
  assert.equal(await tab.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await tab.locator('#output img, #output script').count(), 0);
  assert.ok((await receiver.entries('error'))[0].includes(text));
});

test('the page needs neither storage nor what only Chromium has', async () => {
  await page.addInitScript(() => {
    for (const name of [
      'chrome',
      'scheduler',
      'TaskController',
      'navigation',
      'launchQueue',
      'showOpenFilePicker',
      'EditContext',
      'documentPictureInPicture',
    ])
      delete globalThis[name];
    for (const name of ['userAgentData', 'clipboard', 'scheduling', 'storageBuckets']) delete Navigator.prototype[name];
    delete Performance.prototype.memory;
    delete ShadowRoot.prototype.getSelection;
    for (const name of ['getItem', 'setItem'])
      Storage.prototype[name] = () => {
        throw new DOMException('no', 'SecurityError');
      };
  });
  await reload();
  await type('"works"');
  await page.click('#run');
  await playground.waitForStatus('Finished');
  assert.deepEqual(await playground.entries('result'), ['"works"']);
  await page.click('#share');
  await playground.waitForStatus('The address holds the program');
});

test('a program that imports, exports or awaits at its top level is a module, any other a script', () => {
  const modules = [
    'await 1',
    '{ (await x).y }',
    'for await (const x of y);',
    'import "x"',
    'import x, { y } from "z"',
    'import * as n from "n"',
    'export {}',
    'export default 1',
    'import.meta.url',
    'f(import.meta)',
    'await using x = y',
    'x = { a: await 1 }',
    '`${await 1}`',
    'class A { [await 1] = 2 }',
    'if (x) { try { await y } finally {} }',
    'function f() { return import.meta }',
  ];
  const scripts = [
    '',
    '1 + 1',
    'import("x")',
    'async function f() { await 1; for await (const a of b); }',
    'async () => await 1',
    '({ async m() { await 1 } })',
    'class A { static async m() { await 1 } #f = async () => { await 2 } }',
    '"import x from y"',
    '// await 1',
    '/await x/',
    '`await 1`',
    'using x = y',
    'x.import.meta',
    'const o = { await: 1, import: 2, export: 3 }; o.await',
    'async function* g() { yield await 1 }',
  ];
  assert.deepEqual(
    modules.filter((source) => !isModule(source)),
    [],
  );
  assert.deepEqual(
    scripts.filter((source) => isModule(source)),
    [],
  );
});
