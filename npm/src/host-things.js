// Everything that the host has given to the guest by number: functions, objects with functions of which the guest has
// copies, and objects that it refers to. Each is kept until the guest has given back all arrivals.
import { NumberedPlaces } from './numbered-places.js';

export const FUNCTION = 0;
export const RECEIVER = 1;
export const REFERENCE = 2;

export class HostThings {
  // Number -> { thing, kind, crossings, givesPromises: so that too many pending calls are refused before they begin }.
  #places = new NumberedPlaces();
  /** @type {(Map<any, number> | undefined)[]} */
  #numbers = [undefined, undefined, undefined]; // of each kind: thing -> number; made when there are any
  hasReferences = false;

  /**
   * Its number, for one message.
   * @param {number} kind
   * @param {any} thing
   */
  numberOf(kind, thing) {
    const numbers = (this.#numbers[kind] ??= new Map());
    let number = numbers.get(thing);
    if (number === undefined) {
      number = this.#places.add({ thing, kind, crossings: 0, givesPromises: false });
      numbers.set(thing, number);
      if (kind === REFERENCE) this.hasReferences = true;
    }
    this.#places.get(number).crossings++;
    return number;
  }

  /**
   * Whether the guest has it.
   * @param {number} kind
   * @param {any} thing
   */
  has(kind, thing) {
    return this.#numbers[kind]?.has(thing) === true;
  }

  /**
   * Undefined: the guest was given nothing with that number.
   * @param {number} kind
   * @param {number} number
   */
  find(kind, number) {
    const entry = this.#places.get(number);
    return entry !== undefined && entry.kind === kind ? entry.thing : undefined;
  }

  /**
   * The record of a host function.
   * @param {number} number
   */
  findFunction(number) {
    const entry = this.#places.get(number);
    return entry !== undefined && entry.kind === FUNCTION ? entry : undefined;
  }

  /**
   * The object that the guest's function was called on.
   * @param {number} number
   */
  findReceiver(number) {
    return this.find(RECEIVER, number) ?? this.find(REFERENCE, number);
  }

  /** The guest is gone. */
  clear() {
    this.#places.clear();
    this.#numbers.fill(undefined);
  }

  /**
   * The guest no longer has it, or a message did not arrive. Sendings that are still on their way keep it.
   * @param {number} number
   * @param {number} crossings
   */
  release(number, crossings) {
    const entry = this.#places.get(number);
    if (entry === undefined) return;
    entry.crossings -= crossings;
    if (entry.crossings > 0) return;
    const numbers = /** @type {Map<any, number>} */ (this.#numbers[entry.kind]);
    numbers.delete(entry.thing);
    this.#places.remove(number);
    if (entry.kind === REFERENCE) this.hasReferences = numbers.size > 0;
  }
}
