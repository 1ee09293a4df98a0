// https://html.spec.whatwg.org/multipage/structured-data.html: what structuredClone copies, moves and refuses.
const tried = (act) => { try { return act(); } catch (error) { return `${error.name} ${error.code ?? ''}`.trim(); } };
const tag = (value) => Object.prototype.toString.call(value);

console.log('errors');
class Mine extends RangeError { name = 'Mine'; }
const named = new TypeError('t');
named.name = 'SyntaxError';
const numbered = new Error('x');
numbered.name = 5;
numbered.message = 7;
const silent = new EvalError();
const inherited = Object.create(new Error('above'));
const accessor = new Error('x');
Object.defineProperty(accessor, 'message', { get() { return 'got'; } });
for (const error of [new TypeError('t'), new Mine('m'), named, numbered, silent, accessor, new AggregateError([1], 'all'), new SuppressedError(1, 2, 's'), new Error('c', { cause: { deep: 1 } })]) {
  const copy = structuredClone(Object.assign(error, { extra: 1 }));
  console.log(Object.getPrototypeOf(copy).name, Object.hasOwn(copy, 'name'), Object.hasOwn(copy, 'message'), JSON.stringify(copy.message), copy.stack === error.stack, copy.extra, copy.errors, JSON.stringify(copy.cause));
}
console.log(tag(structuredClone(inherited)), tried(() => structuredClone(Object.defineProperty(new Error(), 'name', { get() { throw new RangeError(); } }))));
const exception = structuredClone(new DOMException('m', 'AbortError'));
console.log(tag(exception), exception instanceof DOMException, exception.name, exception.message, exception.code, Object.getOwnPropertyNames(exception).join());

console.log('buffers');
const shared = new SharedArrayBuffer(4, { maxByteLength: 8 });
const sharedCopy = structuredClone({ a: shared, b: new Uint8Array(shared) });
new Uint8Array(shared)[1] = 9;
shared.grow(6);
console.log(tag(sharedCopy.a), sharedCopy.a === shared, sharedCopy.b.buffer === sharedCopy.a, sharedCopy.b[1], sharedCopy.b.length, sharedCopy.a.growable);
const resizable = new ArrayBuffer(6, { maxByteLength: 12 });
new Uint8Array(resizable).set([1, 2, 3, 4, 5, 6]);
const views = structuredClone({ resizable, tracking: new Uint8Array(resizable, 2), fixed: new Uint16Array(resizable, 2, 1), view: new DataView(resizable, 1) });
views.resizable.resize(8);
console.log(views.resizable.maxByteLength, views.tracking.length, views.fixed.length, views.view.byteLength, views.tracking[0], views.fixed.buffer === views.resizable);
const moving = new ArrayBuffer(4, { maxByteLength: 8 });
new Uint8Array(moving)[0] = 42;
const moved = structuredClone({ list: [new Uint8Array(moving)] }, { transfer: [moving] });
console.log(moving.detached, moved.list[0][0], moved.list[0].buffer.resizable, moving.byteLength);
const plain = new ArrayBuffer(2);
for (const [value, transfer] of [[1, [plain, plain]], [1, [moving]], [moving, []], [1, [shared]], [1, [{}]], [1, [new Uint8Array(plain)]], [() => {}, [plain]]]) console.log(tried(() => structuredClone(value, { transfer })), plain.detached);
for (const wrong of [() => structuredClone(), () => structuredClone(1, 1), () => structuredClone(1, { transfer: 1 }), () => structuredClone(1, { transfer: [1] }), () => structuredClone(1, null), () => structuredClone(1, { transfer: new Set([plain]) })]) console.log(tried(wrong));
console.log(plain.detached);

console.log('objects');
const hidden = Object.defineProperty([1, 2, 3], 1, { enumerable: false, value: 2 });
hidden.extra = 'e';
const getters = { get computed() { return 4; } };
Object.defineProperty(getters, 'hidden', { value: 5 });
getters[Symbol('s')] = 6;
const cycle = { list: [] };
cycle.list.push(cycle, new Map([[cycle, new Set([cycle])]]));
const copied = structuredClone({ hidden, getters, cycle, date: new Date(NaN), regexp: /a/gi, boxed: [Object(1n), Object('s'), Object(true), Object(1)], sparse: [, 1, , ], map: new Map([[NaN, -0]]), text: '\ud800', none: undefined });
console.log(1 in copied.hidden, copied.hidden.length, copied.hidden.extra, Object.keys(copied.getters).join(), copied.getters.computed, copied.cycle.list[0] === copied.cycle, [...copied.cycle.list[1].values()][0].has(copied.cycle),
  copied.date.getTime(), String(copied.regexp), copied.regexp.lastIndex, copied.boxed.map((value) => typeof value.valueOf()).join(), 0 in copied.sparse, copied.sparse.length, Object.is(copied.map.get(NaN), -0), copied.text.length, 'none' in copied);
class Point { #secret = 1; x = 2; }
console.log(Object.getPrototypeOf(structuredClone(new Point())) === Object.prototype, structuredClone(new Point()).x);
for (const value of [Symbol(), () => {}, Object(Symbol()), new WeakMap(), new WeakSet(), new WeakRef({}), Promise.resolve(), new Proxy({}, {}), (function* () {})(), [][Symbol.iterator](), new URL('http://h'), new URLSearchParams(), new EventTarget(), new (class extends EventTarget {})(),
  new Event('e'), new AbortController(), AbortSignal.abort(), performance, new TextEncoder(), new TextDecoder(), new MessageChannel(), new MessageChannel().port1]) console.log(tried(() => structuredClone([{ value }])));

console.log(tried(() => structuredClone((function () { return arguments; })(1))), tried(() => structuredClone({ a: (function () { 'use strict'; return arguments; })() })));

console.log('ports');
const { port1, port2 } = new MessageChannel();
port1.postMessage('before');
const twice = structuredClone({ port: port2, again: [port2] }, { transfer: [port2] });
console.log(twice.port === twice.again[0], twice.port === port2, twice.port instanceof MessagePort, tried(() => structuredClone(port2, { transfer: [port2] })));
twice.port.onmessage = ({ data }) => {
  console.log('heard', data);
  if (data === 'after') twice.port.close();
};
port1.postMessage('after');
