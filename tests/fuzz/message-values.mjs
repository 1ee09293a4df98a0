// Values for fuzzing messages: samples of every kind, and random graphs that change while they are read.
import { blocking, callback, constructible, ref, transfer } from '../../npm/src/index.js';
import { HostInstance, functionFlags } from '../../npm/src/grants.js';
import { templateOf } from '../../npm/src/message-shapes.js';
import { REGISTER_TEXT, SHARED_TEXT_LENGTH } from '../../npm/src/protocol.js';

/** @typedef {(...args: any[]) => any} Fn */

/**
 * What writers and readers of messages ask (npm/src/entries.js), without a guest: everything has a number that is
 * looked up in a list. Handles and numbers beyond the lists are unknown.
 */
export function bridgeWithoutGuest() {
  /** @type {[Fn, Fn, Fn]} */
  const functions = [() => 1, () => 2, function three() {}];
  /** @type {[object, object]} */
  const objects = [{ referred: 1 }, {}];
  /** @type {[Error, Error]} */
  const errors = [new Error('of the host'), new RangeError('another')];
  const receivers = new WeakMap();
  /** @type {[Fn, object]} */
  const theirs = [() => 'theirs', { theirs: 1 }];
  const shapes = [['a'], ['b', 'c'], ['then', 'g', 'getters']]; // as in message_fuzz.c
  const numberIn = (/** @type {unknown[]} */ list, /** @type {unknown} */ item) => Math.max(0, list.indexOf(item));
  return {
    functions,
    objects,
    errors,
    theirs,
    shapes: {
      again: () => undefined,
      /** @param {string[]} keys */
      find(keys) {
        const number = shapes.findIndex((known) => known.join() === keys.join());
        return number < 0 ? undefined : { keys, number };
      },
      received: (/** @type {number} */ number) =>
        shapes[number] && {
          keys: shapes[number],
          template: templateOf(shapes[number]),
          isFirst: number === 0,
          isSafe: number === 1,
        },
    },
    numberOfFunction: (/** @type {Fn} */ fn) => ({ number: numberIn(functions, fn), flags: functionFlags(fn) }),
    numberOfPromise: () => 4,
    promiseHandleOf: () => undefined,
    promiseOfHandle: (/** @type {number} */ handle) => Promise.resolve(handle),
    numberOfReceiver: () => 1,
    receiverOf: (/** @type {object} */ copy) => receivers.get(copy),
    addReceiver: (/** @type {object} */ copy, /** @type {number} */ handle) => receivers.set(copy, handle),
    numberOfReference: (/** @type {object} */ object) => numberIn(objects, object),
    hasReferences: true,
    isReferenced: (/** @type {object} */ object) => objects.includes(object),
    hostHandler: { get: functions[0], set: functions[1] },
    numberOfError: (/** @type {unknown} */ error) => ({
      number: 1 + numberIn(errors, error),
      isHome: error === errors[1],
    }),
    errorOfNumber: (/** @type {number} */ number) => errors[number - 1],
    errorReceived: () => {},
    handleOf: (/** @type {any} */ value) => (theirs.includes(value) ? numberIn(theirs, value) : undefined),
    functionOfHandle: (/** @type {number} */ handle, /** @type {string} */ name) =>
      Object.defineProperty(() => handle, 'name', { value: name }),
    functionOfNumber: (/** @type {number} */ number) => functions[number],
    objectOfNumber: (/** @type {number} */ number) => objects[number],
    objectOfHandle: (/** @type {number} */ handle) => ({ handle }),
    functionAs: (/** @type {any} */ key, /** @type {Fn} */ fn) => fn,
    iterable: () => {},
    giveBack: () => {},
    omits: false,
    omitted: () => {},
  };
}

const lengths = [
  0,
  1,
  2,
  SHARED_TEXT_LENGTH - 1,
  SHARED_TEXT_LENGTH,
  SHARED_TEXT_LENGTH + 1,
  39,
  40,
  41,
  REGISTER_TEXT - 1,
  REGISTER_TEXT,
  REGISTER_TEXT + 1,
  127,
  128,
  300,
];

/**
 * A value of every kind, for a bridge as above.
 * @param {Pick<ReturnType<typeof bridgeWithoutGuest>, 'functions' | 'objects' | 'errors' | 'theirs'>} bridge
 */
