// What happens in the guest without anybody waiting for it: uncaught errors, rejections that nobody handles.
import { Event, Status } from './protocol.js';
import { ignoreRejection } from './promises.js';

export class Events {
  #guest;
  #rejections = new Map();  // number -> WeakRef of the promise that onUnhandledRejection got
  #forgottenRejections = new FinalizationRegistry((number) => this.#rejections.delete(number));

  constructor(guest) {
    this.#guest = guest;
  }

  report(event, number, status, bytes) {
    const { entries, settings } = this.#guest;
    // What getters or traps of the guest keep from being read is replaced by the limit that stopped them.
    const value = status > Status.WAITING ? entries.statusError(status) : entries.read(bytes);
    const { onUnhandledRejection, onRejectionHandled } = settings;
    if (event === Event.UNCAUGHT_ERROR) this.uncaught(value);
    else if (event === Event.REJECTION_HANDLED) onRejectionHandled?.(this.#rejection(number, value));
    else if (onUnhandledRejection) onUnhandledRejection(value, this.#rejection(number, value));
    else console.error('Unhandled rejection in a sandbox:', value);
  }

  /** Without a handler it is logged: a guest must not be able to end the host's process. */
  uncaught(error) {
    const { onUncaughtError } = this.#guest.settings;
    if (onUncaughtError) onUncaughtError(error);
    else console.error('Uncaught error in a sandbox:', error);
  }

  // The host's promise for a rejection of the guest: the same one for both events, if the host has kept it.
  #rejection(number, reason) {
    const known = this.#rejections.get(number)?.deref();
    if (known) return known;
    const promise = Promise.reject(reason);
    ignoreRejection(promise);
    if (this.#guest.settings.onRejectionHandled) {
      this.#rejections.set(number, new WeakRef(promise));
      this.#forgottenRejections.register(promise, number);
    }
    return promise;
  }
}
