// Instances: which engine a new sandbox gets. A page may have only about a hundred WebAssembly memories, an instance
// can grow to 4 GiB, and sandboxes of one instance share its fate. So:
//
// - `isolation: 'instance'`: an instance of its own that no other sandbox uses, before or after. Only this is a
//   promise.
// - `isolation: 'auto'`: an instance of its own as long as fewer than INSTANCES_APART are open, preferably one that
//   holds no sandbox any more; after that as with 'shared'.
// - `isolation: 'shared'`: the fullest instance in which all limits, the new one included, fit together with an eighth
//   more for gaps. Memory that is promised there can be had: a neighbour cannot take it by its mere size. (A neighbour
//   that makes gaps on purpose can, since the allocator is shared and moves nothing. See README.md, "Isolation".)
// - When no instance can promise that much and INSTANCES_APART are open, memory is promised twice, so that thousands of
//   small sandboxes with the default limit of 256 MiB can live in a few instances. The sandbox gets the instance with
//   the smallest promises that still has room, judged by the memory in use; if none has room, another is opened. A
//   guest may then fail before its own limit: it gets a MemoryLimitError that says so, and the others go on.
//
// The fullest instance comes first, so that the others become empty. An instance without sandboxes is kept for the next
// sandbox when there is no other such instance: strongly if it is small, otherwise weakly, since memory of WebAssembly
// never shrinks. An instance that has grown, and of which little is used, gets no new sandboxes, so that it can go.
import { Engine, INSTANCE_CAPACITY, promiseOf } from './engine.js';
import { MemoryLimitError } from './errors.js';
import { isNodeHere } from './node-here.js';
import { moduleAtHand, moduleOf } from './wasm-sources.js';

// Where Node is, instances are cheap, but each takes some address space and its own start. A page may have only about a
// hundred WebAssembly memories, and other code needs some of them.
const INSTANCES_APART = isNodeHere ? 16 : 8;
const MOST_INSTANCES = 4 * INSTANCES_APART;
const SMALL = 16 * 1024 * 1024;
const LARGE = 256 * 1024 * 1024;

/** @type {Set<Engine>} */
const none = new Set();
/** @type {WeakMap<WebAssembly.Module, Pool>} */
const pools = new WeakMap(); // module -> Pool

/**
 * The same as startRuntime where nothing has to be waited for; otherwise undefined.
 * @param {import('./types.d.ts').Settings} settings
 * @returns {import('./types.d.ts').Place | undefined}
 */
export function startRuntimeNow(settings) {
  const module = moduleAtHand(settings.wasm, settings.host);
  return module === undefined ? undefined : pools.get(module)?.startNow(settings);
}

/**
 * Starts a runtime somewhere: `{ engine, user, runtime }`.
 * @param {import('./types.d.ts').Settings} settings
 * @returns {Promise<import('./types.d.ts').Place>}
 */
export async function startRuntime(settings) {
  const module = await moduleOf(settings.wasm, settings.host);
  const pool = pools.get(module) ?? new Pool(module);
  pools.set(module, pool);
  return pool.start(settings);
}