export function sampleValues({ functions: [fn, other], objects, errors, theirs }) {
  const buffer = new ArrayBuffer(40);
  /** @type {{ list: unknown[] }} */
  const cycle = { list: [] };
  cycle.list.push(cycle, cycle.list);
  /** @type {object} */
  let deep = {};
  for (let i = 0; i < 100; i++) deep = { deep, list: [i] };
  class Point {
    x = 1;
    y = { z: 2 };
  }
  const given = new ArrayBuffer(12);
  return [
    1,
    -1,
    0,
    -0,
    NaN,
    Infinity,
    2 ** 31,
    0.5,
    'text',
    'ж'.repeat(50),
    'x'.repeat(200),
    123456789012345678901234567890n,
    0n,
    -5n,
    [1, , 3],
    { a: 1, b: { a: 2 } },
    new Date(5),
    new Map([[1, { a: 2 }]]),
    new Set(['x', 1]),
    /a/g,
    buffer,
    new Uint8Array(9),
    new DataView(new ArrayBuffer(9)),
    new Error('text', { cause: 1 }),
    Object.assign(new TypeError('with'), { code: 'E', status: 5 }),
    Object('x'),
    fn,
    cycle,
    deep,
    [
      new Float64Array(buffer, 8, 2),
      new Uint8Array(buffer, 9, 3),
      new Uint8Array(buffer, 30, 5),
      new DataView(buffer, 1, 2),
    ],
    [buffer, new Int16Array(buffer, 2, 4)],
    Array(20).fill('a text that is sent once'),
    Object.assign([], { length: 1e6, 5: 1, x: 2 }),
    new AggregateError([new RangeError('one'), 2], 'both'),
    new ArrayBuffer(3, { maxByteLength: 9 }),
    null,
    undefined,
    true,
    [fn, fn, { fn }],
    lengths.map((length) => 'n'.repeat(length)),
    lengths.map((length) => 'ä'.repeat(length)),
    Object.fromEntries(lengths.map((length) => ['k'.repeat(length), length])),
    { count: 1, fn, other, again: fn },
    [errors[0], errors[0], new Error('e', { cause: errors[1] })],
    new DOMException('stop', 'AbortError'),
    errors[1],
    theirs,
    [theirs[1], { fn: theirs[0], list: [theirs[1]] }],
    objects[0],
    ref(objects[1]),
    [ref(objects[0]), objects[0]],
    new HostInstance(objects[1], other),
    constructible(other),
    blocking(fn),
    callback(fn),
    transfer({ bytes: new Uint8Array(given, 4), given }, [given]),
    (function* () {
      yield 1;
    })(),
    (async function* () {
      yield 1;
    })(),
    [1, 2].values(),
    {
      n: 1,
      *[Symbol.iterator]() {
        yield 1;
      },
    },
    { async *[Symbol.asyncIterator]() {} },
    new ReadableStream(),
    new WritableStream(),
    [
      Promise.resolve(1),
      {
        /** @param {(value: number) => void} resolve */
        then(resolve) {
          resolve(1);
        },
      },
    ],
    Symbol.iterator,
    [Symbol.asyncIterator, Symbol.iterator],
    new Point(),
    Object.create(null, { a: { value: 1, enumerable: true } }),
    [new Uint8Array(buffer, 40), new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }))],
  ];
}

/**
 * The same graph for the same seed, here and in a guest: the function is evaluated as text. `isWild`: also bytes and
 * errors change while they are read, of which structured clone keeps another moment.
 * @param {number} seed
 */
