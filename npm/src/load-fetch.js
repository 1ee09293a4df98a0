// What is particular to browsers and workers: how caisson.wasm is compiled, and what instances cost.

// A page may have only about a hundred WebAssembly memories, and others need some.
export const INSTANCES_APART = 8;

/** @param {import('./types.d.ts').WasmSource} source */
export async function loadModule(source = new URL('../caisson.wasm', import.meta.url)) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source))
    return WebAssembly.compile(/** @type {BufferSource} */ (source));
  const response = source instanceof Response ? source : await fetch(/** @type {string | URL} */ (source));
  if (!response.ok)
    throw new Error(`caisson.wasm could not be loaded from ${response.url}: HTTP status ${response.status}`);
  // Servers that send another content type refuse streaming compilation.
  if (response.headers.get('content-type')?.startsWith('application/wasm'))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
