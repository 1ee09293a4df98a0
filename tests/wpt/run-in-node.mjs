// Runs one run (JSON in the first argument) in this Node itself, for comparison, and prints its results as JSON.
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { readResource } from './suite.mjs';

const { suite, run } = JSON.parse(process.argv[2]);
const limit = setTimeout(() => process.exit(1), 60000);
const report = (text) => {
  clearTimeout(limit);
  for (let sent = 0, bytes = Buffer.from(text); sent < bytes.length; ) sent += writeSync(1, bytes, sent);
  process.exit(0);
};
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
const prelude = join(dirname(fileURLToPath(import.meta.url)), 'prelude.js');
runInThisContext(readFileSync(prelude, 'utf8'))({
  readResource: (path) => readResource(suite, run.name, path),
  report,
  variant: run.variant,
});
for (const script of run.scripts) {
  runInThisContext(readFileSync(join(suite, script), 'utf8'), { filename: script });
  if (script.endsWith('testharness.js')) reportResults();
}
