// A bounded list of entries (see guest/describe.js): what a program printed; the oldest entries are dropped when there
// are too many. The worker collects entries for the page in one such list, and the page keeps the shown ones in
// another. Both have the same bounds, so entries dropped in the worker are older than all that it sends.

export const MOST_LINES = 100_000; // counted by line breaks
const MOST_CHARACTERS = 16 * 1024 * 1024;
const KEPT_HOLES = 4096;

/** Lines of an entry, or a few more: the hidden contents of objects count as well. @param {string} entry */
export function countLines(entry) {
  let lines = 1;
  for (let at = entry.indexOf('\\n'); at >= 0; at = entry.indexOf('\\n', at + 2)) lines++;
  return lines;
}

export class Lines {
  /** @type {string[]} */
  #entries = [];
  #holes = 0; // dropped entries at the beginning
  #characters = 0;
  #lines = 0;
  start = 0; // the number of the first entry that is left
  dropped = 0; // lines

  /** The number of the next entry. */
  get end() {
    return this.start + this.#entries.length - this.#holes;
  }

  /** @param {number} number */
  get(number) {
    return this.#entries[number - this.start + this.#holes];
  }

  /** @param {string} entry */
  add(entry) {
    this.#entries.push(entry);
    this.#characters += entry.length;
    this.#lines += countLines(entry);
    while ((this.#lines > MOST_LINES || this.#characters > MOST_CHARACTERS) && this.end - this.start > 1)
      this.#dropFirst();
  }

  #dropFirst() {
    const entry = this.#entries[this.#holes];
    const lines = countLines(entry);
    this.#entries[this.#holes++] = /** @type {any} */ (undefined);
    this.start++;
    this.#characters -= entry.length;
    this.#lines -= lines;
    this.dropped += lines;
    if (this.#holes < KEPT_HOLES || this.#holes < this.#entries.length / 2) return;
    this.#entries.splice(0, this.#holes);
    this.#holes = 0;
  }

  /** Everything up to now is older than `lines` lines that were dropped elsewhere. @param {number} lines */
  dropAll(lines) {
    this.dropped += lines + this.#lines;
    this.#empty();
  }

  clear() {
    this.dropped = 0;
    this.#empty();
  }

  /** The entries added since the last call. */
  take() {
    const taken = { entries: this.#entries.slice(this.#holes), dropped: this.dropped };
    this.clear();
    return taken;
  }

  #empty() {
    this.start = this.end;
    this.#entries = [];
    this.#holes = this.#characters = this.#lines = 0;
  }
}
