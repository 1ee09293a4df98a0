// Errors that crossed: one that returns to its side is the original again. The last thousand are remembered, weakly.

const REMEMBERED = 1024;

export class CrossedErrors {
  /** @type {{ reference: WeakRef<object>, number: number }[]} */
  #sent = []; // number % REMEMBERED -> { reference, number }: errors of the host
  #numbers = new WeakMap(); // error of the host -> its number
  #received = new WeakMap(); // copy of an error of the guest -> its number there
  #latest = 0;

  /**
   * For an error that is sent. `isHome`: it is one of the guest's.
   * @param {any} error
   */
  numberOf(error) {
    const theirs = this.#received.get(error);
    if (theirs !== undefined) return { number: theirs, isHome: true };
    let number = this.#numbers.get(error);
    if (number === undefined || this.#sent[number % REMEMBERED].number !== number) {
      number = ++this.#latest;
      this.#sent[number % REMEMBERED] = { reference: new WeakRef(error), number };
      this.#numbers.set(error, number);
    }
    return { number, isHome: false };
  }

  /**
   * The host's error; undefined: it is gone.
   * @param {number} number
   */
  find(number) {
    const entry = this.#sent[number % REMEMBERED];
    return entry?.number === number ? entry.reference.deref() : undefined;
  }

  /**
   * @param {object} copy
   * @param {number} number
   */
  received(copy, number) {
    this.#received.set(copy, number);
  }
}
