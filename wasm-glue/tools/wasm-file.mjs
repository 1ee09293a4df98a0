// What a WebAssembly file consists of.

/** @typedef {{ name: string, bytes: Buffer }} Piece */

export class Reader {
  /** @param {Buffer} bytes */
  constructor(bytes, place = 0) {
    this.bytes = bytes;
    this.place = place;
  }
  get isAtEnd() {
    return this.place >= this.bytes.length;
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.place++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
  /** @param {number} length */
  take(length) {
    return this.bytes.subarray(this.place, (this.place += length));
  }
  text() {
    return this.take(this.number()).toString();
  }
}

export const [CUSTOM, CODE, DATA] = [0, 10, 11];
const FUNCTION_NAMES = 1;

/** @param {Buffer} wasm */
export function sectionsOf(wasm) {
  const reader = new Reader(wasm, 8);
  /** @type {{ id: number, name: string, contents: Buffer }[]} */
  const sections = [];
  while (!reader.isAtEnd) {
    const id = reader.take(1)[0];
    const inner = new Reader(reader.take(reader.number()));
    const name = id === CUSTOM ? inner.text() : '';
    sections.push({ id, name, contents: inner.bytes.subarray(inner.place) });
  }
  return sections;
}

/** Function index -> name. @param {Buffer} contents */
function readNames(contents) {
  const reader = new Reader(contents);
  /** @type {Map<number, string>} */
  const names = new Map();
  while (!reader.isAtEnd) {
    const kind = reader.take(1)[0];
    const inner = new Reader(reader.take(reader.number()));
    if (kind !== FUNCTION_NAMES) continue;
    for (let left = inner.number(); left > 0; left--) names.set(inner.number(), inner.text());
  }
  return names;
}

/** The functions with their code. @param {Buffer} wasm */
export function functionsOf(wasm) {
  const sections = sectionsOf(wasm);
  const names = readNames(sections.find(({ name }) => name === 'name')?.contents ?? Buffer.alloc(0));
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(/** @type {BufferSource} */ (wasm))).filter(
    ({ kind }) => kind === 'function',
  ).length;
  const code = new Reader(sections.find(({ id }) => id === CODE)?.contents ?? Buffer.alloc(0));
  /** @type {Piece[]} */
  const functions = [];
  const count = code.number();
  for (let i = 0; i < count; i++)
    functions.push({ name: names.get(imported + i) ?? '', bytes: code.take(code.number()) });
  return functions;
}
