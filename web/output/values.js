// Entries (see guest/describe.js) as elements. The contents of an entry come from a program, so they become text and
// nothing else.

/**
 * @typedef {import('../guest/describe.js').Leaf} Leaf
 * @typedef {import('../guest/describe.js').Value} Value
 * @typedef {import('../guest/describe.js').DescribedObject} DescribedObject
 * @typedef {import('../guest/describe.js').Entry} Entry
 */

const PREVIEW_MEMBERS = 5;
const LONGEST_PREVIEW = 100; // characters of a text in a preview
const INDENT = 2; // characters for each console.group

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {string} [text]
 */
function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** @param {Value} value @returns {value is number} */
const isObject = (value) => typeof value === 'number';
/** @param {number} count @param {string} what */
const more = (count, what) => `… ${count.toLocaleString('en')} more ${what}`;

/** @param {Leaf} leaf */
function leafText([type, text, omitted], longest = Infinity) {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `${type === 'string' ? JSON.stringify(shown) : shown}${omitted ? '…' : ''}`;
}

/**
 * On one line; objects within an object are only named.
 * @param {Value} value
 * @param {DescribedObject[]} objects
 * @returns {string}
 */
function preview(value, objects, isInner = false) {
  if (!isObject(value)) return leafText(value, LONGEST_PREVIEW);
  const [kind, name, members, omitted] = objects[value];
  if (kind === 'error') return isInner ? name.split('\n')[0] : name;
  if (isInner) return name || (members.length > 0 ? '{…}' : '{}');
  if (kind === 'object' && name !== '' && members.length === 0) return isClassName(name) ? `${name} {}` : name;
  const shown = members.slice(0, PREVIEW_MEMBERS).map(([key, member, link]) => {
    const text = preview(member, objects, true);
    return kind === 'list' && /^\d+$/.test(key) ? text : `${key}${link ?? ': '}${text}`;
  });
  if (members.length + omitted > PREVIEW_MEMBERS) shown.push('…');
  const title = name && !name.startsWith('Array(') ? `${name} ` : '';
  return `${title}${kind === 'list' ? `[${shown.join(', ')}]` : `{${shown.join(', ')}}`}`;
}

/** Dates, patterns and boxed values have text in place of one. @param {string} name */
const isClassName = (name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\(\d+\))?$/u.test(name) && name !== 'Promise';

/**
 * @param {Value} value
 * @param {DescribedObject[]} objects
 * @param {boolean} isQuoted
 */
function valueNode(value, objects, isQuoted) {
  if (!isObject(value)) {
    const [type, text, omitted] = value;
    const isPlain = type === 'string' && !isQuoted;
    const node = element('span', isPlain ? '' : `value-${type}`, isPlain ? text : leafText(value));
    if (omitted) node.append(element('span', 'value-quiet', ` ${more(omitted, 'characters')}`));
    return node;
  }
  const [, , members] = objects[value];
  if (members.length === 0) return element('span', '', preview(value, objects));
  const details = element('details');
  details.append(element('summary', '', preview(value, objects)));
  // Members are created when they are first opened: values may be cyclic.
  details.addEventListener('toggle', () => {
    if (details.open && !details.querySelector('.members')) details.append(memberRows(objects[value], objects));
  });
  return details;
}

/** @param {DescribedObject} object @param {DescribedObject[]} objects */
function memberRows([, , members, omitted], objects) {
  const rows = element('div', 'members');
  for (const [key, member, link] of members) {
    const row = element('div');
    row.append(element('span', 'value-quiet', `${key}${link ?? ': '}`), valueNode(member, objects, true));
    rows.append(row);
  }
  if (omitted > 0) rows.append(element('div', 'value-quiet', more(omitted, 'members')));
  return rows;
}

/** @param {string} entry @returns {Entry | undefined} */
function parse(entry) {
  try {
    const parsed = JSON.parse(entry);
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && Array.isArray(parsed[2]) && Array.isArray(parsed[3]))
      return /** @type {any} */ (parsed);
  } catch {
    // The describer makes no such thing: a program has tampered with it.
  }
  return undefined;
}

const kinds = new Set(['log', 'debug', 'info', 'warn', 'error', 'result', 'note']);
/** @type {Entry} */
const unreadable = ['error', 0, [['string', 'an entry that cannot be shown']], []];

/** The row of an entry. @param {string} entry */
export function entryNode(entry) {
  try {
    return rowOf(parse(entry) ?? unreadable);
  } catch {
    return rowOf(unreadable);
  }
}

/** @param {Entry} entry */
function rowOf([kind, indent, values, objects]) {
  const row = element('div', `entry ${kinds.has(kind) ? kind : 'log'}`);
  if (indent > 0) row.style.paddingInlineStart = `${1 + Math.min(indent, 20) * INDENT * 0.6}rem`;
  // Words wrap at the spaces, and copied text contains them.
  values.forEach((value, index) =>
    row.append(...(index > 0 ? [' '] : []), valueNode(value, objects, kind === 'result')),
  );
  return row;
}

/** An entry by the page itself. @param {string} kind @param {string} text */
export const noteEntry = (kind, text) => JSON.stringify([kind, 0, [['string', text]], []]);

/** An entry as text, for screen readers. @param {string} entry */
export function entryText(entry) {
  try {
    const [kind, , values, objects] = parse(entry) ?? unreadable;
    const text = values
      .map((value) => (isObject(value) || kind === 'result' ? preview(value, objects) : value[1]))
      .join(' ');
    return kind === 'warn' || kind === 'error' ? `${kind}: ${text}` : text;
  } catch {
    return '';
  }
}
