// Stacks as Node 24 has them: the shape of `stack`, Error.captureStackTrace, Error.prepareStackTrace and call sites.
function show(label, f) { var r; try { r = f(); } catch (e) { r = 'throws ' + e.name; } console.log(label + ': ' + (typeof r === 'object' ? JSON.stringify(r) : String(r))); }
function d(o, k) { var x = Object.getOwnPropertyDescriptor(o, k); if (!x) return 'none'; return (('value' in x) ? 'data ' + typeof x.value + ' w' + x.writable : 'accessor ' + typeof x.get + ' ' + typeof x.set + (x.get ? ' ' + x.get.name + '/' + x.set.name + x.get.length + x.set.length : '')) + ' e' + x.enumerable + ' c' + x.configurable; }
show('proto own', () => d(Error.prototype, 'stack'));
show('proto keys', () => Reflect.ownKeys(Error.prototype).map(String).join());
show('in after delete', () => { var e = new Error('x'); delete e.stack; return ['stack' in e, e.stack, Object.hasOwn(e, 'stack')].join() });
show('in proto', () => 'stack' in Error.prototype);
show('in plain', () => 'stack' in Object.create(Error.prototype));
show('proto set', () => { Error.prototype.stack = 1; var r = d(Error.prototype, 'stack'); delete Error.prototype.stack; return r });
show('proto set strict', () => { 'use strict'; Error.prototype.stack = 1; var r = d(Error.prototype, 'stack'); delete Error.prototype.stack; return r });
show('proto set seen', () => { Error.prototype.stack = 'P'; try { var e = new Error('q'); var a = typeof e.stack; delete e.stack; return a + e.stack } finally { delete Error.prototype.stack } });
show('tp proto set', () => { TypeError.prototype.stack = 1; var r = d(TypeError.prototype, 'stack'); delete TypeError.prototype.stack; return r });
show('define proto', () => { Object.defineProperty(Error.prototype, 'stack', { get() { return 'G' }, set(v) { this.z = v }, configurable: true }); try { var e = new Error('x'); return typeof e.stack + ' ' + d(e, 'stack') + Object.create(Error.prototype).stack } finally { delete Error.prototype.stack } });
show('old style', () => { function My(m) { this.message = m; this.stack = new Error(m).stack } My.prototype = Object.create(Error.prototype); var e = new My('hey'); return d(e, 'stack') });
show('old style capture', () => { function My(m) { this.message = m; Error.captureStackTrace(this, My) } My.prototype = Object.create(Error.prototype); My.prototype.name = 'My'; var e = new My('hey'); return d(e, 'stack') + e.stack.split('\n')[0] });
show('old style inherits', () => { function My(m) { this.message = m } My.prototype = new Error; var e = new My('hey'); return d(e, 'stack') + typeof e.stack });
show('old style inherits set', () => { function My(m) { this.message = m; this.stack = 'mine' } My.prototype = new Error; var e = new My('hey'); return d(e, 'stack') + e.stack + '|' + typeof My.prototype.stack + (My.prototype.stack === 'mine') });
show('create', () => { var p = new Error('x'), o = Object.create(p); return [typeof o.stack, 'stack' in o, o.stack === p.stack].join() });
show('create set', () => { var p = new Error('x'), o = Object.create(p); o.stack = 'q'; return [o.stack === 'q', d(o, 'stack'), p.stack === 'q'].join() });
show('create set strict', () => { 'use strict'; var p = new Error('x'), o = Object.create(p); o.stack = 'q'; return [o.stack === 'q', d(o, 'stack'), p.stack === 'q'].join() });
show('create array set', () => { var p = new Error('x'), o = Object.setPrototypeOf([], p); o.stack = 'q'; return [o.stack, d(o, 'stack')].join() });
show('create define', () => { var p = new Error('x'), o = Object.create(p); Object.defineProperty(o, 'stack', { value: 1 }); return [o.stack, d(o, 'stack')].join() });
show('assign from', () => Object.keys(Object.assign({}, new Error('x'))).join());
show('values', () => Object.entries(Object.getOwnPropertyDescriptors(new Error('x'))).map(([k, v]) => k + Object.keys(v)).join());
show('clone by descriptors', () => { var e = new Error('x'); var o = Object.create(Object.getPrototypeOf(e), Object.getOwnPropertyDescriptors(e)); return [typeof o.stack, o.message, o instanceof Error].join() });
show('clone error by descriptors', () => { var e = new Error('x'); var o = Object.defineProperties(new Error('y'), Object.getOwnPropertyDescriptors(e)); return [typeof o.stack, String(o.stack).split('\n')[0]].join() });
show('freeze', () => { var e = Object.freeze(new Error('x')); return [Object.isFrozen(e), typeof e.stack, d(e, 'stack')].join() });
show('freeze set', () => { var e = Object.freeze(new Error('x')); e.stack = 5; return e.stack === 5 });
show('structuredClone', () => { var c = structuredClone(new Error('x')); return [typeof c.stack, d(c, 'stack'), c.stack.split('\n')[0]].join() });
show('structuredClone set', () => { var e = new Error('x'); e.stack = 'mine'; return structuredClone(e).stack });
show('structuredClone number', () => { var e = new Error('x'); e.stack = 5; var c = structuredClone(e); return typeof c.stack + String(c.stack).split('\n')[0] });
show('structuredClone deleted', () => { var e = new Error('x'); delete e.stack; var c = structuredClone(e); return typeof c.stack });
show('structuredClone same', () => { var e = new Error('x'); return structuredClone(e).stack === e.stack });
show('json', () => JSON.stringify(new Error('x')));
show('json own', () => { var e = new Error('x'); return JSON.stringify(e, ['message', 'name']) });
show('enumerable', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', { enumerable: true }); return Object.keys(e).join() + typeof JSON.parse(JSON.stringify(e)).stack });
show('define get', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', { get() { return 'g' } }); return e.stack + d(e, 'stack').slice(0, 25) });
show('define value', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', { value: 'v' }); return e.stack + d(e, 'stack') });
show('define value after set', () => { var e = new Error('x'); e.stack = 2; Object.defineProperty(e, 'stack', { value: 'v' }); return e.stack + d(e, 'stack') });
show('define nonconf', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', { configurable: false }); return [typeof e.stack, d(e, 'stack')].join() });
show('define writable false', () => { var e = new Error('x'); Object.defineProperty(e, 'stack', { writable: false }); return [typeof e.stack, d(e, 'stack')].join() });
show('reflect get receiver', () => typeof Reflect.get(new Error('x'), 'stack', {}));
show('reflect set receiver', () => { var o = {}; return [Reflect.set(new Error('x'), 'stack', 1, o), d(o, 'stack')].join() });
show('reflect set receiver error', () => { var o = new Error('y'); return [Reflect.set(new Error('x'), 'stack', 1, o), o.stack === 1].join() });
show('super', () => { class A extends Error { get s() { return typeof super.stack } get t() { return typeof this.stack } } var a = new A; return a.s + a.t });
show('super set', () => { class A extends Error { s() { super.stack = 4; return this.stack === 4 } } return new A('x').s() });
class Sub extends Error { constructor(m) { super(m); this.name = this.constructor.name; Error.captureStackTrace(this, this.constructor); } }
show('capture in constructor', () => { var e = new Sub('m'); return d(e, 'stack') + e.stack.split('\n')[0] + Reflect.ownKeys(e) });
show('capture twice', () => { var o = {}; Error.captureStackTrace(o); Error.captureStackTrace(o); return d(o, 'stack') });
show('capture then set', () => { var o = {}; Error.captureStackTrace(o); o.stack = 3; return d(o, 'stack') });
show('capture array', () => { var o = []; Error.captureStackTrace(o); return d(o, 'stack') + o.stack.split('\n')[0] });
show('capture function', () => { var o = function () {}; Error.captureStackTrace(o); return d(o, 'stack') + o.stack.split('\n')[0] });
show('capture error deleted', () => { var e = new Error('x'); delete e.stack; Error.captureStackTrace(e); return d(e, 'stack') + e.stack.split('\n')[0] });
show('capture error changed', () => { var e = new Error('x'); e.message = 'changed'; Error.captureStackTrace(e); return e.stack.split('\n')[0] });
show('capture typed', () => { var e = new TypeError('x'); Error.captureStackTrace(e); return e.stack.split('\n')[0] });
show('capture inheriting', () => { var o = Object.create(new Error('x')); Error.captureStackTrace(o); return d(o, 'stack') + typeof o.stack });
show('capture proxy', () => { var o = new Proxy({}, {}); Error.captureStackTrace(o); return d(o, 'stack') });
show('capture frozen error', () => { var o = Object.freeze(new Error('x')); Error.captureStackTrace(o); return d(o, 'stack') });
show('capture name getter', () => { var log = []; var o = { get name() { log.push('name'); return 'N' }, get message() { log.push('message'); return 'M' } }; Error.captureStackTrace(o); log.push('made'); return o.stack.split('\n')[0] + log });
show('capture getter throws', () => { var o = { get name() { throw new RangeError } }; Error.captureStackTrace(o); return o.stack.split('\n')[0] });
show('capture toString proto', () => { class T { toString() { return 'str' } } var o = new T; Error.captureStackTrace(o); return o.stack.split('\n')[0] });
show('header late name', () => { var e = new Error('x'); e.name = 'Late'; return e.stack.split('\n')[0] });
show('header late message', () => { var e = new Error('x'); e.message = 'Late'; return e.stack.split('\n')[0] });
show('header class', () => { class Foo extends Error {} return new Foo('x').stack.split('\n')[0] });
show('header class proto name', () => { class Foo extends Error {} Foo.prototype.name = 'Foo'; return new Foo('x').stack.split('\n')[0] });
show('header name getter', () => { class Foo extends Error { get name() { return 'G' } } return new Foo('x').stack.split('\n')[0] });
show('header message getter', () => { class Foo extends Error { get message() { return 'G' } } return new Foo().stack.split('\n')[0] });
show('header toString', () => { class Foo extends Error { toString() { return 'ts' } } return new Foo('x').stack.split('\n')[0] });
show('header aggregate', () => new AggregateError([new Error('q')], 'm').stack.split('\n')[0]);
show('length', () => [Error.captureStackTrace.length, Error.captureStackTrace.name, d(Error, 'captureStackTrace')].join());
show('tolocale', () => Object.getOwnPropertyNames(new TypeError).join());
show('rejected', () => { var e; try { null.x } catch (x) { e = x } return Object.getOwnPropertyNames(e).join() });
// prepareStackTrace
function P(f, g) { var old = Error.prepareStackTrace; Error.prepareStackTrace = f; try { return g() } finally { Error.prepareStackTrace = old } }
show('prepare', () => P((e, s) => { return [e.message, Array.isArray(s), s.length > 0].join() }, () => new Error('x').stack));
show('prepare when', () => { var log = []; P((e, s) => { log.push('prep'); return 1 }, () => { var e = new Error('x'); log.push('made'); e.stack; log.push('read'); e.stack; }); return log.join() });
show('prepare capture when', () => { var log = []; P((e, s) => { log.push('prep'); return 1 }, () => { var e = {}; Error.captureStackTrace(e); log.push('made'); e.stack; log.push('read'); e.stack; }); return log.join() });
show('prepare unread', () => { var e; P(() => 'P', () => { e = new Error('x') }); return e.stack.slice(0, 5) });
show('prepare read later', () => { var e = new Error('x'); return P(() => 'P', () => e.stack).slice(0, 5) });
show('prepare this', () => P(function (e, s) { return this === Error }, () => new Error('x').stack));
show('prepare throws', () => P(() => { throw new RangeError('p') }, () => new Error('x').stack));
show('prepare capture throws', () => P(() => { throw new RangeError('p') }, () => { var o = {}; Error.captureStackTrace(o); return o.stack }));
show('prepare undefined', () => String(P(() => undefined, () => new Error('x').stack)));
show('prepare object', () => typeof P(() => ({ a: 1 }), () => new Error('x').stack));
show('prepare non function', () => P(5, () => new Error('x').stack.split('\n')[0]));
show('prepare target', () => { var o = {}; return P((e) => e === o, () => { Error.captureStackTrace(o); return o.stack }) });
show('prepare nested', () => P((e, s) => { return new Error('inner').stack.slice(0, 12) }, () => new Error('x').stack));
show('prepare limit', () => { var l = Error.stackTraceLimit; Error.stackTraceLimit = 1; try { return P((e, s) => s.length, () => new Error('x').stack) } finally { Error.stackTraceLimit = l } });
show('prepare limit 0', () => { var l = Error.stackTraceLimit; Error.stackTraceLimit = 0; try { return P((e, s) => s.length, () => new Error('x').stack) } finally { Error.stackTraceLimit = l } });
show('prepare accessor', () => { Object.defineProperty(Error, 'prepareStackTrace', { configurable: true, get() { return () => 'acc' } }); try { return new Error('x').stack.slice(0, 5) } finally { delete Error.prepareStackTrace } });
show('prepare sub', () => { Sub.prepareStackTrace = () => 'sub'; try { return new Sub('x').stack.slice(0, 4) } finally { delete Sub.prepareStackTrace } });
show('prepare TypeError', () => P(() => 'P', () => { try { null.x } catch (e) { return e.stack } }));
const sites = (f) => P((e, s) => s, f);
show('site keys', () => Reflect.ownKeys(Object.getPrototypeOf(sites(() => new Error().stack)[0])).map(String).join());
show('site own', () => Reflect.ownKeys(sites(() => new Error().stack)[0]).map(String).join());
show('site class', () => { var s = sites(() => new Error().stack)[0]; return [s.constructor && s.constructor.name, Object.prototype.toString.call(s), Object.getPrototypeOf(Object.getPrototypeOf(s)) === Object.prototype].join() });
const all = (s) => ['getFunctionName', 'getTypeName', 'getMethodName', 'getLineNumber', 'getColumnNumber', 'isNative', 'isEval', 'isConstructor', 'isToplevel', 'isAsync', 'isPromiseAll', 'getPromiseIndex', 'getEvalOrigin'].map((m) => m + '=' + (s[m] ? s[m]() : 'none')).join(' ') + ' this=' + typeof s.getThis() + ' fn=' + typeof s.getFunction();
function named() { return new Error('x').stack }
const o = { method() { return new Error('x').stack }, get g() { return new Error('y').stack }, arrow: () => new Error().stack, ['comp' + 1]() { return new Error().stack }, alias: named };
class K { constructor() { this.s = new Error().stack } m() { return new Error().stack } static st() { return new Error().stack } #p() { return new Error().stack } q() { return this.#p() } }
show('named', () => all(sites(() => named())[0])); show('method', () => all(sites(() => o.method())[0])); show('getter', () => all(sites(() => o.g)[0])); show('arrow', () => all(sites(() => o.arrow())[0]));
show('alias', () => all(sites(() => o.alias())[0])); show('computed', () => all(sites(() => o.comp1())[0])); show('new', () => all(sites(() => new K().s)[0])); show('class method', () => all(sites(() => new K().m())[0]));
show('static', () => all(sites(() => K.st())[0])); show('private', () => all(sites(() => new K().q())[0])); show('anonymous', () => all(sites(() => (function () { return new Error().stack })())[0]));
show('strict', () => all(sites(() => (function f() { 'use strict'; return new Error().stack })())[0])); show('call 5', () => all(sites(() => named.call(5))[0])); show('call null', () => all(sites(() => named.call(null))[0]));
show('call array', () => all(sites(() => named.call([]))[0])); show('call function', () => all(sites(() => named.call(named))[0]));
show('eval', () => { var s = sites(() => eval('new Error().stack')); return [s[0].isEval(), s[0].getFunctionName(), typeof s[0].getEvalOrigin(), s[1].isEval()].join() });
show('Function', () => { var s = sites(() => new Function('return new Error().stack')()); return [s[0].isEval(), s[0].getFunctionName()].join() });
show('toString', () => [named, () => o.method(), () => o.alias(), () => new K().s, () => new K().m(), () => K.st(), () => (function () { return new Error().stack })(), () => named.call([]), () => o.arrow(), () => o.g].map((f) => String(sites(f)[0]).replace(/\(?[^ (]*:\d+:\d+\)?$/, '(...)')).join(' | '));
show('site toString type', () => typeof sites(named)[0].toString());
show('wrong this', () => Object.getPrototypeOf(sites(named)[0]).getLineNumber.call({}));
show('site json', () => JSON.stringify(sites(named)[0]));
show('callsites', () => { const _ = Error.prepareStackTrace; try { let result = []; Error.prepareStackTrace = (_, c) => { const w = c.slice(1); result = w; return w }; new Error().stack; return result.length > 0 && typeof result[0].getFileName() } finally { Error.prepareStackTrace = _ } });
show('depd', () => { var obj = {}; var lim = Error.stackTraceLimit, prep = Error.prepareStackTrace; Error.prepareStackTrace = (o, s) => s; Error.stackTraceLimit = Math.max(10, lim); Error.captureStackTrace(obj); var stack = obj.stack.slice(1); Error.prepareStackTrace = prep; Error.stackTraceLimit = lim; return Array.isArray(stack) + typeof stack[0].getFileName() });
// Frames of what the engine has written in JavaScript do not show.
function frames(label, f) { let stack; try { stack = f() } catch (error) { stack = error.stack } console.log(label + ': ' + stack.split('\n').slice(1).map((line) => /at (?:new )?(\S+) \(/.exec(line)?.[1] ?? '-').join(' ')); }
frames('structuredClone', () => structuredClone(() => 1)); frames('clone getter', () => structuredClone({ get a() { throw new Error('g') } }));
frames('atob', () => atob('*')); frames('URL', () => new URL('nope')); frames('URLSearchParams', () => new URLSearchParams([[1]])); frames('Event', () => new Event());
frames('throwIfAborted', () => AbortSignal.abort().throwIfAborted()); frames('TextDecoder', () => new TextDecoder('nope')); frames('forEach', () => new URLSearchParams('a=1').forEach(function each() { throw new Error('p') }));
frames('listener', () => { const target = new EventTarget(); let stack; target.addEventListener('x', function listener() { stack = new Error('l').stack }); target.dispatchEvent(new Event('x')); return stack });
frames('map', () => [1].map(function mapper() { throw new Error('m') })); frames('sort', () => [2, 1].sort(function order() { throw new Error('m') }));
frames('postMessage', () => new MessageChannel().port1.postMessage(() => 1)); frames('timer', () => setTimeout(Symbol()));
console.log([structuredClone, URL, EventTarget.prototype.addEventListener].map(String).join(' '));
// What a function at Error.prepareStackTrace costs is the guest's, and stacks that it reads are text.
{
  let depth = 0;
  Error.prepareStackTrace = () => { depth++; const text = new Error('within').stack; depth--; return text.split('\n')[0] + depth };
  console.log(new Error('outer').stack, depth);
  Error.prepareStackTrace = () => { throw new SyntaxError('mine') };
  try { new Error('x').stack } catch (error) { Error.prepareStackTrace = undefined; console.log(error.message, typeof error.stack) }
  const kept = new Error('kept');
  Error.prepareStackTrace = (error, sites) => sites;
  console.log(Array.isArray(kept.stack), kept.stack === kept.stack);
  Error.prepareStackTrace = undefined;
}
