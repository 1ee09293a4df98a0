// What is particular to Node and runtimes like it: how caisson.wasm is compiled, and what instances cost.
import { readFile } from 'node:fs/promises';

// Instances are cheap here, but each takes some address space, and its own start.
export const INSTANCES_APART = 16;

/** @param {import('./types.d.ts').WasmSource} source */
export async function loadModule(source = new URL('../caisson.wasm', import.meta.url)) {
  const isFile = source instanceof URL ? source.protocol === 'file:' : typeof source === 'string';
  if (isFile) return WebAssembly.compile(await readFile(/** @type {string | URL} */ (source)));
  if (source instanceof URL) return WebAssembly.compileStreaming(fetch(source));
  // Asked last: in Node the mere mention of Response loads its HTTP client, which takes longer than compiling the
  // engine.
  if (typeof Response !== 'undefined' && source instanceof Response) return WebAssembly.compileStreaming(source);
  return WebAssembly.compile(/** @type {BufferSource} */ (source));
}
