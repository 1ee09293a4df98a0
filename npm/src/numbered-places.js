// Things that the other side knows by number. A number is a place and how often that place was used before, so that an
// old or an invented number finds nothing. A place whose uses are exhausted stays empty, and no number is used twice.
import { HANDLE_INDEX_BITS } from './protocol.js';

const MOST_PLACES = 2 ** HANDLE_INDEX_BITS;
const LAST_GENERATION = 2 ** (32 - HANDLE_INDEX_BITS) - 1;

/** @template T */
export class NumberedPlaces {
  /** @type {{ thing: T | undefined, generation: number }[]} */
  #places = []; // { thing, generation }; thing undefined: free
  /** @type {number[]} */
  #free = [];

  /**
   * Its number.
   * @param {T} thing
   */
  add(thing) {
    let place = this.#free.pop();
    if (place === undefined) {
      if (this.#places.length === MOST_PLACES)
        throw new RangeError(`the guest holds too many functions of the host: at most ${MOST_PLACES}`);
      place = this.#places.push({ thing: undefined, generation: 0 }) - 1;
    }
    const entry = this.#places[place];
    entry.thing = thing;
    return entry.generation * MOST_PLACES + place;
  }

  /**
   * Undefined: nothing has that number.
   * @param {number} number
   */
  get(number) {
    const entry = this.#places[number & (MOST_PLACES - 1)];
    return entry !== undefined && entry.generation === number >>> HANDLE_INDEX_BITS ? entry.thing : undefined;
  }

  /** The other side is gone. */
  clear() {
    this.#places.length = this.#free.length = 0;
  }

  /** @param {number} number */
  remove(number) {
    const place = number & (MOST_PLACES - 1);
    const entry = this.#places[place];
    entry.thing = undefined;
    if (entry.generation++ < LAST_GENERATION) this.#free.push(place);
  }
}
