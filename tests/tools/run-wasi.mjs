// node tests/tools/run-wasi.mjs ARGUMENTS...: the command line of the WASI build under Node's node:wasi.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { WASI } from 'node:wasi';
import { root } from './set-up.mjs';

// Node 20 throws away the bytecode of functions that a long call into WebAssembly keeps waiting, and crashes when the
// call comes back.
setFlagsFromString('--no-flush-bytecode');
const wasi = new WASI({ version: 'preview1', args: ['caisson', ...process.argv.slice(2)], preopens: { '/': '/' }, returnOnExit: true });
const module = await WebAssembly.compile(await readFile(join(root, 'build', 'wasi', 'caisson-shell.wasm')));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
