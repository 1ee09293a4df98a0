// The heights of consecutively numbered rows: estimated until a row was seen. Sums and searches go by blocks.

const BLOCK = 512;

export class RowHeights {
  /** @type {{ heights: Float64Array, sum: number }[]} */
  #blocks = [];
  #firstBlock = 0; // the number of rows before the blocks, in blocks
  start = 0;
  end = 0;
  total = 0;

  /** @param {number} start */
  clear(start) {
    this.#blocks = [];
    this.#firstBlock = Math.floor(start / BLOCK);
    this.start = this.end = start;
    this.total = 0;
  }

  /** @param {number} height */
  add(height) {
    const place = Math.floor(this.end / BLOCK) - this.#firstBlock;
    this.#blocks[place] ??= { heights: new Float64Array(BLOCK), sum: 0 };
    this.#put(this.end++, height);
  }

  /** @param {number} number */
  get(number) {
    return this.#block(number).heights[number % BLOCK];
  }

  /** @param {number} number @param {number} height */
  set(number, height) {
    this.#put(number, height);
  }

  /** Rows before `start` were dropped. @param {number} start */
  dropBefore(start) {
    const gone = Math.floor(start / BLOCK) - this.#firstBlock;
    for (const { sum } of this.#blocks.splice(0, gone)) this.total -= sum;
    this.#firstBlock += gone;
    for (let number = Math.max(this.start, this.#firstBlock * BLOCK); number < start; number++) this.#put(number, 0);
    this.start = start;
  }

  /** The height of all rows before one. @param {number} number */
  before(number) {
    const place = Math.floor(number / BLOCK) - this.#firstBlock;
    let sum = 0;
    for (let i = 0; i < place; i++) sum += this.#blocks[i].sum;
    for (let row = Math.max(this.start, (place + this.#firstBlock) * BLOCK); row < number; row++) sum += this.get(row);
    return sum;
  }

  /** The row at an offset from the first row; the last row for larger offsets. @param {number} offset */
  at(offset) {
    let left = offset;
    let place = 0;
    for (; place < this.#blocks.length - 1 && left >= this.#blocks[place].sum; place++) left -= this.#blocks[place].sum;
    let number = Math.max(this.start, (this.#firstBlock + place) * BLOCK);
    for (; number < this.end - 1 && left >= this.get(number); number++) left -= this.get(number);
    return number;
  }

  /** @param {number} number */
  #block(number) {
    return this.#blocks[Math.floor(number / BLOCK) - this.#firstBlock];
  }

  /** @param {number} number @param {number} height */
  #put(number, height) {
    const block = this.#block(number);
    const change = height - block.heights[number % BLOCK];
    block.heights[number % BLOCK] = height;
    block.sum += change;
    this.total += change;
  }
}
