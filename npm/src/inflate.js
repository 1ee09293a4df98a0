// Decompression of DEFLATE data (https://www.rfc-editor.org/rfc/rfc1951) for hosts without DecompressionStream. It only
// reads the package's own data.

const LENGTHS = 257; // the first code that is a length
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** @param {Uint8Array} input @returns {Uint8Array<ArrayBuffer>} */
export function inflate(input) {
  const bits = new BitReader(input);
  const output = new Output(input.length * 4);
  for (let isLast = false; !isLast; ) {
    isLast = bits.read(1) === 1;
    const kind = bits.read(2);
    if (kind === 0) copyStored(bits, output);
    else if (kind === 1) copyCoded(bits, output, fixedLiterals(), new Code(new Uint8Array(30).fill(5)));
    else if (kind === 2) copyCoded(bits, output, ...readCodes(bits));
    else throw new Error('not DEFLATE data');
  }
  return output.bytes.subarray(0, output.size);
}

class BitReader {
  #input;
  #at = 0;
  #held = 0; // bits taken from the input; the next one is the lowest
  #count = 0;

  /** @param {Uint8Array} input */
  constructor(input) {
    this.#input = input;
  }

  /** @param {number} count at most 16 */
  read(count) {
    while (this.#count < count) this.#take();
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  #take() {
    if (this.#at >= this.#input.length) throw new Error('DEFLATE data that ends early');
    this.#held |= this.#input[this.#at++] << this.#count;
    this.#count += 8;
  }

  /** The next whole bytes. @param {number} [size] */
  bytes(size = 0) {
    this.#at -= this.#count >> 3;
    this.#held = this.#count = 0;
    const start = this.#at;
    this.#at += size;
    return this.#input.subarray(start, this.#at);
  }
}

class Output {
  size = 0;

  /** @param {number} capacity */
  constructor(capacity) {
    this.bytes = new Uint8Array(capacity);
  }

  /** @param {number} count */
  makeRoom(count) {
    if (this.size + count <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length + count);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** A prefix code, by how many codes there are of each length and by their symbols in order. */
class Code {
  #counts = new Uint16Array(16);
  #symbols;

  /** @param {Uint8Array} lengths of the symbols' codes */
  constructor(lengths) {
    this.#symbols = new Uint16Array(lengths.length);
    for (const length of lengths) if (length > 0) this.#counts[length]++;
    const places = new Uint16Array(16);
    for (let length = 1; length < 15; length++) places[length + 1] = places[length] + this.#counts[length];
    lengths.forEach((length, symbol) => {
      if (length > 0) this.#symbols[places[length]++] = symbol;
    });
  }

  /** @param {BitReader} bits */
  read(bits) {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= 15; length++) {
      code |= bits.read(1);
      const count = this.#counts[length];
      if (code - first < count) return this.#symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error('not DEFLATE data');
  }
}

/** @param {BitReader} bits @param {Output} output */
function copyStored(bits, output) {
  const [low, high] = bits.bytes(4);
  const stored = bits.bytes(low | (high << 8));
  output.makeRoom(stored.length);
  output.bytes.set(stored, output.size);
  output.size += stored.length;
}

function fixedLiterals() {
  return new Code(new Uint8Array(288).fill(8).fill(9, 144).fill(7, 256).fill(8, 280));
}

/** @param {BitReader} bits @returns {[Code, Code]} */
function readCodes(bits) {
  const literals = bits.read(5) + 257;
  const distances = bits.read(5) + 1;
  const codeLengths = new Uint8Array(19);
  for (let i = 0, count = bits.read(4) + 4; i < count; i++) codeLengths[CODE_ORDER[i]] = bits.read(3);
  const code = new Code(codeLengths);
  const lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length; ) {
    const symbol = code.read(bits);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    const count = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
    lengths.fill(symbol === 16 ? lengths[i - 1] : 0, i, i + count);
    i += count;
  }
  return [new Code(lengths.subarray(0, literals)), new Code(lengths.subarray(literals))];
}

/** @param {BitReader} bits @param {Output} output @param {Code} literals @param {Code} distances */
function copyCoded(bits, output, literals, distances) {
  for (;;) {
    const symbol = literals.read(bits);
    if (symbol < 256) {
      output.makeRoom(1);
      output.bytes[output.size++] = symbol;
      continue;
    }
    if (symbol === 256) return;
    const length = readLength(bits, symbol - LENGTHS);
    const distance = readDistance(bits, distances.read(bits));
    output.makeRoom(length);
    // Byte by byte: the source may overlap the bytes being written.
    const { bytes } = output;
    for (let i = 0; i < length; i++, output.size++) bytes[output.size] = bytes[output.size - distance];
  }
}

// Lengths and distances are numbers with so many further bits, four or two of a kind.

/** @param {BitReader} bits @param {number} code */
function readLength(bits, code) {
  if (code < 8) return code + 3;
  if (code === 28) return 258;
  const extra = (code >> 2) - 1;
  return 3 + ((4 + (code & 3)) << extra) + bits.read(extra);
}

/** @param {BitReader} bits @param {number} code */
function readDistance(bits, code) {
  if (code < 4) return code + 1;
  const extra = (code >> 1) - 1;
  return 1 + ((2 + (code & 1)) << extra) + bits.read(extra);
}
