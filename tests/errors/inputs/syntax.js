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
  // Brackets that are not closed say where they are.
  'function f() {\n  if (x) {\n    y();\n}',
  'foo(1, 2\nbar();',
  'const fn = function () {\n  return {\n    b: [1, 2, 3\n  };\n}',
  'const o = {\n  a: 1\n  b: 2\n};',
  '`text ${x',
  'x = `text\nmore',
  '1;\n/* comment',
  'x = /[a/',
  'class A extends { }',
  'const a = [1 2];',
  'switch (x) { foo(); }',
  'const o = { "a" };',
  // Words in the wrong place.
  'function f() { await g(); }',
  'const x = await load("y");',
  'list.forEach((x) => { for await (const y of x); })',
  'function f() { yield 1 }',
  'const new = 1;',
  'let enum = 1;',
  'const { if } = x;',
  'if (a) let x = 1;',
  'class A { const x = 1 }',
  'class A { constructor { } }',
  '(...a, b) => 1',
  'const { ...a, b } = c;',
  '() + 1',
  '(a,)',
  'a ?? b || c',
  // Characters.
  'const s = “text”;',
  'const s = 1;\u200b',
  'const s = "\\u{110000}";',
  'x = /a/gg',
  '/* \u{1F600} */ let b = "\u{1F600}" "x";',
  'a = 1;\r\nb = 2;\r\n\tc = = 3;\r\nd',
  // TypeScript and JSX.
  'let x: number = 5;',
  'const f = async (a: string) => a;',
  'function f(a?: string): void {}',
  'interface User { name: string }',
  'enum Color { Red }',
  'const x = y as string;',
  'const x = y!.z;',
  'class A { private x = 1; }',
  'class A { x: number; }',
  'class A implements B {}',
  'const el = <div>hello</div>;',
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
