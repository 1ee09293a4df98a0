// caisson/crypto: random values and digests for a guest, by the host's own crypto.
import { cryptoText } from './guest-texts.js';
import { checkGrant, install } from './installation.js';

const LARGEST_RANDOM = 65536;
const LARGEST_PENDING = 64 * 1024 * 1024; // bytes whose digests are being made: they are the host's memory
const digests = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

/**
 * The grant of an entry, for a host whose own crypto that is.
 * @param {() => any} ownCrypto
 */
export const grantOf = (ownCrypto) =>
  /**
   * @param {import('../index.js').Sandbox} sandbox
   * @param {import('../crypto.js').CryptoOptions} [options]
   */
  async function grantCrypto(sandbox, options = {}) {
    checkGrant('grantCrypto', sandbox, options, ['crypto']);
    await grantFrom(sandbox, options.crypto ?? ownCrypto());
  };

/**
 * @param {import('../index.js').Sandbox} sandbox
 * @param {any} crypto
 */
async function grantFrom(sandbox, crypto) {
  if (typeof crypto?.getRandomValues !== 'function')
    throw new TypeError('grantCrypto: this host has no crypto; give one as the option crypto');
  let pending = 0;
  await install(sandbox, 'crypto', cryptoText, {
    /** @param {unknown} size */
    random(size) {
      if (typeof size !== 'number' || !(size >= 1 && size <= LARGEST_RANDOM))
        throw new RangeError(`from 1 to ${LARGEST_RANDOM} random bytes can be had at once`);
      return crypto.getRandomValues(new Uint8Array(size));
    },
    /**
     * @param {unknown} name
     * @param {unknown} bytes
     */
    async digest(name, bytes) {
      if (typeof name !== 'string' || !digests.includes(name) || !(bytes instanceof Uint8Array))
        throw new TypeError('digest: expected the name of a digest, and bytes');
      // Pages have it only in secure contexts.
      if (crypto.subtle === undefined) throw new TypeError('the host has no crypto.subtle here');
      if (pending > 0 && pending + bytes.length > LARGEST_PENDING)
        throw new RangeError('too many bytes wait for their digests; await some of them first');
      pending += bytes.length;
      try {
        return await crypto.subtle.digest(name, /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
      } finally {
        pending -= bytes.length;
      }
    },
  });
}
