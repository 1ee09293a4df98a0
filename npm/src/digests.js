// Digests that guests ask for, by the host's crypto.
const LARGEST_PENDING = 64 * 1024 * 1024; // bytes whose digests are being made: they are the host's memory
const names = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

/**
 * @param {() => any} ownCrypto
 * @returns {(name: unknown, bytes: unknown) => Promise<ArrayBuffer>} for one guest
 */
export function digestsBy(ownCrypto) {
  let pending = 0;
  return async (name, bytes) => {
    if (typeof name !== 'string' || !names.includes(name) || !(bytes instanceof Uint8Array))
      throw new TypeError('digest: expected the name of a digest, and bytes');
    const subtle = ownCrypto()?.subtle;
    // Pages have it only in secure contexts.
    if (subtle === undefined) throw new TypeError('the host has no crypto.subtle here');
    if (pending > 0 && pending + bytes.length > LARGEST_PENDING)
      throw new RangeError('too many bytes wait for their digests; await some of them first');
    pending += bytes.length;
    try {
      return await subtle.digest(name, bytes);
    } finally {
      pending -= bytes.length;
    }
  };
}
