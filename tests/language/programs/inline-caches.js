// Property sites that have seen one thing and then meet another.
const log = (...values) => console.log(values.map(String).join(' '));

function read(object) { return object.x; }
function write(object, value) { object.x = value; }
function make(Type, value) { return new Type(value); }

{
  // A store that adds a property to an object which has become a prototype.
  const root = { x: 1 };
  const middle = { __proto__: root };
  const leaf = { __proto__: middle };
  const others = [{ __proto__: root }, { __proto__: root }, { __proto__: root }, middle, { __proto__: root }];
  const seen = [];
  for (const other of others) {
    seen.push(read(leaf));
    write(other, 2);
  }
  log('stores', seen, read(leaf));
}
{
  // Absent, then on a prototype, then shadowed, then gone.
  const prototype = {};
  const object = Object.create(prototype);
  const results = [];
  for (let round = 0; round < 8; round++) {
    if (round === 2) prototype.x = 'prototype';
    if (round === 4) object.x = 'own';
    if (round === 5) delete object.x;
    if (round === 6) delete prototype.x;
    if (round === 7) Object.prototype.x = 'root';
    results.push(read(object));
  }
  delete Object.prototype.x;
  log('absence', results, read(object));
}
{
  // Data becomes a getter, another getter, data again.
  const results = [];
  const object = { x: 1 };
  for (let round = 0; round < 9; round++) {
    if (round === 2) Object.defineProperty(object, 'x', { get: () => 'getter', configurable: true });
    if (round === 4) Object.defineProperty(object, 'x', { get() { return this === object; }, configurable: true });
    if (round === 6) Object.defineProperty(object, 'x', { value: 'data', writable: true });
    if (round === 8) Object.defineProperty(object, 'x', { get: undefined, set: undefined, configurable: true, __proto__: null });
    results.push(read(object));
  }
  log('getters', results);
}
{
  // Inherited getters: the receiver, a throw, recursion through the site itself.
  class Base {
    constructor(depth) { this.depth = depth; }
    get x() { return this.depth === 0 ? 'bottom' : `${read(new this.constructor(this.depth - 1))}.`; }
  }
  class Derived extends Base { get y() { return super.x.length; } }
  log('recursion', read(new Base(3)), read(new Derived(5)), new Derived(4).y);
  Object.defineProperty(Base.prototype, 'x', { get() { throw new RangeError(`depth ${this.depth}`); } });
  for (let round = 0; round < 3; round++) {
    try {
      read(new Derived(round));
    } catch (error) {
      log('throws', error.name, error.message);
    }
  }
}
{
  // Many shapes at one site, in turns.
  const objects = Array.from({ length: 12 }, (_, index) => {
    const object = {};
    for (let extra = 0; extra < index; extra++) object[`p${extra}`] = extra;
    if (index % 3) object.x = index;
    return object;
  });
  let sum = '';
  for (let round = 0; round < 3; round++) for (const object of objects) sum += `${read(object)},`;
  log('shapes', sum);
}
{
  // Constructors: another prototype, a result of their own, instances that outgrow the first ones.
  function Point(value) {
    this.x = value;
    if (value > 5) for (let index = 0; index < value; index++) this[`y${index}`] = index;
    if (value === 4) return { x: 'replaced' };
    if (value === 3) return 3;
  }
  const results = [];
  for (let round = 0; round < 9; round++) {
    if (round === 7) Point.prototype = { z: 'new prototype' };
    const point = make(Point, round);
    results.push(`${point.x}/${Object.keys(point).length}/${point.z}/${point instanceof Point}`);
  }
  log('constructors', results.join(' '));
  class Counter { static made = 0; id = ++Counter.made; }
  for (let round = 0; round < 3; round++) make(Counter);
  log('fields', make(Counter).id, Counter.made);
}
{
  // Frozen, sealed and read-only receivers at a site that has stored before.
  'use strict';
  const store = (object) => {
    'use strict';
    try {
      object.x = 'stored';
      return object.x;
    } catch (error) {
      return error.name;
    }
  };
  const candidates = [{ x: 0 }, { x: 0 }, Object.freeze({ x: 0 }), {}, {}, Object.preventExtensions({}), Object.seal({ x: 1 }),
    Object.create({ set x(value) { log('setter', value); } }), Object.create(Object.freeze({ x: 'fixed' })),
    new Proxy({}, { set: () => false })];
  log('stores', candidates.map(store));
}
{
  // Elements and `in` on arrays with holes, after the prototype got an element.
  const holes = [1, , 3];
  const walk = () => { const found = []; for (let index = 0; index < 4; index++) found.push(`${index in holes}:${holes[index]}`); return found; };
  log('holes', walk());
  Array.prototype[1] = 'inherited';
  log('holes', walk());
  delete Array.prototype[1];
  log('holes', walk());
}
