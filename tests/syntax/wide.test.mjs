// Large functions are compiled, and come to the same values as small ones.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isAvailable, runProgram } from '../tools/shell.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { programs } from './wide-programs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'caisson-wide-'));
after(() => rmSync(folder, { recursive: true }));

// All in one process: prints the names of those that come to another value.
function checker(size) {
  const lines = Object.entries(programs).map(([name, make]) => {
    const [source, value] = make(size);
    return `check(${JSON.stringify(name)}, ${JSON.stringify(source)}, ${JSON.stringify(value)});`;
  });
  return `function check(name, source, expected) {
    let value;
    try { value = (0, eval)(source); } catch (error) { value = error; }
    if (value !== expected) console.log(name + ': ' + String(value).slice(0, 80));
  }
  ${lines.join('\n')}
  Promise.resolve().then(async () => {
    for (let i = 0; i < 50; i++) await 0;
    console.log(asyncResult);
  });`;
}

const sizes = { native: [300, 8200, 30000], sanitize: [8200], stress: [300] };
for (const [kind, list] of Object.entries(sizes)) {
  describe(`wide functions, ${kind}`, { skip: isAvailable(kind) ? false : `there is no ${kind} build` }, () => {
    for (const size of list) {
      test(`of ${size} names`, () => {
        const file = join(folder, `${kind}.js`);
        // Names of an earlier program would be declared twice.
        writeFileSync(file, checker(size));
        const { stdout, stderr } = runProgram(kind, ['--time-limit=120000', file], { timeout: 120000 });
        assert.equal(stdout + stderr, 'true\n');
      });
    }
  });
}

// Beyond 65,535 the operands of names, slots and caches are wide, too.
const widest = [
  'local variables',
  'captured variables',
  'inner functions',
  'global functions',
  'arguments with a spread',
  'parameters and arguments',
  'array literals of calls',
  'object literals of methods',
  'array patterns of iterators',
  'generators',
  'switch cases',
  'try statements',
];
describe('wide functions, wasm', { skip: existsSync(join(root, 'npm', 'caisson.wasm')) ? false : 'no wasm' }, () => {
  for (const name of widest) {
    test(`${name}, 70000`, async () => {
      const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
      const sandbox = await createSandbox({ timeLimit: Infinity });
      const [source, value] = programs[name](70000);
      assert.equal(sandbox.evalSync(source), value);
      sandbox.dispose();
    });
  }

  test('memory and time limits hold while they are compiled', async () => {
    const { createSandbox, TimeLimitError } = await import(join(root, 'npm', 'src', 'index.js'));
    const sandbox = await createSandbox({ memoryLimit: 8 * 1024 * 1024, timeLimit: Infinity });
    const [source, value] = programs['local variables'](70000);
    const caught = `try { (0, eval)(${JSON.stringify(source)}) } catch (error) { error.name + ': ' + error.message }`;
    assert.equal(sandbox.evalSync(caught), 'RangeError: out of memory');
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    sandbox.dispose();
    const quick = await createSandbox();
    assert.throws(() => quick.evalSync(source, { timeLimit: 5 }), TimeLimitError);
    assert.equal(quick.evalSync(source, { timeLimit: 60000 }), value);
    quick.dispose();
  });
});
