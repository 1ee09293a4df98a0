// Graphs of things that live on where they were made (functions, objects with methods, classes, references, iterators,
// streams, promises, errors), and walks that use them. What a walk hears across the boundary must be what it hears
// where the graph was made. All three functions are evaluated as text, here and in a guest.

/**
 * The same graph for the same seed: a list of { kind, thing }. `api` has what only one side has; `own` of the answer
 * tells which of its things, by number, the owner was given (-1: none).
 */
export function makeGraph(seed, api) {
  const random = (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const made = [];
  const keep = (thing) => {
    made.push(thing);
    return thing;
  };
  let budget = 40;
  const text = () =>
    'tü'.repeat(20).slice(0, random(3)) + 'n'.repeat([0, 1, 13, 14, 15, 16, 38, 40, 46, 47, 48, 49, 130][random(13)]);
  const leaf = () => {
    switch (random(12)) {
      case 0:
        return random(1e9) - 5e8;
      case 1:
        return [-0, NaN, Infinity, 2 ** 31, -(2 ** 31), 0.1, 2 ** 53][random(7)];
      case 2:
        return undefined;
      case 3:
        return null;
      case 4:
        return random(2) === 0;
      case 5:
        return BigInt(random(1e9)) ** 5n;
      case 6:
        return new Date(random(1e9));
      case 7:
        return [random(5), , text()];
      case 8:
        return { a: random(5), b: { c: text() } };
      case 9:
        return new Uint16Array([random(5), 7]).subarray(random(2));
      default:
        return text();
    }
  };
  const fail = (kind) => {
    const error = keep(
      [
        new RangeError('range'),
        Object.assign(new TypeError('type'), { code: 'E_' + random(9) }),
        new Error('plain', { cause: random(9) }),
      ][random(3)],
    );
    error.isKept = kind;
    return error;
  };
  // What a function does: answers with leaves of its arguments, gives more of the graph, calls back, or throws.
  const behaviour = (depth) => {
    const kind = random(6);
    const answer = leaf();
    const error = fail(kind);
    const more = () => things(depth + 1);
    return (...args) => {
      switch (kind) {
        case 0:
          throw error;
        case 1:
          return typeof args[0] === 'function' ? [args[0](answer), args[0](...args.slice(1))] : answer;
        case 2:
          return more();
        case 3:
          return args;
        case 4:
          return args[args.length - 1];
        default:
          return answer;
      }
    };
  };
  const generator = (depth) => {
    const values = [leaf(), leaf(), leaf()];
    const log = [];
    const end = random(3);
    const act = behaviour(depth);
    return { values, log, end, act };
  };
  const things = (depth) => {
    const list = [];
    if (depth > 3) return list;
    for (let count = 1 + random(4); count > 0 && budget > 0; count--) {
      budget--;
      const kind = random(12);
      switch (kind) {
        case 0:
          list.push({ kind: 'data', thing: leaf() });
          break;
        case 1: {
          const act = behaviour(depth);
          list.push({
            kind: 'function',
            thing: keep(
              random(2) === 0
                ? (...args) => act(...args)
                : function named(...args) {
                    return act(...args);
                  },
            ),
          });
          break;
        }
        case 2: {
          // Its state is hidden: a copy would not have it.
          const act = behaviour(depth);
          const receiver = {
            plain: leaf(),
            add(by) {
              this.state.n += by;
              return this.state.n;
            },
            act(...args) {
              return act(...args);
            },
            deep: {
              who() {
                return this.state.n;
              },
              list: [leaf()],
            },
          };
          for (const object of [receiver, receiver.deep])
            Object.defineProperty(object, 'state', { value: { n: random(9) } });
          list.push({ kind: 'receiver', thing: receiver });
          break;
        }
        case 3: {
          const act = behaviour(depth);
          class Account {
            #n;
            label = 'label';
            constructor(n = 1) {
              this.#n = n;
            }
            add(by) {
              this.#n += by;
              return this.#n;
            }
            get balance() {
              return this.#n;
            }
            set balance(n) {
              this.#n = n;
            }
            act(...args) {
              return act(...args);
            }
          }
          if (random(2) === 0) list.push({ kind: 'class', thing: keep(api.constructible(Account)) });
          else list.push({ kind: 'instance', thing: api.ref(keep(new Account(random(9)))) });
          break;
        }
        case 4: {
          const { values, log, end, act } = generator(depth);
          const start = function* () {
            try {
              for (const value of values) log.push(yield value);
              if (end === 0) throw fail('generator');
              return end === 1 ? 'returned' : act(1);
            } finally {
              log.push('closed');
            }
          };
          list.push({ kind: 'iterator', thing: start(), log: () => log.slice() });
          list.push({ kind: 'iterable', thing: { size: 1, [Symbol.iterator]: start }, log: () => log.slice() });
          break;
        }
        case 5: {
          const { values, log, end, act } = generator(depth);
          const start = async function* () {
            try {
              for (const value of values) log.push(yield value);
              if (end === 0) throw fail('asynchronous generator');
              return end === 1 ? 'returned' : await act(1);
            } finally {
              log.push('closed');
            }
          };
          list.push({ kind: 'asyncIterator', thing: start(), log: () => log.slice() });
          list.push({
            kind: 'asyncIterable',
            thing: { size: 1, [Symbol.asyncIterator]: start },
            log: () => log.slice(),
          });
          break;
        }
        case 6: {
          const value = leaf();
          const error = fail('promise');
          const isRejected = random(3) === 0;
          list.push({
            kind: 'promise',
            thing:
              random(2) === 0
                ? isRejected
                  ? Promise.reject(error)
                  : Promise.resolve(value)
                : Promise.resolve().then(() => {
                    if (isRejected) throw error;
                    return value;
                  }),
          });
          list[list.length - 1].thing.catch(() => {});
          break;
        }
        case 7:
          list.push({ kind: 'error', thing: fail('error') });
          break;
        case 8: {
          const act = behaviour(depth);
          list.push({ kind: 'function', thing: api.waiting((...args) => act(...args)) });
          break;
        }
        case 9: {
          const log = [];
          list.push({
            kind: 'stream',
            thing: api.readable(
              [1, 2, 3].map((n) => new Uint8Array([n, random(9)])),
              log,
            ),
            log: () => log.slice(),
          });
          list.push({ kind: 'sink', thing: api.writable(log), log: () => log.slice() });
          break;
        }
        case 10: {
          const state = keep({
            n: random(9),
            list: [1, leaf()],
            deep: { x: leaf() },
            add(by) {
              this.n += by;
              return this.n;
            },
          });
          list.push({ kind: 'reference', thing: api.ref(state) });
          break;
        }
        default:
          list.push({ kind: 'things', thing: things(depth + 1) });
      }
    }
    return list;
  };
  return { list: things(0), own: (thing) => made.indexOf(thing) };
}

/** Uses what it finds and gives what it heard. */
export async function walk({ list, own }, seed) {
  const random = (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const heard = [];
  let budget = 100;
  const show = (value, depth = 0) => {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
        return `${value}n`;
      case 'string':
        return JSON.stringify(value);
      case 'function':
        return 'a function';
      case 'object':
        break;
      default:
        return String(value);
    }
    if (value === null || depth > 4) return '...';
    if (Array.isArray(value))
      return `[${Array.from(value, (item, i) => (i in value ? show(item, depth + 1) : 'hole'))}]`;
    if (value instanceof Error)
      return `${value.name}: ${value.message} ${show(value.code)} ${typeof value.cause === 'object' ? '' : show(value.cause)} ${show(value.isKept)} ${own(value)}`;
    if (value instanceof Date) return `date ${value.getTime()}`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${Array.from(value)}`;
    if (typeof value.then === 'function') return 'a promise';
    if (typeof value.next === 'function') return 'an iterator'; // whose methods are its own where it has come to
    return `{${Object.keys(value).map((key) => `${key}: ${show(value[key], depth + 1)}`)}}`;
  };
  const leaves = [
    1,
    'a',
    -0,
    NaN,
    undefined,
    null,
    true,
    'w'.repeat(47),
    'w'.repeat(48),
    'w'.repeat(49),
    { a: [1] },
    5n,
    [1, , 2],
  ];
  const leaf = () => leaves[random(leaves.length)];
  const args = () =>
    Array.from({ length: random(random(8) === 0 ? 12 : 4) }, () =>
      random(3) === 0
        ? (...got) => {
            heard.push(`called back ${show(got)}`);
            return leaf();
          }
        : leaf(),
    );
  const hear = async (what, action) => {
    let value;
    try {
      value = await action();
    } catch (error) {
      heard.push(`${what} threw ${show(error)}`);
      return;
    }
    if (Array.isArray(value) && value.length > 0 && value.every((item) => item?.kind !== undefined)) {
      heard.push(`${what} gave things`);
      await walkList(value);
    } else {
      heard.push(`${what} gave ${show(value)}`);
    }
  };
  const step = ({ value, done }) => `${show(value)} ${done}`;
  const walkIterator = async (iterator, isAsync, log) => {
    const perform = (name, ...values) =>
      hear(name, async () =>
        typeof iterator[name] === 'function'
          ? step(isAsync ? await iterator[name](...values) : iterator[name](...values))
          : 'no method',
      );
    for (let count = 1 + random(4); count > 0; count--) {
      switch (random(7)) {
        case 0:
          await perform('return', leaf());
          break;
        case 1:
          await perform('throw', new RangeError('sent'));
          break;
        default:
          await perform('next', leaf());
          break;
      }
    }
    await hear('rest', async () => {
      const rest = [];
      if (isAsync) for await (const value of iterator) rest.push(value);
      else for (const value of iterator) rest.push(value);
      return rest;
    });
    await hear('log', () => log());
  };
  const walkIterable = async (iterable, isAsync, log) => {
    const limit = random(5);
    await hear('iteration', async () => {
      const seen = [];
      if (limit === 4 && !isAsync) return [...iterable];
      if (isAsync)
        for await (const value of iterable) {
          seen.push(value);
          if (seen.length > limit) break;
        }
      else
        for (const value of iterable) {
          seen.push(value);
          if (seen.length > limit) break;
        }
      return seen;
    });
    await hear('log', () => log());
  };
  const walkObject = async (object) => {
    for (let count = 1 + random(4); count > 0; count--) {
      switch (random(9)) {
        case 0:
          await hear('add', () => object.add(random(9)));
          break;
        case 1:
          await hear('balance', () => {
            object.balance = random(9);
            return object.balance;
          });
          break;
        case 2:
          await hear('act', () => object.act(...args()));
          break;
        case 3:
          await hear('label', () => {
            object.label = leaf();
            return object.label;
          });
          break;
        case 4:
          await hear('keys', () => Object.keys(object));
          break;
        case 5:
          await hear('in', () => ['label' in object, 'add' in object, 'nothing' in object]);
          break;
        case 6:
          await hear('delete', () => [delete object.label, object.label]);
          break;
        case 7:
          await hear('own', () => own(object));
          break;
        default:
          await hear('descriptor', () => {
            const found = Object.getOwnPropertyDescriptor(object, 'label');
            return found && [found.enumerable, found.value];
          });
          break;
      }
    }
  };
  const walkList = async (things) => {
    for (const { kind, thing, log } of things) {
      if (--budget < 0) return;
      heard.push(kind);
      switch (kind) {
        case 'data':
        case 'error':
          await hear(kind, () => [thing, typeof thing === 'object' && kind === 'error' ? own(thing) : 0]);
          break;
        case 'function':
          await hear('call', () => thing(...args()));
          await hear('own', () => own(thing));
          break;
        case 'receiver':
          await hear('add', () => [thing.add(2), thing.add(random(5)), thing.deep.who(), thing.deep.list, thing.plain]);
          await hear('act', () => thing.act(...args()));
          break;
        case 'class': {
          await hear('own', () => own(thing));
          let object;
          await hear('new', () => {
            object = new thing(random(9));
            return [object instanceof thing, object.balance];
          });
          if (object !== undefined) await walkObject(object);
          break;
        }
        case 'instance':
          await walkObject(thing);
          break;
        case 'iterator':
          await walkIterator(thing, false, log);
          break;
        case 'iterable':
          await walkIterable(thing, false, log);
          break;
        case 'asyncIterator':
          await walkIterator(thing, true, log);
          break;
        case 'stream':
        case 'asyncIterable':
          await walkIterable(thing, true, log);
          break;
        case 'promise':
          await hear('promise', () => thing);
          break;
        case 'sink':
          await hear('write', async () => {
            await thing.write(new Uint8Array([1, 2]));
            await thing.write(new Uint8Array([random(9)]));
            return random(2) === 0 ? await thing.close() : await thing.abort('enough');
          });
          await hear('log', () => log());
          break;
        case 'reference':
          await hear('reference', () => [
            thing.add(2),
            thing.n,
            ((thing.n = 9), thing.n),
            thing.list.length,
            thing.deep.x,
            Object.keys(thing),
            own(thing),
          ]);
          await hear('reference', () => {
            thing.fresh = leaf();
            return [thing.fresh, 'fresh' in thing, delete thing.fresh, 'fresh' in thing];
          });
          break;
        default:
          await walkList(thing);
          break;
      }
    }
  };
  await walkList(list);
  return heard;
}

/** What only one side has, as it is within a side: things stand for themselves. */
export function localApi() {
  return {
    constructible: (Class) => Class,
    ref: (object) => object,
    waiting: (fn) => fn,
    readable: (chunks, log) =>
      (async function* () {
        try {
          yield* chunks;
          log.push('read');
        } finally {
          log.push('ended');
        }
      })(),
    writable: (log) => ({
      async write(chunk) {
        log.push(chunk[0]);
      },
      async close() {
        log.push('closed');
      },
      async abort(reason) {
        log.push(`aborted ${reason}`);
      },
    }),
  };
}

/** As a host gives them to a guest. */
export function hostApi({ blocking, callback, constructible, ref }) {
  let count = 0;
  const later =
    (fn) =>
    async (...args) => {
      await null;
      return fn(...args);
    };
  return {
    constructible,
    ref,
    waiting(fn) {
      switch (count++ % 3) {
        case 0:
          return blocking(later(fn));
        case 1:
          return callback((resume, signal, ...args) => resume(fn(...args)));
        default:
          return callback((resume, signal, ...args) => {
            queueMicrotask(() => {
              try {
                resume(fn(...args));
              } catch (error) {
                resume.fail(error);
              }
            });
          });
      }
    },
    readable(chunks, log) {
      return new ReadableStream(
        {
          pull(controller) {
            if (chunks.length > 0) return controller.enqueue(chunks.shift());
            log.push('read', 'ended');
            controller.close();
          },
          cancel() {
            log.push('ended');
          },
        },
        { highWaterMark: 0 },
      );
    },
    writable: (log) =>
      new WritableStream({
        write(chunk) {
          log.push(chunk[0]);
        },
        close() {
          log.push('closed');
        },
        abort(reason) {
          log.push(`aborted ${reason}`);
        },
      }),
  };
}

/** The source of what a guest gives a host: objects with a class of their own are references there. */
export const guestApi = `{ ...(${localApi})(), ref: (object) => (Object.getPrototypeOf(object) === Object.prototype ? Object.setPrototypeOf(object, { isReference() {} }) : object) }`;
