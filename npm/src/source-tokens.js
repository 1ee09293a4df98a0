// The tokens of a program in JavaScript, for those who must find something in it without a parser: what a CommonJS
// module requires and exports, whether a source is a module, where `await` stands. Comments and white space are left
// out. Sources that are no JavaScript give some tokens as well, and never an error.
//
// The one thing that takes thought is `/`: a division after an operand, else the beginning of a regular expression.
// After `)` and `}` it depends on what their opener was.

export const NAME = 1; // keywords too
export const PUNCTUATOR = 2;
export const STRING = 3;
export const NUMBER = 4;
export const REGEXP = 5;
export const TEMPLATE = 6; // a piece of one: `...${, }...${ or }...`
export const PRIVATE = 7;

// Words after which an operand follows.
const beforeOperand = new Set(
  'await case delete do else extends in instanceof new of return throw typeof void yield default'.split(' '),
);
const beforeCondition = new Set(['if', 'while', 'for', 'with']);
const longPunctuators =
  /(?:=>|\.\.\.|\?\.(?!\d)|\+\+|--|>>>=|<<=|>>=|>>>|\*\*=|&&=|\|\|=|\?\?=|[=!]==|&&|\|\||\?\?|\*\*|<<|>>|[-+*/%&|^<>=!]=|[^])/y;
const name = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4}))+/uy;
const plainInNames = new Set(Array.from('0123456789$_', (unit) => unit.charCodeAt(0)));
const number = /(?:0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?[\d_]+)?n?)/y;
const isSpace = /[\s\ufeff]/;
const isNameStart = /^[\p{ID_Start}$_\\]/u;

/**
 * @typedef {{
 *   type: number,
 *   start: number,
 *   end: number,
 *   depth: number, // of brackets around it; an opener and its closer have that of what is around them
 *   newline: boolean, // whether one stands before it
 *   text: string, // of names and punctuators; ` of the first piece of a template; else ''
 * }} Token
 */

/**
 * @param {string} source
 * @returns {Token[]}
 */
export function tokensOf(source) {
  /** @type {Token[]} */
  const tokens = [];
  /**
   * What is open: its opener; whether an operand may follow when it is closed.
   * @type {{ opener: string, isOperandNext: boolean }[]}
   */
  const open = [];
  const { length } = source;
  let at = source.startsWith('#!') ? endOfLine(source, 0) : 0;
  let newline = false;
  let isOperandNext = true;
  let before = ''; // the text of the previous token, where it is a name or a punctuator
  let beforeThat = '';

  /**
   * @param {number} type
   * @param {number} end
   * @param {boolean} operandFollows
   * @param {string} [text]
   * @param {number} [depth]
   */
  const push = (type, end, operandFollows, text = '', depth = open.length) => {
    tokens.push({ type, start: at, end, depth, newline, text });
    at = Math.max(end, at + 1); // whatever it is, there is an end
    newline = false;
    isOperandNext = operandFollows;
    [beforeThat, before] = [before, text];
  };

  /** @param {'`' | ''} head whether it is the first piece */
  const template = (head) => {
    let end = at + 1; // after the backquote or the closing brace
    for (; end < length; end++) {
      const unit = source[end];
      if (unit === '\\') end++;
      else if (unit === '`') return push(TEMPLATE, end + 1, false, head);
      else if (unit === '$' && source[end + 1] === '{') {
        push(TEMPLATE, end + 2, true, head);
        open.push({ opener: '`', isOperandNext: false });
        return undefined;
      }
    }
    return push(TEMPLATE, length, false, head);
  };

  while (at < length) {
    const unit = source[at];
    if (unit === '\n' || unit === '\r' || unit === '\u2028' || unit === '\u2029') {
      newline = true;
      at++;
    } else if (unit === ' ' || unit === '\t' || isSpace.test(unit)) {
      at++;
    } else if (unit === '/' && source[at + 1] === '/') {
      at = endOfLine(source, at);
    } else if (unit === '/' && source[at + 1] === '*') {
      const end = source.indexOf('*/', at + 2);
      const next = end < 0 ? length : end + 2;
      newline ||= /[\n\r\u2028\u2029]/.test(source.slice(at, next));
      at = next;
    } else if (unit === '"' || unit === "'") {
      push(STRING, endOfString(source, at), false);
    } else if (unit === '`') {
      template('`');
    } else if (unit === '}' && open.at(-1)?.opener === '`') {
      open.pop();
      template('');
    } else if (unit === '/' && isOperandNext) {
      push(REGEXP, endOfRegExp(source, at), false);
    } else if ((unit >= '0' && unit <= '9') || (unit === '.' && /\d/.test(source[at + 1] ?? ''))) {
      number.lastIndex = at;
      number.test(source);
      push(NUMBER, number.lastIndex, false);
    } else if (unit === '#' && isNameStart.test(source[at + 1] ?? '')) {
      push(PRIVATE, endOfName(source, at + 1), false);
    } else if (isNameStart.test(unit) || isNameStart.test(source.slice(at, at + 2))) {
      const end = endOfName(source, at);
      const text = source.slice(at, end);
      push(NAME, end, before !== '.' && before !== '?.' && beforeOperand.has(text), text);
    } else if (unit === '(' || unit === '[' || unit === '{') {
      // A function, a class or an object that is a value is followed by operators.
      const isValue = unit === '{' ? isOperandNext && isObjectHere(before, open) : true;
      const isCondition = unit === '(' && beforeCondition.has(before) && beforeThat !== '.';
      push(PUNCTUATOR, at + 1, true, unit);
      open.push({ opener: unit, isOperandNext: unit === '{' ? !isValue : isCondition });
    } else if (unit === ')' || unit === ']' || unit === '}') {
      const closed = open.pop();
      push(PUNCTUATOR, at + 1, closed?.isOperandNext ?? unit === '}', unit);
    } else {
      longPunctuators.lastIndex = at;
      longPunctuators.test(source);
      const end = longPunctuators.lastIndex;
      const text = source.slice(at, end);
      // After `a++` as after `a`.
      push(PUNCTUATOR, end, text === '++' || text === '--' ? isOperandNext : true, text);
    }
  }
  return tokens;
}

