// Runs before each program of program_fuzz: hostile values under short names (program_mutator.h), and what tests of the
// conformance suite call, without their judgement.
var $buffer = new ArrayBuffer(16, { maxByteLength: 64 });
var $mutate = (n) => {
  $array0.length = n === 1 ? 0 : 3;
  try { $buffer.resize(n === 1 ? 4 : 64); } catch {}
  Object.prototype[$symbol] = n;
  delete Object.prototype[$symbol];
  return n;
};
var $symbol = Symbol('$'), $array0 = [1, , 'x', {}, 1.5, -0];
var $array = () => $array0;
var $value = (v) => ({ valueOf() { $mutate(1); return v; }, toString() { $mutate(); return `${String(v)}`; }, [Symbol.toPrimitive]: undefined });
var $getters = { get length() { $mutate(1); return 7; }, get 0() { $mutate(); return $value(1); }, get constructor() { $mutate(1); return $species(Array); }, get then() { $mutate(); }, get toJSON() { $mutate(1); }, get lastIndex() { return $value(1); }, set lastIndex(v) { $mutate(1); }, get index() { return 2 ** 31; }, get done() { $mutate(); return false; }, get value() { return $proxy; }, get raw() { return $getters; }, a: 1, get b() { delete this.a; return this.c = 2; } };
var $handler = {};
for (const trap of ['get', 'set', 'has', 'deleteProperty', 'ownKeys', 'getOwnPropertyDescriptor', 'defineProperty', 'getPrototypeOf', 'setPrototypeOf', 'isExtensible', 'preventExtensions', 'apply', 'construct'])
  $handler[trap] = (...args) => { if ($handler.count++ % 5 === 0) $mutate($handler.count & 1); return Reflect[trap](...args); };
$handler.count = 0;
var $proxy = new Proxy(function (target = $getters) { return new Proxy(Object(target), $handler); }, $handler);
var $revoked = (() => { const { proxy, revoke } = Proxy.revocable(function () {}, {}); revoke(); return proxy; })();
var $detached = (size = 8) => { const buffer = new ArrayBuffer(size), view = new Uint8Array(buffer); $262.detachArrayBuffer(buffer); return view; };
var $shrunk = (size) => { const buffer = new ArrayBuffer(size * 4, { maxByteLength: size * 8 }), view = new Float64Array(buffer, 8); buffer.resize(size); return view; };
var $grown = (size) => { const buffer = new ArrayBuffer(size, { maxByteLength: size * 8 }), view = new Int16Array(buffer); buffer.resize(size * 8); return view; };
var $tracking = () => new Uint8Array($buffer);
var $species = (C) => { const D = class extends C {}; Object.defineProperty(D, Symbol.species, { get() { $mutate(1); return function (n) { $mutate(); return $handler.count++ & 1 ? $array0 : $grown(8); }; } }); try { return Object.assign(new D(3), { constructor: D }); } catch { return D; } };
var $sparse = () => { const a = [1, 2]; a[2 ** 31] = 3; a[1e6] = 4; return a; };
var $shrinking = () => { const a = [5, 4, 3, 2, 1, 0]; Object.defineProperty(a, 2, { get() { a.length = 1; return 9; }, configurable: true }); return a; };
var $thenable = { then(resolve, reject) { $mutate(1); resolve(1); reject(2); resolve($getters); } };
var $iterable = { i: 0, [Symbol.iterator]() { this.i = 0; return this; }, [Symbol.asyncIterator]() { this.i = 0; return this; }, next(v) { $mutate(v); return { done: this.i++ > 3, value: $array0 }; }, return(v) { $mutate(1); return $getters; }, throw(v) { $mutate(); throw v; } };
var $throwing = { get x() { throw this; }, [Symbol.toPrimitive]() { throw 1; }, get [Symbol.iterator]() { throw 2; }, get name() { throw 3; }, get stack() { throw 4; }, get message() { throw 5; } };
var $rope = 'abcdefghijklmnopqrstuvwxyz'.repeat(3) + String($handler.count) + 'x'.repeat(40), $wide = 'a\u{1F600}\ud800b\u0301'.repeat(30), $slice = $wide.slice(3, -3), $bigint = (1n << 200n) - 1n;
var $frozen = Object.freeze([1, 2, 3]), $null = Object.create(null), $with = { x: 1, get [Symbol.unscopables]() { $mutate(); return { y: true }; } };
var $generator = () => (function* () { try { yield 1; yield* $iterable; } finally { $mutate(1); yield 2; } })();
var $async = () => (async function* () { try { yield $thenable; yield* $iterable; } finally { $mutate(1); await 0; } })();
var $regexp = /(?<n>a|b)*?(c)?/dgy, $date = new Date(2 ** 40), $map = new Map([[1, $getters], [NaN, 2], ['x', $symbol]]), $set = new Set([1, 'x', $array0]), $weak = new WeakMap([[$array0, $getters]]);
var $bound = Array.prototype.slice.bind($array0, 1), $arguments = function (a, b) { a = 3; return arguments; };
var $dictionary = () => { const o = {}; for (let i = 0; i < 20; i++) o['k' + i] = i; delete o.k3; return o; };
var $holes = [, , 1, , ], $namespace = Math;
Object.defineProperty(globalThis, '$other', { get: () => $262.createRealm().global, configurable: true });
var $gc = () => $262.gc?.();
var $deep = () => $deep();
var $poison = (target) => { for (const key of Reflect.ownKeys(target)) { try { const old = target[key]; if (typeof old === 'function' && key !== 'constructor') target[key] = function (...args) { $mutate(1); return old.apply(this, args); }; } catch {} } };
var $churn = (n) => { class C { static s = 1; m() { return 1; } } const c = new C(); let sum = 0; for (let i = 0; i < n; i++) { C.prototype['k' + (i & 7)] = i; sum += c.m() + c.k0; if (i & 1) delete C.prototype['k' + (i & 7)]; Array.prototype.k = i; delete Array.prototype.k; } return sum; };
var document_all = () => $262.IsHTMLDDA;

