// Proxies without traps stand for their targets, however many of them lie one behind the other.
const within = (target, levels = 1000) => {
  for (let i = 0; i < levels; i++) target = new Proxy(target, {});
  return target;
};
class Point {
  #secret = 1;
  constructor(x) {
    this.x = x;
  }
  get double() {
    return this.x * 2;
  }
  static has(value) {
    return #secret in value;
  }
}
const point = within(new Point(3));
console.log(point.x, point.double, 'x' in point, 'y' in point, Object.keys(point), point instanceof Point);
point.x = 4;
point.y = 5;
console.log(point.x, point.double, delete point.y, Object.entries(point), Point.has(point));
console.log(Object.getPrototypeOf(point) === Point.prototype, Object.isExtensible(point));
Object.defineProperty(point, 'z', { value: 6 });
console.log(Object.getOwnPropertyDescriptor(point, 'z'), Reflect.ownKeys(point));
console.log(Object.isFrozen(Object.freeze(point)), Reflect.set(point, 'x', 1), point.x);

const list = within([1, 2, 3]);
console.log(Array.isArray(list), list.length, list.map((item) => item * 2), [...list], JSON.stringify(list));
list.push(4);
console.log(list.at(-1), list.concat([5]));

const call = within(function (value) {
  return [new.target !== undefined, value, this?.name];
});
console.log(call.call({ name: 'receiver' }, 1), new (within(Point))(7).x);
console.log(new (within(class extends Point {}))(8).double);

const receivers = [];
const base = new Proxy({}, { get: (target, key, receiver) => (receivers.push(receiver), key) });
const outer = within(base);
console.log(outer.name, receivers[0] === outer, Object.create(outer).other, receivers.length);

const { proxy, revoke } = Proxy.revocable({}, {});
const revoked = within(proxy);
revoke();
for (const use of [() => revoked.x, () => (revoked.x = 1), () => 'x' in revoked, () => Object.keys(revoked)])
  try {
    console.log(use());
  } catch (error) {
    console.log(error.name);
  }

// A handler that is looked at may change what lies behind.
const order = [];
let inner = new Proxy({}, { get get() { order.push('inner'); } });
inner = new Proxy(inner, { get get() { order.push('middle'); } });
inner = new Proxy(inner, { get get() { order.push('outer'); } });
console.log(inner.x, order);
