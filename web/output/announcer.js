// Tells screen readers what a program printed: the text when it is short, the number of lines when it is long, and not
// more often than one can listen to.

const PAUSE = 1500; // ms
const MOST_ENTRIES = 3;
const LONGEST_TEXT = 300; // characters

export class Announcer {
  #region;
  #textOf;
  /** @type {string[]} */
  #waiting = []; // the first entries since the last announcement
  #count = 0; // the number of all entries since then
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {Element} region
   * @param {(entry: string) => string} textOf
   */
  constructor(region, textOf) {
    this.#region = region;
    this.#textOf = textOf;
  }

  /** @param {string[]} entries */
  add(entries) {
    this.#waiting.push(...entries.slice(0, Math.max(0, MOST_ENTRIES - this.#waiting.length)));
    this.#count += entries.length;
    // Entries that arrive together are announced together.
    this.#timer ??= setTimeout(() => this.#tell(), 100);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#count = 0;
    this.#region.textContent = '';
  }

  #tell() {
    if (this.#count === 0) {
      this.#timer = undefined;
      return;
    }
    const text = this.#count > MOST_ENTRIES ? '' : this.#waiting.map(this.#textOf).join('\n');
    this.#region.textContent = text === '' || text.length > LONGEST_TEXT ? `${this.#count} lines of output` : text;
    this.#waiting = [];
    this.#count = 0;
    this.#timer = setTimeout(() => this.#tell(), PAUSE);
  }
}
