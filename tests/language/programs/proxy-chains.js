// Chains of prototypes that lead back through a proxy end in a RangeError.
function t(label, f) { var r; try { r = f(); } catch (e) { r = e.name } console.log(label, String(r)); }
t('proxyloop', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return p.x });
t('proxyloop2', () => { var p = new Proxy({}, {}); var o = Object.create(p); Object.setPrototypeOf(p, o); return p.x });
t('proxyloop set', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); p.x = 1; return p.x });
t('proxyloop in', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return 'x' in p });
t('proxyloop instanceof', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return p instanceof Object });
t('proxyloop isPrototypeOf', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return ({}).isPrototypeOf(p) });
t('proxyloop forin', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); for (var k in p); return 1 });
t('proxyloop Object.keys', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return Object.keys(p).length });
t('proxyloop spread', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return Object.keys({...p}).length });
t('proxyloop toString', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return String(p) });
t('proxyloop json', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return JSON.stringify(p) });
t('proxyloop delete', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return delete p.x });
t('proxyloop fn', () => { var p = new Proxy(function () {}, {}); Object.setPrototypeOf(p, p); return ({}) instanceof p });
t('proxyloop setproto', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); var o = {}; Object.setPrototypeOf(o, p); Object.setPrototypeOf(p, o); return 1 });
t('proxyloop isproto2', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return p.isPrototypeOf });
t('proxyloop __proto__', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); var d = Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get; return d.call(p) === p });
t('proxyloop lookupGetter', () => { var p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return Object.prototype.__lookupGetter__.call(p, 'x') });
t('proxyloop getProto', () => { var p = new Proxy({}, { getPrototypeOf() { return p } }); return Object.prototype.isPrototypeOf.call({}, p) });
t('proxyloop getProto2', () => { var p = new Proxy({}, { getPrototypeOf() { return p } }); return p instanceof Object });
t('proxyloop getProto3', () => { var p = new Proxy({}, { getPrototypeOf() { return p } }); for (var k in p); return 1 });
t('proxyloop getProto4', () => { var p = new Proxy({}, { getPrototypeOf() { return p } }); return p.x });
t('proxyloop array', () => { var a = []; var p = new Proxy(a, {}); Object.setPrototypeOf(a, p); return a[5] });
t('proxyloop array2', () => { var a = []; var p = new Proxy(a, {}); Object.setPrototypeOf(a, p); return a.concat });
