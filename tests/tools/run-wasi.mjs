// node tests/tools/run-wasi.mjs ARGUMENTS...: the command line of the WASI build under Node's node:wasi.
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { WASI } from 'node:wasi';
import { root } from '../../wasm-glue/tools/root.mjs';

// The imports of node:wasi are fast API calls of V8, which must not collect garbage but may: Node crashes now and then.
// https://github.com/nodejs/node/issues/46777
setFlagsFromString('--no-turbo-fast-api-calls');

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;

/**
 * The command line, not yet run: `start` does that and gives its exit status. `imports` may be changed before.
 * `streams`: file descriptors instead of stdin, stdout, stderr.
 * @param {string[]} args
 * @param {Pick<import('node:wasi').WASIOptions, 'stdin' | 'stdout' | 'stderr'>} streams
 */
export async function prepareWasi(args, streams = {}) {
  compiled ??= readFile(join(root, 'build', 'wasi', 'caisson-shell.wasm')).then((bytes) => WebAssembly.compile(bytes));
  const module = await compiled;
  // The C library of WASI cannot tell the two apart, since its own working directory is the root.
  const preopens = args.some(isAbsolute) ? { '/': '/' } : { '.': '.' };
  const wasi = new WASI({ version: 'preview1', args: ['caisson', ...args], preopens, returnOnExit: true, ...streams });
  const imports = /** @type {WebAssembly.Imports} */ (wasi.getImportObject());
  return {
    imports,
    /** @param {(memory: WebAssembly.Memory) => void} [begin] is handed the memory before anything runs */
    async start(begin) {
      const instance = await WebAssembly.instantiate(module, imports);
      begin?.(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
      return wasi.start(instance);
    },
  };
}

/**
 * Runs the command line once and gives its exit status.
 * @param {string[]} args
 * @param {Parameters<typeof prepareWasi>[1]} [streams]
 */
export async function runWasi(args, streams) {
  return (await prepareWasi(args, streams)).start();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await runWasi(process.argv.slice(2));
