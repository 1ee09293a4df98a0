// Runs the parser alone over the whole test262 corpus: negative tests of the parse phase must be rejected, all
// others accepted, in strict and sloppy mode as their flags say.
//   node tests/syntax/test262-parse.mjs PARSE_PROBE CORPUS [--filter=substring] [--list]
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const [parser, corpus, ...options] = process.argv.slice(2);
const filter = options.find((option) => option.startsWith('--filter='))?.slice(9) ?? '';
const listAll = options.includes('--list');

function* testFiles(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith('.js') && !entry.name.includes('_FIXTURE')) yield path;
  }
}

function listOf(header, key) {
  const inline = new RegExp(`^\\s*${key}:\\s*\\[([^\\]]*)\\]`, 'm').exec(header);
  if (inline)
    return inline[1]
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  const block = new RegExp(`^\\s*${key}:\\s*\\n((?:\\s*- .*\\n?)+)`, 'm').exec(header);
  return block ? [...block[1].matchAll(/- (\S+)/g)].map((match) => match[1]) : [];
}

const jobs = [];
for (const path of testFiles(join(corpus, 'test'))) {
  if (!path.includes(filter)) continue;
  const text = readFileSync(path, 'utf8');
  const header = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1] ?? '';
  const flags = listOf(header, 'flags');
  const isNegative = /negative:/.test(header) && /phase:\s*parse/.test(header);
  const modes = flags.includes('module')
    ? ['module']
    : flags.includes('raw') || flags.includes('noStrict')
      ? ['script']
      : flags.includes('onlyStrict')
        ? ['strict']
        : ['script', 'strict'];
  for (const mode of modes) jobs.push({ path, mode, isNegative });
}

const child = spawn(parser, ['--batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.end(jobs.map(({ path, mode }) => `${mode} ${path}\n`).join(''));
let output = '';
for await (const chunk of child.stdout) output += chunk;
const lines = output.split('\n');

const failures = [];
jobs.forEach((job, index) => {
  const answer = lines[index] ?? 'no answer (crash)';
  const isGood = job.isNegative ? answer.startsWith('SyntaxError') : answer === 'ok';
  if (isGood) return;
  failures.push(`${relative(corpus, job.path)} [${job.mode}] ${job.isNegative ? 'was accepted' : answer}`);
});
const shown = listAll ? failures : failures.slice(0, 40);
for (const failure of shown) console.log(failure);
console.log(`${jobs.length} parses, ${failures.length} wrong`);
process.exitCode = failures.length ? 1 : 0;
