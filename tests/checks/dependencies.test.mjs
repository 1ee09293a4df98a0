// README.md tells why each development dependency is there, and lists none that is not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { read, root } from './sources.mjs';

test("README's list of dependencies is package.json's", () => {
  const { devDependencies } = JSON.parse(read(join(root, 'package.json')));
  const section = /^## Dependencies$(.*?)^## /ms.exec(read(join(root, 'README.md')))[1];
  const rows = [...section.matchAll(/^\| (.*?) \| (.+?) \|$/gm)].filter(([, packages]) => packages.startsWith('`'));
  const listed = rows.flatMap(([, packages]) => [...packages.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  assert.deepEqual(listed.sort(), Object.keys(devDependencies).sort());
  assert.ok(rows.every(([, , why]) => why.includes(' ')));
});
