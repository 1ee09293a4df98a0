// caisson/streams: streams, Blob, File, FormData and Headers for a guest. They need nothing of the host, except that
// it compresses.
import { describe } from './errors.js';
import { Compressions } from './compressions.js';
import { checkGrant } from './installation.js';
import { libraryOf } from './web-library.js';

/**
 * @param {import('../index.js').Sandbox} sandbox
 * @param {import('../streams.js').StreamsOptions} [options]
 */
export async function grantStreams(sandbox, options = {}) {
  checkGrant('grantStreams', sandbox, options, ['compression']);
  const { compression = true } = options;
  if (typeof compression !== 'boolean')
    throw new TypeError(`grantStreams: compression must be true or false, got ${describe(compression)}`);
  const canCompress = compression && typeof CompressionStream === 'function';
  const { grantStreams } = await libraryOf(sandbox);
  await grantStreams(canCompress ? new Compressions().functions : undefined);
}
