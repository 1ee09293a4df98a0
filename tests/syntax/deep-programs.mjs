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
  'ternaries in generator': (n) => [
    '(function*(x){try { yield ' + rep('x?', n) + '(yield 7)' + rep(':0', n) + '} finally {}})(1).next().value',
    7,
  ],
  'for of': (n) => ['let t=0;' + rep('for(const x of [1]){', n) + 't+=x;' + rep('}', n) + ';t', 1],
  'for of, left by return': (n) => [
    '(function(){' + rep('for(const x of [7]){', n) + 'return x' + rep('}', n) + '})()',
    7,
  ],
  'for of, left by break': (n) => [
    'let t=0;l:{' + rep('for(const x of [1,2]){t++;', n) + 'break l' + rep('}', n) + '}t',
    n,
  ],
  'for in': (n) => ['let t=0;' + rep('for(var x in {a:1}){', n) + 't=7;' + rep('}', n) + ';t', 7],
  'for await': (n) => [
    'let f=async()=>{' + rep('for await(const x of []){', n) + rep('}', n) + '};typeof f',
    'function',
  ],
  'heads of for of': (n) => [
    'let t;for(t of ' + rep('[', n) + '7' + rep(']', n) + ');typeof t',
    n > 1 ? 'object' : 'number',
  ],
  'heads of for in': (n) => ['let t;for(t in ' + rep('(', n) + '{a:1}' + rep(')', n) + ');t', 'a'],
  'heads of for': (n) => {
    const nested = rep('(', n) + '7' + rep(')', n);
    return [`let t,i=0;for(t=${nested};i<${nested};i+=${nested})t+=i;t`, 7];
  },
  'functions in heads of for of': (n) => [
    rep('(()=>{for(const x of ', n) + '[7]' + rep(')return [x]})()', n) + '[0]',
    7,
  ],
  try: (n) => ['let t=0;' + rep('try{', n) + 't=7' + rep('}finally{t++}', n) + ';t', 7 + n],
  'try, left by return': (n) => [
    'var t=0;(function(){' + rep('try{', n) + 'return 7' + rep('}finally{t++}', n) + '})()+t',
    7 + n,
  ],
  'try, left by break': (n) => ['let t=0;l:{' + rep('try{', n) + 'break l' + rep('}finally{t++}', n) + '}t', n],
  'try, left by an error': (n) => [
    'let t=0;try{' + rep('try{', n) + 'throw 7' + rep('}finally{t++}', n) + '}catch(e){t+=e}t',
    7 + n,
  ],
  'finally in finally': (n) => ['let t=0;' + rep('try{}finally{', n) + 't=7' + rep('}', n) + ';t', 7],
  'catch in try': (n) => [
    'let t=0;' + rep('try{', n) + 'throw 7' + rep('}catch(e){t++;throw e}', n - 1) + '}catch(e){t+=e}t',
    6 + n,
  ],
  'catch in catch': (n) => ['let t=0;' + rep('try{throw 7}catch(e){', n) + 't=e' + rep('}', n) + ';t', 7],
  'iterators in try': (n) => [
    '(function(){' + rep('try{for(const x of [7]){', n) + 'return x' + rep('}}finally{}', n) + '})()',
    7,
  ],
  'yield in for of': (n) => [
    '(function*(){for(let x of [1])' + rep('(yield ', n) + '7' + rep(')', n) + '})().next().value',
    7,
  ],
  'yield in finally': (n) => [
    'let t=0;const i=(function*(){try{' +
      rep('(yield ', n) +
      '7' +
      rep(')', n) +
      '}finally{t=7}})();i.next();i.return(7).value+t',
    14,
  ],
  using: (n) => ['let t=0;' + rep('{using a={[Symbol.dispose](){t++}};', n) + rep('}', n) + 't', n],
  'computed keys': (n) => ['let o=' + rep('{[', n) + '"a"' + rep(']:1}', n) + ';typeof o', 'object'],
  'computed keys of classes': (n) => ['let c=' + rep('class{static[(', n) + '0' + rep(',"a")]=1}', n) + ';c.a', 1],
  'array patterns': (n) => ['let ' + rep('[', n) + 'a' + rep(']', n) + '=' + rep('[', n) + '7' + rep(']', n) + ';a', 7],
  'object patterns': (n) => [
    'let ' + rep('{a:', n) + 'a' + rep('}', n) + '=' + rep('{a:', n) + '7' + rep('}', n) + ';a',
    7,
  ],
  'array patterns assigned': (n) => [
    'var a;' + rep('[', n) + 'a' + rep(']', n) + '=' + rep('[', n) + '7' + rep(']', n) + ';a',
    7,
  ],
  'object patterns assigned': (n) => [
    'var a;(' + rep('{a:', n) + 'a' + rep('}', n) + '=' + rep('{a:', n) + '7' + rep('}', n) + ');a',
    7,
  ],
  'patterns with defaults': (n) => ['let ' + rep('[', n) + 'a=7' + rep(']=[]', n) + ';a', 7],
  'patterns as defaults': (n) => ['var a;' + rep('[a=', n) + '7' + rep(']=[]', n) + ';Array.isArray(a)||a', n > 1 || 7],
  'patterns of the rest': (n) => ['let ' + rep('[...', n) + 'a' + rep(']', n) + '=[7];a[0]', 7],
  'patterns in computed keys': (n) => [rep('(()=>{let {[', n) + '"a"' + rep(']:a}={a:"a"};return a})()', n), 'a'],
  'patterns of parameters': (n) => [
    '(function(' + rep('[', n) + 'a' + rep(']', n) + '){return a})(' + rep('[', n) + '7' + rep(']', n) + ')',
    7,
  ],
  'patterns of parameters of arrows': (n) => ['((' + rep('{a:', n) + 'a' + rep('=7}={}', n) + ')=>a)({})', 7],
  'patterns of catch': (n) => [
    'var r;try{throw ' + rep('[', n) + '7' + rep(']', n) + '}catch(' + rep('[', n) + 'a' + rep(']', n) + '){r=a};r',
    7,
  ],
  parameters: (n) => [rep('(function(a=', n) + '7' + rep('){return a})()', n), 7],
  'parameters of async arrows': (n) => ['let f=' + rep('async(a=', n) + '7' + rep(')=>a', n) + ';typeof f', 'function'],
  'calls of async': (n) => ['let async=x=>x;' + rep('async(', n) + '7' + rep(')', n), 7],
  import: (n) => ['let f=()=>' + rep('import(', n) + '"x"' + rep(')', n) + ';typeof f', 'function'],
  decorators: (n) => ['let d=()=>{};typeof ' + rep('@(()=>', n) + 'd' + rep(') class{}', n), 'function'],
  'arguments of decorators': (n) => [
    'let d=()=>()=>{};typeof ' + rep('@d(', n) + '0' + rep(') class{}', n),
    'function',
  ],
  'tagged templates': (n) => ['let f=(s,a)=>a;' + rep('f`${', n) + '7' + rep('}`', n), 7],
  'regexp groups': (n) => ['/' + rep('(?:', n) + 'a' + rep(')', n) + '/.test("a")', true],
  'regexp captures': (n) => ['/' + rep('(', n) + 'a' + rep(')', n) + '$/.exec("ba").length', n + 1],
  'regexp lookaheads': (n) => ['/' + rep('(?!', n) + 'a' + rep(')', n) + '/.test("b")', n % 2 === 1],
  'regexp lookbehinds': (n) => ['/' + rep('(?<=', n) + 'a' + rep(')', n) + '/.exec("ba").index', 2],
  'regexp quantifiers': (n) => ['/^' + rep('(?:', n) + 'a' + rep(')*', n) + '$/.test("aaa")', true],
  'regexp alternatives': (n) => ['/^' + rep('(?:b|', n) + 'a' + rep('|c)', n) + '$/.exec("c")[0]', 'c'],
  'regexp names': (n) => [
    '/' +
      Array.from({ length: n }, (_, i) => `(?<g${i}>`).join('') +
      `a` +
      rep(')', n) +
      `/.exec("a").groups.g${n - 1}`,
    'a',
  ],
  'regexp modifiers': (n) => ['/' + rep('(?i:', n) + 'a' + rep(')', n) + '/.test("A")', true],
  'regexp classes': (n) => ['/' + rep('[b', n) + 'a' + rep(']', n) + '/v.test("a")', true],
  'regexp operations of classes': (n) => ['/' + rep('[', n) + '[ab]' + rep('&&a]', n) + '/v.test("b")', false],
  'regexp strings of classes': (n) => [
    '/^[\\q{' + rep('ab', n) + '|' + rep('ab', n) + 'c}]$/v.test("ab".repeat(' + n + ')+"c")',
    true,
  ],
};
