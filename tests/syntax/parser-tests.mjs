// Runs the npm package test262-parser-tests: programs that must parse, and programs that must not.
//   node tests/syntax/parser-tests.mjs PARSE_PROBE DIRECTORY
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [parser, directory] = process.argv.slice(2);
// Entries that the specification has overtaken since the package was made, with the reason.
const stale = new Map([
  ['fail/0d5e450f1da8a92a.js', 'annex B: "\\9" is a character in sloppy strings'],
  ['fail/748656edbfb2d0bb.js', 'annex B: "\\8" is a character in sloppy strings'],
  ['fail/79f882da06f88c9f.js', 'annex B: "\\8" is a character in sloppy strings'],
  ['fail/92b6af54adef3624.js', 'annex B: "\\9" is a character in sloppy strings'],
  ['fail/647e21f8f157c338.js', 'ES2019: U+2029 may stand in a string'],
  ['fail/8af69d8f15295ed2.js', 'ES2019: U+2028 may stand in a string'],
  ['fail/98204d734f8c72b3.js', 'ES2022: class fields'],
  ['fail/ef81b93cf9bdb4ec.js', 'ES2022: class fields'],
  ['fail/a8beb1480f385441.js', 'ES2025: in sloppy code an assignment to a call fails only when it runs'],
  ['fail/e3fbcf63d7e43ead.js', 'annex B: an initialiser in for-in'],
  ['early/0f5f47108da5c34e.js', 'ES2020: for-of may declare a var named like the catch parameter'],
  ['early/12a74c60f52a60de.js', 'annex B: functions of one name in a sloppy block'],
  ['early/1aff49273f3e3a98.js', 'annex B: functions of one name in a sloppy block'],
  ['early/be7329119eaa3d47.js', 'annex B: functions of one name in a sloppy block'],
  ['early/ec31fa5e521c5df4.js', 'annex B: functions of one name in a sloppy block'],
]);

const jobs = ['pass', 'pass-explicit', 'fail', 'early']
  .flatMap((kind) =>
    readdirSync(join(directory, kind)).map((name) => ({
      name: `${kind}/${name}`,
      mustParse: kind.startsWith('pass'),
      mode: name.endsWith('.module.js') ? 'module' : 'script',
    })),
  )
  .filter(({ name }) => !stale.has(name));

const child = spawn(parser, ['--batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.end(jobs.map(({ name, mode }) => `${mode} ${join(directory, name)}\n`).join(''));
let output = '';
for await (const chunk of child.stdout) output += chunk;
const lines = output.split('\n');
const failures = jobs
  .map((job, index) => ({ ...job, answer: lines[index] }))
  .filter(({ mustParse, answer }) => (answer === 'ok') !== mustParse);
for (const { name, answer } of failures) console.log(name, answer);
console.log(`${jobs.length} programs, ${failures.length} wrong, ${stale.size} stale left out`);
process.exitCode = failures.length || jobs.length < 5000 ? 1 : 0;
