// Requests of one guest, by numbers that the guest chooses. Whatever it sends is checked here; its own classes do the
// rest, for the sake of its programs only.
import { digestsBy } from './digests.js';

/**
 * @typedef {{
 *   fetch: (address: string, init: any) => Promise<any>,
 *   allows: (url: URL, method: string) => boolean | Promise<boolean>,
 *   methods: string[],
 *   headers: ((url: URL, method: string) => any) | undefined,
 *   credentials: string,
 *   redirects: boolean,
 *   requestLimit: number,
 *   responseLimit: number,
 *   timeLimit: number,
 *   concurrent: number,
 * }} Rules
 */

/**
 * @typedef {{
 *   url: URL, method: string, headers: [string, string][], redirect: string, isSameOrigin: boolean,
 *   body: Uint8Array | undefined,
 * }} Request
 */

/**
 * @typedef {{
 *   controller: AbortController, timer: any, reader: any, received: number, isReading: boolean,
 *   forget: () => void, // what it listens to
 *   ended: Promise<void>, // with the end of the body, or why there is none
 *   settle: (failure: unknown) => void,
 * }} Exchange
 */

const MOST_HOPS = 20;
const MOST_HEADERS = 65536; // characters
const noNames = [
  'referer',
  'cookie',
  'cookie2',
  'set-cookie',
  'host',
  'origin',
  'via',
  'te',
  'trailer',
  'upgrade',
  'date',
];
const moreNames = ['accept-charset', 'accept-encoding', 'connection', 'content-length', 'dnt', 'expect', 'keep-alive'];
const forbidden = new Set([...noNames, ...moreNames, 'transfer-encoding']);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const overrides = /^x-(?:http-method|http-method-override|method-override)$/;

/**
 * https://fetch.spec.whatwg.org/#forbidden-request-header, and headers by which a server would take the request for one
 * of another method than those that are allowed.
 * @param {[string, string]} header
 * @param {string[]} methods
 */
const isAllowed = ([name, value], methods) =>
  !forbidden.has(name) &&
  !/^(?:proxy-|sec-|access-control-request-)/.test(name) &&
  (!overrides.test(name) || value.split(',').every((method) => methods.includes(method.trim().toUpperCase())));

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === 'string';

/** @param {number} status */
const isRedirectStatus = (status) => [301, 302, 303, 307, 308].includes(status);

/** Members of init that some hosts refuse (workerd has no credentials, for example). */
const isKnown = (/** @type {string} */ name, /** @type {unknown} */ value) => {
  try {
    return new Request('https://localhost', { [name]: value }) !== undefined;
  } catch {
    return false;
  }
};

/**
 * The address of a redirect: a header with a character for each byte, where servers write UTF-8.
 * @param {any} location
 */
