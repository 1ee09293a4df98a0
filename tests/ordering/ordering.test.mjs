// The order of jobs, as a current V8 has it (rebaseline.mjs): natively, in the wasm in Node, in the wasm in Chromium.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { visitModule, visitPlayground } from '../tools/chromium.mjs';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { isAvailable, runProgram } from '../tools/shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const programs = readdirSync(here).filter((name) => name.endsWith('.js'));
const expected = (file) => readFileSync(join(here, file.replace('.js', '.expected')), 'utf8');

for (const kind of ['native', 'wasm']) {
  for (const file of programs) {
    test(`order of jobs: ${file.slice(0, -3)}, ${kind}`, {
      skip: isAvailable(kind) ? false : `there is no ${kind} command line`,
    }, () => {
      const { stdout, stderr } = runProgram(kind, [join(here, file)]);
      assert.equal(stdout, expected(file), stderr);
    });
  }
}

// Programs that need more of the host: to hear of rejections, and other realms.
const hosted = join(here, 'hosted');
const hostedPrograms = readdirSync(hosted).filter((name) => name.endsWith('.js'));
const hosts = [
  ['native', join(root, 'build', 'native', 'ordering_probe')],
  ['wasm', process.execPath, join(hosted, 'host-wasm.mjs')],
];
for (const [kind, command, ...args] of hosts) {
  for (const file of hostedPrograms) {
    const isThere = kind === 'native' ? existsSync(command) : isAvailable(kind);
    test(`order of jobs: ${file.slice(0, -3)}, ${kind}`, {
      skip: isThere ? false : `there is no ${kind} build`,
    }, () => {
      const { stdout, stderr, status } = spawnSync(command, [...args, join(hosted, file)], {
        encoding: 'utf8',
        timeout: 60000,
      });
      assert.equal(stdout, expected(join('hosted', file)), stderr);
      assert.equal(status, 0, stderr);
    });
  }
}

const withoutChromium = { skip: findChromium() ? false : 'there is no Chromium' };

describe('order of jobs in Chromium', withoutChromium, () => {
  let site, page;

  before(async () => {
    site = await visitPlayground();
    page = await site.open();
  });
  after(() => site?.close());

  for (const file of programs) {
    test(file.slice(0, -3), async () => {
      await page.evaluate((text) => globalThis.playground.setProgram(text), readFileSync(join(here, file), 'utf8'));
      await page.click('#run');
      const lines = expected(file).trimEnd().split('\n');
      const printed = () =>
        page.evaluate(() =>
          globalThis.playground
            .getOutput()
            .filter(({ kind }) => kind === 'log')
            .map(({ text }) => text),
        );
      await page
        .waitForFunction(
          (count) =>
            document.getElementById('status').value.startsWith('Finished') &&
            globalThis.playground.getOutput().length >= count,
          lines.length,
          { timeout: 10000 },
        )
        .catch(() => {});
      assert.deepEqual(await printed(), lines);
    });
  }
});

// The package alone, without the page: whatever the host is told is there.
describe('order of jobs in Chromium, with a host', withoutChromium, () => {
  let site;

  before(async () => {
    site = await visitModule(
      `
      import { runInSandbox } from './sandbox.mjs';
      globalThis.lines = [];
      globalThis.run = (source) => runInSandbox(source, (line) => globalThis.lines.push(line));`,
      hosted,
    );
  });
  after(() => site?.close());

  for (const file of hostedPrograms) {
    test(file.slice(0, -3), async () => {
      const page = await site.open();
      await page.evaluate((source) => globalThis.run(source), readFileSync(join(hosted, file), 'utf8'));
      const lines = expected(join('hosted', file)).trimEnd().split('\n');
      await page
        .waitForFunction((count) => globalThis.lines.length >= count, lines.length, { timeout: 10000 })
        .catch(() => {});
      assert.deepEqual(await page.evaluate(() => globalThis.lines), lines);
      await page.close();
    });
  }
});
