// Values on their way between two threads: a packet is made of lists, texts and numbers only, and of buffers beside
// them. So structured clone carries it, and where a thread waits for an answer it is a text in shared memory.
//
// A packet is [root, nodes, buffers, starts]; nodes are a text, which crosses several times as fast as many small
// lists. A slot is a text, boolean, null or plain number that stands for itself, `[index]` of a node, or `[kind, ...]`
// of another primitive. Nodes are written and read with a list of what is still to be done, not by recursion: values
// may be nested as deeply as they like. What structured clone would lose is written by hand: functions, promises and
// objects by reference (numbers of a Link), errors with their class and data, holes, symbols, objects whose functions
// are called on the original.
import {
  GuestError,
  GuestObject,
  GuestReference,
  HostIterator,
  brandOf,
  bufferIsDetached,
  bufferIsResizable,
  bufferLength,
  bufferMaxLength,
  dataViewBuffer,
  dataViewBytes,
  dataViewOffset,
  dateTime,
  describe,
  errorClasses,
  hasMembers,
  isCrossingSymbol,
  isProgram,
  isReference,
  isThenable,
  isTransfer,
  keepsState,
  keyText,
  makeProgram,
  mapForEach,
  packageErrors,
  primitiveOf,
  programBytes,
  regexpFlags,
  regexpSource,
  ref,
  setForEach,
  stateful,
  tagOf,
  typedArrayBuffer,
  typedArrayBytes,
  typedArrayName,
  typedArrayOffset,
} from './core.js';

const { hasOwn } = Object;
const ALIGNMENT = 8; // of what is cut from a buffer
/** Of errors, by name. @type {Map<string, any>} */
const classes = new Map([...Object.entries(errorClasses), ...Object.entries(packageErrors)]);
const hiddenOfErrors = ['cause', 'errors', 'guestStack']; // properties that are not enumerable
const UNDEFINED = ['u'];
const HOLE = ['h'];

/** @typedef {[slot: any, nodes?: string, buffers?: ArrayBuffer[], starts?: number[]]} Packet */

/**
 * @param {any} value
 * @param {import('./thread-link.js').Link} link
 * @param {string} [where] what to call it in errors
 * @param {boolean} [isList] the value is a list of values: arguments, for example
 * @returns {Packet}
 */
export function pack(value, link, where, isList = false) {
  const simple = primitiveSlot(value);
  return simple === undefined ? new Packer(link, where, isList).pack(value) : [simple];
}

/**
 * Undefined: an object, or a symbol that cannot cross.
 * @param {any} value
 */
function primitiveSlot(value) {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['n', Object.is(value, -0) ? '-0' : String(value)];
    case 'undefined':
      return UNDEFINED;
    case 'bigint':
      return ['b', `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}`];
    case 'symbol':
      return isCrossingSymbol(value)
        ? ['s', /** @type {string} */ (value.description).slice('Symbol.'.length)]
        : undefined;
    default:
      return value === null ? null : undefined;
  }
}

class Packer {
  #link;
  #where;
  #isList;
  /** @type {Map<any, any[]>} */
  #slots = new Map(); // of objects
  /** @type {any[][]} */
  #nodes = [];
  /** @type {{ value: any, parent: number, key: any }[]} */
  #items = []; // by node: what becomes of it, and where it was found
  /** @type {number[]} */
  #numbers = []; // of what is given
  /** @type {Map<ArrayBuffer, { number: number, start: number, end: number }>} */
  #buffers = new Map();
  /** @type {Set<ArrayBuffer>} */
  #handed = new Set(); // buffers that the host gives away

  /**
   * @param {import('./thread-link.js').Link} link
   * @param {string | undefined} where
   * @param {boolean} isList
   */
  constructor(link, where, isList) {
    this.#link = link;
    this.#where = where;
    this.#isList = isList;
  }

