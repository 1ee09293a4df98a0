// The output panel: console entries with expandable values.

const PREVIEW_ITEMS = 5;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// What the worker replaced (see program-worker.js).
const isFunction = (value) => typeof value === 'object' && value !== null && '$function' in value;
const isPromise = (value) => typeof value === 'object' && value !== null && '$promise' in value;
const isError = (value) => typeof value === 'object' && value !== null && '$error' in value;

function isExpandable(value) {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof RegExp) &&
    !isFunction(value) && !isPromise(value) && !isError(value) && membersOf(value).length > 0;
}

function membersOf(value) {
  if (value instanceof Map) return [...value].map(([key, item]) => [preview(key, 1), item, ' => ']);
  if (value instanceof Set) return [...value].map((item, index) => [String(index), item]);
  if (value instanceof ArrayBuffer) return membersOf(new Uint8Array(value));
  if (value instanceof DataView) return [];
  return Object.entries(value);
}

function typeName(value) {
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  if (ArrayBuffer.isView(value) && 'length' in value) return `${value.constructor.name}(${value.length})`;
  return value.constructor && value.constructor !== Object ? value.constructor.name : '';
}

function preview(value, depth = 0) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (isFunction(value)) return `ƒ ${value.$function || 'anonymous'}`;
  if (isPromise(value)) return 'Promise';
  if (isError(value)) return value.$error;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name = typeName(value);
  if (depth > 0) return name || '{…}';
  const members = membersOf(value);
  const isList = Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value);
  const shown = members.slice(0, PREVIEW_ITEMS)
    .map(([key, item, link]) => (isList ? preview(item, depth + 1) : `${key}${link ?? ': '}${preview(item, depth + 1)}`));
  if (members.length > PREVIEW_ITEMS) shown.push('…');
  const body = shown.join(', ');
  return `${name && !Array.isArray(value) ? `${name} ` : ''}${isList ? `[${body}]` : `{${body}}`}`;
}

function valueClass(value) {
  switch (typeof value) {
    case 'string': return 'value-string';
    case 'number': case 'bigint': case 'boolean': return 'value-number';
    default: return value == null || isFunction(value) ? 'value-quiet' : '';
  }
}

function valueNode(value, { quotes }) {
  if (typeof value === 'string' && !quotes) return element('span', '', value);
  if (!isExpandable(value)) return element('span', valueClass(value), preview(value));
  const details = element('details');
  details.append(element('summary', '', preview(value)));
  // Members are made when first looked at: values may be large or cyclic.
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('.members')) return;
    const members = element('div', 'members');
    for (const [key, item, link] of membersOf(value)) {
      const row = element('div');
      row.append(element('span', 'value-quiet', `${key}${link ?? ': '}`), valueNode(item, { quotes: true }));
      members.append(row);
    }
    details.append(members);
  });
  return details;
}

export class OutputView {
  constructor(container) {
    this.container = container;
  }

  clear() {
    this.container.replaceChildren();
  }

  add(kind, values, { quotes = false } = {}) {
    const isAtEnd = this.container.scrollHeight - this.container.scrollTop - this.container.clientHeight < 40;
    const entry = element('div', `entry ${kind}`);
    entry.append(...values.map((value) => valueNode(value, { quotes })));
    this.container.append(entry);
    if (isAtEnd) this.container.scrollTop = this.container.scrollHeight;
  }
}
