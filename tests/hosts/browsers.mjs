// Chromium and Firefox, headless: each is started once, when a case first asks for it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium, findCommand } from '../../wasm-glue/tools/requirements.mjs';
import { Skipped } from './tools.mjs';

/** @returns an object with `open(address)`, which gives `problems()`, `close()` and (Chromium's) Playwright's `page` */
export function startBrowser(name) {
  return { chromium: startChromium, firefox: startFirefox }[name]();
}

async function startChromium() {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Skipped('Chromium is not installed (Debian: chromium)');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  return {
    async open(address) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const problems = [];
      page.on('console', (message) => {
        // No app of these has an icon.
        const { url } = message.location();
        if (message.type() === 'error' && !url.endsWith('/favicon.ico'))
          problems.push(`console: ${message.text()} (${url})`);
      });
      page.on('pageerror', (error) => problems.push(`page: ${error.stack || error}`));
      await page.goto(address);
      return { page, problems: () => problems, close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

const preferences = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.firstRunURL': '',
  'toolkit.telemetry.enabled': false,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'extensions.update.enabled': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'dom.disable_open_during_load': false, // the first page opens the others
};

// A first page asks this process for the addresses of the others. Their consoles are not seen: what they report is.
async function startFirefox() {
  const command = findCommand('firefox-esr', 'firefox');
  if (command === undefined) throw new Skipped('Firefox is not installed (Debian: firefox-esr)');
  const profile = mkdtempSync(join(tmpdir(), 'caisson-firefox-'));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const children = new Set();
  const launch = (folder, address) => {
    const args = ['--headless', '--no-remote', '--new-instance', '--profile', folder, address];
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    children.add(child);
    return child;
  };

  const addresses = [];
  let ask; // what the first page waits with for the next address
  const answer = () => {
    if (ask === undefined || addresses.length === 0) return;
    ask.end(addresses.shift());
    ask = undefined;
  };
  const server = createServer((request, response) => {
    if (request.url === '/next') {
      ask = response;
      answer();
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(
        '<script>(async () => { for (;;) open(await (await fetch("/next")).text(), "_blank", "noopener"); })()</script>',
      );
    }
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  launch(profile, `http://127.0.0.1:${server.address().port}/`);
  return {
    async open(address) {
      if (address.startsWith('file:')) return this.openFile(address);
      addresses.push(address);
      answer();
      return { problems: () => [], close() {} };
    },
    // No page of a server may open a file: another Firefox does.
    openFile(address) {
      const other = mkdtempSync(join(tmpdir(), 'caisson-firefox-'));
      writeFileSync(join(other, 'user.js'), lines.join('\n'));
      const child = launch(other, address);
      return {
        problems: () => [],
        async close() {
          await end(child);
          rmSync(other, { recursive: true, force: true });
        },
      };
    },
    async close() {
      for (const child of children) await end(child);
      rmSync(profile, { recursive: true, force: true });
      server.close();
      server.closeAllConnections();
    },
  };
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((settle) => child.once('close', settle));
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}
