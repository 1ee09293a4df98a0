// Heritage and computed keys of classes are strict code in sloppy functions, what is around them is not.
const frozen = Object.freeze({ a: 1 });
const attempts = {
  'heritage': () => { class A extends (frozen.a = 2, Object) {} },
  'heritage of an expression': () => class extends (frozen.a = 2, Object) {},
  'a key': () => { class A { [frozen.a = 2]() {} } },
  'a key of a field': () => { class A { [(frozen.a = 2, 'x')] = 1; } },
  'a static key': () => class { static [delete frozen.a] = 1; },
  'an undeclared name': () => class { [(undeclared = 1, 'x')]() {} },
  'a key after a class': () => { class A { [1]() {} } frozen.a = 2; class B { [2]() {} } return delete frozen.a; },
  'around a class': () => { frozen.a = 2; return class { [1]() {} } && delete frozen.a; },
  'a class in a key': () => class { [(class { [1]() {} }, frozen.a = 2)]() {} },
  'a generator': () => [...(function* () { class A { [yield 1]() {} } frozen.a = 2; })()].length,
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    console.log(name, typeof attempt());
  } catch (error) {
    console.log(name, error.name);
  }
}
