// Performs histories of API calls, one after the other, and looks after each step whether what must hold does.
import { setTimeout as delay } from 'node:timers/promises';
import * as caisson from 'caisson';
import { SLOTS, makeHistory } from './history-steps.mjs';

const { blocking, callback, constructible, createSandbox, ref, SandboxError, transfer } = caisson;
let problems = [];
const complain = (what) => {
  if (problems.length < 20) problems.push(what);
};
const describe = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
process.on('uncaughtException', (error) =>
  complain(`uncaught exception: ${describe(error)} ${error?.stack?.split('\n')[1] ?? ''}`),
);
process.on('unhandledRejection', (error) => complain(`unhandled rejection: ${describe(error)}`));
for (const method of ['error', 'warn', 'log']) console[method] = () => {};

// What the engine was asked for, counted at its exports.
const counts = { started: 0, destroyed: 0 };
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  const { caisson_start: start, caisson_destroy: destroy } = instance.exports;
  return {
    exports: {
      ...instance.exports,
      caisson_start(...args) {
        const runtime = start(...args);
        if (runtime !== 0) counts.started++;
        return runtime;
      },
      caisson_destroy(runtime) {
        counts.destroyed++;
        return destroy(runtime);
      },
    },
  };
};
let collected = 0;
const watched = new FinalizationRegistry(() => collected++);

// How a program may end that has a value of its own: by what others did to its sandbox. `where` tells what is known of
// a sandbox.
const endings = new Set([
  'TimeLimitError',
  'MemoryLimitError',
  'InterruptedError',
  'DisposedError',
  'WouldWaitError',
  'AbortError',
  'EngineError',
]);
const isEnding = (error) => error instanceof SandboxError || endings.has(error?.name);

class World {
  sandboxes = new Array(SLOTS).fill(undefined);
  controllers = Array.from({ length: 4 }, () => new AbortController());
  kept = [];
  deferreds = [];
  pending = new Set(); // descriptions of promises that have not settled
  // Sandboxes in which all objects were thenables for a while: what waits there may get anything.
  poisoned = new WeakSet();
  filled = new WeakSet(); // sandboxes in which a program was that takes memory or changes built-ins

  constructor() {
    for (let i = 0; i < 4; i++) this.newDeferred(i);
  }

  newDeferred(index) {
    const deferred = {};
    deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
    deferred.promise.catch(() => {});
    this.deferreds[index] = deferred;
  }

  /**
   * Whether a program may fail so: by an end from outside, of its own or of the one that a module was first evaluated
   * for, or for want of memory that another holds.
   */
  mayFail(error, sandbox) {
    return (
      isEnding(error) ||
      /^the evaluation of module .* was stopped$/.test(error?.message) ||
      (this.filled.has(sandbox) && error instanceof RangeError && /^out of memory/.test(error.message))
    );
  }

  /** Hears of a promise's end; `value`: what it must give when it is fulfilled. */
  follow(promise, what, value, sandbox) {
    const entry = { what };
    this.pending.add(entry);
    const isKnown = () => value !== undefined && !this.poisoned.has(sandbox);
    promise
      .then(
        (result) => {
          if (isKnown() && result !== value) complain(`${what} gave ${String(result)} in place of ${value}`);
        },
        (error) => {
          if (isKnown() && !this.mayFail(error, sandbox)) complain(`${what} failed: ${describe(error)}`);
          this.look(error);
        },
      )
      .finally(() => this.pending.delete(entry));
  }

