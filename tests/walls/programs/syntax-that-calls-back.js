// Syntax by which guest code is called, with values that report (built-ins-that-call-back.js): `h` makes them. Each
// function is a program of parking-everywhere.test.mjs.
var syntax = {
  'array pattern'(h) {
    const [a, b = h.fn('default')(), , ...rest] = h.iterable('list', [1, undefined, 3, 4, 5]);
    return [a, b, rest];
  },
  'array pattern that closes'(h) {
    const [a] = h.iterable('list', [1, 2]);
    return a;
  },
  'array pattern with targets'(h) {
    const target = h.bag('target', { a: 0, b: 0 });
    [target.a, target[makeKey(h, 'b')]] = h.iterable('list', [1, 2]);
    return target;
  },
  'array pattern of a watched array'(h) {
    const [a, [b]] = h.watched('array', [1, h.watched('inner', [2])], true);
    return [a, b];
  },
  'array pattern that throws'(h) {
    try {
      const [{ a }] = h.iterable('list', [null]);
      return a;
    } catch (error) {
      return error.name;
    }
  },
  'object pattern'(h) {
    const {
      a,
      [makeKey(h, 'b')]: b = h.fn('default')(),
      ...rest
    } = h.watched('object', h.bag('object', { a: 1, b: undefined, c: 3, d: 4 }));
    return [a, b, rest];
  },
  'object pattern with targets'(h) {
    const target = h.watched('target', {});
    ({ a: target.x, b: target[makeKey(h, 'y')] } = h.bag('object', { a: 1, b: 2 }));
    return target;
  },
  'pattern of parameters'(h) {
    return (({ a = h.fn('default a')() }, [b] = h.iterable('default b', [1]), ...[c]) => [a, b, c])(
      h.watched('object', {}),
      undefined,
      h.watched('rest', [1]),
    );
  },
  'spread in an array'(h) {
    return [...h.iterable('one', [1, 2]), ...h.watched('two', [3])];
  },
  'spread in a call'(h) {
    return h.fn('callee', (...list) => list)(...h.iterable('one', [1, 2]), 3, ...h.iterable('two', [4]));
  },
  'spread in a construction'(h) {
    return new (h.constructor_('Made', Array))(...h.iterable('one', [1, 2]));
  },
  'spread of an object'(h) {
    return { ...h.watched('object', { a: 1, b: 2 }), ...h.bag('bag', { c: 3 }), get d() { return 1; } };
  },
  'for-of'(h) {
    const seen = [];
    for (const item of h.iterable('list', [1, 2, 3])) {
      h.event('body');
      seen.push(item);
    }
    return seen;
  },
  'for-of that is left'(h) {
    for (const item of h.iterable('list', [1, 2, 3])) if (item === 2) return item;
  },
  'for-of whose return throws'(h) {
    const list = h.iterator('list', [1, 2]);
    Object.defineProperty(list, 'return', {
      value: h.fn('return that throws', () => {
        throw new RangeError('return');
      }),
    });
    try {
      for (const item of list) break;
    } catch (error) {
      return error.message;
    }
  },
  'for-of with a pattern'(h) {
    const seen = [];
    for (const [key, { value = h.fn('default')() }] of h.iterable('list', [h.iterable('entry', ['a', h.bag('object', {})])]))
      seen.push(key, value);
    return seen;
  },
  'for-in'(h) {
    const seen = [];
    for (const key in h.watched('object', Object.create(h.watched('parent', { c: 1 }), { a: { value: 1, enumerable: true } }))) {
      h.event('body');
      seen.push(key);
    }
    return seen;
  },
  'for-in with a target'(h) {
    const target = h.bag('target', { key: 0 });
    for (target.key in { a: 1, b: 2 });
    return target;
  },
  async 'for-await'(h) {
    const seen = [];
    for await (const item of h.bag('list', {
      [Symbol.asyncIterator]: h.fn('asyncIterator', () => {
        let i = 0;
        return h.bag('iterator', {
          next: h.fn('next', () => h.thenable('result', h.bag('result', { done: i > 1, value: i++ }))),
        });
      }),
    })) {
      h.event('body');
      seen.push(item);
    }
    return seen;
  },
  async 'for-await of a list'(h) {
    const seen = [];
    for await (const item of h.iterable('list', [1, h.thenable('element', 2), 3])) seen.push(item);
    return seen;
  },
  async 'for-await that is left'(h) {
    for await (const item of h.iterable('list', [1, h.thenable('element', 2), 3])) return item;
  },
  'template literal'(h) {
    return `${makeKey(h, 'a')} ${h.watched('object', { toString: h.fn('toString', () => 'b') })}`;
  },
  'tagged template'(h) {
    return h.fn('tag', (parts, ...values) => [parts, parts.raw, values])`a${1}b${h.fn('substitution', () => 2)()}`;
  },
  'tag that is got'(h) {
    return h.bag('object', { tag: (parts) => parts[0] }).tag`x`;
  },
  'class fields'(h) {
    class Base {
      a = h.fn('field a', () => 1)();
      [makeKey(h, 'b')] = h.fn('field b', () => 2)();
      static c = h.fn('static field', () => 3)();
      #d = h.fn('private field', () => 4)();
      static {
        h.event('static block');
      }
      get d() {
        return this.#d;
      }
    }
    class Derived extends Base {
      e = h.fn('field e', () => 5)();
    }
    const made = new Derived();
    return [made, made.d, Base.c];
  },
  'class with a watched heritage'(h) {
    class Derived extends h.watched('Base', class Base {}) {
      constructor() {
        h.event('before super');
        super();
        h.event('after super');
      }
    }
    return new Derived();
  },
  'class that extends a getter'(h) {
    const holder = h.bag('holder', { Base: h.constructor_('Base', Object) });
    return new (class extends holder.Base {})();
  },
  'private methods'(h) {
    class Some {
      #value = 1;
      get #a() {
        h.event('private getter');
        return this.#value;
      }
      set #a(value) {
        h.event('private setter');
        this.#value = value;
      }
      #b() {
        h.event('private method');
        return this.#a++;
      }
      run() {
        return [this.#b(), this.#a, (this.#a += 2), #a in this];
      }
    }
    return new Some().run();
  },
  accessors(h) {
    const object = h.bag('object', { a: 1, b: 2 });
    object.a += object.b++;
    object.a ??= h.fn('not called')();
    object.c ||= h.fn('called', () => 5)();
    object.b &&= h.fn('called as well', () => 6)();
    return [object, object?.a, object?.['b'], object?.c?.d];
  },
  'accessors of a prototype'(h) {
    const object = Object.create(h.bag('parent', { a: 1 }));
    object.a = 2;
    return [object.a, --object.a, object];
  },
  'keyed accesses'(h) {
    const object = h.watched('object', { a: 1 });
    object[makeKey(h, 'a')] += 1;
    object[makeKey(h, 'b')] = object[makeKey(h, 'a')]--;
    return [object, delete object[makeKey(h, 'a')], makeKey(h, 'b') in object];
  },
  'watched object'(h) {
    const object = h.watched('object', { a: 1, f: h.fn('method') }, true);
    object.a++;
    object.f();
    return [delete object.a, 'f' in object, typeof object, object?.f?.(), object];
  },
  'watched function'(h) {
    const callee = h.watched('function', function target() {}, true);
    return [callee(1), new callee(2), callee.call(3, 4), callee`text`, typeof callee];
  },
  delete(h) {
    const object = h.watched('object', Object.defineProperty({ a: 1 }, 'b', { value: 1 }));
    return [delete object.a, delete object.b];
  },
  instanceof(h) {
    return [
      1 instanceof h.bag('right', { [Symbol.hasInstance]: h.fn('hasInstance', () => 1) }, function right() {}),
      {} instanceof h.watched('function', function right() {}),
      h.watched('left', {}) instanceof Array,
      {} instanceof h.watched('function', function right() {}).bind(),
    ];
  },
  operators(h) {
    const a = () => h.bag('a', { [Symbol.toPrimitive]: h.fn('toPrimitive a', (hint) => (hint === 'string' ? 'a' : 5)) });
    const b = () => h.watched('b', { valueOf: h.fn('valueOf b', () => 3) });
    const results = [a() + b(), a() - b(), a() * b(), a() / b(), a() % b(), a() ** b()];
    results.push(a() << b(), a() >> b(), a() >>> b(), a() & b(), a() | b(), a() ^ b());
    results.push(a() < b(), a() > b(), a() <= b(), a() >= b(), a() == 5, 3 == b(), a() != 'a', a() === b());
    results.push(-a(), +b(), ~a(), !b(), 'x' + a(), b() + 'x', a() + 1, 1 - b());
    let x = a();
    let y = b();
    results.push(x++, --y, (x = a()), (x += b()));
    return results.map(String).join();
  },
  'operators on big integers'(h) {
    const a = () => ({ valueOf: h.fn('valueOf a', () => 5n) });
    const b = () => ({ valueOf: h.fn('valueOf b', () => 3n) });
    let x = a();
    return [a() + b(), a() - b(), a() * b(), a() / b(), a() % b(), a() ** b(), a() << b(), a() < b(), a() == 5n, -a(), ~b(), ++x];
  },
  'operators that throw'(h) {
    const results = [];
    for (const operate of [(a, b) => a + b, (a, b) => a < b, (a) => +a, (a, b) => b - a, (a) => `${a}`]) {
      try {
        results.push(
          operate(
            { valueOf: h.fn('valueOf', () => Symbol.iterator), toString: h.fn('toString', () => ({})) },
            { valueOf: h.fn('valueOf of the other', () => 1n) },
          ),
        );
      } catch (error) {
        results.push(error.message);
      }
    }
    return results;
  },
  switch(h) {
    switch (h.fn('discriminant', () => 2)()) {
      case h.fn('first', () => 1)():
        return 'first';
      case h.fn('second', () => 2)():
        return h.event('in the second') ?? 'second';
      default:
        return h.event('default');
    }
  },
  with(h) {
    return new Function(
      'scope',
      'other',
      'with (scope) { a = 1; a++; b(); c ??= 2; delete a; typeof d; with (other) e = a; return [e, typeof nothing]; }',
    )(
      h.watched('scope', { a: 0, b: h.fn('b'), c: undefined, d: 1, [Symbol.unscopables]: h.watched('unscopables', {}) }),
      h.bag('other', { e: 1 }),
    );
  },
  'sloppy callee'(h) {
    return new Function('f', 'return f(1, arguments)')(h.fn('callee', (a, list) => [a, list.length]));
  },
  arguments(h) {
    return (function (a) {
      arguments[0] = h.fn('assigned', () => 2)();
      return [a, ...arguments, arguments.length];
    })(h.fn('argument', () => 1)(), h.fn('argument 2', () => 2)());
  },
  super(h) {
    const parent = h.bag('parent', { a: 1, f: h.fn('parent.f', () => 2) });
    const object = {
      __proto__: parent,
      run() {
        super.a = 5;
        super[makeKey(h, 'b')] = 6;
        return [super.a, super[makeKey(h, 'a')], super.f(), super.f`text`];
      },
    };
    return object.run();
  },
  'super on a watched prototype'(h) {
    const object = {
      __proto__: h.watched('parent', { a: 1, f() {} }),
      run() {
        super.b = 2;
        return [super.a, super.f()];
      },
    };
    return object.run();
  },
  'new.target'(h) {
    function Made() {
      return new.target === undefined ? undefined : Object(new.target.name ?? 1);
    }
    return Reflect.construct(Made, [], h.watched('new target', class Other {}));
  },
  'prototype of new.target'(h) {
    return Reflect.construct(Array, [1, 2], h.watched('new target', class Other {}));
  },
  'construction of a derived class'(h) {
    class A extends Array {
      constructor(...list) {
        h.event('constructor');
        super(...h.iterable('list', list));
        this.own = h.fn('own', () => 1)();
      }
      static get [Symbol.species]() {
        h.event('species');
        return super[Symbol.species];
      }
    }
    return new A(1, 2, 3).map(h.fn('mapper', (x) => x));
  },
  generator(h) {
    function* generator() {
      try {
        h.event('begins');
        const sent = yield h.fn('yielded', () => 1)();
        yield* h.iterable('inner', [sent, 2]);
      } finally {
        h.event('ends');
        yield 5;
      }
    }
    const g = generator();
    return [g.next(), g.next(7), g.next(), g.return(8), g.next(), g.next()];
  },
  'delegation by yield*'(h) {
    function* outer() {
      try {
        return yield* h.iterator('inner', [1, 2, 3]);
      } catch (error) {
        return error.message;
      }
    }
    const one = outer();
    const two = outer();
    return [one.next(), one.next(), one.return(3), two.next(), two.throw(new Error('thrown')), two.next()];
  },
  async 'asynchronous generator'(h) {
    async function* generator() {
      try {
        h.event('begins');
        const sent = yield h.thenable('yielded', 1);
        h.event('goes on');
        yield* h.iterable('inner', [h.thenable('element', sent), 2]);
        await h.thenable('awaited', 3);
        return h.thenable('returned', 4);
      } finally {
        h.event('ends');
      }
    }
    const g = generator();
    return [await g.next(), await g.next(7), await g.next(), await g.next(), await g.next()];
  },
  async 'requests to an asynchronous generator'(h) {
    async function* generator() {
      try {
        yield 1;
        yield 2;
      } finally {
        await h.thenable('awaited', 3);
        h.event('ends');
      }
    }
    const g = generator();
    return Promise.all([g.next(), g.next(), g.return(h.thenable('returned', 5)), g.next()]);
  },
  async 'asynchronous generator that is thrown into'(h) {
    async function* generator() {
      try {
        yield* h.bag('inner', {
          [Symbol.asyncIterator]: h.fn('asyncIterator', () =>
            h.bag('iterator', {
              next: h.fn('next', () => ({ done: false, value: 1 })),
              throw: h.fn('throw', () => h.thenable('thrown', { done: true, value: 2 })),
            }),
          ),
        });
      } catch (error) {
        h.event('caught');
      }
    }
    const g = generator();
    return [await g.next(), await g.throw(new Error('thrown')), await g.next()];
  },
  async await(h) {
    const results = [await h.thenable('thenable', 1), await h.thenable('outer', h.thenable('inner', 2))];
    try {
      await h.thenable('rejection', new Error('rejected'), 1);
    } catch (error) {
      h.event('caught');
      results.push(error.message);
    } finally {
      h.event('finally');
    }
    return results;
  },
  async 'await of a promise with a constructor'(h) {
    return await h.bag('promise', { constructor: Promise }, Promise.resolve(1));
  },
  async 'asynchronous function'(h) {
    const inner = async (a = h.fn('default', () => 1)()) => {
      h.event('body');
      await undefined;
      h.event('after await');
      return h.thenable('returned', a);
    };
    return [await inner(), await inner(2)];
  },
  async 'throwing after a wait'(h) {
    try {
      await (async () => {
        h.event('body');
        throw new RangeError('thrown');
      })();
    } catch (error) {
      return `${error}`;
    }
  },
  using(h) {
    using a = h.bag('a', { [Symbol.dispose]: h.fn('dispose a') });
    using b = h.bag('b', { [Symbol.dispose]: h.fn('dispose b') });
    h.event('body');
    return 1;
  },
  'using that throws'(h) {
    const thrower = (name) => ({
      [Symbol.dispose]: h.fn(`dispose ${name}`, () => {
        throw new Error(name);
      }),
    });
    try {
      using a = thrower('a');
      using b = thrower('b');
      throw new Error('body');
    } catch (error) {
      return [error.name, error.error.message, error.suppressed.name];
    }
  },
  'using in a loop'(h) {
    const seen = [];
    for (using item of h.iterable('list', [1, 2].map((n) => ({ n, [Symbol.dispose]: h.fn(`dispose ${n}`) })))) {
      h.event('body');
      seen.push(item.n);
    }
    return seen;
  },
  async 'await using'(h) {
    {
      await using a = h.bag('a', { [Symbol.asyncDispose]: h.fn('dispose a', () => h.thenable('disposal', 1)) });
      await using b = h.bag('b', { [Symbol.dispose]: h.fn('dispose b') });
      h.event('body');
    }
    return h.event('after');
  },
  decorators(h) {
    return new Function(
      'h',
      `const note = (name) => h.fn(name, (value, context) => {
        context.addInitializer?.(h.fn(name + ' initializer'));
      });
      const wrap = (name) => h.fn(name, (value) => h.fn(name + ' wrapped', function (...list) { return value?.call?.(this, ...list); }));
      @note('class') @(h.fn('expression', () => note('class 2'))()) class Some {
        @note('field') @wrap('initializer') a = 1;
        @note('method') @wrap('method 2') b() { return 2; }
        @note('getter') get c() { return 3; }
        @note('accessor') @h.fn('accessor 2', ({ get, set }) => ({ get: h.fn('get', get), set: h.fn('set', set), init: h.fn('init', (v) => v) })) accessor d = 4;
        @note('static') static e = 5;
        @note('private') #f() {}
      }
      const made = new Some();
      made.d = made.b();
      return [made, made.c, made.d, Some.e];`,
    )(h);
  },
  'import()'(h) {
    return import(makeKey(h, `module ${count++}`));
  },
  'import() with options'(h) {
    return import(`module ${count++}`, h.bag('options', { with: h.bag('attributes', {}) })).then((m) => m.default);
  },
  'import() with wrong attributes'(h) {
    return import(makeKey(h, 'module'), h.bag('options', { with: h.watched('attributes', { type: 1 }) })).catch(String);
  },
  'direct eval'(h) {
    return eval("h.event('code'); let a = h.fn('called', () => 5)(); a");
  },
  'code of a function'(h) {
    return new Function(makeKey(h, 'a'), makeKey(h, 'return a'))(h.fn('argument', () => 4)());
  },
  'computed keys'(h) {
    return { [makeKey(h, 'a')]: 1, get [makeKey(h, 'b')]() { return 2; }, [makeKey(h, 'c')]() {}, __proto__: h.watched('parent', {}) };
  },
  'computed keys of a class'(h) {
    class Some {
      [makeKey(h, 'a')] = 1;
      static [makeKey(h, 'b')]() {}
      static get [makeKey(h, 'c')]() {}
    }
    return new Some();
  },
  'optional chains'(h) {
    const object = h.bag('object', { a: h.bag('inner', { f: h.fn('f', () => null) }) });
    return [object?.a.f?.(), object.none?.a.b, object.a?.f()?.x, delete object?.a];
  },
  'logical operators'(h) {
    const f = (value) => h.fn(`operand ${value}`, () => value)();
    return [f(0) || f(1), f(1) && f(2), f(null) ?? f(3), f(0) ? f(4) : f(5)];
  },
  'exceptions and finally'(h) {
    const note = (name) => h.event(name);
    const run = (how) => {
      try {
        note('try');
        if (how === 0) return note('return') ?? 'returned';
        if (how === 1) throw note('throw') ?? new Error('thrown');
      } catch ({ message = note('default') }) {
        note('catch');
        return message;
      } finally {
        note('finally');
      }
      return 'fell through';
    };
    return [run(0), run(1), run(2)];
  },
  'error with an inherited name'(h) {
    class Own extends Error {
      get name() {
        h.event('name');
        return 'Own';
      }
    }
    return String(new Own('message', h.bag('options', { cause: 1 })).stack).split('\n')[0];
  },
  'prepareStackTrace'(h) {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = h.fn('prepareStackTrace', (error, sites) => `${error.message} ${sites[0].getFunctionName()}`);
    try {
      return new Error('message').stack;
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  },
  'elements of arrays with accessors'(h) {
    const array = h.bag('array', { 1: 5 }, [1, 2, 3]);
    array[1]++;
    array.length = { valueOf: h.fn('valueOf length', () => 2) };
    return array;
  },
  'elements of typed arrays'(h) {
    const bytes = new Uint8Array(4);
    bytes[0] = { valueOf: h.fn('valueOf', () => 258) };
    bytes[makeKey(h, '1')] = h.watched('value', { valueOf: h.fn('valueOf', () => 3) });
    bytes[9] = { valueOf: h.fn('valueOf', () => 1) };
    return bytes;
  },
  'globals'(h) {
    const name = 'park' + 'Here';
    Object.defineProperty(globalThis, name, {
      get: h.fn('get', () => 1),
      set: h.fn('set'),
      configurable: true,
    });
    try {
      return (0, eval)(`${name}; ${name} = 2; ${name}++; typeof ${name}`);
    } finally {
      delete globalThis[name];
    }
  },
  'regular expressions'(h) {
    class Own extends RegExp {
      exec(text) {
        h.event('exec');
        return super.exec(text);
      }
      get flags() {
        h.event('flags');
        return super.flags;
      }
    }
    const text = 'a1b22';
    return [
      text.replace(new Own('\\d', 'g'), h.fn('replacer', (digit) => h.bag('replacement', { toString: () => digit + digit }))),
      text.match(new Own('\\d', 'g')),
      [...text.matchAll(new Own('\\d', 'g'))].length,
      text.split(new Own('\\d')),
      text.search(new Own('b')),
      text.replaceAll(/(?<d>\d)/g, h.fn('replacer 2', (...list) => list.at(-1).d)),
    ];
  },
  sorting(h) {
    return [
      [5, 1, 4, 2, 3].sort(h.fn('compare', (a, b) => a - b)),
      [5, 1, 4].toSorted(h.fn('compare', (a, b) => ({ valueOf: h.fn('valueOf', () => b - a) }))),
      ['b', 'a', 'c'].map((text) => ({ toString: h.fn(`toString ${text}`, () => text) })).sort().join(),
      new Float32Array([3, 1, 2]).sort(h.fn('compare floats', (a, b) => b - a)),
    ];
  },
  serializing(h) {
    const value = h.bag('value', {
      a: [1, h.bag('inner', { toJSON: h.fn('toJSON', (key) => ({ key })) }), () => {}],
      b: Object(1),
      c: h.watched('object', { d: undefined, e: [h.watched('list', [1, 2])] }),
    });
    return JSON.stringify(value, h.fn('replacer', (key, each) => each), h.watched('space', Object(2)));
  },
  'serializing with toJSON and a replacer'(h) {
    const keys = [];
    const replacer = h.fn('replacer', function (key, each) {
      keys.push(key, Object.keys(this).join());
      return each;
    });
    return [JSON.stringify({ toJSON: h.fn('toJSON', () => [{ a: 1 }]) }, replacer), keys];
  },
  parsing(h) {
    return JSON.parse(
      '{"a":[1,{"b":2}],"c":{"d":null}}',
      h.fn('reviver', function (key, value) {
        if (key === 'b') this.added = h.watched('added', { x: 1 });
        return key === 'd' ? undefined : value;
      }),
    );
  },
  nesting(h) {
    const inner = () => [3, 1, 2].map(h.fn('inner', (x) => x)).sort(h.fn('compare', (a, b) => a - b));
    return JSON.stringify(
      Array.from(h.iterable('list', [1, 2]), h.fn('mapper', (x) => ({ toJSON: h.fn('toJSON', () => inner() + `${makeKey(h, x)}`) }))),
    );
  },
  async 'promises of a subclass'(h) {
    class Own extends Promise {
      constructor(executor) {
        h.event('constructor');
        super(executor);
      }
      then(...list) {
        h.event('then');
        return super.then(...list);
      }
    }
    const results = await Own.all([Own.resolve(1), h.thenable('thenable', 2), 3]);
    await new Own((resolve) => resolve(Own.resolve(4))).finally(h.fn('finally'));
    return results;
  },
  async 'handlers of promises'(h) {
    return Promise.resolve(1)
      .then(h.fn('fulfilled', (x) => h.thenable('thenable', x + 1)))
      .then(
        h.fn('fulfilled again', () => {
          throw new RangeError('thrown by a handler');
        }),
      )
      .catch(h.fn('rejected', (error) => error.message))
      .finally(h.fn('finally', () => h.thenable('ignored', 1)));
  },
  async 'a thenable that throws'(h) {
    try {
      await h.bag('thenable', {
        then: h.fn('then', () => {
          throw new RangeError('thrown by then');
        }),
      });
    } catch (error) {
      return error.message;
    }
  },
};
var count = 0;
function makeKey(h, text) {
  return { [Symbol.toPrimitive]: h.fn(`toPrimitive of ${typeof text === 'string' ? text.replace(/\d+$/, '') : text}`, () => text) };
}
