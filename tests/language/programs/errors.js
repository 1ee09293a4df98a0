function thrower(value) { throw value; }
for (const value of [1, 'text', null, undefined, { custom: true }, new TypeError('type')]) {
  try { thrower(value); } catch (error) { console.log(typeof error, error instanceof Error); }
}
console.log((() => { try { throw 1; } catch { return 'no binding'; } finally { console.log('f'); } })());
const nested = () => { try { try { throw new Error('a'); } finally { throw new Error('b'); } } catch (error) { return error.message; } };
console.log(nested());
for (const make of [() => null.x, () => undefined(), () => ({}).x.y, () => missing, () => new (class { constructor() { this.x(); } })(), () => [].reduce(() => 1), () => 'x'.repeat(-1), () => (1).toFixed(101),
  () => new Array(-1), () => decodeURIComponent('%'), () => Symbol() + '', () => JSON.parse('{'), () => eval('var 1'), () => new Function('return ('), () => Object.defineProperty(1, 'x', {}), () => null[Symbol.iterator], () => { const [a] = null; },
  () => 1 in 'x', () => ({}) instanceof 5, () => new (() => 1)(), () => BigInt('x'), () => 5n / 0n, () => structure, () => Reflect.construct(1), () => new Proxy({}, null), () => { 'use strict'; undeclared = 1; }]) {
  try { make(); console.log('no error'); } catch (error) { console.log(error.constructor.name); }
}
const error = new Error('message', { cause: new RangeError('why') });
console.log(error.message, error.cause.message, String(error), Object.keys(error).length, error.hasOwnProperty('message'), typeof error.stack, 'cause' in new Error('x'));
console.log(new AggregateError([1, 2], 'many').errors.length, Error('no new') instanceof Error, EvalError.name, Object.prototype.toString.call(new URIError()), Error.prototype.toString.call({ name: 'N', message: 'm' }));
let depth = 0;
function deep() { depth++; deep(); }
try { deep(); } catch (error) { console.log(error instanceof RangeError, depth > 1000); }
try { (function f() { [1].map(f); })(); } catch (error) { console.log(error.name); }
try { const o = { get x() { return this.x; } }; o.x; } catch (error) { console.log(error.name); }
try { const o = { toString() { return `${o}`; } }; `${o}`; } catch (error) { console.log(error.name); }
try { JSON.parse('['.repeat(100000)); } catch (error) { console.log(error instanceof Error); }
console.log((() => { l: try { return 1; } finally { break l; } return 2; })());
function order() { const out = []; try { out.push(1); try { throw 2; } catch (e) { out.push(e); throw 3; } finally { out.push('f'); } } catch (e) { out.push(e); } return out.join(); }
console.log(order());
