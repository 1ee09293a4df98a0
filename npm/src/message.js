// Values as bytes, for crossing between host and guest. The engine's half is engine/host/message.h, which describes the
// format; the tags below are the same list.
import { GuestError, describe } from './errors.js';

export const Tag = Object.freeze({
  UNDEFINED: 0, NULL: 1, TRUE: 2, FALSE: 3, HOLE: 4, INT: 5, DOUBLE: 6, LATIN1: 7, UTF16: 8, BIGINT: 9, REFERENCE: 10,
  OBJECT: 11, ARRAY: 12, DATE: 13, MAP: 14, SET: 15, REGEXP: 16, BUFFER: 17, TYPED_ARRAY: 18, DATA_VIEW: 19, ERROR: 20,
  BOXED: 21, GUEST_FUNCTION: 22, HOST_FUNCTION: 23, GUEST_PROMISE: 24, HOST_PROMISE: 25,
});

// In the order of the engine's element kinds (engine/runtime/element_kinds.def).
const typedArrays = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, globalThis.Float16Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
];
const errorClasses = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError };

const encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();
const scratchNumber = new DataView(new ArrayBuffer(8));
const SHORT_TEXT = 40; // below this many units a loop beats TextEncoder
const KEPT_BYTES = 1 << 20; // a writer's buffer between messages
const UNITS_PER_CALL = 8192; // arguments that String.fromCharCode takes at once

/** Writes host values, one message after the other, of any sandbox. Its `bridge` gives numbers to functions and promises:
 * numberOfFunction(fn), numberOfPromise(promise), handleOf(proxy) for guest functions that come home. */
export class MessageWriter {
  constructor() {
    this.bridge = undefined; // while there is a message
    this.bytes = new Uint8Array(4096);
    this.size = 0;
    this.seen = new Map();  // object -> its number in the message
    this.objectCount = 0;
    this.keys = new Map();
    this.keyCount = 0;
    this.functions = [];    // the numbers of the host functions in the message
    this.path = '';
  }

  /** Starts a new message; the bytes of the one before are overwritten. */
  begin(bridge) {
    this.bridge = bridge;
    this.size = 0;
    this.objectCount = 0;
    this.keyCount = 0;
    if (this.functions.length > 0) this.functions = [];
  }

  /** Lets go of the values and of much memory. */
  end() {
    this.bridge = undefined;
    // Clearing an empty Map allocates as well.
    if (this.seen.size > 0) this.seen.clear();
    if (this.keys.size > 0) this.keys.clear();
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(4096);
  }

