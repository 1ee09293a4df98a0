// Compiles caisson.wasm in Node and runtimes like it.
import { readFile } from 'node:fs/promises';

export async function loadModule(source = new URL('../caisson.wasm', import.meta.url)) {
  if (typeof Response !== 'undefined' && source instanceof Response) return WebAssembly.compileStreaming(source);
  if (source instanceof URL && source.protocol !== 'file:') return WebAssembly.compileStreaming(fetch(source));
  if (typeof source === 'string' || source instanceof URL) source = await readFile(source);
  return WebAssembly.compile(source);
}
