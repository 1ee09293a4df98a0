// npm run differential -- [FILE...] [--random N] [--seed N] [--kind native|wasm]: programs in Caisson and in Node.
// npm run differential -- zones [ZONE...]: local time around the transitions of time zones (tests/zones/compare.mjs).
// The random programs are run many at a time, each in a function of its own, and looked at one by one when the
// batch differs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../wasm-glue/tools/build.mjs';
import { randomProgram } from './random-program.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { runProgram } from './shell.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const usage = `npm run differential -- [FILE...] [options]: programs in Caisson and in Node
npm run differential -- zones [ZONE...]: local time around the transitions of time zones
  --random N       as many random programs (500)
  --seed N         of the random programs
  --kind KIND      native or wasm
  --no-build       use what is built already`;
const { values, positionals } = readCommandLine(
  usage,
  {
    allowPositionals: true,
    options: {
      random: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(Date.now() % 1000000) },
      kind: { type: 'string', default: 'native' },
      'no-build': { type: 'boolean', default: false },
    },
  },
  ['random', 'seed'],
);
const batchSize = 25;
const folder = mkdtempSync(join(tmpdir(), 'caisson-differential-'));

/** @param {string} text @param {string} name */
function differs(text, name) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return compare(file);
}

/** @param {string} file @returns {string | undefined} the first difference */
function compare(file) {
  const expected = runProgram('node', [file]);
  const actual = runProgram(values.kind, [file]);
  if (expected.stdout === actual.stdout && (expected.status === 0) === (actual.status === 0)) return undefined;
  const [left, right] = [expected.stdout.split('\n'), actual.stdout.split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  return `line ${line + 1}: Node printed ${JSON.stringify(left[line])}, Caisson ${JSON.stringify(right[line])} ${actual.signal ?? ''}${actual.stderr.slice(0, 300)}`;
}

const comparesZones = positionals[0] === 'zones';
if (comparesZones) values.kind = 'wasm';
if (!values['no-build']) {
  await setUp([values.kind === 'wasm' ? 'browser' : 'native']);
  await build(values.kind === 'wasm' ? 'browser' : values.kind);
}
if (comparesZones) {
  const { main } = await import('../zones/compare.mjs');
  process.exit(await main(positionals.slice(1)));
}
const findings = [];
for (const file of positionals) {
  const difference = compare(file);
  if (difference !== undefined) findings.push(`${file}: ${difference}`);
}
const first = Number(values.seed);
const count = positionals.length > 0 ? 0 : Number(values.random);
for (let start = 0; start < count; start += batchSize) {
  const seeds = Array.from({ length: Math.min(batchSize, count - start) }, (_, index) => first + start + index);
  const batch = seeds.map((seed) => `(function () {\n${randomProgram(seed)}})();`).join('\n');
  if (differs(batch, 'batch.cjs') === undefined) continue;
  for (const seed of seeds) {
    const difference = differs(randomProgram(seed), `seed-${seed}.cjs`);
    if (difference !== undefined) findings.push(`seed ${seed}: ${difference}`);
  }
}
rmSync(folder, { recursive: true });
for (const finding of findings) console.log(finding);
console.log(`${findings.length} differences${count > 0 ? ` in ${count} random programs from seed ${first}` : ''}`);
process.exit(findings.length === 0 ? 0 : 1);
