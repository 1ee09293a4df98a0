// Runs rows of cases.mjs, one after the other: each in a folder of its own, with the package from one tarball.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from './app.mjs';
import { startBrowser } from './browsers.mjs';
import { serveReports } from './sites.mjs';
import { packInto } from './tarball.mjs';
import { Skipped, cache } from './tools.mjs';

/** What the cases of one run share. */
class Run {
  #browsers = new Map();
  #shared = new Map();

  constructor(folder, reports) {
    this.folder = folder;
    this.reports = reports;
    this.unpacked = packInto(join(folder, 'tarball'));
  }

  browser(name) {
    return this.once(`browser ${name}`, async () => {
      const browser = await startBrowser(name);
      this.#browsers.set(name, browser);
      return browser;
    });
  }

  /** What `make` gives, made once for all cases that ask by this key. */
  once(key, make) {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key);
  }

  /** Apps that several cases use are ended with the run. */
  apps = [];

  async close() {
    for (const app of this.apps) await app.close();
    for (const browser of this.#browsers.values()) await browser.close();
    this.reports.close();
  }
}

/**
 * @typedef {{ name: string, group: string, outcome: 'works' | 'fails' | 'skipped', reason?: string, seconds: number }}
 *   Result
 */

/**
 * Runs the rows and gives their results.
 * @param {(result: Result) => void} onResult is told of each as it is there
 */
export async function runCases(rows, onResult, { keeps = false } = {}) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'run-'));
  const run = new Run(folder, await serveReports());
  const results = [];
  try {
    for (const [index, row] of rows.entries()) {
      const start = performance.now();
      const { outcome, reason } = await runCase(run, row, index, keeps);
      const seconds = Math.round((performance.now() - start) / 100) / 10;
      results.push({ name: row.name, group: row.group, outcome, reason, seconds });
      onResult(results.at(-1));
    }
  } finally {
    await run.close();
    if (!keeps) rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

async function runCase(run, row, index, keeps) {
  let app;
  try {
    app = new App(run, row, index);
    await row.run(app);
    return { outcome: 'works' };
  } catch (error) {
    if (error instanceof Skipped) return { outcome: 'skipped', reason: error.message };
    const isNamed = error instanceof assert.AssertionError || error.constructor === Error;
    return { outcome: 'fails', reason: isNamed ? error.message : (error.stack ?? String(error)) };
  } finally {
    await app?.close(keeps);
  }
}
