// The package as npm would publish it, in those hosts and builds that need nothing but this repository's own packages;
// npm run hosts runs them all.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { cases } from './cases.mjs';
import { runCases } from './run.mjs';

test('the package works in the hosts that are at hand', async (context) => {
  const rows = cases.filter(({ isQuick }) => isQuick);
  assert.ok(rows.length > 10);
  for (const { name, outcome, reason } of await runCases(rows, () => {}))
    await context.test(name, () => assert.equal(outcome, 'works', reason));
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
