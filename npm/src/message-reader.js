// Bytes of the guest as host values. engine/host/boundary/message.h describes the format. Nothing in a message is
// trusted: the engine's memory may hold anything once a guest has broken out into it.
import { now } from './clock.js';
import {
  GuestError,
  MalformedMessageError,
  MemoryLimitError,
  SandboxError,
  TimeLimitError,
  keyText,
} from './errors.js';
import { readBuffers } from './message-buffers.js';
import {
  CrossingSymbol,
  ERROR_COMES_HOME,
  ERROR_IS_DOM_EXCEPTION,
  ERROR_IS_NUMBERED,
  FUNCTION_FLAGS,
  MESSAGE_DEPTH,
  MESSAGE_HAS_BUFFERS,
  MESSAGE_HAS_NUMBERS,
  MESSAGE_REFERS_TO_OBJECTS,
  MESSAGE_REFERS_TO_TEXTS,
  OBJECT_HAS_THEN,
  SHARED_TEXT_LENGTH,
  Tag,
} from './protocol.js';
import { latin1Text, utf16Text } from './texts.js';

// In the order of the engine's element kinds (engine/runtime/element_kinds.def).
const typedArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  globalThis.Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
const symbols = Object.keys(CrossingSymbol).map((name) => /** @type {any} */ (Symbol)[name]);
/** @type {Record<string, any>} */
export const errorClasses = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
};

const MESSAGE_FLAGS = MESSAGE_HAS_BUFFERS | MESSAGE_HAS_NUMBERS | MESSAGE_REFERS_TO_OBJECTS | MESSAGE_REFERS_TO_TEXTS;
let messages = 0; // messages with shapes so far
const VALUES_PER_LOOK = 1024; // at the clock
// About what the host needs for a value in addition to its contents (bytes).
const OBJECT_BYTES = 56;
const ITEM_BYTES = 8;
const PROPERTY_BYTES = 16;
const TEXT_BYTES = 24;
const PROXY_BYTES = 400;

/**
 * Reads one message of the guest. `bridge` (entries.js) makes proxies for handles and finds objects that return.
 * `maxBytes`: how much of the host's memory the values may take; `deadline`: a time of the clock. A value that this
 * host cannot build is a TypeError that names its place, thrown when everything has been read.
 */
export class MessageReader {
  /**
   * @param {any} bridge
   * @param {Uint8Array} bytes
   * @param {{ maxBytes?: number, deadline?: number, name?: string }} [limits]
   */
  constructor(bridge, bytes, { maxBytes = Infinity, deadline = Infinity, name = undefined } = {}) {
    /** @type {any} */
    this.bridge = bridge;
    this.bytes = bytes;
    this.end = bytes.length;
    this.position = 0;
    /** @type {DataView | undefined} */
    this.numbers = undefined;
    /**
     * Created on demand: most messages are small.
     * @type {any[] | undefined}
     */
    this.objects = undefined;
    this.refersToObjects = false;
    /** @type {(string | symbol)[] | undefined} */
    this.keys = undefined;
    /** @type {boolean[] | undefined} */
    this.isInherited = undefined; // by key number: whether an assignment could reach a setter
    /** @type {string[] | undefined} */
    this.texts = undefined;
    this.refersToTexts = false;
    this.number = 0; // number of this message among those with shapes; 0: it has none so far
    /** @type {any[] | undefined} */
    this.later = undefined; // objects whose contents follow, each with its tag
    /** @type {ReturnType<typeof readBuffers> | undefined} */
    this.items = undefined; // items of the table of buffers
    this.itemCount = 0;
    this.numbersStart = 0; // of the list of numbers at the end
    this.numberCount = 0;
    this.numbersRead = 0;
    this.depth = 0;
    this.wasPutOff = false;
    /** @type {TypeError | undefined} */
    this.problem = undefined;
    /** @type {string | undefined} */
    this.name = name; // name of the whole value in errors; for exports
    this.home = undefined; // the host's own error, while the head of its copy is read
    this.bytesLeft = maxBytes;
    this.maxBytes = maxBytes;
    this.deadline = deadline;
    this.untilLook = VALUES_PER_LOOK;
  }

