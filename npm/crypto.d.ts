import type { Sandbox } from './index.js';

export interface CryptoOptions {
  /** Where random values and digests come from. Default: the host's own `crypto`. */
  crypto?: {
    getRandomValues(array: any): any;
    readonly subtle?: { digest(algorithm: string, data: any): Promise<ArrayBuffer> };
  };
}

/**
 * Gives the guest `crypto.getRandomValues`, `crypto.randomUUID` and `crypto.subtle.digest` (SHA-1, SHA-256, SHA-384,
 * SHA-512), and the classes Crypto and SubtleCrypto. Without it a guest has no randomness but Math.random. Grant it
 * before code of the guest has run.
 */
export function grantCrypto(sandbox: Pick<Sandbox, 'eval'>, options?: CryptoOptions): Promise<void>;
