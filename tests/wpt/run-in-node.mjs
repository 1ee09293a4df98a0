// Runs one run (JSON in the first argument) in this Node itself, for comparison, and prints its results as JSON.
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { readResource, readScripts } from './suite.mjs';

const { suite, run } = JSON.parse(process.argv[2]);
const limit = setTimeout(() => process.exit(1), run.timeout);
const report = (text) => {
  clearTimeout(limit);
  for (let sent = 0, bytes = Buffer.from(text); sent < bytes.length; ) sent += writeSync(1, bytes, sent);
  process.exit(0);
};
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
const scripts = await readScripts(suite, run);
const prelude = join(dirname(fileURLToPath(import.meta.url)), 'prelude.js');
runInThisContext(readFileSync(prelude, 'utf8'))({
  readResource: (path) => readResource(suite, run.name, path),
  report,
  address: run.address,
  isServed: run.isServed,
});
// What Node's fetch resolves addresses against.
globalThis[Symbol.for('undici.globalOrigin.1')] = new URL(run.address);
for (const { name, text } of scripts) {
  runInThisContext(text, { filename: name });
  if (name.endsWith('testharness.js')) reportResults();
}
