// The default log for events that nobody waits for. Its text comes from the guest: it is shortened, its control
// characters are escaped, further lines are marked, and the number of entries is limited.
import { GuestError, keyText } from './errors.js';
import { Flood } from './flood.js';
import { GuestObject } from './objects.js';

const LONGEST_ENTRY = 8192; // characters
const BURST = 20; // entries at once
const ENTRIES_PER_SECOND = 5; // after that
const MOST_CAUSES = 4;
const MOST_PROPERTIES = 20;
const DEEPEST = 3;

export class Log {
  #flood = new Flood(BURST, ENTRIES_PER_SECOND, (omitted) =>
    console.error(`(${omitted} more of a sandbox's errors were not logged)`),
  );

  /**
   * Writes an entry, unless there have been too many. Never throws.
   * @param {string} title
   * @param {unknown} value
   */
  write(title, value) {
    try {
      if (this.#flood.admits()) console.error(`${title} ${visible(cut(textOf(value)))}`);
    } catch {
      // Nowhere to log to.
    }
  }
}

/**
 * A value of a guest as text, without running guest code.
 * @param {unknown} value
 */
export function textOf(value) {
  try {
    return value instanceof Error ? errorText(value, new Set()) : dataText(value, 0);
  } catch {
    return 'a value that cannot be shown';
  }
}

/**
 * Only own data properties: no getter is called, and no method.
 * @param {object} object
 * @param {PropertyKey} key
 */
function own(object, key) {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  return descriptor !== undefined && 'value' in descriptor ? descriptor.value : undefined;
}

/**
 * @param {Error} error
 * @param {Set<unknown>} seen
 * @returns {string}
 */
function errorText(error, seen) {
  seen.add(error);
  const stack = own(error, 'stack');
  const message = own(error, 'message');
  let text = typeof stack === 'string' ? stack : typeof message === 'string' ? `Error: ${message}` : 'an error';
  const cause = own(error, 'cause');
  // The guest's stacks contain their causes already.
  if (cause instanceof Error && !seen.has(cause) && seen.size < MOST_CAUSES && !text.includes('\nCaused by'))
    text += `\nCaused by: ${errorText(cause, seen)}`;
  return text;
}

/**
 * @param {unknown} value
 * @param {number} depth
 * @returns {string}
 */
function dataText(value, depth) {
  switch (typeof value) {
    case 'string':
      return depth === 0 ? value.slice(0, LONGEST_ENTRY + 1) : JSON.stringify(value.slice(0, LONGEST_ENTRY));
    case 'bigint':
      return value > -(2n ** 256n) && value < 2n ** 256n ? `${value}n` : 'a long BigInt';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return '[function]';
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value === null) return 'null';
  if (value instanceof GuestObject) return '[object of the guest]'; // its keys and values are the guest's to answer
  if (value instanceof Error) return depth < DEEPEST ? errorText(value, new Set()) : '[error]';
  if (depth >= DEEPEST) return Array.isArray(value) ? '[...]' : '{...}';
  if (Array.isArray(value)) {
    const items = [];
    for (let i = 0; i < Math.min(value.length, MOST_PROPERTIES); i++) items.push(dataText(own(value, i), depth + 1));
    if (value.length > MOST_PROPERTIES) items.push(`... ${value.length - MOST_PROPERTIES} more`);
    return `[${items.join(', ')}]`;
  }
  const kind = Object.getPrototypeOf(value);
  const name = kind === Object.prototype || kind === null ? '' : `${hostClass(value)} `;
  const items = [];
  if (!ArrayBuffer.isView(value)) {
    for (const key in value) {
      if (items.length === MOST_PROPERTIES) {
        items.push('...');
        break;
      }
      items.push(`${keyText(key)}: ${dataText(own(value, key), depth + 1)}`);
    }
  }
  return `${name}{${items.join(', ')}}`;
}

/**
 * The classes whose instances cross, by the host's own constructors.
 * @param {object} value
 */
function hostClass(value) {
  for (const type of [Promise, Map, Set, Date, RegExp, ArrayBuffer, GuestError])
    if (value instanceof type) return type.name;
  return ArrayBuffer.isView(value) ? 'view' : 'object';
}

/** @param {string} text */
function cut(text) {
  return text.length > LONGEST_ENTRY
    ? `${text.slice(0, LONGEST_ENTRY)}... (${text.length - LONGEST_ENTRY} more characters)`
    : text;
}

// Control characters (C0 but tabs, C1), line and paragraph separators, marks that change the direction of text,
// characters of no width, and halves of pairs.
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text with everything invisible escaped: it cannot control a terminal, and every line but the first begins with a
 * mark.
 * @param {string} text
 */
export function visible(text) {
  return text
    .replace(invisible, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replaceAll('\n', '\n  | ');
}
