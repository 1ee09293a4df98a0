// Programs over the whole language: the output has to be Node's, or that of a file NAME.expected where Node 20
// does not have the feature yet.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAvailable, runProgram } from '../tools/shell.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const kinds = ['native', 'sanitize', 'stress', 'wasi', 'wasm'];

function expectedOutput(file) {
  const written = file.replace(/\.m?js$/, '.expected');
  if (existsSync(written)) return readFileSync(written, 'utf8');
  const result = runProgram('node', [file]);
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

for (const kind of kinds) {
  describe(`language programs, ${kind}`, {
    skip: isAvailable(kind) ? false : `there is no ${kind} command line`,
  }, () => {
    for (const name of readdirSync(folder).filter((entry) => /\.m?js$/.test(entry))) {
      // A collection at every allocation under a deep stack takes quadratic time, and with many texts minutes.
      const tooSlow =
        kind === 'stress' &&
        [
          'deep-recursion.js',
          'contextual-keywords.js',
          'direct-eval.js',
          'base64.js',
          'text-decoder-streams.js',
        ].includes(name);
      test(name, { skip: tooSlow }, () => {
        const result = runProgram(kind, [join(folder, name)], { timeout: kind === 'stress' ? 600000 : 60000 });
        assert.equal(result.stdout, expectedOutput(join(folder, name)), result.stderr);
        assert.equal(result.status, 0, result.stderr);
      });
    }
  });
}
