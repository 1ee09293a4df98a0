// Programs over the whole language: the output has to be Node's, or that of a file NAME.expected where Node 20
// does not have the feature yet.
import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runWasi } from '../tools/run-wasi.mjs';
import { isAvailable, runProgram } from '../tools/shell.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const kinds = ['native', 'sanitize', 'stress', 'stress in steps', 'wasi', 'wasm'];

const outputs = mkdtempSync(join(tmpdir(), 'caisson-programs-'));
after(() => rmSync(outputs, { recursive: true }));

const expected = new Map(); // file -> output: every build is held to the same
function expectedOutput(file) {
  if (!expected.has(file)) expected.set(file, outputOfNode(file));
  return expected.get(file);
}

function outputOfNode(file) {
  const written = file.replace(/\.m?js$/, '.expected');
  if (existsSync(written)) return readFileSync(written, 'utf8');
  const result = runProgram('node', [file]);
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

// Each program in an instance of its own; to start Node for each would take most of the time.
async function runInWasi(file) {
  const paths = ['stdout', 'stderr'].map((name) => join(outputs, name));
  const [stdout, stderr] = paths.map((path) => openSync(path, 'w'));
  try {
    const status = await runWasi(['run', file], { stdout, stderr });
    return { status, stdout: readFileSync(paths[0], 'utf8'), stderr: readFileSync(paths[1], 'utf8') };
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

// With a collection at every allocation these take more than five seconds each, and some of them minutes (a deep stack
// takes quadratic time): npm run stress has them.
const longUnderStress = new Set([
  'base64.js',
  'contextual-keywords.js',
  'deep-recursion.js',
  'direct-eval.js',
  'events.js',
  'proxies.js',
  'proxy-chains.js',
  'queues.js',
  'sparse-walks.js',
  'temporal-arithmetic.js',
  'temporal-calendars.js',
  'text-codecs.js',
  'text-decoder-streams.js',
  'urls.js',
]);

const run = (kind, file) =>
  kind === 'wasi' ? runInWasi(file) : runProgram(kind, [file], { timeout: kind.startsWith('stress') ? 600000 : 60000 });

for (const kind of kinds) {
  describe(`language programs, ${kind}`, {
    skip: isAvailable(kind) ? false : `there is no ${kind} command line`,
  }, () => {
    for (const name of readdirSync(folder).filter((entry) => /\.m?js$/.test(entry))) {
      const tooSlow = kind.startsWith('stress') && longUnderStress.has(name);
      test(name, { skip: tooSlow }, async () => {
        const result = await run(kind, join(folder, name));
        assert.equal(result.stdout, expectedOutput(join(folder, name)), result.stderr);
        assert.equal(result.status, 0, result.stderr);
      });
    }
  });
}
