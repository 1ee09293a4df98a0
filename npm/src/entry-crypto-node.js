// caisson/crypto in Node, Bun and Deno. Node 18 has no global crypto.
import { webcrypto } from 'node:crypto';
import { grantOf } from './crypto.js';

export const grantCrypto = grantOf(() => globalThis.crypto ?? webcrypto);
