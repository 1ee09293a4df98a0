function thrower(a) {
  throw new Error('x');
}
const o = {
  m() { thrower(1); },
  get g() { return this.m(); },
};
class A {
  constructor() { this.x = o.g; }
  static s() { return new A(); }
  #p() { A.s(); }
  run() { [1].forEach(() => this.#p2()); }
  #p2() { A.s(); }
}
class C { f = nope.x; static init() { new C } }
function lines() {
  const v = {
    a: 1,
  };
  v
    .b
    .c();
  }
const p = (e) => console.log(e.stack + '\n');
try { thrower() } catch (e) { p(e) }
try { new A().run() } catch (e) { p(e) }
try { A.s() } catch (e) { p(e) }
try { C.init() } catch (e) { p(e) }
try { lines() } catch (e) { p(e) }
try { undefined.foo } catch (e) { p(e) }
try { let v = null; v.a.b } catch (e) { p(e) }
try { let v = {a:{}}; v.a.b.c() } catch (e) { p(e) }
try { let v = {a:{}}; v.a.b() } catch (e) { p(e) }
try { let v = {a:{}};  v.a.b(  thrower(  ) ) } catch (e) { p(e) }
try { let f = 1 + thrower() } catch (e) { p(e) }
try { let f = 1 + nothere } catch (e) { p(e) }
try { JSON.parse('x') } catch (e) { p(e) }
try { [3,1,2].sort(() => { throw new TypeError('cmp') }) } catch (e) { p(e) }
try { eval('foo bar') } catch (e) { p(e) }
try { eval('\n  throw new Error("in eval")') } catch (e) { p(e) }
try { new Function('a', 'throw new Error("in F")')() } catch (e) { p(e) }
try { ({ toString() { throw new Error('ts') } }) + '' } catch (e) { p(e) }
try { (() => { throw new Error('anon') })() } catch (e) { p(e) }
async function a1() { await null; throw new Error('async') }
async function a2() { await a1() }
async function a3() { const x = 1; return await a2() }
a3().catch(p);
async function* ag() { yield 1; throw new Error('ag') }
async function a4() { for await (const x of ag()); }
a4().catch(p);
async function b1() { await 0; await Promise.all([a1(), 2]) }
b1().catch(p);
// Names that functions get when they are made, frames that are hidden, limits.
class B {
  ['comp' + 'uted']() { throw new Error('computed') }
  [Symbol.iterator]() { throw new Error('symbol') }
}
try { new B().computed() } catch (e) { p(e) }
try { [...new B()] } catch (e) { p(e) }
class Refusal extends Error { constructor() { super('no'); Error.captureStackTrace(this, Refusal) } }
const refuse = () => { throw new Refusal() };
try { refuse() } catch (e) { p(e) }
Error.stackTraceLimit = 2;
const recursive = (n) => { if (n) recursive(n - 1); else throw new Error('limited') };
let limited;
try { recursive(5) } catch (e) { limited = e }
Error.stackTraceLimit = 10;
p(limited);
// What waits for async generators, for callbacks of then and for thenables.
const later = async (f) => { await 0; await f().catch(p) };
async function* g1() { yield 1; await a1() }
async function* g2() { yield* g1() }
(async () => {
  await later(async () => { for await (const x of g1()); });
  await later(async () => { for await (const x of g2()); });
  await later(async () => { const g = g1(); await g.next(); await g.next() });
  await later(async () => { await Promise.resolve().then(() => { throw new Error('in then') }) });
  await later(async () => { await Promise.resolve().then(() => 1).then(() => { null.x }) });
  await later(async () => { await { then(resolve, reject) { throw new Error('thenable') } } });
  await later(async () => { await Promise.all([1, 2].map(async () => { await a1() })) });
  await later(async () => { await Promise.race([a1()]) });
  await later(async () => { await Array.fromAsync([1], async () => { await a1() }) });
  await later(async () => { await using x = { async [Symbol.asyncDispose]() { await a1() } } });
})();
