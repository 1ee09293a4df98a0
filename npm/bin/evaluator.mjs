// Evaluates code whose value is to be shown: -p, and each input of a session. The value stays in the guest, where the
// console shows it whatever it is; so the code's last expression becomes the argument of a function of the guest. Where
// that expression begins is found by trying: what stands before it must be a program, and itself in parentheses an
// expression. `await` at the top level becomes a call that the host answers later.
import { blocking } from '../src/core.js';
import { scanModule } from '../src/commonjs-scan.js';
import { NAME, TEMPLATE, tokensOf } from '../src/source-tokens.js';

const MOST_TRIES = 40;
const MOST_SHIFTED = 1000;

/** The guest's side. Its two functions that programs call have names that nobody uses. */
const prelude = `(block, resultName, awaitName, iterateName) => {
  const evaluate = globalThis.eval, { log, dir } = console, { Promise, Object, Reflect, Symbol, String } = globalThis;
  const { defineProperty } = Object, { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { asyncIterator, iterator } = Symbol;
  const sentinel = {};
  let value, hasValue = false;
  const define = (name, value) => defineProperty(globalThis, name, { value, configurable: true });
  define(resultName, (given) => {
    value = given;
    hasValue = true;
  });
  const wait = (given) => {
    let ok = false, result;
    block(Promise.resolve(given).then((value) => { result = value; ok = true; }, (error) => { result = error; }));
    if (!ok) throw result;
    return result;
  };
  define(awaitName, wait);
  define(iterateName, function* (given) {
    const method = given[asyncIterator];
    const items = method === undefined || method === null ? given[iterator]() : method.call(given);
    let isDone = false;
    try {
      for (;;) {
        const step = wait(items.next());
        if (step.done) {
          isDone = true;
          return;
        }
        yield method ? step.value : wait(step.value);
      }
    } finally {
      if (!isDone && items.return) wait(items.return());
    }
  });

  // Nothing of a text runs while it is checked: it throws first, and its variables are its own.
  function check(text) {
    let given = sentinel;
    try {
      evaluate('"use strict"; throw null;\\n' + text);
    } catch (error) {
      given = error;
    }
    return given === null || given === undefined ? '' : String(given.message);
  }

  function propertyOf(object, name) {
    for (let holder = Object(object); holder !== null; holder = getPrototypeOf(holder)) {
      const found = getOwnPropertyDescriptor(holder, name);
      if (found) return found;
    }
  }
  function namesOf(object, most) {
    const names = new Set();
    for (let holder = Object(object), i = 0; holder !== null && i < 100; holder = getPrototypeOf(holder), i++) {
      for (const key of ownKeys(holder)) {
        if (typeof key === 'string' && names.size < most) names.add(key);
      }
    }
    return [...names];
  }
  // The names of an object's properties, found without running a getter.
  function complete(path, most) {
    if (path.length === 0) return namesOf(globalThis, most);
    const found = propertyOf(globalThis, path[0]);
    let object;
    if (found) object = found.value;
    else {
      try {
        object = evaluate(path[0]); // let, const or class
      } catch {}
    }
    for (const name of path.slice(1)) {
      if (object === undefined || object === null) return [];
      object = propertyOf(object, name)?.value;
    }
    return object === undefined || object === null ? [] : namesOf(object, most);
  }

  return {
    check,
    complete,
    clear() {
      hasValue = false;
      value = undefined;
    },
    keep(given) {
      value = given;
    },
    async settle() {
      value = await value;
    },
    value: () => value,
    isUndefined: () => value === undefined,
    log: () => log(value),
    dir: () => dir(value),
    remember() {
      defineProperty(globalThis, '_', { value, writable: true, configurable: true });
    },
  };
}`;
const [resultName, awaitName, iterateName] = ['__caisson_result', '__caisson_await', '__caisson_iterate'];
export const hiddenNames = new Set([resultName, awaitName, iterateName]);

// Where the parser wants more: the end of the input, or of what only another line can end.
const wantsMore = /end of input|^the (?:template literal|comment) is not closed|'try' needs 'catch' or 'finally'$/;
const isForbiddenAwait = /'(?:for )?await' is only allowed/;

export class Evaluator {
  #sandbox;
  #tools;
  /** @type {Map<string, { line: number, column: number }>} */
  #shifted = new Map(); // name of a source -> where the call has been inserted

