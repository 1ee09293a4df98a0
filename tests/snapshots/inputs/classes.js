class Base {
  #secret = 1;
  static count = 0;
  constructor(value) { this.value = value; Base.count++; }
  get secret() { return this.#secret; }
  static { this.ready = true; }
}
class Derived extends Base {
  constructor() { super(5); }
  describe() { return `${super.secret} of ${this.value}`; }
}
