// What an object is by its internal slots, whatever its prototype claims. So values of another realm (vm, an iframe)
// and of subclasses are recognised like those of this realm, and no method of the value itself is called.
import { builtinOfNode } from './node-here.js';
/** @type {(prototype: object, name: PropertyKey) => ((this: any) => any) | undefined} */
const getterOf = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name)?.get;
/** @type {(fn: Function | undefined) => any} */
const call = (fn) => fn && Function.prototype.call.bind(fn);

const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const hasShared = typeof SharedArrayBuffer === 'function';

// Each throws a TypeError when the object is something else.
export const mapForEach = call(Map.prototype.forEach);
export const setForEach = call(Set.prototype.forEach);
export const dateTime = call(Date.prototype.getTime);
export const regexpSource = call(getterOf(RegExp.prototype, 'source'));
export const bufferLength = call(getterOf(ArrayBuffer.prototype, 'byteLength'));
export const bufferIsResizable = call(getterOf(ArrayBuffer.prototype, 'resizable'));
/** Undefined in Node 20. @type {((buffer: ArrayBuffer, size: number) => ArrayBuffer) | undefined} */
export const transferBuffer = call(/** @type {any} */ (ArrayBuffer.prototype).transfer);
export const bufferMaxLength = call(getterOf(ArrayBuffer.prototype, 'maxByteLength'));
export const typedArrayName = call(getterOf(TypedArrayPrototype, Symbol.toStringTag)); // undefined for others
export const typedArrayBuffer = call(getterOf(TypedArrayPrototype, 'buffer'));
export const typedArrayOffset = call(getterOf(TypedArrayPrototype, 'byteOffset'));
export const typedArrayBytes = call(getterOf(TypedArrayPrototype, 'byteLength'));
export const dataViewBuffer = call(getterOf(DataView.prototype, 'buffer'));
export const dataViewOffset = call(getterOf(DataView.prototype, 'byteOffset'));
export const dataViewBytes = call(getterOf(DataView.prototype, 'byteLength'));
export const tagOf = call(Object.prototype.toString);

const mapSize = call(getterOf(Map.prototype, 'size'));
const setSize = call(getterOf(Set.prototype, 'size'));
const sharedLength = hasShared ? call(getterOf(SharedArrayBuffer.prototype, 'byteLength')) : undefined;
const weakMapHas = call(WeakMap.prototype.has);
const weakSetHas = call(WeakSet.prototype.has);
const weakRefDeref = call(WeakRef.prototype.deref);
const primitives = [Number, String, Boolean, BigInt].map((type) => call(type.prototype.valueOf));
const symbolValueOf = call(Symbol.prototype.valueOf);
/** @type {[(regexp: RegExp) => boolean, string][]} */
const flagGetters = [
  ['hasIndices', 'd'],
  ['global', 'g'],
  ['ignoreCase', 'i'],
  ['multiline', 'm'],
  ['dotAll', 's'],
  ['unicode', 'u'],
  ['unicodeSets', 'v'],
  ['sticky', 'y'],
].map(([name, letter]) => [call(getterOf(RegExp.prototype, name)), letter]);

/** @param {RegExp} regexp */
export const regexpFlags = (regexp) => flagGetters.map(([isSet, letter]) => (isSet?.(regexp) ? letter : '')).join('');

/**
 * The primitive in a Number, String, Boolean or BigInt object.
 * @param {object} object
 */
export function primitiveOf(object) {
  for (const valueOf of primitives) {
    try {
      return valueOf(object);
    } catch {
      // another one
    }
  }
}

/**
 * @param {(object: any) => unknown} check
 * @param {object} object
 */
function passes(check, object) {
  try {
    check(object);
    return true;
  } catch {
    return false;
  }
}

/** @type {(buffer: ArrayBuffer) => boolean} Node 20 has no getter for it. */
export const bufferIsDetached =
  call(getterOf(ArrayBuffer.prototype, 'detached')) ??
  ((buffer) => bufferLength(buffer) === 0 && !passes((each) => new Uint8Array(each), buffer));

