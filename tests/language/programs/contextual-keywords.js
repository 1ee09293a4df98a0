// Words that are keywords in some places only, as names everywhere else: what is accepted, and what comes of it.
const templates = String.raw`W
W;1
W()
W(1)
W(1)?.b
W?.b
W?.(1)
W?.[0]
W.b
W.b.c
W[0]
W\`x\`
new W
new W()
new W(1).b
new W(1)?.b
new W(1)(2)
new W.b
new W.b(1)
new W[0]
new new W(1)(2)
new new W
new W\`x\`
new W\`x\`(1)
new (W)(1)
new (W(1))
new W?.b
new W?.()
new W => 1
new W(1) => 1
new W x => 1
new W function(){}
new W function(){}()
new W(function(){})
new W(...[1,2])
new W({a:1})
new W({a=1})
new W((a)=>a)
new.W
new W.W
new W.W(1).W
(W)(1)
(W) => 1
W => 1
W => W
W\n=> 1
W x => 1
W\nx => 1
W (x) => 1
W (x)\n=> 1
W\n(x) => 1
W (x, y = 1) => 1
W ({x}) => 1
W ({x = 1}) => 1
W ({x = 1})
W (...x) => 1
W (...x)
W (...x,)
W (x,)
W (x,) => 1
W () => 1
W ()
W ()?.b
W () ()
W ().b
W (W) => 1
W (W = 1) => 1
W W => 1
(W, x) => 1
(x, W) => 1
(W = 1) => W
([W]) => W
({W}) => W
({W = 1}) => W
(...W) => W
async W => 1
async (W) => 1
async (x = W) => 1
async (x) => W
x => W
x => {W}
1 + W(1)
1 + W(1)?.b
1 + W (x) => 1
1 + W x => 1
W + 1
W - W
!W(1)
typeof W(1)
typeof W (x) => 1
delete W.b
delete W(1).b
W++
++W
W.b++
W = 1
W += 1
W ??= 1
W(1).b = 1
[W] = [1]
({a: W} = {a: 1})
({a: W(1).b} = {a: 1})
({W})
({W() {return 1}}).W()
({get W() {return 1}}).W
({set W(x) {}}).W
({async W() {}}).W
({*W() {}}).W
({async *W() {}}).W
({W\n() {return 1}}).W()
({W\nx() {return 1}})
({W [1]() {return 1}})
({get\nW() {return 1}}).W
({async\nW() {return 1}}).W
W: 1
W: for (;;) break W
W: for (var i = 0; i < 1; i++) continue W
W: { break W }
W: function f() {}
W: W: 1
W\n: 1
if (1) W(1)
while (0) W
let W
let [W] = [1]; W
var {W = 2} = {}; W
{ let W = 1; W }
function W() {}
function W() {}; typeof W
function* W() {}
async function W() {}
async function* W() {}
(function W() {})
(function W() { return typeof W })()
(function* W() {})
(async function W() {})
(async function* W() {})
function f(W) {return W} f(1)
function f({W}) {}
function f() { return W }
function* f() { W: 1 }
function* f() { new W(1) }
function* f(x = W) {}
function* f() { function W() {} }
function* f() { (W) => 1 }
async function f() { W }
async function f() { W (x) => 1 }
async function f() { W(1)?.b }
async function f() { new W(1) }
async function f(x = W) {}
async function f() { function W() {} }
async function f() { (W) => 1 }
async function f() { for (W of []); }
async function f() { for await (var W of []); }
async function f() { await W }
async function f() { await W(1)?.b }
class W {}; new W() instanceof W
class C extends W(1) {}
class C { W() {return 1} } new C().W()
class C { W = 1 } new C().W
class C { W } new C().W
class C { W; x } new C().W
class C { W\nx } new C().x
class C { W *x() {} }
class C { W = 1\nx = 2 }
class C { static W() {return 1} } C.W()
class C { static W } C.W
class C { get W() {return 1} } new C().W
class C { set W(x) {} } new C().W
class C { async W() {} }
class C { *W() {} }
class C { async *W() {} }
class C { get\nW() {return 1} } new C().W
class C { get\nW } 
class C { static async W() {} }
class C { static get W() {return 1} } C.W
class C { static { let W } }
class C { static { (W) => 1 } }
class C { static { W (x) => 1 } }
class C { static { new W(1) } }
class C { static { function W() {} } }
class C { static { class W {} } }
class C { static { (function W() {}) } }
class C { x = W }
class C { x = new W(1) }
class C { x = () => W }
class C { [W] = 1 }
for (W in {a: 1}); 
for (W of [1]);
for (W = 1; W < 2; W++);
for (W; false;);
for (W(1); false;);
for (W(1)?.b; false;);
for (W(1).b of [1]);
for (W(1).b in {a: 1});
for (W.b of [1]);
for (W.b in {a:1});
for (W[0] of [1]);
for (W[0] in {a:1});
for (W.b;false;);
for (W[0];false;);
for (W => 1; false;);
for (W x => 1; false;);
for (W (x) => 1; false;);
for (W () => {}; false;);
for (W of => 1; false;);
for (W of => {}; false;);
for (W of of [1]);
for (W of of of [1]);
for (W of of);
for (W of;false;);
for (W of = 1; false;);
for (W in of {});
for (W in in {});
for (W x of [1]);
for (W x in {});
for (W x = 1; false;);
for (W x = 1 of [1]);
for (W [x] of [1]);
for (W {x} of [1]);
for (W, x; false;);
for (W, x of []);
for ((W) of [1]);
for ((W) in {a: 1});
for ([W] of [[1]]);
for ({W} of [{}]);
for (var W of [1]) W
for (var W in {a: 1}) W
for (var W = 0; W < 1; W++);
for (let W of [1]) W
for (let W in {a: 1}) W
for (let W = 0; W < 1; W++);
for (let W;false;);
for (let W, x;false;);
for (const W of [1]) W
for (const W = 1; false;);
for (x of W);
for (x of W(1));
for (x in W);
for (var x of W, 1);
for (let [W] of [[1]]) W
switch (W) { case W: 1 }
with (W) 1
W ? W : W
W ?. 1 : 2
W?.5:2
W, W
W in {}
W instanceof Object
W\n/x/g
W /x/g
W\n+1
W\n++\nx
W\n[0]
W\n(1)
W\n\`x\`
W function f() {}
W\nfunction f() {}
W function* f() {}
W function () {}
(W function f() {}()) 
W class C {}
W\nclass C {}
W x
W\nx
W x = 1
W\nx = 1
W [x] = 1
W {x} = 1
W {}
W\n{}
W var x
W\nvar x
W in x
W of x
W let
W\nlet
W if (1) 1
W =>
=> W
W ** 2
W++ ** 2
(W(1))?.b
(W?.b).c
(W?.b)\`x\`
W?.b\`x\`
W?.b = 1
W?.b++
new (W?.b)()
this.W
x?.W(1)?.W
x.W => 1
import.W(x)
\`\${W}\`
\`\${W(1)?.b}\`
W\`\${W}\`
W\`\`\`\`
[W(1)?.b]
{W}\n1
{W(1)}
{ function W() {} }
{ function W() {} } typeof W
{ async function W() {} }
{ function* W() {} }
if (1) function W() {}
label: function W() {}
x = W(1)
x = W x => 1
x = W (x) => 1
x = new W(1)
x = new W(1)?.b
x = W ? W (x) => 1 : W
x = W ? (W) : (W) => 1
(W(1))
(W (x) => 1)
(W x => 1)
(W, W (x) => 1)
[W (x) => 1]
[W x => 1]
({a: W x => 1})
({a: W (x) => 1})
f(W x => 1)
f(W (x) => 1)
f(new W(x))
W(W(1))
W(W (x) => 1)
W(W x => 1)
W(new W(1))
W(W)(W) 
W(W)(W) => 1
W(x)(y)
W(x).y => 1
W(x)\`y\`
W(x) (y) => 1
return W(1)
'use strict'; W
function f() { 'use strict'; var W }
function W() { 'use strict' }
(W) => { 'use strict' }
W => { 'use strict' }
(function W() { 'use strict' })`.split('\n').map((line) => line.replaceAll('\\n', '\n').replaceAll('\\`', '`').replaceAll('\\$', '$'));
const words = ['async', 'await', 'yield', 'let', 'static', 'of', 'get', 'set', 'as', 'target', 'implements', '\\u0061sync', 'aw\\u0061it'];
const names = words.slice(0, 11).concat('x', 'f');

function reset() {
  for (const name of names) {
    const value = function (a) { return { b: { c: 1, d: a }, 0: new.target ? 'new' : 'call' }; };
    value.b = function () { return { q: 1 }; };
    value[0] = function () {};
    globalThis[name] = value;
  }
}

function describe(value) {
  if (typeof value === 'function') return 'function';
  return typeof value === 'object' && value ? JSON.stringify(value) : String(value);
}

const evaluate = eval;
function outcome(source) {
  reset();
  try {
    return describe(evaluate(source));
  } catch (error) {
    return error && error.name;
  }
}

for (const template of templates) {
  const lines = new Map();
  for (const word of words) {
    const source = template.replaceAll('W', word);
    const result = `${outcome(source)} | ${outcome(`"use strict"; ${source}`)}`;
    lines.set(result, [...(lines.get(result) ?? []), word]);
  }
  console.log(JSON.stringify(template));
  for (const [result, list] of lines) console.log(`  ${list.join(' ')}: ${result}`);
}
