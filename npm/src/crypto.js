// caisson/crypto: random values and digests for a guest, by the host's own crypto.
import { digestsBy } from './digests.js';
import { cryptoText } from './guest-texts.js';
import { checkGrant, install } from './installation.js';

const LARGEST_RANDOM = 65536;

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
  await install(sandbox, 'crypto', cryptoText, {
    /** @param {unknown} size */
    random(size) {
      if (typeof size !== 'number' || !(size >= 1 && size <= LARGEST_RANDOM))
        throw new RangeError(`from 1 to ${LARGEST_RANDOM} random bytes can be had at once`);
      return crypto.getRandomValues(new Uint8Array(size));
    },
    digest: digestsBy(() => crypto),
  });
}
