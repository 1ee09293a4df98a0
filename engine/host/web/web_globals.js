// The globals that programs expect of every host in addition to ECMAScript, as far as they need no authority: no
// network, no files, no entropy. Evaluated when a program first uses one of them; the value is the object that holds
// them. `native` has the operations of web_globals.c and web_text.c. The globals are also listed in web_globals.c.
(function (native) {
  'use strict';
  const { setTimeout, queueMicrotask } = native.globals;

  // Web IDL: enumerable members, a tag, constants.
  function inspectable(constructor, tag = constructor.name) {
    Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: tag, configurable: true });
    for (const [object, own] of [
      [constructor.prototype, ['constructor']],
      [constructor, ['length', 'name', 'prototype']],
    ]) {
      for (const name of Object.getOwnPropertyNames(object))
        if (!own.includes(name)) Object.defineProperty(object, name, { enumerable: true });
    }
    return constructor;
  }
  function defineConstants(constructor, constants) {
    for (const [name, value] of Object.entries(constants)) {
      for (const object of [constructor, constructor.prototype])
        Object.defineProperty(object, name, { value, enumerable: true });
    }
  }
  function requireArguments(count, least, name) {
    if (count < least)
      throw new TypeError(`${name}: ${least} argument${least > 1 ? 's' : ''} required, but only ${count} present`);
  }
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  // https://webidl.spec.whatwg.org/#js-dictionary
  const nothing = Object.freeze({ __proto__: null });
  function dictionary(value, name) {
    if (value === undefined || value === null) return nothing;
    if (!isObject(value)) throw new TypeError(`${name}: the options must be an object`);
    return value;
  }

  // https://webidl.spec.whatwg.org/#idl-DOMException
  const exceptionNames = {
    IndexSizeError: 1,
    HierarchyRequestError: 3,
    WrongDocumentError: 4,
    InvalidCharacterError: 5,
    NoModificationAllowedError: 7,
    NotFoundError: 8,
    NotSupportedError: 9,
    InUseAttributeError: 10,
    InvalidStateError: 11,
    SyntaxError: 12,
    InvalidModificationError: 13,
    NamespaceError: 14,
    InvalidAccessError: 15,
    TypeMismatchError: 17,
    SecurityError: 18,
    NetworkError: 19,
    AbortError: 20,
    URLMismatchError: 21,
    QuotaExceededError: 22,
    TimeoutError: 23,
    InvalidNodeTypeError: 24,
    DataCloneError: 25,
  };
  const exceptionCodes = [
    'INDEX_SIZE_ERR',
    'DOMSTRING_SIZE_ERR',
    'HIERARCHY_REQUEST_ERR',
    'WRONG_DOCUMENT_ERR',
    'INVALID_CHARACTER_ERR',
    'NO_DATA_ALLOWED_ERR',
    'NO_MODIFICATION_ALLOWED_ERR',
    'NOT_FOUND_ERR',
    'NOT_SUPPORTED_ERR',
    'INUSE_ATTRIBUTE_ERR',
    'INVALID_STATE_ERR',
    'SYNTAX_ERR',
    'INVALID_MODIFICATION_ERR',
    'NAMESPACE_ERR',
    'INVALID_ACCESS_ERR',
    'VALIDATION_ERR',
    'TYPE_MISMATCH_ERR',
    'SECURITY_ERR',
    'NETWORK_ERR',
    'ABORT_ERR',
    'URL_MISMATCH_ERR',
    'QUOTA_EXCEEDED_ERR',
    'TIMEOUT_ERR',
    'INVALID_NODE_TYPE_ERR',
    'DATA_CLONE_ERR',
  ];
  // Adds private fields to an error: the name and message of a DOMException. It is an Error with a stack, but these are
  // not own properties of it.
  class ReturnsItsArgument {
    constructor(value) {
      return value;
    }
  }
  class ExceptionData extends ReturnsItsArgument {
    #name;
    #message;
    constructor(error, name, message) {
      super(error);
      this.#name = name;
      this.#message = message;
    }
    static nameOf(error) {
      return error.#name;
    }
    static messageOf(error) {
      return error.#message;
    }
  }
  const { nameOf, messageOf } = ExceptionData;
  class DOMException {
    constructor(message = '', options = 'Error') {
      const text = `${message}`;
      const hasOptions = isObject(options);
      const name = hasOptions ? `${options.name ?? 'Error'}` : `${options}`;
      const error = Reflect.construct(Error, [], new.target);
      if (hasOptions && 'cause' in options)
        Object.defineProperty(error, 'cause', { value: options.cause, writable: true, configurable: true });
      new ExceptionData(error, name, text);
      native.setStackHeader(error, text === '' ? name : `${name}: ${text}`, new.target);
      return error;
    }
    get name() {
      return nameOf(this);
    }
    get message() {
      return messageOf(this);
    }
    get code() {
      const name = nameOf(this);
      return Object.hasOwn(exceptionNames, name) ? exceptionNames[name] : 0;
    }
  }
  Object.setPrototypeOf(DOMException.prototype, Error.prototype);
  inspectable(DOMException);
  defineConstants(DOMException, Object.fromEntries(exceptionCodes.map((name, index) => [name, index + 1])));

  // https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone
  function structuredClone(value, options = undefined) {
    requireArguments(arguments.length, 1, 'structuredClone');
    return cloneAndTransfer(value, transferOf(options, 'structuredClone')).data;
  }
  function transferOf(options, name) {
    const { transfer } = dictionary(options, name);
    return transfer === undefined ? [] : sequenceOfObjects(transfer, name);
  }
  function sequenceOfObjects(iterable, name) {
    if (!isObject(iterable) || typeof iterable[Symbol.iterator] !== 'function')
      throw new TypeError(`${name}: the list of what to transfer is not iterable`);
    const list = [...iterable];
    for (const item of list) if (!isObject(item)) throw new TypeError(`${name}: only objects can be transferred`);
    return list;
  }
  const { get: getByteLength } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength');
  const { get: getDetached } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached');
  const { transfer: transferBuffer } = ArrayBuffer.prototype;
  function isBuffer(value) {
    try {
      Reflect.apply(getByteLength, value, []);
      return true;
    } catch {
      return false;
    }
  }
  function cloneAndTransfer(value, transfer) {
    const buffers = [];
    const ports = [];
    const seen = new Set();
    for (const item of transfer) {
      const list = isPort(item) ? ports : isBuffer(item) ? buffers : refuse(item);
      if (seen.has(item)) throw new DOMException('Transfer list contains duplicate', 'DataCloneError');
      seen.add(item);
      list.push(item);
    }
    const moved = ports.map(() => makePort());
    const data = native.clone(value, refuse, ports, moved);
    for (const buffer of buffers)
      if (Reflect.apply(getDetached, buffer, []))
        throw new DOMException('An ArrayBuffer is detached and could not be cloned.', 'DataCloneError');
    for (const port of ports)
      if (!canMove(port)) throw new DOMException('A MessagePort is closed and could not be cloned.', 'DataCloneError');
    for (const buffer of buffers) Reflect.apply(transferBuffer, buffer, [0]);
    ports.forEach((port, index) => movePort(port, moved[index]));
    return { data, ports: moved };
  }
  function refuse(value) {
    const text =
      typeof value === 'object' && value !== null ? '#<' + (value.constructor?.name || 'Object') + '>' : String(value);
    throw new DOMException(text + ' could not be cloned.', 'DataCloneError');
  }

  // https://encoding.spec.whatwg.org/#interface-textencoder
  class TextEncoder {
    #brand;
    get encoding() {
      void this.#brand;
      return 'utf-8';
    }
    encode(text = '') {
      void this.#brand;
      return native.encode(text);
    }
    encodeInto(text, target) {
      void this.#brand;
      requireArguments(arguments.length, 2, 'TextEncoder.encodeInto');
      const counts = native.encodeInto(text, target);
      if (counts === undefined) throw new TypeError('TextEncoder.encodeInto: the target must be a Uint8Array');
      return { read: counts[0], written: counts[1] };
    }
  }

  // https://encoding.spec.whatwg.org/#interface-textdecoder
  const [IS_FATAL, KEEPS_MARK, IS_STREAM, STATE_SIZE] = [1, 2, 4, 8]; // as in web_text.c
  class TextDecoder {
    #encoding = 0;
    #flags = 0;
    #state; // between the pieces of a stream
    constructor(label = 'utf-8', options = undefined) {
      if (label !== 'utf-8') {
        const encoding = native.findEncoding(`${label}`);
        if (encoding === undefined)
          throw Object.assign(new RangeError(`The "${label}" encoding is not supported`), {
            code: 'ERR_ENCODING_NOT_SUPPORTED',
          });
        this.#encoding = encoding;
      }
      if (options !== undefined) {
        const { fatal, ignoreBOM } = dictionary(options, 'TextDecoder');
        this.#flags = (fatal ? IS_FATAL : 0) | (ignoreBOM ? KEEPS_MARK : 0);
      }
    }
    get encoding() {
      return native.encodingName(this.#encoding);
    }
    get fatal() {
      return (this.#flags & IS_FATAL) !== 0;
    }
    get ignoreBOM() {
      return (this.#flags & KEEPS_MARK) !== 0;
    }
    decode(input = undefined, options = undefined) {
      let flags = this.#flags;
      if (options !== undefined && dictionary(options, 'TextDecoder.decode').stream) {
        flags |= IS_STREAM;
        this.#state ??= new Uint8Array(STATE_SIZE);
      }
      const text = native.decode(this.#encoding, flags, input, this.#state);
      if (text === null)
        throw Object.assign(new TypeError('TextDecoder.decode: expected an ArrayBuffer or a view of one'), {
          code: 'ERR_INVALID_ARG_TYPE',
        });
      if (text === undefined)
        throw Object.assign(new TypeError(`The encoded data was not valid for encoding ${this.encoding}`), {
          code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
        });
      return text;
    }
  }

  // https://dom.spec.whatwg.org/#interface-event
  const start = native.now();
  let isTrusting = false; // events that this file makes itself
  let stateOf;
  class Event {
    #state;
    static {
      stateOf = (event) => event.#state;
    }
    constructor(type, options = undefined) {
      requireArguments(arguments.length, 1, 'Event');
      const name = `${type}`;
      const { bubbles, cancelable, composed } = dictionary(options, 'Event');
      this.#state = {
        type: name,
        bubbles: Boolean(bubbles),
        cancelable: Boolean(cancelable),
        composed: Boolean(composed),
        target: null,
        current: null,
        isPrevented: false,
        isStopped: false,
        isStoppedAtOnce: false,
        isPassive: false,
        isDispatched: false,
        isTrusted: isTrusting,
        time: native.now() - start,
      };
      Object.defineProperty(this, 'isTrusted', isTrustedDescriptor);
    }
    get type() {
      return this.#state.type;
    }
    get target() {
      return this.#state.target;
    }
    get srcElement() {
      return this.#state.target;
    }
    get currentTarget() {
      return this.#state.current;
    }
    composedPath() {
      return this.#state.current === null ? [] : [this.#state.current];
    }
    get eventPhase() {
      return this.#state.current === null ? 0 : 2;
    }
    stopPropagation() {
      this.#state.isStopped = true;
    }
    get cancelBubble() {
      return this.#state.isStopped;
    }
    set cancelBubble(value) {
      const state = this.#state;
      if (value) state.isStopped = true;
    }
    stopImmediatePropagation() {
      this.#state.isStopped = this.#state.isStoppedAtOnce = true;
    }
    get bubbles() {
      return this.#state.bubbles;
    }
    get cancelable() {
      return this.#state.cancelable;
    }
    get returnValue() {
      return !this.#state.isPrevented;
    }
    set returnValue(value) {
      const state = this.#state;
      if (!value) cancel(state);
    }
    preventDefault() {
      cancel(this.#state);
    }
    get defaultPrevented() {
      return this.#state.isPrevented;
    }
    get composed() {
      return this.#state.composed;
    }
    get timeStamp() {
      return this.#state.time;
    }
    initEvent(type, bubbles = false, cancelable = false) {
      requireArguments(arguments.length, 1, 'Event.initEvent');
      initialize(this.#state, `${type}`, bubbles, cancelable);
    }
  }
  const isTrustedDescriptor = {
    get: Object.getOwnPropertyDescriptor(
      {
        get isTrusted() {
          return stateOf(this).isTrusted;
        },
      },
      'isTrusted',
    ).get,
    enumerable: true,
  };
  defineConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
  function cancel(state) {
    if (state.cancelable && !state.isPassive) state.isPrevented = true;
  }
  // https://dom.spec.whatwg.org/#concept-event-initialize; false while the event is dispatched
  function initialize(state, type, bubbles, cancelable) {
    if (state.isDispatched) return false;
    Object.assign(state, {
      type,
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      target: null,
      isPrevented: false,
      isStopped: false,
      isStoppedAtOnce: false,
      isTrusted: false,
    });
    return true;
  }
  class CustomEvent extends Event {
    #detail;
    constructor(type, options = undefined) {
      requireArguments(arguments.length, 1, 'CustomEvent');
      super(type, options);
      const { detail } = dictionary(options, 'CustomEvent');
      this.#detail = detail === undefined ? null : detail;
    }
    get detail() {
      return this.#detail;
    }
    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
      void this.#detail;
      requireArguments(arguments.length, 1, 'CustomEvent.initCustomEvent');
      if (initialize(stateOf(this), `${type}`, bubbles, cancelable)) this.#detail = detail;
    }
  }
  class MessageEvent extends Event {
    #data;
    #origin;
    #lastEventId;
    #source;
    #ports;
    constructor(type, options = undefined) {
      requireArguments(arguments.length, 1, 'MessageEvent');
      super(type, options);
      const { data, origin, lastEventId, source, ports } = dictionary(options, 'MessageEvent');
      this.#data = data === undefined ? null : data;
      this.#origin = origin === undefined ? '' : `${origin}`.toWellFormed();
      this.#lastEventId = lastEventId === undefined ? '' : `${lastEventId}`;
      if (source !== undefined && source !== null && !isPort(source))
        throw new TypeError('MessageEvent: the source must be a MessagePort');
      this.#source = source ?? null;
      const list = ports === undefined ? [] : sequenceOfObjects(ports, 'MessageEvent');
      if (!list.every(isPort)) throw new TypeError('MessageEvent: the ports must be MessagePorts');
      this.#ports = Object.freeze(list);
    }
    get data() {
      return this.#data;
    }
    get origin() {
      return this.#origin;
    }
    get lastEventId() {
      return this.#lastEventId;
    }
    get source() {
      return this.#source;
    }
    get ports() {
      return this.#ports;
    }
  }

  // https://dom.spec.whatwg.org/#interface-eventtarget
  // Listeners of a type are numbered in sequence: Maps callback -> listener, one for each phase. A dispatch goes
  // through a Map up to the last number given out before, so that it meets no listener that was added or removed
  // meanwhile.
  class Listeners {
    capturing = null;
    bubbling = null;
  }
  let listen, unlisten, dispatch, invoke;
  class EventTarget {
    #listeners = null; // type -> Listeners
    #last = 0;
    static {
      listen = (target, type, callback, capture, once, passive, signal) => {
        const types = (target.#listeners ??= new Map());
        let listeners = types.get(type);
        if (listeners === undefined) types.set(type, (listeners = new Listeners()));
        const phase = capture ? (listeners.capturing ??= new Map()) : (listeners.bubbling ??= new Map());
        if (phase.has(callback)) return;
        const listener = { number: ++target.#last, callback, once, passive, signal, step: undefined };
        phase.set(callback, listener);
        if (signal !== undefined) onAbort(signal, (listener.step = () => unlisten(target, type, callback, capture)));
      };
      unlisten = (target, type, callback, capture) => {
        const listeners = target.#listeners?.get(type);
        const phase = capture ? listeners?.capturing : listeners?.bubbling;
        const listener = phase?.get(callback);
        if (listener === undefined) return;
        phase.delete(callback);
        if (listener.step !== undefined) offAbort(listener.signal, listener.step);
        if (phase.size > 0) return;
        if (capture) listeners.capturing = null;
        else listeners.bubbling = null;
        if (listeners.capturing === listeners.bubbling) target.#listeners.delete(type);
      };
      // https://dom.spec.whatwg.org/#concept-event-dispatch, where no target has a parent
      dispatch = (target, event) => {
        const state = stateOf(event);
        state.isDispatched = true;
        state.target = state.current = target;
        if (!state.isStopped) invoke(target, event, state, true);
        if (!state.isStopped) invoke(target, event, state, false);
        state.isDispatched = state.isStopped = state.isStoppedAtOnce = false;
        state.current = null;
        return !state.isPrevented;
      };
      // https://dom.spec.whatwg.org/#concept-event-listener-invoke
      invoke = (target, event, state, capture) => {
        const listeners = target.#listeners?.get(state.type);
        const phase = capture ? listeners?.capturing : listeners?.bubbling;
        if (phase === undefined || phase === null) return;
        const last = target.#last;
        for (const { number, callback, once, passive } of phase.values()) {
          if (number > last) return;
          if (once) unlisten(target, state.type, callback, capture);
          state.isPassive = passive;
          try {
            if (typeof callback === 'function') {
              Reflect.apply(callback, target, [event]);
            } else {
              const { handleEvent } = callback;
              if (typeof handleEvent !== 'function') throw new TypeError('The listener has no function handleEvent');
              Reflect.apply(handleEvent, callback, [event]);
            }
          } catch (error) {
            queueMicrotask(() => {
              throw error;
            });
          }
          state.isPassive = false;
          if (state.isStoppedAtOnce) return;
        }
      };
    }
    addEventListener(type, callback, options = undefined) {
      void this.#listeners;
      requireArguments(arguments.length, 2, 'addEventListener');
      const name = `${type}`;
      requireListener(callback);
      const capture = captureOf(options);
      let once = false;
      let passive = false;
      let signal;
      if (isObject(options)) {
        once = Boolean(options.once);
        passive = Boolean(options.passive);
        ({ signal } = options);
        if (signal !== undefined && !isSignal(signal))
          throw new TypeError('addEventListener: the signal must be an AbortSignal');
      }
      if (signal?.aborted || callback === null || callback === undefined) return;
      listen(this, name, callback, capture, once, passive, signal);
    }
    removeEventListener(type, callback, options = undefined) {
      void this.#listeners;
      requireArguments(arguments.length, 2, 'removeEventListener');
      const name = `${type}`;
      requireListener(callback);
      unlisten(this, name, callback, captureOf(options));
    }
    dispatchEvent(event) {
      void this.#listeners;
      requireArguments(arguments.length, 1, 'dispatchEvent');
      if (!isEvent(event)) throw new TypeError('dispatchEvent: expected an Event');
      const state = stateOf(event);
      if (state.isDispatched) throw new DOMException('The event is already being dispatched', 'InvalidStateError');
      state.isTrusted = false;
      return dispatch(this, event);
    }
  }
  function isEvent(value) {
    try {
      return stateOf(value) !== undefined;
    } catch {
      return false;
    }
  }
  function requireListener(callback) {
    if (callback !== null && callback !== undefined && !isObject(callback))
      throw new TypeError('The listener must be a function or an object');
  }
  const captureOf = (options) => (isObject(options) ? Boolean(options.capture) : Boolean(options));
  // https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes
  function defineHandler(constructor, type, afterSet = undefined) {
    const handlers = new WeakMap();
    const accessors = {
      get [`on${type}`]() {
        return handlers.get(this)?.value ?? null;
      },
      set [`on${type}`](value) {
        const handler = handlers.get(this);
        if (!isObject(value)) {
          if (handler === undefined) return;
          unlisten(this, type, handler.callback, false);
          handlers.delete(this);
        } else if (handler !== undefined) {
          handler.value = value;
        } else {
          const made = {
            value,
            callback(event) {
              if (typeof made.value === 'function' && Reflect.apply(made.value, this, [event]) === false)
                cancel(stateOf(event));
            },
          };
          listen(this, type, made.callback, false, false, false, undefined);
          handlers.set(this, made);
        }
        afterSet?.(this);
      },
    };
    Object.defineProperty(constructor.prototype, `on${type}`, Object.getOwnPropertyDescriptor(accessors, `on${type}`));
  }
  function fire(target, makeEvent) {
    isTrusting = true;
    let event;
    try {
      event = makeEvent();
    } finally {
      isTrusting = false;
    }
    return dispatch(target, event);
  }

  // https://dom.spec.whatwg.org/#interface-AbortController
  let abortSignal, onAbort, offAbort, isSignal;
  let isMakingSignal = false;
  let signalCount = 0;
  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason;
    #steps = null;
    #number = ++signalCount;
    #dependents = null; // signals that `any` made from this one
    static {
      // https://dom.spec.whatwg.org/#abortsignal-signal-abort
      abortSignal = (signal, reason = new DOMException('This operation was aborted', 'AbortError')) => {
        if (signal.#aborted) return;
        const aborted = [signal];
        signal.#aborted = true;
        for (let i = 0; i < aborted.length; i++) {
          aborted[i].#reason = reason;
          for (const dependent of aborted[i].#dependents ?? []) {
            if (dependent.#aborted) continue;
            dependent.#aborted = true;
            aborted.push(dependent);
          }
          aborted[i].#dependents = null;
        }
        // The specification keeps a flat list of all dependents, in the order of their creation.
        aborted.sort((left, right) => (left === signal ? -1 : right === signal ? 1 : left.#number - right.#number));
        for (const one of aborted) {
          const steps = one.#steps;
          one.#steps = null;
          for (const step of steps ?? []) step();
          fire(one, () => new Event('abort'));
        }
      };
      onAbort = (signal, step) => {
        (signal.#steps ??= new Set()).add(step);
      };
      offAbort = (signal, step) => {
        signal.#steps?.delete(step);
      };
      isSignal = (value) => isObject(value) && #aborted in value;
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
      const signal = AbortSignal.#make();
      abortSignal(signal, reason);
      return signal;
    }
    static timeout(milliseconds) {
      requireArguments(arguments.length, 1, 'AbortSignal.timeout');
      const delay = Math.trunc(Number(milliseconds));
      if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER))
        throw new TypeError('AbortSignal.timeout: the time must be a number of milliseconds');
      const signal = AbortSignal.#make();
      native.startIdleTimer(
        () => abortSignal(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
        Math.min(delay, 0x7fffffff),
      );
      return signal;
    }
    // https://dom.spec.whatwg.org/#create-a-dependent-abort-signal
    static any(signals) {
      requireArguments(arguments.length, 1, 'AbortSignal.any');
      const list = sequenceOfObjects(signals, 'AbortSignal.any');
      if (!list.every(isSignal)) throw new TypeError('AbortSignal.any: expected AbortSignals');
      const result = AbortSignal.#make();
      const aborted = list.find((signal) => signal.#aborted);
      if (aborted !== undefined) {
        result.#aborted = true;
        result.#reason = aborted.#reason;
        return result;
      }
      for (const source of list) (source.#dependents ??= new Set()).add(result);
      return result;
    }
    get aborted() {
      return this.#aborted;
    }
    get reason() {
      return this.#reason;
    }
    throwIfAborted() {
      if (this.#aborted) throw this.#reason;
    }
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
    get signal() {
      return this.#signal;
    }
    abort(reason = undefined) {
      abortSignal(this.#signal, reason);
    }
  }

  // https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels
  let entangle, isPort, canMove, movePort;
  let isMakingPort = false;
  class MessagePort extends EventTarget {
    #other;
    #queue = [];
    #isStarted = false;
    #isClosed = false; // or moved away
    static {
      entangle = (first, second) => {
        first.#other = second;
        second.#other = first;
      };
      isPort = (value) => isObject(value) && #queue in value;
      canMove = (port) => !port.#isClosed;
      // https://html.spec.whatwg.org/multipage/web-messaging.html#transfer-steps: waiting messages move too
      movePort = (from, to) => {
        to.#queue = from.#queue;
        from.#queue = [];
        from.#isClosed = true;
        if (from.#other !== undefined) entangle(to, from.#other);
        from.#other = undefined;
      };
    }
    constructor() {
      if (!isMakingPort) throw new TypeError('Illegal constructor');
      super();
    }
    postMessage(message, options = undefined) {
      const other = this.#other;
      requireArguments(arguments.length, 1, 'postMessage');
      const isList = isObject(options) && options[Symbol.iterator] !== undefined && options[Symbol.iterator] !== null;
      const transfer = isList ? sequenceOfObjects(options, 'postMessage') : transferOf(options, 'postMessage');
      if (transfer.includes(this)) throw new DOMException('The port itself cannot be transferred', 'DataCloneError');
      const sent = cloneAndTransfer(message, transfer);
      if (other === undefined || transfer.includes(other)) return;
      other.#queue.push(sent);
      if (other.#isStarted) setTimeout(() => other.#deliver(), 0);
    }
    start() {
      if (this.#isStarted) return;
      this.#isStarted = true;
      for (let i = 0; i < this.#queue.length; i++) setTimeout(() => this.#deliver(), 0);
    }
    #deliver() {
      if (this.#queue.length === 0) return;
      const { data, ports } = this.#queue.shift();
      fire(this, () => new MessageEvent('message', { data, ports }));
    }
    close() {
      const other = this.#other;
      this.#isClosed = true;
      this.#other = undefined;
      if (other !== undefined) other.#other = undefined;
    }
  }
  defineHandler(MessagePort, 'message', (port) => port.start());
  defineHandler(MessagePort, 'messageerror');
  function makePort() {
    isMakingPort = true;
    try {
      return new MessagePort();
    } finally {
      isMakingPort = false;
    }
  }
  class MessageChannel {
    #port1 = makePort();
    #port2 = makePort();
    constructor() {
      entangle(this.#port1, this.#port2);
    }
    get port1() {
      return this.#port1;
    }
    get port2() {
      return this.#port2;
    }
  }

  // https://w3c.github.io/hr-time/#sec-performance
  const timeOrigin = Date.now();
  let isMakingPerformance = true;
  class Performance extends EventTarget {
    #brand;
    constructor() {
      if (!isMakingPerformance) throw new TypeError('Illegal constructor');
      super();
    }
    now() {
      void this.#brand;
      return native.now() - start;
    }
    get timeOrigin() {
      void this.#brand;
      return timeOrigin;
    }
    toJSON() {
      void this.#brand;
      return { timeOrigin };
    }
  }
  const performance = new Performance();
  isMakingPerformance = false;

  const classes = [
    TextEncoder,
    TextDecoder,
    Event,
    CustomEvent,
    MessageEvent,
    EventTarget,
    AbortSignal,
    AbortController,
    MessagePort,
    MessageChannel,
    Performance,
  ];
  for (const constructor of classes) inspectable(constructor);
  // Objects that are not data: structuredClone refuses them.
  const platformPrototypes = classes.map((constructor) => constructor.prototype);
  return {
    DOMException,
    structuredClone,
    performance,
    platformPrototypes,
    ...Object.fromEntries(classes.map((constructor) => [constructor.name, constructor])),
  };
});
