/// <reference lib="es2022" />
/// <reference lib="esnext.disposable" />

/**
 * Caisson: a JavaScript engine in WebAssembly for running untrusted code.
 *
 * Data crosses as a copy: primitives (strings with NUL and lone surrogates intact), plain objects, arrays, cycles,
 * Date, Map, Set, RegExp, BigInt, ArrayBuffer, every typed array (with its own bytes only), Error with its data;
 * without a limit of nesting. A value that cannot cross is a TypeError that names its place; an export of a module that
 * cannot cross throws it when it is read. Functions cross as callable proxies, promises as promises, iterators as
 * iterators, in both directions. A plain object is a copy whose functions are called on the original. An object of the
 * guest whose class has methods or accessors is not copied but asks the guest; so do instances that the host makes of
 * the guest's classes. Of the host's instances the guest gets own data, or with `ref` a reference. An error that
 * returns to the side that made it is the same object again (for the last thousand). Nothing has to be disposed of by
 * hand; `dispose` frees the memory at once, and releases everything that the guest was given. Only a cycle across the
 * boundary is not collected: a host object that holds a guest's function, which holds the host object. Break it (remove
 * the listener, `release` the reference), or dispose of the sandbox.
 */

// Types of hosts come from their own libraries (DOM, or @types/node). Where there are none, these declare what is
// needed here.
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : {
      readonly aborted: boolean;
      readonly reason: any;
      throwIfAborted(): void;
      addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
      removeEventListener(type: 'abort', listener: () => void): void;
    };
export type HostURL = typeof globalThis extends { URL: { prototype: infer T } } ? T : { readonly href: string };
export type HostResponse = typeof globalThis extends { Response: { prototype: infer T } }
  ? T
  : {
      readonly ok: boolean;
      arrayBuffer(): Promise<ArrayBuffer>;
    };
/** A `WebAssembly.Module`. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

/**
 * A module, bytes (each object is compiled once: do not change them), a Response (read once), or a URL or its text; in
 * Node also the path of a file.
 */
export type WasmSource = WasmModule | ArrayBuffer | ArrayBufferView | HostResponse | HostURL | string;

