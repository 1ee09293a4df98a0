// The output panel: what a program printed, up to a bound, and messages of the page.
import { Announcer } from './announcer.js';
import { Lines } from './lines.js';
import { LinesView } from './lines-view.js';
import { entryNode, entryText, noteEntry } from './values.js';

export class Output {
  #lines = new Lines();
  #view;
  #announcer;

  /**
   * @param {HTMLElement} container
   * @param {Element} region what is read to those who listen
   */
  constructor(container, region) {
    this.#view = new LinesView(container, this.#lines, entryNode);
    this.#announcer = new Announcer(region, entryText);
  }

  /** Entries of a program; `dropped` older lines are gone already. @param {string[]} entries */
  add(entries, dropped = 0) {
    if (dropped > 0) this.#lines.dropAll(dropped);
    for (const entry of entries) this.#lines.add(entry);
    this.#announcer.add(entries);
    this.#view.changed();
  }

  /** @param {string} text */
  note(text, kind = 'note') {
    this.add([noteEntry(kind, text)]);
  }

  /** Shows new entries at once, not with the next frame. */
  show() {
    this.#view.show();
  }

  /** All kept entries as they are shown: { kind, text } of each. */
  get shown() {
    const shown = [];
    for (let number = this.#lines.start; number < this.#lines.end; number++) {
      const row = entryNode(this.#lines.get(number));
      shown.push({ kind: row.classList[1], text: row.textContent });
    }
    return shown;
  }

  clear() {
    this.#lines.clear();
    this.#announcer.clear();
    this.#view.follow();
  }
}
