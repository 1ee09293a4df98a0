// Modules that the guest imports: where their sources come from.
import { Operation } from './protocol.js';
import { describe } from './errors.js';

export class ModuleRequests {
  #guest;

  constructor(guest) {
    this.#guest = guest;
  }

  /** The engine wants a module. It is answered later, as an entry of its own, however fast the source is there. */
  load(request, bytes) {
    const { entries } = this.#guest;
    const [specifier, referrer, name] = entries.read(bytes);
    const fail = (error) => entries.later(() => entries.enter(Operation.PROVIDE, request, 1, error));
    const provide = (source) => {
      if (typeof source === 'string') return entries.later(() => entries.enter(Operation.PROVIDE, request, 0, source));
      fail(new TypeError(source == null ? `there is no module '${specifier}'`
        : `the source of module '${specifier}' must be a string, got ${describe(source)}`));
    };
    this.#findSource(specifier, referrer, name).then(provide, fail);
  }

  async #findSource(specifier, referrer, name) {
    const { modules } = this.#guest.settings;
    if (modules === undefined) throw new TypeError(`cannot import '${specifier}': this sandbox has no modules`);
    if (typeof modules === 'function') return modules(specifier, referrer);
    return Object.hasOwn(modules, specifier) ? modules[specifier] : Object.hasOwn(modules, name) ? modules[name] : undefined;
  }
}
