// Compiles caisson.wasm in Node and runtimes like it.
import { readFile } from 'node:fs/promises';

export async function loadModule(source = new URL('../caisson.wasm', import.meta.url)) {
  const isFile = source instanceof URL ? source.protocol === 'file:' : typeof source === 'string';
  if (isFile) return WebAssembly.compile(await readFile(source));
  if (source instanceof URL) return WebAssembly.compileStreaming(fetch(source));
  // Asked last: in Node the mere mention of Response loads its HTTP client, which takes longer than compiling the engine.
  if (typeof Response !== 'undefined' && source instanceof Response) return WebAssembly.compileStreaming(source);
  return WebAssembly.compile(source);
}
