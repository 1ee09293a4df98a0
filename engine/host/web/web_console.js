// The methods of `console` in addition to its five levels, evaluated when a program first calls one of them
// (globals.c). https://console.spec.whatwg.org/#console-namespace
(function (native) {
  'use strict';
  const { print, indent, now, stack, inspect, format } = native;
  const [LOG, INFO, WARN, ERROR] = [0, 2, 3, 4]; // CaissonConsoleLevel
  const counts = new Map();
  const timers = new Map();
  // Nothing that is logged throws: what has no text is described.
  function textOf(value) {
    try {
      return `${value}`;
    } catch {
      return inspect(value, 0);
    }
  }
  function depthOf(options) {
    try {
      return options?.depth;
    } catch {
      return undefined;
    }
  }
  const labelOf = (label) => (label === undefined ? 'default' : textOf(label));

  function elapsed(label, keep, data) {
    const key = labelOf(label);
    if (!timers.has(key)) return print(WARN, `No such label '${key}'`);
    const text = `${key}: ${(now() - timers.get(key)).toFixed(3)}ms`;
    if (!keep) timers.delete(key);
    return print(keep ? LOG : INFO, text, ...data);
  }

  // The text of a cell: large objects are only named.
  function show(value) {
    const isLarge = isObject(value) && !Array.isArray(value) && Object.keys(value).length > 2;
    return inspect(value, isLarge ? -1 : 0);
  }
  const isObject = (value) => typeof value === 'object' && value !== null;
  function entriesOf(value) {
    if (value instanceof Map)
      return [...value].map(([key, item], index) => [String(index), { Key: key, Values: item }]);
    return value instanceof Set ? [...value].map((item, index) => [String(index), item]) : Object.entries(value);
  }
  function drawTable(data, chosen) {
    const columns = new Map(); // name -> cells by row
    const values = new Map(); // of rows that are not objects
    const rows = entriesOf(data);
    rows.forEach(([, value], row) => {
      if (!isObject(value)) return values.set(row, show(value));
      for (const [key, item] of Object.entries(value)) {
        if (chosen !== undefined && !chosen.includes(key)) continue;
        if (!columns.has(key)) columns.set(key, new Map());
        columns.get(key).set(row, show(item));
      }
    });
    if (chosen !== undefined) for (const key of chosen) if (!columns.has(key)) columns.set(key, new Map());
    const names = chosen ?? [...columns.keys()];
    const isIterated = data instanceof Map || data instanceof Set;
    const table = [
      [isIterated ? '(iteration index)' : '(index)', ...rows.map(([key]) => key)],
      ...names.map((name) => [name, ...rows.map((_, row) => columns.get(name).get(row) ?? '')]),
    ];
    if (values.size > 0) table.push(['Values', ...rows.map((_, row) => values.get(row) ?? '')]);
    const widths = table.map((column) => Math.max(...column.map((cell) => cell.length)));
    const rule = (left, middle, right) => left + widths.map((width) => '\u2500'.repeat(width + 2)).join(middle) + right;
    const line = (row) =>
      `\u2502${table.map((column, index) => ` ${column[row].padEnd(widths[index])} `).join('\u2502')}\u2502`;
    const body = rows.map((_, row) => line(row + 1));
    return [
      rule('\u250c', '\u252c', '\u2510'),
      line(0),
      rule('\u251c', '\u253c', '\u2524'),
      ...body,
      rule('\u2514', '\u2534', '\u2518'),
    ].join('\n');
  }

  return {
    assert(condition = false, ...data) {
      if (condition) return;
      if (typeof data[0] === 'string') data[0] = `Assertion failed: ${data[0]}`;
      else data.unshift('Assertion failed');
      print(ERROR, ...data);
    },
    clear() {
      indent(-Infinity);
    },
    count(label) {
      const key = labelOf(label);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      print(LOG, `${key}: ${counts.get(key)}`);
    },
    countReset(label) {
      const key = labelOf(label);
      if (!counts.delete(key)) print(WARN, `Count for '${key}' does not exist`);
    },
    dir(item, options) {
      const depth = depthOf(options);
      if (depth === undefined && typeof item !== 'string') print(LOG, item);
      else print(LOG, inspect(item, depth === null ? Infinity : depth));
    },
    dirxml(...data) {
      print(LOG, ...data);
    },
    group(...data) {
      if (data.length > 0) print(LOG, ...data);
      indent(1);
    },
    groupEnd() {
      indent(-1);
    },
    table(data, properties) {
      let table;
      try {
        if (isObject(data)) table = drawTable(data, properties === undefined ? undefined : [...properties].map(String));
      } catch {
        // A getter or trap threw.
      }
      if (table === undefined) print(LOG, data);
      else print(LOG, table);
    },
    time(label) {
      const key = labelOf(label);
      if (timers.has(key)) print(WARN, `Label '${key}' already exists`);
      else timers.set(key, now());
    },
    timeEnd(label) {
      elapsed(label, false, []);
    },
    timeLog(label, ...data) {
      elapsed(label, true, data);
    },
    trace(...data) {
      const frames = stack();
      print(ERROR, `Trace${data.length > 0 ? `: ${format(...data)}` : ''}${frames}`);
    },
  };
});
