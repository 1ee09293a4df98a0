// How long the host's thread stands still when a function of caisson.wasm runs for the first time: V8 compiles it then,
// with its baseline compiler.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../wasm-glue/tools/root.mjs';

const worker = join(dirname(fileURLToPath(import.meta.url)), 'baseline-worker.mjs');
const flags = ['--liftoff-only', '--no-wasm-lazy-compilation', '--single-threaded'];
const LARGEST = 12;

/** The largest functions, those that take longest first. @param {number} rounds */
export function measureBaseline(rounds) {
  const file = join(root, 'npm', 'caisson.wasm');
  const output = execFileSync(process.execPath, [...flags, worker, file, String(LARGEST), String(rounds)], {
    encoding: 'utf8',
  });
  /** @type {{ index: number, bytes: number, ms: number }[]} */
  const functions = JSON.parse(output);
  return functions.sort((one, other) => other.ms - one.ms);
}