  look(error) {
    // A mistake in the package's own code shows as an error of the host's whose first frame is there.
    const isMistake =
      error instanceof TypeError &&
      (/on proxy: /.test(error.message) ||
        (!/^what the reference/.test(error.message) &&
          /Cannot (read|set|destructure|convert)|is not (a function|iterable|a constructor)$|private (member|field)/.test(
            error.message,
          ) &&
          /^.*\n\s*at [^\n]*npm\/src\//.test(error.stack)));
    if (isMistake) complain(`a mistake: ${describe(error)} ${error.stack.split('\n')[1]}`);
    if (
      error instanceof WebAssembly.RuntimeError ||
      /instance of this sandbox has failed|malformed message|unreachable|memory access/.test(error?.message)
    )
      complain(`broken: ${describe(error)}`);
  }

  globals(slot) {
    const world = this;
    const inSlot = (other) => {
      const found = world.sandboxes[other];
      if (!found) throw new Error('there is none');
      return found;
    };
    return {
      echo: (value) => value,
      callBack: (fn, ...args) => fn(...args),
      fail: (message) => {
        throw new Error(message);
      },
      later: async (value) => {
        await delay(1);
        return value;
      },
      refuse: async (message) => {
        throw typeof message === 'symbol' ? message : new Error(message);
      },
      never: () => new Promise(() => {}),
      block: blocking(async (value) => {
        await delay(1);
        return value;
      }),
      blockNow: blocking(async (value) => value),
      blockNever: blocking(() => new Promise(() => {})),
      deferred: (index) => world.deferreds[index].promise,
      blockDeferred: blocking((index) => world.deferreds[index].promise),
      settle: (index) => world.settle(index, false),
      keep: (value) => {
        world.keep(value);
      },
      useKept: (index, how) => this.use(this.kept[index % Math.max(1, this.kept.length)], how),
      ...this.livingGlobals(inSlot),
      callKept: (index) => {
        const fn = world.kept[index];
        return typeof fn === 'function' ? fn(1) : fn;
      },
      evalIn: (other, source) => {
        const promise = inSlot(other).eval(source);
        promise.catch((error) => world.look(error));
        return promise;
      },
      evalSyncIn: (other, source) => {
        try {
          return inSlot(other).evalSync(source);
        } catch (error) {
          world.look(error);
          throw error;
        }
      },
      interrupt: (other) => inSlot(other === 0 ? slot : other).interrupt(),
      dispose: (other) => inSlot(other).dispose(),
      abort: (index) => world.controllers[index].abort(),
    };
  }

  // What stays with the host: objects with methods, references, classes, iterators, streams and functions of callbacks.
  livingGlobals(inSlot) {
    const world = this;
    let isClosed = false;
    class Account {
      #balance;
      constructor(balance = 0) {
        this.#balance = balance;
      }
      add(amount) {
        this.#balance += amount;
        return this.#balance;
      }
      get balance() {
        return this.#balance;
      }
      set balance(balance) {
        this.#balance = balance;
      }
    }
    const hostile = (slot, source) => {
      try {
        return inSlot(slot).evalSync(source);
      } catch (error) {
        world.look(error);
        throw error;
      }
    };
    return {
      Account: constructible(Account),
      state: ref({
        n: 1,
        list: [1, 2, 3],
        self() {
          return this;
        },
      }),
      counter() {
        let n = 0;
        return {
          add(x) {
            return (n += x);
          },
          deep: { add: (x) => (n += x) },
        };
      },
      *rows(n) {
        isClosed = false;
        try {
          for (let i = 0; i < n; i++) yield i;
        } finally {
          isClosed = true;
        }
      },
      closed: () => isClosed,
      async *laterRows(n) {
        for (let i = 0; i < n; i++) {
          if (i % 2) await delay(1);
          yield i;
        }
      },
      *hostileRows(slot, source) {
        try {
          for (;;) yield hostile(slot, source);
        } finally {
          hostile(slot, source);
        }
      },
      stream(n) {
        let i = 0;
        return new ReadableStream({
          pull: (controller) => (i < n ? controller.enqueue(new Uint8Array([i++])) : controller.close()),
        });
      },
      sink: () => new WritableStream({ write: () => delay(1) }),
      ask: callback((resume, signal, value) => resume(value)),
      askLater: callback((resume, signal, value) => {
        setImmediate(resume, value);
      }),
      askAndFail: callback((resume, signal, message) => {
        setImmediate(() => resume.fail(new Error(message)));
      }),
      askNever: callback((resume) => {
        world.resumes.push(resume);
        return () => {};
      }),
      askTwice: callback((resume, signal, value) => {
        resume(value);
        resume(value);
        world.resumes.push(resume);
        setImmediate(resume, 5);
      }),
      askHostile: callback((resume, signal, slot, source) => {
        world.resumes.push(resume);
        setImmediate(() => {
          try {
            resume(hostile(slot, source));
          } catch (error) {
            resume.fail(error);
          }
        });
        return () => {
          try {
            hostile(slot, source);
          } catch {
            /* looked at */
          }
        };
      }),
      rethrow: (error) => {
        throw error;
      },
      spread: (iterable) => [...iterable],
      first: (iterable) => {
        for (const item of iterable) return item;
      },
      make(Class, value) {
        const object = new Class(value);
        if (!(object instanceof Class) || object.x !== value) complain('an instance is not what its class says');
        return object.twice();
      },
      giveAway(fn) {
        const bytes = new Uint8Array(1000);
        const result = fn(transfer(bytes, [bytes.buffer]));
        if (bytes.length > 0) complain('a buffer was not given away');
        return result;
      },
      async *gather(iterable) {
        yield* iterable;
      },
      async collect(iterable) {
        const items = [];
        for await (const item of iterable) items.push(item);
        return items.join();
      },
    };
  }
  resumes = [];

  keep(value) {
    if (!value || (typeof value !== 'object' && typeof value !== 'function') || this.kept.length >= 40) return;
    this.kept.push(value);
    watched.register(value);
  }

  // One of the ways in which a host may use what it has got of a guest.
  use(thing, how) {
    if (thing === undefined) return undefined;
    const result =
      typeof thing.toValue === 'function' && typeof thing.release === 'function'
        ? this.useReference(thing, how)
        : this.useObject(thing, how);
    if (result instanceof Promise) this.follow(result, `the use ${how} of what is kept`);
    return undefined;
  }

  useReference(reference, how) {
    switch (how % 14) {
      case 0:
        return reference.get(['n', 'x', 'f', Symbol.iterator, 'then'][how % 5]);
      case 1:
        return this.keep(reference.ref(['list', 'f', 'prototype', 'state'][how % 4]));
      case 2:
        return reference.set('n', [1, { a: 1 }, () => 1, reference, this.kept[0]][how % 5]);
      case 3:
        return reference.has('n');
      case 4:
        return reference.delete('x');
      case 5:
        return reference.keys();
      case 6:
        return reference.call(undefined, how, () => 1);
      case 7:
        return reference.invoke('f', how);
      case 8:
        return this.keep(reference.construct(how));
      case 9:
        return reference.toValue();
      case 10:
        return reference.isSame(this.kept[how % 7]);
      case 11:
        return [...reference].length;
      case 12:
        return (async () => {
          for await (const item of reference) if (item === 1) break;
        })();
      default:
        return reference.release();
    }
  }

  useObject(object, how) {
    const isAsync = object[Symbol.asyncIterator] !== undefined;
    switch (how % 12) {
      case 0:
        return typeof object === 'function' ? object(how, () => 1) : object.add?.(how);
      case 1:
        return typeof object === 'function'
          ? this.keep(new object(how))
          : Object.keys(object).map((key) => object[key]);
      case 2:
        return object.member?.deep?.() ?? object.of?.() ?? object.inc?.();
      case 3:
        object.n = [how, () => 1, object, this.kept[0]][how % 4];
        return object.n;
      case 4:
        return object.next?.(how);
      case 5:
        return object.return?.(how);
      case 6:
        return object.throw?.(new Error('thrown in'));
      case 7:
        return 'n' in object || delete object.n || Reflect.ownKeys(object).length;
      case 8: {
        let n = 0;
        if (!isAsync) for (const _ of object) if (n++ > 3) break;
        return n;
      }
      case 9:
        return isAsync
          ? (async () => {
              let n = 0;
              for await (const _ of object) if (n++ > 3) break;
            })()
          : undefined;
      case 10:
        return Object.getOwnPropertyDescriptor(object, 'bad') ?? object.x;
      default:
        return (async () => object)();
    }
  }

  settle(index, isRejection) {
    const { resolve, reject } = this.deferreds[index];
    this.newDeferred(index);
    if (isRejection) reject(new Error('settled'));
    else resolve('settled');
  }

  async create({ slot, timeLimit, memoryLimit, timeSlice, isolation, signal, hook }) {
    this.sandboxes[slot]?.dispose();
    this.sandboxes[slot] = undefined;
    if (signal !== undefined && this.controllers[signal].signal.aborted)
      this.controllers[signal] = new AbortController();
    const onEvent = () => {
      const sandbox = this.sandboxes[slot];
      if (!sandbox || sandbox.isDisposed) return;
      try {
        if (hook === 'dispose') sandbox.dispose();
        else if (hook === 'evalSync') sandbox.evalSync('1 + 1');
        else if (hook === 'eval') this.follow(sandbox.eval('1 + 1'), 'eval in a hook', 2, sandbox);
        else if (hook === 'interrupt') sandbox.interrupt();
      } catch (error) {
        this.look(error);
        if (!isEnding(error)) complain(`a hook's ${hook} threw ${describe(error)}`);
      }
      if (hook === 'throw') this.expectedThrows++;
    };
    const hooks = hook ? { onUnhandledRejection: onEvent, onUncaughtError: onEvent, onRejectionHandled: onEvent } : {};
    const sandbox = await createSandbox({
      timeLimit,
      memoryLimit,
      ...hooks,
      ...(timeSlice && { timeSlice }),
      ...(isolation && { isolation }),
      ...(signal !== undefined && { signal: this.controllers[signal].signal }),
      globals: this.globals(slot),
      modules: async (specifier) => {
        await delay(specifier === 'a' ? 0 : 1);
        return {
          a: 'export const twice = (x) => x * 2;',
          b: 'import { twice } from "a"; export const sum = twice(1) + 1;',
          waits: 'export const value = block(4) + await later(5);',
          broken: 'export const = 1',
          loops: 'for (;;);',
          never: 'await never();',
        }[specifier];
      },
    });
    this.sandboxes[slot] = sandbox;
    sandbox.limit = undefined;
    this.limits.set(sandbox, memoryLimit);
    watched.register(sandbox);
    this.watched++;
  }
  limits = new WeakMap();
  watched = 0;

  async perform(step) {
    const sandbox = this.sandboxes[step.slot];
    const signalOf = () => {
      if (step.signal === undefined) return undefined;
      if (this.controllers[step.signal].signal.aborted) this.controllers[step.signal] = new AbortController();
      return this.controllers[step.signal].signal;
    };
    switch (step.step) {
      case 'create':
        return this.create(step);
      case 'gc':
        return globalThis.gc();
      case 'wait':
        return delay(step.milliseconds);
      case 'turn':
        return new Promise(setImmediate);
      case 'abort':
        return this.controllers[step.index].abort();
      case 'settle':
        return this.settle(step.index, step.isRejection);
      case 'use':
        return this.use(this.kept[step.index % Math.max(1, this.kept.length)], step.how);
      case 'resume': {
        const resume = this.resumes[step.index];
        const value = { number: 1, function: () => 1, symbol: Symbol('s'), kept: this.kept[0] }[step.value];
        for (let i = 0; resume && i < (step.isTwice ? 2 : 1); i++) step.isFailure ? resume.fail(value) : resume(value);
        return;
      }
      case 'callKept': {
        const fn = this.kept[step.index];
        if (typeof fn !== 'function') return;
        const result = fn(1);
        if (typeof result?.then === 'function') this.follow(Promise.resolve(result), 'a call of a guest function');
        return;
      }
    }
    if (!sandbox || sandbox.isDisposed) return;
    switch (step.step) {
      case 'eval':
        this.follow(
          sandbox.eval(step.source, {
            ...(step.signal !== undefined && { signal: signalOf() }),
            ...(step.timeLimit && { timeLimit: step.timeLimit }),
            ...(step.totalTimeLimit && { totalTimeLimit: step.totalTimeLimit }),
          }),
          `eval ${step.source}`,
          this.valueOf(sandbox, step),
          sandbox,
        );
        return;
      case 'evalSync': {
        const value = this.valueOf(sandbox, step);
        try {
          const result = sandbox.evalSync(step.source);
          if (value !== undefined && result !== value && typeof result?.then !== 'function')
            complain(`evalSync ${step.source} gave ${String(result)} in place of ${value}`);
        } catch (error) {
          if (value !== undefined && !this.mayFail(error, sandbox) && !/may not wait/.test(error?.message))
            complain(`evalSync ${step.source} failed: ${describe(error)}`);
          throw error;
        }
        return;
      }
      case 'import':
        return this.follow(
          sandbox.import(step.specifier, step.signal === undefined ? {} : { signal: signalOf() }),
          `import ${step.specifier}`,
        );
      case 'ref':
        return this.keep(sandbox.ref(step.source === 'kept' ? (this.kept[0] ?? {}) : step.source));
      case 'dispose':
        return sandbox.dispose();
      case 'interrupt':
        return sandbox.interrupt();
      case 'setGlobal': {
        const cycle = {};
        cycle.cycle = cycle;
        const values = {
          number: 1,
          function: () => 1,
          promise: Promise.resolve(1),
          proxy: this.kept[0],
          symbol: Symbol('s'),
          cycle,
        };
        return sandbox.setGlobal('given', values[step.value]);
      }
      default:
        throw new Error(`there is no step ${step.step}`);
    }
  }

  // What a program gives is known while no other has taken the memory or changed the built-ins.
  valueOf(sandbox, step) {
    if (step.value === undefined) this.filled.add(sandbox);
    if (step.source.startsWith('Object.prototype.then')) this.poisoned.add(sandbox);
    return this.filled.has(sandbox) && /kept|push|prototype/.test(step.source) ? undefined : step.value;
  }

  check() {
    for (const [slot, sandbox] of this.sandboxes.entries()) {
      if (!sandbox || sandbox.isDisposed) continue;
      const used = sandbox.memoryUsed;
      const limit = this.limits.get(sandbox);
      if (used > limit + (128 << 10)) complain(`sandbox ${slot} uses ${used} of ${limit} bytes`);
      try {
        const answer = sandbox.evalSync('1 + 1', { timeLimit: 2000 });
        if (answer !== 2) complain(`1 + 1 is ${String(answer)} in sandbox ${slot}`);
      } catch (error) {
        this.look(error);
        if (error.name !== 'WouldWaitError' && error.name !== 'InterruptedError' && error.name !== 'EngineError')
          complain(`1 + 1 in sandbox ${slot}: ${describe(error)}`);
      }
    }
  }

  async end() {
    for (const sandbox of this.sandboxes) sandbox?.dispose();
    this.sandboxes.fill(undefined);
    for (let i = 0; i < 4; i++) this.settle(i, false);
    for (let i = 0; i < 200 && this.pending.size > 0; i++) await delay(5);
    for (const { what } of this.pending) complain(`never settled: ${what}`);
  }
}

async function run(history) {
  problems = [];
  collected = 0;
  const world = new World();
  const { started, destroyed } = counts;
  for (const [index, step] of history.entries()) {
    const before = problems.length;
    try {
      await world.perform(step);
    } catch (error) {
      world.look(error); // others say how the program ended
    }
    world.check();
    await new Promise(setImmediate);
    if (problems.length > before) {
      problems.push(`after step ${index}: ${JSON.stringify(step)}`);
      break;
    }
  }
  await world.end();
  if (problems.length === 0 && counts.started - started !== counts.destroyed - destroyed)
    complain(`${counts.started - started} runtimes were started and ${counts.destroyed - destroyed} destroyed`);
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  if (problems.length === 0 && timers > 2) {
    await delay(30);
    const left = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    if (left > 2) complain(`${left} timers of the host are left`);
  }
  return world.watched + world.kept.length;
}

// What is collected in the end: by far the most of it, for a stack or a register may still hold the last.
async function leaks(expected) {
  for (let i = 0; i < 30 && collected < expected - 4; i++) {
    globalThis.gc();
    await delay(3);
  }
  if (collected < expected - 4)
    complain(`${collected} of ${expected} sandboxes, functions and promises were collected`);
}

process.on('message', async ({ seed, history = makeHistory(seed) }) => {
  const expected = await run(history);
  if (problems.length === 0) await leaks(expected);
  process.send({ problems });
});
process.send('ready');
