// From the start of a process to the first line that its program prints, and from the end of the script to its first
// timer: what a person at a terminal waits for. Caisson and V8 by their command lines, peers by this file.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { engines } from './engines.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, 'first-line.js');
const commandLines = {
  caisson: [join(here, '..', '..', 'npm', 'bin', 'caisson.mjs'), 'run', program],
  v8: [program],
};

/** Resolves with { line, timer }, both in milliseconds. */
export function measureFirstLine(name) {
  const args = commandLines[name] ?? [fileURLToPath(import.meta.url), name];
  const start = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '',
      line;
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece;
      if (text.startsWith('line\n')) line ??= performance.now();
    });
    child.on('error', reject).on('close', () => {
      const timer = /^line\ntimer (\d+)\n$/.exec(text);
      if (timer) resolve({ line: line - start, timer: Number(timer[1]) });
      else reject(new Error(`the program printed ${JSON.stringify(text)}`));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const engine = await engines[process.argv[2]]();
  const context = await engine.create();
  context.load(readFileSync(program, 'utf8'));
}
