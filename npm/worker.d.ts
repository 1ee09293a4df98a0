/// <reference lib="es2022" />
/// <reference lib="esnext.disposable" />

/**
 * Sandboxes in workers: a dedicated worker of a page (or of a worker), a thread of Node, Bun or Deno. The guest does
 * not hold up its host, and is stopped even if it never returns.
 *
 * Everything is as in a sandbox of the same thread (`caisson`), except that the answers are promises: methods of the
 * sandbox, functions of the guest, properties and methods of its objects, methods of references. Values are the same.
 *
 * - `await new Counter()` makes an instance of a guest's class, `await counter.inc()` and `await counter.count` ask it.
 *   `instanceof` cannot tell. To assign a property: `(await sandbox.ref(counter)).set('count', 1)`.
 * - Iterators of the guest are read by `for await (const row of await plugin.rows())`.
 * - Host functions run in the thread of the host. Where memory can be shared (Node, Bun, Deno; pages that are
 *   cross-origin isolated) the guest's thread waits for their answer, as if it were one thread. Elsewhere the guest is
 *   suspended, as for `blocking` functions: other programs of the sandbox and its timers may run meanwhile; and
 *   `ref(object)`, `constructible(Class)`, accessors among the globals and host functions called by
 *   `sandbox.ref(source)` are TypeErrors.
 * - The guest does not wait for functions of the option `console`: what they throw is logged.
 * - A guest that prints without end waits until the host has taken what was printed. Where no memory is shared, what
 *   comes after `hostLimits.prints` messages that the host has not taken is left out, and counted.
 */

import type {
  AsyncEvalOptions,
  EvalOptions,
  GlobalValue,
  HostAbortSignal,
  PreparedProgram,
  SandboxOptions,
  SandboxStats,
} from './index.js';
import { SandboxError } from './index.js';

export {
  type AsyncEvalOptions,
  type CompileOptions,
  type ConsoleMethods,
  type EvalOptions,
  type GlobalValue,
  type HostAbortSignal,
  type HostCallContext,
  type HostLimits,
  type ImportMap,
  type ModuleExports,
  type ModuleRequest,
  type ModuleResolver,
  type ModuleSource,
  type PreparedProgram,
  type ResolvedModule,
  type Resume,
  type SandboxStats,
  type WasmModule,
  type WasmSource,
  DisposedError,
  EngineError,
  GuestError,
  InterruptedError,
  LoadError,
  MalformedMessageError,
  MemoryLimitError,
  SandboxError,
  TimeLimitError,
  WouldWaitError,
  blocking,
  callback,
  compile,
  constructible,
  hostCall,
  ref,
  setWasm,
  transfer,
} from './index.js';

/** Options of a sandbox, and those of its worker. `interrupt()` takes the place of `interruptFlag`. */
export interface WorkerSandboxOptions extends Omit<SandboxOptions, 'interruptFlag'> {
  /**
   * Starts the worker (of a page, or of node:worker_threads), whose script imports `caisson/worker-main`. Default: the
   * worker file of the package, `new Worker(new URL('./worker-main.js', import.meta.url), { type: 'module' })`, which
   * bundlers understand; where it cannot be loaded, the same script from a Blob.
   */
  worker?: () => object;
  /**
   * Whether memory is shared with the worker. Default: where the host allows it. True where it does not is a TypeError.
   */
  sharedMemory?: boolean;
  /**
   * Milliseconds that the worker may be late. Then it is terminated, and what is pending is rejected: with
   * InterruptedError when it has not answered `interrupt()` or an aborted signal, which without shared memory it cannot
   * while the guest runs; with TimeLimitError when it has not answered within this time and `timeLimit`. Default 1000.
   */
  graceTime?: number;
  /**
   * The worker was terminated or has failed, for this reason, and the state of the guest is lost: the next call starts
   * another worker, with a sandbox of the same options.
   */
  onRestart?: (reason: Error) => void;
}

