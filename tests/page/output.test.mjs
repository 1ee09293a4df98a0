// Much output: the page shows it with the next frame, keeps a bounded part of it, and goes on answering.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPlayground } from './playground.mjs';

const MOST_ROWS = 150; // in the document: what can be seen, and a little around it
const LATEST = 5000; // ms: the machine that runs the tests may be busy; without bounds these would be late for ever

let site;
let playground;
let page;

before(async () => {
  site = await openPlayground();
  playground = await site.start();
  ({ page } = playground);
});

after(() => site?.close());

const rows = () => page.locator('.entry').count();
const dropped = () => page.locator('#output .dropped').textContent();
const scroll = (position) =>
  page.evaluate((where) => {
    const output = document.getElementById('output');
    output.scrollTop = where * (output.scrollHeight - output.clientHeight);
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  }, position);
// The texts of the rows that can be seen.
const seen = () =>
  page.evaluate(() => {
    const { top, bottom } = document.getElementById('output').getBoundingClientRect();
    return [...document.querySelectorAll('.entry')]
      .filter((row) => {
        const box = row.getBoundingClientRect();
        return box.bottom > top + 30 && box.top < bottom - 5;
      })
      .map((row) => row.textContent);
  });

test('100,000 lines: all of them can be scrolled to, and only those that can be seen are in the document', {
  timeout: 60_000,
}, async () => {
  await playground.run('for (let i = 1; i <= 100000; i++) console.log("line", i);');
  assert.equal(await dropped(), '');
  assert.ok((await rows()) < MOST_ROWS);
  assert.equal((await seen()).at(-1), 'line 100000');
  for (const position of [0, 0.5, 0.123, 1, 0]) {
    await scroll(position);
    const texts = await seen();
    assert.ok(texts.length > 5 && (await rows()) < MOST_ROWS);
    const first = Number(texts[0].slice('line '.length));
    assert.deepEqual(
      texts,
      texts.map((_, index) => `line ${first + index}`),
    );
    assert.ok(Math.abs((first - 1) / (100_000 - texts.length) - position) < 0.01, `${first} at ${position}`);
  }
});

test('beyond that the oldest lines are dropped, and a line says how many', { timeout: 60_000 }, async () => {
  await playground.run('for (let i = 1; i <= 101234; i++) console.log(i);');
  assert.equal(await dropped(), '1,234 earlier lines were dropped');
  await scroll(0);
  assert.equal((await playground.entries())[0], '1235');
  await playground.run('for (let i = 1; i <= 1500; i++) console.log("many\\n".repeat(99)); console.log("end")');
  assert.equal(await dropped(), '50,100 earlier lines were dropped'); // whole entries
  await playground.run('console.log("x".repeat(50000)); console.log("few")');
  assert.equal(await dropped(), '');
  assert.equal((await seen()).at(-1), 'few');
});

const floods = {
  numbers: 'for (let i = 0;; i++) console.log(i);',
  'objects from a callback': 'Array.from({ length: 1e9 }, (_, i) => console.log({ i, list: [1, 2, 3] }));',
  'long texts': 'for (;;) console.log("words and words ".repeat(1000));',
  'many lines': 'for (;;) console.log("\\n".repeat(1000));',
  'errors of timers':
    'setInterval(() => { for (let i = 0; i < 100; i++) queueMicrotask(() => { throw new Error("again"); }); });',
  promises: '(async () => { for (let i = 0;; i++) { console.log(i); await null; } })()',
};
for (const [name, source] of Object.entries(floods)) {
  test(`the page answers during a flood of ${name}, and Stop ends it`, { timeout: 60_000 }, async () => {
    await playground.start(source);
    await page.waitForFunction(() => document.querySelectorAll('.entry').length > 0);
    const { longest, rows: most } = await page.evaluate(
      () =>
        new Promise((resolve) => {
          let last = performance.now();
          let longest = 0;
          let rows = 0;
          let ticks = 0;
          const tick = () => {
            longest = Math.max(longest, performance.now() - last);
            rows = Math.max(rows, document.querySelectorAll('.entry').length);
            last = performance.now();
            if (++ticks < 20) setTimeout(tick, 20);
            else resolve({ longest, rows });
          };
          setTimeout(tick, 20);
        }),
    );
    assert.ok(longest < LATEST, `a timer of the page was ${longest} ms late`);
    assert.ok(most < MOST_ROWS, `${most} rows`);
    await page.evaluate(() =>
      addEventListener(
        'click',
        ({ timeStamp }) => {
          globalThis.waited = performance.now() - timeStamp;
        },
        { once: true },
      ),
    );
    await page.click('#stop');
    assert.match(await playground.status(), /^(Stopped|Ready)/);
    const waited = await page.evaluate(() => globalThis.waited);
    assert.ok(waited < LATEST, `Stop took ${waited} ms`);
    const ended = await page.evaluate(
      () =>
        new Promise((resolve) => requestAnimationFrame(() => resolve(document.getElementById('output').textContent))),
    );
    assert.ok(ended.endsWith('Stopped'));
    await playground.waitForStatus('Ready');
    assert.equal(await page.evaluate(() => document.getElementById('output').textContent), ended);
  });
}

