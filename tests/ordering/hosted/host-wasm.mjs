// node host-wasm.mjs FILE: runs a program in a sandbox of the npm package.
import { readFileSync } from 'node:fs';
import { runInSandbox } from './sandbox.mjs';

await runInSandbox(readFileSync(process.argv[2], 'utf8'), (line) => console.log(line));
