// Host values as bytes. engine/host/boundary/message.h describes the format.
import {
  brandOf,
  bufferIsDetached,
  bufferIsResizable,
  bufferLength,
  bufferMaxLength,
  dataViewBuffer,
  dataViewBytes,
  dataViewOffset,
  dateTime,
  mapForEach,
  primitiveOf,
  regexpFlags,
  regexpSource,
  setForEach,
  tagOf,
  typedArrayBuffer,
  typedArrayBytes,
  typedArrayName,
  typedArrayOffset,
} from './brands.js';
import { createEncoder } from './encodings.js';
import { describe, keyText } from './errors.js';
import { Grant, HostIterator, SentHandle, Unwaited, isReference, isTransfer, iterationOf, stateful } from './grants.js';
import { BufferWriter } from './message-buffers.js';
import {
  BLOCK_BYTES,
  CrossingSymbol,
  ERROR_COMES_HOME,
  ERROR_IS_DOM_EXCEPTION,
  ERROR_IS_NUMBERED,
  MESSAGE_DEPTH,
  MESSAGE_HAS_BUFFERS,
  MESSAGE_HAS_NUMBERS,
  MESSAGE_REFERS_TO_OBJECTS,
  MESSAGE_REFERS_TO_TEXTS,
  SHARED_TEXT_LENGTH,
  Tag,
} from './protocol.js';
import { fitsRegister } from './registers.js';
import { SeenObjects } from './seen-objects.js';

// In the order of the engine's element kinds (engine/runtime/element_kinds.def).
const elementKinds = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];
const elementSizes = [1, 1, 1, 2, 2, 4, 4, 2, 4, 8, 8, 8];

const encoder = createEncoder();
const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);
const { hasOwn } = Object;
const { hasOwnProperty } = Object.prototype;
const SHORT_TEXT = 40; // below this many units a loop beats TextEncoder
const MOST_DEPTH = MESSAGE_DEPTH - 1; // the handler of a host object is one level deeper, and is never put off
const LEAST_BYTES = 4096; // of a writer's buffer
const KEPT_BYTES = 1 << 20; // and between messages
const MOST_BYTES = 2 ** 32 - 1;
const LONGEST_NAME = 1000;
const NO_CONTAINER = -1; // for example the arguments of a call, where a value that cannot cross is an error
const KNOWN_TEXTS = 16; // a power of two
const SPARSE_LENGTH = 64; // longer arrays with few items are sent by their keys
const crossingSymbols = new Map(
  Object.entries(CrossingSymbol).map(([name, number]) => [/** @type {any} */ (Symbol)[name], number]),
);
// Properties that may tell the guest where it runs.
const withheldFromErrors = new Set([
  'name',
  'message',
  'stack',
  'cause',
  'errors',
  'path',
  'dest',
  'filename',
  'fileName',
]);

/**
 * The contents of a message: a value; a list of values that nothing else refers to; or those arguments of a call that
 * fit into no register, one after the other.
 */
export const Form = { VALUE: 0, LIST: 1, ARGUMENTS: 2 };

/** @param {symbol} symbol */
export const isCrossingSymbol = (symbol) => crossingSymbols.has(symbol);

/**
 * Writes host values, one message after the other, for any sandbox. Its `bridge` (entries.js) gives numbers to
 * functions, promises, objects and errors, and handles to objects that return.
 *
 * Getters and proxies of the host may change a value while it is written: anything that has a count is copied before
 * the count is written, and items that have disappeared since are holes.
 */
export class MessageWriter {
  constructor() {
    /** @type {any} */
    this.bridge = undefined; // while a message is written
    /** @type {Uint8Array} */
    this.bytes = new Uint8Array(LEAST_BYTES);
    this.size = 0;
    this.small = this.bytes;
    /** @type {WeakRef<Uint8Array> | undefined} */
    this.large = undefined; // a large buffer that was used before: fresh memory costs more than filling it
    /** @type {DataView} */
    this.data = new DataView(this.bytes.buffer);
    /** @type {Int32Array} */
    this.words = new Int32Array(this.bytes.buffer); // the whole ones
    this.seen = new SeenObjects(); // and their numbers in the message
    /** @type {import('./message-shapes.js').MessageShapes | undefined} */
    this.shapes = undefined; // that the guest knows
    this.objectCount = 0;
    this.keys = new Map();
    this.keyCount = 0;
    this.texts = new Array(KNOWN_TEXTS).fill(undefined); // some of the texts sent last, and their numbers
    this.textNumbers = new Array(KNOWN_TEXTS).fill(0);
    this.textCount = 0;
    /** @type {any[]} */
    // Objects whose contents are put off; for each its tag, whether it is part of an error, and its length.
    this.later = [];
    /** @type {BufferWriter | undefined} */
    this.buffers = undefined;
    /** @type {number[]} */
    this.numbers = []; // of the host's functions and objects in the message
    /** @type {number[]} */
    this.promises = []; // numbers of the host's promises in the message
    /** @type {ArrayBuffer[]} */
    this.transferred = []; // buffers that the host gives away
    /** @type {number[]} */
    this.blocks = []; // addresses of bytes that are already in the guest's memory
    this.depth = 0;
    /** @type {(string | number)[]} */
    this.trail = []; // the keys that lead to the value being written
    /** @type {string | undefined} */
    this.where = undefined; // a name for the whole value
    this.isList = false;
    /** @type {number[]} */
    this.kinds = []; // kinds of the surrounding containers, by depth
    this.omits = false;
    /** @type {string[]} */
    this.omitted = []; // what was left out, and why
    this.isInError = false;
    this.wasPutOff = false;
  }

