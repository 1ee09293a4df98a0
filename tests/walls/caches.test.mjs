// Inline caches: loops over objects of one shape find their properties through them, and the figures are real: objects
// of ever new shapes miss.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nativeShell } from '../tools/shell.mjs';

function statistics(source) {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-caches-'));
  try {
    writeFileSync(join(folder, 'main.js'), source);
    const text = execFileSync(nativeShell(), ['--dump=shapes', join(folder, 'main.js')], { encoding: 'utf8' });
    const figure = (name) => Number(new RegExp(`^${name}:? +(\\d+)`, 'm').exec(text)?.[1] ?? NaN);
    return { fills: figure('cache fills'), misses: figure('cache misses') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const TURNS = 50000;
const loops = {
  'own properties': [3, 'const o = { a: 1, b: 2, c: 0 }; for (let i = 0; i < TURNS; i++) o.c = o.a + o.b;'],
  'methods of a prototype': [
    2,
    'class P { constructor() { this.x = 1; } get() { return this.x; } } const p = new P(); let n = 0; for (let i = 0; i < TURNS; i++) n += p.get();',
  ],
  'properties that constructors add': [
    3,
    'class P { constructor(x, y) { this.x = x; this.y = y; } } let n = 0; for (let i = 0; i < TURNS; i++) n += new P(i, 1).x;',
  ],
  'array lengths': [2, 'const a = [1, 2, 3]; let n = 0; for (let i = 0; i < TURNS; i++) n += a.length + a[i % 3];'],
  'methods of strings': [1, 'let n = 0; for (let i = 0; i < TURNS; i++) n += "abc".charCodeAt(1);'],
  globals: [1, 'globalThis.g = 1; let n = 0; for (let i = 0; i < TURNS; i++) n += g;'],
};

for (const [name, [accesses, source]] of Object.entries(loops)) {
  test(`more than 99 % of ${name} hit`, (t) => {
    const { misses, fills } = statistics(source.replaceAll('TURNS', TURNS));
    const rate = 1 - (misses + fills) / (accesses * TURNS);
    t.diagnostic(`${misses} misses and ${fills} fills in ${accesses * TURNS} accesses: ${(rate * 100).toFixed(3)} %`);
    assert.ok(rate > 0.99, `${rate}`);
  });
}

test('ever new shapes miss, and the statistics show it', () => {
  const { misses, fills } = statistics(
    'let n = 0; for (let i = 0; i < 2000; i++) { const o = { x: 1 }; o["k" + i] = 1; o.y = 2; n += o.y; }',
  );
  assert.ok(misses + fills > 1500, `${misses} misses, ${fills} fills`);
});
