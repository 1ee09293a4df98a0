// What caisson/fetch and caisson/streams share: the classes of the guest (Headers, Blob, FormData, streams), of which a
// sandbox has one set, whichever of the two it is given and in which order.
import { streamsText, webText } from './guest-texts.js';
import { evaluate } from './installation.js';

/**
 * @typedef {{
 *   grantStreams: (compression: object | undefined) => void | Promise<void>,
 *   grantFetch: (functions: object, base: string | undefined) => void | Promise<void>,
 * }} WebLibrary
 */

/** @type {WeakMap<object, Promise<WebLibrary>>} */
const libraries = new WeakMap();

/**
 * @param {import('../index.js').Sandbox} sandbox
 * @returns {Promise<WebLibrary>} functions of the guest
 */
export function libraryOf(sandbox) {
  let library = libraries.get(sandbox);
  if (library === undefined) {
    // It is run where it is evaluated, so that what is granted later takes little time of an entry.
    library = evaluate(sandbox, 'web', `(${webText.trim().replace(/;$/, '')})(${JSON.stringify(streamsText)})`);
    libraries.set(sandbox, library);
    library.catch(() => libraries.delete(sandbox));
  }
  return library;
}
