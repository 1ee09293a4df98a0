// Which addresses a guest may ask: https://html.spec.whatwg.org/multipage/browsers.html#origin
import { describe } from './errors.js';

const WILDCARD = /^(https?:\/\/)\*\.([^/:*]+(?::\d+)?)$/;

/**
 * An origin in the form that URLs have; undefined: it is none.
 * @param {string} text
 */
function originOf(text) {
  try {
    const { origin, protocol, pathname, search, hash, username, password } = new URL(text);
    const isBare = `${pathname}${search}${hash}${username}${password}` === '/';
    return isBare && /^https?:$/.test(protocol) && !origin.includes('*') ? origin : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} pattern
 * @returns {((url: URL) => boolean) | undefined}
 */
function matcherOf(pattern) {
  const [, scheme, rest] = WILDCARD.exec(pattern) ?? [];
  if (scheme === undefined) {
    const origin = originOf(pattern);
    return origin === undefined ? undefined : (url) => url.origin === origin;
  }
  const origin = originOf(scheme + rest);
  if (origin === undefined) return undefined;
  const { protocol, hostname, port } = new URL(origin);
  return (url) => url.protocol === protocol && url.port === port && url.hostname.endsWith(`.${hostname}`);
}

/**
 * @param {string} place
 * @param {unknown} origins
 */
export function checkOrigins(place, origins) {
  if (typeof origins === 'function') return;
  if (!Array.isArray(origins))
    throw new TypeError(
      `${place}: origins must be a list of origins, or a function (url) => boolean, got ${describe(origins)}`,
    );
  for (const origin of origins)
    if (typeof origin !== 'string' || matcherOf(origin) === undefined)
      throw new TypeError(
        `${place}: an origin looks like 'https://example.com' or 'https://*.example.com', without a path, got ${describe(origin)}`,
      );
}

/**
 * @param {any} origins as checked
 * @returns {(url: URL, method: string) => boolean | Promise<boolean>}
 */
export function allowsAddress(origins) {
  if (typeof origins === 'function') return async (url, method) => (await origins(new URL(url), method)) === true;
  const matchers = /** @type {string[]} */ (origins).map((origin) => matcherOf(origin));
  return (url) => matchers.some((matches) => matches?.(url));
}
