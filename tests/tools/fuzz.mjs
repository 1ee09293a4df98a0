// npm run fuzz -- [TARGET...] [--seconds N]: libFuzzer over the front end, regular expressions, JSON and messages.
// A target may have a part in JavaScript as well: tests/fuzz/TARGET-fuzz.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageWriter } from '../../npm/src/message-writer.js';
import { bridgeWithoutGuest, sampleValues } from '../fuzz/message-values.mjs';
import { broken, deep, long, wide } from '../syntax/hostile-inputs.mjs';
import { defaultSuite, findTests, suiteProblem } from '../test262/suite.mjs';
import { build } from '../../wasm-glue/tools/build.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

// Histories of API calls are made and run in Node, and have options of their own: tests/fuzz/history.mjs.
if (process.argv[2] === 'history') {
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'tests', 'fuzz', 'history.mjs'), ...process.argv.slice(3)],
    { stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}

const usage = `npm run fuzz -- [TARGET...] [--seconds N]: libFuzzer over parser, regular expressions, JSON and messages
npm run fuzz -- history [options]: histories of calls of the package
  --seconds N      for each target (60)`;
const { values, positionals } = readCommandLine(
  usage,
  {
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '60' } },
  },
  ['seconds'],
);
const all = readdirSync(join(root, 'tests', 'fuzz'))
  .filter((name) => name.endsWith('_fuzz.c'))
  .map((name) => name.replace('_fuzz.c', ''));
const targets = positionals.length > 0 ? positionals : all;
const unknown = targets.filter((target) => !all.includes(target));
if (unknown.length > 0) {
  console.error(`Unknown target: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}

// Targets that read programs, and what stands before the text in each of their inputs.
/** @type {Record<string, string[]>} */
const readers = {
  parser: ['\0\0', '\x01\0', '\x08\0'],
  compile: ['\0\0', '\x01\0', '\x02\0', '\x04\0', '\x08\x40'],
  program: [''],
};

function* programs() {
  for (const folder of ['bench/programs', 'snapshots/inputs', 'language/programs', 'ordering']) {
    const from = join(root, 'tests', folder);
    for (const name of existsSync(from) ? readdirSync(from) : []) {
      if (/\.m?js$/.test(name)) yield [`${folder.replace('/', '-')}-${name}`, readFileSync(join(from, name), 'utf8')];
    }
  }
  for (const [group, inputs] of Object.entries({ deep, broken, long, wide })) {
    for (const [name, make] of Object.entries(inputs)) yield [`${group}-${name.replace(/\W+/g, '-')}`, make(5)];
  }
  const pass = join(root, 'node_modules', 'test262-parser-tests', 'pass');
  for (const name of existsSync(pass) ? readdirSync(pass) : []) yield [name, readFileSync(join(pass, name), 'utf8')];
  const suite = defaultSuite();
  if (suiteProblem(suite) !== undefined) return;
  // A part of the conformance suite, without its comments.
  for (const [index, name] of findTests(suite, [
    'test/language',
    'test/built-ins',
    'test/annexB',
    'test/staging',
  ]).entries()) {
    if (index % 11 !== 0) continue;
    const text = readFileSync(join(suite, name), 'utf8')
      .replace(/\/\*---[^]*?---\*\//, '')
      .replace(/^\/\/.*\n/gm, '')
      .trim();
    if (text.length < 3000) yield [`test262-${index}`, text];
  }
}

/** The inputs of the tests as a start. @param {string} target @param {string} corpus */
function seed(target, corpus) {
  if (target === 'message') return seedMessages(corpus);
  if (!(target in readers) || existsSync(join(corpus, 'seeded'))) return;
  let count = 0;
  for (const [name, text] of programs()) {
    const prefixes = readers[target];
    writeFileSync(join(corpus, `${target}-${name}`), prefixes[count++ % prefixes.length] + text);
  }
  writeFileSync(join(corpus, 'seeded'), '');
}

/** @param {string} corpus */
function seedMessages(corpus) {
  // With the shapes of message_fuzz.c.
  const find = (/** @type {string[]} */ keys) => (keys.length <= 3 ? { keys, number: keys.length - 1 } : undefined);
  const bridge = { ...bridgeWithoutGuest(), shapes: { again: () => undefined, find } };
  sampleValues(bridge).forEach((value, index) => {
    const writer = new MessageWriter();
    writer.begin(bridge);
    writer.write(value);
    writeFileSync(join(corpus, `message-${index}`), writer.bytes.subarray(0, writer.size));
  });
}

await setUp(['sanitize']);
await build(
  'fuzz',
  targets.map((target) => `${target}_fuzz`),
);
let failed = 0;
for (const target of targets) {
  const corpus = join(root, 'build', 'fuzz', 'corpus', target);
  mkdirSync(corpus, { recursive: true });
  seed(target, corpus);
  console.log(`Fuzzing ${target} for ${values.seconds} s`);
  const dictionary = join(root, 'tests', 'fuzz', `${target in readers ? 'language' : target}.dict`);
  const options = [
    '-max_len=4096',
    '-timeout=20',
    '-rss_limit_mb=2048',
    `-max_total_time=${values.seconds}`,
    '-print_final_stats=1',
    `-artifact_prefix=${join(root, 'build', 'fuzz', `${target}-`)}`,
    ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
  ];
  const result = spawnSync(join(root, 'build', 'fuzz', `${target}_fuzz`), [...options, corpus], { stdio: 'inherit' });
  const script = join(root, 'tests', 'fuzz', `${target}-fuzz.mjs`);
  const other = existsSync(script)
    ? spawnSync(process.execPath, [script, '--seconds', values.seconds], { stdio: 'inherit' })
    : undefined;
  if (result.status !== 0 || (other && other.status !== 0)) failed++;
}
console.log(
  failed === 0 ? 'No finding.' : `${failed} of ${targets.length} targets have a finding; the inputs are in build/fuzz.`,
);
process.exit(failed === 0 ? 0 : 1);