export interface WorkerSandbox {
  /** Runs a script; resolves with its completion value, awaited when it is a promise. */
  eval(source: string | PreparedProgram, options?: AsyncEvalOptions): Promise<any>;
  /** Imports a module and resolves with its namespace. */
  import(specifier: string, options?: AsyncEvalOptions): Promise<any>;
  /** A reference to the result of a script; or to a function or object of the guest, or a copy with functions. */
  ref(source: string | PreparedProgram, options?: EvalOptions): Promise<WorkerReference>;
  ref(value: object): Promise<WorkerReference>;
  /** Defines or replaces a global of the guest. */
  setGlobal(name: string, value: GlobalValue): Promise<void>;
  /**
   * Stops the guest, also one that never returns, and aborts host work that it waits for. What is pending is rejected
   * with InterruptedError. Resolves when the guest has stopped. Where no memory is shared and the guest does not let
   * the worker answer within `graceTime`, the worker is terminated: see `onRestart`.
   */
  interrupt(): Promise<void>;
  /** Resolves when the guest has nothing left to do by itself. */
  whenIdle(): Promise<void>;
  /** What the sandbox uses and has done. */
  stats(): Promise<SandboxStats>;
  /** Bytes of the memory limit in use. */
  readonly memoryUsed: Promise<number>;
  /** Ends the worker at once; what is pending is rejected with InterruptedError. The next call starts another one. */
  terminate(): Promise<void>;
  /** The same, and starts another one. */
  restart(): Promise<void>;
  readonly isDisposed: boolean;
  /** Ends the worker for good; what is pending is rejected with DisposedError. */
  dispose(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An object of the guest, without copying it: a GuestReference whose methods give promises. */
export interface WorkerReference {
  get(key: string | number | symbol): Promise<any>;
  ref(key: string | number | symbol): Promise<WorkerReference>;
  set(key: string | number | symbol, value: unknown): Promise<boolean>;
  has(key: string | number | symbol): Promise<boolean>;
  delete(key: string | number | symbol): Promise<boolean>;
  keys(): Promise<string[]>;
  call(thisValue?: unknown, ...args: unknown[]): Promise<any>;
  invoke(key: string | number | symbol, ...args: unknown[]): Promise<any>;
  construct(...args: unknown[]): Promise<WorkerReference>;
  toValue(): Promise<any>;
  isSame(other: unknown): Promise<boolean>;
  [Symbol.asyncIterator](): AsyncIterator<any>;
  release(): void;
  [Symbol.dispose](): void;
}

export interface SandboxPoolOptions extends WorkerSandboxOptions {
  /** Workers at most; they are started when they are needed. Default: as many as the machine runs at once. */
  size?: number;
  /** Tasks that may wait for a worker; more are rejected with QueueFullError. Default Infinity. */
  maxQueue?: number;
}

export interface PoolRunOptions extends AsyncEvalOptions {
  /** In addition to those of the pool. */
  globals?: Record<string, GlobalValue>;
}

/** Sandboxes for tasks: each task gets a fresh one, in a worker that stays for the next. */
export interface SandboxPool {
  /** Runs a script in a fresh sandbox. The value must be data: functions in it end with the sandbox. */
  run(source: string | PreparedProgram, options?: PoolRunOptions): Promise<any>;
  /** Gives a fresh sandbox to `action`; it is disposed of when the promise of `action` has settled. */
  use<T>(
    action: (sandbox: WorkerSandbox) => T | PromiseLike<T>,
    options?: { globals?: Record<string, GlobalValue>; signal?: HostAbortSignal },
  ): Promise<T>;
  stats(): PoolStats;
  /** Takes no more tasks: those that wait are rejected with DisposedError, those that run end by themselves or, with
   * `force`, at once. */
  close(options?: { force?: boolean }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PoolStats {
  /** Workers at most. */
  size: number;
  /** Workers that there are. */
  threads: number;
  idle: number;
  /** Tasks that have a worker. */
  running: number;
  /** Tasks that wait for one. */
  queued: number;
  completed: number;
  failed: number;
  threadsStarted: number;
}

/** Rejects with a LoadError when caisson.wasm cannot be had or no worker can be started. */
export function createWorkerSandbox(options?: WorkerSandboxOptions): Promise<WorkerSandbox>;

/**
 * `isolation` is 'instance' unless it is given: no two tasks share a WebAssembly instance, and thus no memory, one
 * after the other or at once.
 */
export function createSandboxPool(options?: SandboxPoolOptions): SandboxPool;

/** The worker has failed (`cause`): what is pending is rejected. The next call starts another one. */
export class WorkerError extends SandboxError {}
/** The pool has as many waiting tasks as it may (`maxQueue`). */
export class QueueFullError extends SandboxError {}
