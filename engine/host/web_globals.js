// What programs expect of every host beside ECMAScript, as far as it needs no authority: no network, no files, no entropy.
// Evaluated when a program first looks at one of these globals; the value is the object that holds them. `native` has the
// operations of web_globals.c. Listed in web_globals.c too.
(function (native) {
  'use strict';
  const { setTimeout } = native.globals;

  function inspectable(constructor) {
    Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: constructor.name, configurable: true });
    for (const name of Object.getOwnPropertyNames(constructor.prototype)) {
      if (name !== 'constructor') Object.defineProperty(constructor.prototype, name, { enumerable: true });
    }
    return constructor;
  }

  // https://webidl.spec.whatwg.org/#idl-DOMException
  const codes = { IndexSizeError: 1, NotFoundError: 8, NotSupportedError: 9, InvalidStateError: 11, SyntaxError: 12, InvalidCharacterError: 5,
    InvalidAccessError: 15, NetworkError: 19, AbortError: 20, QuotaExceededError: 22, TimeoutError: 23, DataCloneError: 25 };
  class DOMException extends Error {
    #name;
    constructor(message = '', options = 'Error') {
      const isObject = typeof options === 'object' && options !== null;
      super(message, isObject && 'cause' in options ? { cause: options.cause } : undefined);
      this.#name = isObject ? String(options.name ?? 'Error') : String(options);
    }
    get name() { return this.#name; }
    get code() { return codes[this.#name] ?? 0; }
  }
  inspectable(DOMException);

  // https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone
  function structuredClone(value, options = undefined) {
    if (arguments.length === 0) throw new TypeError('structuredClone: a value is needed');
    const transfer = [...(options?.transfer ?? [])];
    for (const item of transfer) if (!(item instanceof ArrayBuffer) || item.detached) refuse(item);
    const copy = native.clone(value, refuse);
    for (const buffer of transfer) buffer.transfer(0);
    return copy;
  }
  function refuse(value) {
    const text = typeof value === 'object' && value !== null ? '#<' + (value.constructor?.name || 'Object') + '>' : String(value);
    throw new DOMException(text + ' could not be cloned.', 'DataCloneError');
  }

  // https://encoding.spec.whatwg.org/#interface-textencoder
  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return native.encode(String(text).toWellFormed()); }
    encodeInto(text, target) {
      if (!(target instanceof Uint8Array)) throw new TypeError('TextEncoder.encodeInto: the target must be a Uint8Array');
      const source = String(text).toWellFormed();
      let bytes = native.encode(source);
      if (bytes.length > target.length) {
        let end = target.length;
        while (end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
        bytes = bytes.subarray(0, end);
      }
      target.set(bytes);
      let read = 0;
      for (const byte of bytes) if ((byte & 0xc0) !== 0x80) read += byte >= 0xf0 ? 2 : 1;
      return { read, written: bytes.length };
    }
  }

  // https://encoding.spec.whatwg.org/#interface-textdecoder
  const encodings = { 'utf-8': 'utf-8', utf8: 'utf-8', 'unicode-1-1-utf-8': 'utf-8', 'utf-16le': 'utf-16le', 'utf-16': 'utf-16le', 'ucs-2': 'utf-16le',
    latin1: 'windows-1252', 'iso-8859-1': 'windows-1252', ascii: 'windows-1252', 'us-ascii': 'windows-1252', 'windows-1252': 'windows-1252', cp1252: 'windows-1252' };
  const upperHalf = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';
  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #rest = new Uint8Array(0);
    #isInside = false;
    constructor(label = 'utf-8', options = undefined) {
      const name = String(label).trim().toLowerCase();
      if (!Object.hasOwn(encodings, name)) throw new RangeError(`The "${label}" encoding is not supported`);
      this.#encoding = encodings[name];
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBOM = Boolean(options?.ignoreBOM);
    }
    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(input = undefined, options = undefined) {
      let bytes = input === undefined ? new Uint8Array(0) : bytesOf(input);
      if (this.#rest.length > 0) {
        const joined = new Uint8Array(this.#rest.length + bytes.length);
        joined.set(this.#rest);
        joined.set(bytes, this.#rest.length);
        bytes = joined;
      }
      const goesOn = Boolean(options?.stream);
      const end = goesOn ? this.#completeLength(bytes) : bytes.length;
      this.#rest = bytes.slice(end);
      let text = this.#decodeAll(bytes.subarray(0, end));
      if (text === undefined) {
        this.#isInside = false;
        this.#rest = new Uint8Array(0);
        throw Object.assign(new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
      }
      if (!this.#isInside && !this.#ignoreBOM && this.#encoding !== 'windows-1252' && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.#isInside = goesOn && (this.#isInside || text.length > 0);
      return text;
    }
    // How many of the bytes do not belong to a character that a later piece completes.
    #completeLength(bytes) {
      const { length } = bytes;
      if (this.#encoding === 'windows-1252') return length;
      if (this.#encoding === 'utf-16le') {
        const even = length & ~1;
        return even >= 2 && (bytes[even - 1] & 0xfc) === 0xd8 ? even - 2 : even;
      }
      for (let back = 1; back <= 3 && back <= length; back++) {
        const byte = bytes[length - back];
        if ((byte & 0xc0) === 0x80) continue;
        const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return size > back ? length - back : length;
      }
      return length;
    }
    #decodeAll(bytes) {
      if (this.#encoding === 'utf-8') {
        const text = native.decode(bytes, this.#fatal);
        if (text === undefined || text.isWellFormed()) return text;
        // Surrogates in three bytes each: the engine's own form of UTF-8 takes them.
        return this.#fatal ? undefined : text.replace(/\p{Surrogate}/gu, '\ufffd\ufffd\ufffd');
      }
      const parts = [];
      if (this.#encoding === 'windows-1252') {
        for (const byte of bytes) parts.push(byte >= 0x80 && byte < 0xa0 ? upperHalf[byte - 0x80] : String.fromCharCode(byte));
        return parts.join('');
      }
      for (let i = 0; i + 1 < bytes.length; i += 2) parts.push(String.fromCharCode(bytes[i] | (bytes[i + 1] << 8)));
      if (bytes.length & 1) parts.push('\ufffd');
      const text = parts.join('');
      if (this.#fatal && (bytes.length & 1 || !text.isWellFormed())) return undefined;
      return text.toWellFormed();
    }
  }
  function bytesOf(input) {
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (input instanceof ArrayBuffer || input instanceof SharedArrayBuffer) return new Uint8Array(input);
    throw new TypeError('TextDecoder.decode: expected an ArrayBuffer or a view of one');
  }

  // https://html.spec.whatwg.org/multipage/webappapis.html#atob
  function atob(data) {
    try {
      const bytes = Uint8Array.fromBase64(String(data), { lastChunkHandling: 'loose' });
      const parts = [];
      for (let i = 0; i < bytes.length; i += 4096) parts.push(String.fromCharCode(...bytes.subarray(i, i + 4096)));
      return parts.join('');
    } catch {
      throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
    }
  }
  function btoa(data) {
    const text = String(data);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 255) throw new DOMException('Invalid character', 'InvalidCharacterError');
      bytes[i] = unit;
    }
    return bytes.toBase64();
  }

  // https://dom.spec.whatwg.org/#interface-event
  let isTrusting = false;  // events of this file's own making
  class Event {
    #state;
    static { this.stateOf = (event) => event.#state; }
    constructor(type, options = undefined) {
      if (arguments.length === 0) throw new TypeError('Event: a type is needed');
      this.#state = { type: String(type), bubbles: Boolean(options?.bubbles), cancelable: Boolean(options?.cancelable), composed: Boolean(options?.composed),
        target: null, isPrevented: false, isStopped: false, isPassive: false, isDispatched: false, isTrusted: isTrusting, time: native.now() };
    }
    get type() { return this.#state.type; }
    get bubbles() { return this.#state.bubbles; }
    get cancelable() { return this.#state.cancelable; }
    get composed() { return this.#state.composed; }
    get target() { return this.#state.target; }
    get currentTarget() { return this.#state.isDispatched ? this.#state.target : null; }
    get srcElement() { return this.#state.target; }
    get eventPhase() { return this.#state.isDispatched ? 2 : 0; }
    get defaultPrevented() { return this.#state.isPrevented; }
    get isTrusted() { return this.#state.isTrusted; }
    get timeStamp() { return this.#state.time; }
    preventDefault() { if (this.#state.cancelable && !this.#state.isPassive) this.#state.isPrevented = true; }
    stopPropagation() {}
    stopImmediatePropagation() { this.#state.isStopped = true; }
    composedPath() { return this.#state.isDispatched ? [this.#state.target] : []; }
  }
  const { stateOf } = Event;
  delete Event.stateOf;
  class CustomEvent extends Event {
    #detail;
    constructor(type, options = undefined) {
      super(type, options);
      this.#detail = options?.detail ?? null;
    }
    get detail() { return this.#detail; }
  }
  class MessageEvent extends Event {
    #data;
    constructor(type, options = undefined) {
      super(type, options);
      this.#data = options?.data ?? null;
    }
    get data() { return this.#data; }
  }

  // https://dom.spec.whatwg.org/#interface-eventtarget
  class EventTarget {
    #listeners = new Map();
    addEventListener(type, callback, options = undefined) {
      if (callback === null || callback === undefined) return;
      const capture = typeof options === 'boolean' ? options : Boolean(options?.capture);
      const signal = options?.signal;
      if (signal?.aborted) return;
      const list = this.#listeners.get(String(type)) ?? [];
      if (list.some((entry) => entry.callback === callback && entry.capture === capture)) return;
      this.#listeners.set(String(type), [...list, { callback, capture, once: Boolean(options?.once), passive: Boolean(options?.passive), isRemoved: false }]);
      signal?.addEventListener('abort', () => this.removeEventListener(type, callback, capture), { once: true });
    }
    removeEventListener(type, callback, options = undefined) {
      const capture = typeof options === 'boolean' ? options : Boolean(options?.capture);
      const list = this.#listeners.get(String(type)) ?? [];
      const found = list.find((entry) => entry.callback === callback && entry.capture === capture);
      if (found === undefined) return;
      found.isRemoved = true;
      this.#listeners.set(String(type), list.filter((entry) => entry !== found));
    }
    dispatchEvent(event) {
      if (!(event instanceof Event)) throw new TypeError('dispatchEvent: expected an Event');
      const state = stateOf(event);
      if (state.isDispatched) throw new DOMException('The event is already being dispatched', 'InvalidStateError');
      state.target = this;
      state.isDispatched = true;
      for (const entry of this.#listeners.get(state.type) ?? []) {
        if (entry.isRemoved) continue;
        if (entry.once) this.removeEventListener(state.type, entry.callback, entry.capture);
        state.isPassive = entry.passive;
        try {
          if (typeof entry.callback === 'function') entry.callback.call(this, event);
          else entry.callback.handleEvent(event);
        } catch (error) {
          native.globals.queueMicrotask(() => { throw error; });
        }
        if (state.isStopped) break;
      }
      state.isPassive = state.isDispatched = false;
      return !state.isPrevented;
    }
  }
  function defineHandler(constructor, type) {
    const handlers = new WeakMap();
    Object.defineProperty(constructor.prototype, `on${type}`, {
      get() { return handlers.get(this)?.callback ?? null; },
      set(callback) {
        if (!handlers.has(this)) {
          const slot = { callback: null };
          handlers.set(this, slot);
          this.addEventListener(type, function (event) { return slot.callback?.call(this, event); });
        }
        handlers.get(this).callback = typeof callback === 'function' ? callback : null;
        if (type === 'message') this.start();
      },
      enumerable: true,
      configurable: true,
    });
  }
  function fire(target, event) {
    isTrusting = true;
    try {
      return target.dispatchEvent(event());
    } finally {
      isTrusting = false;
    }
  }

  // https://dom.spec.whatwg.org/#interface-AbortController
  let abortSignal;
  let isMakingSignal = false;
  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason;
    #dependents = [];
    static {
      abortSignal = (signal, reason = new DOMException('This operation was aborted', 'AbortError')) => {
        if (signal.#aborted) return;
        signal.#aborted = true;
        signal.#reason = reason;
        fire(signal, () => new Event('abort'));
        for (const dependent of signal.#dependents.splice(0)) abortSignal(dependent, reason);
      };
    }
    constructor() {
      if (!isMakingSignal) throw new TypeError('Illegal constructor');
      super();
    }
    static #make() {
      isMakingSignal = true;
      try {
        return new AbortSignal();
      } finally {
        isMakingSignal = false;
      }
    }
    static abort(reason = undefined) {
      const signal = this.#make();
      abortSignal(signal, reason);
      return signal;
    }
    static timeout(delay) {
      const signal = this.#make();
      setTimeout(() => abortSignal(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay);
      return signal;
    }
    static any(signals) {
      const result = this.#make();
      const all = [...signals];
      const aborted = all.find((signal) => signal.aborted);
      if (aborted !== undefined) abortSignal(result, aborted.reason);
      else for (const signal of all) signal.#dependents.push(result);
      return result;
    }
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
  }
  defineHandler(AbortSignal, 'abort');
  class AbortController {
    #signal;
    constructor() {
      isMakingSignal = true;
      try {
        this.#signal = new AbortSignal();
      } finally {
        isMakingSignal = false;
      }
    }
    get signal() { return this.#signal; }
    abort(reason = undefined) { abortSignal(this.#signal, reason); }
  }

  // https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels
  let entangle;
  let isMakingPort = false;
  class MessagePort extends EventTarget {
    #other;
    #queue = [];
    #isStarted = false;
    static { entangle = (first, second) => { first.#other = second; second.#other = first; }; }
    constructor() {
      if (!isMakingPort) throw new TypeError('Illegal constructor');
      super();
    }
    postMessage(message, options = undefined) {
      const data = structuredClone(message, Array.isArray(options) ? { transfer: options } : options);
      const other = this.#other;
      if (other === undefined) return;
      other.#queue.push(data);
      if (other.#isStarted) setTimeout(() => other.#deliver(), 0);
    }
    start() {
      if (this.#isStarted) return;
      this.#isStarted = true;
      for (let i = 0; i < this.#queue.length; i++) setTimeout(() => this.#deliver(), 0);
    }
    #deliver() {
      if (this.#queue.length > 0) fire(this, () => new MessageEvent('message', { data: this.#queue.shift() }));
    }
    close() {
      if (this.#other !== undefined) this.#other.#other = undefined;
      this.#other = undefined;
    }
  }
  defineHandler(MessagePort, 'message');
  class MessageChannel {
    #ports;
    constructor() {
      isMakingPort = true;
      try {
        this.#ports = [new MessagePort(), new MessagePort()];
      } finally {
        isMakingPort = false;
      }
      entangle(...this.#ports);
    }
    get port1() { return this.#ports[0]; }
    get port2() { return this.#ports[1]; }
  }

  // https://w3c.github.io/hr-time/#sec-performance
  const start = native.now();
  const timeOrigin = Date.now();
  const performance = Object.create(inspectable(class Performance extends EventTarget {}).prototype, {
    now: { value: function now() { return native.now() - start; }, writable: true, enumerable: true, configurable: true },
    timeOrigin: { value: timeOrigin, writable: true, enumerable: true, configurable: true },
  });

  for (const constructor of [TextEncoder, TextDecoder, Event, CustomEvent, MessageEvent, EventTarget, AbortSignal, AbortController, MessagePort, MessageChannel])
    inspectable(constructor);
  return { DOMException, structuredClone, TextEncoder, TextDecoder, atob, btoa, Event, CustomEvent, MessageEvent, EventTarget, AbortSignal, AbortController,
    MessagePort, MessageChannel, performance };
})
