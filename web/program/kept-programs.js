// What survives a reload: the program in the editor, and the last program of the user that another one replaced (an
// example, or one from an address). Storage may be full, switched off, or hold anything.

const CURRENT = 'caisson.program';
const PREVIOUS = 'caisson.previous';

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} key @param {string} text */
function write(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // It lives as long as the page.
  }
}

export const keptPrograms = {
  get current() {
    return read(CURRENT);
  },

  get previous() {
    return read(PREVIOUS);
  },

  /** @param {string} source */
  keep(source) {
    write(CURRENT, source);
  },

  /** Another program replaces this one. @param {string} source */
  putAside(source) {
    write(PREVIOUS, source);
  },
};
