// https://webidl.spec.whatwg.org/#quotaexceedederror, of which a guest has one class, whatever it is granted.
(function () {
  'use strict';
  const { defineProperty } = Object;
  if (typeof globalThis.QuotaExceededError !== 'function') {
    const amount = (value) => {
      if (value === undefined) return null;
      const number = Number(value);
      if (!Number.isFinite(number)) throw new TypeError('QuotaExceededError: an amount is no finite number');
      if (number < 0) throw new RangeError('QuotaExceededError: an amount is below 0');
      return number;
    };
    class QuotaExceededError extends DOMException {
      #quota;
      #requested;
      constructor(message = '', options = undefined) {
        super(message, 'QuotaExceededError');
        const { quota, requested } = options ?? {};
        this.#quota = amount(quota);
        this.#requested = amount(requested);
        if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota)
          throw new RangeError('QuotaExceededError: the request was within the quota');
      }
      get quota() {
        return this.#quota;
      }
      get requested() {
        return this.#requested;
      }
    }
    for (const name of ['quota', 'requested']) defineProperty(QuotaExceededError.prototype, name, { enumerable: true });
    defineProperty(QuotaExceededError.prototype, Symbol.toStringTag, {
      value: 'QuotaExceededError',
      configurable: true,
    });
    const value = QuotaExceededError;
    defineProperty(globalThis, 'QuotaExceededError', { value, writable: true, configurable: true });
  }
  const { QuotaExceededError } = globalThis;
  return (message) => new QuotaExceededError(message);
});
