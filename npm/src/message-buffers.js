// The bytes of ArrayBuffers that a message carries, and the table of them at its end (engine/host/boundary/message.h).
// A buffer that crosses itself is sent entirely, other buffers only where views cover them; the other bytes are
// private.
import { BUFFER_IS_BLOCK, BUFFER_IS_RESIZABLE, VIEW_TRACKS_LENGTH } from './protocol.js';

/**
 * @typedef {{ start: number, end: number, alignment: number, number: number, block: number }} Range block: its bytes'
 * address, 0: they are in chunks
 */
/**
 * @typedef {{ buffer: ArrayBuffer, ranges: Range[], isWhole: boolean, maximum: number | undefined, empty: number }} Use
 */
/** @typedef {{ size: number, maxByteLength: number | undefined, buffer: ArrayBuffer | undefined }} BufferEntry */

/**
 * The first range that ends after `position`.
 * @param {Range[]} ranges
 * @param {number} position
 */
function findRange(ranges, position) {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle].end > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {Range} range */
const alignedStart = ({ start, alignment }) => start - (start % alignment);

/** Collects the buffers that a writer meets; bytes are copied at once, before any host code can change them. */
export class BufferWriter {
  #writer;
  /** @type {Map<ArrayBuffer, Use>} */
  #uses = new Map(); // buffer -> { buffer, ranges, isWhole, maximum, empty }
  /** @type {{ use: Use, start: number, end: number }[]} */
  #items = []; // { use, start, end }
  /** @type {{ use: Use, start: number, size: number, position: number, block: number }[]} */
  #chunks = []; // at a position of the message or in a block

  /** @param {import('./message-writer.js').MessageWriter} writer */
  constructor(writer) {
    this.#writer = writer;
  }

  /**
   * Adds the bytes from `start` to `end` as the next item. `maximum`: the maxByteLength of a resizable buffer that
   * crosses itself.
   * @param {ArrayBuffer} buffer
   * @param {number} start
   * @param {number} end
   * @param {{ alignment?: number, isWhole?: boolean, maximum?: number }} way
   */
  add(buffer, start, end, { alignment = 1, isWhole = false, maximum } = {}) {
    let use = this.#uses.get(buffer);
    if (use === undefined)
      this.#uses.set(buffer, (use = { buffer, ranges: [], isWhole: false, maximum: undefined, empty: -1 }));
    if (isWhole) Object.assign(use, { isWhole, maximum });
    this.#items.push({ use, start, end });
    if (start === end) return this.#writer.varint(0);
    this.#cover(use, { start, end, alignment, number: -1, block: 0 });
  }