const ofBytes = (location) =>
  location.replace(/[\x80-\xff]/g, (/** @type {string} */ byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * @param {unknown} text
 * @param {unknown} body
 * @param {string[]} methods that are allowed
 * @returns {Request}
 */
function readRequest(text, body, methods) {
  if (!isText(text) || (body !== undefined && !(body instanceof Uint8Array))) throw new TypeError('fetch: no request');
  const { url, method, headers, redirect, isSameOrigin } = JSON.parse(text) ?? {};
  const isPair = (/** @type {any} */ pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText);
  if (!isText(url) || !isText(method) || !isText(redirect) || !Array.isArray(headers) || !headers.every(isPair))
    throw new TypeError('fetch: no request');
  // Functions of embedders rely on it.
  const isSound = (/** @type {[string, string]} */ [name, value]) => TOKEN.test(name) && !/[\0\r\n]/.test(value);
  if (!TOKEN.test(method) || !headers.every(isSound)) throw new TypeError('fetch: the method or a header is not sound');
  let size = 0;
  for (const [name, value] of headers) size += name.length + value.length;
  if (size > MOST_HEADERS) throw new TypeError('fetch: the headers are too long');
  const lower = headers.map(([name, value]) => /** @type {[string, string]} */ ([name.toLowerCase(), value]));
  const isWithin = isSameOrigin === true;
  return {
    url: new URL(url),
    method,
    headers: lower.filter((header) => isAllowed(header, methods)),
    redirect,
    isSameOrigin: isWithin,
    body,
  };
}

export class Requests {
  #rules;
  /** @type {Map<number, Exchange>} */
  #open = new Map();
  /** @type {Record<string, unknown>} */
  #fixed;

  /** @param {Rules} rules */
  constructor(rules) {
    this.#rules = rules;
    /** @type {[string, unknown][]} */
    const wanted = [
      ['credentials', rules.credentials],
      ['cache', 'no-store'], // else the guest could find out what the page has in its cache
      ['referrerPolicy', 'no-referrer'],
    ];
    this.#fixed = Object.fromEntries(wanted.filter(([name, value]) => isKnown(name, value)));
  }

  /** What the guest gets. */
  get functions() {
    const requests = this;
    return {
      concurrent: this.#rules.concurrent,
      requestLimit: this.#rules.requestLimit,
      digest: digestsBy(() => globalThis.crypto),
      /** @this {any} @param {any} number @param {any} text @param {any} body */
      send(number, text, body) {
        return requests.#send(number, text, body, this?.signal);
      },
      /** @param {any} number */
      read: (number) => this.#read(number),
      /** @param {any} number */
      ended: async (number) => this.#open.get(number)?.ended,
      /** @param {any} number */
      cancel: (number) => this.#end(number, new Error('the guest cancelled it')),
    };
  }

  /**
   * @param {unknown} number
   * @param {unknown} text
   * @param {unknown} body
   * @param {AbortSignal | undefined} outer aborted when the guest is stopped
   */
  async #send(number, text, body, outer) {
    if (typeof number !== 'number' || this.#open.has(number)) throw new TypeError('fetch: no number of a request');
    if (this.#open.size >= this.#rules.concurrent) throw new TypeError('fetch: too many requests at the same time');
    const request = readRequest(text, body, this.#rules.methods);
    const { requestLimit, timeLimit } = this.#rules;
    if (request.body !== undefined && request.body.length > requestLimit)
      throw new TypeError(`fetch: the body has more than ${requestLimit} bytes`);
    const controller = new AbortController();
    const late = () => this.#end(number, new DOMException(`fetch: no answer within ${timeLimit} ms`, 'TimeoutError'));
    const timer = timeLimit < 2 ** 31 ? setTimeout(late, timeLimit) : undefined;
    /** @type {any} */ (timer)?.unref?.();
    // Until its body has ended: a guest that is disposed of keeps no connection.
    const stop = () => this.#end(number, outer?.reason);
    const forget = () => outer?.removeEventListener('abort', stop);
    /** @type {Exchange['settle']} */
    let settle = () => {};
    const ended = /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        settle = (failure) => (failure === undefined ? resolve() : reject(failure));
      })
    );
    ended.catch(() => {});
    const parts = { controller, timer, forget, ended, settle };
    this.#open.set(number, { ...parts, reader: undefined, received: 0, isReading: false });
    outer?.addEventListener('abort', stop);
    try {
      const { response, redirected, hasCrossed, url } = await unlessAborted(
        this.#follow(request, controller.signal),
        controller.signal,
      );
      if (controller.signal.aborted) response.body?.cancel().catch(() => {});
      controller.signal.throwIfAborted();
      const head = { ...this.#headOf(response, redirected, url, request.redirect), hasCrossed };
      const exchange = this.#open.get(number);
      if (head.hasBody && exchange !== undefined) exchange.reader = response.body.getReader();
      else this.#end(number);
      return JSON.stringify(head);
    } catch (error) {
      const { signal } = controller;
      const known = signal.aborted ? signal.reason : plain(error);
      this.#end(number, error);
      throw known;
    }
  }

  /**
   * Each hop is asked for by itself, so that no host is asked that is not allowed.
   * @param {Request} request
   * @param {AbortSignal} signal
   */
  async #follow(request, signal) {
    const { fetch } = this.#rules;
    let { url, method, headers, body } = request;
    let hasCrossed = false; // from one origin to another
    for (let hop = 0; ; hop++) {
      await this.#check(url, method);
      signal.throwIfAborted();
      const own = await this.#ownHeaders(url, method);
      const all = [...headers.filter(([name]) => !own.some(([other]) => other === name)), ...own];
      const init = { ...this.#fixed, method, headers: all, body, redirect: 'manual', signal };
      const response = await fetch(url.href, init);
      // Functions of embedders may not listen to the signal.
      if (signal.aborted) response.body?.cancel().catch(() => {});
      signal.throwIfAborted();
      if (response.type === 'opaqueredirect' && request.redirect !== 'manual')
        throw new TypeError(
          `fetch: ${url.origin} answered with a redirect, and this host does not show where it leads`,
        );
      const location = response.headers.get('location');
      const isRedirect = isRedirectStatus(response.status);
      const isLast =
        !isRedirect || request.redirect === 'manual' || (location === null && request.redirect !== 'error');
      if (isLast) return { response, redirected: hop > 0, hasCrossed, url };
      response.body?.cancel().catch(() => {});
      if (request.redirect !== 'follow' || !this.#rules.redirects)
        throw new TypeError(`fetch: ${url.origin} answered with a redirect, which is not allowed`);
      if (hop >= MOST_HOPS) throw new TypeError(`fetch: more than ${MOST_HOPS} redirects`);
      const next = new URL(ofBytes(location), url);
      // https://fetch.spec.whatwg.org/#http-redirect-fetch
      const { status } = response;
      if (([301, 302].includes(status) && method === 'POST') || (status === 303 && !['GET', 'HEAD'].includes(method))) {
        method = 'GET';
        body = undefined;
        headers = headers.filter(([name]) => !/^content-(?:encoding|language|location|type)$/.test(name));
      }
      if (next.origin !== url.origin) {
        if (request.isSameOrigin)
          throw new TypeError(`fetch: ${url.origin} answered with a redirect to another origin`);
        hasCrossed = true;
        headers = headers.filter(([name]) => name !== 'authorization');
      }
      url = next;
    }
  }

  /**
   * @param {URL} url
   * @param {string} method
   */
  async #check(url, method) {
    const { methods, allows } = this.#rules;
    if (!methods.includes(method.toUpperCase())) throw new TypeError(`fetch: the method ${method} is not allowed`);
    if (!/^https?:$/.test(url.protocol)) throw new TypeError(`fetch: addresses with ${url.protocol} are not allowed`);
    if (url.username !== '' || url.password !== '') throw new TypeError('fetch: an address with a password');
    if (!(await allows(url, method))) throw new TypeError(`fetch: requests to ${url.origin} are not allowed`);
  }

  /**
   * @param {URL} url
   * @param {string} method
   * @returns {Promise<[string, string][]>}
   */
  async #ownHeaders(url, method) {
    const given = await this.#rules.headers?.(new URL(url), method);
    if (given === undefined || given === null) return [];
    const pairs = typeof given[Symbol.iterator] === 'function' ? [...given] : Object.entries(given);
    return pairs.map(([name, value]) => [String(name).toLowerCase(), String(value)]);
  }

  /**
   * @param {any} response
   * @param {boolean} redirected
   * @param {URL} url
   * @param {string} redirect
   */
  #headOf(response, redirected, url, redirect) {
    const isHidden = response.type === 'opaqueredirect' || (redirect === 'manual' && isRedirectStatus(response.status));
    const address = new URL(url);
    address.hash = '';
    const headers = isHidden ? [] : [...response.headers].filter(([name]) => !/^set-cookie2?$/i.test(name));
    const { responseLimit } = this.#rules;
    if (Number(response.headers.get('content-length')) > responseLimit && response.body !== null) {
      response.body?.cancel().catch(() => {});
      throw new TypeError(`fetch: the response has more than ${responseLimit} bytes`);
    }
    if (isHidden) response.body?.cancel().catch(() => {});
    return {
      status: isHidden ? 0 : response.status,
      statusText: isHidden ? '' : String(response.statusText ?? ''),
      headers,
      url: address.href,
      redirected,
      type: isHidden ? 'opaqueredirect' : 'basic',
      hasBody: !isHidden && response.body !== null && response.body !== undefined,
    };
  }

  /** @param {any} number */
  async #read(number) {
    const exchange = this.#open.get(number);
    if (exchange?.reader === undefined || exchange.isReading) throw new TypeError('fetch: there is no such body');
    exchange.isReading = true;
    try {
      const { value, done } = await unlessAborted(exchange.reader.read(), exchange.controller.signal);
      if (done) {
        this.#end(number);
        return undefined;
      }
      if (!(value instanceof Uint8Array)) throw new TypeError('fetch: the body is not made of bytes');
      exchange.received += value.length;
      const { responseLimit } = this.#rules;
      if (exchange.received > responseLimit)
        throw new TypeError(`fetch: the response has more than ${responseLimit} bytes`);
      return value;
    } catch (error) {
      const { signal } = exchange.controller;
      const known = signal.aborted ? signal.reason : plain(error);
      this.#end(number, error);
      throw known;
    } finally {
      exchange.isReading = false;
    }
  }

  /**
   * @param {any} number
   * @param {unknown} [failure]
   */
  #end(number, failure) {
    const exchange = this.#open.get(number);
    if (exchange === undefined) return;
    this.#open.delete(number);
    clearTimeout(exchange.timer);
    exchange.forget();
    exchange.settle(failure);
    if (failure === undefined) return;
    exchange.controller.abort(failure);
    exchange.reader?.cancel(failure).catch(() => {});
  }
}

/**
 * For what does not listen to the signal, as functions of embedders may not.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * Errors of the network name hosts and ports that the guest need not know. Ours are TypeErrors that begin with
 * `fetch:`.
 * @param {unknown} error
 */
function plain(error) {
  if (error instanceof TypeError && error.message.startsWith('fetch:')) return error;
  return new TypeError('fetch: the request failed');
}
