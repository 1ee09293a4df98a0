// How deep built-ins are that call guest code which calls them again does not matter to the stacks of the host: neither
// to that of its own code nor to the one that the engine has in the memory of the instance.
import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSandbox } from 'caisson';
import { visitModule } from '../tools/chromium.mjs';
import { prepareWasi } from '../tools/run-wasi.mjs';
import { isAvailable } from '../tools/shell.mjs';
import { framesLeft, measure, nestings, paintStack, usedStack } from './stack-measures.mjs';

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

// What the command line has no functions for.
const notInWasi = ['arguments of the host'];
const chainOfArrays = (depth) => `let v = [{ toString: () => look() }];
  for (let i = 0; i < ${depth}; i++) v = [v];
  if (String(v) !== '1') throw new Error('another text');`;

// The most that was in use whenever the engine asked for the time, which the innermost function does.
async function measureInWasi(program) {
  const settings = ['--stack-limit=67108864', '--memory-limit=536870912'];
  const stdout = openSync(devNull, 'w');
  const look = 'const look = () => (Date.now() > 0 ? 1 : 0);';
  const wasi = await prepareWasi([...settings, '--eval', `${look} ${program}`], { stdout });
  const functions = wasi.imports.wasi_snapshot_preview1;
  const askTime = functions.clock_time_get;
  let left = Infinity;
  functions.clock_time_get = (...args) => {
    left = Math.min(left, framesLeft());
    return askTime(...args);
  };
  let memory;
  const status = await wasi.start((itsMemory) => paintStack((memory = itsMemory)));
  closeSync(stdout);
  assert.equal(status, 0);
  return { engine: usedStack(memory), left };
}

for (const name of ['nested arrays', ...Object.keys(nestings)].filter((known) => !notInWasi.includes(known))) {
  const skip = isAvailable('wasi') ? false : 'it is not built';
  test(`${name} in the WASI build`, { skip, timeout: 120_000 }, async () => {
    const program = (depth) => {
      if (name === 'nested arrays') return chainOfArrays(depth);
      const [object, use] = nestings[name];
      return `const make = (n) => (${object}); const v = make(${depth}); ${use}`;
    };
    // The first runs are for the optimiser: frames have their final size afterwards.
    for (let i = 0; i < 50; i++) framesLeft();
    await measureInWasi(program(500));
    const few = await measureInWasi(program(500));
    const many = await measureInWasi(program(5000));
    check(name, { engine: few.engine, host: -few.left }, { engine: many.engine, host: -many.left });
  });
}
