// Runs random and chosen patterns through regexp_probe and through the host's RegExp and reports every difference.
// node tests/regexp/compare_with_node.mjs <probe> [count] [seed]
import { spawnSync } from 'node:child_process';

const [probe, count = '5000', seed = '1'] = process.argv.slice(2);

let state = Number(seed) >>> 0 || 1;
function random(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % limit;
}
const pick = (list) => list[random(list.length)];

const atoms = [
  'a',
  'b',
  'c',
  'ab',
  'abc',
  'A',
  'K',
  's',
  'é',
  '\\u017f',
  '\\u212a',
  '\\ud83d\\ude00',
  '😀',
  '\\ud83d',
  '\\ude00',
  '.',
  '.',
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\n',
  '\\x41',
  '\\u0061',
  '\\cA',
  '\\0',
  '[abc]',
  '[^abc]',
  '[a-c]',
  '[^a-c]',
  '[\\w-]',
  '[^\\d]',
  '[]',
  '[^]',
  '[é-ü]',
  '[😀-😂]',
  '[^😀]',
  '[\\ud800-\\udbff]',
  '[A-Z]',
  '[k-s]',
  'x',
  'y',
  '1',
  ' ',
  '\\1',
  '\\2',
  '\\-',
  '[\\b]',
  'ß',
  'σ',
  'ς',
  'Σ',
  'i',
  'I',
  'ı',
  'İ',
  '\\n',
  '[\\s\\S]',
];
const unicodeAtoms = [
  '\\p{L}',
  '\\P{L}',
  '\\p{Lu}',
  '\\P{Ll}',
  '\\p{Script=Greek}',
  '\\p{ASCII}',
  '\\u{1f600}',
  '[\\p{L}\\d]',
  '[^\\p{Lu}]',
  '\\p{Any}',
  '\\p{Emoji}',
  '[\\P{Lu}]',
];
const setAtoms = [
  '[\\p{L}--[a-z]]',
  '[[a-z]&&[aeiou]]',
  '[\\q{abc|d|ab}]',
  '[^[a-c][x-z]]',
  '[\\w--\\d]',
  '\\p{RGI_Emoji}',
  '[\\p{L}&&\\p{ASCII}]',
  '[\\q{|a|ab}]',
  '[\\p{Emoji}--\\p{ASCII}]',
  '[\\q{KM|s}k]',
  '[^\\P{Lu}]',
  '[\\p{Lu}--\\q{BC}]',
];
const quantifiers = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}', '{0}', '{1,3}?', '{2,4}'];

function pattern(depth, flags) {
  const wide = /[uv]/.test(flags);
  let text = '';
  for (let terms = 1 + random(4); terms > 0; terms--) {
    const choice = random(12);
    if (depth > 0 && choice < 4) {
      const inner = pattern(depth - 1, flags);
      text += pick(['(', '(', '(?:', '(?:', '(?=', '(?!', '(?<=', '(?<!', `(?<n${random(1e9)}>`]) + inner + ')';
    } else if (flags.includes('v') && choice < 6) {
      text += pick(setAtoms);
    } else if (wide && choice < 7) {
      text += pick(unicodeAtoms);
    } else {
      // V8 of Node 20 takes [^] with the v flag for something else.
      text += pick(flags.includes('v') ? atoms.filter((atom) => atom !== '[^]') : atoms);
    }
    if (random(3) === 0) text += pick(quantifiers);
    if (random(8) === 0) text += '|';
  }
  return text;
}

