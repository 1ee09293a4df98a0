// Shows lines (lines.js) in a container that scrolls. The document holds only the visible rows and a few around them,
// however many rows there are. New rows are shown with the next frame, all at once. The view stays at the end until the
// user scrolls up, and otherwise at its first visible row, whatever is dropped before it and however high the rows
// before turn out to be. While the user scrolls, rows are shifted to achieve that, and the scroll bar is corrected
// afterwards, since setting it ends a scroll.
import { RowHeights } from './row-heights.js';
import { countLines } from './lines.js';
import { noteEntry } from './values.js';

const AROUND = 400; // pixels above and below what can be seen
const NEAR_END = 24; // pixels
const MOST_PASSES = 4; // until estimated heights have become measured ones

const SETTLES_AFTER = 150; // ms without a scroll event
const OVERHEAD = 40; // characters of an entry that are not shown
const SAMPLE = 'x'.repeat(20);

export class LinesView {
  #container;
  #lines;
  #makeRow;
  #dropped = document.createElement('p'); // says how much was dropped
  #canvas = document.createElement('div'); // as high as all rows
  #window = document.createElement('div'); // the rows that are in the document
  #heights = new RowHeights();
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  /** @type {Map<number, HTMLElement>} */
  #unfolded = new Map(); // rows that the user has opened: they are kept as they are
  #isFollowing = true;
  #lastTop = 0; // where the container was scrolled to
  #shift = 0; // of all rows, in pixels
  /** @type {number | undefined} */
  #scrolling; // a timer, while the user scrolls
  /** @type {{ lineHeight: number, padding: number, characterWidth: number } | undefined} */
  #expected; // the expected height of rows
  #anchor = { number: 0, offset: 0 }; // the row at the top, and how much of it is above
  #isScheduled = false;

  /**
   * @param {HTMLElement} container
   * @param {import('./lines.js').Lines} lines
   * @param {(entry: string) => HTMLElement} makeRow
   */
  constructor(container, lines, makeRow) {
    this.#container = container;
    this.#lines = lines;
    this.#makeRow = makeRow;
    this.#canvas.className = 'canvas';
    this.#window.className = 'window';
    this.#canvas.append(this.#window);
    this.#dropped.className = 'dropped';
    container.append(this.#dropped, this.#canvas);
    container.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    container.addEventListener('toggle', (event) => this.#toggled(/** @type {Element} */ (event.target)), true);
    new ResizeObserver(() => this.changed()).observe(container);
  }

  /** Updates with the next frame. */
  changed() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => this.show());
  }

