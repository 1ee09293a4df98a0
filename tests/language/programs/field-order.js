// Fields are there when the parameters of a base constructor are bound, and not before in a derived one.
class Base {
  #hidden = 'hidden';
  shown = 'shown';
  constructor(a = this.#hidden, { b = this.shown } = {}, ...rest) {
    console.log(a, b, rest.length, arguments.length);
  }
}
new Base();
new Base(1, { b: 2 }, 3, 4);
class Derived extends Base {
  own = console.log('own field');
  constructor(a = console.log('parameter')) {
    super(a);
  }
}
new Derived();
class Throws {
  field = (() => { throw new Error('field'); })();
  constructor(a = (() => { throw new Error('parameter'); })()) {}
}
try {
  new Throws();
} catch (error) {
  console.log(error.message);
}
