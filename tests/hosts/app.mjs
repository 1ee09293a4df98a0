// One case's app: its folder, the commands that build and run it, the page that shows it.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expectedReport, installPackage, reportIn, writeFiles } from './apps.mjs';
import { freePort, runCommand, startServer } from './processes.mjs';
import { serveFolder } from './sites.mjs';
import { findNode, installTool } from './tools.mjs';

// Milliseconds until a page has told something.
const PAGE_LIMIT = 30_000;
const PROBLEM_LIMIT = 15_000;

export class App {
  #cleanUps = [];
  #served = []; // paths

  /** The app's folder is below that of its tool, as in a repository of many packages: so its packages are found. */
  constructor(run, row, index) {
    const { tool, name } = row;
    // Without a word of it, one that all tools take.
    const node = 'node' in row ? row.node : '24';
    this.run = run;
    this.node = node;
    this.tool = tool === undefined ? undefined : installTool(tool);
    const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    this.folder = join(this.tool ?? run.folder, 'apps', `${process.pid}-${index}-${words}`);
    mkdirSync(this.folder, { recursive: true });
    installPackage(this.folder, run.unpacked);
    this.#cleanUps.push((keeps) => keeps || rmSync(this.folder, { recursive: true, force: true }));
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  write(files) {
    writeFiles(this.folder, files);
  }

  /** Of the Node by which the tool runs. */
  get nodeFolder() {
    return dirname(findNode(this.node));
  }

  #options(options) {
    return {
      cwd: this.folder,
      path: [this.nodeFolder, ...(this.tool ? [join(this.tool, 'node_modules', '.bin')] : [])],
      ...options,
    };
  }

  /** @returns {Promise<string>} what it printed */
  command(command, args, options) {
    return runCommand(command, args, this.#options(options));
  }

  /** Starts a server by `args(port)` and gives its address once it answers. */
  async serve(command, args, { path = '', ...options } = {}) {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}/`;
    const server = await startServer(command, args(port), { ...this.#options(options), address: address + path });
    this.onClose(() => server.end());
    return address;
  }

  async site(folder = this.folder, options) {
    const site = await serveFolder(folder, { ...options, onServed: (path) => this.#served.push(path) });
    this.onClose(() => site.close());
    return site.address;
  }

  /** Whether the page has taken caisson.wasm as a file, and not what the package has inside. */
  checkWasmFile(isWanted) {
    const took = this.#served.some((path) => path.endsWith('.wasm'));
    assert.equal(took, isWanted, `caisson.wasm was ${took ? '' : 'not '}asked for as a file`);
  }

  onClose(action) {
    this.#cleanUps.push(action);
  }

  /** What a page is to tell, which has been given the address by an earlier `expectation`. */
  expectation() {
    return this.run.reports.expect();
  }

  /** Opens a page, and holds what it tells and what its console shows to what is expected. */
  async checkPage(address, { message }, browserName = 'chromium') {
    const browser = await this.run.browser(browserName);
    const page = await browser.open(address);
    // A page whose console shows an error has not much longer.
    const start = Date.now();
    const isLate = () => Date.now() - start > (page.problems().length > 0 ? PROBLEM_LIMIT : PAGE_LIMIT);
    let timer;
    const late = new Promise((settle) => {
      timer = setInterval(() => isLate() && settle({ problem: 'The page has told nothing.' }), 200);
    });
    try {
      const { report, problem } = await Promise.race([message, late]);
      const problems = [...(problem === undefined ? [] : [problem]), ...page.problems()];
      if (problems.length > 0) throw new Error(problems.join('\n'));
      this.checkReport(report);
    } finally {
      clearInterval(timer);
      await page.close();
    }
  }

  /** Opens a page in Chromium, uses it by Playwright's `page`, and holds its console to show no error. */
  async usePage(address, use) {
    const browser = await this.run.browser('chromium');
    const { page, problems, close } = await browser.open(address);
    try {
      page.setDefaultTimeout(PROBLEM_LIMIT);
      await use(page);
    } catch (error) {
      throw new Error([error.message, ...problems()].join('\n'));
    } finally {
      await close();
    }
    assert.deepEqual(problems(), []);
  }

  /** Holds the report in what was printed to what is expected. */
  checkOutput(output) {
    this.checkReport(reportIn(output));
  }

  checkReport(report) {
    assert.deepEqual(report, expectedReport);
  }

  async close(keeps) {
    for (const action of this.#cleanUps.reverse()) await action(keeps);
    this.#cleanUps = [];
  }
}
