// The functions of all tenants: their sources, and a sandbox for each that is in use.
import { createSandbox } from 'caisson';

// Only texts cross: what a tenant's function returns is made into JSON by the guest, within its limits.
const wrapper = `
  import run from './function.js';
  export default async (input) => JSON.stringify(await run(JSON.parse(input))) ?? 'null';
`;

export class Tenants {
  #tenants = new Map(); // name -> { functions, store }
  #limits;
  #idleTime;
  #open = 0;
  #most;

  /** @param {{ limits?: object, idleTime?: number, most?: number }} [options] `most`: sandboxes that may be open */
  constructor({ limits = {}, idleTime = 60_000, most = 500 } = {}) {
    this.#limits = {
      timeLimit: 50, // of the server's thread, each time that the function runs
      waitLimit: 5000,
      memoryLimit: 16 * 1024 * 1024,
      hostLimits: { timers: 100, calls: 100, promises: 1000, functions: 1000 },
      isolation: 'instance',
      ...limits,
    };
    this.#idleTime = idleTime;
    this.#most = most;
  }

  /** Stores a function, once it has been loaded without an error. */
  async define(tenantName, name, source) {
    const tenant = this.#tenant(tenantName);
    const loaded = await this.#load(tenant, source);
    tenant.functions.get(name)?.close();
    const entry = { source, close: () => {}, loaded: undefined };
    tenant.functions.set(name, entry);
    this.#keep(entry, Promise.resolve(loaded));
  }

  /** Calls a function with a text of JSON and gives a text of JSON; undefined when there is no such function. */
  async call(tenantName, name, input) {
    const tenant = this.#tenant(tenantName);
    const entry = tenant.functions.get(name);
    if (entry === undefined) return undefined;
    this.#keep(entry, entry.loaded ?? this.#load(tenant, entry.source));
    const { run } = await entry.loaded;
    return String(await run(input));
  }

  #tenant(name) {
    if (!this.#tenants.has(name)) this.#tenants.set(name, { functions: new Map(), store: new Map() });
    return this.#tenants.get(name);
  }

  async #load({ store }, source) {
    if (this.#open >= this.#most) throw new Error('Too many functions are in use; try again later');
    this.#open++;
    let sandbox;
    try {
      sandbox = await createSandbox({
        ...this.#limits,
        modules: {
          './main.js': wrapper,
          './function.js': source,
          'app:store': {
            get: async (key) => store.get(String(key)),
            async set(key, value) {
              const text = JSON.stringify(value);
              if (text?.length > 10_000 || (store.size >= 1000 && !store.has(String(key))))
                throw new RangeError('The store is full');
              store.set(String(key), value);
            },
          },
        },
        console: false,
        onUncaughtError: () => {},
        onUnhandledRejection: () => {},
      });
      const { default: run } = await sandbox.import('./main.js');
      return { run, sandbox };
    } catch (error) {
      this.#open--;
      sandbox?.dispose();
      throw error;
    }
  }

  // Keeps a sandbox until it has not been used for a while, or has failed to load.
  #keep(entry, loaded) {
    const close = () => {
      clearTimeout(timer);
      if (entry.loaded !== loaded) return;
      entry.loaded = undefined;
      loaded.then(
        ({ sandbox }) => {
          sandbox.dispose();
          this.#open--;
        },
        () => {},
      );
    };
    clearTimeout(entry.timer);
    const timer = setTimeout(close, this.#idleTime).unref();
    Object.assign(entry, { loaded, close, timer });
    loaded.catch(close);
  }

  get openSandboxes() {
    return this.#open;
  }

  close() {
    for (const { functions } of this.#tenants.values()) for (const entry of functions.values()) entry.close();
  }
}
