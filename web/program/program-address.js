// A program in the page's address: compressed, in the fragment, which is sent to no server. Anybody may have made an
// address: it holds text of bounded length, and the page runs none of it by itself.

const NAME = '#program=';
const MOST_BYTES = 1024 * 1024; // of a program

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @param {number} mostBytes
 */
async function transform(bytes, stream, mostBytes) {
  const writer = stream.writable.getWriter();
  // Its errors are reported by the reading side.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > mostBytes) {
      reader.cancel().catch(() => {});
      throw new RangeError('the program is too large');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** The fragment for a program. Rejects when it is too large. @param {string} source */
export async function fragmentOf(source) {
  const bytes = new TextEncoder().encode(source);
  if (bytes.length > MOST_BYTES) throw new RangeError('the program is too large for an address');
  const compressed = await transform(bytes, new CompressionStream('deflate-raw'), Infinity);
  let binary = '';
  for (const byte of compressed) binary += String.fromCharCode(byte);
  return NAME + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} fragment */
export const holdsProgram = (fragment) => fragment.startsWith(NAME);

/** The program of a fragment. Rejects when there is none. @param {string} fragment */
export async function programOf(fragment) {
  const binary = atob(fragment.slice(NAME.length).replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const text = await transform(bytes, new DecompressionStream('deflate-raw'), MOST_BYTES);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
}
