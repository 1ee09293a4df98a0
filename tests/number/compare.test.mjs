// The text and number layers held against Node, by the probes of the native build. The scripts take larger counts
// by hand.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const comparisons = [
  ['numbers to text and back', 'tests/number/compare_with_node.mjs', 'number_probe', '20000'],
  ['integers of any size', 'tests/number/compare_digits_with_node.mjs', 'digits_probe', '2000'],
  ['dates', 'tests/number/compare_calendar_with_node.mjs', 'calendar_probe', '10000'],
  ['case, normal forms and properties of characters', 'tests/text/compare_with_node.mjs', 'text_probe'],
];

for (const [name, script, probe, ...options] of comparisons) {
  const needsUnicode = probe === 'text_probe' && process.versions.unicode !== '17.0';
  test(name, { skip: needsUnicode && 'this Node has another version of Unicode' }, () => {
    const path = join(root, 'build', 'native', probe);
    assert.ok(existsSync(path), `${probe} is built`);
    const result = spawnSync(process.execPath, [join(root, script), path, ...options], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stdout + result.stderr);
  });
}
