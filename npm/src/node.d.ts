// What the package takes from Node, without the types of all of it.
declare module 'node:fs' {
  export function existsSync(path: string): boolean;
  export function readFileSync(path: string | URL): Uint8Array<ArrayBuffer>;
  export function readFileSync(path: string | URL, encoding: 'utf8'): string;
  export function writeFileSync(path: string, text: string, options: object): void;
  export function statSync(path: string, options: object): { isDirectory(): boolean } | undefined;
  export function mkdirSync(path: string, options: object): void;
  export function writeSync(descriptor: number, bytes: Uint8Array, start: number): number;
  export function fstatSync(descriptor: number): { isCharacterDevice(): boolean };
}

declare module 'node:crypto' {
  export const webcrypto: Crypto;
}

declare module 'node:fs/promises' {
  export function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  export function readFile(path: string | URL, encoding: 'utf8'): Promise<string>;
  export function stat(path: string): Promise<{ isFile(): boolean; isDirectory(): boolean }>;
}

declare module 'node:module' {
  export function createRequire(url: string): (name: string) => any;
}

declare module 'node:os' {
  export const availableParallelism: (() => number) | undefined;
  export function cpus(): unknown[];
  export function homedir(): string;
}

declare module 'node:path' {
  export function join(...parts: string[]): string;
  export function dirname(path: string): string;
  export function resolve(...parts: string[]): string;
  export const sep: string;
}

declare module 'node:readline' {
  export function createInterface(options: object): any;
  export function clearLine(stream: any, direction: number): void;
  export function cursorTo(stream: any, column: number): void;
}

declare module 'node:worker_threads' {
  export class Worker {
    constructor(script: string | URL, options?: object);
    on(event: string, listener: (value: any) => void): void;
    postMessage(message: unknown): void;
  }
  export const parentPort: any;
  export const workerData: any;
}

declare module 'node:tty' {
  export function isatty(descriptor: number): boolean;
}

declare module 'node:url' {
  export function fileURLToPath(url: string | URL): string;
}

declare module 'node:util' {
  export function inspect(value: unknown, options?: object): string;
  export function formatWithOptions(options: object, ...values: unknown[]): string;
  export function parseArgs(config: object): { values: Record<string, any>; positionals: string[] };
}

declare const Buffer: { from(text: string): Uint8Array };

declare const process: {
  argv: string[];
  env: Record<string, string | undefined>;
  platform: string;
  exitCode: number | undefined;
  stdin: any;
  stdout: any;
  stderr: any;
  cwd(): string;
  exit(code: number): never;
  on(event: 'exit', listener: (code: number) => void): void;
  on(event: 'SIGINT', listener: () => void): void;
  off(event: 'exit', listener: (code: number) => void): void;
};

// What the package's build, and the bundlers and hosts that take it, understand.
declare module 'caisson.wasm:base64' {
  const text: string;
  export default text;
}

declare module 'worker-main:text' {
  const text: string;
  export default text;
}

declare module '*/caisson.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*/caisson.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}

interface ImportMeta {
  /** Of Vite. */
  readonly env?: { readonly PROD?: boolean };
}