  /**
   * Starts a new message; the bytes of the one before are overwritten.
   * @param {any} bridge
   */
  begin(bridge) {
    this.bridge = bridge;
    this.shapes = bridge.shapes;
    this.size = 1;
    this.bytes[0] = 0;
    this.objectCount = 0;
    this.keyCount = 0;
    this.textCount = 0;
    this.depth = 0;
    this.isInError = false;
    this.wasPutOff = false;
    if (this.numbers.length > 0) this.numbers = [];
    if (this.promises.length > 0) this.promises = [];
    if (this.blocks.length > 0) this.blocks = [];
    if (this.omitted.length > 0) this.omitted = [];
    this.omits = bridge.omits;
    if (this.transferred.length > 0) this.transferred = [];
  }

  /**
   * Writes the message. `where`: what to call it in errors.
   * @param {any} value
   * @param {string} [where]
   * @param {number} [form]
   */
  write(value, where, form = Form.VALUE) {
    this.where = where;
    this.isList = form !== Form.VALUE;
    if (form === Form.ARGUMENTS) this.#arguments(value);
    else if (form === Form.LIST) this.#list(value);
    else this.#value(value);
    if (this.later.length > 0) this.#later();
    if (this.buffers !== undefined) {
      this.buffers.finish();
      this.bytes[0] |= MESSAGE_HAS_BUFFERS;
    }
    if (this.numbers.length > 0) this.#writeNumbers();
  }

