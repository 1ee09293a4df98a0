// caisson/fetch: requests of a guest, as far as the host allows them.
import { describe } from './errors.js';
import { checkFunctionOption, checkGrant, limitOf } from './installation.js';
import { allowsAddress, checkOrigins } from './origins.js';
import { Requests } from './requests.js';
import { libraryOf } from './web-library.js';

const known = [
  ...['origins', 'methods', 'headers', 'base', 'credentials', 'redirects', 'fetch'],
  ...['requestLimit', 'responseLimit', 'timeLimit', 'concurrent'],
];

/**
 * @param {import('../index.js').Sandbox} sandbox
 * @param {import('../fetch.js').FetchOptions} options
 */
export async function grantFetch(sandbox, options) {
  checkGrant('grantFetch', sandbox, options, known);
  const { origins, methods = ['GET', 'HEAD'], base, credentials = 'omit', headers, redirects = true } = options;
  const place = 'grantFetch';
  checkOrigins(place, origins);
  checkFunctionOption(place, 'fetch', options.fetch);
  checkFunctionOption(place, 'headers', headers);
  if (!Array.isArray(methods) || !methods.every((method) => typeof method === 'string'))
    throw new TypeError(`${place}: methods must be a list of names, got ${describe(methods)}`);
  if (!['omit', 'same-origin', 'include'].includes(credentials))
    throw new TypeError(
      `${place}: credentials must be 'omit', 'same-origin' or 'include', got ${describe(credentials)}`,
    );
  if (typeof redirects !== 'boolean')
    throw new TypeError(`${place}: redirects must be true or false, got ${describe(redirects)}`);
  const fetch = options.fetch ?? globalThis.fetch;
  if (typeof fetch !== 'function')
    throw new TypeError(`${place}: this host has no fetch; give one as the option fetch`);
  const address = base === undefined ? undefined : parsed(base);
  if (address === null)
    throw new TypeError(`${place}: base must be an address like 'https://example.com/', got ${describe(base)}`);
  const requests = new Requests({
    fetch: (address, init) => fetch(address, init),
    allows: allowsAddress(origins),
    methods: methods.map((method) => method.toUpperCase()),
    headers,
    credentials,
    redirects,
    requestLimit: limitOf(place, 'requestLimit', options.requestLimit, 1024 * 1024),
    responseLimit: limitOf(place, 'responseLimit', options.responseLimit, 16 * 1024 * 1024),
    timeLimit: limitOf(place, 'timeLimit', options.timeLimit, 30_000),
    concurrent: limitOf(place, 'concurrent', options.concurrent, 8),
  });
  const { grantFetch } = await libraryOf(sandbox);
  await grantFetch(requests.functions, address?.href);
}

/** @param {any} text */
function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