export interface SandboxOptions {
  /**
   * Globals of the guest: values, functions (synchronous or not), nested objects of them. An accessor is an accessor
   * for the guest as well: its getter is called whenever the guest reads the global, and the guest waits for a getter
   * or setter that is `blocking`. Getters deeper inside are read once, when their object crosses.
   */
  globals?: Record<string, GlobalValue>;
  /**
   * Where `import` finds modules: a resolver, or an object of modules by name. `./x` and `../x` are resolved like URLs,
   * against the name of the importing module (`./v` in `./sub/b` is `./sub/v`); in an object `./x` and `x` are the
   * same. A module is a source text, its bytes, a prepared program, or an object of the host whose properties are its
   * exports (`{ 'app:db': { query: async () => ... } }`).
   */
  modules?: ModuleResolver | Record<string, ModuleSource | PreparedProgram | ModuleExports>;
  /** Names for other names of modules, as in pages: `{ imports: { lib: './lib/main', 'lib/': './lib/' } }`. */
  importMap?: ImportMap;
  /**
   * Bytes the guest may use, everything included. Default 256 MiB, at least 1 MiB, at most the size of an instance:
   * nearly 4 GiB.
   */
  memoryLimit?: number;
  /**
   * Milliseconds of guest time per entry (each eval, call of a guest function, timer...). Default 5,000, measured from
   * the entry's first look at its limits on, or none if fuelLimit, totalTimeLimit, timeSlice or interruptFlag is given,
   * and in workers. `Infinity`: none.
   */
  timeLimit?: number;
  /**
   * Operations of the guest per entry: the same number on every host and with any clock (local time costs more in zones
   * with complicated rules; built-ins that call guest code cost more in sandboxes with blocking functions or
   * `timeSlice`). With `timeSlice` it depends a little on where the clock lets the pauses fall. Default: none; with a
   * `timeLimit`, a number far beyond what it allows (4 million per millisecond), so that a host whose clock stands
   * still is safe as well.
   */
  fuelLimit?: number;
  /**
   * Milliseconds of all entries together, including host functions that they call. Afterwards every entry throws
   * TimeLimitError. Default: none.
   */
  totalTimeLimit?: number;
  /**
   * Milliseconds after which a running program is paused so that the host has its turn. Nothing else of the guest runs
   * before the program has ended; guest functions called meanwhile return promises, and evalSync throws. Default: none.
   */
  timeSlice?: number;
  /**
   * The time zone of the guest's local time: a name of the IANA Time Zone Database (`'Europe/Berlin'`) or an offset
   * (`'+05:30'`). The rules are the engine's own, the same on every host. Default: the host's zone. createSandbox
   * throws a RangeError when the engine does not know it.
   */
  timeZone?: string;
  /**
   * Milliseconds of guest time, of all sandboxes of the thread, in one turn of the host's loop. It counts work that a
   * guest starts by itself: timers, answers of host functions, settled promises, modules, slices. The rest waits for
   * the next task of the host. What the host calls (eval, a guest function) does not wait. A single entry may take as
   * long as `timeLimit`. Default 8.
   */
  turnBudget?: number;
  /** Share of wall time that the guest may take by itself over a longer time, above 0, at most 1. Default 0.9. */
  dutyCycle?: number;
  /**
   * Milliseconds that an eval, an import or a call of a guest function may wait for its promise. Then it is rejected
   * with a TimeLimitError that names what the guest waited for. Default: none.
   */
  waitLimit?: number;
  /** How much a guest can make its host keep; beyond it the guest gets a RangeError. */
  hostLimits?: HostLimits;
  /**
   * Bytes of JavaScript stack, separately for each program that waits. Default 4 MiB, at least 16 KiB: some fifty plain
   * calls.
   */
  stackLimit?: number;
  /**
   * The WebAssembly instance (its memory, its fate) that the sandbox lives in. `instance`: one that no other sandbox
   * uses before or after, for tenants that may be hostile to one another. `shared`: one together with others, as many
   * as fit by their memory limits; thousands cost little. `auto`, the default: one of its own while few are open (16 in
   * Node, 8 in a page), then `shared`.
   */
  isolation?: 'auto' | 'shared' | 'instance';
  /**
   * Another source of caisson.wasm than the file that the package has; see `setWasm`. Each is compiled once, while a
   * sandbox uses it: sandboxes with the same module, bytes, Response or address may share instances.
   */
  wasm?: WasmSource | PromiseLike<WasmSource>;
  /**
   * Where the guest's console goes. Default: to the host's console, by the method of the same level, as one text that
   * is made within the sandbox; with control characters escaped, at most `hostLimits.prints` a second, and nowhere if
   * the host has no console. `{ prefix: '[plugin] ' }`: the same, each line after that prefix. `false`: nowhere. Or an
   * object with some of log, debug, info, warn, error, which are called instead.
   */
  console?: ConsoleMethods | false;
  /**
   * A promise of the guest was rejected and nobody handled it; `promise` is rejected with the same reason. Default:
   * logged. Events are reported when the outermost entry has ended, so callbacks may do anything with the sandbox.
   */
  onUnhandledRejection?: (reason: unknown, promise: Promise<never>) => void;
  /** It was handled after all: called once, with the promise that `onUnhandledRejection` got. */
  onRejectionHandled?: (promise: Promise<never>) => void;
  /** A timer or job threw, or was stopped by a limit. Default: logged. */
  onUncaughtError?: (error: unknown) => void;
  /**
   * What happens to a part of a value that cannot cross (a WeakMap, a symbol, a shared buffer, an instance whose state
   * is private). `throw`, the default: the crossing is a TypeError that names its place. `omit`: it is left out, in
   * both directions, and `onOmitted` is called: properties and items of arrays are missing then, those of a Map or Set
   * are undefined. A value or an argument that cannot cross itself is a TypeError in any case.
   */
  uncrossable?: 'throw' | 'omit';
  /**
   * What was left out: `config.cache: a WeakMap cannot be passed to the guest: ...`. Called when the outermost entry
   * has ended.
   */
  onOmitted?: (what: string) => void;
  /**
   * Aborting it interrupts the guest once, as `interrupt()` does: programs that are evaluated later run.
   * `createSandbox` rejects with its reason when it is aborted already.
   */
  signal?: HostAbortSignal;
  /**
   * On a SharedArrayBuffer, with at least one element: while element 0 is not 0 the guest is stopped, also from another
   * thread. The same happens once the array has lost its buffer.
   */
  interruptFlag?: Int32Array;
}

