// Numbers of 32 bits that cross to the engine. They are given out in turn, so that one that was given back is the last
// to be met again, and one that is in use is passed over.
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