class Pool {
  #module;
  /** @type {Set<Engine>} */
  #engines = new Set(); // engines that take new sandboxes
  /** @type {WeakRef<Engine> | undefined} */
  #spare; // WeakRef of an engine that has grown and holds no sandbox

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.#module = module;
  }

  /**
   * @param {import('./types.d.ts').Settings} settings
   * @returns {Promise<import('./types.d.ts').Place>}
   */
  async start(settings) {
    const { memoryLimit } = settings;
    /** @type {Set<Engine>} */
    let refusing = none;
    /** @type {RangeError | undefined} */
    let failure; // of opening another one
    for (;;) {
      const engine = this.#choose(settings, refusing, failure);
      const user = engine.admit(memoryLimit);
      try {
        if (!engine.isOpen) await engine.opening;
      } catch (error) {
        this.#engines.delete(engine);
        engine.unregister(user);
        if (!(error instanceof RangeError)) throw error;
        failure = error; // no address space or memory for another one
        continue;
      }
      const isFresh = engine.guestCount === 1;
      const place = startIn(engine, user, settings);
      if (place !== undefined) return place;
      if (isFresh && !engine.isBroken)
        throw new MemoryLimitError(
          `a sandbox cannot start within its memoryLimit of ${memoryLimit} bytes, or the host gives WebAssembly no more memory`,
        );
      refusing = new Set(refusing).add(engine);
    }
  }

  /**
   * In an instance that is open and has room.
   * @param {import('./types.d.ts').Settings} settings
   */
  startNow(settings) {
    if (settings.isolation === 'instance') return undefined;
    const engine = this.#choose(settings, none, undefined);
    return engine.isOpen ? startIn(engine, engine.admit(settings.memoryLimit), settings) : undefined;
  }

  /**
   * @param {import('./types.d.ts').Settings} settings
   * @param {Set<Engine>} refusing
   * @param {RangeError | undefined} failure
   */
  #choose({ isolation, memoryLimit }, refusing, failure) {
    if (isolation === 'instance') {
      if (failure) throw noMemory(failure);
      return this.#opened(() => {});
    }
    const usable = [...this.#engines].filter((engine) => !engine.isBroken && !refusing.has(engine));
    /** @param {number} most */
    const mayOpen = (most) => failure === undefined && this.#engines.size < most;
    if (isolation === 'auto') {
      const unused = usable.find((engine) => engine.guestCount === 0) ?? this.#takeSpare(refusing);
      if (unused) return unused;
      if (mayOpen(INSTANCES_APART)) return this.#open();
    }
    const need = promiseOf(memoryLimit);
    usable.sort((a, b) => b.promised - a.promised);
    const promising =
      usable.find((engine) => engine.promised + need <= INSTANCE_CAPACITY && !isHollow(engine)) ??
      this.#takeSpare(refusing);
    if (promising) return promising;
    if (mayOpen(INSTANCES_APART)) return this.#open();
    usable.reverse();
    const roomy = usable.find(hasRoom);
    if (roomy) return roomy;
    if (mayOpen(MOST_INSTANCES)) return this.#open();
    if (usable.length === 0) throw noMemory(failure);
    return usable[0];
  }

  #open() {
    const engine = this.#opened((left) => this.#left(left));
    this.#engines.add(engine);
    return engine;
  }

  /** @param {(engine: Engine) => void} onLeave */
  #opened(onLeave) {
    const engine = new Engine(onLeave);
    engine.opening = engine.open(this.#module);
    return engine;
  }

  /** @param {Set<Engine>} refusing */
  #takeSpare(refusing) {
    const engine = this.#spare?.deref();
    this.#spare = undefined;
    if (engine === undefined || engine.isBroken || refusing.has(engine)) return undefined;
    this.#engines.add(engine);
    return engine;
  }

  /**
   * A guest has left the engine, or the engine has failed.
   * @param {Engine} engine
   */
  #left(engine) {
    if (engine.isBroken) this.#engines.delete(engine);
    if (engine.isBroken || engine.guestCount > 0 || !this.#engines.has(engine)) return;
    const isOnlyOne = [...this.#engines].every((other) => other === engine || other.guestCount > 0);
    if (isOnlyOne && engine.size <= SMALL) return;
    this.#engines.delete(engine);
    if (engine.size > SMALL && engine.size <= LARGE) this.#spare = new WeakRef(engine);
  }
}

/**
 * Undefined: the instance has no memory for it, or has failed.
 * @param {Engine} engine
 * @param {number} user
 * @param {import('./types.d.ts').Settings} settings
 */
function startIn(engine, user, { memoryLimit, stackLimit, testHooks, signal }) {
  let runtime = 0;
  try {
    signal?.throwIfAborted();
    if (!engine.isBroken) runtime = engine.exports.caisson_start(user, memoryLimit, stackLimit, testHooks ? 1 : 0);
  } finally {
    if (runtime === 0) engine.unregister(user);
  }
  return runtime === 0 ? undefined : { engine, user, runtime };
}

/** @param {Engine} engine */
function isHollow(engine) {
  return engine.size > LARGE && engine.usedMemory() < engine.size / 4;
}

/** @param {Engine} engine */
function hasRoom(engine) {
  return engine.size < INSTANCE_CAPACITY * 0.75 || engine.usedMemory() < INSTANCE_CAPACITY * 0.5;
}

/** @param {unknown} cause */
function noMemory(cause) {
  return new MemoryLimitError(
    'a sandbox cannot start: the host gives WebAssembly no more memory; dispose of other sandboxes first',
    { cause },
  );
}