test('who scrolls up stays where they are while more is printed; at the end the view follows again', async () => {
  await playground.start(
    'let n = 0; function more() { for (let i = 0; i < 50; i++) console.log("line", n++); } more(); more(); more(); setInterval(more, 20); 0',
  );
  await page.waitForFunction(() => document.getElementById('output').scrollHeight > 2500);
  await scroll(0);
  const before = await seen();
  await page.waitForFunction(
    (height) => document.getElementById('output').scrollHeight > height + 2000,
    await page.evaluate(() => document.getElementById('output').scrollHeight),
  );
  assert.deepEqual(await seen(), before);
  await scroll(1);
  await page.waitForFunction(() => document.querySelectorAll('.entry').length > 0);
  await page.click('#stop');
  const output = await page.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const { scrollHeight, scrollTop, clientHeight } = document.getElementById('output');
            resolve(scrollHeight - scrollTop - clientHeight);
          }),
        ),
      ),
  );
  assert.ok(output < 2, `${output} pixels from the end`);
});

test('what was opened stays open when it is scrolled away and back', async () => {
  await playground.run('console.log({ first: { inner: 1 } }); for (let i = 0; i < 5000; i++) console.log(i);');
  await scroll(0);
  await page.click('.entry summary');
  await page.locator('.entry .members').first().waitFor(); // they come with the event that tells of the opening
  const opened = (await seen())[0];
  await scroll(1);
  assert.equal(await page.locator('details').count(), 0);
  await scroll(0);
  assert.equal((await seen())[0], opened);
  assert.equal(await page.locator('details[open]').count(), 1);
});

test('rows of different heights are where they belong', async () => {
  await playground.run(
    'for (let i = 0; i < 3000; i++) console.log(i, i % 7 ? "x ".repeat(i % 400) : "a\\nb\\nc", { i });',
  );
  for (const position of [0, 0.3, 0.7, 1]) {
    await scroll(position);
    const gaps = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll('.entry')].map((row) => row.getBoundingClientRect());
      const output = document.getElementById('output').getBoundingClientRect();
      return {
        covers: boxes[0].top <= output.top + 20 && boxes.at(-1).bottom >= output.bottom - 20,
        gaps: boxes.slice(1).filter((box, index) => Math.abs(box.top - boxes[index].bottom) > 0.5).length,
      };
    });
    assert.deepEqual(gaps, { covers: true, gaps: 0 }, `at ${position}`);
  }
});

test('console.clear empties the output, and groups indent it', async () => {
  await playground.run(
    'console.log("gone"); console.clear(); console.group("group"); console.log("inner"); console.groupEnd(); console.log("outer")',
  );
  assert.deepEqual(await playground.entries('log'), ['group', 'inner', 'outer']);
  const [group, inner, outer] = await page
    .locator('.entry')
    .evaluateAll((all) => all.map((row) => row.firstChild.getBoundingClientRect().left));
  assert.ok(inner > group && outer === group);
});
