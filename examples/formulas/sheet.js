// A sheet of cells: texts, numbers and formulas.
import { TimeLimitError, createSandbox } from 'caisson';
import { functions } from './functions.js';

const cellName = /^[A-Z]{1,2}[1-9]\d{0,2}$/;
// Names within texts are no cells, so texts are matched too.
const parts = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b([A-Z]{1,2}[1-9]\d{0,2})(?::([A-Z]{1,2}[1-9]\d{0,2}))?\b/g;

export class Sheet {
  #sandbox;
  #cells = new Map(); // name -> { text, value, formula?: { names, run } }

  /** @param {{ timeLimit?: number }} [options] milliseconds for each formula */
  static async open({ timeLimit = 20 } = {}) {
    const sheet = new Sheet();
    sheet.#sandbox = await createSandbox({
      timeLimit,
      memoryLimit: 32 * 1024 * 1024,
      isolation: 'instance',
    });
    sheet.#sandbox.evalSync(functions, { result: false });
    return sheet;
  }

  /** Sets a cell and gives the cells whose values have changed. */
  set(name, text) {
    if (!cellName.test(name)) throw new RangeError(`${name} is no cell`);
    const before = new Map([...this.#cells].map(([key, { value }]) => [key, value]));
    this.#cells.set(name, { text, ...this.#read(text) });
    this.#calculate(name);
    return [...this.#cells].filter(([key, { value }]) => !Object.is(value, before.get(key))).map(([key]) => key);
  }

  text(name) {
    return this.#cells.get(name)?.text ?? '';
  }

  value(name) {
    return this.#cells.get(name)?.value ?? '';
  }

  #read(text) {
    if (!text.startsWith('='))
      return { value: text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text };
    const names = new Set();
    const source = text.slice(1).replace(parts, (part, first, last) => {
      if (first === undefined) return part;
      if (last === undefined) return (names.add(first), first);
      const range = cellsBetween(first, last);
      for (const cell of range) names.add(cell);
      return `[${range}]`;
    });
    const parameters = [...names];
    try {
      // Whatever the text is, it is compiled and run in the guest.
      const run = this.#sandbox.evalSync(`'use strict'; (${parameters}) => (${source}\n)`);
      return typeof run === 'function' ? { formula: { names: parameters, run } } : { value: '#SYNTAX!' };
    } catch {
      return { value: '#SYNTAX!' };
    }
  }

  // The changed cell and all that depend on it: each after those that it refers to.
  #calculate(changed) {
    const done = new Set();
    const waiting = [changed];
    const concerned = new Set(waiting);
    for (const name of waiting)
      for (const [other, { formula }] of this.#cells)
        if (formula?.names.includes(name) && !concerned.has(other)) {
          concerned.add(other);
          waiting.push(other);
        }
    for (let rest = waiting; rest.length > 0; ) {
      const ready = rest.filter((name) => {
        const names = this.#cells.get(name).formula?.names ?? [];
        return names.every((other) => !concerned.has(other) || done.has(other));
      });
      if (ready.length === 0) {
        for (const name of rest) this.#cells.get(name).value = '#CIRCLE!';
        return;
      }
      for (const name of ready) {
        this.#run(this.#cells.get(name));
        done.add(name);
      }
      rest = rest.filter((name) => !done.has(name));
    }
  }

  #run(cell) {
    if (cell.formula === undefined) return;
    const values = cell.formula.names.map((name) => this.value(name));
    const wrong = values.find((value) => typeof value === 'string' && /^#[A-Z]+!$/.test(value));
    try {
      cell.value = wrong ?? shown(cell.formula.run(...values));
    } catch (error) {
      cell.value = error instanceof TimeLimitError ? '#TIME!' : '#ERROR!';
    }
  }

  dispose() {
    this.#sandbox.dispose();
  }
}

// A formula may return anything that crosses; a cell shows numbers, texts and truth.
function shown(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value : '#NUMBER!';
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? '' : '#VALUE!';
}

function cellsBetween(first, last) {
  const [[fromColumn, fromRow], [toColumn, toRow]] = [first, last].map((name) => {
    const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(name);
    return [[...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0), Number(row)];
  });
  const cells = [];
  for (let row = Math.min(fromRow, toRow); row <= Math.max(fromRow, toRow); row++)
    for (let column = Math.min(fromColumn, toColumn); column <= Math.max(fromColumn, toColumn); column++)
      cells.push(`${lettersOf(column)}${row}`);
  return cells;
}

function lettersOf(column) {
  const last = String.fromCharCode(65 + ((column - 1) % 26));
  return column > 26 ? lettersOf(Math.floor((column - 1) / 26)) + last : last;
}
