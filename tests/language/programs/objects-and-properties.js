const object = { b: 1, a: 2, 10: 'x', 2: 'y', [Symbol('s')]: 3, get computed() { return this.a * 2; } };
console.log(Object.keys(object).join(), JSON.stringify(object), Reflect.ownKeys(object).length);
Object.defineProperty(object, 'hidden', { value: 1, enumerable: false, writable: false, configurable: true });
console.log('hidden' in object, Object.keys(object).includes('hidden'), JSON.stringify(Object.getOwnPropertyDescriptor(object, 'hidden')));
delete object.b;
console.log(Object.entries(object).join(';'), object?.missing?.deep, object.missing ?? 'fallback');
const frozen = Object.freeze({ list: [1] });
frozen.list.push(2);
frozen.other = 1;
console.log(JSON.stringify(frozen), Object.isFrozen(frozen));
try { (function () { 'use strict'; frozen.other = 1; })(); } catch (error) { console.log(error.name); }
try { undefined.property; } catch (error) { console.log(error.name); }
const order = [];
for (const key in Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })) order.push(key);
console.log(order.join());
console.log(Object.fromEntries(new Map([['k', 1]])).k, Object.assign({}, 'ab', { c: 1 })[1], Object.is(-0, 0), Object.is(NaN, NaN));
const log = [];
const proxy = new Proxy({ a: 1 }, {
  get(target, key, receiver) { log.push(`get ${String(key)}`); return Reflect.get(target, key, receiver); },
  has(target, key) { log.push(`has ${key}`); return key in target; },
  set(target, key, value) { log.push(`set ${key}`); target[key] = value; return true; },
  deleteProperty(target, key) { log.push(`delete ${key}`); return delete target[key]; },
  ownKeys(target) { log.push('keys'); return Reflect.ownKeys(target); },
});
proxy.b = proxy.a + 1;
'a' in proxy;
delete proxy.a;
console.log({ ...proxy }.b, log.join());
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
try { revoked.x; } catch (error) { console.log(error.name); }
const weird = { toString: () => 'str', valueOf: () => 42, [Symbol.toPrimitive]: undefined };
console.log(`${weird}`, weird + 1, weird * 2, weird == 42);
console.log({ [Symbol.toPrimitive]: (hint) => hint } + '', `${{ [Symbol.toPrimitive]: (hint) => hint }}`, +{ [Symbol.toPrimitive]: () => 7 });
console.log(Object.prototype.toString.call(null), Object.prototype.toString.call([]), String({ [Symbol.toStringTag]: 'Tagged' }));
const chain = Object.setPrototypeOf({ own: 1 }, { parent: 2, set viaSetter(v) { this.stored = v; } });
chain.viaSetter = 5;
console.log(chain.parent, chain.stored, Object.hasOwn(chain, 'stored'), 'parent' in chain);
for (let i = 0; i < 2000; i++) object[`k${i}`] = i;
for (let i = 0; i < 2000; i += 2) delete object[`k${i}`];
console.log(Object.keys(object).length, object.k1999, object.k1998);
console.log([1, 2, 3].at(-1), Array.isArray(proxy));
