// How deep built-ins are that call guest code which calls them again does not matter to the stacks of the host: neither
// to that of its own code nor to the one that the engine has in the memory of the instance.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSandbox } from 'caisson';
import { visitModule } from '../tools/chromium.mjs';
import { measure, nestings } from './stack-measures.mjs';

let site;

before(async () => {
  site = await visitModule(
    `import { createSandbox } from 'caisson';
    import { measure, nestings } from './stack-measures.mjs';
    const create = (options) => createSandbox({ wasm: '/caisson.wasm', ...options });
    globalThis.measureAll = async (depth) => {
      const measures = {};
      for (const name of Object.keys(nestings)) measures[name] = await measure(create, name, depth);
      return measures;
    };`,
    dirname(fileURLToPath(import.meta.url)),
  );
});

after(() => site?.close());

function check(name, few, many) {
  assert.ok(
    Math.abs(many.engine - few.engine) < 1024,
    `${name}: ${few.engine} and ${many.engine} bytes of the engine's stack`,
  );
  assert.ok(Math.abs(many.host - few.host) < 1000, `${name}: ${few.host} and ${many.host} frames of the host's stack`);
}

for (const name of Object.keys(nestings)) {
  test(`${name}: 5,000 levels take as much of the stacks as 500`, async () => {
    check(name, await measure(createSandbox, name, 500), await measure(createSandbox, name, 5000));
  });
}

test('the same in Chromium', { timeout: 120_000 }, async () => {
  const page = await site.open();
  const few = await page.evaluate(() => globalThis.measureAll(500));
  const many = await page.evaluate(() => globalThis.measureAll(5000));
  for (const name of Object.keys(nestings)) check(name, few[name], many[name]);
});
