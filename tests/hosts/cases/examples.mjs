// The projects of examples/, each with its own test and with the package from the tarball. Those that need other
// packages have them, locked, in tools/.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../wasm-glue/tools/root.mjs';
import { findNode } from '../tools.mjs';

export const examplesFolder = join(root, 'examples');

/** Copies an example into the app's folder. */
function copyExample(app, example) {
  cpSync(join(examplesFolder, example), app.folder, {
    recursive: true,
    filter: (path) => !/[/\\](?:node_modules|dist|\.wrangler)$/.test(path),
  });
}

/** Runs the example's own `npm test`. */
function tested(example, { tool } = {}) {
  const isQuick = tool === undefined;
  return {
    name: example,
    example,
    tool,
    isQuick,
    ...(isQuick ? { node: undefined } : {}),
    async run(app) {
      copyExample(app, example);
      const { scripts } = JSON.parse(readFileSync(app.path('package.json'), 'utf8'));
      const [command, ...args] = scripts.test.split(' ');
      await app.command(command === 'node' ? findNode(app.node) : command, args);
    },
  };
}

/** Wrangler's own server, asked over HTTP. */
const workerCase = {
  name: 'worker',
  example: 'worker',
  tool: 'wrangler',
  async run(app) {
    copyExample(app, 'worker');
    const args = ['--ip', '127.0.0.1', '--inspector-port', '0', '--show-interactive-dev-session=false'];
    const address = await app.serve('wrangler', (port) => ['dev', '--port', port, ...args]);
    const ask = async (rule, event = { total: 120, text: 'a' }) => {
      const response = await fetch(address, { method: 'POST', body: JSON.stringify({ rule, event }) });
      return { status: response.status, ...(await response.json()) };
    };
    assert.deepEqual(await ask('event.total > 100 ? pass() : drop()'), {
      status: 200,
      action: 'pass',
      event: { total: 120, text: 'a' },
    });
    assert.deepEqual(await ask('event.total > 200 ? pass() : drop()'), { status: 200, action: 'drop' });
    assert.deepEqual(await ask('change({ text: event.text + "b" })'), {
      status: 200,
      action: 'pass',
      event: { total: 120, text: 'ab' },
    });
    const loop = await ask('(() => { for (;;); })()');
    assert.equal(loop.status, 408);
    assert.match(loop.error, /^TimeLimitError/);
    assert.equal((await ask('nowhere()')).status, 422);
    assert.match((await ask('1')).error, /ends with pass/);
    assert.match((await ask('fetch("https://example.com")')).error, /fetch is not defined/);
  },
};

/** An app that its own script builds with Vite, used in Chromium. */
function builtPage(example, use) {
  return {
    name: example,
    example,
    tool: example,
    async run(app) {
      copyExample(app, example);
      await app.command('vite', ['build']);
      await app.usePage(await app.site(app.path('dist')), use);
      app.checkWasmFile(true);
    },
  };
}

const shows = (locator, text) => locator.filter({ hasText: text }).waitFor();

async function usePlayground(page) {
  const output = page.getByLabel('Output');
  const run = async (source) => {
    if (source !== undefined) await page.getByLabel('Program').fill(source);
    await page.getByRole('button', { name: 'Run' }).click();
  };
  await run();
  await shows(output, /^\[ 1, 4, 9 \]\s+= 14$/);
  await run('for (;;);');
  await page.getByRole('button', { name: 'Stop' }).click();
  await shows(output, /Stopped/);
  await run('const a = 1;\nnull.x;');
  await shows(output, /TypeError[^]*program\.js:2/);
  await run('const a = "<b>"; setTimeout(() => console.log("later"), 10); a');
  await shows(output, /^= <b>\s+later$/);
}

async function usePrices(page) {
  const cells = page.getByRole('cell');
  const expectCells = async (...texts) => {
    for (const [index, text] of texts.entries()) await shows(cells.nth(index), text);
  };
  await expectCells(/^37\.50$/, /^320\.00$/);
  await page.getByLabel('Price').fill('order.count > 10 ? order.count * order.price * 0.5 : 1');
  await expectCells(/^1\.00$/, /^160\.00$/);
  await page.getByLabel('Price').fill('(() => { for (;;); })()');
  await shows(page.getByRole('alert'), /TimeLimitError/);
  await page.getByLabel('Price').fill('order.nothing.at');
  await shows(page.getByRole('alert'), /order\.nothing/);
  await page.getByLabel('Price').fill('2');
  await expectCells(/^2\.00$/, /^2\.00$/);
}

export const exampleCases = [
  ...['plugins', 'formulas', 'agent'].map((example) => tested(example)),
  tested('server', { tool: 'express' }),
  workerCase,
  builtPage('react', usePlayground),
  builtPage('svelte', usePrices),
];
