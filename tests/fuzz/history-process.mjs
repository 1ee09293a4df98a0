// Performs histories of API calls, one after the other, and looks after each step whether what must hold does.
import { setTimeout as delay } from 'node:timers/promises';
import * as caisson from 'caisson';
import { SLOTS, makeHistory } from './history-steps.mjs';

const { blocking, createSandbox, SandboxError } = caisson;
let problems = [];
const complain = (what) => { if (problems.length < 20) problems.push(what); };
const describe = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
process.on('uncaughtException', (error) => complain(`uncaught exception: ${describe(error)} ${error?.stack?.split('\n')[1] ?? ''}`));
process.on('unhandledRejection', (error) => complain(`unhandled rejection: ${describe(error)}`));
for (const method of ['error', 'warn', 'log']) console[method] = () => {};

// What the engine was asked for, counted at its exports.
const counts = { started: 0, destroyed: 0 };
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  const { caisson_start: start, caisson_destroy: destroy } = instance.exports;
  return { exports: {
    ...instance.exports,
    caisson_start(...args) {
      const runtime = start(...args);
      if (runtime !== 0) counts.started++;
      return runtime;
    },
    caisson_destroy(runtime) { counts.destroyed++; return destroy(runtime); },
  } };
};
let collected = 0;
const watched = new FinalizationRegistry(() => collected++);

// How a program may end that has a value of its own: by what others did to its sandbox. `where` tells what is known of a sandbox.
const endings = new Set(['TimeLimitError', 'MemoryLimitError', 'InterruptedError', 'DisposedError', 'WouldWaitError', 'AbortError', 'EngineError']);
const isEnding = (error) => error instanceof SandboxError || endings.has(error?.name);

class World {
  sandboxes = new Array(SLOTS).fill(undefined);
  controllers = Array.from({ length: 4 }, () => new AbortController());
  kept = [];
  deferreds = [];
  pending = new Set(); // descriptions of promises that have not settled
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

  /** Whether a program may fail so: by an end from outside, or for want of memory that another program holds. */
  mayFail(error, sandbox) {
    return isEnding(error) || (this.filled.has(sandbox) && error instanceof RangeError && /^out of memory/.test(error.message));
  }

  /** Hears of a promise's end; `value`: what it must give when it is fulfilled. */
  follow(promise, what, value, sandbox) {
    const entry = { what };
    this.pending.add(entry);
    promise.then(
      (result) => { if (value !== undefined && result !== value) complain(`${what} gave ${String(result)} in place of ${value}`); },
      (error) => { if (value !== undefined && !this.mayFail(error, sandbox)) complain(`${what} failed: ${describe(error)}`); this.look(error); },
    ).finally(() => this.pending.delete(entry));
  }

  look(error) {
    if (error instanceof WebAssembly.RuntimeError || /instance of this sandbox has failed|malformed message|unreachable|memory access/.test(error?.message)) complain(`broken: ${describe(error)}`);
  }

  globals(slot) {
    const world = this;
    const inSlot = (other) => { const found = world.sandboxes[other]; if (!found) throw new Error('there is none'); return found; };
    return {
      echo: (value) => value,
      callBack: (fn, ...args) => fn(...args),
      fail: (message) => { throw new Error(message); },
      later: async (value) => { await delay(1); return value; },
      refuse: async (message) => { throw typeof message === 'symbol' ? message : new Error(message); },
      never: () => new Promise(() => {}),
      block: blocking(async (value) => { await delay(1); return value; }),
      blockNow: blocking(async (value) => value),
      blockNever: blocking(() => new Promise(() => {})),
      deferred: (index) => world.deferreds[index].promise,
      blockDeferred: blocking((index) => world.deferreds[index].promise),
      settle: (index) => world.settle(index, false),
      keep: (value) => { if (value && world.kept.length < 40) { world.kept.push(value); watched.register(value); } },
      callKept: (index) => { const fn = world.kept[index]; return typeof fn === 'function' ? fn(1) : fn; },
      evalIn: (other, source) => { const promise = inSlot(other).eval(source); promise.catch((error) => world.look(error)); return promise; },
      evalSyncIn: (other, source) => { try { return inSlot(other).evalSync(source); } catch (error) { world.look(error); throw error; } },
      interrupt: (other) => inSlot(other === 0 ? slot : other).interrupt(),
      dispose: (other) => inSlot(other).dispose(),
      abort: (index) => world.controllers[index].abort(),
    };
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
    if (signal !== undefined && this.controllers[signal].signal.aborted) this.controllers[signal] = new AbortController();
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
      timeLimit, memoryLimit, ...hooks, ...(timeSlice && { timeSlice }), ...(isolation && { isolation }),
      ...(signal !== undefined && { signal: this.controllers[signal].signal }),
      globals: this.globals(slot),
      modules: async (specifier) => {
        await delay(specifier === 'a' ? 0 : 1);
        return { a: 'export const twice = (x) => x * 2;', b: 'import { twice } from "a"; export const sum = twice(1) + 1;', waits: 'export const value = block(4) + await later(5);',
          broken: 'export const = 1', loops: 'for (;;);', never: 'await never();' }[specifier];
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
      case 'create': return this.create(step);
      case 'gc': return globalThis.gc();
      case 'wait': return delay(step.milliseconds);
      case 'turn': return new Promise(setImmediate);
      case 'abort': return this.controllers[step.index].abort();
      case 'settle': return this.settle(step.index, step.isRejection);
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
        this.follow(sandbox.eval(step.source, { ...(step.signal !== undefined && { signal: signalOf() }), ...(step.timeLimit && { timeLimit: step.timeLimit }),
          ...(step.totalTimeLimit && { totalTimeLimit: step.totalTimeLimit }) }),
          `eval ${step.source}`, this.valueOf(sandbox, step), sandbox);
        return;
      case 'evalSync': {
        const value = this.valueOf(sandbox, step);
        try {
          const result = sandbox.evalSync(step.source);
          if (value !== undefined && result !== value && typeof result?.then !== 'function') complain(`evalSync ${step.source} gave ${String(result)} in place of ${value}`);
        } catch (error) {
          if (value !== undefined && !this.mayFail(error, sandbox) && !/must not wait/.test(error?.message)) complain(`evalSync ${step.source} failed: ${describe(error)}`);
          throw error;
        }
        return;
      }
      case 'import': return this.follow(sandbox.import(step.specifier, step.signal === undefined ? {} : { signal: signalOf() }), `import ${step.specifier}`);
      case 'dispose': return sandbox.dispose();
      case 'interrupt': return sandbox.interrupt();
      case 'setGlobal': {
        const cycle = {};
        cycle.cycle = cycle;
        const values = { number: 1, function: () => 1, promise: Promise.resolve(1), proxy: this.kept[0], symbol: Symbol('s'), cycle };
        return sandbox.setGlobal('given', values[step.value]);
      }
      default: throw new Error(`there is no step ${step.step}`);
    }
  }

  // What a program gives is known while no other has taken the memory or changed the built-ins.
  valueOf(sandbox, step) {
    if (step.value === undefined) this.filled.add(sandbox);
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
        if (error.name !== 'WouldWaitError' && error.name !== 'InterruptedError' && error.name !== 'EngineError') complain(`1 + 1 in sandbox ${slot}: ${describe(error)}`);
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
  if (collected < expected - 4) complain(`${collected} of ${expected} sandboxes, functions and promises were collected`);
}

process.on('message', async ({ seed, history = makeHistory(seed) }) => {
  const expected = await run(history);
  if (problems.length === 0) await leaks(expected);
  process.send({ problems });
});
process.send('ready');
