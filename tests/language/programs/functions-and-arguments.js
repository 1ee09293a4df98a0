// Function objects: arguments objects, bind, call, apply, dynamic functions, their texts and properties.
function sloppy(a, b) {
  const before = [a, b, arguments[0], arguments.length].join();
  arguments[0] = 'changed';
  b = 'also';
  return `${before} ${a} ${arguments[1]} ${arguments.callee === sloppy}`;
}
console.log(sloppy(1, 2, 3), '|', sloppy(1));
function strict(a) { 'use strict'; arguments[0] = 'changed'; return [a, arguments[0], arguments.length].join(); }
console.log(strict(1, 2));
function unmapped(a) { delete arguments[0]; arguments[0] = 5; return [a, arguments[0]].join(); }
console.log(unmapped(1));
function frozen(a) { Object.freeze(arguments); a = 2; return arguments[0]; }
console.log(frozen(1));
function defined(a) { Object.defineProperty(arguments, '0', { value: 9 }); return a; }
console.log(defined(1));
function defaults(a, b = 2) { arguments[0] = 7; return a + b; }
console.log(defaults(1), defaults.length, ((...rest) => rest.length)(1, 2, 3));
console.log([...(function () { return arguments; })(1, 2)].join(), Object.prototype.toString.call((function () { return arguments; })()));
console.log(Object.getOwnPropertyNames((function () { return arguments; })(1)).join());

const bound = function (a, b, c) { return [this.x, a, b, c].join(); }.bind({ x: 1 }, 2);
console.log(bound(3, 4), bound.name, bound.length, bound.bind(null, 5)(6), 'prototype' in bound);
class Point { constructor(x, y) { this.x = x; this.y = y; } }
const Half = Point.bind(null, 1);
console.log(JSON.stringify(new Half(2)), new Half(2) instanceof Point, new Half(2) instanceof Half);
console.log(Math.max.apply(null, { length: 3, 0: 1, 1: 5, 2: 3 }), Math.max.call(null, 1, 2), Reflect.apply(Math.min, null, [3, 1]));
console.log(Reflect.construct(Point, [1, 2], Array) instanceof Array, Reflect.construct(function () { return new.target; }, [], Point) === Point);

console.log(Function('a', 'b', 'return a * b')(6, 7), new Function('a = 1, ...b', 'return a + b.length')(1, 2, 3));
console.log(new Function('x', '/* body */').toString());
const Generator = Object.getPrototypeOf(function* () {}).constructor;
console.log([...new Generator('n', 'while (n) yield n--')(3)].join(), Generator.name);
for (const text of ['}', 'a b', '/*', 'return }{']) {
  try {
    Function(text, text);
    console.log('made');
  } catch (error) {
    console.log(error.name);
  }
}
console.log(String(function  spaced ( a,b ) { /* kept */ }), String(class A { m() {} }), String(async  () =>  1));
console.log(String({ get x() { return 1; } }.__lookupGetter__('x')), String({ 'computed name'() {} }['computed name']));
console.log(/^function push\(\) \{\s+\[native code\]\s\}$/.test(String([].push)), typeof String(bound));
const named = { f() {}, ['g' + 1]: () => {}, h: class {}, get i() { return 1; } };
console.log(named.f.name, named.g1.name, named.h.name, Object.getOwnPropertyDescriptor(named, 'i').get.name);
console.log(Object.getOwnPropertyNames((a) => a).join());
try { (() => { 'use strict'; return (function () { return this; })(); })().x; } catch (error) { console.log(error.name); }
try { new (() => {})(); } catch (error) { console.log(error.name); }
try { Function.prototype.call.call(1); } catch (error) { console.log(error.name); }
console.log(typeof Function.prototype, Function.prototype(), Function.prototype.length, Function.length);
