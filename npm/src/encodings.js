// TextEncoder and TextDecoder for UTF-8 where the host has none (Jest's jsdom environment), reduced to what this
// package calls.

class Utf8Encoder {
  /**
   * Encodes as much of a text as fits. Halves of surrogate pairs become U+FFFD.
   * @param {string} text
   * @param {Uint8Array} bytes
   */
  encodeInto(text, bytes) {
    let [read, written] = [0, 0];
    while (read < text.length) {
      let code = /** @type {number} */ (text.codePointAt(read));
      const units = code > 0xffff ? 2 : 1;
      if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (written + size > bytes.length) break;
      const lead = [0, 0, 0xc0, 0xe0, 0xf0][size];
      bytes[written] = lead | (code >> (6 * (size - 1)));
      for (let i = 1; i < size; i++) bytes[written + i] = 0x80 | ((code >> (6 * (size - 1 - i))) & 0x3f);
      read += units;
      written += size;
    }
    return { read, written };
  }
}

class AsciiDecoder {
  /** @param {Uint8Array} bytes */
  decode(bytes) {
    return textOfUnits(bytes);
  }
}

/**
 * A text of units in Latin-1 or UTF-16, lone surrogates included.
 * @param {Uint8Array | Uint16Array} units
 */
export function textOfUnits(units) {
  let text = '';
  for (let i = 0; i < units.length; i += 4096)
    text += Reflect.apply(String.fromCharCode, undefined, /** @type {any} */ (units.subarray(i, i + 4096)));
  return text;
}

/** @returns {{ encodeInto(text: string, bytes: Uint8Array): { read: number, written: number } }} */
export const createEncoder = () => (typeof TextEncoder === 'function' ? new TextEncoder() : new Utf8Encoder());

/** Of bytes below 0x80. @returns {{ decode(bytes: Uint8Array): string }} */
export const createAsciiDecoder = () => (typeof TextDecoder === 'function' ? new TextDecoder() : new AsciiDecoder());

export const fallbacks = { Utf8Encoder, AsciiDecoder };
