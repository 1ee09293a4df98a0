// The engine: one compiled module per page, and instances of it. An instance serves many sandboxes (a page may have only
// about a hundred WebAssembly memories); `isolation: 'instance'` gives a sandbox one of its own.
import { loadModule } from '#load-module';
import { Numbers } from './numbers.js';

const BOUNDARY_VERSION = 3;

let sharedModule;
let sharedEngine;

/** The compiled engine. `source`: undefined for the file next to the package, or a Module, bytes, Response or URL. */
export function compileEngine(source) {
  if (source === undefined) return (sharedModule ??= loadModule());
  if (source instanceof WebAssembly.Module) return Promise.resolve(source);
  return loadModule(source);
}

export async function acquireEngine({ isolation, wasm }) {
  if (isolation === 'instance' || wasm !== undefined) return instantiate(await compileEngine(wasm));
  if (sharedEngine) {
    const engine = await sharedEngine;
    if (!engine.isBroken) return engine;
    sharedEngine = undefined;
  }
  sharedEngine = compileEngine().then(instantiate);
  return sharedEngine;
}

async function instantiate(module) {
  const engine = new Engine();
  const instance = await WebAssembly.instantiate(module, { caisson: engine.imports() });
  engine.attach(instance);
  return engine;
}

class Engine {
  constructor() {
    // Weak: a sandbox that nobody refers to is collected, and its runtime with it (see sandbox.js).
    this.sandboxes = new Map();
    this.users = new Numbers((user) => this.sandboxes.has(user));
    this.writers = []; // of messages: those that nobody uses
    this.isBroken = false;
  }

  attach(instance) {
    this.exports = instance.exports;
    this.memory = instance.exports.memory;
    this.exports._initialize?.();
    const version = this.exports.caisson_boundary_version();
    if (version !== BOUNDARY_VERSION)
      throw new Error(`caisson.wasm speaks version ${version} of the boundary, this package version ${BOUNDARY_VERSION}`);
  }

  /** The memory as bytes; asked for anew each time, because growth replaces the buffer. */
  bytes(address, size) {
    return new Uint8Array(this.memory.buffer, address, size);
  }

  register(sandbox) {
    const user = this.users.next();
    this.sandboxes.set(user, new WeakRef(sandbox));
    return user;
  }

  unregister(user) {
    this.sandboxes.delete(user);
  }

  find(user) {
    return this.sandboxes.get(user)?.deref();
  }

  imports() {
    const at = (address, size) => this.bytes(address, size);
    // An exception must not unwind the engine's frames: what the host's own callbacks throw is the host's, later.
    const contained = (action) => {
      try {
        return action();
      } catch (error) {
        if (this.isBroken) throw error;
        queueMicrotask(() => { throw error; });
      }
    };
    return {
      call: (user, number, address, size, fiber) => this.find(user).hostCall(number, at(address, size), fiber),
      settle: (user, handle, isRejection, address, size) => contained(() => this.find(user)?.guestSettled(handle, isRejection === 1, at(address, size))),
      release: (user, number, crossings) => this.find(user)?.releaseFunction(number, crossings),
      finished: (user, fiber, status, address, size) => contained(() => this.find(user)?.fiberFinished(fiber, status, at(address, size))),
      timer: (user, operation, timer, delay, repeats) => contained(() => this.find(user)?.timer(operation, timer, delay, repeats === 1)),
      print: () => {}, // the built-in console is silent; the option `console` replaces it
      report: (user, event, number, status, address, size) => contained(() => this.find(user)?.report(event, number, status, at(address, size))),
      load_module: (user, request, address, size) => contained(() => this.find(user)?.loadModule(request, at(address, size))),
      interrupt: (user) => this.find(user)?.nextStep() ?? 0,
      monotonic_time: () => performance.now(),
      wall_time: () => Date.now(),
      local_offset: (time, isUtc) => localOffset(time, isUtc === 1),
      random_seed: () => Math.random(),
    };
  }
}

/** The local zone's offset in ms, of an instant or of a local time. */
function localOffset(time, isUtc) {
  if (Number.isNaN(time)) return 0;
  const offsetAt = (utc) => -new Date(utc).getTimezoneOffset() * 60000;
  if (isUtc) return offsetAt(time);
  return offsetAt(time - offsetAt(time - offsetAt(time)));
}
