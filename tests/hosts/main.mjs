// npm run hosts -- [WORD...] [--json FILE] [--list] [--keep] [--no-build]: the package, as npm would publish it, in
// every host and build of cases.mjs, or in those whose group and name contain all words.
import { writeFileSync } from 'node:fs';
import { build } from '../../wasm-glue/tools/build.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { cases } from './cases.mjs';
import { runCases } from './run.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const usage = `npm run hosts -- [WORD...] [options]: the packed package in all hosts and builds, or those with all words
  --list           print their names
  --json FILE      write the results
  --keep           leave the apps where they were built
  --no-build       use what is built already
  --yes            install what is missing without asking`;
const { values, positionals } = readCommandLine(usage, {
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    list: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false }, // the apps
    'no-build': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false }, // see set-up.mjs
  },
});

const words = positionals.map((word) => word.toLowerCase());
const rows = cases.filter(({ group, name }) => words.every((word) => `${group}: ${name}`.toLowerCase().includes(word)));
if (rows.length === 0) {
  console.error('No case has these words.');
  process.exit(1);
}
if (values.list) {
  for (const { group, name } of rows) console.log(`${group}: ${name}`);
  process.exit(0);
}

await setUp(['browser', 'page'], { npm: true, yes: values.yes });
if (!values['no-build']) await build('browser');
const results = await runCases(
  rows,
  ({ group, name, outcome, reason, seconds }) => {
    const line = `${outcome.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s  ${group}: ${name}`;
    console.log(reason === undefined ? line : `${line}\n    ${reason.replaceAll('\n', '\n    ')}`);
  },
  { keeps: values.keep },
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
console.log(`\n${count('works')} work, ${count('fails')} fail, ${count('skipped')} skipped`);
process.exit(count('fails') === 0 ? 0 : 1);
