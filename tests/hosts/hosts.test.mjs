// The package as npm would publish it, in those hosts and builds that need nothing but this repository's own packages;
// npm run hosts runs them all.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build as esbuild } from 'esbuild';
import { checkProgram, expectedReport } from './apps.mjs';
import { cases } from './cases.mjs';
import { examplesFolder } from './cases/examples.mjs';
import { runCases } from './run.mjs';
import { tellingProgram } from './sites.mjs';
import { Skipped } from './tools.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

// Rows of no host, by which it is seen that a case can fail and be skipped.
const imagined = [
  {
    name: 'a wrong report',
    run: (app) => app.checkReport({ ...expectedReport, sum: 3 }),
    outcome: 'fails',
    reason: /sum: 3/,
  },
  {
    name: 'an error on the console',
    async run(app) {
      const expectation = app.expectation();
      const program = `console.error('lost');\n${checkProgram()}${tellingProgram(expectation.address)}`;
      app.write({ 'page.js': program, 'index.html': '<script type="module" src="bundle.js"></script>' });
      await esbuild({
        entryPoints: [app.path('page.js')],
        outfile: app.path('bundle.js'),
        bundle: true,
        format: 'esm',
      });
      await app.checkPage(await app.site(), expectation);
    },
    outcome: 'fails',
    reason: /^console: lost/,
  },
  {
    name: 'a command that fails',
    run: (app) => app.command(process.execPath, ['-e', 'console.log("so far"); process.exit(3)']),
    outcome: 'fails',
    reason: /ended with 3:\nso far/,
  },
  {
    name: 'a command that does not end',
    run: (app) => app.command(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeLimit: 500 }),
    outcome: 'fails',
    reason: /was stopped after 0\.5 s/,
  },
  {
    name: 'a tool that is not there',
    run() {
      throw new Skipped('there is no such tool');
    },
    outcome: 'skipped',
    reason: /no such tool/,
  },
].map((row) => ({ group: 'imagined', node: undefined, ...row }));

test('the package works in the hosts that are at hand', async (context) => {
  const rows = cases.filter(({ isQuick }) => isQuick);
  assert.ok(rows.length > 10);
  const results = await runCases([...rows, ...imagined], () => {});
  for (const { name, outcome, reason } of results.slice(0, rows.length))
    await context.test(name, () => assert.equal(outcome, 'works', reason));
  for (const [index, row] of imagined.entries())
    await context.test(`${row.name} ${row.outcome}`, () => {
      const { outcome, reason } = results[rows.length + index];
      assert.equal(outcome, row.outcome);
      assert.match(reason, row.reason);
    });
});

test('every case has a name of its own', () => {
  const names = cases.map(({ group, name }) => `${group}: ${name}`);
  assert.deepEqual([...new Set(names)], names);
});

test("the tools' versions are exact, and their lock files name no registry", () => {
  const folder = new URL('tools/', import.meta.url);
  for (const tool of readdirSync(folder)) {
    const { dependencies } = JSON.parse(readFileSync(new URL(`${tool}/package.json`, folder), 'utf8'));
    for (const version of Object.values(dependencies)) assert.match(version, /^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/);
    const { packages } = JSON.parse(readFileSync(new URL(`${tool}/package-lock.json`, folder), 'utf8'));
    assert.deepEqual(packages[''].dependencies, dependencies);
    assert.ok(Object.values(packages).every(({ resolved }) => resolved === undefined));
  }
});

test('every example is tried, and asks for the versions that it is tried with', () => {
  const read = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
  const own = read(here, '..', '..', 'npm', 'package.json').version;
  const satisfies = (version, range) => {
    const [wanted, found] = [range.replace(/^\^/, ''), version].map((text) => text.split('.').map(Number));
    const isLater = wanted[1] < found[1] || (wanted[1] === found[1] && wanted[2] <= found[2]);
    // A caret before 1.0 stays within the minor version.
    return wanted[0] === found[0] && isLater && (wanted[0] > 0 || wanted[1] === found[1]);
  };
  assert.ok(satisfies('5.3.1', '^5.2.0') && !satisfies('6.0.0', '^5.2.0') && !satisfies('0.3.0', '^0.2.0'));
  const folders = readdirSync(examplesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    const row = cases.find(({ example }) => example === name);
    assert.ok(row, `examples/${name} has no row in cases/examples.mjs`);
    assert.ok(existsSync(join(examplesFolder, name, 'README.md')));
    const { dependencies, devDependencies } = read(examplesFolder, name, 'package.json');
    const tools = row.tool && read(here, 'tools', row.tool, 'package.json').dependencies;
    for (const [dependency, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const version = dependency === 'caisson' ? own : tools?.[dependency];
      assert.ok(version && satisfies(version, range), `examples/${name}: ${dependency} ${range}, not ${version}`);
    }
  }
});
