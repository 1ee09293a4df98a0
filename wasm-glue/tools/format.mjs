// The format of the sources: C by clang-format, everything else by Biome, which also looks for mistakes. Both come from
// npm, in the versions of package-lock.json, so that every machine agrees. `npm run format` writes; with --check it
// only reports.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);
const { clangFormatPath } = require('clang-format-node');

/** @param {string} name */
const isSource = (name) => /\.[ch]$/.test(name);
const cFiles = () =>
  ['engine', 'tests', 'wasm-glue'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(isSource)
      .map((name) => join(folder, name)),
  );

/**
 * Runs the formatters; gives what they say, '' when all is well.
 * @param {{ check: boolean }} options
 */
export function format({ check }) {
  const biome = [process.execPath, require.resolve('@biomejs/biome/bin/biome')];
  const commands = check
    ? [[clangFormatPath, '--dry-run', '--Werror', ...cFiles()]]
    : [
        [clangFormatPath, '-i', ...cFiles()],
        [...biome, 'format', '--write', '.'],
      ];
  commands.push([...biome, 'check', '--error-on-warnings', '.']);
  let said = '';
  for (const [program, ...args] of commands) {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (error !== undefined) throw error;
    if (status !== 0) said += stdout + stderr;
  }
  return said;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const said = format({ check: process.argv.includes('--check') });
  if (said !== '') {
    console.error(said);
    process.exitCode = 1;
  }
}
