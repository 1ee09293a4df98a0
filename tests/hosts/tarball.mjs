// The package as npm would publish it, unpacked.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../wasm-glue/tools/root.mjs';

/** Packs into `folder` and gives the folder of the package's files. */
export function packInto(folder) {
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--workspace=caisson', `--pack-destination=${folder}`, '--loglevel=error'], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', tarball], folder);
  return join(folder, 'package');
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stdout + stderr}`);
}

/**
 * The file that `exports` of the unpacked package names, from its folder: what a server of packages gives that knows
 * these conditions.
 */
export function exportedFile(unpacked, subpath = '.', conditions = ['browser', 'import', 'default']) {
  const { exports } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  const found = choose(exports[subpath], conditions);
  if (found === undefined) throw new Error(`The package exports no ${JSON.stringify(subpath)}`);
  return found.replace(/^\.\//, '');
}

function choose(target, conditions) {
  if (typeof target === 'string') return target;
  for (const [condition, value] of Object.entries(target ?? {})) {
    if (condition !== 'default' && !conditions.includes(condition)) continue;
    const found = choose(value, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}
