// Code units in bytes as texts, in the fastest way of this host for each length.
import { createAsciiDecoder } from './encodings.js';

const asciiDecoder = createAsciiDecoder();
/**
 * Node's own function, which does not check each unit.
 * @returns {((bytes: Uint8Array, start: number, end: number) => string) | undefined}
 */
const sliceOf = (/** @type {string} */ name) => {
  const slice = /** @type {any} */ (globalThis).Buffer?.prototype?.[name];
  return typeof slice === 'function' ? Function.prototype.call.bind(slice) : undefined;
};
const latin1Slice = sliceOf('latin1Slice');
const ucs2Slice = sliceOf('ucs2Slice');
const SHORT_TEXT = 12; // up to this many units a loop is faster than TextDecoder, and V8 copies concatenated texts
const UNITS_PER_CALL = 8192; // arguments that String.fromCharCode takes at once

/** @param {Uint8Array} bytes @param {number} start @param {number} end */
export function latin1Text(bytes, start, end) {
  return end - start <= SHORT_TEXT ? shortText(bytes, start, end) : longLatin1(bytes, start, end);
}

/** Two bytes a unit, little-endian. @param {Uint8Array} bytes @param {number} start @param {number} end */
export function utf16Text(bytes, start, end) {
  if (ucs2Slice !== undefined) return ucs2Slice(bytes, start, end);
  const units = new Uint16Array((end - start) >> 1);
  for (let i = 0, at = start; i < units.length; i++, at += 2) units[i] = bytes[at] | (bytes[at + 1] << 8);
  return unitsToText(units);
}

/** @param {Uint8Array} bytes @param {number} start @param {number} end */
function longLatin1(bytes, start, end) {
  if (latin1Slice !== undefined) return latin1Slice(bytes, start, end);
  const part = bytes.subarray(start, end);
  const { length } = part;
  let i = 0;
  while (i < length && part[i] < 0x80) i++;
  return i === length ? asciiDecoder.decode(part) : unitsToText(part);
}

/** @param {Uint8Array} bytes @param {number} start @param {number} end */
function shortText(bytes, start, end) {
  let text = '';
  let i = start;
  for (; i + 4 <= end; i += 4) text += String.fromCharCode(bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]);
  switch (end - i) {
    case 0:
      return text;
    case 1:
      return text + String.fromCharCode(bytes[i]);
    case 2:
      return text + String.fromCharCode(bytes[i], bytes[i + 1]);
    default:
      return text + String.fromCharCode(bytes[i], bytes[i + 1], bytes[i + 2]);
  }
}

/** @param {Uint8Array | Uint16Array} units */
function unitsToText(units) {
  if (units.length <= UNITS_PER_CALL) return textOfUnits(units);
  const parts = [];
  for (let i = 0; i < units.length; i += UNITS_PER_CALL) parts.push(textOfUnits(units.subarray(i, i + UNITS_PER_CALL)));
  return parts.join('');
}

/** @param {Uint8Array | Uint16Array} units @returns {string} */
function textOfUnits(units) {
  return Reflect.apply(String.fromCharCode, undefined, units);
}