// Repeated parts that may match nothing: whether an empty iteration counts depends on the least count.
const emptyable = [
  '',
  'a?',
  'a*',
  'a*?',
  'a??',
  '|a',
  'a|',
  '^|,',
  '^|a',
  'a|^',
  '$|b',
  '\\b|a',
  '\\B|b',
  'b*|a',
  '(?:)',
  '(?=a)|a',
  '(?=a)',
  '(?!a)',
  '(?=(a))',
  '(?=(a))|b',
  '(?<=a)|b',
  '(?<=(a))|b',
  '(?<!a)|a',
  '(?:a|b?)',
  'a{0,2}',
  'a{0,2}?',
  '(?:b|)a?',
  '(|a)',
  '(a|)',
  '(a)|',
  '|(a)|(b)',
  '(a)|b|',
  '(a*)',
  '(a*?)b?',
  '(a?)(b?)',
  '(a?)??',
  '[ab]?',
  '[ab]*?',
  '.??',
  '(?:a|ab|)',
  '\\1?',
  '\\1',
  '\\1|a',
  '(?:\\1|b)?',
  'a?|(?=b)b',
  '(?:(a)|b|,)*?',
  '(?:^|,)(a?)',
];
const counts = [
  '{2}',
  '{2}?',
  '{3}',
  '{4}',
  '{1}',
  '{0,1}',
  '{1,}',
  '{1,}?',
  '{2,}',
  '{2,}?',
  '{3,}',
  '{1,2}',
  '{1,2}?',
  '{2,3}',
  '{2,3}?',
  '{2,4}?',
  '{3,5}',
  '{0,2}',
  '{0,3}?',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{0}',
];
function emptyLoop(depth) {
  const inner = depth > 0 && random(2) ? emptyLoop(depth - 1) + pick(['', '', 'a', '|b', 'b?', '|']) : pick(emptyable);
  return (
    pick(['(', '(', '(?:', '(?:', '(?:', '(?=', '(?<=', '(?<!', '(?!', '(?<n>'].slice(0, depth > 1 ? 10 : 9)) +
    inner +
    ')'
  );
}
function emptyPattern(flags) {
  const looks = /^\(\?(?:<?[=!])/;
  let text = pick(['', '', '^', '(?:^|b)', 'b?', '(a)?', '(?<=']);
  const close = text === '(?<=' ? ')' : '';
  for (let parts = 1 + random(2); parts > 0; parts--) {
    const part = emptyLoop(random(2));
    text += part + (looks.test(part) && (/[uv]/.test(flags) || part[2] === '<') ? '' : pick(counts));
    text += pick(['', '', 'b', 'x', '$', '\\1', '\\2', ',', 'a']);
  }
  const names = text.split('(?<n>').length - 1;
  if (names > 1) text = text.replaceAll('(?<n>', '(');
  return text + close;
}
const emptyFlags = ['', '', '', 'i', 'u', 'v', 'y', 'g', 'm', 'iu', 'gi', 'gy', 's'];
function emptySubject() {
  let text = '';
  for (let length = random(9); length > 0; length--)
    text += pick(['a', 'a', 'b', 'b', ',', 'x', 'A', 'B', '\n', '😀'].slice(0, random(10) ? 7 : 10));
  return text;
}

// Alternations of words, which the engine makes tries of: prefixes of one another, empty ones, repeated ones, what
// comes after the words.
const alphabets = [
  'ab',
  'abcdefgh',
  'aAbBkKsS\u017f\u212a',
  'äöüßÄÖÜ',
  '\u03c3\u03c2\u03a3\u0430\u0431\u0410',
  '\u4e00\u4e01\u4e02\u9fa5ab',
  ['😀', '😂', '👍', '\ud83d', 'a'],
];
const ends = ['', '', '', '', '', '', '$', '\\b', 'x?', '*', '[ab]', '(a)', '(?=b)', '.', '+?', '(?:a|b|ab|ba)', '\\1'];
const heads = ['', '', '', '', '', '', '', '[a-z]', '[ab]', '(?:a|ab)', '^', '(a)', '(?!a)', '\\u0061'];
function word(alphabet, longest) {
  let text = '';
  for (let length = random(longest + 1); length > 0; length--) text += pick(alphabet);
  return text;
}
function wordList(alphabet, isPlain) {
  const words = [],
    longest = 1 + random(7);
  for (let left = 1 + random(random(4) ? 12 : 80); left > 0; left--) {
    let text = word(alphabet, longest);
    if (words.length && random(3) === 0) text = pick(words).slice(0, random(longest)) + text;
    if (!isPlain && random(6) === 0) text = pick(heads) + text;
    const end = pick(ends);
    if (!isPlain && random(4) === 0 && !(text === '' && /^[*+x]/.test(end))) text += end;
    words.push(text);
  }
  return words;
}
function wordTest() {
  const flags = pick(['', '', 'i', 'i', 'u', 'iu', 'v', 'iv', 'y', 'g', 'gi', 'giu', 'gy', 'm']);
  // V8 confuses the Kelvin sign and the long s with k and s in lists of words, where only u and v let them be equal.
  const isConfused = flags.includes('i') && !/[uv]/.test(flags);
  const alphabet = pick(isConfused ? alphabets.filter((letters) => !letters.includes('\u212a')) : alphabets),
    words = wordList(alphabet, random(2));
  const [before, after] = pick([
    ['', ''],
    ['\\b(?:', ')\\b'],
    ['^(?:', ')$'],
    ['(', ')+'],
    ['(?:', ')*?c'],
    ['(?:', '){2,3}'],
    ['(?=(', '))a'],
    ['(?<=', ')b'],
    ['(?<!', ').'],
    ['x|(?:', ')|y'],
    ['(?:(?:', ')|ab?)'],
  ]);
  const tests = [];
  for (let k = 0; k < 4; k++) {
    let text = '';
    for (let parts = random(6); parts > 0; parts--)
      text += random(2) ? pick(words).replace(/[^\p{L}\p{S}\ud83d]/gu, '') : word(alphabet, 4) + pick(['', ' ']);
    if (random(4) === 0) text = text.toUpperCase();
    tests.push({
      pattern: before + words.join('|') + after,
      flags,
      text,
      start: /[gy]/.test(flags) ? random(text.length + 1) : 0,
    });
  }
  return tests;
}

const pieces = [
  'a',
  'b',
  'c',
  'ab',
  'abc',
  'A',
  'K',
  's',
  'é',
  '\u017f',
  '\u212a',
  '😀',
  '\ud83d',
  '\ude00',
  '1',
  '2',
  ' ',
  '\n',
  '_',
  '-',
  'x',
  'y',
  'z',
  'É',
  'ß',
  'σ',
  'ς',
  'Σ',
  'i',
  'I',
  'ı',
  'İ',
  '\u2028',
  '👍🏽',
  'd',
  'abcabc',
  'aaa',
  'bc',
  'k',
  'S',
];
const narrowPieces = pieces.filter((piece) => [...piece].every((c) => c < '\u0100'));

function subject() {
  const list = random(2) ? pieces : narrowPieces;
  let text = '';
  for (let length = random(12); length > 0; length--) text += pick(list);
  return text;
}

const chosen = [
  '(a*)*',
  '(a*)+',
  '(?:a?)*?b',
  '(z)((a+)?(b+)?(c))*',
  '(?=(a+))a*b\\1',
  '(.*?)a(?!(a+)b\\2c)\\2(.*)',
  '(?:(?=(a)))?b',
  '(?<=(\\d+)(\\d+))$',
  '(?<=\\1(.))b',
  '(?<!abc)\\w',
  'a{2147483648}',
  'a{0,4294967296}',
  '\\c',
  '[\\c]',
  '[\\c1]',
  '[\\c_]',
  '\\c1',
  'a{',
  'a{1',
  'a{,2}',
  '{',
  '{1}',
  'x{1}{1}',
  '}',
  ']',
  '\\8',
  '\\9',
  '\\08',
  '\\377',
  '\\400',
  '[\\1]',
  '[\\8]',
  '\\k',
  '\\k<a>',
  '(?<a>)\\k<a>',
  '(?<a>)\\k',
  '\\k<a>(?<a>x)',
  '(?<𝒜>.)',
  '(?<\\u{61}>.)',
  '(?<a',
  '(?<1a>)',
  '(?a',
  '(?',
  '(',
  ')',
  '[',
  '[b-a]',
  '[\\d-x]',
  '[x-\\d]',
  '[--\\d]',
  '(?=a)*',
  '(?<=a)*',
  '(?!a){2}',
  '\\u{61}',
  '\\u',
  '\\x1',
  '\\p{L}',
  '\\p',
  '\\p{Foo}',
  '\\p{Script=Foo}',
  '\\p{sc=Grek}+',
  '\\p{scx=Grek}+',
  '[\\p{L}-z]',
  '\\-',
  '\\a',
  '\\_',
  '(?<a>x)(?<a>y)',
  '[a&&b]',
  '[a--b]',
  '[a&&&b]',
  '[(]',
  '[a-z&&b]',
  '[\\q{ab}--\\q{ab}]',
  '[^\\q{ab}]',
  '[^\\q{a}]',
  '[^\\p{RGI_Emoji}]',
  '\\P{RGI_Emoji}',
  '\\p{Emoji_Keycap_Sequence}',
  '[&&]',
  '[a&&]',
  '[!!]',
  '\\p{RGI_Emoji_Flag_Sequence}',
  '[\\b]',
  '[\\B]',
  '(?:)',
  '',
  '|',
  'a|',
  '|a',
  '(|a)+',
  '^*',
  '^',
  '$',
  '\\b+',
  'a**',
  'a+++',
  '+a',
  '(?:+a)',
  '\\ud83d',
  '[\\ud83d\\ude00]',
  '^[^\\ud83d]',
  '\\ud83d\\ude00*',
  '(?:ab|cd|ef|gh|ij|a.)+x?',
  '(?:abc|abd|b|c|ab){2,3}',
  '[^x]*y',
  '.*x',
  '.*?(?:a|b)$',
  '(\\w+)\\s(\\w+)',
  '(?:a|ab)(?:c|bcd)(?:d*)',
  '((((((((((a))))))))))\\10',
  '(?:(a)|b)*',
  '(?:(a)|(b)|c)*',
  '((a)|b)*?c',
];
const flagSets = ['', 'i', 'u', 'iu', 'v', 'iv', 'm', 's', 'g', 'gi', 'gu', 'gv', 'giu', 'giv', 'gms', 'y', 'gy', 'd'];

const hex = (text) =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('') || '-';

function expected(test) {
  let regexp;
  try {
    regexp = new RegExp(test.pattern, test.flags + (test.flags.includes('d') ? '' : 'd'));
  } catch {
    return 'error';
  }
  let result = '';
  regexp.lastIndex = test.start;
  for (let matches = 0; matches < 20; matches++) {
    const match = regexp.exec(test.text);
    if (!match) break;
    // V8 finds empty matches inside surrogate pairs, where the specification has no position.
    const inPair = /[uv]/.test(test.flags) && match.index > 0 && test.text.codePointAt(match.index - 1) > 0xffff;
    if (inPair) return null;
    for (const range of match.indices) result += range ? `,${range[0]}:${range[1]}` : ',-';
    result += ';';
    if (!/[gy]/.test(test.flags)) break;
    if (match[0] === '') {
      const pair = /[uv]/.test(test.flags) && test.text.codePointAt(regexp.lastIndex) > 0xffff;
      regexp.lastIndex += pair ? 2 : 1;
    }
  }
  return result;
}

const tests = [];
for (const text of chosen) {
  for (const flags of flagSets)
    tests.push({ pattern: text, flags, text: pick(['aabbab', 'zaacbbbcac', 'abc😀b', subject()]), start: 0 });
}
for (let i = 0; i < Number(count); i++) {
  const flags = pick(flagSets);
  const text = pattern(2, flags);
  for (let k = 0; k < 3; k++) {
    const test = { pattern: text, flags, text: subject(), start: 0 };
    if (/[gy]/.test(flags) && random(3) === 0) test.start = random(test.text.length + 1);
    tests.push(test);
  }
}
for (let i = 0; i < Number(count) / 2; i++) {
  const flags = pick(emptyFlags),
    text = emptyPattern(flags);
  for (let k = 0; k < 4; k++) tests.push({ pattern: text, flags, text: emptySubject(), start: 0 });
}
for (let i = 0; i < Number(count); i++) tests.push(...wordTest());
const input = tests.map((t) => `m ${t.flags || '-'} ${hex(t.pattern)} ${hex(t.text)} ${t.start}\n`).join('');
const run = spawnSync(probe, { input, encoding: 'utf8', maxBuffer: 1 << 30 });
const lines = run.stdout.split('\n');
let failures = 0;
tests.forEach((test, index) => {
  const line = lines[index] ?? 'missing';
  if (line.startsWith('interrupted')) return; // the host would not end either
  const wanted = expected(test);
  if (wanted === null) return;
  const same = wanted === 'error' ? line.startsWith('error ') : line === wanted;
  if (same) return;
  if (failures++ < 40) console.log(JSON.stringify(test), '\n  expected', wanted, '\n  actual  ', line);
});
if (run.status !== 0) console.log('the probe ended with', run.status, run.signal, run.stderr.slice(0, 3000));
console.log(`${tests.length} matches, ${failures} differences`);
process.exitCode = failures || run.status ? 1 : 0;