/**
 * A value's own toStringTag may say anything; without one, the tag depends on the internal slots.
 * @param {object} object
 */
function isErrorByTag(object) {
  return (
    /** @type {any} */ (Error).isError?.(object) ??
    (tagOf(object) === '[object Error]' && !(Symbol.toStringTag in object))
  );
}

/**
 * @typedef {Record<'map' | 'set' | 'date' | 'regexp' | 'buffer' | 'shared' | 'promise' | 'error' | 'boxed' | 'weak',
 * (object: any) => boolean>} Checks
 */

/**
 * Node can tell without an exception. (The first check that passes decides; what the checks throw is ignored.)
 * @type {Record<string, (object: object) => boolean> | undefined}
 */
const types = builtinOfNode('node:util')?.types;
/** @type {Checks | undefined} */
const fast = types && {
  map: types.isMap,
  set: types.isSet,
  date: types.isDate,
  regexp: types.isRegExp,
  buffer: types.isArrayBuffer,
  shared: types.isSharedArrayBuffer,
  promise: types.isPromise,
  error: types.isNativeError,
  boxed: types.isBoxedPrimitive,
  weak: (object) => types.isWeakMap(object) || types.isWeakSet(object) || tagOf(object) === '[object WeakRef]',
};
/** @type {Checks} */
const careful = {
  map: (object) => passes(mapSize, object),
  set: (object) => passes(setSize, object),
  date: (object) => passes(dateTime, object),
  regexp: (object) => passes(([isSet]) => isSet(object), flagGetters[1]) && object !== RegExp.prototype,
  buffer: (object) => passes(bufferLength, object),
  shared: (object) => hasShared && passes(sharedLength, object),
  promise: (object) => object instanceof Promise,
  error: isErrorByTag,
  boxed: (object) => primitiveOf(object) !== undefined || passes(symbolValueOf, object),
  weak: (object) =>
    passes((value) => weakMapHas(value, value), object) ||
    passes((value) => weakSetHas(value, value), object) ||
    passes(weakRefDeref, object),
};

/** The checks in use; tests try both. */
export const checks = { ...(fast ?? careful) };
export const carefulChecks = careful;

/** @type {(keyof Checks)[]} */
const names = /** @type {any} */ (Object.keys(careful));
// OPTIMIZATION: where the checks are slow, the prototypes (of classes, without a tag) whose objects turned out to be
// plain objects. Only a Map that was given such a prototype would be mistaken for an object of that class.
const ordinaryPrototypes = new WeakSet();
const isSlow = () => checks.map === careful.map;
// OPTIMIZATION: the brand that an object with this prototype usually has. It is checked first: where the checks are
// slow, each one that fails costs an exception. (Only a Map or the like with the prototype of promises would be
// mistaken for a promise.)
/** @type {Map<object | null, keyof Checks>} */
const likely = new Map([
  [Map.prototype, 'map'],
  [Set.prototype, 'set'],
  [Date.prototype, 'date'],
  [RegExp.prototype, 'regexp'],
  [ArrayBuffer.prototype, 'buffer'],
  [Promise.prototype, 'promise'],
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError].map(
    (type) => /** @type {[object, keyof Checks]} */ ([type.prototype, 'error']),
  ),
]);

/**
 * 'map', 'set', 'date', 'regexp', 'buffer', 'shared', 'promise', 'error', 'boxed', 'weak', 'view' or 'object'.
 * @param {object} object
 * @param {object | null} prototype
 */
export function brandOf(object, prototype) {
  if (ArrayBuffer.isView(object)) return 'view';
  const guess = likely.get(prototype);
  if (guess !== undefined && checks[guess](object)) return guess;
  if (prototype !== null && isSlow() && ordinaryPrototypes.has(prototype)) return 'object';
  for (const name of names) if (checks[name](object)) return name;
  if (prototype !== null && prototype !== Object.prototype && isSlow() && !(Symbol.toStringTag in object))
    ordinaryPrototypes.add(prototype);
  return 'object';
}
