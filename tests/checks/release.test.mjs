// The changelog and the version agree, and a release names the section that it publishes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { nameFirstSection } from '../../wasm-glue/tools/release.mjs';
import { read, root } from './sources.mjs';

test('the first section of the changelog is what the next release publishes', () => {
  const { version } = JSON.parse(read(join(root, 'npm', 'package.json')));
  assert.equal(JSON.parse(read(join(root, 'package-lock.json'))).packages.npm.version, version);
  assert.ok(read(join(root, 'engine', 'host', 'runtime', 'runtime.c')).includes(`return "${version}"`));
  const named = nameFirstSection(read(join(root, 'CHANGELOG.md')), version, '2030-01-02');
  assert.match(named, new RegExp(`^# Changes\n\n## ${version.replaceAll('.', '\\.')} \\(2030-01-02\\)\n\n- `));
});

test('a section gets its version and day, and no other is released by mistake', () => {
  const name = (text, version = '1.2.0') => nameFirstSection(text, version, '2030-01-02');
  const rest = '- a change\n\n## 1.1.0\n\n- an older one\n';
  const expected = `# Changes\n\n## 1.2.0 (2030-01-02)\n\n${rest}`;
  for (const heading of ['Unreleased', '1.2.0', '1.2.0 (not released yet)', '1.2.0 (2029-12-31)'])
    assert.equal(name(`# Changes\n\n## ${heading}\n\n${rest}`), expected);
  assert.throws(() => name(`# Changes\n\n## 1.1.0\n\n- an older one\n`), /begins with '1\.1\.0', not with .* 1\.2\.0/);
  assert.throws(() => name(`# Changes\n\n## Unreleased\n\n## 1.1.0\n\n- an older one\n`), /no section that says/);
  assert.throws(() => name('# Changes\n'), /no section/);
});
