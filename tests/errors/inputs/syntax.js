// Each text is refused; line, column, source line and a caret are in the stack.
const texts = [
  'foo bar',
  'let a = 1;\nlet b = ;\n',
  'function f() {\n\treturn {\n\t\ta: 1 b: 2\n\t};\n}',
  '"unterminated\nstring"',
  'let x; let x;',
  'for (const a of [1]) {\n  break outer;\n}',
  'class A { constructor() {} constructor() {} }',
  'a => { await b }',
  '`text ${1 + } more`',
  '/(/',
  '"use strict"; with (a) {}',
  '1 = 2',
  'if (true) {',
  'x'.repeat(150) + ' y ' + 'z'.repeat(150),
  'const é = "ü"; const 漢 = ;',
  'return 1',
  'new.target',
  'import x from "y"',
];
for (const text of texts) {
  try {
    (0, eval)(text);
    console.log('no error', text);
  } catch (error) {
    console.log(error.stack.split('\n').slice(0, 4).join('\n') + '\n');
  }
}
try {
  new Function('a', 'return a +');
} catch (error) {
  console.log(error.name, error.message);
}
