// The console of a program, made in the guest (see describe.js): entries come out as text.

/**
 * @param {ReturnType<typeof import('./describe.js').makeDescriber>} describe
 * @param {(entry?: string) => void} write called with each entry; with nothing when all are to go
 */
export function makeConsole(describe, write) {
  const { apply } = Reflect;
  const text = String;
  const { slice, charCodeAt, indexOf } = String.prototype;
  const { now } = performance;
  const { parseInt, parseFloat, performance: clock, Map: Names, Error: Failure } = globalThis;
  const { get: find, set: keep, delete: drop } = Map.prototype;
  const PERCENT = 0x25;
  const counts = new Names();
  const times = new Names();
  let indent = 0;

  /**
   * %s, %d, %i, %f, %c and %% become text; %o and %O stand for the values, which are shown between the texts around
   * them.
   * @param {any[]} values
   */
  function format(values) {
    const pattern = values[0];
    if (typeof pattern !== 'string' || values.length < 2 || apply(indexOf, pattern, ['%']) < 0) return values;
    const shown = [];
    let used = 1;
    let part = '';
    for (let i = 0; i < pattern.length; i++) {
      const letter = apply(charCodeAt, pattern, [i]) === PERCENT ? pattern[i + 1] : undefined;
      if (letter === '%') {
        part += '%';
        i++;
      } else if (letter !== undefined && used < values.length && apply(indexOf, 'sdifcoO', [letter]) >= 0) {
        const value = values[used++];
        i++;
        if (letter === 's') part += typeof value === 'object' && value !== null ? '[object]' : text(value);
        else if (letter === 'f') part += typeof value === 'symbol' ? 'NaN' : parseFloat(value);
        else if (letter === 'd' || letter === 'i')
          part += typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? 'NaN' : parseInt(value, 10);
        else if (letter !== 'c') {
          if (part !== '') shown[shown.length] = part;
          part = '';
          shown[shown.length] = value;
        }
      } else {
        part += pattern[i];
      }
    }
    if (part !== '' || shown.length === 0) shown[shown.length] = part;
    while (used < values.length) shown[shown.length] = values[used++];
    return shown;
  }

  /** @param {string} kind @param {unknown[]} values */
  const show = (kind, values) => {
    write(describe(kind, indent, values));
  };
  /** @param {unknown} label */
  const elapsed = (label) =>
    `${text(label)}: ${(apply(now, clock, []) - apply(find, times, [text(label)])).toFixed(3)} ms`;
  /** @param {unknown[]} values */
  const group = (...values) => {
    if (values.length > 0) show('log', format(values));
    indent++;
  };
  /** @type {Record<string, (...values: any[]) => void>} */
  const methods = {
    log: (...values) => show('log', format(values)),
    debug: (...values) => show('debug', format(values)),
    info: (...values) => show('info', format(values)),
    warn: (...values) => show('warn', format(values)),
    error: (...values) => show('error', format(values)),
    dir: (value) => show('log', [value]),
    dirxml: (...values) => show('log', values),
    table: (value) => show('log', [value]),
    trace(...values) {
      const { stack } = new Failure();
      const lines = apply(indexOf, stack, ['\n']);
      const message = values.length > 0 ? format(values) : ['Trace'];
      show('log', lines < 0 ? message : [...message, apply(slice, stack, [lines])]);
    },
    assert(condition = false, ...values) {
      if (condition) return;
      show(
        'error',
        typeof values[0] === 'string'
          ? format([`Assertion failed: ${values[0]}`, ...values.slice(1)])
          : ['Assertion failed', ...values],
      );
    },
    count(label = 'default') {
      const count = (apply(find, counts, [text(label)]) ?? 0) + 1;
      apply(keep, counts, [text(label), count]);
      show('log', [`${text(label)}: ${count}`]);
    },
    countReset(label = 'default') {
      apply(drop, counts, [text(label)]);
    },
    time(label = 'default') {
      apply(keep, times, [text(label), apply(now, clock, [])]);
    },
    timeLog(label = 'default', ...values) {
      if (apply(find, times, [text(label)]) === undefined) show('warn', [`there is no timer '${text(label)}'`]);
      else show('log', [elapsed(label), ...values]);
    },
    timeEnd(label = 'default') {
      methods.timeLog(label);
      apply(drop, times, [text(label)]);
    },
    group,
    groupCollapsed: group,
    groupEnd() {
      if (indent > 0) indent--;
    },
    clear() {
      indent = 0;
      write();
    },
  };
  return { ...methods };
}