/** Where the guest's console can go. */
export interface ConsoleMethods {
  log?(...values: any[]): void;
  debug?(...values: any[]): void;
  info?(...values: any[]): void;
  warn?(...values: any[]): void;
  error?(...values: any[]): void;
  /**
   * true: the methods are called with one text, as Node's console would print the guest's values. It is made within the
   * sandbox: nothing crosses, accessors are not run, and promises show their state. Default false: the methods are
   * called with the values.
   */
  text?: boolean;
  /** Comes before each line of a text, which implies `text`. Without methods: of what the host's console prints. */
  prefix?: string;
}

/** Integers above 0, or Infinity. */
export interface HostLimits {
  /** Timers that are pending. Default 10,000. */
  timers?: number;
  /**
   * Calls of asynchronous and blocking host functions, and promises of the host, that have not settled. Default
   * 100,000.
   */
  calls?: number;
  /** Modules that the host was asked for and has not brought. Default 1,000. */
  imports?: number;
  /**
   * Messages of the console in a second that the host's console prints by default, and at once after a rest; a long one
   * counts as several. The rest is counted. Default 10,000.
   */
  prints?: number;
  /** Uncaught errors and rejections of one entry that are reported; the rest is counted. Default 1,000. */
  events?: number;
  /** Guest functions and objects (with functions, or by reference) that the host holds. Default 100,000. */
  functions?: number;
  /** Guest promises that the host holds and that have not settled. Default 100,000. */
  promises?: number;
}

/** What the guest gets: data, functions, promises, and nested objects of them. */
export type GlobalValue =
  | ((this: HostCallContext, ...args: any[]) => unknown)
  | object
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined;

/** A text, or UTF-8 bytes; of a module that is imported `with { type: 'bytes' }`, the bytes themselves. */
export type ModuleSource = string | ArrayBuffer | ArrayBufferView;
/**
 * The exports of a module of the host, by name; values cross as everywhere. The object itself is the export `default`
 * unless a property has that name.
 */
export type ModuleExports = { [name: string]: GlobalValue } | object;

export interface ModuleRequest {
  /** As the guest wrote it. */
  specifier: string;
  /** The name of the module or script that imports; undefined for imports of the host. */
  referrer: string | undefined;
  /** The import attribute: `json`, `text`, `bytes`, or '' for JavaScript. */
  type: string;
}

/**
 * Finds the module with that name (resolved, and mapped by `importMap`), which `referrer` imports: its source, or an
 * object with `source` or `exports`. A `name` in that object identifies the module: it is created once, whatever names
 * lead to it, and its own imports are resolved against that name. Undefined or null: there is none.
 */
export type ModuleResolver = (
  name: string,
  referrer: string | undefined,
  request: ModuleRequest,
) => ResolvedModule | Promise<ResolvedModule>;
export type ResolvedModule =
  | ModuleSource
  | PreparedProgram
  | { source: ModuleSource | PreparedProgram; name?: string }
  | { exports: ModuleExports; name?: string }
  | null
  | undefined;

/** https://html.spec.whatwg.org/multipage/webappapis.html#import-maps, with names of modules in place of URLs. */
export interface ImportMap {
  imports?: Record<string, string>;
  scopes?: Record<string, Record<string, string>>;
}

declare const prepared: unique symbol;
/**
 * A program that `compile` has made: sandboxes run it without parsing it again. It belongs to this copy of the package
 * and to this thread: only sandboxes take it (those in workers too), and structured clone loses what it stands for. Its
 * bytes cannot be had, stored, or made by anybody else, since the engine trusts them.
 */
export interface PreparedProgram {
  readonly name: string;
  readonly isModule: boolean;
  /** Bytes of the host's memory that it takes, its source text included. */
  readonly size: number;
  /** Marks the type; there is no such property. */
  readonly [prepared]: true;
}

