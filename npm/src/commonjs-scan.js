// What can be seen of a module without running it: whether it is an ES module, what it requires, which names it
// exports. Names that a CommonJS module exports are those that Node finds too: the assignments that people and
// compilers write (https://nodejs.org/api/esm.html#commonjs-namespaces).
import { NAME, STRING, stringOf, tokensOf } from './source-tokens.js';

/**
 * @typedef {{
 *   isModule: boolean, // its syntax is that of an ES module
 *   isStrict: boolean, // it begins with 'use strict'
 *   requires: string[],
 *   exports: string[],
 *   reexports: string[], // modules of which it exports all names
 *   environment: { start: number, end: number, name: string }[], // where it reads process.env.NAME
 * }} Scan
 */

// Helpers of compilers that export everything of another module.
const exportsAll = new Set(['__exportStar', '__export', '__reExport', '_export_star']);

/**
 * @param {string} source
 * @returns {Scan}
 */
export function scanModule(source) {
  const tokens = tokensOf(source);
  const text = (/** @type {number} */ i) => tokens[i]?.text;
  /** Whether these texts stand at a place; '' is anything. @param {number} i @param {string[]} texts */
  const stand = (i, ...texts) => texts.every((wanted, j) => wanted === '' || text(i + j) === wanted);
  const isFree = (/** @type {number} */ i) => text(i - 1) !== '.' && text(i - 1) !== '?.';
  /** The string in `require('...')` at a place. @param {number} i */
  const required = (i) =>
    stand(i, 'require', '(') && tokens[i + 2]?.type === STRING && text(i + 3) === ')'
      ? stringOf(source, tokens[i + 2])
      : undefined;
  /** The same within the call of a helper: `__importStar(require('...'))`. @param {number} i */
  const requiredWithin = (i) => {
    for (let j = i; j < i + 8 && tokens[j] !== undefined; j++) {
      const found = required(j);
      if (found !== undefined) return found;
      if (tokens[j].type !== NAME && text(j) !== '(' && text(j) !== '.' && text(j) !== ',') return undefined;
    }
    return undefined;
  };

  const requires = new Set();
  const exports = new Set();
  const reexports = new Set();
  /** @type {Map<string, string>} */
  const variables = new Map(); // that have what was required
  /** @type {Scan['environment']} */
  const environment = [];
  let isModule = false;
  let isAsyncSeen = false;

  /** The names of an object, from its brace on. @param {number} i */
  const readObject = (i) => {
    const inner = tokens[i].depth + 1;
    for (let j = i + 1; tokens[j] !== undefined && tokens[j].depth >= inner; j++) {
      if (tokens[j].depth !== inner || (text(j - 1) !== ',' && j !== i + 1)) continue;
      if (stand(j, '...')) {
        const found = requiredWithin(j + 1);
        if (found !== undefined) reexports.add(found);
        continue;
      }
      const isAccessor = (stand(j, 'get') || stand(j, 'async')) && tokens[j + 1]?.type === NAME;
      const key = tokens[isAccessor ? j + 1 : j];
      if (key.type === NAME) exports.add(key.text);
      else if (key.type === STRING) exports.add(stringOf(source, key));
    }
  };
  /** What stands behind `module.exports =`. @param {number} i */
  const readWhole = (i) => {
    if (stand(i, 'exports', '=')) return readWhole(i + 2);
    if (stand(i, '{')) return readObject(i);
    const found = required(i);
    if (found !== undefined && text(i + 4) !== '.') reexports.add(found);
    return undefined;
  };
  /** What stands behind `exports`. @param {number} i */
  const readExport = (i) => {
    if (stand(i, '.', '', '=') && tokens[i + 1].type === NAME) exports.add(text(i + 1));
    else if (stand(i, '[', '', ']', '=') && tokens[i + 1].type === STRING) exports.add(stringOf(source, tokens[i + 1]));
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.type !== NAME) continue;
    if (exportsAll.has(token.text) && stand(i + 1, '(')) {
      const found = requiredWithin(i + 2);
      if (found !== undefined) reexports.add(found);
    }
    if (!isFree(i)) continue;
    switch (token.text) {
      case 'import':
        if (stand(i + 1, '.', 'meta') || (token.depth === 0 && !stand(i + 1, '(') && !stand(i + 1, '.')))
          isModule = true;
        break;
      case 'export':
        if (token.depth === 0) isModule = true;
        break;
      case 'async':
        isAsyncSeen = true;
        break;
      case 'await':
        if (token.depth === 0 && !isAsyncSeen) isModule = true;
        break;
      case 'require': {
        const found = required(i);
        if (found !== undefined) requires.add(found);
        break;
      }
      case 'process':
        if (stand(i + 1, '.', 'env', '.') && tokens[i + 4]?.type === NAME && !isAssigned(text(i + 5)))
          environment.push({ start: token.start, end: tokens[i + 4].end, name: text(i + 4) });
        break;
      case 'module':
        if (!stand(i + 1, '.', 'exports')) break;
        if (stand(i + 3, '=')) readWhole(i + 4);
        else readExport(i + 3);
        break;
      case 'exports':
        if (stand(i + 1, '=')) readWhole(i + 2);
        else readExport(i + 1);
        break;
      case 'Object': {
        if (stand(i + 1, '.', 'defineProperty', '(')) {
          const name = stand(i + 4, 'exports', ',') ? i + 6 : stand(i + 4, 'module', '.', 'exports', ',') ? i + 8 : -1;
          if (tokens[name]?.type === STRING) exports.add(stringOf(source, tokens[name]));
        } else if (stand(i + 1, '.', 'keys', '(', '', ')', '.', 'forEach')) {
          const found = variables.get(text(i + 4));
          if (found !== undefined) reexports.add(found);
        }
        break;
      }
      default:
        if (stand(i + 1, '=')) {
          const found = requiredWithin(i + 2);
          if (found !== undefined) variables.set(token.text, found);
        }
    }
  }
  return {
    isModule,
    isStrict: beginsStrict(source, tokens),
    requires: [...requires],
    exports: [...exports].filter((name) => name !== 'default' && isWellFormed(name)),
    reexports: [...reexports],
    environment,
  };
}

/** @param {string | undefined} operator */
const isAssigned = (operator) => operator !== undefined && /^(?:[^=!<>]+|>>>?|<<)?=$|^\+\+$|^--$/.test(operator);
const isWellFormed = (/** @type {string} */ name) => !/\p{Surrogate}/u.test(name);

/**
 * @param {string} source
 * @param {import('./source-tokens.js').Token[]} tokens
 */
function beginsStrict(source, tokens) {
  for (const token of tokens) {
    if (token.type !== STRING) {
      if (token.text !== ';') return false;
    } else if (/^.use strict.$/.test(source.slice(token.start, token.end))) return true;
  }
  return false;
}
