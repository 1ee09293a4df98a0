// npm run stress -- [PATH...]: the stress build (a collection at every allocation) over the language programs and
// a part of test262 that touches every area.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root, setUp } from './set-up.mjs';
import { runProgram } from './shell.mjs';

const { positionals } = parseArgs({ allowPositionals: true, options: {} });
await setUp(['native']);
await build('native');
await build('stress');

let failed = 0;
const folder = join(root, 'tests', 'language', 'programs');
for (const name of readdirSync(folder).filter((entry) => /\.m?js$/.test(entry))) {
  const expected = runProgram('native', [join(folder, name)]);
  const actual = runProgram('stress', [join(folder, name)], { timeout: 300000 });
  const same = expected.stdout === actual.stdout && expected.status === actual.status;
  console.log(`${same ? 'same' : 'DIFFERENT'}  ${name}${actual.signal ? ` (${actual.signal})` : ''}`);
  if (!same) failed++;
}
const paths = positionals.length > 0 ? positionals : [
  'built-ins/Array/prototype/map', 'built-ins/Array/prototype/sort', 'built-ins/Promise/all', 'built-ins/Map', 'built-ins/Proxy/get',
  'built-ins/JSON', 'built-ins/RegExp/prototype/Symbol.replace', 'built-ins/String/prototype/replace', 'built-ins/GeneratorPrototype',
  'built-ins/AsyncGeneratorPrototype', 'built-ins/Object/defineProperty', 'built-ins/TypedArray/prototype/set', 'language/statements/class/elements/privatename-valid-no-earlyerr.js',
  'language/statements/for-of', 'language/expressions/object', 'language/eval-code/direct', 'language/module-code/top-level-await',
];
const suite = spawnSync(process.execPath, [join(root, 'tests', 'test262', 'main.mjs'), '--preset', 'stress', '--timeout', '60000', ...paths], { stdio: 'inherit' });
process.exit(failed === 0 && suite.status === 0 ? 0 : 1);