/**
 * Whether a brace where an operand may stand begins an object, not a block.
 * @param {string} before
 * @param {{ opener: string }[]} open
 */
function isObjectHere(before, open) {
  if (before === '' || before === ';' || before === '{' || before === '}' || before === '=>' || before === ')')
    return false;
  if (before === 'do' || before === 'else') return false;
  // A label or a case, or a property.
  return before !== ':' || open.at(-1)?.opener !== '{' || open.length > 1;
}

/**
 * @param {string} source
 * @param {number} at
 */
function endOfLine(source, at) {
  let end = at;
  while (end < source.length && !/[\n\r\u2028\u2029]/.test(source[end])) end++;
  return end;
}

/**
 * @param {string} source
 * @param {number} at
 */
function endOfString(source, at) {
  const quote = source[at];
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === '\\') end++;
    else if (source[end] === quote) return end + 1;
    else if (source[end] === '\n' || source[end] === '\r') return end;
  }
  return source.length;
}

/**
 * @param {string} source
 * @param {number} at
 */
function endOfRegExp(source, at) {
  let isInClass = false;
  for (let end = at + 1; end < source.length; end++) {
    const unit = source[end];
    if (unit === '\\') end++;
    else if (unit === '\n' || unit === '\r') return end;
    else if (unit === '[') isInClass = true;
    else if (unit === ']') isInClass = false;
    else if (unit === '/' && !isInClass) return endOfName(source, end + 1);
  }
  return source.length;
}

/**
 * @param {string} source
 * @param {number} at
 */
function endOfName(source, at) {
  let end = at;
  for (;;) {
    const unit = source.charCodeAt(end) | 0x20; // small letters
    if ((unit < 97 || unit > 122) && !plainInNames.has(source.charCodeAt(end))) break;
    end++;
  }
  name.lastIndex = end;
  return name.test(source) ? name.lastIndex : end;
}

/**
 * The value of a string literal, where it is simple.
 * @param {string} source
 * @param {Token} token
 */
export function stringOf(source, token) {
  const text = source.slice(token.start + 1, token.end - 1);
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g,
    (_, point, unit, byte, other) => {
      if (other === undefined)
        return String.fromCodePoint(Math.min(Number.parseInt(point ?? unit ?? byte, 16), 0x10ffff));
      return (
        { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0', '\n': '' }[/** @type {string} */ (other)] ??
        other
      );
    },
  );
}