// The conformance suite's harness.
var print = () => {}, $DONE = () => {}, Test262Error = class extends Error {}, $DONOTEVALUATE = () => {};
var assert = Object.assign(() => {}, { sameValue() {}, notSameValue() {}, compareArray() {}, deepEqual() {}, throws(C, f) { try { f(); } catch {} }, throwsAsync: async (C, f) => { try { await f(); } catch {} }, _isSameValue: Object.is, _toString: String });
var compareArray = Object.assign(() => true, { format: String }), verifyProperty = (o, n) => { try { Object.getOwnPropertyDescriptor(o, n); } catch {} };
var verifyEqualTo = () => {}, verifyWritable = () => {}, verifyNotWritable = () => {}, verifyEnumerable = () => {}, verifyNotEnumerable = () => {}, verifyConfigurable = () => {}, verifyNotConfigurable = () => {}, verifyCallableProperty = () => {}, verifyPrimordialProperty = verifyProperty, verifyPrimordialCallableProperty = verifyProperty;
var isConstructor = () => true, asyncTest = (f) => f().then($DONE, $DONE), allowProxyTraps = (t) => t || {}, fnGlobalObject = () => globalThis, getWellKnownIntrinsicObject = () => Array, nans = [NaN], promiseHelper = {}, checkSequence = () => {}, checkSettledPromises = () => {};
var $each = (f, list) => { for (const C of list ?? [Uint8Array, Float64Array, BigInt64Array]) f(C, (x) => x, C); };
var testWithTypedArrayConstructors = $each, testWithAllTypedArrayConstructors = $each, testWithBigIntTypedArrayConstructors = (f) => f(BigInt64Array, (x) => x), testTypedArrayConversions = () => {}, testWithAtomicsFriendlyTypedArrayConstructors = $each, testWithNonAtomicsFriendlyTypedArrayConstructors = $each, typedArrayConstructors = [Uint8Array, Float64Array], TypedArray = Object.getPrototypeOf(Int8Array), ctors = [Uint8Array, Float32Array], floatCtors = [Float32Array], CreateResizableArrayBuffer = (a, b) => new ArrayBuffer(a, { maxByteLength: b }), CollectValuesAndResize = (n, v, b, a, r) => { b.resize(r); return false; }, ToNumbers = Array.from, MayNeedBigInt = (t, n) => n, CreateRabForTest = (C) => CreateResizableArrayBuffer(4 * C.BYTES_PER_ELEMENT, 8 * C.BYTES_PER_ELEMENT), TestIterationAndResize = (it, x, rab, at, size) => { let i = 0; for (const v of it) if (++i === at) rab.resize(size); }, $DETACHBUFFER = (b) => $262.detachArrayBuffer(b), byteConversionValues = { values: [], expected: {} };
