// The command-line programs that tests compare: the native build, the wasm of the npm package, Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../wasm-glue/tools/root.mjs';

export const nativeShell = (preset = 'native') => join(root, 'build', preset, 'caisson-shell');

/**
 * The command and its arguments.
 * @type {Record<string, (args: string[]) => [string, string[]]>}
 */
const commands = {
  node: (args) => [process.execPath, ['--no-warnings', ...args]],
  native: (args) => [nativeShell(), ['run', ...args]],
  stress: (args) => [nativeShell('stress'), ['run', ...args]],
  'stress in steps': (args) => [nativeShell('stress'), ['run', ...args]],
  sanitize: (args) => [nativeShell('sanitize'), ['run', ...args]],
  wasi: (args) => [process.execPath, ['--no-warnings', join(root, 'tests', 'tools', 'run-wasi.mjs'), 'run', ...args]],
  wasm: (args) => [process.execPath, ['--no-warnings', join(root, 'npm', 'bin', 'caisson.mjs'), 'run', ...args]],
};

// A collection that always goes on, so many bytes at each allocation, and is verified when it ends.
/** @type {Record<string, Record<string, string>>} */
const environments = { 'stress in steps': { CAISSON_STRESS_STEP: '3000' } };

/** @param {string} kind */
export function isAvailable(kind) {
  if (kind === 'wasi') return existsSync(join(root, 'build', 'wasi', 'caisson-shell.wasm'));
  const [command, args] = commands[kind]([]);
  return existsSync(kind === 'wasm' ? args[1] : command);
}

/**
 * What a program prints and how it ends.
 * @param {string} kind
 * @param {string[]} args
 * @param {{ timeout?: number, input?: string, cwd?: string }} options
 */
export function runProgram(kind, args, { timeout = 60000, input, cwd } = {}) {
  const [command, all] = commands[kind](args);
  const { stdout, stderr, status, signal, error } = spawnSync(command, all, {
    encoding: 'utf8',
    timeout,
    input,
    cwd,
    env: { ...process.env, ...environments[kind] },
    maxBuffer: 1 << 28,
  });
  return {
    stdout,
    stderr,
    status,
    signal: signal ?? (error ? /** @type {NodeJS.ErrnoException} */ (error).code : null),
  };
}
