// Shapes: lists of keys that many objects have. A guest is told the keys of the host's objects once, and is asked once
// for those of its own (engine/host/boundary/message_shapes.h). After that, such an object is sent as the shape's
// number and its values.
import { MESSAGE_DEPTH, SHAPE_COUNT, SHAPE_KEYS, SHAPE_KEY_LENGTH } from './protocol.js';
import { latin1Text } from './texts.js';

const PLACES = 512; // of a table of lists of keys, a power of two
const NEIGHBOURS = 4; // places that are searched for a list
const MOST_KEYS = 2048; // of all shapes together, since the guest keeps them
const NOT_DESCRIBED = -1; // seen once
const NOT_TAKEN = -2;

/** @typedef {{ keys: string[], number: number }} KnownShape */
/**
 * For a shape of the guest. Assigning a new property could reach a setter that the host's Object.prototype has by now.
 * So the first such object of a message is a copy of the `template`, which has the properties. Before the others,
 * Object.prototype is checked once; `isSafe` says whether it has none of the keys.
 * @typedef {{ keys: string[], template: Record<string, any>, message: number, isFirst: boolean, isSafe: boolean }}
 *   ReceivedShape
 */

export class MessageShapes {
  #describe;
  /** @type {(KnownShape | undefined)[] | undefined} */
  #places;
  /** @type {(KnownShape | undefined)[]} */
  #latest = []; // by depth: the shape of the latest object there; MESSAGE_DEPTH of them when there are any
  #count = 0;
  #keyCount = 0;
  #ask;
  /** @type {ReceivedShape[]} */
  #received = [];

  /**
   * @param {(description: Uint8Array) => number} describe tells the guest; returns the number, below 0: not accepted
   * @param {(number: number) => { bytes: Uint8Array, start: number } | undefined} ask returns the guest's description
   */
  constructor(describe, ask) {
    this.#describe = describe;
    this.#ask = ask;
  }

  /**
   * The shape of the latest object at this depth of a message, if this one has the same keys. OPTIMIZATION: within
   * for...in V8 need not list the keys.
   * @param {any} object
   * @param {number} depth
   */
  again(object, depth) {
    const latest = this.#latest[depth];
    if (latest === undefined) return undefined;
    const { keys } = latest;
    let count = 0;
    for (const key in object) if (key !== keys[count++]) return undefined;
    return count === keys.length ? latest : undefined;
  }

  /**
   * The shape with these keys (at least one); undefined: the guest knows none.
   * @param {string[]} keys
   * @param {number} depth
   */
  find(keys, depth) {
    const { length } = keys;
    if (length > SHAPE_KEYS) return undefined;
    const places = (this.#places ??= this.#begin());
    const first = keys[0];
    const last = keys[length - 1];
    const hash =
      length + 3 * first.charCodeAt(0) + 31 * first.length + 7 * last.charCodeAt(last.length - 1) + 61 * last.length;
    let free = -1;
    for (let i = 0; i < NEIGHBOURS; i++) {
      const place = (hash + i) & (PLACES - 1);
      const shape = places[place];
      if (shape === undefined) {
        if (free < 0) free = place;
        break;
      }
      if (shape.keys.length === length && areSame(shape.keys, keys)) {
        if (shape.number === NOT_DESCRIBED) this.#add(shape);
        if (shape.number < 0) return undefined;
        this.#latest[depth] = shape;
        return shape;
      }
      if (free < 0 && shape.number < 0) free = place;
    }
    if (free >= 0) places[free] = { keys, number: NOT_DESCRIBED };
    return undefined;
  }

  #begin() {
    this.#latest = new Array(MESSAGE_DEPTH).fill(undefined);
    return new Array(PLACES).fill(undefined);
  }

  /**
   * The shape of objects that the guest sends; undefined: the guest has none with that number.
   * @param {number} number
   * @param {number} message number of the message being read
   */
  received(number, message) {
    const shape = this.#received[number] ?? this.#receive(number);
    if (shape === undefined) return undefined;
    if (shape.message !== message) {
      shape.message = message;
      shape.isFirst = true;
    } else if (shape.isFirst) {
      shape.isFirst = false;
      shape.isSafe = !shape.keys.some((key) => key in Object.prototype);
    }
    return shape;
  }

  /** @param {number} number */
  #receive(number) {
    const description = number < SHAPE_COUNT ? this.#ask(number) : undefined;
    if (description === undefined) return undefined;
    const { bytes, start } = description;
    /** @type {string[]} */
    const keys = [];
    let next = start + 1;
    for (let i = Math.min(bytes[start], SHAPE_KEYS); i > 0; i--) {
      const end = next + 1 + bytes[next];
      if (!(end <= bytes.length)) return undefined;
      keys.push(latin1Text(bytes, next + 1, end));
      next = end;
    }
    return (this.#received[number] = { keys, template: templateOf(keys), message: 0, isFirst: true, isSafe: false });
  }

  /** @param {KnownShape} shape */
  #add(shape) {
    const { keys } = shape;
    shape.number = NOT_TAKEN;
    if (this.#count === SHAPE_COUNT || this.#keyCount + keys.length > MOST_KEYS) return;
    const description = [];
    for (const key of keys) {
      // A key that Object.prototype has too is checked each time; indices are not names.
      if (key.length > SHAPE_KEY_LENGTH || key in Object.prototype || isNumeric(key)) return;
      description.push(key.length);
      for (let i = 0; i < key.length; i++) {
        const unit = key.charCodeAt(i);
        if (unit > 0xff) return;
        description.push(unit);
      }
    }
    const number = this.#describe(Uint8Array.from(description));
    if (number < 0) return;
    this.#count++;
    this.#keyCount += keys.length;
    shape.number = number;
  }
}

/** @param {string[]} keys */
export function templateOf(keys) {
  const template = {};
  for (const key of keys)
    Object.defineProperty(template, key, { value: undefined, writable: true, enumerable: true, configurable: true });
  return template;
}

/** @param {string} key */
function isNumeric(key) {
  return String(Number(key)) === key;
}

/**
 * Lists of one length.
 * @param {string[]} one
 * @param {string[]} other
 */
function areSame(one, other) {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