  /**
   * @param {Use} use
   * @param {Range} range
   */
  #cover(use, range) {
    const { ranges } = use;
    const first = findRange(ranges, range.start);
    /** @type {number[]} */
    const gaps = [];
    const { end } = range;
    let at = range.start;
    let last = first;
    for (; last < ranges.length && ranges[last].start < end; last++) {
      const known = ranges[last];
      if (known.start > at) gaps.push(at, known.start);
      at = known.end;
      range.start = Math.min(range.start, known.start);
      range.end = Math.max(range.end, known.end);
      range.alignment = Math.max(range.alignment, known.alignment);
    }
    if (at < end) gaps.push(at, end);
    ranges.splice(first, last - first, range);
    let inline = 0;
    for (let i = 0; i < gaps.length; i += 2) inline += this.#addChunk(use, gaps[i], gaps[i + 1]);
    if (first === last) range.block = this.#chunks[this.#chunks.length - 1].block;
    this.#writer.varint(inline);
    for (let i = this.#chunks.length - gaps.length / 2; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i];
      if (chunk.block !== 0) continue;
      chunk.position = this.#writer.size;
      this.#writer.raw(new Uint8Array(use.buffer, chunk.start, chunk.size));
    }
  }

  /**
   * Returns how many bytes have to go into the message.
   * @param {Use} use
   * @param {number} start
   * @param {number} end
   */
  #addChunk(use, start, end) {
    const size = end - start;
    const block = this.#writer.block(new Uint8Array(use.buffer, start, size));
    this.#chunks.push({ use, start, size, position: 0, block });
    return block === 0 ? size : 0;
  }

  /**
   * The range that contains an item; undefined: the item is empty and gets a buffer without bytes.
   * @param {{ use: Use, start: number, end: number }} item
   */
  #rangeOf({ use, start, end }) {
    if (start === end && !use.isWhole) return undefined;
    const index = findRange(use.ranges, start);
    if (index < use.ranges.length && use.ranges[index].start <= start) return use.ranges[index];
    return index > 0 && use.ranges[index - 1].end === start ? use.ranges[index - 1] : undefined;
  }

  /** Appends the table. */
  finish() {
    const writer = this.#writer;
    const start = writer.size;
    for (const item of this.#items) if (this.#rangeOf(item) === undefined) item.use.empty = 0;
    /** @type {[size: number, maximum: number | undefined, block: number][]} */
    const buffers = [];
    for (const use of this.#uses.values()) {
      for (const range of use.ranges) {
        range.number = buffers.length;
        const maximum = range.start === 0 ? use.maximum : undefined;
        if (maximum !== undefined || alignedStart(range) !== range.start) range.block = 0; // it is not a whole buffer
        buffers.push([range.end - alignedStart(range), maximum, range.block]);
      }
      if (use.empty === 0) use.empty = buffers.push([0, use.maximum, 0]) - 1;
    }
    writer.varint(buffers.length);
    for (const [size, maximum, block] of buffers) {
      writer.byte(block !== 0 ? BUFFER_IS_BLOCK : maximum === undefined ? 0 : BUFFER_IS_RESIZABLE);
      writer.varint(size);
      if (maximum !== undefined) writer.double(maximum);
      if (block !== 0) writer.varint(block);
    }
    const chunks = this.#chunks.filter(({ use, start: from }) => use.ranges[findRange(use.ranges, from)].block === 0);
    writer.varint(chunks.length);
    for (const { use, start: from, size, position, block } of chunks) {
      const range = use.ranges[findRange(use.ranges, from)];
      for (const number of [range.number, from - alignedStart(range), size, position]) writer.varint(number);
      if (block !== 0) writer.varint(block);
    }
    writer.varint(this.#items.length);
    for (const item of this.#items) {
      const range = this.#rangeOf(item);
      writer.varint(range === undefined ? item.use.empty : range.number);
      writer.varint(range === undefined ? 0 : item.start - alignedStart(range));
      writer.varint(item.end - item.start);
      writer.byte(0);
    }
    for (let shift = 0; shift < 32; shift += 8) writer.byte((start >>> shift) & 0xff);
  }
}

/**
 * Created when its first bytes come, unless all bytes come at once.
 * @param {BufferEntry} entry
 */
function bufferOf(entry) {
  const { size, maxByteLength } = entry;
  return (entry.buffer ??=
    maxByteLength === undefined ? new ArrayBuffer(size) : new ArrayBuffer(size, { maxByteLength }));
}

/**
 * Reads the table with a reader that stands at its beginning: [items], each { buffer, offset, size, tracksLength }.
 * @param {import('./message-reader.js').MessageReader} reader
 * @param {(problem: string) => Error} malformed
 */
export function readBuffers(reader, malformed) {
  const total = reader.bytes.length;
  /** @type {BufferEntry[]} */
  const buffers = [];
  let left = total;
  for (let count = reader.count(); count > 0; count--) {
    const flags = reader.byte();
    const size = reader.varint();
    if (flags > BUFFER_IS_RESIZABLE || size > left + 7) throw malformed('a buffer is larger than the message');
    left = Math.max(0, left - size);
    reader.spend(size + 100);
    const maxByteLength = flags === 0 ? undefined : reader.double();
    if (maxByteLength !== undefined && !(maxByteLength >= size && maxByteLength <= 0x7fffffff))
      throw malformed('a buffer has no maximum');
    buffers.push({ size, maxByteLength, buffer: undefined });
  }
  left = total;
  for (let count = reader.count(); count > 0; count--) {
    const entry = buffers[reader.varint()];
    const offset = reader.varint();
    const size = reader.varint();
    const position = reader.varint();
    if (entry === undefined || offset + size > entry.size || position + size > total || size > left)
      throw malformed('bytes are not within their buffer');
    left -= size;
    if (entry.buffer === undefined && size === entry.size && entry.maxByteLength === undefined)
      entry.buffer = reader.bytes.slice(position, position + size).buffer;
    else new Uint8Array(bufferOf(entry), offset, size).set(reader.bytes.subarray(position, position + size));
  }
  const items = [];
  for (let count = reader.count(); count > 0; count--) {
    const entry = buffers[reader.varint()];
    const offset = reader.varint();
    const size = reader.varint();
    const flags = reader.byte();
    if (entry === undefined || offset + size > entry.size || flags > VIEW_TRACKS_LENGTH)
      throw malformed('a view is not within its buffer');
    const buffer = bufferOf(entry);
    items.push({ buffer, offset, size, tracksLength: flags !== 0 && buffer.resizable === true });
  }
  return items;
}
