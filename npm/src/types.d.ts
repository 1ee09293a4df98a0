// Types of the package's own JavaScript that no file of it declares (tests/checks/types.test.mjs).
import type {
  ConsoleMethods,
  GlobalValue,
  HostLimits,
  ImportMap,
  ModuleExports,
  ModuleResolver,
  ModuleSource,
  PreparedProgram,
} from '../index.js';
import type { Engine } from './engine.js';

/** Options of createSandbox that have been read: defaults are filled in, and what has no limit is Infinity. */
export interface Settings {
  globals?: Record<string, GlobalValue>;
  modules?: ModuleResolver | Record<string, ModuleSource | PreparedProgram | ModuleExports>;
  importMap?: ImportMap;
  wasm?: WasmSource | PromiseLike<WasmSource>;
  host: Host;
  console?: ConsoleMethods | false;
  signal?: AbortSignal;
  interruptFlag?: Int32Array;
  onUnhandledRejection?: (reason: unknown, promise: Promise<never>) => void;
  onRejectionHandled?: (promise: Promise<never>) => void;
  onUncaughtError?: (error: unknown) => void;
  onOmitted?: (what: string) => void;
  uncrossable: 'throw' | 'omit';
  memoryLimit: number;
  stackLimit: number;
  timeLimit: number;
  /** It is not the default. */
  hasOwnTimeLimit: boolean;
  fuelLimit: number;
  totalTimeLimit: number;
  timeSlice: number;
  timeZone?: string;
  turnBudget: number;
  dutyCycle: number;
  waitLimit: number;
  hostLimits: Required<HostLimits>;
  isolation: 'auto' | 'shared' | 'instance';
  testHooks: boolean;
  describesThrown: boolean;
}

/** Options of eval, evalSync and import. */
export interface EntrySettings {
  name?: string;
  timeLimit?: number;
  fuelLimit?: number;
  totalTimeLimit?: number;
  waitLimit?: number;
  signal?: AbortSignal;
  result?: boolean;
  module?: boolean;
}

/** Of one entry. */
export interface Limits {
  timeLimit: number;
  hasOwnTimeLimit: boolean;
  fuelLimit: number;
}

export type WasmSource = WebAssembly.Module | BufferSource | Response | URL | string;

/** What an entry of the package knows of where it runs. */
export interface Host {
  /** Compiles the caisson.wasm that the package has brought. */
  ownModule(): Promise<WebAssembly.Module>;
  /** Where there are files as well as URLs. */
  moduleOfAddress?(address: string): Promise<WebAssembly.Module>;
}

/** Where a guest lives: see instances.js. */
export interface Place {
  engine: Engine;
  user: number;
  runtime: number;
}

/** What stands for a guest where it is referred to weakly; alive as long as the guest. */
export interface Anchor {
  guest: import('./guest.js').Guest | undefined;
}

/** The functions that caisson.wasm exports. They take numbers and give one. */
export type Exports = Record<string, (...args: number[]) => number>;

/** A promise of the host that the guest has. */
export interface HostPromise {
  readonly number: number;
  readonly promise: Promise<any>;
  /** The host's function that gave it. */
  readonly fn: ((...args: any[]) => any) | undefined;
  /** That carry it. */
  messages: number;
}

/** Settles a promise. */
export interface Settler {
  resolve(value: any): void;
  reject(reason: any): void;
  /** Makes of the value what is wanted. */
  take?: (value: any) => any;
}

/** A timer of the host: a number, or an object where it is Node. */
export type HostTimer = ReturnType<typeof setTimeout> & { unref?(): void };
