import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesOf, root } from './sources.mjs';

// Symbols in writable sections: initialised (d), zeroed (b), common (C), small (g, s), unique (u) and
// thread-local ones, which nm shows as d or b too. Relocated constants (.data.rel.ro) are read-only after loading.
function writableSymbols(object) {
  const sections = execFileSync('objdump', ['-t', object], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const found = [];
  for (const line of sections.split('\n')) {
    const match =
      /\s(\.(?:data|bss|tdata|tbss|sdata|sbss)(?:\.\S+)?|\*COM\*)\s+([0-9a-f]+)\s+(?:\.hidden\s+)?(\S+)$/.exec(line);
    if (match === null) continue;
    const [, section, size, name] = match;
    if (section.startsWith('.data.rel.ro') || name === section || Number.parseInt(size, 16) === 0) continue;
    found.push(`${name} in ${section}`);
  }
  return found;
}

test('the engine has no writable static data', () => {
  const folder = join(root, 'build', 'native', 'CMakeFiles', 'caisson.dir', 'engine');
  assert.ok(existsSync(folder), 'the native build is there');
  const wrong = filesOf(folder, /\.o$/).flatMap((object) =>
    writableSymbols(object).map((symbol) => `${object.slice(folder.length + 1)}: ${symbol}`),
  );
  assert.deepEqual(wrong, []);
});

test('a planted static variable is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-statics-'));
  try {
    writeFileSync(
      join(folder, 'planted.c'),
      [
        'static int counter; int grow(void) { return ++counter; }',
        'int shared = 3; _Thread_local int mine = 4;',
        'const char *const names[] = {"a", "b"};',
        'static const int table[] = {1, 2}; int look(int at) { return table[at]; }',
      ].join('\n'),
    );
    execFileSync('cc', ['-fPIC', '-c', '-o', join(folder, 'planted.o'), join(folder, 'planted.c')]);
    const names = writableSymbols(join(folder, 'planted.o'))
      .map((symbol) => symbol.split(' ')[0])
      .sort();
    assert.deepEqual(names, ['counter', 'mine', 'shared']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
