// A guest: one runtime of the engine and the rooms in which what belongs to it is kept. The engine finds it by the number
// it has there (`user`) and calls it with what the guest does: the methods at the end.
import { Entries } from './entries.js';
import { DisposedError, InterruptedError } from './errors.js';
import { Events } from './events.js';
import { Functions } from './functions.js';
import { HostCalls } from './host-calls.js';
import { ModuleRequests } from './module-requests.js';
import { Programs } from './programs.js';
import { Promises } from './promises.js';
import { Timers } from './timers.js';

// Runtimes of sandboxes that were forgotten without dispose().
const forgotten = new FinalizationRegistry(({ engine, runtime, user, unsubscribe }) => {
  unsubscribe();
  engine.destroy(runtime);
  engine.unregister(user);
});

export class Guest {
  isDisposed = false;
  #user;
  #unsubscribe; // from the signal of the options

  /** @param place the runtime and where it lives: see instances.js */
  constructor({ engine, user, runtime }, settings, sandbox) {
    this.engine = engine;
    this.exports = engine.exports;
    this.runtime = runtime;
    this.#user = user;
    this.settings = settings;
    this.sandbox = sandbox;
    this.functions = new Functions(this);
    this.promises = new Promises(this);
    this.programs = new Programs(this);
    this.events = new Events(this);
    this.modules = new ModuleRequests(this);
    this.hostCalls = new HostCalls(this);
    this.timers = new Timers((number) => this.entries.later(() => this.entries.fireTimer(number)), () => this.entries.isBusy);
    this.entries = new Entries(this);
    engine.register(user, this);
    this.entries.setTimeLimit(settings.timeLimit);
    this.#unsubscribe = settings.signal === undefined ? () => {} : subscribe(settings.signal, new WeakRef(this));
    forgotten.register(this, { engine, runtime, user, unsubscribe: this.#unsubscribe }, this);
  }

  interrupt() {
    this.entries.stop();
    this.hostCalls.abort(new InterruptedError('the guest was interrupted'));
  }

  dispose() {
    if (this.isDisposed) return;
    if (this.entries.depth > 0) throw new Error('dispose: the guest is running; a host function it called cannot dispose it');
    this.isDisposed = true;
    forgotten.unregister(this);
    this.#unsubscribe();
    this.timers.cancelAll();
    this.engine.destroy(this.runtime);
    this.engine.unregister(this.#user);
    // An error costs more than the rest of this.
    if (this.hostCalls.isUsed || this.programs.hasFibers || this.promises.hasOfGuest) this.#rejectAll(new DisposedError('the sandbox was disposed'));
    this.entries.slices.cancel();
  }

  /** The instance has failed, by this guest or by another: what is pending here ends with the error that says so. */
  engineFailed(reason) {
    if (this.isDisposed) return;
    forgotten.unregister(this);
    this.#unsubscribe();
    this.timers.cancelAll();
    this.programs.rejectWaiting(reason);
    this.#rejectAll(reason);
    this.entries.slices.cancel();
  }

  #rejectAll(reason) {
    this.hostCalls.abort(reason);
    this.programs.rejectFibers(reason);
    this.promises.rejectAll(reason);
  }

  // What the engine asks ------------------------------------------------------------------------------------------------

  hostCall(number, bytes, fiber) {
    return this.hostCalls.call(number, bytes, fiber);
  }

  guestSettled(handle, isRejection, bytes) {
    this.promises.guestSettled(handle, isRejection, bytes);
  }

  releaseFunction(number, crossings) {
    this.functions.release(number, crossings);
  }

  fiberFinished(fiber, status, bytes) {
    this.programs.fiberFinished(fiber, status, bytes);
  }

  timer(operation, timer, delay, repeats) {
    if (operation === 1) this.timers.cancel(timer);
    else this.timers.start(timer, delay, repeats);
  }

  report(event, number, status, bytes) {
    this.events.report(event, number, status, bytes);
  }

  loadModule(request, bytes) {
    this.modules.load(request, bytes);
  }

  nextStep() {
    return this.entries.nextStep();
  }
}

// A signal may live as long as the page: it neither keeps a sandbox alive nor keeps listeners of those that are gone.
// Outside of the class, for no closure here may hold `this`.
function subscribe(signal, reference) {
  const onAbort = () => reference.deref()?.interrupt();
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}
