// The order of jobs, as a current V8 has it (rebaseline.mjs): natively, in the wasm in Node, in the wasm in Chromium.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../tools/requirements.mjs';
import { serve } from '../tools/serve.mjs';
import { root } from '../tools/set-up.mjs';
import { isAvailable, runProgram } from '../tools/shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const programs = readdirSync(here).filter((name) => name.endsWith('.js'));
const expected = (file) => readFileSync(join(here, file.replace('.js', '.expected')), 'utf8');

for (const kind of ['native', 'wasm']) {
  for (const file of programs) {
    test(`order of jobs: ${file.slice(0, -3)}, ${kind}`, { skip: isAvailable(kind) ? false : `there is no ${kind} command line` }, () => {
      const { stdout, stderr } = runProgram(kind, [join(here, file)]);
      assert.equal(stdout, expected(file), stderr);
    });
  }
}

// Programs that need more of the host: to hear of unhandled rejections, and other realms.
const hosted = join(here, 'hosted');
const hosts = [
  ['native', join(root, 'build', 'native', 'ordering_probe')],
  ['wasm', process.execPath, join(hosted, 'host-wasm.mjs')],
];
for (const [kind, command, ...args] of hosts) {
  for (const file of readdirSync(hosted).filter((name) => name.endsWith('.js'))) {
    const isThere = kind === 'native' ? existsSync(command) : isAvailable(kind);
    test(`order of jobs: ${file.slice(0, -3)}, ${kind}`, { skip: isThere ? false : `there is no ${kind} build` }, () => {
      const { stdout, stderr, status } = spawnSync(command, [...args, join(hosted, file)], { encoding: 'utf8', timeout: 60000 });
      assert.equal(stdout, expected(join('hosted', file)), stderr);
      assert.equal(status, 0, stderr);
    });
  }
}

describe('order of jobs in Chromium', { skip: findChromium() ? false : 'there is no Chromium' }, () => {
  let browser, page, server;

  before(async () => {
    server = await serve(0);
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
    });
    page = await browser.newPage();
    await page.goto(server.address);
    await page.waitForFunction(() => document.getElementById('status').value === 'Ready');
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const file of programs) {
    test(file.slice(0, -3), async () => {
      await page.evaluate((text) => globalThis.playground.setProgram(text), readFileSync(join(here, file), 'utf8'));
      await page.click('#run');
      const lines = expected(file).trimEnd().split('\n');
      await page.waitForFunction((count) => document.getElementById('status').value.startsWith('Finished') &&
        document.querySelectorAll('.entry.log').length >= count, lines.length, { timeout: 10000 }).catch(() => {});
      assert.deepEqual(await page.locator('.entry.log').allTextContents(), lines);
    });
  }
});
