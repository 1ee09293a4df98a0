// Values as data that the page shows. This runs in two realms: in the worker, for results and errors, and in the guest,
// for arguments of its console (a symbol or a WeakMap cannot cross, and looking at an object must not run its getters).
// So the function collects all that it needs before the guest can change anything: its source is evaluated there first.
//
// An entry of the output is JSON: [kind, indent, values, objects]. A value is [type, text] or [type, text, characters
// left out], or the index of an object: ['object' | 'list' | 'error', name, members, members left out], of which a
// member is [key, value, link]. Objects are in the order in which they were met, the nearest first, whatever they
// contain and however deep they are.

/**
 * @typedef {[type: string, text: string, omitted?: number]} Leaf
 * @typedef {Leaf | number} Value
 * @typedef {[key: string, value: Value, link?: string]} Member
 * @typedef {[kind: string, name: string, members: Member[], omitted: number]} DescribedObject
 * @typedef {[members: Member[], omitted: number]} Members
 * @typedef {[kind: string, indent: number, values: Value[], objects: DescribedObject[]]} Entry
 */

export function makeDescriber() {
  const LONGEST_TEXT = 50_000; // characters of a string that is shown by itself
  const LONGEST_MEMBER = 10_000; // characters of a string within a value
  const LONGEST_NAME = 200;
  const MOST_CHARACTERS = 200_000; // of an entry; each thing shown costs some more
  const COST_OF_VALUE = 20;
  const MOST_MEMBERS = 1000; // of an object

  // The functions are taken now, since the values to be described may replace them.
  /**
   * @type {{
   *   apply(fn: any, receiver: any, args: any[]): any,
   *   getOwnPropertyDescriptor(object: any, key: PropertyKey): any,
   *   getPrototypeOf(object: any): any,
   *   ownKeys(object: any): PropertyKey[],
   * }}
   */
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { stringify } = JSON;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const text = String;
  const { max, min } = Math;
  const { slice } = String.prototype;
  const { get: find, set: remember } = Map.prototype;
  const { entries } = Map.prototype;
  const { values: items } = Set.prototype;
  const { next: nextEntry } = getPrototypeOf(new Map().entries());
  const { next: nextItem } = getPrototypeOf(new Set().values());
  const sizeOfMap = getOwnPropertyDescriptor(Map.prototype, 'size').get;
  const sizeOfSet = getOwnPropertyDescriptor(Set.prototype, 'size').get;
  const lengthOfView = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), 'length').get;
  const { getTime, toISOString } = Date.prototype;
  const { toString: patternText } = RegExp.prototype;
  const {
    Map: Numbers,
    Set: ItemSet,
    Date: Time,
    RegExp: Pattern,
    Promise: Pending,
    Error: Failure,
    Uint8Array: Bytes,
    ArrayBuffer: Buffer,
  } = globalThis;
  const boxes = [Number, String, Boolean, BigInt, Symbol];

  /** @param {any} value @param {any} classOfIt */
  const isIn = (value, classOfIt) => value instanceof classOfIt;

  /** @param {any} object @param {PropertyKey} key */
  function own(object, key) {
    const descriptor = getOwnPropertyDescriptor(object, key);
    return descriptor === undefined ? undefined : descriptor.value;
  }

  /** The name of an object's class; '' when it needs none. @param {any} object @returns {string} */
  function className(object) {
    let holder = object;
    for (let level = 0; holder !== null && level < 10; level++) {
      const tag = own(holder, Symbol.toStringTag);
      if (typeof tag === 'string') return tag;
      const constructor = level > 0 || isArray(object) ? own(holder, 'constructor') : undefined;
      const name = typeof constructor === 'function' ? own(constructor, 'name') : undefined;
      if (typeof name === 'string' && name !== '') return name === 'Object' ? '' : name;
      holder = getPrototypeOf(holder);
    }
    return holder === null && getPrototypeOf(object) === null ? '[no prototype]' : '';
  }

  /** An entry as JSON. @param {string} kind @param {number} indent @param {unknown[]} list @returns {string} */
  return function describe(kind, indent, list) {
    /** @type {DescribedObject[]} */
    const objects = []; // described so far; those of `known` after them are still to come
    /** @type {any[]} */
    const known = [];
    /** @type {Map<any, number> | undefined} */
    let numbers; // of the known objects
    let left = MOST_CHARACTERS;

    /** @param {string} type @param {string} string @param {number} longest @returns {Leaf} */
    function cut(type, string, longest) {
      const length = min(longest, max(left, 0));
      left -= min(length, string.length);
      return string.length <= length
        ? [type, string]
        : [type, apply(slice, string, [0, length]), string.length - length];
    }

    /** @param {any} value @param {number} longest @returns {Value} */
    function describeValue(value, longest) {
      left -= COST_OF_VALUE;
      switch (typeof value) {
        case 'string':
          return cut('string', value, longest);
        case 'number':
          return ['number', value === 0 && 1 / value < 0 ? '-0' : `${value}`];
        case 'bigint':
          return cut('number', `${value}n`, longest);
        case 'boolean':
          return ['number', `${value}`];
        case 'symbol':
          return cut('symbol', text(value), longest);
        case 'undefined':
          return ['quiet', 'undefined'];
        case 'function':
          return ['quiet', functionText(value)];
        default:
          return value === null ? ['quiet', 'null'] : numberOf(value);
      }
    }

    /** @param {any} fn */
    function functionText(fn) {
      let name;
      try {
        name = own(fn, 'name');
      } catch {
        // A Proxy's trap.
      }
      return `ƒ ${typeof name === 'string' && name !== '' ? apply(slice, name, [0, LONGEST_NAME]) : 'anonymous'}`;
    }

    /** @param {any} object @returns {Value} */
    function numberOf(object) {
      numbers ??= new Numbers();
      const number = apply(find, numbers, [object]);
      if (number !== undefined) return number;
      if (left <= 0) return ['quiet', '…'];
      apply(remember, numbers, [object, known.length]);
      known[known.length] = object;
      return known.length - 1;
    }

    /** A short text for a key of a Map. @param {any} key @returns {string} */
    function keyText(key) {
      if (typeof key === 'string') return stringify(apply(slice, key, [0, LONGEST_NAME]));
      if (typeof key !== 'object' || key === null) return /** @type {Leaf} */ (describeValue(key, LONGEST_NAME))[1];
      return className(key) || '{…}';
    }

    /** @param {number} length @param {(i: number) => Member} memberAt @returns {Members} */
    function listMembers(length, memberAt) {
      /** @type {Member[]} */
      const members = [];
      for (let i = 0; i < length && i < MOST_MEMBERS && left > 0; i++) members[i] = memberAt(i);
      return [members, length - members.length];
    }

    /** @param {any} object @param {PropertyKey} key @returns {Value} */
    function propertyValue(object, key) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      if (descriptor === undefined) return ['quiet', 'empty'];
      return 'value' in descriptor
        ? describeValue(descriptor.value, LONGEST_MEMBER)
        : ['quiet', descriptor.get ? '(getter)' : '(setter)'];
    }

    /** @param {any} object @param {(key: PropertyKey) => boolean} isShown @returns {Members} */
    function ownMembers(object, isShown = (key) => getOwnPropertyDescriptor(object, key).enumerable) {
      /** @type {Member[]} */
      const members = [];
      let omitted = 0;
      const keys = ownKeys(object);
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (members.length >= MOST_MEMBERS || left <= 0) omitted++;
        else if (isShown(key))
          members[members.length] = [
            typeof key === 'symbol' ? `[${text(key)}]` : apply(slice, key, [0, LONGEST_NAME]),
            propertyValue(object, key),
          ];
      }
      return [members, omitted];
    }

    /** @param {any} map */
    function mapMembers(map) {
      const iterator = apply(entries, map, []);
      return listMembers(apply(sizeOfMap, map, []), () => {
        const [key, value] = apply(nextEntry, iterator, []).value;
        return [keyText(key), describeValue(value, LONGEST_MEMBER), ' => '];
      });
    }

    /** @param {any} set */
    function setMembers(set) {
      const iterator = apply(items, set, []);
      return listMembers(apply(sizeOfSet, set, []), (i) => [
        `${i}`,
        describeValue(apply(nextItem, iterator, []).value, LONGEST_MEMBER),
      ]);
    }

    /** @param {any} error @returns {string} */
    function errorText(error) {
      const { stack } = error;
      if (typeof stack === 'string' && stack !== '') return apply(slice, stack, [0, LONGEST_MEMBER]);
      return `${text(error.name)}: ${text(error.message)}`;
    }

    /** @param {any} object @returns {DescribedObject} */
    function describeObject(object) {
      if (isIn(object, Failure)) {
        const isOfError = (/** @type {PropertyKey} */ key) =>
          key !== 'stack' &&
          key !== 'message' &&
          key !== 'name' &&
          (key === 'cause' || key === 'errors' || getOwnPropertyDescriptor(object, key).enumerable);
        return ['error', errorText(object), ...ownMembers(object, isOfError)];
      }
      const name = apply(slice, className(object), [0, LONGEST_NAME]);
      const sized = (/** @type {number} */ size) => `${name}(${size})`;
      /** @type {(i: number) => Member} */
      const memberAt = (i) => [`${i}`, propertyValue(object, i)];
      if (isArray(object)) return ['list', sized(object.length), ...listMembers(object.length, memberAt)];
      if (isIn(object, Numbers)) return ['object', sized(apply(sizeOfMap, object, [])), ...mapMembers(object)];
      if (isIn(object, ItemSet)) return ['list', sized(apply(sizeOfSet, object, [])), ...setMembers(object)];
      if (isIn(object, Time)) {
        const time = apply(getTime, object, []);
        // biome-ignore lint/suspicious/noSelfCompare: nothing of the guest is called by it
        const isValid = time === time;
        return ['object', isValid ? apply(toISOString, object, []) : 'Invalid Date', ...ownMembers(object)];
      }
      if (isIn(object, Pattern)) return ['object', apply(patternText, object, []), ...ownMembers(object)];
      if (isIn(object, Pending)) return ['object', name, ...ownMembers(object)];
      if (isView(object) && !isIn(object, DataView)) {
        const length = apply(lengthOfView, object, []);
        return ['list', sized(length), ...listMembers(length, memberAt)];
      }
      if (isIn(object, Buffer)) {
        const bytes = new Bytes(object);
        return ['list', sized(bytes.length), ...listMembers(bytes.length, (i) => [`${i}`, propertyValue(bytes, i)])];
      }
      for (let i = 0; i < boxes.length; i++) {
        if (!isIn(object, boxes[i])) continue;
        const value = apply(boxes[i].prototype.valueOf, object, []);
        return [
          'object',
          `${name}(${typeof value === 'string' ? stringify(value) : /** @type {Leaf} */ (describeValue(value, LONGEST_MEMBER))[1]})`,
          [],
          0,
        ];
      }
      return ['object', name, ...ownMembers(object)];
    }

    /** @type {Value[]} */
    const values = [];
    for (let i = 0; i < list.length; i++) values[i] = describeValue(list[i], LONGEST_TEXT);
    for (let i = 0; i < known.length; i++) {
      try {
        objects[i] = describeObject(known[i]);
      } catch {
        objects[i] = ['object', 'an object that cannot be looked at', [], 0]; // a trap or a getter threw
      }
    }
    return stringify([kind, indent, values, objects]);
  };
}