  reserve(extra) {
    if (this.size + extra <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.size + extra));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }

  byte(value) {
    if (this.size === this.bytes.length) this.reserve(1);
    this.bytes[this.size++] = value;
  }

  varint(value) {
    this.reserve(5);
    while (value >= 0x80) {
      this.bytes[this.size++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.size++] = value;
  }

  double(value) {
    this.reserve(8);
    scratchNumber.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.bytes[this.size++] = scratchNumber.getUint8(i);
  }

  text(text) {
    const length = text.length;
    if (length < SHORT_TEXT) {
      const start = this.size;
      this.reserve(length + 2);
      this.bytes[this.size++] = Tag.LATIN1;
      this.bytes[this.size++] = length;
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0xff) {
          this.size = start;
          return this.wideText(text);
        }
        this.bytes[this.size++] = unit;
      }
      return;
    }
    this.reserve(length * 3 + 6);
    const start = this.size;
    this.byte(Tag.LATIN1);
    this.varint(length);
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(this.size, this.size + length));
    if (read === length && written === length) {
      this.size += length;
      return;
    }
    // Not ASCII throughout: Latin-1 as far as it goes.
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0xff) {
        this.size = start;
        return this.wideText(text);
      }
      this.bytes[this.size + i] = unit;
    }
    this.size += length;
  }

  wideText(text) {
    this.byte(Tag.UTF16);
    this.varint(text.length);
    this.reserve(text.length * 2);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      this.bytes[this.size++] = unit & 0xff;
      this.bytes[this.size++] = unit >> 8;
    }
  }

  key(key) {
    const known = this.keys.get(key);
    if (known !== undefined) return this.varint(known + 1);
    this.byte(0);
    this.keys.set(key, this.keyCount++);
    this.text(key);
  }

  properties(object, keys) {
    this.varint(keys.length);
    for (const key of keys) {
      const value = object[key];
      this.key(key);
      this.value(value, key);
    }
  }

  /** An array of values that nothing else refers to: what a crossing is made of. */
  list(values, where) {
    this.byte(Tag.ARRAY);
    this.varint(values.length);
    this.objectCount++;
    for (let i = 0; i < values.length; i++) this.value(values[i], where ?? i);
    this.varint(0);
  }

  value(value, where) {
    switch (typeof value) {
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) {
          this.byte(Tag.INT);
          return this.varint(((value << 1) ^ (value >> 31)) >>> 0);
        }
        this.byte(Tag.DOUBLE);
        return this.double(value);
      case 'string': return this.text(value);
      case 'boolean': return this.byte(value ? Tag.TRUE : Tag.FALSE);
      case 'undefined': return this.byte(Tag.UNDEFINED);
      case 'bigint': return this.bigint(value);
      case 'object': return value === null ? this.byte(Tag.NULL) : this.object(value, where);
      case 'function': return this.object(value, where);
      default:
        throw uncloneable(value, where);
    }
  }

  bigint(value) {
    this.byte(Tag.BIGINT);
    this.byte(value < 0n ? 1 : 0);
    let rest = value < 0n ? -value : value;
    const digits = [];
    for (; rest > 0n; rest >>= 32n) digits.push(Number(rest & 0xffffffffn));
    this.varint(digits.length);
    this.reserve(digits.length * 4);
    for (const digit of digits)
      for (let shift = 0; shift < 32; shift += 8) this.bytes[this.size++] = (digit >>> shift) & 0xff;
  }

  object(value, where) {
    const known = this.seen.get(value);
    if (known !== undefined) {
      this.byte(Tag.REFERENCE);
      return this.varint(known);
    }
    this.seen.set(value, this.objectCount++);
    if (typeof value === 'function') return this.functionValue(value);
    if (Array.isArray(value)) return this.array(value, where);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      this.byte(Tag.OBJECT);
      return this.properties(value, Object.keys(value));
    }
    this.platformObject(value, where);
  }

  functionValue(value) {
    const handle = this.bridge.handleOf(value);
    if (handle !== undefined) {
      this.byte(Tag.GUEST_FUNCTION);
      this.varint(handle);
      return this.text('');
    }
    const { number, flags } = this.bridge.numberOfFunction(value);
    this.functions.push(number);
    this.byte(Tag.HOST_FUNCTION);
    this.varint(number);
    this.text(value.name ?? '');
    this.byte(flags);
  }

  array(array, where) {
    this.byte(Tag.ARRAY);
    this.varint(array.length);
    let count = 0;
    for (let i = 0; i < array.length; i++) {
      if (i in array) {
        count++;
        this.value(array[i], where ?? i);
      } else {
        this.byte(Tag.HOLE);
      }
    }
    const keys = Object.keys(array);
    if (keys.length <= count) return this.varint(0);
    this.properties(array, keys.filter((key) => !isIndex(key)));
  }

  platformObject(value, where) {
    if (value instanceof Date) {
      this.byte(Tag.DATE);
      return this.double(value.getTime());
    }
    if (value instanceof Map) {
      this.byte(Tag.MAP);
      this.varint(value.size);
      for (const [key, item] of value) {
        this.value(key, where);
        this.value(item, where);
      }
      return;
    }
    if (value instanceof Set) {
      this.byte(Tag.SET);
      this.varint(value.size);
      for (const item of value) this.value(item, where);
      return;
    }
    if (value instanceof RegExp) {
      this.byte(Tag.REGEXP);
      this.text(value.source);
      return this.text(value.flags);
    }
    if (value instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)) {
      this.byte(Tag.BUFFER);
      this.varint(value.byteLength);
      this.reserve(value.byteLength);
      this.bytes.set(new Uint8Array(value), this.size);
      this.size += value.byteLength;
      return;
    }
    if (ArrayBuffer.isView(value)) return this.view(value);
    if (value instanceof Error) return this.error(value);
    if (value instanceof Promise || typeof value.then === 'function') {
      const handle = this.bridge.promiseHandleOf(value);
      if (handle !== undefined) {
        this.byte(Tag.GUEST_PROMISE);
        return this.varint(handle);
      }
      this.byte(Tag.HOST_PROMISE);
      return this.varint(this.bridge.numberOfPromise(value));
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt) {
      this.byte(Tag.BOXED);
      return this.value(value.valueOf(), where);
    }
    if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) {
      throw uncloneable(value, where);
    }
    // An instance of some class: its own data, as structured clone does.
    this.byte(Tag.OBJECT);
    this.properties(value, Object.keys(value));
  }

  view(view) {
    if (view instanceof DataView) {
      this.byte(Tag.DATA_VIEW);
    } else {
      const kind = typedArrays.findIndex((type) => type !== undefined && view instanceof type);
      this.byte(Tag.TYPED_ARRAY);
      this.byte(kind);
    }
    if (globalThis.Buffer?.isBuffer(view)) {
      // Small Buffers share memory with others of the host: only their own bytes cross.
      this.object(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
      this.varint(0);
      return this.varint(view.length);
    }
    this.object(view.buffer);
    this.varint(view.byteOffset);
    this.varint(view instanceof DataView ? view.byteLength : view.length);
  }

  // The guest learns what went wrong, not where in the host: no stack.
  error(error) {
    this.byte(Tag.ERROR);
    this.text(String(error.name));
    this.text(String(error.message));
    this.text('');
    if ('cause' in error) this.value(error.cause, 'cause');
    else this.byte(Tag.HOLE);
    if (Array.isArray(error.errors)) this.value(error.errors, 'errors');
    else this.byte(Tag.HOLE);
  }
}

