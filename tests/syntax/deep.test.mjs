// Nesting costs no C stack: what is nested 10,000 deep is compiled and comes to the same values.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isAvailable, runProgram } from '../tools/shell.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { programs } from './deep-programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'caisson-deep-'));
after(() => rmSync(folder, { recursive: true }));

// All in one process: prints the names of those that come to another value.
function checker(depth) {
  const lines = Object.entries(programs).map(([name, make]) => {
    const [source, value] = make(depth);
    return `check(${JSON.stringify(name)}, ${JSON.stringify(source)}, ${JSON.stringify(value)});`;
  });
  return `function check(name, source, expected) {
    let value;
    try { value = (0, eval)(source); } catch (error) { value = error; }
    if (value !== expected) console.log(name + ': ' + String(value).slice(0, 80));
  }
  {${lines.join('\n')}}
  console.log('done');`;
}

const depths = { native: [10, 159, 160, 161, 199, 200, 201, 1001, 10000], sanitize: [600], stress: [250] };
for (const [kind, list] of Object.entries(depths)) {
  describe(`deep programs, ${kind}`, { skip: isAvailable(kind) ? false : `there is no ${kind} build` }, () => {
    for (const depth of list) {
      test(`${depth} deep`, () => {
        const file = join(folder, `${kind}.js`);
        writeFileSync(file, checker(depth));
        const args = ['--time-limit=120000', '--stack-limit=64000000', file];
        const { stdout, stderr } = runProgram(kind, args, { timeout: 120000 });
        assert.equal(stdout + stderr, 'done\n');
      });
    }
  });
}

const hasWasm = existsSync(join(root, 'npm', 'caisson.wasm'));
describe('deep programs, wasm', { skip: hasWasm ? false : 'there is no wasm' }, () => {
  for (const [name, make] of Object.entries(programs)) {
    test(name, async () => {
      const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
      const sandbox = await createSandbox({ timeLimit: Infinity, stackLimit: 64 * 1024 * 1024 });
      const [source, value] = make(10000);
      assert.equal(sandbox.evalSync(source), value);
      sandbox.dispose();
    });
  }

  test('they need no more of the stack than shallow ones', { timeout: 60000 }, async () => {
    const worker = new Worker(new URL('deep-worker.mjs', import.meta.url), { resourceLimits: { stackSizeMb: 0.5 } });
    assert.equal(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)), 'done');
  });

  test('memory and time limits hold while they are compiled', async () => {
    const { createSandbox, TimeLimitError } = await import(join(root, 'npm', 'src', 'index.js'));
    const sandbox = await createSandbox({ memoryLimit: 8 * 1024 * 1024 });
    const caught = (source) => `try { (0, eval)(${source}) } catch (error) { error.name + ': ' + error.message }`;
    assert.equal(sandbox.evalSync(caught('"(".repeat(1e6)')), 'RangeError: out of memory');
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    assert.throws(() => sandbox.evalSync('(0, eval)("function f(){".repeat(1e6))', { memoryLimit: 1e9 }));
    sandbox.dispose();
    const quick = await createSandbox();
    for (const name of ['closures all levels', 'ternaries second', 'arrays']) {
      const [source, value] = programs[name](10000);
      assert.throws(() => quick.evalSync(source, { timeLimit: 2 }), TimeLimitError, name);
      assert.equal(quick.evalSync(source, { timeLimit: 60000 }), value, name);
    }
    quick.dispose();
  });

  test('an error deep inside has its place', async () => {
    const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
    const sandbox = await createSandbox();
    assert.throws(() => sandbox.evalSync(`${'('.repeat(5000)}\n  1 +* 2${')'.repeat(5000)}`, { name: 'deep.js' }), {
      name: 'SyntaxError',
      stack: /deep\.js:2:6/,
    });
    assert.throws(
      () => sandbox.evalSync(`${'1 ? '.repeat(5000)}\n  missing${' : 0'.repeat(5000)}`, { name: 'deep.js' }),
      {
        name: 'ReferenceError',
        stack: /deep\.js:2:3/,
      },
    );
    sandbox.dispose();
  });
});