  /** Updates at once. */
  show() {
    this.#scrolled(); // a smooth scroll moves between the event that tells of it and the frame
    this.#isScheduled = false;
    this.#update();
    for (let pass = 0; pass < MOST_PASSES && this.#pass(); pass++);
  }

  /** Follows new rows again. */
  follow() {
    this.#isFollowing = true;
    this.changed();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#container;
    if (scrollTop === this.#lastTop) return; // the view itself has scrolled
    const isUp = scrollTop < this.#lastTop;
    this.#isFollowing = scrollHeight - scrollTop - clientHeight < NEAR_END || (this.#isFollowing && !isUp);
    this.#lastTop = scrollTop;
    if (this.#isFollowing || scrollTop === 0) this.#shift = 0;
    this.#takeAnchor();
    clearTimeout(this.#scrolling);
    this.#scrolling = setTimeout(() => {
      this.#scrolling = undefined;
      this.changed();
    }, SETTLES_AFTER);
    this.changed();
  }

  #takeAnchor() {
    const offset = this.#container.scrollTop - this.#canvas.offsetTop - this.#shift;
    if (this.#heights.end === this.#heights.start) return;
    const number = this.#heights.at(Math.max(0, offset));
    this.#anchor = { number, offset: offset - this.#heights.before(number) };
  }

  /** Opening a row counts as reading it. @param {Element} details */
  #toggled(details) {
    const row = /** @type {HTMLElement} */ (details.closest('.entry'));
    const number = [...this.#rows].find(([, element]) => element === row)?.[0];
    if (number === undefined) return;
    if (row.querySelector('details[open]')) this.#unfolded.set(number, row);
    else this.#unfolded.delete(number);
    this.#isFollowing = false;
    this.#takeAnchor();
    this.changed();
  }

  // Heights for the lines that are there.
  #update() {
    const { start, end, dropped } = this.#lines;
    const heights = this.#heights;
    if (start >= heights.end) heights.clear(start);
    else heights.dropBefore(start);
    if (heights.end < end) {
      const { lineHeight, padding, characterWidth } = (this.#expected ??= this.#measureSample());
      const columns = Math.max(10, this.#container.clientWidth / characterWidth);
      while (heights.end < end) {
        const entry = this.#lines.get(heights.end);
        heights.add(padding + Math.max(countLines(entry), Math.ceil((entry.length - OVERHEAD) / columns)) * lineHeight);
      }
    }
    this.#dropped.hidden = dropped === 0;
    this.#dropped.textContent = dropped > 0 ? `${dropped.toLocaleString('en')} earlier lines were dropped` : '';
    for (const number of this.#unfolded.keys()) if (number < start) this.#unfolded.delete(number);
  }

  #measureSample() {
    const [one, two] = [SAMPLE, `${SAMPLE}\n${SAMPLE}`].map((text) => this.#makeRow(noteEntry('log', text)));
    this.#window.append(one, two);
    const height = one.getBoundingClientRect().height;
    const lineHeight = two.getBoundingClientRect().height - height;
    const text = /** @type {Element} */ (one.firstChild);
    const characterWidth = text.getBoundingClientRect().width / SAMPLE.length;
    one.remove();
    two.remove();
    return { lineHeight, padding: height - lineHeight, characterWidth };
  }

  // Another pass is needed when rows have other heights than expected.
  #pass() {
    const heights = this.#heights;
    const container = this.#container;
    const seen = container.clientHeight;
    let top = this.#isFollowing ? heights.total - seen : this.#anchorTop();
    const first = heights.at(Math.max(0, top - AROUND));
    const last = heights.end > heights.start ? heights.at(Math.max(0, top + seen + AROUND)) : first - 1;
    this.#mount(first, last);
    const isChanged = this.#measure();
    this.#canvas.style.height = `${heights.total}px`;
    top = this.#isFollowing ? heights.total : this.#anchorTop();
    const scrollTop = Math.max(0, this.#canvas.offsetTop + top);
    this.#shift = this.#scrolling === undefined || this.#isFollowing ? 0 : container.scrollTop - scrollTop;
    this.#window.style.transform = `translateY(${heights.before(first) + this.#shift}px)`;
    if (this.#shift === 0 && (this.#isFollowing || Math.abs(scrollTop - container.scrollTop) >= 1))
      container.scrollTop = scrollTop;
    this.#lastTop = container.scrollTop;
    return isChanged;
  }

  #anchorTop() {
    const { number, offset } = this.#anchor;
    if (number < this.#heights.start) return 0;
    return this.#heights.before(Math.min(number, this.#heights.end)) + offset;
  }

  /** @param {number} first @param {number} last */
  #mount(first, last) {
    const active = this.#window.contains(document.activeElement) ? document.activeElement : undefined;
    for (const [number, row] of this.#rows) {
      if (number >= first && number <= last) continue;
      row.remove();
      this.#rows.delete(number);
    }
    let next = this.#window.firstChild;
    for (let number = first; number <= last; number++) {
      let row = this.#rows.get(number);
      if (row === undefined) {
        row = this.#unfolded.get(number) ?? this.#makeRow(this.#lines.get(number));
        this.#rows.set(number, row);
        this.#window.insertBefore(row, next);
      } else {
        next = row.nextSibling;
      }
    }
    // Keys still scroll after the focused element is gone.
    if (active && !active.isConnected) this.#container.focus({ preventScroll: true });
  }

  #measure() {
    let isChanged = false;
    for (const [number, row] of this.#rows) {
      const { height } = row.getBoundingClientRect();
      if (Math.abs(height - this.#heights.get(number)) < 0.01) continue;
      this.#heights.set(number, height);
      isChanged = true;
    }
    return isChanged;
  }
}