function uncloneable(value, where) {
  const place = where === undefined ? '' : ` at '${String(where)}'`;
  return new TypeError(`${describe(value)}${place} cannot be passed to the guest: only data, functions and promises can`);
}

function isIndex(key) {
  const number = Number(key);
  return number >= 0 && number < 4294967295 && String(number >>> 0) === key;
}

/** Reads values of the guest. `bridge` makes proxies: functionOfHandle(handle, name), promiseOfHandle(handle),
 * functionOfNumber(number), promiseOfNumber(number). */
export class MessageReader {
  constructor(bridge, bytes) {
    this.bridge = bridge;
    this.bytes = bytes;
    this.position = 0;
    this.numbers = undefined;
    this.objects = [];
    this.keys = [];
  }

  get data() {
    return (this.numbers ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength));
  }

  varint() {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.position++];
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
  }

  double() {
    const value = this.data.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  latin1() {
    const length = this.varint();
    const start = this.position;
    const end = (this.position += length);
    if (length < SHORT_TEXT) {
      let text = '';
      for (let i = start; i < end; i++) text += String.fromCharCode(this.bytes[i]);
      return text;
    }
    const bytes = this.bytes.subarray(start, end);
    let i = 0;
    while (i < length && bytes[i] < 0x80) i++;
    return i === length ? utf8Decoder.decode(bytes) : unitsToText(bytes);
  }

  utf16() {
    const length = this.varint();
    const units = new Uint16Array(length);
    for (let i = 0; i < length; i++, this.position += 2)
      units[i] = this.bytes[this.position] | (this.bytes[this.position + 1] << 8);
    return unitsToText(units);
  }

  string() {
    return this.bytes[this.position++] === Tag.UTF16 ? this.utf16() : this.latin1();
  }

  key() {
    const number = this.varint();
    if (number > 0) return this.keys[number - 1];
    const key = this.string();
    this.keys.push(key);
    return key;
  }

  remember(object) {
    this.objects.push(object);
    return object;
  }

  properties(object) {
    const count = this.varint();
    for (let i = 0; i < count; i++) {
      const key = this.key();
      const value = this.value();
      if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else object[key] = value;
    }
    return object;
  }

  value() {
    const tag = this.bytes[this.position++];
    switch (tag) {
      case Tag.UNDEFINED: case Tag.HOLE: return undefined;
      case Tag.NULL: return null;
      case Tag.TRUE: return true;
      case Tag.FALSE: return false;
      case Tag.INT: {
        const number = this.varint();
        return (number >>> 1) ^ -(number & 1);
      }
      case Tag.DOUBLE: return this.double();
      case Tag.LATIN1: return this.latin1();
      case Tag.UTF16: return this.utf16();
      case Tag.OBJECT: return this.properties(this.remember({}));
      case Tag.ARRAY: return this.array();
      case Tag.REFERENCE: return this.objects[this.varint()];
      default: return this.rareValue(tag);
    }
  }

  array() {
    const length = this.varint();
    const array = this.remember(new Array(length));
    for (let i = 0; i < length; i++) {
      if (this.bytes[this.position] === Tag.HOLE) this.position++;
      else array[i] = this.value();
    }
    return this.properties(array);
  }

  rareValue(tag) {
    switch (tag) {
      case Tag.BIGINT: return this.bigint();
      case Tag.DATE: return this.remember(new Date(this.double()));
      case Tag.MAP: {
        const map = this.remember(new Map());
        for (let count = this.varint(); count > 0; count--) {
          const key = this.value();
          map.set(key, this.value());
        }
        return map;
      }
      case Tag.SET: {
        const set = this.remember(new Set());
        for (let count = this.varint(); count > 0; count--) set.add(this.value());
        return set;
      }
      case Tag.REGEXP: {
        const source = this.string();
        return this.remember(new RegExp(source, this.string()));
      }
      case Tag.BUFFER: {
        const size = this.varint();
        const buffer = this.bytes.slice(this.position, this.position + size).buffer;
        this.position += size;
        return this.remember(buffer);
      }
      case Tag.TYPED_ARRAY: return this.view(typedArrays[this.bytes[this.position++]]);
      case Tag.DATA_VIEW: return this.view(DataView);
      case Tag.ERROR: return this.error();
      case Tag.BOXED: {
        const number = this.reserveNumber();
        return (this.objects[number] = Object(this.value()));
      }
      case Tag.GUEST_FUNCTION: {
        const handle = this.varint();
        return this.remember(this.bridge.functionOfHandle(handle, this.string()));
      }
      case Tag.HOST_FUNCTION: {
        const number = this.varint();
        this.string();
        this.position++;
        return this.remember(this.bridge.functionOfNumber(number));
      }
      case Tag.GUEST_PROMISE: return this.remember(this.bridge.promiseOfHandle(this.varint()));
      case Tag.HOST_PROMISE: return this.remember(this.bridge.promiseOfNumber(this.varint()));
      default: throw new Error(`malformed message from the engine (tag ${tag})`);
    }
  }

  reserveNumber() {
    this.objects.push(undefined);
    return this.objects.length - 1;
  }

  view(Type) {
    const number = this.reserveNumber();
    const buffer = this.value();
    const offset = this.varint();
    const length = this.varint();
    if (!Type) throw new TypeError('this host has no Float16Array');
    return (this.objects[number] = new Type(buffer, offset, length));
  }

  bigint() {
    const isNegative = this.bytes[this.position++] === 1;
    const count = this.varint();
    let value = 0n;
    for (let i = count - 1; i >= 0; i--)
      value = (value << 32n) | BigInt(this.data.getUint32(this.position + i * 4, true));
    this.position += count * 4;
    return isNegative ? -value : value;
  }

  error() {
    const number = this.reserveNumber();
    const name = this.string();
    const message = this.string();
    const stack = this.string();
    const Class = Object.hasOwn(errorClasses, name) ? errorClasses[name] : undefined;
    const error = Class === AggregateError ? new AggregateError([], message) : Class ? new Class(message) : new GuestError(message, name);
    // The guest's own stack; the host's would only show this decoder.
    Object.defineProperty(error, 'stack', { value: stack || `${name}: ${message}`, writable: true, configurable: true });
    this.objects[number] = error;
    for (const property of ['cause', 'errors']) {
      if (this.bytes[this.position] === Tag.HOLE) {
        this.position++;
      } else {
        Object.defineProperty(error, property, { value: this.value(), writable: true, configurable: true });
      }
    }
    return error;
  }
}

function unitsToText(units) {
  let text = '';
  for (let i = 0; i < units.length; i += UNITS_PER_CALL)
    text += String.fromCharCode.apply(null, units.subarray(i, i + UNITS_PER_CALL));
  return text;
}
