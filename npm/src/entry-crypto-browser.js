// caisson/crypto in pages and everywhere else.
import { grantOf } from './crypto.js';

export const grantCrypto = grantOf(() => globalThis.crypto);
