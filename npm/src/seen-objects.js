// The objects that a message contains so far, and their numbers: Map's cheap kin for messages, most of which are small.
const FEW = 8;            // objects that are found faster by looking at each
// OPTIMIZATION: V8 moves a Map of more entries to where growing it costs several times as much as putting something in.
const MAP_SIZE = 4096;
const MAPS = 4;           // the last one has no end

export class SeenObjects {
  /** @type {any[]} */
  #few = new Array(FEW).fill(undefined);
  #fewNumbers = new Array(FEW).fill(0);
  #fewCount = 0;
  /** @type {Map<any, number>[]} */
  #maps = [];

  /**
   * Undefined: it has not been seen.
   * @param {any} object
   * @returns {number | undefined}
   */
  get(object) {
    const few = this.#few;
    for (let i = 0; i < this.#fewCount; i++) if (few[i] === object) return this.#fewNumbers[i];
    const maps = this.#maps;
    for (let i = maps.length - 1; i >= 0; i--) {
      const number = maps[i].get(object);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  /**
   * One that has not been seen.
   * @param {any} object
   * @param {number} number
   */
  add(object, number) {
    if (this.#fewCount < FEW) {
      this.#few[this.#fewCount] = object;
      this.#fewNumbers[this.#fewCount++] = number;
      return;
    }
    const maps = this.#maps;
    const last = maps.length - 1;
    if (last < 0 || (maps[last].size >= MAP_SIZE && last < MAPS - 1)) maps.push(new Map([[object, number]]));
    else maps[last].set(object, number);
  }

  clear() {
    if (this.#fewCount === 0) return;
    for (let i = 0; i < this.#fewCount; i++) this.#few[i] = undefined;
    this.#fewCount = 0;
    if (this.#maps.length > 0) this.#maps = [];
  }
}
