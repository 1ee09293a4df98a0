// Small values that cross without a message (engine/host/boundary/message_registers.h). The callee reads them at once,
// so one set of registers serves nested calls too.
import { MalformedMessageError } from './errors.js';
import { REGISTER_BYTES, REGISTER_COUNT, REGISTER_IN_MESSAGE, REGISTER_TEXT, SHORT_MESSAGE, Tag } from './protocol.js';
import { latin1Text } from './texts.js';

const NUMBERS = REGISTER_BYTES / 8; // of a register, with its own in the first
const WORDS = REGISTER_BYTES / 4; // with the tag in the third and the text's length in the fourth
const TEXT = 16; // bytes before it
const MESSAGE = REGISTER_COUNT * REGISTER_BYTES; // place of a short message

/** Whether a value fits into a register. @param {unknown} value */
export function fitsRegister(value) {
  switch (typeof value) {
    case 'string':
      return value.length <= REGISTER_TEXT && isLatin1(value);
    case 'object':
      return value === null;
    case 'number':
    case 'boolean':
    case 'undefined':
      return true;
    default:
      return false;
  }
}

/** @param {string} text */
function isLatin1(text) {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

// Before the first use and after the last.
const noNumbers = new Float64Array(0);
const noWords = new Uint32Array(0);
const noBytes = new Uint8Array(0);

// OPTIMIZATION: texts that crossed lately, since most come again: comparing a few words costs less than making a text.
// Texts of up to TEXT_WORDS words, each in a place that its words determine.
const KEPT_WORDS = 4;
const KEPT_TEXTS = 128;

class LatestTexts {
  #texts = new Array(KEPT_TEXTS).fill('');
  #lengths = new Uint8Array(KEPT_TEXTS);
  #words = new Int32Array(KEPT_TEXTS * KEPT_WORDS);

  /**
   * The text of `size` bytes from a multiple of 4 on. The rest of its last word may be anything, as long as equal texts
   * have equal words.
   * @param {Uint32Array} words
   * @param {Uint8Array} bytes
   * @param {number} start
   * @param {number} length
   */
  get(words, bytes, start, length) {
    const at = start >> 2;
    const a = words[at] | 0;
    const b = words[at + 1] | 0;
    const c = words[at + 2] | 0;
    const d = words[at + 3] | 0;
    const place = (Math.imul(a ^ c ^ length, 0x9e3779b1) + Math.imul(b ^ d, 0x85ebca6b)) >>> 25;
    const kept = place * KEPT_WORDS;
    const all = this.#words;
    if (
      all[kept] === a &&
      all[kept + 1] === b &&
      all[kept + 2] === c &&
      all[kept + 3] === d &&
      this.#lengths[place] === length
    )
      return this.#texts[place];
    const text = latin1Text(bytes, start, start + length);
    all[kept] = a;
    all[kept + 1] = b;
    all[kept + 2] = c;
    all[kept + 3] = d;
    this.#lengths[place] = length;
    this.#texts[place] = text;
    return text;
  }
}

export class Registers {
  #engine;
  #address;
  // Views of the memory; without length once it has grown.
  #numbers = noNumbers;
  #words = noWords;
  #bytes = noBytes;
  /** @type {LatestTexts | undefined} */
  #texts;

  /** @param {import('./engine.js').Engine} engine @param {number} address */
  constructor(engine, address) {
    this.#engine = engine;
    this.#address = address >>> 0;
  }

  /** False: they do not fit into registers. @param {unknown[]} values */
  write(values) {
    const { length } = values;
    if (length > REGISTER_COUNT) return false;
    for (let i = 0; i < length; i++) if (!this.writeOne(values[i], i)) return false;
    return true;
  }

  /** Values that do not fit are in the message beside them. @param {unknown[]} values */
  writeBesideMessage(values) {
    for (let i = 0; i < values.length; i++)
      if (!this.writeOne(values[i], i)) this.#words[i * WORDS + 2] = REGISTER_IN_MESSAGE;
  }

  /**
   * Puts a short message after the registers. False: the message is not short.
   * @param {Uint8Array} bytes
   * @param {Int32Array} words the same
   * @param {number} size
   */
  storeMessage(bytes, words, size) {
    if (size > SHORT_MESSAGE) return false;
    this.#engine.store(this.#address + MESSAGE, bytes, words, size);
    return true;
  }

  /** @param {unknown} value @param {number} index */
  writeOne(value, index) {
    if (this.#numbers.length === 0) this.#look();
    if (typeof value === 'number') {
      this.#words[index * WORDS + 2] = Tag.DOUBLE;
      this.#numbers[index * NUMBERS] = value;
      return true;
    }
    return typeof value === 'string' ? this.#writeText(value, index) : this.#writeOther(value, index);
  }

  /** @param {unknown} value @param {number} index */
  #writeOther(value, index) {
    const words = this.#words;
    const at = index * WORDS + 2;
    switch (typeof value) {
      case 'boolean':
        words[at] = value ? Tag.TRUE : Tag.FALSE;
        return true;
      case 'undefined':
        words[at] = Tag.UNDEFINED;
        return true;
      default:
        words[at] = Tag.NULL;
        return value === null;
    }
  }

  /** @param {string} text @param {number} index */
  #writeText(text, index) {
    const bytes = this.#bytes;
    const start = index * REGISTER_BYTES + TEXT;
    const { length } = text;
    if (length > REGISTER_TEXT) return false;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0xff) return false;
      bytes[start + i] = unit;
    }
    this.#words[index * WORDS + 2] = Tag.LATIN1;
    this.#words[index * WORDS + 3] = length;
    return true;
  }

  /** @param {number} count */
  readAll(count) {
    if (count > REGISTER_COUNT) throw malformed();
    const values = [];
    for (let i = 0; i < count; i++) values.push(this.read(i));
    return values;
  }

  /** @param {number} index */
  read(index) {
    if (this.#numbers.length === 0) this.#look();
    const tag = this.#words[index * WORDS + 2];
    return tag === Tag.DOUBLE
      ? this.#numbers[index * NUMBERS]
      : tag === Tag.LATIN1
        ? this.#readText(index)
        : readOther(tag);
  }

  /** @param {number} index */
  #readText(index) {
    const length = this.#words[index * WORDS + 3];
    if (length > REGISTER_TEXT) throw malformed();
    const start = index * REGISTER_BYTES + TEXT;
    if (length > 4 * KEPT_WORDS) return latin1Text(this.#bytes, start, start + length);
    return (this.#texts ??= new LatestTexts()).get(this.#words, this.#bytes, start, length);
  }

  forget() {
    this.#numbers = noNumbers;
    this.#words = noWords;
    this.#bytes = noBytes;
  }

  #look() {
    const { buffer } = /** @type {WebAssembly.Memory} */ (this.#engine.memory);
    this.#numbers = new Float64Array(buffer, this.#address, REGISTER_COUNT * NUMBERS);
    this.#words = new Uint32Array(buffer, this.#address, REGISTER_COUNT * WORDS);
    this.#bytes = new Uint8Array(buffer, this.#address, MESSAGE);
  }
}

/** @param {number} tag */
function readOther(tag) {
  switch (tag) {
    case Tag.UNDEFINED:
      return undefined;
    case Tag.NULL:
      return null;
    case Tag.TRUE:
      return true;
    case Tag.FALSE:
      return false;
    default:
      throw malformed();
  }
}

function malformed() {
  return new MalformedMessageError('the engine sent a malformed message: a register');
}