  /** @param {Awaited<ReturnType<typeof import('../src/core.js').create>>} sandbox */
  constructor(sandbox) {
    this.#sandbox = sandbox;
    const waits = blocking(async (/** @type {Promise<void>} */ promise) => promise);
    this.#tools = sandbox.evalSync(prelude, { name: 'caisson' })(waits, resultName, awaitName, iterateName);
  }

  /** Whether it is no script, but imports or exports. @param {string} source */
  isModule(source) {
    return this.#tools.check(source) !== '' && !this.isAwaiting(source) && scanModule(source).isModule;
  }

  /** Whether it is a script apart from `await` at its top level. @param {string} source */
  isAwaiting(source) {
    return isForbiddenAwait.test(this.#tools.check(source)) && this.#tools.check(withoutAwait(source)) === '';
  }

  /** Whether another line could complete it. @param {string} source */
  isIncomplete(source) {
    const message = this.#tools.check(source);
    if (!isForbiddenAwait.test(message)) return wantsMore.test(message);
    return wantsMore.test(this.#tools.check(withoutAwait(source)));
  }

  /**
   * Runs it and keeps its value.
   * @param {string} source
   * @param {string} name
   */
  async run(source, name) {
    const tools = this.#tools;
    let text = source;
    if (isForbiddenAwait.test(tools.check(text))) {
      const other = withoutAwait(source);
      if (tools.check(other) === '') text = other;
    }
    tools.clear();
    const split = this.#split(text);
    if (split === undefined) return void tools.keep(await this.#sandbox.eval(text, { name }));
    const [before, expression] = split;
    const line = before.split('\n').length;
    if (this.#shifted.size >= MOST_SHIFTED) this.#shifted.clear();
    this.#shifted.set(name, { line, column: before.length - before.lastIndexOf('\n') });
    await this.#sandbox.eval(`${before}${resultName}((${expression}))`, { name, result: false });
    return undefined;
  }

  /**
   * The places of a stack as they are in what was typed.
   * @param {string} text
   */
  restored(text) {
    return text.replace(/([^\s()]+):(\d+):(\d+)/g, (whole, name, line, column) => {
      const place = this.#shifted.get(name);
      const added = resultName.length + 2;
      if (place?.line !== Number(line) || Number(column) < place.column + added) return whole;
      return `${name}:${line}:${Number(column) - added}`;
    });
  }

  /**
   * As -p shows it.
   * @param {string} source
   * @param {string} name
   */
  async print(source, name) {
    await this.run(source, name);
    await this.#tools.settle();
    this.#tools.log();
  }

  /**
   * @param {string} source
   * @param {string} name
   */
  async value(source, name) {
    await this.run(source, name);
    await this.#tools.settle();
    return this.#tools.value();
  }

  /** Shows the value of the last run as a session does. True: it is undefined. */
  show() {
    this.#tools.remember();
    if (this.#tools.isUndefined()) return true;
    this.#tools.dir();
    return false;
  }

  /**
   * Names of properties, or of globals.
   * @param {string[]} path
   * @param {number} most
   * @returns {string[]}
   */
  complete(path, most) {
    return this.#tools.complete(path, most).filter((/** @type {string} */ name) => !hiddenNames.has(name));
  }

  /**
   * The text before the last expression, and the expression. Undefined: it ends with something else.
   * @param {string} text
   * @returns {[string, string] | undefined}
   */
  #split(text) {
    const { check } = this.#tools;
    const tokens = tokensOf(text);
    while (tokens.at(-1)?.text === ';') tokens.pop();
    const last = tokens.at(-1);
    if (last === undefined) return undefined;
    // An object, as people mean it.
    if (tokens[0].text === '{' && check(`(${text}\n)`) === '') return ['', text];
    const places = tokens.filter((token, i) => token.depth === 0 && mayBegin(tokens, i)).slice(-MOST_TRIES);
    for (const { start } of places) {
      const expression = text.slice(start, last.end);
      if (check(`(${expression})`) === '' && check(text.slice(0, start)) === '')
        return [text.slice(0, start), expression];
    }
    return undefined;
  }
}

/**
 * Whether an expression that is a statement may begin here.
 * @param {import('../src/source-tokens.js').Token[]} tokens
 * @param {number} i
 */
function mayBegin(tokens, i) {
  const { text, newline } = tokens[i];
  if (text === '{' || text === 'function' || text === 'class' || text === 'let' || text === '}') return false;
  if (text === 'async' && tokens[i + 1]?.text === 'function') return false;
  const before = tokens[i - 1]?.text;
  return i === 0 || newline || before === ';' || before === '}' || before === ')';
}

/**
 * The source with `await` at its top level as calls.
 * @param {string} source
 */
export function withoutAwait(source) {
  const tokens = tokensOf(source);
  /** @type {{ at: number, end: number, text: string }[]} */
  const edits = [];
  let bodies = 0; // of functions, around this place
  /** @type {boolean[]} */
  const open = []; // braces: whether each is the body of a function
  tokens.forEach((token, i) => {
    if (token.text === '{') {
      const isBody = isFunctionBody(tokens, i);
      open.push(isBody);
      if (isBody) bodies++;
    } else if (token.text === '}') {
      if (open.pop()) bodies--;
    }
    if (token.type !== NAME || token.text !== 'await' || bodies > 0) return;
    const before = tokens[i - 1]?.text;
    if (before === '.' || before === '?.') return;
    if (before === 'for' && tokens[i + 1]?.text === '(') {
      const close = closerOf(tokens, i + 1);
      const of = tokens.findIndex(
        (other, j) => j > i && j < close && other.text === 'of' && other.depth === token.depth + 1,
      );
      if (of < 0 || tokens[close] === undefined) return;
      edits.push({ at: token.start, end: token.end, text: '' });
      edits.push({ at: tokens[of].end, end: tokens[of].end, text: ` ${iterateName}(` });
      edits.push({ at: tokens[close].start, end: tokens[close].start, text: ')' });
      return;
    }
    const last = tokens[operandEnd(tokens, i + 1) - 1];
    if (last === undefined || last === token) return;
    edits.push({ at: token.start, end: token.end, text: `${awaitName}(` });
    edits.push({ at: last.end, end: last.end, text: ')' });
  });
  let text = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.at - b.at)) {
    text += source.slice(at, edit.at) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}

const notFunctions = new Set(['if', 'while', 'for', 'with', 'switch', 'catch']);

/**
 * @param {import('../src/source-tokens.js').Token[]} tokens
 * @param {number} brace
 */
function isFunctionBody(tokens, brace) {
  const before = tokens[brace - 1];
  if (before === undefined) return false;
  if (before.text === '=>' || before.text === 'static') return true;
  if (before.text !== ')') return false;
  let opener = brace - 2;
  while (opener > 0 && !(tokens[opener].depth === before.depth && tokens[opener].text === '(')) opener--;
  const word = tokens[opener - 1];
  return word !== undefined && !(word.type === NAME && notFunctions.has(word.text));
}

/**
 * The place of the token that closes a bracket.
 * @param {import('../src/source-tokens.js').Token[]} tokens
 * @param {number} opener
 */
function closerOf(tokens, opener) {
  const { depth } = tokens[opener];
  let i = opener + 1;
  while (i < tokens.length && tokens[i].depth > depth) i++;
  return i;
}

const prefixes = new Set(['await', 'typeof', 'void', 'delete', '!', '~', '+', '-', '++', '--']);

/**
 * Where the operand of a unary operator ends: the place after its last token.
 * @param {import('../src/source-tokens.js').Token[]} tokens
 * @param {number} from
 */
function operandEnd(tokens, from) {
  let i = from;
  const text = () => tokens[i]?.text;
  const group = () => {
    i = closerOf(tokens, i) + 1;
  };
  const template = () => {
    const { depth } = tokens[i++];
    // Its pieces have the same depth; what is between them is deeper.
    while (i < tokens.length && tokens[i].depth > depth) i++;
    while (tokens[i]?.type === TEMPLATE && tokens[i].depth === depth && tokens[i - 1].depth > depth) {
      i++;
      while (i < tokens.length && tokens[i].depth > depth) i++;
    }
  };
  while (prefixes.has(text() ?? '')) i++;
  while (text() === 'new') i++;
  if (text() === 'function' || text() === 'class' || text() === 'async') {
    const { depth } = tokens[i];
    while (i < tokens.length && !(tokens[i].text === '{' && tokens[i].depth === depth)) i++;
    if (i < tokens.length) group();
  } else if (text() === '(' || text() === '[' || text() === '{') group();
  else if (text() === '`') template();
  else i++;
  for (;;) {
    if (text() === '.') i += 2;
    else if (text() === '?.') i += tokens[i + 1]?.text === '(' || tokens[i + 1]?.text === '[' ? 1 : 2;
    else if (text() === '(' || text() === '[') group();
    else if (text() === '`') template();
    else if ((text() === '++' || text() === '--') && !tokens[i].newline) i++;
    else return Math.min(i, tokens.length);
  }
}
