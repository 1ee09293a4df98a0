// Hostile programs end in all builds: they run, or a SyntaxError or RangeError says why not.
import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runWasi } from '../tools/run-wasi.mjs';
import { isAvailable, runProgram } from '../tools/shell.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { broken, deep, long, made, wide } from './hostile-inputs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'caisson-hostile-'));
after(() => rmSync(folder, { recursive: true }));

const outcome = (status, stderr) =>
  status === 0
    ? 'ok'
    : (/Uncaught (?:\(in promise\) )?\[?(\w+)/.exec(stderr)?.[1] ?? `${status}: ${stderr.slice(0, 400)}`);

const file = join(folder, 'program.js');

function runInShell(kind, source) {
  writeFileSync(file, source);
  const { status, signal, stderr } = runProgram(kind, [file], { timeout: 120000 });
  return outcome(signal ?? status, stderr);
}

// Each program in an instance of its own; to start Node for each would take most of the time.
async function runInWasi(source) {
  writeFileSync(file, source);
  const errors = join(folder, 'errors');
  const stderr = openSync(errors, 'w');
  try {
    const status = await runWasi(['run', file], { stderr });
    return outcome(status, readFileSync(errors, 'utf8'));
  } finally {
    closeSync(stderr);
  }
}

async function runInSandbox(source) {
  const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
  const sandbox = await createSandbox({ memoryLimit: 512 * 1024 * 1024, timeLimit: Infinity });
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
// The largest take more than a minute: `npm run stress` has them. Their shape shows at a tenth, too; so it does under
// WebAssembly, whose stack is an eighth. A sanitized build is slow.
const whole = process.env.CAISSON_WHOLE_SIZES === '1';
const parts = { native: whole ? 1 : 10, sanitize: whole ? 10 : 50 };
const scale = (kind, size) => size / (parts[kind] ?? 10);
// Memory alone limits nesting, so that each level is compiled.
// Evaluations within one another take a sanitized build long, however few they are.
const isTooSlow = (kind, name) => !whole && kind === 'sanitize' && name.startsWith('eval in eval');
const levels = (kind) => (whole ? scale(kind, 1000000) : kind === 'sanitize' ? 3000 : 10000);

const runners = {
  native: (source) => runInShell('native', source),
  sanitize: (source) => runInShell('sanitize', source),
  wasi: runInWasi,
  wasm: runInSandbox,
};
for (const [kind, run] of Object.entries(runners)) {
  const available = kind === 'wasm' ? existsSync(join(root, 'npm', 'caisson.wasm')) : isAvailable(kind);
  describe(`hostile programs, ${kind}`, { skip: available ? false : `there is no ${kind} build` }, () => {
    for (const [name, make] of Object.entries(deep)) {
      test(`nested: ${name}`, async () => {
        assert.equal(await run(`if(0){${make(64)}\n}`), 'ok');
        const outcome = await run(`if(0){${make(levels(kind))}\n}`);
        assert.ok(outcome === 'ok' || refusals.includes(outcome), outcome);
      });
    }
    for (const [name, make] of Object.entries(broken)) {
      test(`refused: ${name}`, { skip: isTooSlow(kind, name) }, async () => {
        const outcome = await run(make(levels(kind)));
        assert.ok(refusals.includes(outcome), outcome);
      });
    }
    for (const [name, make] of Object.entries(long)) {
      test(`long: ${name}`, async () => {
        assert.equal(await run(make(scale(kind, 100000))), 'ok');
      });
    }
    for (const [name, make] of Object.entries(made)) {
      test(`made: ${name}`, { skip: isTooSlow(kind, name) }, async () => {
        assert.equal(await run(make(scale(kind, 50000))), 'ok');
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
