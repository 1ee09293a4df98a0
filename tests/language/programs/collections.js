const map = new Map([[1, 'one'], ['1', 'string one'], [NaN, 'nan']]);
map.set(-0, 'zero').set(map, 'self');
console.log(map.size, map.get(NaN), map.get(0), map.has('1'), [...map.keys()].length, map.delete(1), map.size, Object.is([...map.keys()][2], 0));
const seen = [];
for (const [key] of map) { seen.push(typeof key); if (map.size < 6) map.set('added', 1); }
console.log(seen.join());
const set = new Set([3, 1, 3, 2]);
set.forEach((value, again, whole) => { if (value === 3) whole.delete(1); });
console.log([...set].join(), set.has(1), new Set('hello').size);
const weak = new WeakMap();
const key = {};
weak.set(key, 1);
console.log(weak.get(key), weak.has({}), new WeakSet([key]).has(key), new WeakRef(key).deref() === key);
try { weak.set(1, 1); } catch (error) { console.log(error.name); }
try { Map(); } catch (error) { console.log(error.name); }
const iterator = map.entries();
map.clear();
console.log(iterator.next().done, map.size, Object.prototype.toString.call(iterator));
const buffer = new ArrayBuffer(16);
const bytes = new Uint8Array(buffer);
const view = new DataView(buffer);
view.setFloat64(0, Math.PI);
view.setInt16(8, -2, true);
console.log([...bytes.slice(0, 10)].join(), view.getInt16(8, true), view.getUint16(8), new Float64Array(buffer.slice(0, 8)).length);
console.log(new Uint8ClampedArray([300, -5, 1.5, 2.5]).join(), new Int8Array([200, 1e10]).join(), new Float32Array([0.1])[0], Uint16Array.from([1, 2, 3], (n) => n * 2).join(), new BigInt64Array([2n ** 63n])[0]);
const typed = new Int32Array([5, 3, 9, 1]);
typed.sort();
console.log(typed.join(), typed.subarray(1, 3).join(), typed.map((n) => n * 2).join(), typed.indexOf(9), [...typed.entries()].length, typed.at(-1), typed.length, typed[10], 10 in typed);
typed.set([7, 8], 2);
typed.foo = 1;
console.log(typed.join(), typed.buffer.byteLength, Object.keys(typed).join(), ArrayBuffer.isView(view), typed.reduce((a, b) => a + b), typed.fill(1, 1, 3).join(), typed.findLast((n) => n > 5));
const symbol = Symbol('desc');
console.log(symbol.toString(), symbol.description, Symbol.for('x') === Symbol.for('x'), Symbol.keyFor(Symbol.for('x')), { [symbol]: 1 }[symbol]);
try { `${symbol}`; } catch (error) { console.log(error.name); }
console.log(new Date(0).toISOString(), Date.UTC(2026, 0, 15), new Date(2026, 0, 15, 12).getDate(), new Date('2026-01-15T10:00:00Z').getTime(), JSON.stringify({ d: new Date(1e12) }), isNaN(new Date('nope')), new Date(2024, 1, 30).getMonth());
console.log(JSON.stringify({ a: [1, undefined, () => 1, Symbol('x'), NaN, null, { toJSON: () => 'json' }], u: undefined, n: { b: 'x' } }), JSON.stringify([1, { a: 2 }], null, 2), JSON.stringify({ a: 1, b: 2 }, (k, v) => (k === 'a' ? undefined : v)));
console.log(JSON.parse('{"a":[1,2,{"b":null}],"__proto__":5}').a[2].b, JSON.parse('[1,2]', (k, v) => (Array.isArray(v) ? v : v * 2)).join(), JSON.parse(' "\\u0041\\n" '));
for (const bad of ['{a:1}', '[1,]', '01', '"\n"', '']) { try { JSON.parse(bad); console.log('parsed', bad); } catch (error) { console.log(error.name); } }
const cyclic = {};
cyclic.self = cyclic;
try { JSON.stringify(cyclic); } catch (error) { console.log(error.name); }
console.log(structuredCloneAvailable());
function structuredCloneAvailable() { return typeof globalThis; }
