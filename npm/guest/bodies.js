// https://fetch.spec.whatwg.org/ : bodies, Request and Response. Relative addresses are resolved against `web.base`.
(function (web) {
  'use strict';
  const { blobOf, bytesOf, byteText, contentOf, dictionary, encodeForm, decodeForm, enumeration, FormData } = web;
  const { guarded, Headers, inspectable, isBlob, isFormData, isHeaders, isToken, joined, requireArguments } = web;
  const { localBlobs, scalarText } = web;
  const encode = (text) => new TextEncoder().encode(text);
  const { apply } = Reflect;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const clone = structuredClone;
  const parametersText = URLSearchParams.prototype.toString;

  // What a body holds, in one of three forms: bytes, a source with pull() and cancel() that nobody has seen, a stream.
  class Content {
    bytes;
    source;
    stream;
    origin; // the source, still when there is a stream over it
    isConsumed = false;
    constructor(parts) {
      Object.assign(this, parts);
      this.origin = parts.source;
    }
    throwIfFailed() {
      const failure = this.origin?.failure;
      if (failure !== undefined) throw failure.error;
    }
    get isUsed() {
      return this.isConsumed || this.stream?._disturbed === true;
    }
    get isUnusable() {
      return this.isUsed || this.stream?.locked === true;
    }
    toStream() {
      if (this.stream !== undefined) return this.stream;
      const { ReadableStream } = web.streams();
      const { bytes, source } = this;
      if (this.isConsumed) {
        // Somebody else has what was in it.
        this.stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.close() });
        this.stream.getReader();
        return this.stream;
      }
      this.bytes = this.source = undefined;
      this.stream = new ReadableStream(
        source !== undefined
          ? sourceOf(source)
          : {
              type: 'bytes',
              start(controller) {
                if (bytes.length > 0) controller.enqueue(bytes.slice());
                controller.close();
              },
            },
      );
      return this.stream;
    }
    // All bytes; they may belong to others as well. It can be stopped by a signal, and for having too many of them.
    async read({ signal, limit = Infinity } = {}) {
      if (this.isUnusable) throw new TypeError('The body has been used already, or its stream is locked');
      this.isConsumed = true;
      const { bytes, source, stream } = this;
      if (bytes !== undefined) return bytes;
      const chunks = [];
      if (source !== undefined) {
        for (let chunk = await source.pull(); chunk !== undefined; chunk = await source.pull()) chunks.push(chunk);
        return joined(chunks);
      }
      const reader = stream.getReader();
      const giveUp = (reason) => reader.cancel(reason).catch(() => {});
      const stop = () => giveUp(signal.reason);
      if (signal !== undefined) apply(addEventListener, signal, ['abort', stop]);
      try {
        let size = 0;
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return joined(chunks);
          const chunk = value instanceof Uint8Array ? bytesOf(value) : undefined;
          size += chunk?.length ?? 0;
          if (chunk === undefined || size > limit) {
            const error = new TypeError(
              chunk === undefined ? 'A chunk of the body is no Uint8Array' : `The body has more than ${limit} bytes`,
            );
            giveUp(error);
            throw error;
          }
          chunks.push(chunk);
        }
      } finally {
        if (signal !== undefined) apply(removeEventListener, signal, ['abort', stop]);
      }
    }
    cancel(reason) {
      if (this.stream !== undefined && !this.stream.locked) this.stream.cancel(reason).catch(() => {});
    }
    // https://fetch.spec.whatwg.org/#concept-body-clone
    copy() {
      if (this.bytes !== undefined) return new Content({ bytes: this.bytes });
      const isOurs = this.stream === undefined; // then a clone has chunks of its own
      const [mine, other] = this.toStream().tee();
      this.stream = mine;
      return new Content({ stream: isOurs ? other : withClonedChunks(other) });
    }
  }
  // The stream over a source, which is closed or has failed as soon as that has.
  function sourceOf(source) {
    let isPulling = false;
    let hasEnded = false;
    function end(controller) {
      if (hasEnded) return;
      hasEnded = true;
      controller.close();
      controller.byobRequest?.respond(0);
    }
    return {
      type: 'bytes',
      start(controller) {
        source.watch({
          ended: () => isPulling || end(controller),
          failed(error) {
            hasEnded = true;
            controller.error(error);
          },
        });
      },
      async pull(controller) {
        isPulling = true;
        const chunk = await source.pull();
        isPulling = false;
        if (hasEnded) return;
        if (chunk !== undefined) controller.enqueue(chunk);
        if (chunk === undefined || source.isDone) end(controller);
      },
      cancel(reason) {
        hasEnded = true;
        source.cancel(reason);
      },
    };
  }
  function withClonedChunks(stream) {
    const reader = stream.getReader();
    const { ReadableStream } = web.streams();
    const source = {
      async pull(controller) {
        const { value, done } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(clone(value));
      },
      cancel: (reason) => reader.cancel(reason),
    };
    return new ReadableStream(source, { highWaterMark: 0 });
  }

  const isStream = (value) => web.hasStreams() && value instanceof web.streams().ReadableStream;
  // https://fetch.spec.whatwg.org/#concept-bodyinit-extract
  function extract(value) {
    if (isBlob(value)) return { content: new Content({ bytes: contentOf(value) }), type: value.type || null };
    if (isStream(value)) {
      if (value.locked || value._disturbed) throw new TypeError('The stream has been used already, or is locked');
      return { content: new Content({ stream: value }), type: null };
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) return { content: new Content({ bytes: bytes.slice() }), type: null };
    if (isFormData(value)) {
      const { bytes, type } = encodeForm(value);
      return { content: new Content({ bytes }), type };
    }
    let text;
    try {
      text = Reflect.apply(parametersText, value, []);
    } catch {
      return { content: new Content({ bytes: encode(scalarText(value)) }), type: 'text/plain;charset=UTF-8' };
    }
    return { content: new Content({ bytes: encode(text) }), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }

  // https://fetch.spec.whatwg.org/#body-mixin
  function addBody(constructor, stateOf) {
    function read(object) {
      const { content } = stateOf(object);
      if (content === null) return new Uint8Array();
      content.throwIfFailed();
      return content.read();
    }
    const typeOf = (object) => web.headerType(stateOf(object).headers.get('content-type') ?? '');
    const members = {
      get body() {
        return stateOf(this).content?.toStream() ?? null;
      },
      get bodyUsed() {
        return stateOf(this).content?.isUsed ?? false;
      },
      async arrayBuffer() {
        return (await read(this)).slice().buffer;
      },
      async blob() {
        return blobOf(await read(this), typeOf(this)?.text() ?? '');
      },
      async bytes() {
        return (await read(this)).slice();
      },
      async formData() {
        const type = typeOf(this);
        const bytes = await read(this);
        if (type?.essence === 'multipart/form-data' && type.parameters.has('boundary'))
          return decodeForm(bytes, type.parameters.get('boundary'));
        if (type?.essence !== 'application/x-www-form-urlencoded')
          throw new TypeError(
            'The type of the body is neither multipart/form-data nor application/x-www-form-urlencoded',
          );
        const form = new FormData();
        for (const [name, value] of new URLSearchParams(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)))
          form.append(name, value);
        return form;
      },
      async json() {
        return JSON.parse(new TextDecoder().decode(await read(this)));
      },
      async text() {
        return new TextDecoder().decode(await read(this));
      },
    };
    for (const name of Object.keys(members))
      Object.defineProperty(constructor.prototype, name, Object.getOwnPropertyDescriptor(members, name));
  }

  const resolved = (text) => (web.base === undefined ? new URL(text) : new URL(text, web.base));
  function addressOf(value) {
    const url = resolved(value);
    if (url.username !== '' || url.password !== '') throw new TypeError(`An address with a password: ${url.host}`);
    return url;
  }
  // https://fetch.spec.whatwg.org/#concept-method
  function methodOf(value) {
    const text = byteText(value, 'Request');
    if (!isToken(text)) throw new TypeError(`Request: '${text}' is no method`);
    if (/^(?:connect|trace|track)$/i.test(text)) throw new TypeError(`Request: the method ${text} is forbidden`);
    return /^(?:delete|get|head|options|post|put)$/i.test(text) ? text.toUpperCase() : text;
  }
  const enumerations = {
    priority: ['high', 'low', 'auto'],
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
    credentials: ['omit', 'same-origin', 'include'],
    mode: ['navigate', 'same-origin', 'no-cors', 'cors'],
    redirect: ['follow', 'error', 'manual'],
    referrerPolicy: [
      ...['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin'],
      ...['origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
    ],
  };
  const usual = {
    priority: 'auto',
    cache: 'default',
    credentials: 'same-origin',
    mode: 'cors',
    redirect: 'follow',
    referrerPolicy: '',
  };
  const { get: isAborted } = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted');
  const any = AbortSignal.any.bind(AbortSignal);

  let requestState;
  let isCloning = false;
  // https://fetch.spec.whatwg.org/#request-class
  class Request {
    #state;
    static {
      requestState = (request) => request.#state;
    }
    constructor(input, init = undefined) {
      requireArguments(arguments.length, 1, 'Request');
      if (isCloning) {
        this.#state = input;
        return;
      }
      const from = isRequest(input) ? requestState(input) : undefined;
      const options = dictionary(init, 'Request');
      const { body, headers, integrity, keepalive, method, referrer, signal, window, duplex } = options;
      const state = { url: from?.url ?? addressOf(`${input}`), method: from?.method ?? 'GET' };
      // What the address stands for now, whatever becomes of the address.
      state.blob = from === undefined ? localBlobs.get(state.url.href.replace(/#.*$/s, '')) : from.blob;
      for (const name of Object.keys(enumerations))
        state[name] = enumeration(options[name], enumerations[name], from?.[name] ?? usual[name], 'Request');
      if (options.mode !== undefined && state.mode === 'navigate')
        throw new TypeError("Request: the mode cannot be 'navigate'");
      if (window !== undefined && window !== null) throw new TypeError('Request: the window must be null');
      if (state.cache === 'only-if-cached' && state.mode !== 'same-origin')
        throw new TypeError("Request: 'only-if-cached' needs the mode 'same-origin'");
      state.integrity = integrity === undefined ? (from?.integrity ?? '') : `${integrity}`;
      state.keepalive = keepalive === undefined ? (from?.keepalive ?? false) : Boolean(keepalive);
      state.referrer = referrer === undefined ? (from?.referrer ?? 'about:client') : referrerOf(referrer);
      if (method !== undefined) state.method = methodOf(method);
      if (state.mode === 'no-cors' && !/^(?:GET|HEAD|POST)$/.test(state.method))
        throw new TypeError(`Request: the mode 'no-cors' does not allow the method ${state.method}`);
      if (duplex !== undefined && duplex !== 'half') throw new TypeError("Request: duplex must be 'half'");
      let followed = from === undefined ? [] : [from.signal];
      if (signal !== undefined) {
        if (signal === null) followed = [];
        else {
          try {
            Reflect.apply(isAborted, signal, []);
          } catch {
            throw new TypeError('Request: the signal must be an AbortSignal');
          }
          followed = [signal];
        }
      }
      state.signal = any(followed);
      state.headers = guarded(new Headers(), guardOf(state));
      web.fillHeaders(
        state.headers,
        headers === undefined ? (from === undefined ? [] : web.headerList(from.headers)) : listed(headers),
      );
      const hasBody = body !== undefined && body !== null;
      const inherited = body === undefined ? from?.content : undefined;
      if ((hasBody || (inherited !== undefined && inherited !== null)) && /^(?:GET|HEAD)$/.test(state.method))
        throw new TypeError(`Request: ${state.method} has no body`);
      if (hasBody) {
        const { content, type } = extract(body);
        if (content.stream !== undefined && duplex === undefined)
          throw new TypeError("Request: a stream as body needs duplex: 'half'");
        state.content = content;
        if (type !== null && !state.headers.has('content-type')) state.headers.append('Content-Type', type);
      } else if (inherited !== undefined && inherited !== null) {
        if (inherited.isUnusable) throw new TypeError('Request: the body has been used already');
        const { bytes, source, stream } = inherited;
        state.content = new Content(stream === undefined ? { bytes, source } : { stream: passed(stream) });
        inherited.isConsumed = true;
      } else {
        state.content = null;
      }
      this.#state = state;
    }
    get method() {
      return this.#state.method;
    }
    get url() {
      return this.#state.url.href;
    }
    get headers() {
      return this.#state.headers;
    }
    get destination() {
      void this.#state;
      return '';
    }
    get referrer() {
      return this.#state.referrer;
    }
    get referrerPolicy() {
      return this.#state.referrerPolicy;
    }
    get mode() {
      return this.#state.mode;
    }
    get credentials() {
      return this.#state.credentials;
    }
    get cache() {
      return this.#state.cache;
    }
    get redirect() {
      return this.#state.redirect;
    }
    get integrity() {
      return this.#state.integrity;
    }
    get keepalive() {
      return this.#state.keepalive;
    }
    get isReloadNavigation() {
      void this.#state;
      return false;
    }
    get isHistoryNavigation() {
      void this.#state;
      return false;
    }
    get signal() {
      return this.#state.signal;
    }
    get duplex() {
      void this.#state;
      return 'half';
    }
    clone() {
      const state = this.#state;
      if (state.content?.isUnusable) throw new TypeError('Request.clone: the body has been used already');
      const headers = guarded(new Headers(), guardOf(state));
      web.fillHeaders(headers, web.headerList(state.headers));
      const copy = { ...state, headers, signal: any([state.signal]), content: state.content?.copy() ?? null };
      isCloning = true;
      try {
        return new Request(copy);
      } finally {
        isCloning = false;
      }
    }
  }
  const isRequest = (value) => {
    try {
      return requestState(value) !== undefined;
    } catch {
      return false;
    }
  };
  const guardOf = ({ mode }) => (mode === 'no-cors' ? 'request-no-cors' : 'request');
  const listed = (headers) => (isHeaders(headers) ? web.headerList(headers) : headers);
  function referrerOf(value) {
    const text = `${value}`;
    if (text === '') return '';
    const url = resolved(text);
    return url.href === 'about:client' || (web.base !== undefined && url.origin !== new URL(web.base).origin)
      ? 'about:client'
      : url.href;
  }
  // The stream of a request that gave its body to another one stays, but has nothing left.
  function passed(stream) {
    const { TransformStream } = web.streams();
    return stream.pipeThrough(new TransformStream());
  }

  let responseState;
  const isNullBody = (status) => [101, 103, 204, 205, 304].includes(status);
  // https://fetch.spec.whatwg.org/#response-class
  class Response {
    #state;
    static {
      responseState = (response) => response.#state;
    }
    constructor(body = null, init = undefined) {
      if (isCloning) {
        this.#state = body;
        return;
      }
      const given = body === undefined || body === null ? null : extract(body);
      this.#state = initialized(init, given);
    }
    static error() {
      return made({ ...initialized(undefined, null), type: 'error', status: 0 }, 'immutable');
    }
    static redirect(url, status = 302) {
      requireArguments(arguments.length, 1, 'Response.redirect');
      const text = scalarText(url);
      const { href } = resolved(text);
      const code = Number(status) & 0xffff;
      if (![301, 302, 303, 307, 308].includes(code)) throw new RangeError(`Response.redirect: ${code} is no redirect`);
      return made({ ...initialized({ headers: [['Location', href]] }, null), status: code }, 'immutable');
    }
    static json(data, init = undefined) {
      requireArguments(arguments.length, 1, 'Response.json');
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError('Response.json: the data has no text in JSON');
      const content = new Content({ bytes: encode(scalarText(text)) });
      return made(initialized(init, { content, type: 'application/json' }));
    }
    get type() {
      return this.#state.type;
    }
    get url() {
      return this.#state.url;
    }
    get redirected() {
      return this.#state.redirected;
    }
    get status() {
      return this.#state.status;
    }
    get ok() {
      const { status } = this.#state;
      return status >= 200 && status <= 299;
    }
    get statusText() {
      return this.#state.statusText;
    }
    get headers() {
      return this.#state.headers;
    }
    clone() {
      const state = this.#state;
      if (state.content?.isUnusable) throw new TypeError('Response.clone: the body has been used already');
      const headers = new Headers(web.headerList(state.headers));
      return made({ ...state, headers: guarded(headers, state.guard), content: state.content?.copy() ?? null });
    }
  }
  // https://fetch.spec.whatwg.org/#initialize-a-response
  function initialized(init, given) {
    const { headers: fields, status = 200, statusText = '' } = dictionary(init, 'Response');
    const code = Math.trunc(Number(status)) || 0;
    const text = byteText(statusText, 'Response');
    if (code < 200 || code > 599) throw new RangeError(`Response: the status ${code} is not between 200 and 599`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError('Response: a character of statusText is not allowed');
    const headers = guarded(new Headers(), 'response');
    if (fields !== undefined) web.fillHeaders(headers, listed(fields));
    if (given !== null && isNullBody(code)) throw new TypeError(`Response: the status ${code} has no body`);
    if (given !== null && given.type !== null && !headers.has('content-type'))
      headers.append('Content-Type', given.type);
    const place = { url: '', redirected: false, type: 'default', guard: 'response' };
    return { ...place, status: code, statusText: text, headers, content: given?.content ?? null };
  }
  function made(state, guard = state.guard) {
    guarded(state.headers, guard);
    isCloning = true;
    try {
      return new Response({ ...state, guard });
    } finally {
      isCloning = false;
    }
  }
  // What was received. Nothing of it can be written.
  function responseOf({ status, statusText, headers, url, redirected, type }, received) {
    const content = isNullBody(status) ? null : received;
    const state = { status, statusText, headers: new Headers(headers), url, redirected, type, content };
    return made(state, 'immutable');
  }
  addBody(Request, requestState);
  addBody(Response, responseState);
  for (const constructor of [Request, Response]) inspectable(constructor);
  Object.assign(web, { Content, Request, requestState, Response, responseOf });
});
