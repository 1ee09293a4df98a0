// What a construct site knows of a constructor's prototype stands while other properties of the constructor come and go
// and the places of its properties are tidied up.
function check(make, constructor) {
  const first = constructor.prototype;
  for (let i = 0; i < 10; i++) make();
  delete constructor.length;
  delete constructor.name;
  constructor.a = constructor.b = constructor.c = first;
  for (let i = 0; i < 40; i++) constructor['k' + i] = i;
  for (let i = 0; i < 30; i++) delete constructor['k' + i];
  for (let i = 0; i < 40; i++) constructor['n' + i] = first;
  constructor.prototype = { isSecond: true };
  return [make().isSecond, Object.getPrototypeOf(make()) === first, constructor.k35, constructor.n39 === first,
    Object.hasOwn(constructor, 'name'), Object.keys(constructor).length].join();
}
function Plain() {}
console.log(check(() => new Plain(), Plain));
const make = () => function (x) { this.x = x; };
const One = make(), Two = make();
console.log(check(() => new One(1), One), Object.getPrototypeOf(new Two(2)) === Two.prototype, new Two(3).x);
class Base { static extra = 1; }
class Derived extends Base { static extra = 2; }
delete Base.length; delete Base.name; delete Derived.length;
for (let i = 0; i < 20; i++) Base['s' + i] = Derived['s' + i] = i;
console.log(new Base() instanceof Base, new Derived() instanceof Derived, Base.extra, Derived.extra, Base.s19, Object.keys(Derived).length);
const arrow = () => 1;
delete arrow.name; delete arrow.length;
for (let i = 0; i < 20; i++) arrow['s' + i] = i;
for (let i = 0; i < 20; i++) if (arrow['s' + i] !== i) console.log('wrong', i);
function* generate() { yield 1; }
delete generate.length;
for (let i = 0; i < 20; i++) generate['s' + i] = i;
generate.prototype = { mine: 2, __proto__: Object.getPrototypeOf(generate).prototype };
console.log([...generate()].join(), generate().mine, Object.keys(generate).length);