  /** The value of the message. */
  read() {
    const flags = this.byte();
    if (flags !== 0) this.#readFrame(flags);
    let value;
    try {
      if ((flags & MESSAGE_HAS_BUFFERS) !== 0) this.#readTable();
      value = this.#value();
      if (this.later !== undefined) this.#readLater(this.later);
    } catch (error) {
      this.#giveBackUnread();
      throw error;
    }
    if (this.position !== this.end) throw malformed('there is more than one value');
    if (this.problem !== undefined) throw this.problem;
    return value;
  }

  /** The message is not read: its handles and numbers are given back. */
  drop() {
    if (this.end === 0) return;
    const flags = this.byte();
    if (flags !== 0) this.#readFrame(flags);
    this.#giveBackUnread();
  }

  /** @param {number} flags */
  #readFrame(flags) {
    if (flags > MESSAGE_FLAGS) throw malformed('it has unknown flags');
    this.refersToObjects = (flags & MESSAGE_REFERS_TO_OBJECTS) !== 0;
    this.refersToTexts = (flags & MESSAGE_REFERS_TO_TEXTS) !== 0;
    if ((flags & MESSAGE_HAS_NUMBERS) === 0) return;
    const end = this.end - 4;
    const count = end < 1 ? 0 : this.#data.getUint32(end, true);
    if (count > (end - 1) / 4) throw malformed('there are fewer numbers than it says');
    this.end = this.numbersStart = end - count * 4;
    this.numberCount = count;
  }

  #giveBackUnread() {
    for (let i = this.numbersRead; i < this.numberCount; i++)
      this.bridge.giveBack(this.#data.getUint32(this.numbersStart + i * 4, true));
  }

  // Bytes -------------------------------------------------------------------------------------------------------------

  #readTable() {
    const { end } = this;
    if (end < 6) throw malformed('it ends too early');
    const start = this.#data.getUint32(end - 4, true);
    if (start < 1 || start > end - 4) throw malformed('its buffers lie outside it');
    this.position = start;
    this.end = end - 4;
    this.items = readBuffers(this, malformed);
    if (this.position !== this.end) throw malformed('there is more than its buffers');
    this.position = 1;
    this.end = start;
  }

  get #data() {
    return (this.numbers ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength));
  }

  /**
   * Moves past `size` bytes and returns the position where they begin.
   * @param {number} size
   */
  #take(size) {
    const start = this.position;
    if (size > this.end - start) throw malformed('it ends too early');
    this.position = start + size;
    return start;
  }

  byte() {
    if (this.position >= this.end) throw malformed('it ends too early');
    return this.bytes[this.position++];
  }

  varint() {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let result = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    throw malformed('a number is too long');
  }

  /** The number of items that follow, each of which takes at least a byte. */
  count() {
    const count = this.varint();
    if (count > this.end - this.position) throw malformed('there are fewer values than it says');
    return count;
  }

  double() {
    return this.#data.getFloat64(this.#take(8), true);
  }

  /**
   * Counts memory of the host.
   * @param {number} bytes
   */
  spend(bytes) {
    this.bytesLeft -= bytes;
    if (this.bytesLeft < 0)
      throw new MemoryLimitError(
        `the value from the guest takes more of the host's memory than its limit (${this.maxBytes} bytes)`,
      );
  }

  #look() {
    this.untilLook = VALUES_PER_LOOK;
    if (this.deadline !== Infinity && now() >= this.deadline)
      throw new TimeLimitError('reading the value from the guest takes longer than its time limit');
  }

  // Texts -------------------------------------------------------------------------------------------------------------

  #latin1() {
    const length = this.varint();
    const start = this.#take(length);
    if (length > 1) this.spend(TEXT_BYTES + length);
    return this.#known(latin1Text(this.bytes, start, this.position));
  }

  #utf16() {
    const length = this.varint();
    const start = this.#take(length * 2);
    this.spend(TEXT_BYTES + length * 2);
    return this.#known(utf16Text(this.bytes, start, this.position));
  }

  /** @param {string} text */
  #known(text) {
    if (this.refersToTexts && text.length >= SHARED_TEXT_LENGTH) (this.texts ??= []).push(text);
    return text;
  }

  #textReference() {
    const number = this.varint();
    if (this.texts === undefined || number >= this.texts.length)
      throw malformed('it refers to a text that has not been sent');
    return this.texts[number];
  }

  #string() {
    switch (this.byte()) {
      case Tag.LATIN1:
        return this.#latin1();
      case Tag.UTF16:
        return this.#utf16();
      case Tag.TEXT_REFERENCE:
        return this.#textReference();
      default:
        throw malformed('a string is missing');
    }
  }

  #bigint() {
    const sign = this.byte();
    const count = this.varint();
    const start = this.#take(count * 4);
    const data = this.#data;
    this.spend(TEXT_BYTES + count * 4);
    let value;
    if (count <= 2) {
      value = count === 0 ? 0n : count === 1 ? BigInt(data.getUint32(start, true)) : data.getBigUint64(start, true);
    } else {
      // Only hexadecimal is converted in linear time.
      const digits = new Array(count);
      for (let i = 0; i < count; i++)
        digits[count - 1 - i] = data
          .getUint32(start + i * 4, true)
          .toString(16)
          .padStart(8, '0');
      value = this.#build(() => BigInt(`0x${digits.join('')}`)) ?? 0n;
    }
    return sign === 0 ? value : -value;
  }

  // Values ------------------------------------------------------------------------------------------------------------

  /** @returns {any} */
  #value() {
    if (--this.untilLook === 0) this.#look();
    const tag = this.byte();
    switch (tag) {
      case Tag.UNDEFINED:
        return undefined;
      case Tag.NULL:
        return null;
      case Tag.TRUE:
        return true;
      case Tag.FALSE:
        return false;
      case Tag.INT: {
        const number = this.varint();
        return (number >>> 1) ^ -(number & 1);
      }
      case Tag.DOUBLE:
        return this.double();
      case Tag.LATIN1:
        return this.#latin1();
      case Tag.UTF16:
        return this.#utf16();
      case Tag.TEXT_REFERENCE:
        return this.#textReference();
      case Tag.BIGINT:
        return this.#bigint();
      case Tag.SYMBOL:
        return this.#symbol();
      case Tag.REFERENCE:
        return this.#reference();
      case Tag.OBJECT:
      case Tag.ARRAY:
      case Tag.SPARSE_ARRAY:
      case Tag.MAP:
      case Tag.SET:
      case Tag.ERROR:
        return this.#container(tag);
      case Tag.SHAPED:
        return this.#shaped();
      case Tag.LATER:
        return this.#laterContainer();
      default:
        return this.#other(tag);
    }
  }

  #symbol() {
    const symbol = symbols[this.byte()];
    if (symbol === undefined) throw malformed('there is no such symbol');
    return symbol;
  }

  // Where holes are allowed: whether there is one.
  #isHole() {
    if (this.position >= this.end || this.bytes[this.position] !== Tag.HOLE) return false;
    this.position++;
    return true;
  }

  #reference() {
    const number = this.varint();
    const object = this.objects !== undefined && number < this.objects.length ? this.objects[number] : undefined;
    if (object === undefined) throw malformed('it refers to an object that has not been sent');
    return object === unbuildable ? undefined : object;
  }

  /** @param {any} object */
  #remember(object) {
    if (this.refersToObjects) (this.objects ??= []).push(object === undefined ? unbuildable : object);
    return object;
  }

  // Reserves the number of an object that is created when more has been read.
  #reserveNumber() {
    return this.refersToObjects ? (this.objects ??= []).push(undefined) - 1 : 0;
  }

  /**
   * @param {number} number
   * @param {any} object
   */
  #rememberAs(number, object) {
    if (this.objects !== undefined) this.objects[number] = object;
    return object;
  }

  /**
   * A value that this host cannot build is reported when everything has been read, so that the rest of the message is
   * accounted for.
   * @template T
   * @param {() => T} action
   * @returns {T | undefined}
   */
  #build(action) {
    try {
      return action();
    } catch (error) {
      this.problem ??= new TypeError(
        `${this.#path()}cannot be built by this host: ${/** @type {Error} */ (error).message}`,
        { cause: error },
      );
      return undefined;
    }
  }

  #path() {
    let path = this.name === undefined ? '' : keyText(this.name);
    if (this.wasPutOff) path = '..'; // and one more point
    for (let i = 0; i < this.depth; i++) {
      const key = trail[i];
      path += typeof key === 'number' ? `[${key}]` : path === '' ? keyText(key) : `.${keyText(key)}`;
    }
    return path === '' ? 'the value ' : `${path} `;
  }

  // Containers --------------------------------------------------------------------------------------------------------

  /** @param {number} tag */
  #container(tag) {
    if (this.depth >= MESSAGE_DEPTH) throw malformed('it is nested too deeply');
    const object = this.#begin(tag);
    const result = this.#takeHome() ?? object;
    this.#contents(object, tag);
    return result;
  }

  #laterContainer() {
    const tag = this.byte();
    const object = this.#begin(tag);
    (this.later ??= []).push(object, tag);
    return this.#takeHome() ?? object;
  }

  // An error of the host is the original again; the copy in the message is read and dropped.
  #takeHome() {
    const { home } = this;
    this.home = undefined;
    return home;
  }

  /** @param {any[]} later */
  #readLater(later) {
    this.wasPutOff = true;
    for (let i = 0; i < later.length; i += 2) {
      const object = later[i];
      later[i] = undefined;
      this.depth = 0;
      this.#contents(object, later[i + 1]);
    }
  }

  /** @param {number} tag */
  #begin(tag) {
    this.spend(OBJECT_BYTES);
    switch (tag) {
      case Tag.OBJECT:
        return this.#remember({});
      case Tag.ARRAY:
      case Tag.SPARSE_ARRAY:
        return this.#remember([]);
      case Tag.MAP:
        return this.#remember(new Map());
      case Tag.SET:
        return this.#remember(new Set());
      case Tag.ERROR:
        return this.#beginError();
      default:
        throw malformed(`there is no kind ${tag} of object`);
    }
  }

  /**
   * @param {any} object
   * @param {number} tag
   */
  #contents(object, tag) {
    this.depth++;
    switch (tag) {
      case Tag.OBJECT:
        this.#properties(object);
        break;
      case Tag.ARRAY:
        this.#array(object);
        break;
      case Tag.SPARSE_ARRAY:
        this.#sparseArray(object);
        break;
      case Tag.MAP:
        this.#map(object);
        break;
      case Tag.SET:
        this.#set(object);
        break;
      default:
        this.#errorProperties(object);
    }
    this.depth--;
  }

  /** @param {any} object */
  #properties(object) {
    const count = this.count();
    if (count === 0) return;
    this.spend(count * PROPERTY_BYTES);
    const place = this.depth - 1;
    let isIterable = false;
    for (let i = 0; i < count; i++) {
      let number = this.varint();
      if (number === 0) number = this.#newKey();
      if (this.keys === undefined || number > this.keys.length) throw malformed('a key has not been sent');
      const key = this.keys[number - 1];
      trail[place] = key;
      if (this.#isHole()) continue;
      if (this.bytes[this.position] === Tag.RECEIVER) this.#receiver(object);
      if (this.#isRefused(object, key)) continue;
      let value = this.#value();
      if (typeof value === 'function') {
        value = this.bridge.functionAs(key, value);
        if (key === Symbol.iterator) isIterable = true;
      }
      if (this.isInherited?.[number - 1])
        Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else object[key] = value;
    }
    if (isIterable) this.bridge.iterable(object);
  }

  #shaped() {
    if (this.depth >= MESSAGE_DEPTH) throw malformed('it is nested too deeply');
    if (this.number === 0) this.number = ++messages;
    const shape = this.bridge.shapes.received(this.varint(), this.number);
    if (shape === undefined) throw malformed('there is no such shape');
    const { keys, isFirst } = shape;
    const mayAssign = isFirst || shape.isSafe;
    this.spend(OBJECT_BYTES + keys.length * PROPERTY_BYTES);
    /** @type {any} */
    const object = isFirst ? { ...shape.template } : {};
    this.#remember(object);
    const place = this.depth++;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      trail[place] = key;
      if (this.bytes[this.position] === Tag.RECEIVER) this.#receiver(object);
      const tag = this.bytes[this.position];
      if (tag === Tag.HOLE || tag === Tag.REFUSED) {
        if (isFirst) delete object[key];
        if (this.#isHole() || this.#isRefused(object, key)) continue;
      }
      let value = this.#value();
      if (typeof value === 'function') value = this.bridge.functionAs(key, value);
      if (mayAssign) object[key] = value;
      else define(object, key, value, true);
    }
    this.depth--;
    return object;
  }

  /**
   * A value that cannot cross is left out and reported, or throws when it is read.
   * @param {any} object
   * @param {any} key
   */
  #isRefused(object, key) {
    if (this.bytes[this.position] !== Tag.REFUSED) return false;
    if (this.bridge.omits) this.#omitted();
    else this.#refused(object, key);
    return true;
  }

  // A value that cannot cross is left out and reported.
  #omitted() {
    this.position++;
    this.bridge.omitted(`${this.#path().trim()}: ${this.#string()}`);
  }

  /**
   * A value that cannot cross throws when it is read.
   * @param {any} object
   * @param {any} key
   */
  #refused(object, key) {
    this.position++;
    const message = `${this.#path().trim()}: ${this.#string()}`;
    Object.defineProperty(object, key, {
      get() {
        throw new TypeError(message);
      },
      enumerable: false,
      configurable: true,
    });
  }

  /**
   * The object that the copy's functions are called on.
   * @param {any} object
   */
  #receiver(object) {
    this.position++;
    const handle = this.varint();
    if (this.bridge.receiverOf(object) !== undefined) throw malformed('an object has two receivers');
    this.spend(PROXY_BYTES);
    this.bridge.addReceiver(object, handle);
    this.numbersRead++;
  }

  // the object's number + 1
  #newKey() {
    if (this.bytes[this.position] === Tag.SYMBOL) {
      this.position++;
      (this.isInherited ??= []).push(true);
      return (this.keys ??= []).push(this.#symbol());
    }
    const key = this.#string();
    this.spend(TEXT_BYTES + key.length);
    (this.isInherited ??= []).push(key in Object.prototype || key in Array.prototype);
    return (this.keys ??= []).push(key);
  }

  /** @param {any[]} array */
  #array(array) {
    const length = this.count();
    this.spend(length * ITEM_BYTES);
    const place = this.depth - 1;
    array.length = length;
    for (let i = 0; i < length; i++) {
      if (this.#isHole()) continue;
      trail[place] = i;
      if (this.bytes[this.position] === Tag.REFUSED) this.#omitted();
      else array[i] = this.#value();
    }
    this.#properties(array);
  }

  /** @param {any[]} array */
  #sparseArray(array) {
    const length = this.varint();
    // In this form, memory for an array depends on its elements, not on its length.
    if (length > 1024) array.length = 2 ** 32 - 1;
    array.length = length;
    this.#properties(array);
  }

  /** @param {Map<any, any>} map */
  #map(map) {
    const count = this.count();
    this.spend(count * 4 * ITEM_BYTES);
    for (let i = 0; i < count; i++) {
      trail[this.depth - 1] = i;
      const key = this.#value();
      map.set(key, this.#value());
    }
  }

  /** @param {Set<any>} set */
  #set(set) {
    const count = this.count();
    this.spend(count * 3 * ITEM_BYTES);
    for (let i = 0; i < count; i++) {
      trail[this.depth - 1] = i;
      set.add(this.#value());
    }
  }

  #beginError() {
    const flags = this.byte();
    if (flags > (ERROR_IS_DOM_EXCEPTION | ERROR_IS_NUMBERED | ERROR_COMES_HOME))
      throw malformed('an error has unknown flags');
    const number = (flags & (ERROR_IS_NUMBERED | ERROR_COMES_HOME)) !== 0 ? this.double() : 0;
    const name = this.#string();
    const message = this.#string();
    const stack = this.#string();
    const Class = Object.hasOwn(errorClasses, name) ? errorClasses[name] : undefined;
    this.spend(PROXY_BYTES);
    let error;
    if ((flags & ERROR_IS_DOM_EXCEPTION) !== 0 && typeof DOMException === 'function')
      error = new DOMException(message, name);
    else if (Class === AggregateError) error = new AggregateError([], message);
    else error = Class ? new Class(message) : new GuestError(message, name);
    // The guest's own stack; the host's would only show this reader.
    define(error, 'stack', stack || `${name}: ${message}`);
    if ((flags & ERROR_COMES_HOME) !== 0) this.home = this.bridge.errorOfNumber(number);
    else if (flags !== 0) this.bridge.errorReceived(error, number);
    this.#remember(this.home ?? error);
    return error;
  }

  /** @param {any} error */
  #errorProperties(error) {
    for (const name of ['cause', 'errors']) {
      trail[this.depth - 1] = name;
      if (!this.#isHole()) define(error, name, this.#value());
    }
    const count = this.count();
    for (let i = 0; i < count; i++) {
      let number = this.varint();
      if (number === 0) number = this.#newKey();
      if (this.keys === undefined || number > this.keys.length) throw malformed('a key has not been sent');
      const key = this.keys[number - 1];
      trail[this.depth - 1] = key;
      if (this.#isHole()) continue;
      const value = this.#value();
      define(error, key, typeof value === 'function' ? this.bridge.functionAs(key, value) : value, true);
    }
  }

  // Others ------------------------------------------------------------------------------------------------------------

  /**
   * @param {number} tag
   * @returns {any}
   */
  #other(tag) {
    this.spend(OBJECT_BYTES);
    switch (tag) {
      case Tag.DATE:
        return this.#remember(new Date(this.double()));
      case Tag.REGEXP: {
        const source = this.#string();
        const flags = this.#string();
        return this.#remember(this.#build(() => new RegExp(source, flags)));
      }
      case Tag.BOXED: {
        const number = this.#reserveNumber();
        /** @type {any} */
        const primitive = this.#value();
        if (primitive == null || typeof primitive === 'object' || typeof primitive === 'function')
          throw malformed('a boxed value is not a primitive');
        return this.#rememberAs(number, Object(primitive));
      }
      case Tag.BUFFER:
        return this.#remember(this.#item().buffer);
      case Tag.TYPED_ARRAY: {
        const kind = this.byte();
        if (kind >= typedArrays.length) throw malformed('there is no such typed array');
        return this.#view(typedArrays[kind]);
      }
      case Tag.DATA_VIEW:
        return this.#view(DataView);
      case Tag.GUEST_FUNCTION: {
        const handle = this.varint();
        const name = this.#string();
        const flags = this.#flags(FUNCTION_FLAGS);
        const length = this.byte();
        this.spend(PROXY_BYTES);
        return this.#arrived(this.bridge.functionOfHandle(handle, name, flags, length));
      }
      case Tag.GUEST_OBJECT: {
        const handle = this.varint();
        const flags = this.#flags(OBJECT_HAS_THEN);
        this.spend(PROXY_BYTES);
        return this.#arrived(this.bridge.objectOfHandle(handle, flags));
      }
      case Tag.HOST_OBJECT: {
        const object = this.bridge.objectOfNumber(this.varint());
        if (object === undefined) throw malformed('it refers to a host object that was not given to the guest');
        if (this.byte() !== Tag.UNDEFINED || this.byte() !== Tag.UNDEFINED)
          throw malformed('a host object has a class');
        return this.#remember(object);
      }
      case Tag.REFUSED:
        if (this.depth === 0) throw malformed('the value is refused');
        this.position--;
        return this.#omitted(); // of a Map or Set
      case Tag.NAMESPACE:
        return this.#namespace();
      case Tag.GUEST_PROMISE: {
        const handle = this.varint();
        this.spend(PROXY_BYTES);
        return this.#arrived(this.bridge.promiseOfHandle(handle));
      }
      case Tag.HOST_FUNCTION: {
        const fn = this.bridge.functionOfNumber(this.varint());
        if (fn === undefined) throw malformed('it refers to a host function that was not given to the guest');
        this.#string();
        this.#flags(FUNCTION_FLAGS);
        this.byte(); // its length
        return this.#remember(fn);
      }
      default:
        throw malformed(`there is no kind ${tag} of value`);
    }
  }

  /**
   * An object of the guest's; its arrival has been counted.
   * @param {any} thing
   */
  #arrived(thing) {
    this.numbersRead++;
    return this.#remember(thing);
  }

  /** @param {number} all */
  #flags(all) {
    const flags = this.byte();
    if (flags > all) throw malformed('there are unknown flags');
    return flags;
  }

  // Of a module: an export that cannot cross throws when it is read.
  #namespace() {
    if (this.position !== 2) throw malformed('a module is inside another value');
    const namespace = {};
    const count = this.count();
    for (let i = 0; i < count; i++) {
      const key = this.#string();
      const isError = this.byte() !== 0;
      const size = this.varint();
      const start = this.#take(size);
      this.spend(TEXT_BYTES + key.length + PROPERTY_BYTES);
      const { value, error } = this.#export(start, isError, key);
      if (error === undefined) define(namespace, key, value, true);
      else
        Object.defineProperty(namespace, key, {
          get() {
            throw error;
          },
          enumerable: false,
          configurable: true,
        });
    }
    return namespace;
  }

  /**
   * @param {number} start
   * @param {boolean} isError
   * @param {string} name
   */
  #export(start, isError, name) {
    const reader = new MessageReader(this.bridge, this.bytes.subarray(start, this.position), {
      maxBytes: this.maxBytes,
      deadline: this.deadline,
      name,
    });
    reader.bytesLeft = this.bytesLeft;
    try {
      const value = reader.read();
      return isError ? { error: value } : { value };
    } catch (error) {
      if (error instanceof SandboxError) throw error;
      return { error }; // this host cannot build the value
    } finally {
      this.bytesLeft = reader.bytesLeft;
      this.numbersRead += reader.numberCount; // read or given back
    }
  }

  #item() {
    this.#take(this.varint()); // bytes that the table refers to
    if (this.items === undefined || this.itemCount >= this.items.length) throw malformed('a buffer is missing');
    return this.items[this.itemCount++];
  }

  /** @param {any} Type */
  #view(Type) {
    const { buffer, offset, size, tracksLength } = this.#item();
    if (Type === undefined)
      return this.#remember(
        this.#build(() => {
          throw new TypeError('it has no Float16Array');
        }),
      );
    const elementSize = Type.BYTES_PER_ELEMENT ?? 1;
    if (offset % elementSize !== 0 || (size % elementSize !== 0 && !tracksLength))
      throw malformed('a view is not within its buffer');
    return this.#remember(tracksLength ? new Type(buffer, offset) : new Type(buffer, offset, size / elementSize));
  }
}

/**
 * The keys that lead to the value being read; the callback reads nothing else.
 * @type {(string | symbol | number)[]}
 */
const trail = [];

// Stands in for an object that could not be built.
const unbuildable = {};

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @param {any} value
 */
function define(object, key, value, enumerable = false) {
  Object.defineProperty(object, key, { value, writable: true, enumerable, configurable: true });
}

/** @param {string} problem */
function malformed(problem) {
  return new MalformedMessageError(`the engine sent a malformed message: ${problem}`);
}
