// npm run fuzz -- [TARGET...] [--seconds N]: libFuzzer over the front end, regular expressions and JSON.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root, setUp } from './set-up.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '60' } } });
const all = readdirSync(join(root, 'tests', 'fuzz')).filter((name) => name.endsWith('_fuzz.c')).map((name) => name.replace('_fuzz.c', ''));
const targets = positionals.length > 0 ? positionals : all;
const unknown = targets.filter((target) => !all.includes(target));
if (unknown.length > 0) {
  console.error(`Unknown target: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}

// Real programs as a start for the parser.
function seed(target, corpus) {
  if (target !== 'parser' && target !== 'program') return;
  for (const folder of ['bench/programs', 'snapshots/inputs', 'language/programs']) {
    const from = join(root, 'tests', folder);
    for (const name of existsSync(from) ? readdirSync(from) : []) cpSync(join(from, name), join(corpus, name));
  }
}

await setUp(['sanitize']);
await build('fuzz', targets.map((target) => `${target}_fuzz`));
let failed = 0;
for (const target of targets) {
  const corpus = join(root, 'build', 'fuzz', 'corpus', target);
  mkdirSync(corpus, { recursive: true });
  seed(target, corpus);
  console.log(`Fuzzing ${target} for ${values.seconds} s`);
  const dictionary = join(root, 'tests', 'fuzz', `${target}.dict`);
  const options = ['-max_len=4096', '-timeout=20', '-rss_limit_mb=2048', `-max_total_time=${values.seconds}`, '-print_final_stats=1',
    `-artifact_prefix=${join(root, 'build', 'fuzz', `${target}-`)}`, ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : [])];
  const result = spawnSync(join(root, 'build', 'fuzz', `${target}_fuzz`), [...options, corpus], { stdio: 'inherit' });
  if (result.status !== 0) failed++;
}
console.log(failed === 0 ? 'No finding.' : `${failed} of ${targets.length} targets have a finding; the inputs are in build/fuzz.`);
process.exit(failed === 0 ? 0 : 1);
