// caisson.wasm inside JavaScript: compressed, as base64. The build puts the text here (wasm-glue/tools/package.mjs).
// The file imports nothing that the package shares: bundlers would put that into a part of its own.
import text from 'caisson.wasm:base64';
import { inflateSync } from 'fflate';
import { builtinOfNode } from './node-here.js';

/** @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function bytes() {
  const compressed = decode(text);
  // The host's own decoder is quicker, if it has one.
  try {
    const zlib = builtinOfNode('node:zlib');
    return zlib === undefined ? await inflateByStream(compressed) : zlib.inflateRawSync(compressed);
  } catch {
    return /** @type {Uint8Array<ArrayBuffer>} */ (inflateSync(compressed));
  }
}

/** @param {Uint8Array<ArrayBuffer>} compressed */
async function inflateByStream(compressed) {
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
  }
  const inflated = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    inflated.set(part, at);
    at += part.length;
  }
  return inflated;
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
function decode(base64) {
  const { fromBase64 } = /** @type {any} */ (Uint8Array);
  if (typeof fromBase64 === 'function') return fromBase64.call(Uint8Array, base64);
  const buffer = builtinOfNode('node:buffer');
  if (buffer !== undefined) return buffer.Buffer.from(base64, 'base64');
  const binary = atob(base64);
  const decoded = new Uint8Array(binary.length);
  for (let i = 0; i < decoded.length; i++) decoded[i] = binary.charCodeAt(i);
  return decoded;
}
