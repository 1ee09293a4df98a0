// Loads, replaces and runs plugins: each in a sandbox of its own.
import { createSandbox } from 'caisson';
import { readFile, readdir } from 'node:fs/promises';
import { watch } from 'node:fs';
import { basename, join } from 'node:path';
import { apisFor } from './api.js';

const usualLimits = {
  timeLimit: 100, // milliseconds for each command
  waitLimit: 2000, // for what a plugin does when it is loaded
  memoryLimit: 16 * 1024 * 1024,
  hostLimits: { timers: 100, functions: 1000 },
  isolation: 'instance',
};

export class PluginHost {
  #plugins = new Map(); // name -> { sandbox, commands }
  #settings = new Map(); // name -> Map
  #loading = new Map(); // name -> promise: versions of one plugin are loaded one after the other
  #watcher;
  #limits;

  /** @param {{ onMessage?: (plugin: string, text: string) => void, limits?: object }} [options] */
  constructor({ onMessage = (plugin, text) => console.error(`${plugin}: ${text}`), limits = {} } = {}) {
    this.onMessage = onMessage;
    this.#limits = { ...usualLimits, ...limits };
  }

  /** Loads a plugin, or a new version of it. When that fails, the version before stays. */
  load(name, source) {
    const before = this.#loading.get(name) ?? Promise.resolve();
    const loaded = before.catch(() => {}).then(() => this.#replace(name, source));
    this.#loading.set(name, loaded);
    return loaded;
  }

  async #replace(name, source) {
    if (!this.#settings.has(name)) this.#settings.set(name, new Map());
    const commands = new Map();
    const apis = apisFor({
      register: (command, run) => commands.set(command, run),
      settings: this.#settings.get(name),
    });
    const tell = (text) => this.onMessage(name, text);
    const sandbox = await createSandbox({
      ...this.#limits,
      modules(wanted) {
        if (wanted === './plugin.js') return source;
        if (Object.hasOwn(apis, wanted)) return { exports: apis[wanted] };
        throw new Error(`There is no ${wanted}; this editor has ${Object.keys(apis).join(', ')}`);
      },
      console: { log: tell, info: tell, warn: tell, error: tell, text: true },
      onUncaughtError: (error) => tell(String(error)),
      onUnhandledRejection: (reason) => tell(String(reason)),
    });
    try {
      await sandbox.import('./plugin.js');
    } catch (error) {
      sandbox.dispose();
      throw error;
    }
    this.unload(name);
    this.#plugins.set(name, { sandbox, commands });
  }

  unload(name) {
    this.#plugins.get(name)?.sandbox.dispose();
    this.#plugins.delete(name);
  }

  get commands() {
    return [...this.#plugins.values()].flatMap(({ commands }) => [...commands.keys()]);
  }

  /** Runs a command on the editor's state. A limit or an error of the plugin is thrown here, and changes nothing. */
  run(command, state) {
    for (const { commands } of this.#plugins.values()) if (commands.has(command)) return commands.get(command)(state);
    throw new Error(`There is no command ${command}`);
  }

  /** Loads all plugins of a folder, and each again when its file changes. */
  async watch(folder) {
    const update = async (file) => {
      const name = basename(file, '.js');
      try {
        await this.load(name, await readFile(join(folder, file), 'utf8'));
        this.onMessage(name, 'loaded');
      } catch (error) {
        if (error.code === 'ENOENT') this.unload(name);
        else this.onMessage(name, `not loaded: ${error.message}`);
      }
    };
    const timers = new Map();
    this.#watcher = watch(folder, (_event, file) => {
      if (!file?.endsWith('.js')) return;
      // Editors write a file in several steps.
      clearTimeout(timers.get(file));
      timers.set(file, setTimeout(update, 50, file));
    });
    for (const file of (await readdir(folder)).sort()) if (file.endsWith('.js')) await update(file);
  }

  close() {
    this.#watcher?.close();
    for (const name of [...this.#plugins.keys()]) this.unload(name);
  }
}