  // Everything that counts as arrived: the guest gives back what it does not read.
  #writeNumbers() {
    const { numbers } = this;
    this.reserve(4 * (numbers.length + 1));
    for (let i = 0; i < numbers.length; i++) this.#uint32(numbers[i]);
    this.#uint32(numbers.length);
    this.bytes[0] |= MESSAGE_HAS_NUMBERS;
  }

  /** @param {number} number */
  #uint32(number) {
    this.data.setUint32(this.size, number, true);
    this.size += 4;
  }

  /** Whether there is work to do after the message has been sent. */
  get hasConsequences() {
    return this.blocks.length > 0 || this.transferred.length > 0 || this.omitted.length > 0;
  }

  /** Releases the values, and memory beyond a limit. */
  end() {
    this.bridge = this.shapes = undefined;
    this.where = undefined;
    // Clearing an empty Map allocates as well.
    this.seen.clear();
    if (this.keys.size > 0) this.keys.clear();
    if (this.textCount > 0) this.texts.fill(undefined);
    if (this.later.length > 0) this.later = [];
    this.buffers = undefined;
    if (this.bytes.length > KEPT_BYTES) {
      if (this.large?.deref() !== this.bytes) this.large = new WeakRef(this.bytes);
      this.#use(this.small);
    }
  }

  // Bytes -------------------------------------------------------------------------------------------------------------

  /** @param {number} extra */
  reserve(extra) {
    if (this.size + extra <= this.bytes.length) return;
    if (this.size + extra > MOST_BYTES) throw tooLarge();
    // When something does not fit, mostly little is still to come.
    const size = Math.min(Math.max(this.bytes.length * 2, this.size + extra + (extra >> 3) + LEAST_BYTES), MOST_BYTES);
    const grown = this.#largeOf(size) ?? new Uint8Array(size);
    grown.set(this.bytes.subarray(0, this.size));
    this.#use(grown);
  }

  /** @param {number} size */
  #largeOf(size) {
    if (size <= KEPT_BYTES) return undefined;
    const large = this.large?.deref();
    return large !== undefined && large.length >= size && large !== this.bytes ? large : undefined;
  }

  /** @param {Uint8Array} bytes */
  #use(bytes) {
    this.bytes = bytes;
    this.data = new DataView(bytes.buffer);
    this.words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
  }

  /** @param {any} value */
  byte(value) {
    if (this.size === this.bytes.length) this.reserve(1);
    this.bytes[this.size++] = value;
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
  }

  /**
   * Writes bytes that are too many to be copied twice; returns their address, or 0: they must go into the message.
   * @param {Uint8Array} bytes
   */
  block(bytes) {
    if (bytes.length < BLOCK_BYTES || this.bridge.block === undefined) return 0;
    if (bytes.length > MOST_BYTES) throw tooLarge();
    const address = this.bridge.block(bytes);
    this.blocks.push(address);
    return address;
  }

  /** @param {any} value */
  varint(value) {
    this.reserve(5);
    while (value >= 0x80) {
      this.bytes[this.size++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.size++] = value;
  }

  /** @param {any} value */
  double(value) {
    this.reserve(8);
    this.data.setFloat64(this.size, value, true);
    this.size += 8;
  }

  // Texts -------------------------------------------------------------------------------------------------------------

  /** @param {string} text */
  text(text) {
    const { length } = text;
    if (length >= SHARED_TEXT_LENGTH) this.textCount++;
    if (length >= SHORT_TEXT) return this.#longText(text);
    if (this.size + length + 2 > this.bytes.length) this.reserve(length + 2);
    const { bytes, size } = this;
    bytes[size] = Tag.LATIN1;
    bytes[size + 1] = length;
    let units = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      units |= unit;
      bytes[size + 2 + i] = unit;
    }
    if (units > 0xff) this.#wideText(text);
    else this.size = size + 2 + length;
  }

  /** @param {string} text */
  #longText(text) {
    const { length } = text;
    this.reserve(length + 6);
    const start = this.size;
    this.bytes[this.size++] = Tag.LATIN1;
    this.varint(length);
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(this.size, this.size + length));
    if (read === length && written === length) {
      this.size += length;
      return;
    }
    // Not entirely ASCII: Latin-1 as far as possible.
    const { bytes, size } = this;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0xff) {
        this.size = start;
        return this.#wideText(text);
      }
      bytes[size + i] = unit;
    }
    this.size += length;
  }

  /** @param {string} text */
  #wideText(text) {
    this.byte(Tag.UTF16);
    this.varint(text.length);
    this.reserve(text.length * 2);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      this.bytes[this.size++] = unit & 0xff;
      this.bytes[this.size++] = unit >> 8;
    }
  }

  /** @param {string} text */
  #string(text) {
    if (text.length < SHARED_TEXT_LENGTH) this.text(text);
    else this.#sharedText(text);
  }

  /**
   * Texts that occur repeatedly are sent once.
   * @param {string} text
   */
  #sharedText(text) {
    const place = (text.length ^ text.charCodeAt(text.length - 1)) & (KNOWN_TEXTS - 1);
    if (this.texts[place] === text) {
      this.bytes[0] |= MESSAGE_REFERS_TO_TEXTS;
      this.byte(Tag.TEXT_REFERENCE);
      return this.varint(this.textNumbers[place]);
    }
    this.texts[place] = text;
    this.textNumbers[place] = this.textCount;
    this.text(text);
  }

  /** @param {any} key */
  #key(key) {
    const known = this.keys.get(key);
    if (known !== undefined) return this.varint(known + 1);
    this.byte(0);
    this.keys.set(key, this.keyCount++);
    if (typeof key === 'symbol') this.#symbol(key);
    else this.text(key);
  }

  /** @param {symbol} symbol */
  #symbol(symbol) {
    this.byte(Tag.SYMBOL);
    this.byte(crossingSymbols.get(symbol));
  }

  /** @param {any} value */
  #bigint(value) {
    this.byte(Tag.BIGINT);
    this.byte(value < 0n ? 1 : 0);
    const magnitude = value < 0n ? -value : value;
    if (magnitude === BigInt.asUintN(64, magnitude)) {
      scratch.setBigUint64(0, magnitude, true);
      const count = scratch.getUint32(4, true) !== 0 ? 2 : magnitude === 0n ? 0 : 1;
      this.varint(count);
      for (let i = 0; i < count * 4; i++) this.byte(scratchBytes[i]);
      return;
    }
    // Only hexadecimal is converted in linear time.
    const hex = magnitude.toString(16);
    const count = Math.ceil(hex.length / 8);
    this.varint(count);
    this.reserve(count * 4);
    for (let end = hex.length; end > 0; end -= 8) {
      const digit = parseInt(hex.slice(Math.max(0, end - 8), end), 16);
      for (let shift = 0; shift < 32; shift += 8) this.bytes[this.size++] = (digit >>> shift) & 0xff;
    }
  }

  // Values ------------------------------------------------------------------------------------------------------------

  /** @param {any[]} values */
  #list(values) {
    this.byte(Tag.ARRAY);
    this.varint(values.length);
    this.objectCount++;
    this.depth = 1;
    this.kinds[1] = NO_CONTAINER;
    for (let i = 0; i < values.length; i++) {
      this.trail[0] = i;
      this.#value(values[i]);
    }
    this.varint(0);
    this.depth = 0;
  }

  /** @param {any[]} values */
  #arguments(values) {
    this.depth = 1;
    this.kinds[1] = NO_CONTAINER;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (fitsRegister(value)) continue;
      this.trail[0] = i + 1; // the receiver, which is missing, comes first
      this.#value(value);
    }
    this.depth = 0;
  }

  /** @param {any} value */
  #value(value) {
    switch (typeof value) {
      case 'number':
        return this.#number(value);
      case 'string':
        return this.#string(value);
      case 'boolean':
        return this.byte(value ? Tag.TRUE : Tag.FALSE);
      case 'undefined':
        return this.byte(Tag.UNDEFINED);
      case 'bigint':
        return this.#bigint(value);
      case 'object':
        return value === null ? this.byte(Tag.NULL) : this.#object(value);
      case 'function':
        return this.#object(value);
      default:
        return crossingSymbols.has(value) ? this.#symbol(value) : this.#refuse(value);
    }
  }

  /** @param {number} value */
  #number(value) {
    if (this.size + 9 > this.bytes.length) this.reserve(9);
    const { bytes, size } = this;
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
      bytes[size] = Tag.DOUBLE;
      this.data.setFloat64(size + 1, value, true);
      this.size = size + 9;
      return;
    }
    bytes[size] = Tag.INT;
    const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
    this.size = size + 1;
    if (zigzag >= 0x80) return this.varint(zigzag);
    bytes[size + 1] = zigzag;
    this.size = size + 2;
  }

  /**
   * Within the properties of an error a value that cannot cross is left out, and everywhere if the host wants it so.
   * @param {any} value
   * @param {string} [reason]
   */
  #refuse(value, reason = 'only data, functions and promises can') {
    if (this.isInError) return this.byte(Tag.UNDEFINED);
    const message = `${this.#path()}${describe(value)} cannot be passed to the guest: ${reason}`;
    const kind = this.depth === 0 ? NO_CONTAINER : this.kinds[this.depth];
    if (!this.omits || kind === NO_CONTAINER) throw new TypeError(message);
    this.omitted.push(message);
    this.byte(kind === Tag.MAP || kind === Tag.SET ? Tag.UNDEFINED : Tag.HOLE);
  }

  #path() {
    let path = this.where === undefined ? '' : String(this.where);
    let first = 0;
    if (this.wasPutOff) {
      path = '..'; // and one more point
    } else if (this.isList) {
      // Calls send the receiver and the arguments.
      if (this.where === undefined && this.depth > 0)
        path = this.trail[0] === 0 ? 'this' : `arguments[${Number(this.trail[0]) - 1}]`;
      first = 1;
    }
    for (let i = first; i < this.depth; i++) {
      const key = this.trail[i];
      path += typeof key === 'number' ? `[${key}]` : path === '' ? keyText(key) : `.${keyText(key)}`;
    }
    return path === '' ? '' : `${path}: `;
  }

  /** @param {any} value */
  #object(value) {
    const known = this.seen.get(value);
    if (known !== undefined) return this.#reference(known);
    if (typeof value === 'function') {
      this.seen.add(value, this.objectCount++);
      return this.#function(value);
    }
    if (Array.isArray(value)) return this.#array(value);
    const prototype = Object.getPrototypeOf(value);
    if (
      (prototype === Object.prototype || prototype === null) &&
      !(this.bridge.hasReferences && this.bridge.isReferenced(value))
    ) {
      const { depth, shapes } = this;
      const mayBeShaped =
        depth < MOST_DEPTH &&
        shapes !== undefined &&
        !hasOwnProperty.call(value, Symbol.iterator) &&
        !hasOwnProperty.call(value, Symbol.asyncIterator);
      const again = mayBeShaped ? shapes.again(value, depth) : undefined;
      if (again !== undefined) return this.#shaped(value, again);
      const keys = Object.keys(value);
      // An object without properties may be another kind of object that was given this prototype.
      if (keys.length > 0) {
        const shape = mayBeShaped ? shapes.find(keys, depth) : undefined;
        return shape === undefined ? this.#container(value, Tag.OBJECT, keys) : this.#shaped(value, shape);
      }
    }
    this.#branded(value, prototype);
  }

  /** @param {number} known the number of an object */
  #reference(known) {
    this.bytes[0] |= MESSAGE_REFERS_TO_OBJECTS;
    this.byte(Tag.REFERENCE);
    this.varint(known);
  }

  /**
   * @param {any} value
   * @param {object | null} prototype
   */
  #branded(value, prototype) {
    const handle = this.bridge.handleOf(value);
    if (handle !== undefined) return this.#guestObject(value, handle);
    if (value instanceof Grant) return this.#grant(value);
    if (this.bridge.isReferenced(value)) return this.#hostObject(value, value);
    const brand = brandOf(value, prototype);
    switch (brand) {
      case 'map':
        return this.#container(value, Tag.MAP);
      case 'set':
        return this.#container(value, Tag.SET);
      case 'error':
        return this.#container(value, Tag.ERROR);
      case 'weak':
        return this.#refuse(value);
      case 'shared':
        return this.#refuse(
          value,
          'its memory cannot be shared with the guest; pass a copy, for example new Uint8Array(buffer).slice().buffer',
        );
      case 'view':
        return this.#view(value);
      case 'buffer':
        return this.#buffer(value);
      case 'object':
        return this.#instance(value, prototype);
      default:
    }
    if (brand === 'boxed' && primitiveOf(value) === undefined) return this.#refuse(value);
    this.seen.add(value, this.objectCount++);
    switch (brand) {
      case 'date':
        this.byte(Tag.DATE);
        return this.double(dateTime(value));
      case 'regexp':
        this.byte(Tag.REGEXP);
        this.text(regexpSource(value));
        return this.text(regexpFlags(value));
      case 'boxed':
        this.byte(Tag.BOXED);
        return this.#value(primitiveOf(value));
      default:
        return this.#promise(value);
    }
  }

  /**
   * @param {any} value
   * @param {object | null} prototype
   */
  #instance(value, prototype) {
    const isPlain = prototype === Object.prototype || prototype === null;
    if (!isPlain && value instanceof Error) return this.#container(value, Tag.ERROR);
    if (!isPlain && typeof value.then === 'function') {
      this.seen.add(value, this.objectCount++);
      return this.#promise(value);
    }
    // An instance of some class: its own data, as structured clone does. One without own data but with methods hides
    // its state.
    const keys = Object.keys(value);
    if (keys.length === 0 && !isPlain) {
      const substitute = stateful(value);
      if (substitute !== undefined) return this.#substitute(value, substitute);
      if (keepsState(value, prototype) && !(isIterable(value) && tagOf(value) === '[object Object]'))
        return this.#refuse(
          value,
          'its state is private; pass the data that it stands for, an object with methods, or ref(value)',
        );
    }
    this.#container(value, Tag.OBJECT, keys);
  }

  /**
   * Takes the place of the object, which has the next number.
   * @param {any} value
   * @param {any} substitute
   */
  #substitute(value, substitute) {
    this.seen.add(value, this.objectCount);
    this.#value(substitute);
  }

  // What crosses in a manner of its own -------------------------------------------------------------------------------

  /** @param {any} grant */
  #grant(grant) {
    if (grant instanceof SentHandle) return this.#guestObject(grant, grant.handle);
    if (grant instanceof HostIterator)
      return this.#container(
        grant.methods,
        grant.isAsync ? Tag.ASYNC_ITERATOR : Tag.ITERATOR,
        Object.keys(grant.methods),
      );
    if (isReference(grant)) return this.#hostObject(grant, grant.object, /** @type {any} */ (grant).class);
    if (grant instanceof Unwaited) return this.#value(grant.value);
    if (!isTransfer(grant)) return this.#refuse(grant);
    this.transferred.push(...grant.buffers);
    this.#value(grant.value);
  }

  /**
   * @param {any} value
   * @param {number} handle
   */
  #guestObject(value, handle) {
    this.seen.add(value, this.objectCount++);
    this.byte(Tag.GUEST_OBJECT);
    this.varint(handle);
    this.byte(0);
  }

  /**
   * @param {any} value
   * @param {any} object
   * @param {any} [constructor]
   */
  #hostObject(value, object, constructor) {
    const handle = this.bridge.handleOf(object);
    if (handle !== undefined) return this.#guestObject(value, handle); // it belonged to the guest from the start
    const known = this.seen.get(object);
    if (known !== undefined && object !== value) return this.#reference(known);
    if (object !== value) this.seen.add(value, this.objectCount);
    this.seen.add(object, this.objectCount++);
    const number = this.bridge.numberOfReference(object);
    this.numbers.push(number);
    this.byte(Tag.HOST_OBJECT);
    this.varint(number);
    this.#value(constructor);
    this.#handler(this.bridge.hostHandler);
  }

  /**
   * It is always written with its keys: the guest accepts no other form for a handler.
   * @param {any} handler
   */
  #handler(handler) {
    const known = this.seen.get(handler);
    if (known !== undefined) return this.#reference(known);
    this.seen.add(handler, this.objectCount++);
    this.byte(Tag.OBJECT);
    this.#contents(handler, Tag.OBJECT, Object.keys(handler), undefined);
  }

  /** @param {any} value */
  #function(value) {
    const handle = this.bridge.handleOf(value);
    if (handle !== undefined) {
      this.byte(Tag.GUEST_FUNCTION);
      this.varint(handle);
      this.text('');
      this.byte(0);
      return this.byte(0);
    }
    const { number, flags } = this.bridge.numberOfFunction(value);
    this.numbers.push(number);
    this.byte(Tag.HOST_FUNCTION);
    this.varint(number);
    this.text(nameOf(value));
    this.byte(flags);
    this.byte(parameterCount(value));
  }

  /** @param {any} value */
  #promise(value) {
    const handle = this.bridge.promiseHandleOf(value);
    if (handle !== undefined) {
      this.byte(Tag.GUEST_PROMISE);
      return this.varint(handle);
    }
    const number = this.bridge.numberOfPromise(value);
    this.promises.push(number);
    this.byte(Tag.HOST_PROMISE);
    this.varint(number);
  }

  // Containers --------------------------------------------------------------------------------------------------------

  /** @param {any[]} array */
  #array(array) {
    const { length } = array;
    // A Proxy of an array may have any value.
    if (!(Number.isInteger(length) && length >= 0 && length < 2 ** 32)) return this.#refuseLength(length);
    const keys = Object.keys(array);
    if (!(this.depth < MOST_DEPTH && isDense(keys, length)))
      return this.#container(
        array,
        length > SPARSE_LENGTH && keys.length < length / 4 ? Tag.SPARSE_ARRAY : Tag.ARRAY,
        keys,
        length,
      );
    // OPTIMIZATION: as it would come out there.
    this.seen.add(array, this.objectCount++);
    this.byte(Tag.ARRAY);
    this.kinds[++this.depth] = Tag.ARRAY;
    this.#denseItems(array, length);
    this.depth--;
  }

  /**
   * @param {any} value
   * @param {number} tag
   * @param {string[]} [keys]
   * @param {number} [length]
   */
  #container(value, tag, keys, length) {
    this.seen.add(value, this.objectCount++);
    const isLater = this.depth >= MOST_DEPTH;
    if (isLater) this.byte(Tag.LATER);
    this.byte(tag);
    if (tag === Tag.ERROR) this.#errorHead(value);
    if (isLater) {
      this.later.push(value, tag, this.isInError, length);
      return;
    }
    this.#contents(value, tag, keys, length);
  }

  /** @param {number} length */
  #refuseLength(length) {
    throw new TypeError(`${this.#path()}an array's length must be an integer below 2 ** 32, got ${describe(length)}`);
  }

  /**
   * @param {any} value
   * @param {number} tag
   * @param {any} keys
   * @param {any} length
   */
  #contents(value, tag, keys, length) {
    this.kinds[++this.depth] = tag;
    switch (tag) {
      case Tag.OBJECT:
        this.#properties(value, keys, true);
        break;
      case Tag.ITERATOR:
      case Tag.ASYNC_ITERATOR:
        this.#properties(value, keys, false);
        break;
      case Tag.ARRAY:
        this.#items(value, keys, length);
        break;
      case Tag.SPARSE_ARRAY:
        this.varint(length);
        this.#properties(value, keys);
        break;
      case Tag.MAP:
        this.#map(value);
        break;
      case Tag.SET:
        this.#set(value);
        break;
      default:
        this.#errorProperties(value);
    }
    this.depth--;
  }

  // Contents that were put off, which may put off more.
  #later() {
    this.wasPutOff = true;
    for (let i = 0; i < this.later.length; i += 4) {
      const value = this.later[i];
      const tag = this.later[i + 1];
      this.isInError = this.later[i + 2];
      this.later[i] = undefined;
      this.depth = 0;
      const hasKeys = tag !== Tag.MAP && tag !== Tag.SET && tag !== Tag.ERROR;
      this.#contents(value, tag, hasKeys ? Object.keys(value) : undefined, this.later[i + 3]);
    }
  }

  /**
   * @param {any} object
   * @param {string[]} keys
   * @param {boolean} [mayReceive]
   */
  #properties(object, keys, mayReceive = false) {
    const iteration =
      mayReceive && isIterable(object)
        ? iterationSymbols.filter((symbol) => iterationOf(object, symbol) !== undefined)
        : none;
    this.varint(keys.length + iteration.length);
    const place = this.depth - 1;
    let hasReceiver = !mayReceive;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      this.trail[place] = key;
      this.#key(key);
      // The property may be gone, and then the lookup finds that of the prototype.
      if (!hasOwn(object, key)) {
        this.byte(Tag.HOLE);
        continue;
      }
      const value = object[key];
      if (typeof value === 'function' && !hasReceiver && this.bridge.handleOf(value) === undefined) {
        hasReceiver = true;
        this.#receiver(object);
      }
      this.#value(value);
    }
    for (const symbol of iteration) {
      this.trail[place] = String(symbol);
      this.#key(symbol);
      this.#value(iterationOf(object, symbol));
    }
  }

  /**
   * @param {any} object
   * @param {import('./message-shapes.js').KnownShape} shape
   */
  #shaped(object, { keys, number }) {
    this.seen.add(object, this.objectCount++);
    this.byte(Tag.SHAPED);
    this.varint(number);
    const place = this.depth;
    this.kinds[++this.depth] = Tag.SHAPED;
    let next = 0; // of the keys
    let hasReceiver = false;
    // OPTIMIZATION: within for...in V8 knows where the values of an object are.
    for (const key in object) {
      if (key !== keys[next]) {
        const found = keys.indexOf(key, next);
        if (found < 0) continue; // it is inherited, or new
        this.#holes(found - next);
        next = found;
      }
      next++;
      if (!hasOwnProperty.call(object, key)) {
        this.byte(Tag.HOLE);
        continue;
      }
      const value = object[key];
      if (typeof value === 'number') {
        this.#number(value);
        continue;
      }
      if (typeof value === 'string') {
        this.#string(value);
        continue;
      }
      this.trail[place] = key;
      if (typeof value === 'function' && !hasReceiver && this.bridge.handleOf(value) === undefined) {
        hasReceiver = true;
        this.#receiver(object);
      }
      this.#value(value);
    }
    this.#holes(keys.length - next);
    this.depth--;
  }

  /**
   * A property that disappeared while the object was written.
   * @param {number} count
   */
  #holes(count) {
    for (let i = 0; i < count; i++) this.byte(Tag.HOLE);
  }

  /**
   * The guest's copy remembers the object that its functions are called on.
   * @param {any} object
   */
  #receiver(object) {
    const number = this.bridge.numberOfReceiver(object);
    this.numbers.push(number);
    this.byte(Tag.RECEIVER);
    this.varint(number);
  }

  /**
   * @param {any[]} array
   * @param {string[]} keys
   * @param {number} length
   */
  #items(array, keys, length) {
    if (isDense(keys, length)) return this.#denseItems(array, length);
    this.varint(length);
    const place = this.depth - 1;
    let indices = keys.length;
    while (indices > 0 && !isIndex(keys[indices - 1])) indices--;
    const named = indices < keys.length ? keys.slice(indices) : undefined;
    let next = 0; // of the keys; a hole that is filled meanwhile stays a hole
    for (let i = 0; i < length; i++) {
      this.trail[place] = i;
      if (next >= indices || Number(keys[next]) !== i) {
        this.byte(Tag.HOLE);
        continue;
      }
      next++;
      if (!hasOwn(array, i)) this.byte(Tag.HOLE);
      else this.#value(array[i]);
    }
    if (named === undefined) this.varint(0);
    else this.#properties(array, named);
  }

  /**
   * @param {any[]} array
   * @param {number} length
   */
  #denseItems(array, length) {
    this.varint(length);
    const place = this.depth - 1;
    for (let i = 0; i < length; i++) {
      const value = array[i];
      if (typeof value === 'number') {
        this.#number(value);
        continue;
      }
      if (typeof value === 'string') {
        this.#string(value);
        continue;
      }
      this.trail[place] = i;
      if (value === undefined && !hasOwn(array, i)) this.byte(Tag.HOLE);
      else this.#value(value);
    }
    this.varint(0); // no more properties
  }

  /** @param {Map<any, any>} map */
  #map(map) {
    /** @type {any[]} */
    const entries = [];
    mapForEach(map, (/** @type {any} */ value, /** @type {any} */ key) => entries.push(key, value));
    this.varint(entries.length / 2);
    for (let i = 0; i < entries.length; i++) {
      this.trail[this.depth - 1] = i >> 1;
      this.#value(entries[i]);
    }
  }

  /** @param {Set<any>} set */
  #set(set) {
    /** @type {any[]} */
    const items = [];
    setForEach(set, (/** @type {any} */ item) => items.push(item));
    this.varint(items.length);
    for (let i = 0; i < items.length; i++) {
      this.trail[this.depth - 1] = i;
      this.#value(items[i]);
    }
  }

  /**
   * Errors: the guest learns what went wrong, but not where in the host. No stack, no paths, and of its properties only
   * data that contains no other objects.
   * @param {any} error
   */
  #errorHead(error) {
    const isDomException = typeof DOMException === 'function' && error instanceof DOMException;
    const { number, isHome } = this.bridge.numberOfError(error);
    this.byte((isDomException ? ERROR_IS_DOM_EXCEPTION : 0) | (isHome ? ERROR_COMES_HOME : ERROR_IS_NUMBERED));
    this.double(number);
    this.text(textOf(error, 'name', 'Error'));
    this.text(textOf(error, 'message', ''));
    this.text('');
  }

  /** @param {any} error */
  #errorProperties(error) {
    const wasInError = this.isInError;
    this.isInError = true;
    for (const name of ['cause', 'errors']) {
      const descriptor = Object.getOwnPropertyDescriptor(error, name);
      this.trail[this.depth - 1] = name;
      if (descriptor === undefined || !hasOwn(descriptor, 'value')) this.byte(Tag.HOLE);
      else this.#value(descriptor.value);
    }
    const sent = [];
    for (const key of Object.keys(error)) {
      if (withheldFromErrors.has(key)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(error, key);
      const value = descriptor?.value;
      if (
        descriptor === undefined ||
        !hasOwn(descriptor, 'value') ||
        typeof value === 'symbol' ||
        typeof value === 'function'
      )
        continue;
      if (typeof value !== 'object' || value === null) sent.push(key, value);
    }
    this.varint(sent.length / 2);
    for (let i = 0; i < sent.length; i += 2) {
      this.#key(sent[i]);
      this.#value(sent[i + 1]);
    }
    this.isInError = wasInError;
  }

  // Buffers -----------------------------------------------------------------------------------------------------------

  /** @param {ArrayBuffer} buffer */
  #buffer(buffer) {
    if (bufferIsDetached(buffer)) return this.#refuse(buffer, 'it is detached');
    this.seen.add(buffer, this.objectCount++);
    const length = bufferLength(buffer);
    this.byte(Tag.BUFFER);
    this.buffers ??= new BufferWriter(this);
    this.buffers.add(buffer, 0, length, {
      isWhole: true,
      maximum: bufferIsResizable?.(buffer) ? bufferMaxLength(buffer) : undefined,
    });
  }

  /** @param {any} view */
  #view(view) {
    const name = typedArrayName(view);
    let buffer;
    let start;
    let size;
    try {
      if (name === undefined) [buffer, start, size] = [dataViewBuffer(view), dataViewOffset(view), dataViewBytes(view)];
      else [buffer, start, size] = [typedArrayBuffer(view), typedArrayOffset(view), typedArrayBytes(view)];
    } catch {
      return this.#refuse(view, 'its buffer is detached or too short for it');
    }
    if (brandOf(buffer, null) !== 'buffer')
      return this.#refuse(view, 'its memory cannot be shared with the guest; pass a copy, for example view.slice()');
    if (bufferIsDetached(buffer)) return this.#refuse(view, 'its buffer is detached');
    const kind = name === undefined ? -1 : elementKinds.indexOf(name);
    this.seen.add(view, this.objectCount++);
    this.byte(kind < 0 ? Tag.DATA_VIEW : Tag.TYPED_ARRAY);
    if (kind >= 0) this.byte(kind);
    this.buffers ??= new BufferWriter(this);
    this.buffers.add(buffer, start, start + size, { alignment: kind < 0 ? 1 : elementSizes[kind] });
  }
}

