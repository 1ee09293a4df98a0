// Attacks on the sandbox, each with its exact outcome and what it may take of the host, in Node and in Chromium. A
// process and a page for each group. Of each mechanism one runs here, `npm run security` runs all.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';
import { groups } from './groups.mjs';
import { isPartOfTests, runGroup } from './hosts.mjs';

for (const host of ['node', 'page']) {
  const skip = host === 'page' && !findChromium() ? 'there is no Chromium' : false;
  for (const [name, group] of Object.entries(groups)) {
    describe(`${name} in ${host === 'page' ? 'a page' : 'Node'}`, { skip }, () => {
      let results;
      before(async () => {
        results = new Map((await runGroup(name, host, { isQuick: true })).map((result) => [result.name, result]));
      });
      for (const row of group.rows) {
        if (!isPartOfTests(row, group) || (row.host ?? host) !== host) continue;
        test(row.name, () => assert.equal(results.get(row.name).problem, undefined));
      }
    });
  }
}

test('there are as many attacks as promised, each of its own name', () => {
  const least = { escapes: 60, 'time bombs': 100, 'memory bombs': 60, 'host attacks': 30, isolation: 40 };
  for (const [name, count] of Object.entries(least)) assert.ok(groups[name].rows.length >= count, name);
  for (const [name, { rows }] of Object.entries(groups))
    assert.equal(new Set(rows.map((row) => row.name)).size, rows.length, name);
  for (const { rows, quick = [] } of Object.values(groups))
    assert.deepEqual(
      quick.filter((name) => !rows.some((row) => row.name === name)),
      [],
    );
});
