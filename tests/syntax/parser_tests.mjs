// Runs the npm package test262-parser-tests: programs that must parse, and programs that must not.
//   node tests/syntax/parser_tests.mjs PARSE_MAIN DIRECTORY
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [parser, directory] = process.argv.slice(2);
// Files that the specification has overtaken since the package was made.
const outdated = new Set([
  // "\\8" and "\\9" in sloppy strings, U+2028 and U+2029 in strings
  'fail/0d5e450f1da8a92a.js', 'fail/748656edbfb2d0bb.js', 'fail/79f882da06f88c9f.js', 'fail/92b6af54adef3624.js',
  'fail/647e21f8f157c338.js', 'fail/8af69d8f15295ed2.js',
  // class fields; sloppy assignment to a call; annex B: initialisers in for-in
  'fail/98204d734f8c72b3.js', 'fail/ef81b93cf9bdb4ec.js', 'fail/a8beb1480f385441.js', 'fail/e3fbcf63d7e43ead.js',
  // annex B: for-of over a catch parameter, repeated functions in blocks
  'early/0f5f47108da5c34e.js', 'early/12a74c60f52a60de.js', 'early/1aff49273f3e3a98.js', 'early/be7329119eaa3d47.js',
  'early/ec31fa5e521c5df4.js',
]);

const jobs = ['pass', 'pass-explicit', 'fail', 'early'].flatMap((kind) =>
  readdirSync(join(directory, kind)).map((name) => ({
    name: `${kind}/${name}`,
    mustParse: kind.startsWith('pass'),
    mode: name.endsWith('.module.js') ? 'module' : 'script',
  }))).filter(({ name }) => !outdated.has(name));

const child = spawn(parser, ['--batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.end(jobs.map(({ name, mode }) => `${mode} ${join(directory, name)}\n`).join(''));
let output = '';
for await (const chunk of child.stdout) output += chunk;
const lines = output.split('\n');
const failures = jobs.map((job, index) => ({ ...job, answer: lines[index] }))
  .filter(({ mustParse, answer }) => (answer === 'ok') !== mustParse);
for (const { name, answer } of failures) console.log(name, answer);
console.log(`${jobs.length} programs, ${failures.length} wrong, ${outdated.size} outdated left out`);
process.exitCode = failures.length ? 1 : 0;
