// The stack of errors as V8 has it: an own accessor that takes and gives any value.
function show(label, f) { var r; try { r = f(); } catch (e) { r = 'throws ' + e.name; } console.log(label + ': ' + (typeof r === 'object' ? JSON.stringify(r) : String(r))); }
function d(o, k) { var x = Object.getOwnPropertyDescriptor(o, k); if (!x) return 'none'; return (('value' in x) ? 'data ' + typeof x.value + ' w' + x.writable : 'accessor ' + typeof x.get + ' ' + typeof x.set + (x.get ? ' ' + x.get.name + '/' + x.set.name + x.get.length + x.set.length : '')) + ' e' + x.enumerable + ' c' + x.configurable; }
show('own', () => d(new Error('x'), 'stack'));
show('own thrown', () => { try { null.x } catch (e) { return d(e, 'stack') } });
show('keys', () => Object.getOwnPropertyNames(new Error('x')).join());
show('keys cause', () => Reflect.ownKeys(new Error('x', {cause: 1})).join());
show('keys nomsg', () => Reflect.ownKeys(new Error()).join());
show('keys agg', () => Reflect.ownKeys(new AggregateError([1], 'x')).join());
show('hasOwn', () => Object.hasOwn(new Error('x'), 'stack'));
show('in', () => 'stack' in new Error('x'));
show('proto value', () => typeof Error.prototype.stack);
show('forin', () => { var k = []; for (var x in new Error('y')) k.push(x); return k.join() });
for (const v of [undefined, null, 1, 'str', {a: 1}, Symbol.iterator, true, 10n]) {
  show('set ' + String(typeof v === 'object' ? JSON.stringify(v) : String(v)), () => { var e = new Error('x'); e.stack = v; return (e.stack === v) + ' ' + typeof e.stack + ' ' + d(e, 'stack') });
  show('strict set ' + String(typeof v === 'object' ? JSON.stringify(v) : String(v)), () => { 'use strict'; var e = new Error('x'); e.stack = v; return (e.stack === v) + ' ' + d(e, 'stack') });
  show('Reflect.set', () => { var e = new Error('x'); return Reflect.set(e, 'stack', v) + ' ' + (e.stack === v) });
}
show('delete set', () => { var e = new Error('x'); delete e.stack; e.stack = 5; return d(e, 'stack') });
show('define', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', {value: 'v', writable: true, configurable: true}); return e.stack + d(e, 'stack') });
show('define part', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', {enumerable: true}); return typeof e.stack + d(e, 'stack') });
show('define nonwritable', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', {value: 1, writable: false}); e.stack = 2; return e.stack + d(e, 'stack') });
show('frozen', () => { var e = Object.freeze(new Error('x')); e.stack = 1; return typeof e.stack + d(e, 'stack') });
show('frozen strict', () => { 'use strict'; var e = Object.freeze(new Error('x')); e.stack = 1; return typeof e.stack });
show('frozen Reflect', () => Reflect.set(Object.freeze(new Error('x')), 'stack', 1));
show('sealed', () => { var e = Object.seal(new Error('x')); e.stack = 1; return e.stack + d(e, 'stack') });
show('isFrozen', () => Object.isFrozen(Object.freeze(new Error('x'))));
show('nonext', () => { var e = Object.preventExtensions(new Error('x')); e.stack = 1; return e.stack + d(e, 'stack') });
class Sub extends Error { constructor(m) { super(m); this.extra = 1; } }
class Sub2 extends Error { get stack() { return 'mine' } }
class Sub3 extends Error { stack = 'field' }
class Sub4 extends Error { set stack(v) { this.q = v } }
class Sub5 extends Error { get name() { return 'Five' } }
class Sub6 extends Error { constructor() { super('m'); this.name = 'Six' } }
class Sub7 extends Error { constructor() { super('m'); this.message = 'changed' } }
show('sub', () => d(new Sub('x'), 'stack') + Object.keys(new Sub('x')).join());
show('sub own', () => Reflect.ownKeys(new Sub('x')).join());
show('sub3', () => new Sub3('x').stack + d(new Sub3('x'), 'stack'));
show('sub4', () => { var s = new Sub4('x'); s.stack = 1; return s.q + ' ' + d(s, 'stack') });
show('sub first', () => new Sub('x').stack.split('\n')[0]);
show('inherit', () => { var o = Object.create(new Error('x')); return typeof o.stack + Object.hasOwn(o, 'stack') });
show('inherit set', () => { var p = new Error('x'); var o = Object.create(p); o.stack = 1; return o.stack + d(o, 'stack') + typeof p.stack });
show('plain proto', () => { var o = Object.create(Error.prototype); return typeof o.stack + d(o, 'stack') });
show('plain proto set', () => { var o = Object.create(Error.prototype); o.stack = 4; return o.stack + d(o, 'stack') });
show('after', () => d(new Error('x'), 'stack'));
show('capture first', () => { var o = {}; Error.captureStackTrace(o); return o.stack.split('\n')[0] });
show('capture name', () => { var o = {name: 'N', message: 'M'}; Error.captureStackTrace(o); return o.stack.split('\n')[0] });
show('capture toString', () => { var o = {toString() { return 'TS' }}; Error.captureStackTrace(o); return o.stack.split('\n')[0] });
show('capture delete', () => { var o = {}; Error.captureStackTrace(o); return [delete o.stack, 'stack' in o].join() });
show('capture error', () => { var e = new Error('x'); Error.captureStackTrace(e); return d(e, 'stack') + e.stack.split('\n')[0] });
show('capture fn', () => { function f() { g() } function g() { var o = {}; Error.captureStackTrace(o, g); r = o.stack.split('\n')[1].includes('at f') } var r; f(); return r });
show('capture frozen', () => Error.captureStackTrace(Object.freeze({})));
show('capture nonext', () => Error.captureStackTrace(Object.preventExtensions({})));
show('capture prim', () => Error.captureStackTrace(1));
show('capture none', () => Error.captureStackTrace());
show('capture existing nonwritable', () => { var o = Object.defineProperty({}, 'stack', {value: 1}); Error.captureStackTrace(o); return d(o, 'stack') });
show('limit desc', () => d(Error, 'stackTraceLimit') + Error.stackTraceLimit);
function deep(n) { return n ? deep(n - 1) : new Error('d') }
function lines(e) { return e.stack === undefined ? 'undefined' : e.stack.split('\n').length }
for (const l of [0, 1, 2, 5, -1, 1.9, NaN, '3', undefined, null, {}, -Infinity]) show('limit ' + String(l) + typeof l, () => { var s = Error.stackTraceLimit; try { Error.stackTraceLimit = l; var e = deep(7); return lines(e) + ' ' + Object.hasOwn(e, 'stack') } finally { Error.stackTraceLimit = s } });
show('limit deleted', () => { var s = Error.stackTraceLimit; try { delete Error.stackTraceLimit; var e = deep(7); return lines(e) + ' ' + Object.hasOwn(e, 'stack') } finally { Error.stackTraceLimit = s } });
show('limit accessor', () => { var s = Error.stackTraceLimit; try { Object.defineProperty(Error, 'stackTraceLimit', {get() { return 2 }, configurable: true}); var e = deep(7); return lines(e) + ' ' + Object.hasOwn(e, 'stack') } finally { Object.defineProperty(Error, 'stackTraceLimit', {value: s, writable: true, enumerable: true, configurable: true}) } });
show('limit capture', () => { var s = Error.stackTraceLimit; try { Error.stackTraceLimit = 0; var o = {}; Error.captureStackTrace(o); return JSON.stringify(o.stack) } finally { Error.stackTraceLimit = s } });
show('limit sub', () => { Sub.stackTraceLimit = 1; return lines(new Sub('x')) > 2 });
show('assign', () => { var e = Object.assign(new Error('x'), {stack: undefined}); return String(e.stack) });
show('spread', () => Object.keys({...new Error('x')}).join());
show('json', () => JSON.stringify(new Error('x')));
show('getter on own', () => { var x = Object.getOwnPropertyDescriptor(new Error('a'), 'stack'); return x.get ? typeof x.get.call(new Error('b')) + ' ' + typeof x.get.call({}) + ' ' + (x.get === Object.getOwnPropertyDescriptor(new Error('b'), 'stack').get) : 'data' });
show('setter other', () => { var x = Object.getOwnPropertyDescriptor(new Error('a'), 'stack'); if (!x.set) return 'data'; var o = {}; x.set.call(o, 1); return d(o, 'stack') });
show('transfer', () => { var x = Object.getOwnPropertyDescriptor(new Error('a'), 'stack'); var o = {}; Object.defineProperty(o, 'stack', x); return typeof o.stack });
show('proxy', () => { var p = new Proxy(new Error('x'), {}); p.stack = 3; return p.stack });
show('proxy2', () => typeof new Proxy(new Error('x'), {}).stack);
show('toString', () => { var e = new Error('x'); e.stack = undefined; return String(e) });
show('setPrototypeOf', () => { var e = new Error('x'); Object.setPrototypeOf(e, null); return typeof e.stack });
show('setPrototypeOf2', () => { var e = new Error('x'); Object.setPrototypeOf(e, {}); e.stack = 2; return e.stack });
show('callable Error', () => d(Error('x'), 'stack'));
show('reflect construct', () => d(Reflect.construct(Error, ['x'], Object), 'stack'));
show('old style 2', () => { function My(m) { var e = Error.call(this, m); this.stack = e.stack; this.message = m } My.prototype = Object.create(Error.prototype); var e = new My('hey'); return d(e, 'stack') + e.stack.split('\n')[0] });
show('delete', () => { var e = new Error('x'); return [delete e.stack, e.stack, Object.hasOwn(e, 'stack')].join() });
show('capture', () => { var o = {}; var r = Error.captureStackTrace(o); return r + typeof o.stack + Object.keys(o).length + Object.hasOwn(o, 'stack') });
show('capture set', () => { var o = {}; Error.captureStackTrace(o); o.stack = undefined; return String(o.stack) });
