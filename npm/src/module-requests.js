// Modules that the guest imports: where their sources come from.
import { Operation } from './protocol.js';
import { describe } from './errors.js';
import { settled } from './host-promises.js';

export class ModuleRequests {
  #guest;
  /** @type {Set<{ specifier: string }>} */
  #pending = new Set(); // of { specifier }

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /**
   * The engine wants a module; it is on the stack, and the embedder's resolver is called when it no longer is. The
   * answer comes as an entry of its own, however fast the source is there.
   * @param {number} request
   * @param {Uint8Array} bytes
   */
  load(request, bytes) {
    const { entries } = this.#guest;
    /** @param {unknown} error */
    const fail = (error) => entries.answer(Operation.PROVIDE, request, 1, error);
    let specifier, referrer, name;
    try {
      [specifier, referrer, name] = entries.read(bytes);
    } catch (error) {
      return fail(error);
    }
    const wanted = { specifier };
    this.#pending.add(wanted);
    settled(
      Promise.resolve().then(() => this.#findSource(specifier, referrer, name)),
      (/** @type {string} */ source, /** @type {boolean} */ isFailure) => {
        this.#pending.delete(wanted);
        if (isFailure) fail(source);
        else if (typeof source === 'string') entries.answer(Operation.PROVIDE, request, 0, source);
        else
          fail(
            new TypeError(
              source == null
                ? `there is no module '${specifier}'`
                : `the source of module '${specifier}' must be a string, got ${describe(source)}`,
            ),
          );
      },
    );
  }

  get isPending() {
    return this.#pending.size > 0;
  }

  /** What was asked for and has not come, for error messages. */
  describe() {
    const [first] = this.#pending;
    if (first === undefined) return '';
    const others = this.#pending.size - 1;
    return `module ${describe(first.specifier)}${others > 0 ? ` and ${others} more` : ''}`;
  }

  /**
   * @param {string} specifier
   * @param {string | undefined} referrer
   * @param {string} name
   */
  #findSource(specifier, referrer, name) {
    const { modules } = this.#guest.settings;
    if (modules === undefined) throw new TypeError(`cannot import '${specifier}': this sandbox has no modules`);
    if (typeof modules === 'function') return modules(specifier, referrer);
    return Object.hasOwn(modules, specifier)
      ? modules[specifier]
      : Object.hasOwn(modules, name)
        ? modules[name]
        : undefined;
  }
}
