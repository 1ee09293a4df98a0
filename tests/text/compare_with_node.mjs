// Holds the text layer against Node, whose Unicode version must be the one of the tables.
// Usage: node tests/text/compare_with_node.mjs path/to/text_probe
import { execFileSync } from 'node:child_process';

const probe = process.argv[2];
const units = (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16)).join(' ');
const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'];
const answers = (text) =>
  [text.toUpperCase(), text.toLowerCase(), ...forms.map((form) => text.normalize(form))].map(units).join(';') + ';';
let failures = 0;
const check = (label, actual, expected) => {
  if (actual === expected || ++failures > 20) return;
  console.log(`${label}\n  engine ${actual}\n  node   ${expected}`);
};

const options = { encoding: 'utf8', maxBuffer: 1 << 29 };
const lines = execFileSync(probe, ['all'], options).split('\n');
const space = /^\s$/u;
const folds = (codePoint) => {
  // Simple case folding is what /iu compares by: the folded form matches and folds to itself.
  const text = String.fromCodePoint(codePoint);
  return (folded) => folded === codePoint || new RegExp(`^${'\\u{' + folded.toString(16) + '}'}$`, 'iu').test(text);
};
// Planes in which all characters are alike, ideographs, unassigned or private, are walked in larger steps.
const next = (codePoint) => codePoint + (codePoint < 0x32000 || codePoint >> 12 === 0xe0 ? 1 : 16);
for (let codePoint = 0; codePoint <= 0x10ffff; codePoint = next(codePoint)) {
  const text = String.fromCodePoint(codePoint);
  const [kinds, cases, fold, ...rest] = lines[codePoint].split(';');
  const start = /[\p{ID_Start}$_]/u.test(text);
  const part = /[\p{ID_Continue}$\u200c\u200d]/u.test(text);
  const label = 'U+' + codePoint.toString(16);
  check(label + ' kinds', kinds, `${+start}${+part}${+space.test(text)}`);
  check(label + ' cases', cases, `${+/\p{Cased}/u.test(text)}${+/\p{Case_Ignorable}/u.test(text)}`);
  check(label + ' text', rest.join(';'), answers(text));
  const folded = parseInt(fold, 16);
  if (!folds(codePoint)(folded)) check(label + ' fold', fold, 'something that matches under /iu');
  if (
    folded === codePoint &&
    /\p{Changes_When_Casefolded}/u.test(text) &&
    text.toLowerCase().length === text.length &&
    text.toLowerCase() !== text
  )
    check(label + ' fold', fold, units(text.toLowerCase()));
}

let seed = 12345;
const random = (limit) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % limit;
const pool = [];
for (let codePoint = 0; codePoint <= 0x10ffff; codePoint = next(codePoint)) {
  const text = String.fromCodePoint(codePoint);
  if (/\p{M}/u.test(text) || text.normalize('NFKD') !== text || /[\u1100-\u11ff]/.test(text)) {
    if (codePoint < 0xac00 || codePoint > 0xd700) pool.push(text);
  }
}
pool.push('Σ', 'a', 'A', '.', 'ß', '\ud800', '\udc00', 'e', 'o', '각', '가', 'ʰ');
const texts = [];
for (let i = 0; i < 60000; i++) {
  let text = '';
  for (let n = 1 + random(i % 50 === 0 ? 60 : 8); n > 0; n--)
    text += pool[random(4) ? random(pool.length) : pool.length - 1 - random(12)];
  texts.push(text);
}
const replies = execFileSync(probe, [], { ...options, input: texts.map((text) => units(text) + '\n').join('') }).split(
  '\n',
);
texts.forEach((text, i) => check(units(text), replies[i], answers(text)));
console.log(failures ? `${failures} differences` : 'text: no differences');
process.exitCode = failures ? 1 : 0;