  /**
   * @param {any} value
   * @returns {Packet}
   */
  pack(value) {
    const root = this.#slot(value, -1, undefined);
    try {
      for (let i = 0; i < this.#items.length; i++) this.#nodes[i] = this.#node(i, this.#items[i].value);
    } catch (error) {
      this.#link.released(this.#numbers.map((number) => [number, 1])); // it is not sent
      throw error;
    }
    const buffers = [];
    const starts = [];
    for (const [buffer, { start, end }] of this.#buffers) {
      const isTaken = this.#handed.has(buffer) || this.#link.takesBuffers;
      buffers.push(isTaken ? buffer : buffer.slice(start, end));
      starts.push(isTaken ? 0 : start);
    }
    for (const buffer of this.#handed) if (!this.#buffers.has(buffer)) buffers.push(buffer);
    return [root, JSON.stringify(this.#nodes), buffers, starts];
  }

  /** @param {number} number */
  #given(number) {
    this.#numbers.push(number);
    return number;
  }

  /**
   * @param {any} value
   * @param {number} parent
   * @param {any} key
   */
  #slot(value, parent, key) {
    const simple = primitiveSlot(value);
    if (simple !== undefined) return simple;
    let slot = this.#slots.get(value);
    if (slot === undefined) {
      slot = [this.#items.push({ value, parent, key }) - 1];
      this.#slots.set(value, slot);
    }
    return slot;
  }

  /**
   * What is no value of its own may be left out, if the host wants it so.
   * @param {number} index
   * @param {string} [reason]
   */
  #refuse(index, reason = 'only data, functions and promises can') {
    const { value, parent } = this.#items[index];
    // Of an error, the rest is wanted in any case.
    for (let i = parent; i >= 0; i = this.#items[i].parent) if (this.#nodes[i][0] === 'e') return UNDEFINED;
    const message = `${this.#path(index)}${describe(value)} cannot be passed ${this.#link.direction}: ${reason}`;
    if (!this.#link.omits || parent < 0 || (this.#isList && parent === 0)) throw new TypeError(message);
    this.#link.omitted(message);
    return HOLE;
  }

  /** @param {number} index */
  #path(index) {
    const keys = [];
    for (let i = index; this.#items[i].parent >= 0; i = this.#items[i].parent) keys.unshift(this.#items[i].key);
    if (this.#isList && this.#where !== undefined) keys.shift(); // the list has one value, of that name
    let path = this.#where ?? (this.#isList ? 'arguments' : '');
    for (const key of keys)
      path += typeof key === 'number' ? `[${key}]` : path === '' ? keyText(key) : `.${keyText(key)}`;
    return path === '' ? '' : `${path}: `;
  }

  /**
   * @param {number} index
   * @param {any} value
   * @returns {any[]}
   */
  #node(index, value) {
    if (typeof value === 'symbol') return this.#refuse(index);
    const own = this.#link.numberOfTheirs(value);
    if (own !== undefined) return ['y', own];
    if (typeof value === 'function') return this.#function(value);
    if (Array.isArray(value)) return this.#array(index, value);
    if (this.#link.ofGuest && value instanceof GuestReference) return ['k', this.#given(this.#link.give(value))];
    if (this.#link.ofGuest && value instanceof GuestObject) return ['g', this.#given(this.#link.give(value))];
    if (isTransfer(value)) {
      for (const buffer of value.buffers) this.#handed.add(buffer);
      return ['=', this.#slot(value.value, index, 'value')];
    }
    if (isProgram(value)) return this.#program(index, value);
    if (isReference(value)) return this.#reference(index, value.object);
    if (value instanceof HostIterator) return this.#iterator(index, value);
    const prototype = Object.getPrototypeOf(value);
    const brand = brandOf(value, prototype);
    switch (brand) {
      case 'map': {
        /** @type {any[]} */
        const slots = [];
        mapForEach(value, (/** @type {any} */ item, /** @type {any} */ key) =>
          slots.push(this.#slot(key, index, slots.length >> 1), this.#slot(item, index, slots.length >> 1)),
        );
        return ['m', slots];
      }
      case 'set': {
        /** @type {any[]} */
        const slots = [];
        setForEach(value, (/** @type {any} */ item) => slots.push(this.#slot(item, index, slots.length)));
        return ['S', slots];
      }
      case 'date':
        return ['d', primitiveSlot(dateTime(value))];
      case 'regexp':
        return ['r', regexpSource(value), regexpFlags(value)];
      case 'boxed': {
        const primitive = primitiveOf(value);
        return primitive === undefined ? this.#refuse(index) : ['x', primitiveSlot(primitive)];
      }
      case 'error':
        return this.#error(index, value);
      case 'buffer':
        return this.#buffer(index, value);
      case 'view':
        return this.#view(index, value);
      case 'shared':
        return this.#refuse(
          index,
          'its memory cannot be shared with the guest; pass a copy, for example new Uint8Array(buffer).slice().buffer',
        );
      case 'weak':
        return this.#refuse(index);
      case 'promise':
        return ['p', this.#given(this.#link.givePromise(value))];
      default:
        return this.#instance(index, value, prototype);
    }
  }

  /** @param {any} fn */
  #function(fn) {
    const { name, length } = fn;
    return [
      'f',
      this.#given(this.#link.give(fn)),
      typeof name === 'string' ? name.slice(0, 1000) : '',
      Number.isInteger(length) && length > 0 ? Math.min(length, 255) : 0,
      this.#link.flagsOf(fn) | (hasMembers(fn) ? HAS_MEMBERS : 0),
    ];
  }

  /**
   * The engine trusts the bytes, so they go to the worker only, never to the host.
   * @param {number} index
   * @param {any} program
   */
  #program(index, program) {
    if (this.#link.ofGuest) return this.#refuse(index);
    const bytes = programBytes(program);
    return ['P', this.#bufferNumber(bytes, 0, bytes.byteLength), program.name, program.isModule];
  }

  /**
   * @param {number} index
   * @param {any} object
   */
  #reference(index, object) {
    const own = this.#link.numberOfTheirs(object);
    if (own !== undefined) return ['y', own];
    if (!this.#link.canRefer)
      return this.#refuse(index, 'a reference needs shared memory (a page: cross-origin isolation)');
    return ['R', this.#given(this.#link.give(object))];
  }

  /**
   * @param {number} index
   * @param {any} iterator
   */
  #iterator(index, { isAsync, methods }) {
    const names = Object.keys(methods);
    return ['I', isAsync, names, names.map((name) => this.#slot(methods[name], index, name))];
  }

  /**
   * @param {number} index
   * @param {any} value
   * @param {object | null} prototype
   */
  #instance(index, value, prototype) {
    const isPlain = prototype === Object.prototype || prototype === null;
    if (!isPlain && value instanceof Error) return this.#error(index, value);
    if (!isPlain && isThenable(value)) return ['p', this.#given(this.#link.givePromise(value))];
    const keys = Object.keys(value);
    if (keys.length === 0 && !isPlain) {
      const substitute = stateful(value);
      if (substitute !== undefined) return ['=', this.#slot(substitute, index, 'iterator')];
      const isIterable = value[Symbol.iterator] !== undefined || value[Symbol.asyncIterator] !== undefined;
      if (keepsState(value, prototype) && !(isIterable && tagOf(value) === '[object Object]'))
        return this.#refuse(
          index,
          'its state is private; pass the data that it stands for, an object with methods, or ref(value)',
        );
    }
    return this.#object(index, value, keys);
  }

  /**
   * @param {number} index
   * @param {any} object
   * @param {string[]} keys
   */
  #object(index, object, keys) {
    const refused = this.#link.refusedOf(object, keys);
    /** @type {any[]} */
    const names = [];
    const slots = [];
    let receives = false;
    for (const key of keys) {
      if (!hasOwn(object, key)) continue; // a getter has removed it
      const value = object[key];
      if (typeof value === 'function' && this.#link.numberOfTheirs(value) === undefined) receives = true;
      names.push(key);
      slots.push(this.#slot(value, index, key));
    }
    for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
      const iteration = object[symbol] === undefined ? undefined : this.#link.iterationOf(object, symbol);
      if (iteration === undefined) continue;
      if (this.#link.ofGuest) receives = true;
      names.push(primitiveSlot(symbol));
      slots.push(this.#slot(iteration, index, String(symbol)));
    }
    return ['o', names, slots, receives ? this.#given(this.#link.giveReceiver(object)) : 0, refused];
  }

  /**
   * @param {number} index
   * @param {any[]} array
   */
  #array(index, array) {
    const { length } = array;
    const keys = Object.keys(array);
    const isDense = keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
    const slots = [];
    if (isDense) {
      for (let i = 0; i < length; i++) slots.push(hasOwn(array, i) ? this.#slot(array[i], index, i) : HOLE);
      return ['a', slots];
    }
    for (const key of keys)
      slots.push(
        hasOwn(array, key)
          ? this.#slot(/** @type {any} */ (array)[key], index, isIndex(key) ? Number(key) : key)
          : HOLE,
      );
    return ['A', length, keys, slots];
  }

  /**
   * Of an error of the host only primitives among its own properties cross, and neither stack nor place.
   * @param {number} index
   * @param {any} error
   */
  #error(index, error) {
    const { number, isHome } = this.#link.errors.numberOf(error);
    /** @type {string[]} */
    const names = [];
    const slots = [];
    for (const key of [...hiddenOfErrors, ...Object.keys(error)]) {
      const descriptor = Object.getOwnPropertyDescriptor(error, key);
      if (descriptor === undefined || !hasOwn(descriptor, 'value') || names.includes(key)) continue;
      if (key === 'stack' || key === 'name' || key === 'message') continue;
      const isObject =
        (typeof descriptor.value === 'object' && descriptor.value !== null) || typeof descriptor.value === 'function';
      if (isObject && !hiddenOfErrors.includes(key) && !this.#link.ofGuest) continue;
      if (typeof descriptor.value === 'symbol') continue;
      names.push(key);
      slots.push(this.#slot(descriptor.value, index, key));
    }
    const isDom = typeof DOMException === 'function' && error instanceof DOMException;
    const stack = this.#link.ofGuest ? textOf(error, 'stack', '') : '';
    const kind = isDom ? 'dom' : error instanceof GuestError ? 'guest' : '';
    return [
      'e',
      kind,
      textOf(error, 'name', 'Error'),
      textOf(error, 'message', ''),
      stack,
      number,
      isHome,
      names,
      slots,
    ];
  }

  /**
   * @param {number} index
   * @param {ArrayBuffer} buffer
   */
  #buffer(index, buffer) {
    if (bufferIsDetached(buffer)) return this.#refuse(index, 'it is detached');
    const number = this.#bufferNumber(buffer, 0, bufferLength(buffer));
    return ['B', number, bufferIsResizable?.(buffer) ? bufferMaxLength(buffer) : -1];
  }

  /**
   * @param {number} index
   * @param {any} view
   */
  #view(index, view) {
    const name = typedArrayName(view) ?? 'DataView';
    let place;
    try {
      place =
        name === 'DataView'
          ? [dataViewBuffer(view), dataViewOffset(view), dataViewBytes(view)]
          : [typedArrayBuffer(view), typedArrayOffset(view), typedArrayBytes(view)];
    } catch {
      return this.#refuse(index, 'its buffer is detached or too short for it');
    }
    const [buffer, offset, bytes] = place;
    if (brandOf(buffer, null) !== 'buffer')
      return this.#refuse(index, 'its memory cannot be shared with the guest; pass a copy, for example view.slice()');
    if (bufferIsDetached(buffer)) return this.#refuse(index, 'its buffer is detached');
    const number = this.#bufferNumber(buffer, offset, offset + bytes);
    return ['T', name, number, offset, bytes];
  }

  /**
   * Only what is needed of a buffer is sent.
   * @param {ArrayBuffer} buffer
   * @param {number} start
   * @param {number} end
   */
  #bufferNumber(buffer, start, end) {
    const aligned = start - (start % ALIGNMENT);
    const known = this.#buffers.get(buffer);
    if (known === undefined) {
      const number = this.#buffers.size;
      this.#buffers.set(buffer, { number, start: aligned, end });
      return number;
    }
    known.start = Math.min(known.start, aligned);
    known.end = Math.max(known.end, end);
    return known.number;
  }
}

export const BLOCKING = 1;
export const CONSTRUCTOR = 2;
export const ASYNC = 4;
export const HAS_MEMBERS = 8;

/**
 * @param {Packet} packet
 * @param {import('./thread-link.js').Link} link
 */
export function unpack([root, nodes, buffers = [], starts = []], link) {
  return nodes === undefined
    ? primitiveOfSlot(root)
    : new Unpacker(link, JSON.parse(nodes), buffers, starts).unpack(root);
}

/** @param {any} slot */
function primitiveOfSlot(slot) {
  if (typeof slot !== 'object' || slot === null) return slot;
  switch (slot[0]) {
    case 'n':
      return Number(slot[1]);
    case 'b':
      return slot[1][0] === '-' ? -BigInt(slot[1].slice(1)) : BigInt(slot[1]);
    case 's':
      return /** @type {any} */ (Symbol)[slot[1]];
    default:
      return undefined;
  }
}

class Unpacker {
  #link;
  #nodes;
  #buffers;
  #starts;
  /** @type {any[]} */
  #objects = [];

  /**
   * @param {import('./thread-link.js').Link} link
   * @param {any[][]} nodes
   * @param {ArrayBuffer[]} buffers
   * @param {number[]} starts
   */
  constructor(link, nodes, buffers, starts) {
    this.#link = link;
    this.#nodes = nodes;
    this.#buffers = buffers;
    this.#starts = starts;
  }

  /** @param {any} root */
  unpack(root) {
    const nodes = this.#nodes;
    for (const node of nodes) if (node[0] === 'B' && node[2] >= 0) this.#makeResizable(node[1], node[2]);
    for (let i = 0; i < nodes.length; i++) this.#make(i);
    for (let i = 0; i < nodes.length; i++) this.#fill(nodes[i], this.#objects[i]);
    return this.#value(root);
  }

  /** @param {any} slot */
  #value(slot) {
    if (typeof slot !== 'object' || slot === null) return slot;
    return typeof slot[0] === 'number' ? this.#objects[slot[0]] : primitiveOfSlot(slot);
  }

  /** @param {any} slot */
  #isHole(slot) {
    if (typeof slot !== 'object' || slot === null) return false;
    return slot[0] === 'h' || (typeof slot[0] === 'number' && this.#nodes[slot[0]][0] === 'h');
  }

  /**
   * Views come after it.
   * @param {number} number
   * @param {number} maximum
   */
  #makeResizable(number, maximum) {
    const buffer = this.#buffers[number];
    if (bufferIsResizable?.(buffer)) return;
    const grown = new ArrayBuffer(buffer.byteLength, /** @type {any} */ ({ maxByteLength: maximum }));
    new Uint8Array(grown).set(new Uint8Array(buffer));
    this.#buffers[number] = grown;
  }

  /** Nodes may refer to later ones. @param {number} index */
  #make(index) {
    if (!(index in this.#objects)) this.#objects[index] = this.#shell(index, this.#nodes[index]);
    return this.#objects[index];
  }

  /**
   * @param {number} index
   * @param {any[]} node
   * @returns {any}
   */
  #shell(index, node) {
    const link = this.#link;
    switch (node[0]) {
      case 'o':
        return {};
      case 'a':
      case 'A':
        return [];
      case 'm':
        return new Map();
      case 'S':
        return new Set();
      case 'd':
        return new Date(primitiveOfSlot(node[1]));
      case 'r':
        return new RegExp(node[1], node[2]);
      case 'x':
        return Object(primitiveOfSlot(node[1]));
      case 'e':
        return this.#error(node);
      case 'B':
        return this.#buffers[node[1]];
      case 'T':
        return this.#view(node);
      case '=':
        return typeof node[1]?.[0] === 'number' && typeof node[1] === 'object'
          ? this.#make(node[1][0])
          : this.#value(node[1]);
      case 'I':
        return link.makeIterator(node[1]);
      case 'y':
        return link.ours(node[1]);
      case 'f':
        return link.arrived(node[1], () => link.makeFunction(node[1], node[2], node[3], node[4]));
      case 'g':
        return link.arrived(node[1], () => link.makeObject(node[1]));
      case 'k':
        return link.arrived(node[1], () => link.makeReference(node[1]));
      case 'R': {
        const object = link.arrived(node[1], () => link.makeHostObject(node[1]));
        return ref(object);
      }
      case 'P':
        return link.ofGuest ? makeProgram(this.#buffers[node[1]], node[2], node[3]) : undefined;
      case 'p':
        return link.promiseArrived(node[1]);
      default:
        return undefined;
    }
  }

  /**
   * @param {any[]} node
   * @param {any} object
   */
  #fill(node, object) {
    switch (node[0]) {
      case 'o':
        return this.#fillObject(object, node);
      case 'a': {
        const slots = node[1];
        object.length = slots.length;
        for (let i = 0; i < slots.length; i++) if (!this.#isHole(slots[i])) object[i] = this.#value(slots[i]);
        return;
      }
      case 'A': {
        const [, length, keys, slots] = node;
        if (length > 1024) object.length = 2 ** 32 - 1; // memory by its elements, not its length
        object.length = length;
        for (let i = 0; i < keys.length; i++)
          if (!this.#isHole(slots[i])) define(object, keys[i], this.#value(slots[i]), true);
        return;
      }
      case 'm':
        for (let i = 0; i < node[1].length; i += 2) object.set(this.#value(node[1][i]), this.#value(node[1][i + 1]));
        return;
      case 'S':
        for (const slot of node[1]) object.add(this.#value(slot));
        return;
      case 'e': {
        const [names, slots] = [node[7], node[8]];
        if (node[6] && this.#link.errors.find(node[5]) === object) return; // it has come home
        for (let i = 0; i < names.length; i++)
          if (!this.#isHole(slots[i]))
            define(object, names[i], this.#value(slots[i]), !hiddenOfErrors.includes(names[i]));
        return;
      }
      case 'I':
        for (let i = 0; i < node[2].length; i++) define(object, node[2][i], this.#value(node[3][i]), false);
        return;
      default:
    }
  }

  /**
   * @param {any} object
   * @param {any[]} node
   */
  #fillObject(object, [, names, slots, receiver, refused]) {
    for (let i = 0; i < names.length; i++) {
      if (this.#isHole(slots[i])) continue;
      const name = typeof names[i] === 'string' ? names[i] : primitiveOfSlot(names[i]);
      const value = this.#value(slots[i]);
      if (typeof name === 'symbol') this.#link.defineIteration(object, name, value);
      else if (name in Object.prototype) define(object, name, value, true);
      else object[name] = value;
    }
    for (const [name, slot] of refused ?? [])
      Object.defineProperty(object, name, {
        get() {
          throw new TypeError(slot);
        },
        enumerable: false,
        configurable: true,
      });
    if (receiver !== 0) this.#link.receiverArrived(object, receiver);
  }

  /** @param {any[]} node */
  #error([, kind, name, message, stack, number, isHome]) {
    const { errors } = this.#link;
    const home = isHome ? errors.find(number) : undefined;
    if (home !== undefined) return home;
    const Class = classes.get(name);
    let error;
    if (kind === 'dom' && typeof DOMException === 'function') error = new DOMException(message, name);
    else if (kind === 'guest' || Class === undefined) error = new GuestError(message, name);
    else error = Class === AggregateError ? new AggregateError([], message) : new Class(message);
    if (!isHome) errors.received(error, number);
    if (this.#link.fromGuest) define(error, 'stack', stack || `${name}: ${message}`, false);
    return error;
  }

  /** @param {any[]} node */
  #view([, name, number, offset, bytes]) {
    const Type = /** @type {any} */ (globalThis)[name];
    if (Type === undefined) throw new TypeError(`this host has no ${name}`);
    return new Type(this.#buffers[number], offset - this.#starts[number], bytes / (Type.BYTES_PER_ELEMENT ?? 1));
  }
}

/**
 * @param {object} object
 * @param {PropertyKey} key
 * @param {any} value
 * @param {boolean} enumerable
 */
function define(object, key, value, enumerable) {
  Object.defineProperty(object, key, { value, writable: true, enumerable, configurable: true });
}

/** @param {string} key */
function isIndex(key) {
  const number = Number(key);
  return number >= 0 && number < 4294967295 && String(number >>> 0) === key;
}

/**
 * @param {any} object
 * @param {string} name
 * @param {string} otherwise
 */
function textOf(object, name, otherwise) {
  try {
    const value = object[name];
    return typeof value === 'string' ? value : otherwise;
  } catch {
    return otherwise;
  }
}
