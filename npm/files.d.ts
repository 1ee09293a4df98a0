import type { HostURL, ModuleExports, ModuleSource } from './index.js';

export interface FilesOptions {
  /** Whether guests may write: without this option in memory only, not in a directory. */
  writable?: boolean;
  /** Bytes that guests may add, all files together. Default 64 MiB. */
  sizeLimit?: number;
  /** Bytes of one file that is read or written. Default 16 MiB. */
  fileLimit?: number;
  /** Files and directories that guests may add. Default 10,000. */
  countLimit?: number;
}

export interface Files {
  /**
   * For the option `modules` of createSandbox, by itself or among others: node:fs, node:fs/promises and node:path, with
   * and without `node:`. Several sandboxes may have the same files. A path has at most 256 names and 4096 characters.
   */
  readonly modules: Record<string, ModuleSource | ModuleExports>;
}

export interface MemoryFiles extends Files {
  /** The bytes of a file, for the host. */
  read(path: string): Uint8Array;
  /** Writes a file, and makes the directories that it needs. The limits do not count it. */
  write(path: string, content: string | ArrayBuffer | ArrayBufferView): void;
  /** All files by their paths. */
  contents(): Record<string, Uint8Array>;
}

/** Files in memory: `{ '/data/a.txt': 'text', '/b.bin': bytes }`. They are copied. */
export function memoryFiles(
  contents?: Record<string, string | ArrayBuffer | ArrayBufferView>,
  options?: FilesOptions,
): MemoryFiles;

/**
 * A directory of the host (Node, Deno, Bun), which is `/` for guests. Nothing outside of it can be reached: links that
 * lead out are refused, and only files and directories are there. Paths of the host do not show in errors. Each
 * operation blocks the host's thread while the disk works. Do not let other processes change directories to links
 * while guests use them.
 */
export function directoryFiles(directory: string | HostURL, options?: FilesOptions): Files;
