// caisson.wasm that is part of the JavaScript.
import { moduleOfBytes } from './core.js';

/** @param {Promise<{ bytes(): Promise<Uint8Array> }> | { bytes(): Promise<Uint8Array> }} embedded embedded-wasm.js */
export async function moduleOfEmbedded(embedded) {
  const { bytes } = await embedded;
  return moduleOfBytes(/** @type {BufferSource} */ (await bytes()), 'the JavaScript that has it inside');
}
