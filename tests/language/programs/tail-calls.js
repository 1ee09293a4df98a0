// Proper tail calls: none of these may need stack in proportion to its iterations.
"use strict";
// More than there is stack for; fewer where a collection at every allocation makes that take long.
const started = Date.now();
for (let i = 0; i < 300; i++) (function () { return arguments; })(i);
const iterations = Date.now() - started > 20 ? 1000 : 100000;
const { log } = console;
const evalFunction = globalThis.eval;
function check(name, run) {
  try {
    run();
    log(name);
  } catch (error) {
    log(`${name}: ${error.message}`);
  }
}
check('arguments object', ()=>{ function f(n){ if(arguments[0]===0)return 0; return f(n-1);} f(iterations);});
check('rest parameter', ()=>{ function f(...a){ if(a[0]===0)return 0; return f(a[0]-1,2,3);} f(iterations);});
check('default parameter', ()=>{ function f(n,m=n){ if(n===0)return 0; return f(n-1);} f(iterations);});
check('spread', ()=>{ function f(n){ if(n===0)return 0; return f(...[n-1]);} f(iterations);});
check('method', ()=>{ const o={f(n){ if(n===0)return 0; return this.f(n-1);}}; o.f(iterations);});
check('method with spread', ()=>{ const o={f(n){ if(n===0)return 0; return this.f(...[n-1]);}}; o.f(iterations);});
check('tagged template', ()=>{ let n=iterations; function f(s){ if(n--===0)return 0; return f`a${1}`;} f();});
check('super method', ()=>{ class A{f(n){if(n===0)return 0; return this.g(n);}} class B extends A{ g(n){ return super.f(n-1);} } new B().f(iterations);});
check('private method', ()=>{ class A{ #f(n){if(n===0)return 0; return this.#f(n-1);} g(n){return this.#f(n);} } new A().g(iterations);});
check('optional member', ()=>{ const o={f(n){if(n===0)return 0; return this?.f(n-1);}}; o.f(iterations);});
check('optional call', ()=>{ function f(n){if(n===0)return 0; return f?.(n-1);}; f(iterations);});
check('arrow function', ()=>{ const f=n=>n===0?0:f(n-1); f(iterations);});
check('logical operator', ()=>{ const f=n=>n===0||f(n-1); f(iterations);});
check('bound function', ()=>{ const f=n=>n===0||g(n-1); const g=f.bind(null); f(iterations);});
check('Function.prototype.call', ()=>{ function f(n){ return n===0||f.call(null,n-1);} f(iterations);});
check('Function.prototype.apply', ()=>{ function f(n){ return n===0||f.apply(null,[n-1]);} f(iterations);});
check('Reflect.apply', ()=>{ function f(n){ return n===0||Reflect.apply(f,null,[n-1]);} f(iterations);});
check('below a constructor', ()=>{ function f(n){ return n===0||f(n-1);} function C(){ this.x=f(iterations); } new C();});
check('captured parameter', ()=>{ function f(n){ const k=()=>n; return n===0?0:f(k()-1);} f(iterations);});
check('inside a loop', ()=>{ function f(n){ for(;;){ if(n===0) return 0; return f(n-1);} } f(iterations);});
check('inside a switch', ()=>{ function f(n){ if(n===0)return 0; switch(n){default: { let q=n; return f(q-1);} } } f(iterations);});
check('catch block', ()=>{ function f(n){ if(n===0)return 0; try{ throw 1 }catch(e){ return f(n-1);} } f(iterations);});
check('finally block', ()=>{ function f(n){ if(n===0)return 0; try{ }finally{ return f(n-1);} } f(iterations);});
check('mutual with more arguments', ()=>{ function f(n,a,b,c,d,e){ if(n===0)return 0; return g(n-1);} function g(n){ let a,b,c,d,e,h,i; return f(n,1,2,3,4,5,6,7,8);} f(iterations);});
check('callee from a getter', ()=>{ const o={get f(){return f}}; function f(n){ return n===0||o.f(n-1);} f(iterations);});
check('below a generator', ()=>{ function f(n){ return n===0||f(n-1);} function*g(){ yield f(iterations);} [...g()];});
check('constructor as function', ()=>{ function C(n){ if(!new.target) return n===0||C(n-1); return f(iterations);} function f(n){return n===0||f(n-1)} new C(iterations);});
check('at any stack depth', ()=>{ function f(n){return n===0||f(n-1)} function d(k){ let r; if(k>0) r=d(k-1); else r=f(50); return r+0;}  for(let i=0;i<300;i++) d(i); });
check('sequence', ()=>{ function f(n){ return (n===0?0:(0,f)(n-1));} f(iterations);});
function evalNamed(n) { return n === 0 || eval(n - 1); }
globalThis.eval = evalNamed;
check('a function named eval', () => evalNamed(iterations));
function evalSpread(n) { return n === 0 || eval(...[n - 1]); }
globalThis.eval = evalSpread;
check('a function named eval with spread', () => evalSpread(iterations));
globalThis.eval = evalFunction;
check('eval itself', () => { const f = (n) => { return eval('n + 1'); }; if (f(1) !== 2) throw new Error('wrong'); });
check('optional call of nothing', () => { const f = (g) => g?.(1); if (f() !== undefined) throw new Error('wrong'); });
