import YAML from 'yaml';

const text = `# c
a: &x {b: 1, c: [1, 2.5, 0x1f, .inf, -.nan, ~, true]}
d: *x
s: |
  lines
   of text
f: >-
  folded
  text
date: 2001-12-14t21:59:43.10-05:00
? complex
: "esc \\u263a \\x41"
list:
- x: 1
  y: 2
- [p, {q: r}]
`;
console.log(JSON.stringify(YAML.parse(text)));
console.log(
  YAML.stringify({
    a: [1, { b: 'multi\nline' }],
    n: null,
    'k: y': 'yes',
    t: 'true',
    e: '',
    num: '12',
    long: 'word '.repeat(40),
  }),
);
const document = YAML.parseDocument('a: 1 # one\nb: [x, y]\n');
document.set('c', 5);
document.getIn(['b']).add('z');
console.log(String(document));
console.log(
  YAML.parseDocument('a: {b: ]')
    .errors.map((error) => error.message)
    .join('\n'),
);
