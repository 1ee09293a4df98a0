// Functions with more variables, arguments, names and cases than an operand of 16 bits can number: the name of each
// kind, and a function of the size to a program and what it comes to.

/** @param {number} n @param {(i: number) => string | number} item */
const list = (n, item, separator = ',') => Array.from({ length: n }, (_, i) => item(i)).join(separator);

/** @type {Record<string, (n: number) => [source: string, value: string | number | boolean]>} */
export const programs = {
  'local variables': (n) => [
    `function f(){${list(n, (i) => `var v${i}=${i};`, '')} let s=0; v0=5; v${n - 1}+=7; v${n - 1}++; s=v0+v${n - 1}+v${n >> 1}; return s} f()`,
    5 + (n - 1 + 8) + (n >> 1),
  ],
  'let variables in a block': (n) => [
    `function f(){{${list(n, (i) => `let v${i}=${i};`, '')} return v0+v${n - 1}*2-(v${n - 2}<v${n - 1}?1:0)}} f()`,
    (n - 1) * 2 - 1,
  ],
  'loops on far variables': (n) => [
    `function f(){${list(n, (i) => `let v${i}=${i};`, '')} let t=0; for(let k=0;k<10;k++){ if(k===v5) continue; t+=k } for (const x of [1,2,3]) t+=x; for (const x of new Set([1,2,3])) t+=x; for (const x in {a:1}) t+=x.length; return t} f()`,
    45 - 5 + 6 + 6 + 1,
  ],
  'captured variables': (n) => [
    `function f(){${list(n, (i) => `let v${i}=${i};`, '')} const g=()=>{v${n - 1}+=v1; return [${list(n, (i) => `v${i}`)}]}; return g()[${n - 1}]+g().length} f()`,
    n - 1 + 1 + n,
  ],
  'inner functions': (n) => [
    `function f(){${list(n, (i) => `function g${i}(){return ${i}}`, '')} return g0()+g${n - 1}()+g${n >> 1}()} f()`,
    n - 1 + (n >> 1),
  ],
  'global functions': (n) => [
    `${list(n, (i) => `function g${i}(){return ${i}}`, '')} g0()+g${n - 1}()+g${n >> 1}()`,
    n - 1 + (n >> 1),
  ],
  'global variables': (n) => [`${list(n, (i) => `var v${i}=${i};`, '')} v${n - 1}+v1`, n],
  'global lexicals': (n) => [`${list(n, (i) => `let v${i}=${i};`, '')} v${n - 1}+v1`, n],
  arguments: (n) => [`function f(...a){return a.length+a[${n - 1}]} f(${list(n, (i) => i)})`, n + n - 1],
  'arguments with a spread': (n) => [
    `function f(...a){return a.length+a[${n}]} f(${list(n, (i) => i)},...[7,8])`,
    n + 2 + 7,
  ],
  'new arguments': (n) => [
    `class A{constructor(...a){this.n=a.length+a[${n - 1}]}} new A(${list(n, (i) => i)}).n`,
    n + n - 1,
  ],
  'super arguments': (n) => [
    `class B{constructor(...a){this.n=a.length}} class A extends B{constructor(){super(${list(n, (i) => i)})}} new A().n`,
    n,
  ],
  parameters: (n) => [
    `function f(${list(n, (i) => 'p' + i)}){p${n - 1}+=1; return p${n - 1}+p0+f.length} f(...Array.from({length:${n}},(_, i)=>i))`,
    n + n,
  ],
  'parameters and arguments': (n) => [
    `function f(${list(n, (i) => 'p' + i)}){arguments[${n - 1}]=3; p0=9; return p${n - 1}+arguments[0]+arguments.length} f(...Array.from({length:${n}},(_, i)=>i))`,
    3 + 9 + n,
  ],
  'default parameters': (n) => [`function f(${list(n, (i) => `p${i}=${i}`)}){return p${n - 1}+f.length} f()`, n - 1],
  'destructured parameters': (n) => [`function f({${list(n, (i) => `p${i}=${i}`)}}){return p${n - 1}} f({})`, n - 1],
  'array literals': (n) => [`[${list(n, (i) => i)}].length`, n],
  'array literals of calls': (n) => [`function f(){return 1} [${list(n, (i) => 'f()')}].reduce((a,b)=>a+b)`, n],
  'object literals': (n) => [`const o={${list(n, (i) => `a${i}:${i}`)}}; o.a${n - 1}+Object.keys(o).length`, n - 1 + n],
  'object literals of methods': (n) => [
    `const o={${list(n, (i) => `a${i}(){return ${i}}`)}}; o.a${n - 1}()+Object.keys(o).length`,
    n - 1 + n,
  ],
  'object patterns': (n) => [`const {${list(n, (i) => `a${i}=${i}`)}}={a5:1}; a5+a${n - 1}`, n],
  'object patterns in functions': (n) => [
    `function f(o){const {${list(n, (i) => `a${i}=${i}`)},...r}=o; return a5+a${n - 1}+r.z} f({a5:1,z:3})`,
    n + 3,
  ],
  'array patterns': (n) => [
    `function f(a){const [${list(n, (i) => `a${i}`)},...r]=a; return a5+a${n - 1}+r.length} f(Array.from({length:${n + 3}},(_, i)=>i))`,
    5 + n - 1 + 3,
  ],
  'array patterns of iterators': (n) => [
    `function f(a){const [${list(n, (i) => `a${i}=1`)},...r]=a; return a5+a${n - 1}+r.length} f(new Set(Array.from({length:${n + 3}},(_, i)=>i)))`,
    5 + n - 1 + 3,
  ],
  generators: (n) => [
    `function*g(){${list(n, (i) => `let v${i}=${i};`, '')} const x = yield v${n - 1}; const y = yield* [1,2]; yield x+v${n - 2}; try { yield 1 } finally { yield v${n - 1} } } const it=g(); it.next().value+it.next(4).value+it.next().value+it.next().value+it.next().value+it.return().value`,
    n - 1 + 1 + 2 + 4 + n - 2 + 1 + n - 1,
  ],
  'far registers of async functions': (n) => [
    `var r; (async function(){${list(n, (i) => `let v${i}=${i};`, '')} const x = await v${n - 1}; let t = 0; for await (const q of [1,2,v3]) t += q; globalThis.asyncResult = x+t === ${n + 5} })(); 1`,
    1,
  ],
  'class fields': (n) => [`class A{${list(n, (i) => `f${i}=${i};`, '')}} new A().f${n - 1}`, n - 1],
  'private fields': (n) => [
    `class A{${list(n, (i) => `#f${i}=${i};`, '')} get(){return this.#f${n - 1}}} new A().get()`,
    n - 1,
  ],
  methods: (n) => [`class A{${list(n, (i) => `m${i}(){return ${i}}`, '')}} new A().m${n - 1}()`, n - 1],
  accessors: (n) => [`class A{${list(n, (i) => `get m${i}(){return ${i}}`, '')}} new A().m${n - 1}`, n - 1],
  'auto accessors': (n) => [
    `class A{${list(n >> 2, (i) => `accessor m${i}=${i};`, '')}} new A().m${(n >> 2) - 1}`,
    (n >> 2) - 1,
  ],
  'property sites': (n) => [`const o={a:1}; let t=0; ${list(n, (i) => `t+=o.a;`, '')} t`, n],
  'property names': (n) => [`const o={}; ${list(n, (i) => `o.a${i}=${i};`, '')} o.a${n - 1}+o.a3`, n + 2],
  'switch cases': (n) => [
    `function f(x){switch(x){${list(n, (i) => `case 'k${i}': return ${i};`, '')}}} f('k${n - 1}')`,
    n - 1,
  ],
  'switch of numbers': (n) => [
    `function f(x){switch(x){${list(n, (i) => `case ${i}: return ${i}*2;`, '')}}} f(${n - 1})`,
    2 * n - 2,
  ],
  'template parts': (n) => ['`' + list(n, (i) => '${' + (i % 10) + '}', '') + '`.length', n],
  'tagged template parts': (n) => [
    '((s,...a)=>a.length+s.length)`' + list(n, (i) => '${' + (i % 10) + '}', '') + '`',
    2 * n + 1,
  ],
  'string additions': (n) => [`const a=1; ''+${list(n, (i) => `a`, '+')}`, '1'.repeat(n)],
  constants: (n) => [`let t=0; ${list(n, (i) => `t+=${i}.5;`, '')} t`, (n * (n - 1)) / 2 + n / 2],
  strings: (n) => [
    `let t=0; ${list(n, (i) => `t+='s${i}'.length;`, '')} t`,
    Array.from({ length: n }, (_, i) => ('s' + i).length).reduce((a, b) => a + b),
  ],
  sequence: (n) => [`(${list(n, (i) => i)})`, n - 1],
  'else if chain': (n) => [
    `function f(x){${list(n, (i) => `if(x===${i})return ${i}*2;`, 'else ')}} f(${n - 1})`,
    2 * n - 2,
  ],
  'logical chain': (n) => [`function f(x){return ${list(n, (i) => `x===${i}`, '||')}} f(${n - 1})`, true],
  'try statements': (n) => [`let t=0; ${list(n, (i) => `try{t++;throw 1}catch{t++}finally{t++}`, '')} t`, 3 * n],
  'long loop body': (n) => [
    `function f(){let t=0; for(let i=0;i<2;i++){${list(n, (i) => `t+=i;`, '')}} return t} f()`,
    n,
  ],
  'labels in sequence': (n) => [`let t=0; ${list(n, (i) => `l${i}:{t++;break l${i}}`, '')} t`, n],
  'groups of a regular expression': (n) => [`/${'(a)'.repeat(n)}/.exec('a'.repeat(${n})).length`, n + 1],
  'alternatives of a regular expression': (n) => [`/^(?:${list(n, (i) => `k${i}`, '|')})$/.test('k${n - 1}')`, true],
  'variables that eval reads': (n) => [
    `function f(){${list(n, (i) => `let v${i}=${i};`, '')} return eval('v${n - 1}+v1')} f()`,
    n,
  ],
  'variables under with': (n) => [
    `function f(o){${list(n, (i) => `var v${i}=${i};`, '')} with(o){return v${n - 1}+v1}} f({v1:5})`,
    n + 4,
  ],
};