export interface CompileOptions {
  /** Name of the source in errors and stack traces, unless `eval` is given another one. Default `eval`. */
  name?: string;
  /** True: the source is a module. Default false. */
  module?: boolean;
  /** Bytes that compiling may take. Default 256 MiB, at least 1 MiB. */
  memoryLimit?: number;
  /** Milliseconds that compiling may take. Default 5,000; `Infinity`: none. */
  timeLimit?: number;
  /** Another source of caisson.wasm; it must be of the same version in all sandboxes that run the program. */
  wasm?: WasmSource | PromiseLike<WasmSource>;
}

export interface EvalOptions {
  /** Name of the source in stack traces. Default `eval`, or the name of a prepared program. */
  name?: string;
  /** Another time limit for this entry, in milliseconds; `Infinity`: none. */
  timeLimit?: number;
  /** Another limit of operations for this entry. */
  fuelLimit?: number;
  /**
   * Milliseconds that the program may run, with all work that it starts: its jobs, timers, modules, continuations after
   * waiting, and host functions that it calls. Guest functions that the host calls later do not count. When the time is
   * up the program ends: nothing of it runs any more, and its promises and its host work end with a TimeLimitError; if
   * it had ended before, `onUncaughtError` is called. Other programs go on.
   */
  totalTimeLimit?: number;
  /**
   * False: the completion value is not wanted and may be anything; it is neither read nor awaited. Default true.
   */
  result?: boolean;
}

export interface AsyncEvalOptions extends EvalOptions {
  /** Another limit for the time that it may wait, in milliseconds. */
  waitLimit?: number;
  /**
   * True, for `eval` only: the source is a module, with `import`, `export` and `await`; its imports are resolved
   * against `name`, and the value is its namespace. Default false; a prepared program says by itself what it is.
   */
  module?: boolean;
  /**
   * Rejects the promise when aborted, and ends the program: nothing of it runs any more (jobs, timers, waiting or
   * paused code), and host work that it waits for is aborted (`this.signal`). Other programs of the sandbox go on.
   */
  signal?: HostAbortSignal;
}

/**
 * The call that a host function performs. It is `this` of the function, unless the guest called it as a method of an
 * object of the host, which is then `this`. `hostCall()` returns it in any case.
 */
export interface HostCallContext {
  /**
   * Aborted when the sandbox is disposed of or interrupted, or when the signal is aborted of the waiting `eval` or
   * `import` that called the function; it may be read late. Functions of the guest that the host calls by itself belong
   * to no program.
   */
  signal: HostAbortSignal;
  sandbox: Sandbox;
}

