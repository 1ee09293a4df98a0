// Values for fuzzing messages: samples of every kind, and random graphs that change while they are read.

export function sampleValues(fn) {
  const buffer = new ArrayBuffer(40);
  const cycle = { list: [] };
  cycle.list.push(cycle, cycle.list);
  let deep = {};
  for (let i = 0; i < 100; i++) deep = { deep, list: [i] };
  return [
    1, -1, 0.5, 'text', 'ж'.repeat(50), 'x'.repeat(200), 123456789012345678901234567890n, [1, , 3], { a: 1, b: { a: 2 } }, new Date(5),
    new Map([[1, { a: 2 }]]), new Set(['x', 1]), /a/g, buffer, new Uint8Array(9), new DataView(new ArrayBuffer(9)),
    new Error('text', { cause: 1 }), Object.assign(new TypeError('with'), { code: 'E', status: 5 }), Object('x'), fn, cycle, deep,
    [new Float64Array(buffer, 8, 2), new Uint8Array(buffer, 9, 3), new Uint8Array(buffer, 30, 5), new DataView(buffer, 1, 2)],
    [buffer, new Int16Array(buffer, 2, 4)], Array(20).fill('a text that is sent once'), Object.assign([], { length: 1e6, 5: 1, x: 2 }),
    new AggregateError([new RangeError('one'), 2], 'both'), new ArrayBuffer(3, { maxByteLength: 9 }), null, undefined, true, [fn, fn, { fn }],
  ];
}

/** The same graph for the same seed, here and in a guest: the function is evaluated as text. */
export function randomGraph(seed) {
  const random = (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const nodes = [];
  const keys = ['a', 'b', 'c', 'toString', 'x y', '7', 'long key of more than sixteen units'];
  const pick = () => nodes[random(nodes.length)];
  const key = () => keys[random(keys.length)];
  let budget = 60;
  const leaf = () => {
    switch (random(12)) {
      case 0: return random(1e9) - 5e8;
      case 1: return random(1000) / 7;
      case 2: return 'text' + random(5);
      case 3: return 'жук'.repeat(random(20));
      case 4: return 'x'.repeat(random(60));
      case 5: return BigInt(random(1e9)) ** BigInt(random(9));
      case 6: return undefined;
      case 7: return null;
      case 8: return random(2) === 0;
      case 9: return -0;
      default: return nodes.length > 0 ? pick() : NaN;
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
          case 0: node.length = random(node.length + 1); break;
          case 1: node.push(leaf()); break;
          case 2: delete node[random(4)]; break;
          case 3: node[random(8)] = leaf(); break;
          default: node.shift(); break;
        }
      } else if (ArrayBuffer.isView(node)) {
        if (node.length > 0) node[random(node.length)] = 1;
      } else if (Object.getPrototypeOf(node) === Object.prototype) {
        const name = key();
        if (random(2) === 0) delete node[name];
        else if (Object.getOwnPropertyDescriptor(node, name)?.get === undefined) node[name] = leaf();
      }
    }
  };
  const make = (depth) => {
    if (--budget < 0 || depth > 8) return leaf();
    const count = random(4);
    const child = () => (random(3) === 0 ? leaf() : make(depth + 1));
    switch (random(9)) {
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
        const array = [];
        nodes.push(array);
        for (let i = 0; i < count * 2; i++) if (random(5) > 0) array[i] = child();
        if (random(6) === 0) array.extra = child();
        if (random(20) === 0) array.length += random(5000);
        return array;
      }
      case 3: return new Date(random(1e9));
      case 4: {
        const view = [Uint8Array, Int16Array, Float64Array][random(3)].from([1, 2, 3, random(9)]);
        nodes.push(view);
        return view;
      }
      case 5: return random(2) === 0 ? /a(b)+/giu : Object(['x', 5, true, 7n][random(4)]);
      case 6: {
        let chain = leaf();
        for (let i = random(8); i > 0; i--) chain = random(2) === 0 ? [chain] : { chain };
        return chain;
      }
      default: {
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
              enumerable: random(8) > 0, configurable: true,
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
