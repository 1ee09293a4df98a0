class Animal {
  static #count = 0;
  #name;
  kind = this.constructor.name;
  static { this.created = 'static block'; }
  constructor(name) { this.#name = name; Animal.#count++; }
  get name() { return this.#name; }
  set name(value) { this.#name = value.toUpperCase(); }
  static get count() { return Animal.#count; }
  #hidden() { return `hidden ${this.#name}`; }
  reveal() { return this.#hidden(); }
  static isAnimal(value) { return #name in value; }
  toString() { return `${this.kind}(${this.#name})`; }
  *[Symbol.iterator]() { yield* this.#name; }
  async later() { return this.#name; }
}
class Dog extends Animal {
  constructor(...args) { super(...args); this.tricks = []; }
  learn(trick) { this.tricks.push(trick); return this; }
  toString() { return `Dog: ${super.toString()}`; }
  static create(name) { return new this(name); }
}
const dog = Dog.create('rex').learn('sit');
console.log(String(dog), dog.name, dog.tricks.join(), [...dog].join('-'));
dog.name = 'max';
console.log(dog.reveal(), Animal.count, Animal.isAnimal(dog), Animal.isAnimal({}), Animal.created);
try { Dog(); } catch (error) { console.log(error.name); }
try { new (class extends Animal { constructor() { } })(); } catch (error) { console.log(error.name); }
try { Animal.prototype.reveal.call({}); } catch (error) { console.log(error.name); }
console.log(Object.getOwnPropertyNames(Animal.prototype).join());
class Stack extends Array { peek() { return this.at(-1); } }
const stack = Stack.from([1, 2, 3]);
console.log(stack.peek(), stack.map((x) => x * 2) instanceof Stack, stack.length, Stack.of(7).constructor.name);
class Mine extends Error { constructor(message, options) { super(message, options); this.name = 'Mine'; } }
const mine = new Mine('broken', { cause: 'cause' });
console.log(String(mine), mine instanceof Error, mine.cause, Object.prototype.toString.call(mine));
const mixin = (Base) => class extends Base { mixed() { return 'mixed ' + super.toString(); } };
console.log(new (mixin(Dog))('bo').mixed());
console.log(typeof class {}, (class Foo {}).name, (class { static name = 'own'; }).name);
const key = 'computed';
class Computed { [key + 1]() { return 1; } static [`${key}2`] = 2; get [key]() { return 3; } accessorless = () => this[key]; }
console.log(new Computed().computed1(), Computed.computed2, new Computed().accessorless());
function Old(x) { if (!new.target) return new Old(x); this.x = x; }
Old.prototype.get = function () { return this.x; };
class New extends Old { get() { return super.get() + 1; } }
console.log(Old(1).get(), new New(2).get(), Reflect.construct(Old, [5], New).get());
const object = { __proto__: { hi() { return 'proto'; } }, hi() { return super.hi() + ' own'; } };
console.log(object.hi());
