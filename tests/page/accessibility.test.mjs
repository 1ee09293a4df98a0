// The page for everybody: axe finds nothing in either theme and in any state, all of it works with the keyboard alone,
// and who listens hears what is printed without being flooded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { openPlayground } from './playground.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let site;
let playground;
let page;

// One tab for all: to open one takes longer than most of the tests.
before(async () => {
  site = await openPlayground();
  playground = await site.start();
  ({ page } = playground);
  await page.evaluate(axe);
});

after(() => site?.close());

async function violations() {
  const { violations: found } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }),
  );
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join('; ')}`,
  );
}

const everyKind = `
console.log('text', 1, true, null, undefined, Symbol('s'), 10n, () => {}, { a: { b: 'c' } }, [1, 'two', 3]);
console.debug('debug'); console.info('info'); console.warn('warn', { w: 1 }); console.error('error', new Error('an error'));
console.log('x'.repeat(60000));
class Example { /* comment */ method(x) { return /re(g)ex/.test(x) ? \`template \${x}\` : 'string' + 0x10; } }
({ result: 1 });`;

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in the ${colorScheme} theme`, { timeout: 60_000 }, async () => {
    await page.emulateMedia({ colorScheme });
    await playground.run(everyKind);
    await page.evaluate(() => {
      document.getElementById('output').scrollTop = 0;
    });
    await page.click('.entry.log summary');
    await page.click('.entry.log .members summary');
    assert.deepEqual(await violations(), [], 'after a run');
    await page.setViewportSize({ width: 500, height: 800 });
    assert.deepEqual(await violations(), [], 'on a narrow page');
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.click('.cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nfun');
    await page.keyboard.press('Control+Space');
    await page.waitForSelector('.cm-tooltip-autocomplete');
    assert.deepEqual(await violations(), [], 'with completions');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await page.waitForSelector('.cm-search');
    await playground.start('for (;;);');
    assert.deepEqual(await violations(), [], 'during a run, with the search panel');
    await page.click('#stop');
    await page.click('.cm-search [name=close]');
  });
}

test('the keyboard alone reaches everything, in the order in which it is shown', async () => {
  await page.click('#clear');
  await playground.setProgram('console.log({ a: 1 }); setInterval(() => {}, 1000); 0');
  const focused = () =>
    page.evaluate(() => (document.activeElement.closest('.entry') ? 'entry' : document.activeElement.id));
  const visited = [];
  const goThrough = async () => {
    visited.splice(0, visited.length, 'examples');
    await page.focus('#examples');
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press('Tab');
      const where = await focused();
      if (where === '' || visited.includes(where)) break;
      visited.push(where);
    }
    return visited;
  };
  assert.deepEqual(await goThrough(), ['examples', 'run', 'clear', 'share', 'editor', 'output']);
  await page.focus('#run');
  await page.keyboard.press('Enter');
  await playground.waitForStatus('Waiting');
  assert.deepEqual(await goThrough(), ['examples', 'run', 'stop', 'clear', 'share', 'editor', 'output', 'entry']);
  await page.focus('.entry summary');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.entry details[open]').count(), 1);
  await page.focus('#stop');
  await page.keyboard.press('Space');
  await playground.waitForStatus('Stopped');
  assert.equal(await focused(), 'run'); // Stop can no longer have it
});

test('Ctrl+Enter in the editor runs the program, Tab leaves it', async () => {
  await playground.setProgram('"by key"');
  await page.click('.cm-content');
  await page.keyboard.press('Control+Enter');
  await playground.waitForStatus('Finished');
  assert.deepEqual(await playground.entries('result'), ['"by key"']);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'output');
});

test('the output scrolls by keys, and keeps the focus when the row that had it is gone', async () => {
  await playground.run('for (let i = 0; i < 3000; i++) console.log({ i });');
  await page.focus('#output');
  for (let round = 0; round < 4; round++) {
    await page.keyboard.press('End');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.entry')].some(({ textContent }) => textContent === '{i: 2999}'),
    );
    await page.keyboard.press('Home');
    await page.waitForFunction(
      () =>
        document.getElementById('output').scrollTop === 0 && document.querySelector('.entry').textContent === '{i: 0}',
    );
  }
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
  await page.evaluate(() => {
    document.getElementById('output').scrollTop = 20000;
  });
  await page.waitForFunction(() => document.activeElement.id === 'output');
});

test('what is printed is announced: a little as it is, much by its number, and not often', async () => {
  await page.click('#clear'); // what waits to be told as well
  await page.evaluate(() => {
    globalThis.heard = [];
    new MutationObserver(() => {
      const { textContent } = document.getElementById('announcements');
      if (textContent !== '') globalThis.heard.push(textContent);
    }).observe(document.getElementById('announcements'), { childList: true, characterData: true, subtree: true });
  });
  const heard = async (count) => {
    await page.waitForFunction((number) => globalThis.heard.length >= number, count);
    return page.evaluate(() => globalThis.heard);
  };
  await playground.run('console.log("hello", { a: 1 }); console.warn("careful")');
  assert.deepEqual(await heard(1), ['hello {a: 1}\nwarn: careful']);
  await playground.start('setInterval(() => console.log("again"), 2); 0');
  const [, ...many] = await heard(3);
  assert.match(many[1], /^\d+ lines of output$/);
  await page.click('#stop');
  assert.equal(await page.getAttribute('#output', 'aria-live'), 'off');
});
