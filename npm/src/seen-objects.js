// The objects that a message contains so far, and their numbers: cheaper than a Map for messages, most of which are
// small.
const FEW = 8; // objects that are found faster by looking at each
// OPTIMIZATION: V8 moves a larger Map to where growing it costs several times as much as adding an entry.
const MAP_SIZE = 4096;
const MAPS = 4; // the last one has no limit

export class SeenObjects {
  /** @type {any[]} */
  #few = new Array(FEW).fill(undefined);
  #fewNumbers = new Array(FEW).fill(0);
  #fewCount = 0;
  /** @type {Map<any, number> | undefined} */
  #latest; // when there are more than a few: the Map that grows
  /** @type {Map<any, number>[]} */
  #earlier = [];

  /**
   * Undefined: it has not been seen.
   * @param {any} object
   * @returns {number | undefined}
   */
  get(object) {
    if (this.#latest !== undefined) {
      const number = this.#latest.get(object);
      return number !== undefined || this.#earlier.length === 0 ? number : this.#getEarlier(object);
    }
    const few = this.#few;
    for (let i = 0; i < this.#fewCount; i++) if (few[i] === object) return this.#fewNumbers[i];
    return undefined;
  }

  /**
   * @param {any} object
   * @returns {number | undefined}
   */
  #getEarlier(object) {
    const earlier = this.#earlier;
    for (let i = 0; i < earlier.length; i++) {
      const number = earlier[i].get(object);
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
    const latest = this.#latest;
    if (latest !== undefined) {
      if (latest.size < MAP_SIZE || this.#earlier.length === MAPS - 1) latest.set(object, number);
      else this.#addToNext(latest, object, number);
    } else if (this.#fewCount < FEW) {
      this.#few[this.#fewCount] = object;
      this.#fewNumbers[this.#fewCount++] = number;
    } else {
      this.#latest = new Map([[object, number]]);
      for (let i = 0; i < FEW; i++) this.#latest.set(this.#few[i], this.#fewNumbers[i]);
    }
  }

  /**
   * @param {Map<any, number>} full
   * @param {any} object
   * @param {number} number
   */
  #addToNext(full, object, number) {
    this.#earlier.push(full);
    this.#latest = new Map([[object, number]]);
  }

  clear() {
    if (this.#fewCount === 0) return;
    for (let i = 0; i < this.#fewCount; i++) this.#few[i] = undefined;
    this.#fewCount = 0;
    if (this.#latest === undefined) return;
    this.#latest = undefined;
    this.#earlier = [];
  }
}
