// Decorators: order, contexts, replacements, initialisers. https://tc39.es/proposal-decorators/
const log = (...parts) => console.log(...parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))));
const trace = (label) => {
  log('evaluate', label);
  return (value, context) => {
    log('call', label, context.kind, String(context.name), { static: context.static, private: context.private },
      typeof value, Object.keys(context).join(), context.access ? Object.keys(context.access).join() : '');
  };
};
const key = (name) => {
  log('key', name);
  return name;
};

@trace('class outer') @trace('class inner')
class Order extends (log('heritage'), Object) {
  @trace('instance field') [key('field')] = log('field value');
  @trace('method outer') @trace('method inner') [key('method')]() {}
  @trace('static method') static [key('staticMethod')]() {}
  @trace('static field') static [key('staticField')] = log('static field value');
  @trace('getter') get [key('getter')]() { return 1; }
  @trace('setter') set [key('setter')](value) {}
  @trace('accessor') accessor [key('accessor')] = log('accessor value');
  @trace('static accessor') static accessor staticAccessor = log('static accessor value');
  @trace('private method') #method() {}
  @trace('private field') #field = 1;
  @trace('private getter') get #both() { return 1; }
  @trace('private setter') set #both(value) {}
  @trace('private accessor') accessor #accessor = 1;
  @trace('static private method') static #staticMethod() {}
  static { log('static block'); }
}
log('new');
new Order();

// Replacing.
const twice = (method) => function (...args) { return method.call(this, ...args) * 2; };
const add = (n) => (value, { kind }) => (kind === 'field' ? (initial) => initial + n : undefined);
const clamp = ({ get, set }) => ({
  get() { return get.call(this); },
  set(value) { set.call(this, Math.min(value, 10)); },
  init(value) { return Math.min(value, 10); },
});
class Replaced {
  @twice @twice method(a) { return a; }
  @twice get value() { return 21; }
  @add(1) @add(10) field = 100;
  @add(5) static total = 1;
  @clamp accessor level = 50;
  @twice #hidden() { return 4; }
  @clamp accessor #inner = 99;
  @add(1) #count = 1;
  hidden() { return [this.#hidden(), this.#inner, this.#count]; }
  inner(value) { this.#inner = value; return this.#inner; }
}
const replaced = new Replaced();
log(replaced.method(3), replaced.value, replaced.field, Replaced.total, replaced.level, replaced.hidden(), replaced.inner(3), replaced.inner(77));
replaced.level = 7;
log(replaced.level, Object.keys(replaced), Object.keys(Object.getOwnPropertyDescriptor(Replaced.prototype, 'level')));

// Initialisers added.
const adding = (label) => (value, context) => {
  context.addInitializer(function () {
    log('initializer', label, typeof this === 'function' ? this.name : Object.keys(this));
  });
};
@adding('class')
class Added {
  @adding('method') method() {}
  @adding('static method') static method() {}
  @adding('first') first = log('first value');
  @adding('second') second = log('second value');
  @adding('static field') static field = log('static field value');
  @adding('accessor') accessor third = 3;
  constructor() { log('constructor', Object.keys(this)); }
}
new Added();

// Access.
const accesses = {};
const access = (value, context) => { accesses[context.name] = context.access; };
class Accessed {
  @access field = 1;
  @access #secret = 2;
  @access accessor auto = 3;
  @access #method() { return 4; }
  @access get #got() { return 5; }
}
const accessed = new Accessed();
log(accesses.field.get(accessed), accesses['#secret'].get(accessed), accesses.auto.get(accessed), accesses['#method'].get(accessed).call(accessed), accesses['#got'].get(accessed));
accesses.field.set(accessed, 10);
accesses['#secret'].set(accessed, 20);
accesses.auto.set(accessed, 30);
log(accessed.field, accesses['#secret'].get(accessed), accessed.auto, accesses.field.has(accessed), accesses['#secret'].has(accessed), accesses['#secret'].has({}), accesses.field.has({}));
for (const attempt of [() => accesses['#secret'].get({}), () => accesses.field.get(1), () => accesses['#method'].set]) {
  try {
    log(String(attempt()));
  } catch (error) {
    log(error.name);
  }
}

// The class replaced: its inner name and its binding are the new one.
const wrap = (value) => class extends value { static wrapped = true; };
@wrap
class Wrapped {
  static self = () => Wrapped;
  static inner = this.wrapped;
}
log(Wrapped.wrapped, Wrapped.self() === Wrapped, Wrapped.inner, new Wrapped() instanceof Wrapped);

// Receivers, names, expressions.
const decorators = {
  count: 0,
  counting() { this.count++; },
  nested: { deep(value, { name }) { log('deep', name, this === decorators.nested); } },
};
const Anonymous = @decorators.counting class {
  @decorators.counting [Symbol.iterator]() {}
  @(decorators.counting) plain;
  @decorators.nested.deep 'a b'() {}
  @decorators.nested.deep 7() {}
};
log(decorators.count, Anonymous.name);
{
  @trace('declaration') class Inner {}
  log(typeof Inner);
}

// Errors.
for (const [label, make] of Object.entries({
  'not a function': () => { const five = 5; @five class A {} },
  'not a function on a method': () => { class A { @(undefined) m() {} } },
  'a bad result': () => { class A { @(() => 5) m() {} } },
  'a bad result of an accessor': () => { class A { @(() => 5) accessor a; } },
  'a bad result of a class': () => { @(() => ({})) class A {} },
  'a late initializer': () => { let late; class A { @((value, context) => { late = context.addInitializer; }) m() {} } late(() => {}); },
  'the class in its own decorators': () => { @(() => A) class A {} },
  'super in a replaced method': () => {
    class B { m() { return 'super'; } }
    class A extends B { @((m) => function () { return `${m.call(this)}!`; }) m() { return super.m(); } }
    return new A().m();
  },
  'an auto-accessor on another object': () => { class A { accessor #a = 1; static read(object) { return object.#a; } } return A.read({}); },
  'a private auto-accessor': () => { class A { accessor #a = 1; static accessor #b = 2; read() { this.#a++; A.#b += 5; return [this.#a, A.#b, #a in this]; } } return JSON.stringify(new A().read()); },
})) {
  try {
    log(label, String(make()));
  } catch (error) {
    log(label, error.name, error.message);
  }
}