export interface Sandbox {
  /** Runs a script; resolves with its completion value, awaited when it is a promise. */
  eval(source: string | PreparedProgram, options?: AsyncEvalOptions): Promise<any>;
  /** Runs a script; throws WouldWaitError when its value is not there at once. */
  evalSync(source: string | PreparedProgram, options?: EvalOptions): any;
  /** Imports a module and resolves with its namespace: what the exports are now; exported functions are callable. */
  import(specifier: string, options?: AsyncEvalOptions): Promise<any>;
  /**
   * A reference to the result of a script (`ref('state')`, `ref('[1, 2]')`), evaluated as by evalSync; or to a
   * function, an object by reference, or a copy with functions that came from the guest.
   */
  ref(source: string | PreparedProgram, options?: EvalOptions): GuestReference;
  ref(value: object): GuestReference;
  /** Defines or replaces a global of the guest. */
  setGlobal(name: string, value: GlobalValue): void;
  /**
   * Stops the guest (from a host function that it called, or while it is paused), and aborts host work that it waits
   * for. Programs and calls that wait are rejected with InterruptedError, and do not go on.
   */
  interrupt(): void;
  /**
   * Resolves when the guest has nothing left to do by itself: no timer is pending, it waits for nothing from the host,
   * and nothing is paused. A program that has not ended by then waits for a promise that nothing will settle. Rejects
   * when the sandbox ends before.
   */
  whenIdle(): Promise<void>;
  /**
   * What the sandbox uses and has done. It collects garbage and looks at each object once, which takes some
   * milliseconds for 100,000 objects; `memoryUsed` takes no time.
   */
  stats(): SandboxStats;
  /** Bytes of the memory limit in use. */
  readonly memoryUsed: number;
  readonly isDisposed: boolean;
  /**
   * Frees everything at once. Pending evals reject with DisposedError. When it is called from a host function or
   * getter, the guest is stopped, the call that led there throws DisposedError, and the memory is free when that has
   * ended.
   */
  dispose(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Counted since the sandbox was created, unless it says otherwise. */
export interface SandboxStats {
  /** Bytes: now (`used`), at most so far, and the limit. The others are the parts of `used`. */
  memory: {
    used: number;
    peak: number;
    limit: number;
    /** Objects, functions, arrays, Maps and so on, with their properties and elements. */
    objects: number;
    strings: number;
    /** Contents of ArrayBuffers. */
    buffers: number;
    /** Compiled programs, modules and patterns. */
    code: number;
    /** Layouts of objects. */
    shapes: number;
    /** Stacks, queues, timers, messages, and free places. */
    other: number;
  };
  /** How many objects there are now, those of the language included. */
  objects: number;
  collections: number;
  /**
   * Milliseconds of entries, with the host functions that they call. Calls of guest functions are measured only when
   * they last for some tenths of a millisecond.
   */
  time: number;
  /** Operations, as `fuelLimit` counts them. */
  operations: number;
  /** Jobs that have run: reactions of promises, microtasks. */
  jobs: number;
  /** Calls of guest functions by the host, and of host functions by the guest. */
  guestCalls: number;
  hostCalls: number;
  /** Timers of the guest: how many are pending now, and how often one has run. */
  timers: { pending: number; fired: number };
}

/**
 * An object of the guest, without copying it. Keys are strings, numbers, or the symbols iterator, asyncIterator,
 * toPrimitive and toStringTag. Results of the methods cross as everything does. They are there at once: a
 * WouldWaitError says that code of the guest (a getter, a trap, a constructor) waits for the host; it goes on, and its
 * answer is lost. Only `call` and `invoke` give a promise then. The reference is released when it is collected, or by
 * `release`.
 */
export interface GuestReference {
  /** The same methods for what may have to wait, or may be paused (`timeSlice`): all of them give promises. */
  readonly promises: GuestReferencePromises;
  get(key: string | number | symbol): any;
  /** What is there as a reference as well. TypeError for a primitive. */
  ref(key: string | number | symbol): GuestReference;
  /** Whether it was set. */
  set(key: string | number | symbol, value: unknown): boolean;
  has(key: string | number | symbol): boolean;
  /** Whether it is gone. */
  delete(key: string | number | symbol): boolean;
  /** Names of own properties. */
  keys(): string[];
  /** Calls the function that it is. */
  call(thisValue?: unknown, ...args: unknown[]): any;
  /** Calls the method of that name. */
  invoke(key: string | number | symbol, ...args: unknown[]): any;
  /** Calls the class that it is with `new`. */
  construct(...args: unknown[]): GuestReference;
  /** A copy of it, of own data throughout. */
  toValue(): any;
  /** Whether `other` (a reference, a function, an object of the guest) is the same object. */
  isSame(other: unknown): boolean;
  [Symbol.iterator](): Iterator<any>;
  [Symbol.asyncIterator](): AsyncIterator<any>;
  /** Lets go of it; then every use throws. */
  release(): void;
  [Symbol.dispose](): void;
}

/** What a GuestReference has, with promises for answers. They wait for their turn when a program is paused. */
export interface GuestReferencePromises {
  get(key: string | number | symbol): Promise<any>;
  ref(key: string | number | symbol): Promise<GuestReference>;
  set(key: string | number | symbol, value: unknown): Promise<boolean>;
  has(key: string | number | symbol): Promise<boolean>;
  delete(key: string | number | symbol): Promise<boolean>;
  keys(): Promise<string[]>;
  call(thisValue?: unknown, ...args: unknown[]): Promise<any>;
  invoke(key: string | number | symbol, ...args: unknown[]): Promise<any>;
  construct(...args: unknown[]): Promise<GuestReference>;
  toValue(): Promise<any>;
}

/** Rejects with a LoadError when caisson.wasm cannot be had; the next call tries again. */
export function createSandbox(options?: SandboxOptions): Promise<Sandbox>;

/**
 * Compiles a script or module once, for any number of sandboxes: `sandbox.eval(program)`, `evalSync`, or one of the
 * `modules`. Rejects with the guest's SyntaxError, as `eval` does, with a LoadError, or with the error of a limit. The
 * work is done in this thread, in a WebAssembly instance that nothing else uses.
 */
export function compile(source: string, options?: CompileOptions): Promise<PreparedProgram>;

/**
 * Where caisson.wasm comes from, for all later sandboxes that have no `wasm` of their own; undefined: from the package
 * again. Nothing is loaded before the first sandbox.
 */
export function setWasm(source: WasmSource | PromiseLike<WasmSource> | undefined): void;

/**
 * Marks an asynchronous host function that the guest calls as if it were synchronous: the guest is suspended until the
 * promise settles, while the host runs on.
 */
export function blocking<F extends (...args: any[]) => unknown>(fn: F): F;

/**
 * Marks a host function of callbacks that the guest calls as if it were synchronous: `fn(resume, signal, ...args)`
 * calls `resume(value)` or `resume.fail(error)`, at once or later. `signal` is aborted when nobody waits any longer
 * (the sandbox is disposed or interrupted, the signal or waitLimit of its eval ends it); then the function that `fn`
 * returned, if any, is called with the reason.
 */
export function callback<A extends any[]>(
  fn: (resume: Resume, signal: HostAbortSignal, ...args: A) => ((reason: unknown) => void) | void,
): (...args: A) => any;
export interface Resume {
  (value?: unknown): void;
  fail(error: unknown): void;
}

/**
 * Grants a class: the guest can call it with `new`. Its instances are references, with the methods of that class and
 * own data.
 */
export function constructible<C extends abstract new (...args: any[]) => unknown>(constructor: C): C;

/**
 * The guest gets a reference to the object in place of a copy: its own properties and the methods and accessors of its
 * classes, live, also for writing. No prototype, constructor or symbol of it can be reached. Values that come from it
 * cross as everything does.
 */
export function ref<T extends object>(object: T): T;

/** Sends the value, and takes these buffers away from the host: they are detached, as by structuredClone. */
export function transfer<T>(value: T, buffers: Iterable<ArrayBuffer>): T;

/**
 * The call of the running host function; undefined outside of one. In an asynchronous function it is available until
 * the first await, so read it before.
 */
export function hostCall(): HostCallContext | undefined;

/** Base class of everything that stops a sandbox. */
export class SandboxError extends Error {
  /**
   * Where a limit or an interruption has stopped the guest: a line for each of the innermost 16 frames of the guest,
   * `    at NAME (FILE:LINE:COLUMN)`. In `stack` they come before the frames of the host. Empty when no code of the
   * guest was running; undefined for errors that stop no running guest.
   */
  guestStack?: string;
}
/** The guest ran longer than its time limit. The sandbox stays usable. */
export class TimeLimitError extends SandboxError {}
/** Memory ran out and the guest could not recover. The sandbox stays usable. */
export class MemoryLimitError extends SandboxError {}
/** The guest was stopped from outside. The sandbox stays usable. */
export class InterruptedError extends SandboxError {}
/** The sandbox was disposed. */
export class DisposedError extends SandboxError {}
/**
 * The WebAssembly instance of the sandbox has failed (`cause`), and with it every sandbox in it: pending promises are
 * rejected with this error, signals are aborted with it, and further calls throw it. Sandboxes of other instances, and
 * new ones, are not affected.
 */
export class EngineError extends SandboxError {}
/**
 * A synchronous entry met a program that has to wait; or an answer of the guest was wanted at once: a step of an
 * iterator (`for await` waits), a property or instance by reference (`sandbox.ref(object).promises` waits), `toString`,
 * `valueOf` or `toJSON`. The guest goes on, but its answer is lost.
 */
export class WouldWaitError extends SandboxError {}
/**
 * caisson.wasm could not be loaded: from where, what came instead, and what helps. `cause` is the host's error, if
 * there is one.
 */
export class LoadError extends SandboxError {}
/** The engine sent what is no message: a fault of the engine, or a guest that took over its memory. */
export class MalformedMessageError extends SandboxError {}
/** An error of the guest whose `name` is that of no class that the host knows. */
export class GuestError extends Error {}