/** @type {symbol[]} */
const none = [];
const iterationSymbols = [Symbol.iterator, Symbol.asyncIterator];

/**
 * For an array: if its last key is its last index and their numbers agree, it has no holes and no names.
 * @param {string[]} keys
 * @param {number} length
 */
function isDense(keys, length) {
  return keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
}

/** @param {any} object */
function isIterable(object) {
  return object[Symbol.iterator] !== undefined || object[Symbol.asyncIterator] !== undefined;
}

/**
 * An instance without own data: whether its class has members to offer.
 * @param {any} value
 * @param {object | null} prototype
 */
export function keepsState(value, prototype) {
  const tag = tagOf(value);
  if (tag === '[object Arguments]') return false;
  if (tag !== '[object Object]') return true;
  for (
    let parent = prototype;
    parent !== null && Object.getPrototypeOf(parent) !== null;
    parent = Object.getPrototypeOf(parent)
  )
    if (Reflect.ownKeys(parent).some((key) => key !== 'constructor')) return true;
  return false;
}

/**
 * The function's name may have been replaced, even by a getter that throws.
 * @param {(...args: any[]) => any} fn
 */
function nameOf(fn) {
  return textOf(fn, 'name', '').slice(0, LONGEST_NAME);
}

/** @param {(...args: any[]) => any} fn */
function parameterCount(fn) {
  try {
    const { length } = fn;
    return Number.isInteger(length) && length > 0 ? Math.min(length, 255) : 0;
  } catch {
    return 0;
  }
}

/**
 * @param {any} object
 * @param {string} name
 * @param {any} otherwise
 */
function textOf(object, name, otherwise) {
  try {
    const value = object[name];
    return typeof value === 'string' ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {any} key */
function isIndex(key) {
  const number = Number(key);
  return number >= 0 && number < 4294967295 && String(number >>> 0) === key;
}

function tooLarge() {
  return new RangeError('the value is too large to be passed to the guest: a message has at most 4 GiB');
}
