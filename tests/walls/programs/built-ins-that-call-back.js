// The guest's part of parking-everywhere.test.mjs. It finds all built-in functions, calls each with receivers and
// arguments that report whenever they are looked at or called, and so learns which of them call back, and when.
// Each report is an event. `everywhere.find` gives the calls that have events, with an account of what happened;
// `everywhere.compare` makes them again and waits within their events, and expects the same account.
var everywhere = (() => {
  const { apply, construct, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { create, defineProperty } = Object;
  const ALL = -2;
  const NEVER = -1;
  const MAX_EVENTS = 300;
  const MAX_SEEN = 20;
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const nameOfKey = (key) => (typeof key === 'symbol' ? `@@${key.description}` : key);

  // One call and what it has caused so far.
  class Run {
    constructor(at) {
      this.at = at;
      this.trace = [];
      this.isOn = false; // reports count
      this.hasBegun = false;
      this.pending = 0;
      this.parks = 0;
      this.refusals = [];
      this.syncCount = -1; // events before the call returned
      this.seen = []; // what functions were called with
      this.change = undefined; // of what is called, in one of the events: { at, name, place }
    }
    event(name) {
      // What goes on for ever ends with the next call.
      if (this.hasBegun && current !== this) throw new Error('the call is over');
      if (!this.isOn) return;
      const index = this.trace.length;
      if (index >= MAX_EVENTS) throw new Error('too many events');
      this.trace[index] = name;
      if (index === this.at || this.at === ALL) this.wait(name);
      if (index === this.change?.at) this.makeChange();
    }
    wait(name) {
      this.pending++;
      try {
        waitForHost();
        this.parks++;
      } catch (error) {
        this.refusals.push(`${name}: ${error}`);
      } finally {
        this.pending--;
      }
    }
    // What a step that is run again meets is not what it met before.
    makeChange() {
      const object = this.made[this.change.place % this.made.length];
      if (paths.has(object)) return; // built-ins stay as they are
      this.isOn = false;
      try {
        changes[this.change.name](object, this);
      } catch {}
      this.isOn = true;
    }
    // A function that reports.
    fn(name, answer = () => undefined) {
      const run = this;
      const made = {
        [name](...list) {
          if (run.isOn && run.seen.length < MAX_SEEN) run.seen[run.seen.length] = [this, list];
          run.event(name);
          return apply(answer, this, list);
        },
      };
      return made[name];
    }
    // A class that reports when it constructs or is called.
    constructor_(name, Base, make = (list) => construct(Base, list)) {
      const run = this;
      function made(...list) {
        run.event(new.target ? `new ${name}` : name);
        return make(list);
      }
      defineProperty(made, 'name', { value: name });
      if (Base) {
        made.prototype = Base.prototype;
        Object.setPrototypeOf(made, Base);
      }
      return made;
    }
    // An object whose properties are accessors that report.
    bag(name, values, target = {}) {
      for (const key of ownKeys(values)) {
        defineProperty(target, key, {
          get: this.fn(`get ${name}.${nameOfKey(key)}`, () => values[key]),
          set: this.fn(`set ${name}.${nameOfKey(key)}`, (value) => (values[key] = value)),
          enumerable: true,
          configurable: true,
        });
      }
      return target;
    }
    // A proxy that reports each trap; `looks`: also each look for a trap.
    watched(name, target, looks = false) {
      const run = this;
      const handler = {};
      for (const trap of ownKeys(Reflect)) {
        if (typeof trap !== 'string') continue;
        handler[trap] = (...list) => {
          const key = list[1];
          run.event(
            `${name} ${trap}${typeof key === 'string' || typeof key === 'symbol' ? ` ${nameOfKey(key)}` : ''}`,
          );
          return apply(Reflect[trap], undefined, list);
        };
      }
      if (!looks) return new Proxy(target, handler);
      return new Proxy(
        target,
        new Proxy(handler, {
          get(list, trap) {
            run.event(`${name} looks for ${nameOfKey(trap)}`);
            return list[trap];
          },
        }),
      );
    }
    iterator(name, items) {
      const run = this;
      let i = 0;
      return run.bag(name, {
        next: run.fn(`${name}.next`, () =>
          run.bag(`${name} result`, i < items.length ? { done: false, value: items[i++] } : { done: true, value: 9 }),
        ),
        return: run.fn(`${name}.return`, () => ({})),
        throw: run.fn(`${name}.throw`, () => ({ done: true })),
        [Symbol.iterator]: run.fn(`${name}.iterator`, function () {
          return this;
        }),
      });
    }
    iterable(name, items) {
      return this.bag(name, { [Symbol.iterator]: this.fn(`${name}.iterator`, () => this.iterator(name, items)) });
    }
    thenable(name, value, way = 0) {
      return this.bag(name, { then: this.fn(`${name}.then`, (...settle) => settle[way]?.(value)) });
    }
  }

  let current;
  const waitForHost = globalThis.wait ?? (() => {});
  globalThis.event = (name) => current?.event(name);

  // What receivers and arguments are made of: name => value. They are made anew for each call.
  const makers = {
    undefined: () => undefined,
    null: () => null,
    zero: () => 0,
    one: () => 1,
    two: () => 2,
    minus: () => -1,
    yes: () => true,
    letter: () => 'b',
    text: () => 'abcabc',
    json: () => '{"a":[1,{"b":2}],"c":"d"}',
    code: () => "event('code'); 5",
    address: () => 'http://a/b?c=d',
    symbol: () => Symbol.iterator,
    bigint: () => 3n,
    object: () => ({ a: 1, b: 2 }),
    array: () => [3, 1, 2],

    // Conversions.
    number: (h) => ({ [Symbol.toPrimitive]: h.fn('toPrimitive', () => 1) }),
    string: (h) => ({ toString: h.fn('toString', () => 'b'), valueOf: h.fn('valueOf', () => 'b') }),
    numeral: (h) => h.watched('numeral', { toString: h.fn('toString', () => '1'), valueOf: h.fn('valueOf', () => 2) }),
    big: (h) => ({ valueOf: h.fn('valueOf big', () => 2n), toString: h.fn('toString big', () => '2') }),
    key: (h) => h.bag('key', { [Symbol.toPrimitive]: h.fn('toPrimitive key', () => 'a') }),
    symbolic: (h) => ({ [Symbol.toPrimitive]: h.fn('toPrimitive symbol', () => Symbol.iterator) }),
    stubborn: (h) => ({ toString: h.fn('toString', () => ({})), valueOf: h.fn('valueOf', () => ({})) }),
    throwing: (h) => ({
      [Symbol.toPrimitive]: h.fn('toPrimitive that throws', () => {
        throw new RangeError('thrown by toPrimitive');
      }),
    }),

    // Functions.
    callback: (h) => h.fn('callback', (a, b) => (b === undefined ? a : typeof a === 'number' ? a - b : b)),
    predicate: (h) => h.fn('predicate', () => true),
    negative: (h) => h.fn('negative', () => false),
    converted: (h) => h.fn('callback for number', () => makers.number(h)),
    lister: (h) => h.fn('callback for list', () => h.iterable('inner', [7, 8])),
    thrower: (h) => {
      let calls = 0;
      return h.fn('thrower', (a) => {
        if (calls++ > 0) throw new TypeError('thrown by a callback');
        return a;
      });
    },
    awaited: (h) => h.fn('callback for thenable', () => h.thenable('answer', 1)),
    executor: (h) =>
      h.fn('executor', (resolve) => {
        resolve?.(h.thenable('resolution', 5));
        return 1;
      }),
    watchedFunction: (h) =>
      h.watched(
        'function',
        function target(a) {
          return a;
        },
        true,
      ),
    watchedClass: (h) => h.watched('class', class Target {}),
    bound: (h) => h.fn('bound', (a) => a).bind(undefined, 1),
    generatorFunction: (h) =>
      function* generatorFunction() {
        h.event('body 1');
        yield 1;
        h.event('body 2');
      },
    asyncFunction: (h) =>
      async function asyncFunction() {
        h.event('async body');
        await undefined;
        h.event('async body after await');
        return 1;
      },
    hasInstance: (h) =>
      h.bag(
        'hasInstance',
        { [Symbol.hasInstance]: h.fn('hasInstance', () => true) },
        function hasInstance() {},
      ),

    // Lists.
    list: (h) => h.iterable('list', [3, 1, 2]),
    iterator: (h) => h.iterator('iterator', [3, 1]),
    texts: (h) => h.iterable('texts', ['b', 'a', 'c']),
    pairs: (h) => h.iterable('pairs', [h.bag('pair', { 0: 'a', 1: 1 }), h.bag('pair', { 0: 'b', 1: 2 })]),
    weakPairs: (h) => h.iterable('weak pairs', [h.bag('pair', { 0: {}, 1: 1 }), h.bag('pair', { 0: {}, 1: 2 })]),
    objects: (h) => h.iterable('objects', [{}, {}]),
    thenables: (h) => h.iterable('thenables', [h.thenable('first', 1), h.thenable('second', 2)]),
    rejections: (h) => h.iterable('thenables', [h.thenable('first', 1, 1), h.thenable('second', 2, 1)]),
    lists: (h) => h.iterable('lists', [h.iterable('one', [1, 2]), h.iterable('two', [3])]),
    arrayLike: (h) => h.bag('arrayLike', { length: 3, 0: 3, 1: 1, 2: 2 }),
    convertedLength: (h) => ({ length: h.bag('length', { valueOf: h.fn('valueOf length', () => 2) }), 0: 3, 1: 1 }),
    holes: (h) => {
      const array = h.bag('holes', { 1: 5 }, [1, , 2, , 3]);
      return array;
    },
    watchedArray: (h) => h.watched('array', [3, 1, 2]),
    lookedAt: (h) => h.watched('looked at', [3, 1], true),
    values: (h) => [makers.numeral(h), makers.number(h), makers.string(h)],
    nested: (h) => [1, h.watched('nested', [2, h.watched('inner', [3])]), [4]],
    spreadable: (h) => h.bag('spreadable', { [Symbol.isConcatSpreadable]: true, length: 2, 0: 5, 1: 6 }),
    speciesArray: (h) =>
      h.bag(
        'array',
        { constructor: h.bag('constructor', { [Symbol.species]: h.constructor_('Species', Array) }, {}) },
        [3, 1, 2],
      ),
    watchedResult: (h) =>
      h.bag(
        'array',
        {
          constructor: {
            [Symbol.species]: h.constructor_('Species', null, () => h.watched('result', [])),
          },
        },
        [3, 1, 2],
      ),

    // Options, descriptors, and what else is asked for by name.
    options: (h) =>
      h.bag('options', {
        cause: 1,
        maxByteLength: makers.number(h),
        alphabet: 'base64url',
        lastChunkHandling: 'loose',
        omitPadding: makers.yes(),
        fatal: false,
        ignoreBOM: false,
        stream: true,
        transfer: h.iterable('transfer', []),
        once: true,
        capture: false,
        passive: false,
        bubbles: true,
        cancelable: true,
        composed: false,
        detail: 1,
        data: 1,
        type: 'b',
        name: 'b',
        message: 'b',
        mode: 'b',
        with: h.bag('attributes', { type: 'json' }),
      }),
    descriptor: (h) => h.bag('descriptor', { value: 1, writable: true, enumerable: true, configurable: true }),
    accessor: (h) => h.bag('accessor', { get: h.fn('getter', () => 4), set: h.fn('setter'), configurable: true }),
    descriptors: (h) => h.bag('descriptors', { a: makers.descriptor(h), c: makers.accessor(h) }),
    watchedDescriptors: (h) => h.watched('descriptors', { a: h.watched('descriptor', { value: 1 }) }),
    setLike: (h) =>
      h.bag('setLike', {
        size: makers.number(h),
        has: h.fn('setLike.has', (value) => value === 1),
        keys: h.fn('setLike.keys', () => h.iterator('keys', [1, 5])),
      }),
    largeSetLike: (h) =>
      h.bag('setLike', {
        size: 9,
        has: h.fn('setLike.has', (value) => value === 1),
        keys: h.fn('setLike.keys', () => h.iterator('keys', [1, 5])),
      }),
    getters: (h) => h.bag('getters', { a: 1, b: makers.object(), c: 'text' }),
    watched: (h) => h.watched('object', { a: 1, b: 2 }),
    heir: (h) => create(h.watched('parent', { a: 1 }), { own: { value: 1, enumerable: true } }),
    tree: (h) =>
      h.bag('tree', {
        a: h.watched('branch', [1, h.bag('leaf', { toJSON: h.fn('leaf.toJSON', (key) => `leaf ${key}`) })]),
        b: h.bag('twig', { c: makers.date(h) }),
      }),
    toJSON: (h) => h.bag('toJSON', { toJSON: h.fn('toJSON', () => ({ a: [1] })) }),
    thenable: (h) => h.thenable('thenable', 1),
    rejection: (h) => h.thenable('rejection', 1, 1),
    nestedThenable: (h) => h.thenable('outer', h.thenable('inner', 1)),
    pattern: (h) =>
      h.bag('pattern', {
        [Symbol.match]: h.fn('@@match', () => 1),
        [Symbol.matchAll]: h.fn('@@matchAll', () => [1].values()),
        [Symbol.replace]: h.fn('@@replace', () => 'r'),
        [Symbol.search]: h.fn('@@search', () => 1),
        [Symbol.split]: h.fn('@@split', () => ['s']),
        toString: h.fn('pattern.toString', () => 'b'),
        flags: 'g',
      }),
    disposable: (h) =>
      h.bag('disposable', {
        [Symbol.dispose]: h.fn('dispose'),
        [Symbol.asyncDispose]: h.fn('asyncDispose', () => h.thenable('disposal', 1)),
      }),
    listener: (h) => h.bag('listener', { handleEvent: h.fn('handleEvent') }),
    constructor: (h) => h.constructor_('Made', Object),
    capable: (h) =>
      h.constructor_('Capable', Promise, ([executor]) => {
        executor?.(h.fn('resolve'), h.fn('reject'));
        return h.bag('capable', { then: h.fn('capable.then', () => 1) });
      }),
    resolving: (h) => {
      const made = h.constructor_('Resolving', Promise);
      made.resolve = h.fn('Resolving.resolve', (value) => h.thenable('resolved', value));
      return made;
    },
    collector: (h) =>
      h.constructor_('Collector', null, () =>
        h.bag('collected', { add: h.fn('add'), set: h.fn('set'), length: 3, 0: 0, 1: 0, 2: 0 }),
      ),
    watchedCollector: (h) => h.constructor_('Collector', null, () => h.watched('collected', [0, 0, 0])),
    typedCollector: (h) => h.constructor_('Typed', null, () => new Int16Array(4)),

    // Instances that report.
    date: () => new Date(1e12),
    hookedDate: (h) =>
      h.bag('date', { toISOString: h.fn('toISOString', () => 'iso'), valueOf: h.fn('valueOf', () => 5) }, new Date(1e12)),
    regexp: () => /b/g,
    hookedRegExp: (h) => {
      let calls = 0;
      return h.bag(
        'regexp',
        {
          exec: h.fn('exec', () =>
            calls++ < 2
              ? h.bag('match', { length: 2, index: makers.number(h), 0: makers.string(h), 1: makers.string(h), groups: h.bag('groups', { a: makers.string(h) }) })
              : null,
          ),
          flags: makers.flags(h),
          constructor: h.bag('constructor', {
            [Symbol.species]: h.constructor_('Species', null, () => makers.hookedRegExp(h)),
          }),
          [Symbol.match]: true,
        },
        defineProperty(/b/g, 'lastIndex', { value: makers.number(h), writable: true }),
      );
    },
    stickyRegExp: (h) => {
      let calls = 0;
      return h.bag(
        'sticky',
        { exec: h.fn('exec', () => (calls++ < 2 ? { index: 1, 0: 'b', length: 1 } : null)), flags: 'y', lastIndex: 0 },
        create(RegExp.prototype),
      );
    },
    watchedRegExp: (h) => h.watched('regexp', { flags: 'g', exec: h.fn('exec', () => null), lastIndex: 0, source: 'b' }),
    flags: (h) => ({ toString: h.fn('toString flags', () => 'g') }),
    lastIndexed: (h) => defineProperty(/b/y, 'lastIndex', { value: makers.number(h), writable: true }),
    map: () => new Map([['a', 1], ['b', 2]]),
    set: () => new Set([1, 2, 3]),
    hookedMap: (h) => h.bag('map', { set: h.fn('map.set'), get: h.fn('map.get') }, new Map([['a', 1], ['b', 2]])),
    weakMap: () => new WeakMap(),
    weakSet: () => new WeakSet(),
    promise: () => Promise.resolve(1),
    rejected: () => Promise.reject(1),
    hookedPromise: (h) =>
      h.bag(
        'promise',
        {
          then: h.fn('then', (a, b) => {
            a?.(1);
            return 1;
          }),
          constructor: h.bag('constructor', { [Symbol.species]: makers.capable(h) }, {}),
        },
        Promise.resolve(1),
      ),
    speciesPromise: (h) =>
      h.bag(
        'promise',
        { constructor: h.bag('constructor', { [Symbol.species]: makers.capable(h), resolve: h.fn('resolve', (a) => a) }, makers.capable(h)) },
        Promise.resolve(1),
      ),
    bytes: () => new Uint8Array([3, 1, 2]),
    floats: () => new Float64Array([3, 1, 2]),
    bigs: () => new BigInt64Array([3n, 1n, 2n]),
    speciesBytes: (h) =>
      h.bag(
        'bytes',
        {
          constructor: h.bag('constructor', {
            [Symbol.species]: h.constructor_('Species', null, ([a, b, c]) =>
              isObject(a) ? new Int16Array(a, b, c) : new Int16Array(a),
            ),
          }),
        },
        new Uint8Array([3, 1, 2]),
      ),
    resizableBytes: () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
    shrinking: (h) => {
      const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
      const bytes = new Uint8Array(buffer);
      defineProperty(bytes, 'constructor', {
        get: h.fn('get shrinking.constructor', () => {
          buffer.resize(2);
          return undefined;
        }),
      });
      return bytes;
    },
    buffer: () => new ArrayBuffer(4, { maxByteLength: 8 }),
    speciesBuffer: (h) =>
      h.bag(
        'buffer',
        { constructor: h.bag('constructor', { [Symbol.species]: h.constructor_('Species', null, () => new ArrayBuffer(9)) }) },
        new ArrayBuffer(4),
      ),
    dataView: () => new DataView(new ArrayBuffer(64)),
    boxedText: (h) => h.bag('boxed', { toString: h.fn('toString', () => 'cab'), valueOf: h.fn('valueOf', () => 'cab') }, new String('abcabc')),
    boxedNumber: () => new Number(3),
    boxedBoolean: () => new Boolean(true),
    boxedSymbol: () => Object(Symbol.iterator),
    boxedBigInt: () => Object(3n),
    error: (h) => h.bag('error', { name: makers.string(h), message: makers.string(h) }, new Error('message')),
    aggregate: () => new AggregateError([1], 'message'),
    generator: (h) =>
      (function* () {
        try {
          h.event('body 1');
          const sent = yield 1;
          h.event('body 2');
          yield sent;
        } finally {
          h.event('finally');
        }
      })(),
    startedGenerator: (h) => {
      const generator = makers.generator(h);
      generator.next();
      return generator;
    },
    asyncGenerator: (h) =>
      (async function* () {
        try {
          h.event('body 1');
          const sent = yield h.thenable('yielded', 1);
          h.event('body 2');
          yield sent;
        } finally {
          h.event('finally');
        }
      })(),
    startedAsyncGenerator: (h) => {
      const generator = makers.asyncGenerator(h);
      generator.next();
      return generator;
    },
    asyncIterator: (h) => {
      let calls = 0;
      return h.bag(
        'async iterator',
        {
          next: h.fn('async next', () => h.thenable('async result', { done: calls++ > 2, value: 1 })),
          return: h.fn('async return', () => h.thenable('async result', { done: true, value: 1 })),
        },
        create(getPrototypeOf(getPrototypeOf((async function* () {}).prototype))),
      );
    },
    asyncFromSync: (h) => {
      // A delegating asynchronous generator is the only one who holds the wrapper.
      const list = h.iterator('sync', [h.thenable('element', 1), 2]);
      return (async function* () {
        yield* list;
      })();
    },
    arrayIterator: (h) => Array.prototype.values.call(makers.arrayLike(h)),
    entriesIterator: (h) => Array.prototype.entries.call(makers.watchedArray(h)),
    textIterator: () => 'abc'[Symbol.iterator](),
    mapIterator: () => new Map([['a', 1], ['b', 2]]).entries(),
    setIterator: () => new Set([1, 2]).values(),
    matchIterator: (h) => {
      let calls = 0;
      const made = h.constructor_('Species', null, () =>
        h.bag('matcher', {
          exec: h.fn('exec', () => (calls++ < 2 ? { 0: makers.emptyText(h) } : null)),
          lastIndex: makers.number(h),
        }),
      );
      const regexp = h.bag('regexp', { constructor: { [Symbol.species]: made } }, /b/g);
      return regexp[Symbol.matchAll]('abcabc');
    },
    emptyText: (h) => ({ toString: h.fn('toString of match', () => '') }),
    helper: (h) => Iterator.prototype.map.call(h.iterator('inner', [3, 1, 2]), h.fn('mapper', (a) => a)),
    flatHelper: (h) => Iterator.prototype.flatMap.call(h.iterator('inner', [3, 1]), () => h.iterable('flat', [1, 2])),
    dropHelper: (h) => Iterator.prototype.drop.call(h.iterator('inner', [3, 1, 2]), 1),
    takeHelper: (h) => Iterator.prototype.take.call(h.iterator('inner', [3, 1, 2]), 1),
    filterHelper: (h) => Iterator.prototype.filter.call(h.iterator('inner', [3, 1, 2]), h.fn('filter', (a) => a === 2)),
    concatHelper: (h) => Iterator.concat?.(h.iterable('one', [1]), h.iterable('two', [2])),
    zipHelper: (h) => Iterator.zip?.([h.iterable('one', [1]), h.iterable('two', [2])]),
    wrapped: (h) => Iterator.from(h.iterator('inner', [3, 1, 2])),
    heirOfIterator: (h) => {
      const iterator = h.iterator('heir', [3, 1, 2]);
      return Object.setPrototypeOf(iterator, Iterator.prototype);
    },
    stack: (h) => {
      const stack = new DisposableStack();
      stack.use({ [Symbol.dispose]: h.fn('dispose') });
      stack.adopt(1, h.fn('adopted'));
      stack.defer(
        h.fn('deferred', () => {
          throw new RangeError('thrown while disposing');
        }),
      );
      return stack;
    },
    asyncStack: (h) => {
      const stack = new AsyncDisposableStack();
      stack.use({ [Symbol.asyncDispose]: h.fn('asyncDispose', () => h.thenable('disposal', 1)) });
      stack.adopt(1, h.fn('adopted'));
      stack.defer(
        h.fn('deferred', () => {
          throw new RangeError('thrown while disposing');
        }),
      );
      return stack;
    },
    callSite: () => {
      const { prepareStackTrace } = Error;
      Error.prepareStackTrace = (error, sites) => sites;
      const [site] = new Error().stack;
      Error.prepareStackTrace = prepareStackTrace;
      return site;
    },
    arguments: function () {
      return (function () {
        return arguments;
      })(3, 1, 2);
    },
    target: (h) => {
      if (typeof EventTarget !== 'function') return undefined;
      const target = new EventTarget();
      target.addEventListener('b', h.fn('listener'));
      target.addEventListener('b', h.bag('listener', { handleEvent: h.fn('handleEvent') }));
      return target;
    },
    happening: () => (typeof Event === 'function' ? new Event('b') : undefined),
    controller: (h) => {
      if (typeof AbortController !== 'function') return undefined;
      const controller = new AbortController();
      controller.signal.addEventListener('abort', h.fn('aborted'));
      controller.signal.onabort = h.fn('onabort');
      return controller;
    },
    // Last: a shared buffer changes how everything after it runs.
    sharedInts: () => new Int32Array(new SharedArrayBuffer(16, { maxByteLength: 32 })).fill(5),
    sharedBuffer: () => new SharedArrayBuffer(16, { maxByteLength: 32 }),
  };
  // What guest code may do to an object that a built-in is at work on.
  const nothing = () => {};
  const replaced = [
    [RegExp.prototype, 'exec'],
    [Array.prototype, Symbol.iterator],
    [getPrototypeOf([].values()), 'next'],
    [Promise, 'resolve'],
    [Promise.prototype, 'then'],
    [Map.prototype, 'set'],
    [Set.prototype, 'add'],
    [Object.prototype, 'toString'],
    [String.prototype, Symbol.iterator],
  ];
  const changes = {
    push: (o) => apply(Array.prototype.push, o, [7, 8, 9]),
    pop: (o) => apply(Array.prototype.pop, o, []),
    shift: (o) => apply(Array.prototype.shift, o, []),
    empty: (o) => (o.length = 0),
    large: (o) => (o.length = 40),
    delete: (o) => {
      for (const key of ownKeys(o)) delete o[key];
    },
    add: (o) => Object.assign(o, { a: 5, b: 6, z: 7 }),
    reverse: (o) => apply(Array.prototype.reverse, o, []),
    getter: (o, run) => run.bag('changed', { 0: 4, 1: 5, a: 6, length: 2, next: nothing, then: nothing }, o),
    orphan: (o) => Object.setPrototypeOf(o, null),
    adopt: (o, run) => Object.setPrototypeOf(o, run.watched('new parent', getPrototypeOf(o) ?? {})),
    freeze: (o) => Object.freeze(o),
    clear: (o) => o.clear(),
    put: (o) => (o.set?.('z', 1), o.add?.('z')),
    transfer: (o) => (o.buffer ?? o).transfer(),
    resize: (o) => (o.buffer ?? o).resize(1),
    grow: (o) => (o.buffer ?? o).resize(8),
    compile: (o) => o.compile('[ab]', 'gi'),
    lastIndex: (o) => (o.lastIndex = 1),
    setTime: (o) => o.setTime(7),
    constructor: (o, run) => (o.constructor = run.constructor_('Other', Array)),
    replace: (o, run) => {
      const [holder, key] = replaced[run.change.place % replaced.length];
      const found = getOwnPropertyDescriptor(holder, key);
      run.restore = () => defineProperty(holder, key, found);
      defineProperty(holder, key, { ...found, value: run.fn(`replaced ${nameOfKey(key)}`, found.value) });
    },
  };
  const usesSharing = (name) => name.startsWith('shared');
  const own = new Set(['everywhere', 'syntax', 'event', 'wait', 'report', 'given']);

  // Functions: all that is callable and can be reached. Each with the objects that hold it.
  const functions = [];
  const paths = new Map();
  function findFunctions() {
    if (functions.length > 0) return;
    const hooks = new Run(NEVER);
    const queue = [[globalThis, '']];
    const seen = new Map();
    // What only syntax or a call leads to.
    const roots = [];
    for (const name of ownKeys(makers)) {
      if (usesSharing(name)) continue;
      try {
        const prototype = getPrototypeOf(makers[name](hooks));
        if (prototype) roots.push([prototype, `%${name}%`]);
      } catch {}
    }
    for (let i = 0; i < queue.length || roots.length > 0; i++) {
      if (i === queue.length) queue.push(roots.shift());
      const [object, path, holder, part] = queue[i];
      const known = seen.get(object);
      if (known) {
        if (holder && known.holders && !known.holders.includes(holder)) known.holders.push(holder);
        continue;
      }
      const entry = { path, callable: object, holders: holder ? [holder] : [], part };
      seen.set(object, entry);
      paths.set(object, path || 'globalThis');
      if (typeof object === 'function') functions.push(entry);
      for (const key of ownKeys(object)) {
        if (object === globalThis && own.has(key)) continue;
        const found = getOwnPropertyDescriptor(object, key);
        const place = path === '' ? nameOfKey(key) : `${path}.${nameOfKey(key)}`;
        if (isObject(found.value)) queue.push([found.value, place, object, 'value']);
        if (found.get) queue.push([found.get, `get ${place}`, object, 'get']);
        if (found.set) queue.push([found.set, `set ${place}`, object, 'set']);
      }
      const prototype = getPrototypeOf(object);
      if (prototype) queue.push([prototype, `${path || 'globalThis'}.__proto__`, undefined]);
    }
    // Shared memory last.
    const rank = (entry) => (/SharedArrayBuffer|Atomics/.test(entry.path) ? 1 : 0);
    functions.sort((a, b) => rank(a) - rank(b));
    for (const entry of functions) entry.isShared = rank(entry) === 1;
  }

  // An account of values: their parts to some depth, by identity. Nothing reports meanwhile.
  function describe(values) {
    const ids = new Map();
    const text = (value, depth) => {
      if (typeof value === 'string') return JSON.stringify(value);
      if (typeof value === 'symbol') return nameOfKey(value);
      if (typeof value === 'bigint') return `${value}n`;
      if (Object.is(value, -0)) return '-0';
      if (!isObject(value)) return String(value);
      if (paths.has(value)) return `%${paths.get(value)}%`;
      if (ids.has(value)) return `#${ids.get(value)}`;
      ids.set(value, ids.size);
      const parts = [];
      let prototype = null;
      try {
        prototype = getPrototypeOf(value);
        parts.push(...contents(value, prototype, depth));
        if (typeof value === 'function') parts.push(`function ${text(getOwnPropertyDescriptor(value, 'name')?.value, 0)}`);
        if (depth > 0) {
          let count = 0;
          for (const key of ownKeys(value)) {
            if (count++ > 24) break;
            const found = getOwnPropertyDescriptor(value, key);
            if (typeof value === 'function' && (key === 'prototype' || key === 'name')) continue;
            const flags = `${found.writable ? 'w' : ''}${found.enumerable ? 'e' : ''}${found.configurable ? 'c' : ''}`;
            const content =
              'value' in found
                ? text(found.value, depth - 1)
                : `get ${text(found.get, 0)} set ${text(found.set, 0)}`;
            parts.push(`${nameOfKey(key)}:${flags}=${content}`);
          }
        }
        if (!Object.isExtensible(value)) parts.push('not extensible');
      } catch (error) {
        parts.push(`cannot be described: ${error.message}`);
      }
      return `#${ids.get(value)}{${prototype ? text(prototype, 0) : 'null'} ${parts.join()}}`;
    };
    const contents = (value, prototype, depth) => {
      const parts = [];
      const ask = (Class, account) => {
        try {
          parts.push(account());
        } catch {}
      };
      for (let link = prototype; link; link = getPrototypeOf(link)) {
        if (link === Map.prototype)
          ask(Map, () => `Map ${[...apply(Map.prototype.entries, value, [])].map(([k, v]) => `${text(k, depth - 1)}=>${text(v, depth - 1)}`)}`);
        else if (link === Set.prototype)
          ask(Set, () => `Set ${[...apply(Set.prototype.values, value, [])].map((v) => text(v, depth - 1))}`);
        else if (link === Date.prototype) ask(Date, () => `Date ${apply(Date.prototype.getTime, value, [])}`);
        else if (link === RegExp.prototype) ask(RegExp, () => `RegExp ${sourceOf(value)}`);
        else if (link === ArrayBuffer.prototype)
          ask(ArrayBuffer, () => `ArrayBuffer ${new Uint8Array(value)}`);
        else if (link === DataView.prototype) ask(DataView, () => `DataView ${apply(viewLength, value, [])}`);
        else if (link === String.prototype) ask(String, () => `String ${apply(String.prototype.valueOf, value, [])}`);
        else if (link === Number.prototype) ask(Number, () => `Number ${apply(Number.prototype.valueOf, value, [])}`);
      }
      return parts;
    };
    return text(values, 4);
  }
  const sourceOf = (regexp) => apply(getOwnPropertyDescriptor(RegExp.prototype, 'source').get, regexp, []);
  const viewLength = getOwnPropertyDescriptor(DataView.prototype, 'byteLength').get;

  // Calls ------------------------------------------------------------------------------------------------------

  // A call: function by number (or a program of `syntax`), 'call', 'new' or 'derived' (with a new.target that reports),
  // name of the receiver, names of the arguments.
  function make(run, name, entry) {
    if (name === 'holder') return entry.holders[0];
    if (name === 'heir of holder') return run.constructor_('Heir', entry.holders[0]);
    if (name.startsWith('new ')) return instances.get(name)();
    return makers[name](run);
  }

  // Results that depend on the clock or on chance.
  const isDeterministic = ([index, how, , ...names]) =>
    !/^(Math\.random|performance|Date\.now|reportError|.et RegExp\.)/.test(functions[index].path) &&
    (functions[index].path !== 'Date' || (how !== 'call' && names.some((name) => !name.startsWith("!"))));

  function begin(run, [index, how, receiverName, ...names]) {
    if (globalThis.isVerbose) report(nameOf([index, how, receiverName, ...names]));
    current = run;
    if (typeof index === 'string') {
      run.isOn = run.hasBegun = true;
      try {
        run.made = [(run.result = syntax[index](run))];
      } catch (error) {
        run.isAbrupt = true;
        run.made = [(run.result = error)];
      }
      run.syncCount = run.trace.length;
      return;
    }
    const entry = functions[index];
    const changed = names.findIndex((name) => name.startsWith('!'));
    if (changed >= 0) {
      const [name, at, place] = names.splice(changed)[0].slice(1).split(' ');
      run.change = { name, at: Number(at), place: Number(place) };
    }
    const list = names.map((name) => make(run, name, entry));
    const receiver = how === 'call' ? make(run, receiverName, entry) : undefined;
    const newTarget =
      how === 'derived'
        ? run.watched('new.target', function () {}.bind(), false)
        : entry.callable;
    run.made = [receiver, ...list];
    run.isOn = run.hasBegun = true;
    try {
      run.result = how === 'call' ? apply(entry.callable, receiver, list) : construct(entry.callable, list, newTarget);
      if (how === 'call' && isObject(run.result) && !run.made.includes(run.result)) drive(run.result);
    } catch (error) {
      run.isAbrupt = true;
      run.result = error;
    }
    run.syncCount = run.trace.length;
    if (/^set(Timeout|Interval)$/.test(entry.path)) {
      clearTimeout(run.result);
      run.result = typeof run.result;
    }
  }

  // An iterator that was made is asked for its first elements.
  function drive(result) {
    run: for (const name of ['next', 'next', 'next', 'return']) {
      for (let link = result; ; link = getPrototypeOf(link)) {
        if (!link || link === Object.prototype) break run;
        const found = getOwnPropertyDescriptor(link, name);
        if (!found) continue;
        if (typeof found.value !== 'function' || !paths.has(found.value)) break run;
        apply(found.value, result, []);
        break;
      }
    }
  }

  // Lets everything that a call has begun come to its end.
  async function settle(run) {
    for (let quiet = 0; quiet < 2; ) {
      const before = run.trace.length;
      for (let tick = 0; tick < 8; tick++) await undefined;
      if (run.pending > 0) {
        waitForHost();
        quiet = 0;
      } else {
        quiet = run.trace.length === before ? quiet + 1 : 0;
      }
    }
  }

  function watch(result, fulfilled, rejected) {
    if (!isObject(result)) return;
    try {
      if (getPrototypeOf(result) === Promise.prototype) apply(Promise.prototype.then, result, [fulfilled, rejected]);
    } catch {}
  }

  async function outcomeOf(run, call) {
    let state = 'settles not';
    watch(
      run.result,
      (value) => ((state = 'fulfilled'), (run.settled = value)),
      (value) => ((state = 'rejected'), (run.settled = value)),
    );
    await settle(run);
    // Modules come when the host has had its turn.
    if (typeof call[0] === 'string')
      for (let turn = 0; turn < 8 && state === 'settles not'; turn++) {
        waitForHost();
        await settle(run);
      }
    return state;
  }

  // What a call came to, as text. The order of events after it has returned is that of its jobs, which differs when
  // one of them has waited.
  async function perform(call, at) {
    const run = new Run(at);
    begin(run, call);
    const state = await outcomeOf(run, call);
    run.isOn = false;
    run.restore?.();
    run.account = {
      events: run.trace.slice(0, run.syncCount),
      later: run.trace.slice(run.syncCount),
      state: `${run.isAbrupt ? 'throws' : 'returns'}, ${state}`,
      values: describe([run.result, run.settled, run.made]),
      seen: describe([run.made, run.seen]),
    };
    return run;
  }

  // Instances of whatever constructs, by the name of the maker.
  const instances = new Map();
  function findInstances() {
    if (instances.size > 0) return;
    const lists = [[], ['b'], ['http://a/'], [() => {}], [() => {}, 'b'], [{}], [[]], ['b', 'b']];
    for (const { callable, path, isShared } of functions) {
      if (isShared || !getOwnPropertyDescriptor(callable, 'prototype')) continue;
      for (const list of path === 'Date' ? [[5]] : lists) {
        try {
          construct(callable, list);
          instances.set(`new ${path}`, () => construct(callable, list));
          break;
        } catch {}
      }
    }
  }
  // The names of makers whose values inherit from an object.
  const heirs = new Map();
  function findHeirs() {
    if (heirs.size > 0) return;
    const note = (name, value) => {
      for (let link = Object(value), depth = 0; link && depth < 10; link = getPrototypeOf(link), depth++) {
        if (link === Object.prototype || link === Function.prototype) break;
        if (!heirs.has(link)) heirs.set(link, []);
        heirs.get(link).push(name);
      }
    };
    const hooks = new Run(NEVER);
    for (const name of ownKeys(makers)) {
      if (usesSharing(name)) continue;
      const value = makers[name](hooks);
      if (value !== undefined && value !== null) note(name, value);
    }
    for (const [name, instance] of instances) note(name, instance());
    for (const name of ['sharedInts', 'sharedBuffer']) heirs.set(name, [name]);
  }

  const generic = ['undefined', 'watched', 'watchedArray', 'arrayLike', 'getters', 'numeral', 'watchedFunction'];
  function receiversOf(entry) {
    const [holder] = entry.holders;
    if (!holder || holder === globalThis) return ['undefined'];
    if (entry.isShared) return ['undefined', 'sharedBuffer', 'sharedInts', 'holder'];
    if (typeof holder === 'function') return ['holder', 'heir of holder', 'capable', 'resolving', 'collector', 'watchedCollector', 'typedCollector', 'watchedClass', 'undefined'];
    if (holder === Object.prototype)
      return ['watched', 'getters', 'heir', 'numeral', 'watchedFunction', 'watchedArray', 'lookedAt', 'key'];
    if (holder === Function.prototype) return ['callback', 'watchedFunction', 'watchedClass', 'constructor', 'bound', 'getters'];
    const found = new Set();
    for (const each of entry.holders) for (const name of heirs.get(each) ?? []) if (found.size < 30) found.add(name);
    const named = [...found].slice(0, 30);
    return [...named, ...(named.length > 0 ? generic : ['undefined', 'watched'])];
  }

  const same = [
    ...['number', 'string', 'numeral', 'big', 'key', 'symbolic', 'throwing', 'stubborn'],
    ...['callback', 'predicate', 'negative', 'converted', 'lister', 'thrower', 'awaited', 'executor', 'watchedFunction'],
    ...['watchedClass', 'list', 'iterator', 'texts', 'pairs', 'weakPairs', 'objects', 'thenables', 'rejections', 'lists'],
    ...['arrayLike', 'convertedLength', 'watchedArray', 'lookedAt', 'nested', 'spreadable', 'options', 'descriptor'],
    ...['descriptors', 'watchedDescriptors', 'setLike', 'largeSetLike', 'getters', 'watched', 'heir', 'tree', 'toJSON'],
    ...['thenable', 'rejection', 'nestedThenable', 'pattern', 'disposable', 'listener', 'constructor', 'hookedRegExp'],
    ...['hookedDate', 'hookedPromise', 'code', 'error', 'boxedText', 'generator', 'asyncIterator', 'speciesBytes'],
  ];
  const lists = [
    [],
    ...same.map((name) => [name, name, name]),
    ['callback', 'number'],
    ['number', 'callback'],
    ['callback', 'object', 'number'],
    ['list', 'callback'],
    ['lists', 'options'],
    ['arrayLike', 'callback'],
    ['watchedArray', 'converted'],
    ['text', 'callback'],
    ['letter', 'converted'],
    ['letter', 'string'],
    ['text', 'number', 'number'],
    ['key', 'callback'],
    ['key', 'descriptor'],
    ['watched', 'key', 'descriptor'],
    ['watched', 'key', 'accessor'],
    ['getters', 'key', 'watched'],
    ['watchedFunction', 'undefined', 'arrayLike'],
    ['callback', 'watched', 'arrayLike'],
    ['watchedClass', 'arrayLike', 'watchedFunction'],
    ['constructor', 'arrayLike', 'watchedClass'],
    ['json', 'callback'],
    ['json', 'predicate'],
    ['tree', 'callback', 'number'],
    ['tree', 'watchedArray', 'string'],
    ['object', 'callback', 'boxedText'],
    ['zero', 'number', 'number', 'number'],
    ['zero', 'numeral', 'string'],
    ['letter', 'options'],
    ['string', 'options'],
    ['texts', 'string', 'options'],
    ['list', 'string', 'options'],
    ['bytes', 'number', 'number', 'number'],
    ['buffer', 'number', 'number'],
    ['bigs', 'zero', 'big', 'big'],
    ['bytes', 'zero', 'string', 'number'],
    ['sharedInts', 'number', 'number', 'number'],
    ['number', 'options'],
    ['disposable', 'callback'],
    ['one', 'callback'],
    ['two', 'arrayLike'],
    ['options', 'options'],
    ['object', 'options'],
    ['object', 'heir', 'getters'],
    ['heir', 'watched'],
    ['nested', 'number'],
    ['values', 'string'],
    ['letter', 'listener', 'options'],
    ['happening'],
    ['thenables'],
    ['getters', 'one', 'one'],
    ['undefined', 'number'],
    ['string'],
    ['number'],
    ['watched', 'watched'],
    ['minus', 'one', 'number'],
    ['regexp', 'string'],
    ['hookedRegExp', 'string'],
    ['hookedRegExp', 'callback'],
    ['pattern', 'string'],
    ['string', 'callback'],
    ['text', 'string', 'string'],
    ['awaited', 'awaited'],
    ['thrower', 'thrower'],
    ['asyncIterator', 'awaited'],
    ['list', 'awaited'],
    ['hasInstance', 'object'],
    ['map', 'set'],
  ];

  function traceOf(call) {
    const run = new Run(NEVER);
    begin(run, call);
    run.isOn = false;
    return `${run.trace} ${run.isAbrupt && describe(run.result)}`;
  }

  // The receivers between which a function makes a difference.
  const MAX_RECEIVERS = 6;
  function differentReceivers(index) {
    const seen = new Set();
    return receiversOf(functions[index]).filter((receiver) => {
      const trace = [[], ['callback', 'callback'], ['number', 'number'], ['getters', 'getters'], ['watchedArray']]
        .map((list) => traceOf([index, 'call', receiver, ...list]))
        .join('; ');
      if (seen.has(trace) || seen.size >= MAX_RECEIVERS) return false;
      return seen.add(trace);
    });
  }

  function* callsOf(index) {
    const entry = functions[index];
    const constructs = getOwnPropertyDescriptor(entry.callable, 'prototype') !== undefined;
    const receivers = differentReceivers(index);
    for (const list of lists) {
      if (list.some(usesSharing) && !entry.isShared) continue;
      for (const receiver of receivers) yield [index, 'call', receiver, ...list];
      if (constructs || entry.path === 'Proxy') {
        yield [index, 'new', '', ...list];
        yield [index, 'derived', '', ...list];
      }
    }
  }

  const random = (seed) => () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  function* randomCalls(seed, count) {
    const next = random(seed);
    const pick = (from) => from[Math.floor(next() * from.length)];
    // (A generator that has been started goes on by itself.)
    const names = ownKeys(makers).filter((name) => !usesSharing(name) && name !== 'startedAsyncGenerator');
    const unshared = functions.filter((entry) => !entry.isShared).length;
    for (let i = 0; i < count; i++) {
      const index = Math.floor(next() * unshared);
      const how = next() < 0.8 ? 'call' : next() < 0.5 ? 'new' : 'derived';
      const receiver = next() < 0.7 ? pick(receiversOf(functions[index])) : pick(names);
      const list = next() < 0.3 ? pick(lists).filter((name) => !usesSharing(name)) : [];
      while (list.length < 4 && next() < 0.7) list.push(pick(names));
      const change = `!${pick(ownKeys(changes))} ${Math.floor(next() * 4)} ${Math.floor(next() * 12)}`;
      yield [index, how, receiver, ...list, ...(next() < 0.7 ? [change] : [])];
    }
  }

  // The calls of which each shows an event that follows another as in none before.
  const MAX_CALLS = 12;
  async function choose(calls, kept, limit) {
    const seen = new Set();
    const found = [];
    for (const call of calls) {
      if (!isDeterministic(call)) continue;
      const run = new Run(NEVER);
      begin(run, call);
      watch(run.result, undefined, () => {});
      await undefined;
      await undefined;
      run.isOn = false;
      run.restore?.();
      let isNew = false;
      for (let i = 0; i < run.trace.length; i++) {
        const pair = `${i > 0 ? run.trace[i - 1] : ''}>${run.trace[i]}`;
        if (!seen.has(pair)) isNew = true;
        seen.add(pair);
      }
      if (isNew) found.push(call);
    }
    const step = Math.max(1, found.length / limit);
    for (let i = 0; i < found.length; i += step) kept.push(found[Math.floor(i)]);
    return found.length > 0;
  }

  // options: every, offset: a sample of the functions; seed, count: random calls instead.
  async function find({ every = 1, offset = 0, seed, count = 1000, only } = {}) {
    findFunctions();
    findInstances();
    findHeirs();
    const wanted = only && new RegExp(only);
    const kept = [];
    let looked = 0;
    let callBack = 0;
    if (seed !== undefined) {
      for (const call of randomCalls(seed, count)) {
        if (wanted && !wanted.test(functions[call[0]].path)) continue;
        if (await choose([call], kept, 1)) callBack++;
      }
    } else {
      for (let index = offset; index < functions.length; index += every) {
        if (wanted && !wanted.test(functions[index].path)) continue;
        looked++;
        if (await choose(callsOf(index), kept, MAX_CALLS)) callBack++;
      }
      if (typeof syntax !== 'undefined')
        for (const name of ownKeys(syntax)) if (!wanted || wanted.test(name)) kept.push([name]);
    }
    const cases = [];
    for (const call of kept) {
      const run = await perform(call, NEVER);
      cases.push({ call, name: nameOf(call), account: run.account });
    }
    current = undefined;
    return JSON.stringify({ functions: functions.length, looked, callBack, cases });
  }

  const nameOf = ([index, how, receiver, ...names]) =>
    typeof index === 'string'
      ? index
      : `${how === 'call' ? '' : `${how} `}${functions[index].path}(${how === 'call' ? `${receiver}; ` : ''}${names.join()})`;

  const placeOf = ([index]) => (typeof index === 'string' ? index : functions[index].path);

  const FIRST = 12;
  const LAST = 2;
  function* placesOf(account, waits) {
    if (!waits) {
      yield NEVER;
      return;
    }
    const count = account.events.length + account.later.length;
    for (let i = 0; i < count; i++) if (i < FIRST || i >= count - LAST) yield i;
    yield ALL;
  }

  // What differs is told with the place where it was. `given`: what find has given.
  async function compare(given, { waits = true, only } = {}) {
    findFunctions();
    findInstances();
    findHeirs();
    const { cases } = JSON.parse(given);
    const differences = [];
    const refusals = {};
    let parks = 0;
    let runs = 0;
    for (const { call, name, account } of cases) {
      if (only && !new RegExp(only).test(name)) continue;
      if (nameOf(call) !== name) throw new Error(`another function is at ${name}: ${nameOf(call)}`);
      for (const at of placesOf(account, waits)) {
        const run = await perform(call, at);
        runs++;
        parks += run.parks;
        for (const refusal of run.refusals) (refusals[placeOf(call)] ??= []).push(`${name}: ${refusal}`);
        // Jobs run while a call waits, so the order is another one where there are any.
        const hasJobs = waits && account.later.length > 0;
        const comparable = (each) => {
          const { events, later, state, values } = each;
          return {
            events: hasJobs ? [...events, ...later].sort().join() : `${events}; ${later}`,
            state,
            // Who comes first may be another one, too.
            seen: hasJobs ? '' : each.seen,
            values: hasJobs && /^Promise\.(any|race)$/.test(placeOf(call)) ? '' : values,
          };
        };
        const [before, now] = [comparable(account), comparable(run.account)];
        for (const part of ownKeys(before)) {
          const expected = before[part];
          const actual = now[part];
          if (expected === actual) continue;
          differences.push({ name, at, part, expected, actual });
          break;
        }
      }
    }
    current = undefined;
    return JSON.stringify({ runs, parks, refusals, differences });
  }
  return { find, compare };
})();
