// Every trap of a proxy, in the order in which operations reach it, the invariants, and revocation.
const log = [];
const handler = new Proxy({}, {
  get(target, trap) {
    return (...operands) => {
      log.push(`${trap}(${operands.slice(1).map((value) => (typeof value === 'object' ? 'object' : String(value))).join()})`);
      return Reflect[trap](...operands);
    };
  },
});
function traced(name, action) {
  log.length = 0;
  let result;
  try {
    result = action();
  } catch (error) {
    result = error.constructor.name;
  }
  console.log(name, String(result), log.join(' '));
}

const target = function target(a, b) { 'use strict'; return [this === undefined, a, b].join(); };
target.x = 1;
const proxy = new Proxy(target, handler);
traced('get', () => proxy.x);
traced('set', () => (proxy.y = 2));
traced('has', () => 'x' in proxy);
traced('delete', () => delete proxy.y);
traced('call', () => proxy(1, 2));
traced('construct', () => typeof new proxy(1));
traced('keys', () => Object.keys(proxy));
traced('spread', () => Object.keys({ ...proxy }));
traced('freeze', () => Object.isFrozen(Object.freeze(new Proxy({ a: 1 }, handler))));
traced('define', () => Object.defineProperty(proxy, 'z', { value: 3, configurable: true }).z);
traced('prototype', () => Object.getPrototypeOf(proxy) === Function.prototype);
traced('set prototype', () => Object.getPrototypeOf(Object.setPrototypeOf(new Proxy({}, handler), null)));
traced('instanceof', () => proxy instanceof Function);
traced('array', () => Array.isArray(new Proxy([], handler)));
traced('concat', () => [1].concat(new Proxy([2, 3], handler)));
traced('JSON', () => JSON.stringify(new Proxy({ a: [1] }, handler)));
traced('splice', () => new Proxy([1, 2, 3], handler).splice(0, 1));
traced('tag', () => Object.prototype.toString.call(new Proxy([], handler)));

const fixed = Object.freeze({ a: 1 });
const lies = {
  get: [(p) => p.a, { get: () => 2 }],
  has: [(p) => 'a' in p, { has: () => false }],
  ownKeys: [(p) => Reflect.ownKeys(p), { ownKeys: () => [] }],
  duplicates: [(p) => Reflect.ownKeys(p), { ownKeys: () => ['a', 'a'] }],
  deleteProperty: [(p) => delete p.a, { deleteProperty: () => true }],
  getPrototypeOf: [(p) => Object.getPrototypeOf(p), { getPrototypeOf: () => null }],
  setPrototypeOf: [(p) => Object.setPrototypeOf(p, null), { setPrototypeOf: () => true }],
  isExtensible: [(p) => Object.isExtensible(p), { isExtensible: () => true }],
  set: [(p) => { p.a = 2; return p.a; }, { set: () => true }],
  getOwnPropertyDescriptor: [(p) => Object.getOwnPropertyDescriptor(p, 'a'), { getOwnPropertyDescriptor: () => undefined }],
  defineProperty: [(p) => Object.defineProperty(p, 'b', { value: 1 }), { defineProperty: () => true }],
};
for (const [name, [action, traps]] of Object.entries(lies)) {
  try {
    console.log(name, String(action(new Proxy(fixed, traps))));
  } catch (error) {
    console.log(name, error.constructor.name);
  }
}

const { proxy: revocable, revoke } = Proxy.revocable({ x: 1 }, {});
console.log(revocable.x);
revoke();
revoke();
for (const action of [() => revocable.x, () => { revocable.x = 1; }, () => 'x' in revocable, () => Object.keys(revocable), () => Array.isArray(revocable), () => typeof revocable]) {
  try {
    console.log(String(action()));
  } catch (error) {
    console.log(error.constructor.name);
  }
}
let deep = { end: 'reached' };
for (let i = 0; i < 100; i++) deep = new Proxy(deep, {});
console.log(deep.end, 'end' in deep, Object.keys(deep).join());
