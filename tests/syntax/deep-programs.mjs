// Programs that are nested as deeply as one likes: the name of each kind, and a function of the depth to a program and
// what it comes to.

/** @param {string} text @param {number} n */
const rep = (text, n) => text.repeat(n);

/** @type {Record<string, (n: number) => [source: string, value: string | number | boolean]>} */
export const programs = {
  'ternaries third': (n) => [rep('0?1:', n) + '7', 7],
  'ternaries second': (n) => [rep('1?', n) + '7' + rep(':0', n), 7],
  'ternaries first': (n) => [rep('(', n) + '1' + rep('?1:0)', n) + '?7:8', 7],
  'ternaries third paren': (n) => [rep('0?1:(', n) + '7' + rep(')', n), 7],
  'ternaries in strict function': (n) => [
    '(function(x){"use strict";return ' + rep('x?', n) + 'g(x)' + rep(':0', n) + ';function g(x){return 7}})(1)',
    7,
  ],
  'ternaries as test of if': (n) => ['(function(x){if(' + rep('(', n) + 'x' + rep('?1:0)', n) + ')return 7})(1)', 7],
  'ternaries in try': (n) => [
    '(function(x){try{return ' + rep('x?', n) + '(()=>{throw 7})()' + rep(':0', n) + '}catch(e){return e}})(1)',
    7,
  ],
  'ternaries in loop': (n) => [
    '(function(x){let t=0;for(let i=0;i<7;i++){if(i>100)break;t+=' +
      rep('x?', n) +
      '1' +
      rep(':0', n) +
      '};return t})(1)',
    7,
  ],
  parens: (n) => [rep('(', n) + '7' + rep(')', n), 7],
  arrays: (n) => ['let a=' + rep('[', n) + '7' + rep(']', n) + ';let d=0;while(Array.isArray(a)){a=a[0];d++};d', n],
  objects: (n) => ['let o=' + rep('{a:', n) + '7' + rep('}', n) + ';let d=0;while(typeof o=="object"){o=o.a;d++};d', n],
  calls: (n) => ['function f(x){return x+1} ' + rep('f(', n) + '0' + rep(')', n), n],
  'method calls': (n) => ['const o={f(x){return x+1}};' + rep('o.f(', n) + '0' + rep(')', n), n],
  'new': (n) => ['class A{constructor(x){this.d=x?x.d+1:1}};(' + rep('new A(', n) + ')'.repeat(n) + ').d', n],
  'additions to the right': (n) => ['let a=1;' + rep('a+(', n) + '0' + rep(')', n), n],
  'logical to the right': (n) => ['let a=1;' + rep('a&&(', n) + '7' + rep(')', n), 7],
  assignments: (n) => ['let a;' + rep('a=', n) + '7', 7],
  prefix: (n) => [rep('- ', n) + '7', n % 2 ? -7 : 7],
  not: (n) => [rep('!', n) + '0', n % 2 ? true : false],
  powers: (n) => [rep('1**', n) + '7', 1],
  templates: (n) => [rep('`${', n) + '7' + rep('}`', n), '7'],
  index: (n) => ['const a=[0];' + rep('a[', n) + '0' + rep(']', n), 0],
  spread: (n) => [rep('[...', n) + '[7]' + rep(']', n) + '[0]', 7],
  comma: (n) => [rep('(0,', n) + '7' + rep(')', n), 7],
  functions: (n) => [rep('(function(){return ', n) + '7' + rep('})()', n), 7],
  'function declarations': (n) => [
    'var r=[];' +
      Array.from({ length: n }, (_, i) => `function f${i}(){`).join('') +
      'r.push(7)' +
      Array.from({ length: n }, (_, i) => n - 1 - i)
        .map((i) => `}f${i}()`)
        .join(';') +
      ';r[0]',
    7,
  ],
  closures: (n) => ['let a=7;' + rep('(()=>{let b=1;return ', n) + 'a' + rep('})()', n), 7],
  'closures all levels': (n) => [
    Array.from({ length: n }, (_, i) => `((v${i})=>v${i >> 1}+`).join('') + '0' + rep(')(1)', n),
    n,
  ],
  'arrow chain': (n) => ['let f=' + rep('a=>', n) + '7;let d=0;while(typeof f=="function"){f=f();d++};d', n],
  'arrows with bodies': (n) => [
    'let f=' + rep('()=>{return ', n) + '7' + rep('}', n) + ';let d=0;while(typeof f=="function"){f=f();d++};d',
    n,
  ],
  async: (n) => ['let f=' + rep('async()=>{return ', n) + '7' + rep('}', n) + ';typeof f', 'function'],
  'async parens': (n) => ['let f=' + rep('async(x)=>(', n) + '7' + rep(')', n) + ';typeof f', 'function'],
  generators: (n) => [
    'let f=' +
      rep('function*(){yield ', n) +
      '7' +
      rep('}', n) +
      ';let d=0;while(typeof f=="function"){f=f().next().value;d++};d',
    n,
  ],
  'classes fields': (n) => [
    'let c=' + rep('class{static a=', n) + '7' + rep('}', n) + ';let d=0;while(typeof c=="function"){c=c.a;d++};d',
    n,
  ],
  'classes heritage': (n) => [
    'let c=' +
      rep('class extends (', n) +
      'Object' +
      rep('){}', n) +
      ';let d=0;while(c!==Object){c=Object.getPrototypeOf(c);d++};d',
    n,
  ],
  'classes heritage direct': (n) => [
    'let c=' +
      rep('class extends ', n) +
      'Object' +
      rep('{}', n) +
      ';let d=0;while(c!==Object){c=Object.getPrototypeOf(c);d++};d',
    n,
  ],
  'classes methods': (n) => [
    'let c=' +
      rep('class{static m(){return ', n) +
      '7' +
      rep('}}', n) +
      ';let d=0;while(typeof c=="function"){c=c.m();d++};d',
    n,
  ],
  'classes instance fields': (n) => [
    'let c=' + rep('class{a=', n) + '7' + rep('}', n) + ';let d=0;while(typeof c=="function"){c=new c().a;d++};d',
    n,
  ],
  'static blocks': (n) => ['let t=0;' + rep('class A{static{', n) + 't=7' + rep('}}', n) + ';t', 7],
  'private names': (n) => ['let t=0;' + rep('(class{#a=', n) + '7' + rep('})', n) + ';7', 7],
  'object methods': (n) => [
    'let o=' + rep('{m(){return ', n) + '7' + rep('}}', n) + ';let d=0;while(typeof o=="object"){o=o.m();d++};d',
    n,
  ],
  blocks: (n) => ['let t=0;' + rep('{', n) + 't=7' + rep('}', n) + ';t', 7],
  'let blocks': (n) => ['let t=0;' + rep('{let a=1;', n) + 't=a' + rep('}', n) + ';t', 1],
  ifs: (n) => ['let t=0;' + rep('if(1)', n) + 't=7;t', 7],
  'if blocks': (n) => ['let t=0;' + rep('if(1){', n) + 't=7' + rep('}', n) + ';t', 7],
  'if else blocks': (n) => ['let t=0;' + rep('if(0){}else{', n) + 't=7' + rep('}', n) + ';t', 7],
  whiles: (n) => ['let t=0;' + rep('while(t!=7){', n) + 't=7' + rep('}', n) + ';t', 7],
  fors: (n) => ['let t=0;' + rep('for(;t!=7;)', n) + 't=7;t', 7],
  'fors with break': (n) => ['let t=0;' + rep('for(;;){', n) + 't++;' + rep('break}', n) + ';t', 1],
  labels: (n) => ['let t=0;' + Array.from({ length: n }, (_, i) => `l${i}:`).join('') + '{t=7;break l0}t', 7],
  switch: (n) => ['let t=0;' + rep('switch(1){case 1:', n) + 't=7' + rep('}', n) + ';t', 7],
  with: (n) => ['var t=0;' + rep('with({})', n) + 't=7;t', 7],
  await: (n) => ['let f=async()=>{' + rep('await ', n) + '7};typeof f', 'function'],
  yield: (n) => ['(function*(){' + rep('yield ', n) + '7})().next().value', 7],
  'optional chains': (n) => ['const a=[0];' + rep('a?.[', n) + '0' + rep(']', n), 0],
  'default parameters': (n) => [rep('((a=', n) + '7' + rep(')=>a)()', n), 7],
};

// What keeps a limit: compiled, or refused by a RangeError or, in patterns, a SyntaxError.
/** @type {Record<string, (n: number) => [source: string, value: string | number | boolean]>} */
export const limited = {
  'ternaries in generator': (n) => [
    '(function*(x){try { yield ' + rep('x?', n) + '(yield 7)' + rep(':0', n) + '} finally {}})(1).next().value',
    7,
  ],
  'for of': (n) => ['let t=0;' + rep('for(const x of [1]){', n) + 't=7;' + rep('}', n) + ';t', 7],
  try: (n) => ['let t=0;' + rep('try{', n) + 't=7' + rep('}finally{}', n) + ';t', 7],
  'array patterns': (n) => [
    'var a;' + rep('[', n) + 'a' + rep(']', n) + '=' + rep('[', n) + '7' + rep(']', n) + ';a',
    7,
  ],
  'regexp groups': (n) => ['/' + rep('(?:', n) + 'a' + rep(')', n) + '/.test("a")', true],
};
