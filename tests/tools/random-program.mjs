// Makes small random programs that end, never read the clock and print what they compute.

/** @param {number} seed */
export function randomSource(seed) {
  let state = seed >>> 0 || 1;
  return (/** @type {number} */ limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const literals = [
  '0',
  '1',
  '-1',
  '2.5',
  '1e21',
  '0x7fffffff',
  '-2147483648',
  'NaN',
  '-0',
  '"a"',
  '"12"',
  '""',
  'true',
  'null',
  'undefined',
  '[1, 2]',
  '[]',
  '({ a: 1 })',
  '10n',
  '"\\ud83d\\ude00"',
];
const binary = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '>>>',
  '<',
  '<=',
  '==',
  '===',
  '!=',
  '&&',
  '||',
  '??',
  ',',
];
const unary = ['-', '+', '!', '~', 'typeof ', 'void '];
const methods = [
  'toString()',
  'valueOf()',
  'length',
  'at?.(-1)',
  'slice?.(1)',
  'indexOf?.(1)',
  'concat?.(2)',
  'toFixed?.(2)',
  'constructor.name',
  'map?.((x) => x)',
  'split?.("")',
  'join?.("-")',
  'a',
  '[0]',
];

/** @param {number} seed */
export function randomProgram(seed) {
  const random = randomSource(seed);
  const pick = (/** @type {string[]} */ list) => list[random(list.length)];
  const variables = ['v0', 'v1', 'v2', 'v3'];

  /** @param {number} depth @returns {string} */
  function expression(depth) {
    if (depth === 0) return random(2) === 0 ? pick(variables) : pick(literals);
    switch (random(9)) {
      case 0:
        return `(${pick(unary)}(${expression(depth - 1)}))`;
      case 1:
        return `(${expression(depth - 1)} ? ${expression(depth - 1)} : ${expression(depth - 1)})`;
      case 2:
        return `(${expression(depth - 1)})?.${pick(methods)}`;
      case 3:
        return `[${expression(depth - 1)}, ...[${expression(depth - 1)}]]`;
      case 4:
        return `\`<\${show(${expression(depth - 1)})}>\``;
      case 5:
        return `((p, q = ${expression(depth - 1)}) => show(p) + show(q))(${expression(depth - 1)})`;
      case 6:
        return `({ k: ${expression(depth - 1)}, get g() { return ${expression(depth - 1)}; } }).${pick(['k', 'g', 'z'])}`;
      default:
        return `((${expression(depth - 1)}) ${pick(binary)} (${expression(depth - 1)}))`;
    }
  }

  /** @param {number} depth @returns {string} */
  function statement(depth) {
    const target = pick(variables);
    switch (depth === 0 ? 0 : random(9)) {
      case 1:
        return `if (${expression(2)}) { ${block(depth - 1)} } else { ${block(depth - 1)} }`;
      case 2:
        return `for (let i = 0; i < ${1 + random(4)}; i++) { ${block(depth - 1)} if (show(${expression(1)}) === "${random(3)}") continue; }`;
      case 3:
        return `try { ${block(depth - 1)} ${random(2) ? `throw ${expression(1)};` : ''} } catch (e) { print(e instanceof Error ? e.name : e); } finally { ${block(depth - 1)} }`;
      case 4:
        return `for (const x of [${expression(1)}, ${expression(1)}]) { ${target} = x; ${block(depth - 1)} }`;
      case 5:
        return `for (const k in { a: 1, b: ${expression(1)} }) { print(k); if (k === "${pick(['a', 'b'])}") break; }`;
      case 6:
        return `print((() => { try { return ${expression(2)}; } finally { ${statement(0)} } })());`;
      case 7:
        return `{ const [a = ${expression(1)}, ...b] = [${expression(1)}, ${expression(1)}]; ${target} = a; print(b); }`;
      case 8:
        return `for (const y of (function* () { yield ${expression(1)}; yield* [${expression(1)}]; return 1; })()) { print(y); }`;
      default:
        return `${target} ${pick(['=', '+=', '-=', '??=', '||=', '&&=', '**='])} ${expression(2)}; print(${target});`;
    }
  }

  /** @param {number} depth @returns {string} */
  function block(depth) {
    return Array.from({ length: 1 + random(2) }, () => guarded(statement(depth))).join(' ');
  }

  const guarded = (/** @type {string} */ text) =>
    /^(try|for|if|\{)/.test(text) ? text : `try { ${text} } catch (e) { print(e instanceof Error ? e.name : e); }`;
  const body = Array.from({ length: 6 }, () => guarded(statement(2))).join('\n');
  return `${prelude}\nlet v0 = 1, v1 = "s", v2 = [3], v3;\n${body}\n`;
}

const prelude = `function show(v) {
  if (typeof v === 'bigint') return v.toString().slice(0, 40) + 'n';
  if (typeof v === 'string') return JSON.stringify(v.slice(0, 60));
  if (Array.isArray(v)) return '[' + v.slice(0, 6).map(show).join() + ']';
  if (typeof v === 'function') return 'function';
  if (typeof v === 'object' && v !== null) return '{' + Object.keys(v).slice(0, 6).map((k) => k + ':' + show(v[k])).join() + '}';
  return Object.is(v, -0) ? '-0' : String(v);
}
var lines = 0;
function print(v) { if (lines++ < 200) console.log(show(v)); }`;
