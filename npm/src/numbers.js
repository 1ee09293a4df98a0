// Numbers of 32 bits that cross to the engine. They are given out in sequence, so that a number that was given back is
// used again as late as possible; numbers that are in use are skipped.
const LAST = 0xffffffff;

export class Numbers {
  #latest;
  #isTaken;

  /**
   * @param {(number: number) => boolean} isTaken
   * @param {number} latest
   */
  constructor(isTaken, latest = 0) {
    this.#isTaken = isTaken;
    this.#latest = latest;
  }

  next() {
    do this.#latest = this.#latest >= LAST ? 1 : this.#latest + 1;
    while (this.#isTaken(this.#latest));
    return this.#latest;
  }
}
