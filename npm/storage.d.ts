import type { Sandbox } from './index.js';

/** A Map of texts is one; all functions are synchronous. */
export interface StorageFunctions {
  get(key: string): string | null | undefined;
  set(key: string, value: string): unknown;
  delete(key: string): unknown;
  keys(): Iterable<string>;
}

/** A `Storage` of a page. */
export interface HostStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface StorageOptions {
  /** The name of the global. Default `localStorage`. */
  name?: string;
  /**
   * Where the items are: a Map, functions of the host, or a Storage of the page with a `prefix`. Default: a new Map.
   * Several sandboxes that are given the same one share the items (each counts its own writing).
   */
  in?: StorageFunctions | HostStorage;
  /** Before each key in a Storage of the host; the guest sees items with this prefix only, and without it. */
  prefix?: string;
  /** Characters of all keys and values together. Default 5,242,880. Beyond it the guest gets a QuotaExceededError. */
  sizeLimit?: number;
}

/**
 * Gives the guest a `Storage` as pages have it: getItem, setItem, removeItem, clear, key, length, and items as
 * properties. In a worker without shared memory only the methods work; `length` and items as properties are a
 * TypeError. Grant it before code of the guest has run.
 */
export function grantStorage(sandbox: Pick<Sandbox, 'eval'>, options?: StorageOptions): Promise<void>;
