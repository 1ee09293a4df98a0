// Generated tables are what their generators write.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { engineFiles, filesOf, engine, isGenerated, nameOf, read, root } from './sources.mjs';

const tables = {
  'generate_idna.mjs': 'idna_tables.c',
  'generate_unicode.mjs': 'unicode_tables.c',
  'generate_properties.mjs': 'unicode_properties.c',
  'generate_powers.mjs': 'powers_of_ten.c',
  'generate_zones.mjs': 'zone_tables.c',
  'generate_months.mjs': 'month_tables.c',
};
const generators = filesOf(engine, /^generate_(?!protocol).*\.mjs$/); // that writes for the package, see below
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-generated-'));
});
after(() => rmSync(folder, { recursive: true }));

test('every generated table has its generator', () => {
  const generated = engineFiles()
    .filter((path) => path.endsWith('.c') && isGenerated(read(path)))
    .map((path) => basename(path));
  assert.deepEqual(generated.sort(), generators.map((path) => tables[basename(path)]).sort());
});

for (const generator of generators) {
  const table = join(dirname(generator), tables[basename(generator)]);
  // The tables of time zones change several times a year, and come from the system; months come from Node itself.
  const source = '/usr/share/zoneinfo/tzdata.zi';
  const isOfSystem =
    (basename(table) !== 'month_tables.c' || 'Temporal' in globalThis) &&
    (basename(table) !== 'zone_tables.c' ||
      (existsSync(source) && read(table).includes(`Database ${/^# version (\w+)/.exec(read(source))?.[1]}.`)));
  test(`${nameOf(table)} is what ${basename(generator)} writes`, {
    skip: isOfSystem ? false : 'the system has other zones, or Node no Temporal',
  }, () => {
    const output = join(folder, basename(table));
    execFileSync(process.execPath, [generator, output], { stdio: 'pipe' });
    assert.ok(read(output) === read(table), `run: node ${nameOf(generator)}`);
  });
}

test("the package's numbers of the boundary are those of the engine", () => {
  const output = join(folder, 'protocol.js');
  execFileSync(process.execPath, [join(root, 'engine', 'host', 'runtime', 'generate_protocol.mjs'), output], {
    stdio: 'pipe',
  });
  assert.ok(
    read(output) === read(join(root, 'npm', 'src', 'protocol.js')),
    'run: node engine/host/runtime/generate_protocol.mjs',
  );
});
