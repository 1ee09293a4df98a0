// Hostile programs end in all builds: they run, or a SyntaxError or RangeError says why not.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isAvailable, runProgram } from '../tools/shell.mjs';
import { root } from '../tools/set-up.mjs';
import { broken, deep, long, wide } from './hostile-inputs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'caisson-hostile-'));
after(() => rmSync(folder, { recursive: true }));

function runInShell(kind, source) {
  const file = join(folder, 'program.js');
  writeFileSync(file, source);
  const { status, signal, stderr } = runProgram(kind, [file], { timeout: 120000 });
  return status === 0 ? 'ok' : /Uncaught (?:\(in promise\) )?(\w+)/.exec(stderr)?.[1] ?? `${signal ?? status}: ${stderr.slice(0, 400)}`;
}

async function runInSandbox(source) {
  const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
  const sandbox = await createSandbox({ memoryLimit: 512 * 1024 * 1024 });
  try {
    // What the program comes to does not have to cross.
    sandbox.evalSync(`${source}\n;0`);
    return 'ok';
  } catch (error) {
    return error.name;
  } finally {
    sandbox.dispose();
  }
}

const refusals = ['SyntaxError', 'RangeError'];
// A sanitized build takes long for the largest; their shape shows at a tenth, too.
const scale = (kind, size) => (kind === 'sanitize' ? size / 10 : size);

for (const kind of ['native', 'sanitize', 'wasm']) {
  const available = kind === 'wasm' ? existsSync(join(root, 'npm', 'caisson.wasm')) : isAvailable(kind);
  const run = (source) => (kind === 'wasm' ? runInSandbox(source) : runInShell(kind, source));
  describe(`hostile programs, ${kind}`, { skip: available ? false : `there is no ${kind} build` }, () => {
    for (const [name, make] of Object.entries(deep)) {
      test(`nested: ${name}`, async () => {
        assert.equal(await run(`if(0){${make(64)}\n}`), 'ok');
        const outcome = await run(`if(0){${make(scale(kind, 1000000))}\n}`);
        assert.ok(outcome === 'ok' || refusals.includes(outcome), outcome);
      });
    }
    for (const [name, make] of Object.entries(broken)) {
      test(`refused: ${name}`, async () => {
        const outcome = await run(make(scale(kind, 1000000)));
        assert.ok(refusals.includes(outcome), outcome);
      });
    }
    for (const [name, make] of Object.entries(long)) {
      test(`long: ${name}`, async () => {
        assert.equal(await run(make(scale(kind, 100000))), 'ok');
      });
    }
    for (const [name, make] of Object.entries(wide)) {
      test(`wide: ${name}`, async () => {
        assert.equal(await run(make(300)), 'ok');
        const outcome = await run(make(scale(kind, 70000)));
        assert.ok(outcome === 'ok' || refusals.includes(outcome), outcome);
      });
    }
  });
}