export function randomGraph(seed, isWild = false) {
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  /** @type {any[]} */
  const nodes = [];
  const keys = ['a', 'b', 'c', 'toString', 'x y', '7', 'long key of more than sixteen units'];
  const pick = () => nodes[random(nodes.length)];
  const key = () => keys[random(keys.length)];
  let budget = 60;
  const leaf = () => {
    switch (random(16)) {
      case 10:
        return [-0, NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 53][random(6)];
      case 11:
        return 'ñ'.repeat([15, 16, 17, 39, 40, 47, 48, 49, 128][random(9)]);
      case 12:
        return /** @type {string} */ (Symbol.iterator.description).slice(random(9));
      case 0:
        return random(1e9) - 5e8;
      case 1:
        return random(1000) / 7;
      case 2:
        return 'text' + random(5);
      case 3:
        return 'жук'.repeat(random(20));
      case 4:
        return 'x'.repeat(random(60));
      case 5:
        return BigInt(random(1e9)) ** BigInt(random(9));
      case 6:
        return undefined;
      case 7:
        return null;
      case 8:
        return random(2) === 0;
      case 9:
        return -0;
      default:
        return nodes.length > 0 ? pick() : NaN;
    }
  };
  // Changes anything that has been made.
  const change = () => {
    for (let count = random(4); count > 0; count--) {
      const node = pick();
      if (node instanceof Map) {
        if (random(3) === 0) node.clear();
        else if (random(2) === 0) node.delete([...node.keys()][random(3)]);
        else node.set(random(5), leaf());
      } else if (node instanceof Set) {
        if (random(3) === 0) node.clear();
        else if (random(2) === 0) node.delete([...node][random(3)]);
        else node.add(leaf());
      } else if (Array.isArray(node)) {
        switch (random(5)) {
          case 0:
            node.length = random(node.length + 1);
            break;
          case 1:
            node.push(leaf());
            break;
          case 2:
            delete node[random(4)];
            break;
          case 3:
            node[random(8)] = leaf();
            break;
          default:
            node.shift();
            break;
        }
      } else if (ArrayBuffer.isView(node)) {
        const view = /** @type {any} */ (node);
        if (view.length > 0) view[random(view.length)] = 1;
        if (view.buffer.resizable && random(3) === 0) view.buffer.resize(random(65));
      } else if (node instanceof ArrayBuffer) {
        if (node.resizable) node.resize(random(65));
      } else if (node instanceof Error) {
        if (random(2) === 0) node.message = 'changed';
        else node.cause = leaf();
      } else if (Object.getPrototypeOf(node) === Object.prototype) {
        const name = key();
        if (random(2) === 0) delete node[name];
        else if (Object.getOwnPropertyDescriptor(node, name)?.get === undefined) node[name] = leaf();
      }
    }
  };
  /** @type {(depth: number) => any} */
  const make = (depth) => {
    if (--budget < 0 || depth > 8) return leaf();
    const count = random(4);
    const child = () => (random(3) === 0 ? leaf() : make(depth + 1));
    switch (random(13)) {
      case 9: {
        // Views of one buffer, which may grow and shrink.
        const buffer = random(2) === 0 ? new ArrayBuffer(64) : new ArrayBuffer(64, { maxByteLength: 64 });
        new Uint8Array(buffer).set([1, 2, 3, 4, 5, random(200)], random(50));
        const views = [];
        for (let i = 0; i <= count; i++) {
          const start = random(5) * 8;
          views.push(
            random(3) === 0
              ? new Uint8Array(buffer, random(40), random(20))
              : random(2) === 0
                ? new Float64Array(buffer, start, random(3))
                : new Uint16Array(buffer, start),
          );
        }
        if (random(3) === 0) views.push(buffer);
        if (isWild) nodes.push(...views);
        return views;
      }
      case 10: {
        const error =
          random(2) === 0
            ? new RangeError('range ' + random(9))
            : isWild
              ? new Error('plain', { cause: child() })
              : new TypeError('plain');
        if (isWild) nodes.push(error);
        return error;
      }
      case 0: {
        const map = new Map();
        nodes.push(map);
        for (let i = 0; i < count; i++) map.set(random(4) === 0 ? child() : random(9), child());
        return map;
      }
      case 1: {
        const set = new Set();
        nodes.push(set);
        for (let i = 0; i < count; i++) set.add(child());
        return set;
      }
      case 2: {
        /** @type {any} */
        const array = [];
        nodes.push(array);
        for (let i = 0; i < count * 2; i++) if (random(5) > 0) array[i] = child();
        if (random(6) === 0) array.extra = child();
        if (random(20) === 0) array.length += random(5000);
        return array;
      }
      case 3:
        return new Date(random(1e9));
      case 4: {
        const view = [Uint8Array, Int16Array, Float64Array][random(3)].from([1, 2, 3, random(9)]);
        nodes.push(view);
        return view;
      }
      case 5:
        return random(2) === 0 ? /a(b)+/giu : Object(['x', 5, true, 7n][random(4)]);
      case 6: {
        let chain = leaf();
        for (let i = random(8); i > 0; i--) chain = random(2) === 0 ? [chain] : { chain };
        return chain;
      }
      default: {
        /** @type {any} */
        const object = {};
        nodes.push(object);
        for (let i = 0; i < count + 1; i++) {
          const name = key();
          if (random(4) === 0) {
            const value = leaf();
            const isThrowing = random(60) === 0;
            Object.defineProperty(object, name, {
              get() {
                change();
                if (isThrowing) throw new Error('thrown');
                return random(2) === 0 ? value : leaf();
              },
              enumerable: random(8) > 0,
              configurable: true,
            });
          } else if (!Object.hasOwn(object, name)) {
            object[name] = child();
          }
        }
        return object;
      }
    }
  };
  return [make(0), make(0), 'end'];
}
