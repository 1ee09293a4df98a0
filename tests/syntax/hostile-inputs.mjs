// Programs that are large or deep without bound: a name and a function of a size to a source text.

/** @param {string} open @param {string} inner @param {string} close @returns {(n: number) => string} */
const nested = (open, inner, close) => (n) => open.repeat(n) + inner + close.repeat(n);
/** @param {number} n @param {(i: number) => string | number} item */
const list = (n, item, separator = ',') => Array.from({ length: n }, (_, i) => item(i)).join(separator);

// Nested: small ones have to parse, large ones may be refused.
/** @type {Record<string, (n: number) => string>} */
export const deep = {
  'array literals': nested('[', '', ']'),
  'object literals': (n) => `x=${'{a:'.repeat(n)}1${'}'.repeat(n)}`,
  parentheses: nested('(', '1', ')'),
  blocks: nested('{', '', '}'),
  'function expressions': nested('(function(){', '', '})'),
  'immediately called functions': nested('(function(){', '', '})()'),
  'arrow functions': (n) => `${'a=>'.repeat(n)}1`,
  'arrow functions with bodies': nested('()=>{', '', '}'),
  'parenthesised arrow functions': nested('(()=>', '1', ')'),
  'arrow functions in parameters': nested('(a=', '1', ')=>1'),
  'async arrow functions': (n) => `${'async a=>'.repeat(n)}1`,
  'async calls': nested('async(', '', ')'),
  classes: nested('class A{static{', '', '}}'),
  'class expressions': nested('(class{a=', '1', '})'),
  'class heritage': nested('class A extends(', 'Object', '){}'),
  'computed class members': nested('(class{[', '1', ']=1})'),
  templates: nested('`${', '1', '}`'),
  'tagged templates': nested('f`${', '1', '}`'),
  calls: nested('f(', '', ')'),
  'chains of calls': (n) => `f${'()'.repeat(n)}`,
  'chains of members': (n) => `a${'.b'.repeat(n)}`,
  'chains of elements': (n) => `a${'[0]'.repeat(n)}`,
  'chains of optional members': (n) => `null${'?.b'.repeat(n)}`,
  'chains of tagged templates': (n) => `f${'``'.repeat(n)}`,
  'nested elements': nested('a[', '0', ']'),
  'new': (n) => `${'new '.repeat(n)}Object`,
  'new with arguments': nested('new Object(', '', ')'),
  minus: (n) => `${'- '.repeat(n)}1`,
  not: (n) => `${'!'.repeat(n)}1`,
  typeof: (n) => `${'typeof '.repeat(n)}1`,
  void: (n) => `${'void '.repeat(n)}1`,
  delete: (n) => `${'delete '.repeat(n)}a`,
  await: (n) => `async()=>{${'await '.repeat(n)}1}`,
  yield: (n) => `function*g(){${'yield '.repeat(n)}1}`,
  'spread arrays': nested('[...', '[]', ']'),
  'conditionals to the right': (n) => `${'0?1:'.repeat(n)}1`,
  'conditionals to the left': (n) => `${'1?'.repeat(n)}1${':1'.repeat(n)}`,
  assignments: (n) => `var a;${'a='.repeat(n)}1`,
  'logical assignments': (n) => `var a;${'a??='.repeat(n)}1`,
  powers: (n) => `${'1**'.repeat(n)}1`,
  'array patterns': (n) => `var ${'['.repeat(n)}a${']'.repeat(n)}=[]`,
  'object patterns': (n) => `var ${'{a:'.repeat(n)}b${'}'.repeat(n)}={}`,
  'array assignment patterns': (n) => `var a;(${'['.repeat(n)}a${']'.repeat(n)}=[])`,
  'pattern defaults': (n) => `var [${'a=['.repeat(n)}${']'.repeat(n)}]=[]`,
  'rest patterns': (n) => `var ${'[...'.repeat(n)}a${']'.repeat(n)}=[]`,
  'parameter patterns': (n) => `function f(${'['.repeat(n)}a${']'.repeat(n)}){}`,
  'default parameters': (n) => `${'(function(a='.repeat(n)}1${'){})'.repeat(n)}`,
  if: (n) => `${'if(1)'.repeat(n)};`,
  'if with else': (n) => `${'if(0);else '.repeat(n)};`,
  while: (n) => `${'while(0)'.repeat(n)};`,
  'do while': nested('do ', ';', 'while(0);'),
  for: (n) => `${'for(;0;)'.repeat(n)};`,
  'for of': (n) => `${'for(var a of [])'.repeat(n)};`,
  'for await': (n) => `async()=>{${'for await(var a of [])'.repeat(n)};}`,
  with: (n) => `${'with({})'.repeat(n)};`,
  labels: (n) => `${list(n, (i) => `a${i}:`, '')};`,
  try: nested('try{', '', '}finally{}'),
  catch: nested('try{}catch(e){', '', '}'),
  switch: nested('switch(1){case 1:', '', '}'),
  'switch in a case': (n) => `switch(1){case ${'(()=>{switch(1){case '.repeat(n)}1${':}})()'.repeat(n)}:}`,
  getters: nested('({get a(){return ', '1', '}})'),
  generators: nested('function*g(){', '', '}'),
  'async functions': nested('async function g(){', '', '}'),
  'let scopes': nested('{let a=1;', '', '}'),
  'closures over each other': (n) => `${list(n, (i) => `()=>{let a${i}=${i};`, '')}${'}'.repeat(n)}`,
  'private names': nested('(class{#a=', '1', '})'),
  'import calls': nested('import(', '""', ')'),
  'groups of a regular expression': (n) => `/${'('.repeat(n)}${')'.repeat(n)}/`,
  'groups of a pattern': (n) => `new RegExp("(?:".repeat(${n})+")".repeat(${n}))`,
  'lookbehinds of a pattern': (n) => `new RegExp("(?<=".repeat(${n})+")".repeat(${n}))`,
  'quantifiers of a pattern': (n) => `new RegExp("(?:".repeat(${n})+"a"+"*)".repeat(${n})).test("b")`,
  'JSON arrays': (n) => `JSON.parse("[".repeat(${n})+"]".repeat(${n}))`,
  'JSON objects': (n) => `JSON.parse('{"a":'.repeat(${n})+"1"+"}".repeat(${n}))`,
  'mixed brackets': (n) => `x=${'[{a:('.repeat(n)}1${')}]'.repeat(n)}`,
  'classes of a pattern': (n) => `new RegExp("[".repeat(${n})+"]".repeat(${n}),"v")`,
};

// Neither large nor small ones of these are programs that run.
/** @type {Record<string, (n: number) => string>} */
export const broken = {
  'open brackets only': (n) => '['.repeat(n),
  'open parentheses only': (n) => '('.repeat(n),
  comments: (n) => '/*'.repeat(n),
  'Function bodies': (n) => `Function("[".repeat(${n}))`,
  'eval in eval': (n) => `var s="eval(s)";if(${n})eval(s)`,
};

// Sums of many terms and the like: have to run.
/** @param {string} separator @returns {(n: number) => string} */
const terms = (separator) => (n) => `var a=1;a=${list(n, () => 'a', separator)};`;
/** @type {Record<string, (n: number) => string>} */
export const long = {
  'a + a': terms('+'),
  'a - a': terms('-'),
  'a * a': terms('*'),
  'a , a': terms(','),
  'a ?? a': terms('??'),
  'a || a': terms('||'),
  'a && a': terms('&&'),
  'a | a': terms('|'),
  'a == a': terms('=='),
  'a < a': terms('<'),
  'a in a': (n) => `var a={};a=1 in ${list(n, () => 'a', ',')}`,
  'sums of numbers': (n) => `if((${list(n, () => '1', '+')})!==${n})throw 1`,
  'concatenations of texts': (n) => `if((${list(n, () => '"ab"', '+')}).length!==${2 * n})throw 1`,
  'concatenations of names': (n) => `var a="ab";if((${list(n, () => 'a', '+')}).length!==${2 * n})throw 1`,
  'a template of many parts': (n) => `var a=1;if(\`${'${a}b'.repeat(n)}\`.length!==${2 * n})throw 1`,
  'member calls': (n) => `var f=()=>f;f.f=f;f${'.f()'.repeat(n)}`,
  statements: (n) => 'var a=0;a++;'.repeat(n),
  'empty statements': (n) => ';'.repeat(n),
  'array elements': (n) => `if([${list(n, (i) => i)}].length!==${n})throw 1`,
  'array holes': (n) => `if([${','.repeat(n)}].length!==${n})throw 1`,
  'object properties': (n) => `if(Object.keys({${list(n, (i) => `a${i}:${i}`)}}).length!==${n})throw 1`,
  'indexed properties': (n) => `if(Object.keys({${list(n, (i) => `${i}:${i}`)}}).length!==${n})throw 1`,
  functions: (n) => `${list(n, (i) => `function f${i}(){return ${i}}`, '')}if(f${n - 1}()!==${n - 1})throw 1`,
  closures: (n) => `let a=1;const l=[${list(n, () => '()=>a')}];if(l[${n - 1}]()!==1)throw 1`,
  'switch cases': (n) =>
    `switch(${n - 1}){${list(n, (i) => `case ${i}:${i === n - 1 ? 'var ok=1;' : 'break;'}`, '')}}if(!ok)throw 1`,
  'switch cases with texts': (n) =>
    `switch("c${n - 1}"){${list(n, (i) => `case "c${i}":${i === n - 1 ? 'var ok=1;' : 'break;'}`, '')}}if(!ok)throw 1`,
  'else if': (n) => `var a=${n - 1};${list(n, (i) => `if(a===${i})a="ok${i}";`, 'else ')}`,
  'class members': (n) => `class A{${list(n, (i) => `m${i}(){}`, '')}}if(!A.prototype.m${n - 1})throw 1`,
  'class fields': (n) => `class A{${list(n, (i) => `m${i}=${i}`, ';')}}if(new A().m${n - 1}!==${n - 1})throw 1`,
  'a long text': (n) => `if("${'x'.repeat(n * 10)}".length!==${n * 10})throw 1`,
  'a long wide text': (n) => `if("${'\u4e2d'.repeat(n)}".length!==${n})throw 1`,
  'a long text of escapes': (n) => `if("${'\\u{61}'.repeat(n)}".length!==${n})throw 1`,
  'a long template': (n) => `if(\`${'x'.repeat(n * 10)}\`.length!==${n * 10})throw 1`,
  'a long name': (n) => `var ${'x'.repeat(n * 10)}=1;if(${'x'.repeat(n * 10)}!==1)throw 1`,
  'a long number': (n) => `if(${'1'.repeat(n)}!==Infinity)throw 1`,
  'a long bigint': (n) => `if(${'1'.repeat(Math.min(n, 20000))}n===0n)throw 1`,
  'a long comment': (n) => `/*${'*\n'.repeat(n * 10)}*/`,
  'a long line': (n) => ' '.repeat(n * 10),
  'try statements': (n) => 'try{}catch{}'.repeat(n),
  loops: (n) => 'for(;0;);'.repeat(n),
  'lets in loops': (n) => 'for(let i=0;i<1;i++);'.repeat(n),
};

// Up to the limits of the bytecode: run, or refused with a clear error.
/** @type {Record<string, (n: number) => string>} */
export const wide = {
  locals: (n) => `(function(){var ${list(n, (i) => `a${i}=${i}`)};if(a${n - 1}!==${n - 1})throw 1})()`,
  'lexical locals': (n) => `(function(){let ${list(n, (i) => `a${i}=${i}`)};if(a${n - 1}!==${n - 1})throw 1})()`,
  'captured locals': (n) =>
    `(function(){let ${list(n, (i) => `a${i}=${i}`)};if((()=>eval("a${n - 1}"))()!==${n - 1})throw 1})()`,
  'closures over locals': (n) =>
    `(function(){let ${list(n, (i) => `a${i}=()=>a${(i + 1) % n}`)};if(a0()!==a1)throw 1})()`,
  parameters: (n) => `(function(${list(n, (i) => `a${i}`)}){if(arguments.length)throw 1})()`,
  'parameters of an arrow function': (n) => `((${list(n, (i) => `a${i}`)})=>a${n - 1})()`,
  'parameters with defaults': (n) => `(function(${list(n, (i) => `a${i}=${i}`)}){if(a${n - 1}!==${n - 1})throw 1})()`,
  'parameters of Function': (n) => `Function(...Array.from({length:${n}},(_,i)=>"a"+i),"return 1")()`,
  arguments: (n) => `(function(){if(arguments.length!==${n})throw 1})(${list(n, (i) => i)})`,
  'arguments of new': (n) => `new(class{constructor(...a){if(a.length!==${n})throw 1}})(${list(n, (i) => i)})`,
  'arguments of a method': (n) => `if(Math.max(${list(n, (i) => i)})!==${n - 1})throw 1`,
  'spread arguments': (n) => `if(Math.max(${list(n, (i) => `...[${i}]`)})!==${n - 1})throw 1`,
  'arguments of eval': (n) => `if(eval(${list(n, (i) => i)})!==0)throw 1`,
  'arguments of super': (n) => `new(class extends Array{constructor(){super(${list(n, (i) => i)})}})`,
  'array elements of calls': (n) => `var f=()=>1;if([${list(n, () => 'f()')}].length!==${n})throw 1`,
  'pattern elements': (n) => `var [${list(n, (i) => `a${i}`)}]=[1]`,
  'pattern properties': (n) => `var {${list(n, (i) => `a${i}`)},...rest}={}`,
  'assignment pattern elements': (n) => `var a;[${list(n, () => 'a')}]=[]`,
  'properties read': (n) => `var o={};(function(){${list(n, (i) => `o.p${i}`, ';')}})()`,
  'properties written': (n) =>
    `var o={};(function(){${list(n, (i) => `o.p${i}=${i}`, ';')}})();if(o.p${n - 1}!==${n - 1})throw 1`,
  'globals read': (n) => `(function(){${list(n, (i) => `typeof g${i}`, ';')}})()`,
  strings: (n) => `(function(){var s=0;${list(n, (i) => `s="t${i}"`, ';')};if(s!=="t${n - 1}")throw 1})()`,
  numbers: (n) => `(function(){var s=0;${list(n, (i) => `s=${i}.5`, ';')};if(s!==${n - 1}.5)throw 1})()`,
  bigints: (n) => `(function(){var s=0;${list(n, (i) => `s=${i}n`, ';')}})()`,
  'regular expressions': (n) => `(function(){${list(n, (i) => `/a${i}/`, ';')}})()`,
  'functions in a function': (n) =>
    `(function(){${list(n, (i) => `function f${i}(){return ${i}}`, '')}if(f${n - 1}()!==${n - 1})throw 1})()`,
  handlers: (n) => `(function(){${'try{throw 1}catch(e){}'.repeat(n)}})()`,
  labels: (n) => `(function(){${list(n, (i) => `l${i}:{break l${i}}`, '')}})()`,
  temporaries: (n) => `var f=(...a)=>a.length;f(${'1,f('.repeat(200)}${list(n, () => '1')}${')'.repeat(200)})`,
  'template parts': (n) => `(function(a){\`${'${a}'.repeat(n)}\`})(1)`,
  'template objects': (n) => `var f=(s)=>s.length;f\`${'${1}'.repeat(n)}\``,
  'operands of an object literal': (n) => `var f=()=>1;({${list(n, (i) => `[f()+${i}]:f()`)}})`,
  'static blocks': (n) => `class A{${'static{}'.repeat(n)}}`,
  'computed fields': (n) => `class A{${list(n, (i) => `["m"+${i}]=${i}`, ';')}}new A`,
  'groups of a pattern': (n) => `RegExp("(a)".repeat(${n})).test("aa")`,
  'named groups': (n) => `/${list(n, (i) => `(?<n${i}>)`, '')}/`,
  'alternatives of a pattern': (n) => `/${list(n, (i) => `a${i}`, '|')}/.test("b")`,
  'generator locals': (n) => `[...(function*(){let ${list(n, (i) => `a${i}=${i}`)};yield a0;yield a${n - 1}})()]`,
  'using declarations': (n) => `{using ${list(n, (i) => `a${i}=null`)}}`,
  'private members': (n) =>
    `class A{${list(n, (i) => `#m${i}=${i}`, ';')};get(){return this.#m${n - 1}}}if(new A().get()!==${n - 1})throw 1`,
  'declarations in blocks': (n) => `{${list(n, (i) => `let b${i}=${i};`, '')}if(b${n - 1}!==${n - 1})throw 1}`,
  variables: (n) => `var ${list(n, (i) => `a${i}=${i}`)};if(a${n - 1}!==${n - 1})throw 1`,
  'lexical variables': (n) => `let ${list(n, (i) => `a${i}=${i}`)};if(a${n - 1}!==${n - 1})throw 1`,
  'global functions': nested('function f(){', '', '}'),
};

// What a program makes deep while it runs: runs, or a RangeError says why not.
/** @param {string} code */
const attempted = (code) => `try{${code}}catch(e){if(!(e instanceof RangeError))throw e}`;
/** @type {Record<string, (n: number) => string>} */
export const made = {
  'proxies of proxies, read': (n) => attempted(`let p={};for(let i=0;i<${n};i++)p=new Proxy(p,{});p.x`),
  'proxies of proxies, written': (n) => attempted(`let p={};for(let i=0;i<${n};i++)p=new Proxy(p,{});p.x=1`),
  'proxies of proxies, asked': (n) =>
    attempted(
      `let p=[];for(let i=0;i<${n};i++)p=new Proxy(p,{});Array.isArray(p);Object.getPrototypeOf(p);'x' in p;Object.keys(p)`,
    ),
  'proxies of functions': (n) => attempted(`let p=function(){};for(let i=0;i<${n};i++)p=new Proxy(p,{});p();new p`),
  'a proxy as the prototype of its target': () =>
    `const o={},p=new Proxy(o,{});Object.setPrototypeOf(o,p);${attempted('o.x')};${attempted('o.x=1')};${attempted("'x' in o")}`,
  'bound functions': (n) =>
    attempted(`let f=function(){};for(let i=0;i<${n};i++)f=f.bind(null);f();new f;({}) instanceof f`),
  'chains of prototypes': (n) =>
    `let o={};for(let i=0;i<${n};i++)o=Object.create(o);o.x;o.x=1;'y' in o;o instanceof Array;for(const k in o);try{o()}catch(e){e.stack}`,
  'classes extending classes': (n) => attempted(`let A=class{};for(let i=0;i<${n};i++)A=class extends A{};new A`),
  'texts of texts': (n) =>
    `let s='';for(let i=0;i<${n};i++)s=i&1?s+'abcdefgh':'abcdefgh'+s;s.charCodeAt(5);if(({})[s])throw 1`,
  'generators in generators': (n) => attempted(`function*g(n){if(n)yield*g(n-1);else yield 1}[...g(${n})]`),
  'async generators in async generators': (n) =>
    `async function*g(n){if(n)yield*g(n-1);else yield 1}(async()=>{${attempted(`for await(const x of g(${n}/100));`)}})()`,
  'promises for promises': (n) =>
    `let p=Promise.resolve();for(let i=0;i<${n};i++){const q=p;p=new Promise(r=>r(q))}p.then(()=>{})`,
  'awaits of awaits': (n) => `async function f(n){if(n)await f(n-1);else throw new Error}f(${n}).catch(e=>e.stack)`,
  'causes of causes': (n) => `let e;for(let i=0;i<${n};i++)e=new Error('x',{cause:e});console.log(e)`,
  'causes in a circle': () =>
    `const a=new Error('a'),b=new AggregateError([a],'b',{cause:a});a.cause=b;console.log(a,b)`,
  'errors of errors': (n) => `let e;for(let i=0;i<${n};i++)e=new AggregateError([e,e]);console.log(e)`,
  'objects in objects, shown': (n) =>
    `let o={},a=[],m=new Map;for(let i=0;i<${n};i++){o={o};a=[a];m=new Map([[m,m]])}console.log(o,a,m)`,
  'objects in objects, as JSON': (n) => attempted(`let o={};for(let i=0;i<${n};i++)o={o};JSON.stringify(o)`),
  'JSON in JSON, revived': (n) => attempted(`JSON.parse('['.repeat(${n})+']'.repeat(${n}),(k,v)=>v)`),
  'arrays in arrays': (n) =>
    `let a=[];for(let i=0;i<${n};i++)a=[a];${attempted('a.join()')};${attempted('a.flat(Infinity)')};${attempted('structuredClone(a)')}`,
  'conversions that convert': () =>
    ['toString', 'valueOf', '[Symbol.toPrimitive]']
      .map((name) => attempted(`const o={${name}(){return o+''}};o+''`))
      .join(';'),
  'callbacks that call back': () =>
    [
      '[2,1].sort(c)',
      '"a".replace(/a/,c)',
      '[1].map(c)',
      '[...{[Symbol.iterator]:c}]',
      'JSON.stringify({toJSON:c})',
      'new(class A{a=new A})',
      'Reflect.apply(c)',
    ]
      .map((code) =>
        attempted(`const c=()=>${code};c()`).replace(
          'instanceof RangeError',
          'instanceof RangeError||e instanceof TypeError',
        ),
      )
      .join(';'),
  'eval in eval in eval': () =>
    `var s='eval(s)';${attempted('eval(s)')};globalThis.f=()=>Function('return f()')();${attempted('f()')}`,
};
