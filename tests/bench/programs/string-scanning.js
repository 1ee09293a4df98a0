// A hand-written tokenizer: charCodeAt, slices, a keyword table.
const keywords = new Set(['let', 'if', 'else', 'while', 'return', 'function']);
const source = `
function gcd(a, b) { while (b != 0) { let t = b; b = a % b; a = t; } return a; }
let total = 0; let limit = 1200; if (total < limit) { total = gcd(limit, 18) + 3.5; } else { return "none"; }
`.repeat(12);

function isLetter(code) { return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95; }
function isDigit(code) { return code >= 48 && code <= 57; }

function tokenize(text) {
  const tokens = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const start = at;
    if (code === 32 || code === 10) {
      at++;
    } else if (isLetter(code)) {
      do at++; while (isLetter(text.charCodeAt(at)) || isDigit(text.charCodeAt(at)));
      const word = text.slice(start, at);
      tokens.push({ type: keywords.has(word) ? 'keyword' : 'name', text: word });
    } else if (isDigit(code)) {
      do at++; while (isDigit(text.charCodeAt(at)) || text.charCodeAt(at) === 46);
      tokens.push({ type: 'number', text: text.substring(start, at) });
    } else if (code === 34) {
      do at++; while (text.charCodeAt(at) !== 34);
      tokens.push({ type: 'string', text: text.slice(start, ++at) });
    } else {
      tokens.push({ type: 'punctuation', text: text[at++] });
    }
  }
  return tokens;
}

function run() {
  let check = 0;
  for (let round = 0; round < 4; round++) {
    for (const token of tokenize(source)) check += token.type.length * token.text.length;
  }
  return check;
}
