// The dispatch loop makes no call (see engine/README.md); neither the compiler, the linker nor wasm-opt may put one
// there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './sources.mjs';

const opcodes = readFileSync(join(root, 'engine', 'bytecode', 'opcodes.def'), 'utf8').match(
  /^(?:HOT_)?OPCODE\(/gm,
).length;

test('the dispatch loop needs no function of another file', () => {
  const object = join(root, 'build', 'native', 'CMakeFiles', 'caisson.dir', 'engine', 'interpreter', 'dispatch.c.o');
  assert.equal(execFileSync('nm', ['-u', object], { encoding: 'utf8' }), '');
});

test('in the shipped wasm one function has the large jump table and no call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-dispatch-'));
  try {
    const text = join(folder, 'caisson.wat');
    execFileSync('wasm-dis', [join(root, 'npm', 'caisson.wasm'), '-o', text], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const functions = readFileSync(text, 'utf8')
      .split(/\n \(func /)
      .slice(1);
    const targets = (body) =>
      Math.max(0, ...[...body.matchAll(/\(br_table([^\n]*)/g)].map(([, list]) => list.split('$').length));
    const loops = functions.filter((body) => targets(body) > opcodes / 2);
    assert.ok(loops.length >= 2, 'the loop and the step');
    const quiet = loops.filter((body) => !/\((?:return_)?call(?:_indirect)? |memory\.(?:copy|fill)/.test(body));
    assert.equal(quiet.length, 1, 'the dispatch loop stands alone');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
