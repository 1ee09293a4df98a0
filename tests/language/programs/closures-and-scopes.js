const closures = [];
for (let i = 0; i < 3; i++) closures.push(() => i++);
console.log(closures.map((f) => f()).join(), closures.map((f) => f()).join());
var shared = [];
for (var k = 0; k < 3; k++) shared.push(() => k);
console.log(shared.map((f) => f()).join());
{
  function hoisted() { return 'block'; }
}
console.log(hoisted(), typeof later, later2());
var later = 1;
function later2() { return 'declared'; }
try {
  early;
  let early = 1;
} catch (error) {
  console.log(error.name);
}
try {
  const c = 1;
  c = 2;
} catch (error) {
  console.log(error.name);
}
(function named() {
  try { named = 1; } catch (error) { console.log('never', error); }
  console.log(typeof named);
})();
const f = function (a, b = () => a, c = b()) {
  var a = 5;
  return [a, b(), c].join();
};
console.log(f(1), f.length, f.name);
function args(a) {
  arguments[0] = 'changed';
  return a + arguments.length;
}
console.log(args(1, 2));
function strictArgs(a) {
  'use strict';
  arguments[0] = 'changed';
  return a;
}
console.log(strictArgs(1));
for (const [key, value] of Object.entries({ a: 1, b: 2 })) console.log(key, value);
label: for (let i = 0; ; i++) {
  for (;;) {
    if (i < 2) continue label;
    break label;
  }
}
switch (3) {
  default: console.log('default');
  case 1: console.log('one'); break;
  case 2: console.log('two');
}
console.log((() => { try { return 'try'; } finally { console.log('finally'); } })());
console.log((() => { for (const x of [1, 2]) { try { continue; } finally { if (x === 2) return 'override'; } } })());
with ({ inner: 1 }) { console.log(inner); }
console.log(eval('var fromEval = 2; fromEval * 2'), fromEval);
console.log((0, eval)('typeof Array'), new Function('a', 'b', 'return a + b')(1, 2));
