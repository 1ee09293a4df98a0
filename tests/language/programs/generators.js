function* counter(limit) {
  try {
    for (let i = 0; i < limit; i++) {
      const sent = yield i;
      if (sent) console.log('sent', sent);
    }
    return 'end';
  } finally {
    console.log('cleanup');
  }
}
const g = counter(3);
console.log(JSON.stringify([g.next(), g.next('hello'), g.return('early'), g.next()]));
function* outer() { const result = yield* counter(2); console.log('inner gave', result); yield 'last'; }
console.log([...outer()].join());
function* thrower() { while (true) { try { yield 1; } catch (error) { console.log('caught', error); yield 'recovered'; } } }
const t = thrower();
console.log(t.next().value, t.throw('oops').value, t.next().value);
for (const value of counter(10)) if (value === 1) break;
const fib = { *[Symbol.iterator]() { let [a, b] = [0, 1]; for (;;) { yield a; [a, b] = [b, a + b]; } } };
const out = [];
for (const n of fib) { if (n > 50) break; out.push(n); }
console.log(out.join());
console.log(Object.prototype.toString.call(g), typeof g[Symbol.iterator], g[Symbol.iterator]() === g);
function* withArgs(a, b = a) { yield arguments.length; yield b; }
console.log([...withArgs(7)].join());
try { g.next.call({}); } catch (error) { console.log(error.name); }
try { new counter(); } catch (error) { console.log(error.name); }
const running = (function* () { try { running.next(); } catch (error) { console.log(error.name); } })();
running.next();
function* nested(n) { if (n > 0) { yield n; yield* nested(n - 1); } }
console.log([...nested(50)].length, Math.max(...nested(9)));
const delegate = (function* () { try { yield* { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 'v' }), return: (v) => { console.log('returned', v); return { done: true, value: v }; } }) }; } finally { console.log('outer finally'); } })();
delegate.next();
console.log(JSON.stringify(delegate.return(5)));
