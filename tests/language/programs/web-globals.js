// The globals beside ECMAScript that need no authority. The expected output was compared with Node's, which differs where
// its version lags behind the standards (windows-1252).
const show = (f) => { try { return JSON.stringify(f()); } catch (e) { return e.name + ': ' + e.message; } };
for (const u of ['http://a.b/c/../d?q=1#f', 'HTTP://User:Pa%20ss@EXAMPLE.com:80/%7Ea b?x y\'"<>#`', 'https://[::1]:8080/', 'http://0x7f.1/', 'http://256.1.1.1/', 'file:///C:/x/../y', 'mailto:a@b', 'data:text/plain,hi there', 'nope', '//x', 'http://', 'https://ex ample', 'http://a/b/./c/%2e%2E/d', 'ws://h:443', 'wss://h:443/p', 'blob:https://a/b', 'javascript:alert(1)', 'urn:x:y?z#w', 'http://[1:2::3:4:5:0:0]', 'http://1.2.3', 'https://a.b:99999', 'foo://bar/baz/../q', 'foo:/a/b', 'http:\\\\x\\y', 'https:/a.b', 'https:a.b', 'http://a@b@c/', 'http://a:b', 'http://user@/x', 'http://%41.com', 'http://a%zz', 'file://host/p', 'file:x', ' \t http://sp.ace \n', 'http://é.com/é'.slice(0, 7) + 'e.com/é?é#é']) console.log(u, show(() => { const x = new URL(u); return [x.href, x.origin, x.protocol, x.username, x.password, x.host, x.hostname, x.port, x.pathname, x.search, x.hash]; }));
for (const r of ['d', '../d', '/d', '//h/d', '?q', '#f', '', 'g:h', './', '..', '../../../g', 'g;x=1/../y', 'http:g', 'g?y/./x']) console.log(r, show(() => new URL(r, 'http://a/b/c/d;p?q').href));
const p = new URLSearchParams('?a=1&b=2&a=3&c=%20+x&d'); p.append('e', 'ü&='); console.log(String(p), p.get('a'), p.getAll('a').join(), p.has('d'), p.size, JSON.stringify([...p])); p.delete('a'); p.set('b', 'z'); p.sort(); console.log(p.toString(), new URLSearchParams({ x: 1, y: [1, 2] }) + '', new URLSearchParams([['q', 'w']]) + '');
const u = new URL('http://h/p?x=1'); u.searchParams.append('y', 'a b'); u.hash = 'z z'; u.pathname = '/a b/../c'; u.port = '8080'; u.protocol = 'https'; u.hostname = 'other.org'; u.username = 'me'; console.log(u.href, JSON.stringify(u), URL.canParse('x:'), u instanceof URL, Object.prototype.toString.call(u));
console.log(new TextEncoder().encode('aé😀\ud800').join(), show(() => new TextEncoder().encodeInto('é😀x', new Uint8Array(5))), new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80)), show(() => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff))), new TextDecoder('utf-16le').decode(Uint8Array.of(0x61, 0, 0x3d, 0xd8, 0, 0xde)), new TextDecoder('latin1').decode(Uint8Array.of(0x80, 0xe9)), new TextDecoder('latin1').encoding, show(() => new TextDecoder('nope')));
{ const d = new TextDecoder(); let t = ''; for (const b of new TextEncoder().encode('x😀é€')) t += d.decode(Uint8Array.of(b), { stream: true }); console.log(t + d.decode()); }
console.log(btoa('hello\xff'), atob(' aGVs bG8= '), atob('YQ'), show(() => atob('a')), show(() => btoa('\u0100')));
const c = structuredClone({ a: [1, , 3], m: new Map([[{ k: 1 }, new Set([1n])]]), d: new Date(5), r: /x/gi, e: new RangeError('q', { cause: 1 }), f: new Float32Array([1.5]), u: undefined, n: null, b: new Boolean(false) }); console.log(JSON.stringify(c, (k, v) => typeof v === 'bigint' ? String(v) : v), c.m instanceof Map, [...c.m.keys()][0].k, c.d.getTime(), String(c.r), c.e instanceof RangeError, c.e.cause, c.f[0], 'u' in c, 1 in c.a); { const o = {}; o.self = o; const k = structuredClone(o); console.log(k.self === k, k !== o); }
for (const v of [() => 1, Symbol('s'), { f() {} }, new WeakMap(), Promise.resolve()]) try { structuredClone(v); } catch (e) { console.log(e.name, e.code, e instanceof DOMException, e instanceof Error, e.message); } { const b = new ArrayBuffer(8); const k = structuredClone(b, { transfer: [b] }); console.log(b.byteLength, k.byteLength); } try { structuredClone({ get x() { throw new TypeError('mine'); } }); } catch (e) { console.log(e.name, e.message); }
const t = new EventTarget(); t.addEventListener('x', (e) => console.log('x', e.type, e.detail, e.target === t), { once: true }); t.addEventListener('x', { handleEvent(e) { e.preventDefault(); console.log('obj'); } }); console.log(t.dispatchEvent(new CustomEvent('x', { detail: 5, cancelable: true })), t.dispatchEvent(new Event('x')));
const ac = new AbortController(); ac.signal.onabort = (e) => console.log('onabort', e.type); ac.signal.addEventListener('abort', () => console.log('abort', ac.signal.reason.name, ac.signal.reason.message)); const any = AbortSignal.any([ac.signal]); ac.abort(); ac.abort(); console.log(ac.signal.aborted, any.aborted, show(() => ac.signal.throwIfAborted()), AbortSignal.abort('r').reason, show(() => new AbortSignal())); setTimeout(() => {}, 50); AbortSignal.timeout(5).addEventListener('abort', (e) => {
  console.log('timeout', e.target.reason.name);
  const mc = new MessageChannel(); mc.port1.onmessage = (e) => { console.log('port', JSON.stringify(e.data), e instanceof MessageEvent); mc.port1.close(); }; mc.port2.postMessage({ a: new Date(0) });
});
console.log(typeof performance.now(), performance.now() >= 0, performance.timeOrigin > 1e12);
for (const n of ['URL', 'structuredClone', 'TextEncoder', 'performance']) { const d = Object.getOwnPropertyDescriptor(globalThis, n); console.log(n, typeof globalThis[n], n in globalThis); }
{
  // They are ordinary properties of the global object, also when nobody has looked at them.
  TextEncoder = 5;
  globalThis.MessagePort = 9;
  delete globalThis.Event;
  Object.defineProperty(globalThis, 'performance', { value: 1, configurable: true });
  (0, eval)('var structuredClone = 1; function btoa() { return "mine"; }');
  console.log(TextEncoder, MessagePort, typeof Event, performance, structuredClone, btoa());
  console.log(JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'CustomEvent')), Object.keys(globalThis).includes('URL'));
}
