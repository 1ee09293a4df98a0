// What urls.expected has was compared with the tests of web-platform-tests (npm run wpt) and with current browsers' rules.
const show = (input, base) => {
  try {
    const url = new URL(input, base);
    console.log(JSON.stringify(input), base ?? '', '->', url.href, '|', [url.origin, url.username, url.password, url.host, url.pathname, url.search, url.hash].join(' '));
  } catch (error) {
    console.log(JSON.stringify(input), base ?? '', '->', error.name, error.code);
  }
};

console.log('relative');
for (const [input, base] of [['http:/p', 'http://h/a'], ['http:p', 'http://h/a/b'], ['http:/p', 'https://h/a'], ['//x/y', 'https://a/b?c#d'], ['?q', 'http://a/b?x#c'],
  ['#f', 'http://a/b?x#c'], ['', 'http://a/b?x#c'], ['../../../x', 'http://a/b/c/d'], ['..\\x', 'http://a/b/c/d'], ['/.//x', 'web:/a'], ['x', 'mailto:a'],
  ['#x', 'mailto:a?b#c'], ['..', 'http://h/a/b/'], ['%2e%2E/y', 'http://h/a/b/c'], ['.%2e', 'http://h/a/b/c']]) show(input, base);

console.log('files');
for (const [input, base] of [['file:c:\\foo\\bar', 'file:///tmp/mock'], ['C|/foo', 'file:///tmp/x'], ['/', 'file:///C:/a/b'], ['..', 'file:///C:/'], ['/..//localhost//pork', 'file://lion/'],
  ['file://localhost/a'], ['file://C|/x'], ['file://host/C|/x'], ['file:'], ['file:a', 'http://h/b'], ['D:', 'file:///C:/a'], ['file://example:1/'], ['file:///C:x/../y']]) show(input, base);

console.log('hosts');
for (const host of ['b\u00fccher.example', 'B\u00dcCHER.example', 'fa\u00df.de', 'FA\u1e9e.de', '\u03b2\u03cc\u03bb\u03bf\u03c2.com', 'a\u00adb', '\uff27\uff4f.com', 'www.foo\u3002bar.com', 'a\u200db',
  '\u0dc1\u0dca\u200d\u0dbb\u0dd3.com', '\u05d0b', 'b\u05d0', '0\u05d0', '\u0627\u0661', '\u06271', '\u0300a', 'xn--', 'xn--a', 'xn--bcher-kva', 'xn--BCHER-KVA', 'xn--b\u00fc', '\u{1f4a9}.la', '%e2%98%83',
  '\u2488com', 'a\u2025b', '\uffa0x', '\u212a', '\u1f80.gr', '\u0345\u0301a', '%zz', 'a%00b', 'a b', 'a_b', 'a^b', 'a|b', '', '.', '..', '0x7f.1', '1.2.3', '256', '0x', '1.2.3.4.5', '1.2.3.0x100', '09', 'foo.0x',
  '4294967296', '0xffffffff.', '[::1]', '[1:2:3:4:5:6:7:8]', '[1::8]', '[0:0:1::0:0:0]', '[::1.2.3.4]', '[::1.2.3.04]', '[1:2:3:4:5:6:7]', '[:1]', '[1:]', '[::1%25eth]', '[::1', 'h:', 'h:00080', 'h:65536', 'h:8a']) show(`http://${host}/`);
for (const host of ['b\u00fccher', '%41', 'a%zz', 'A', 'a b', 'a^b', '[::1]', '1.2']) show(`web://${host}/`);

console.log('others');
for (const input of ['sc://:/', 'sc://:12/', 'sc://@/', 'http://@/x', 'http://u@/x', 'http://u:p@h:81/', 'http://:p@h/', 'http://@h/', 'http://a@b@c/', 'data:x  #y', 'data:x  ', 'data:x ?y', 'web+demo:/.//x/', 'web+demo:/..//x',
  'javascript:alert(1)', '\t http://h/\na\u0001 ', 'http:\\\\h\\a', 'http:////h', 'a:b?c"<>\'#d`', 'http://h/"<>^`{}|?\'"', 'blob:https://h:8/x', 'blob:data:x', '1x:y', 'h\tttp://a', 'http://h/\ud800', 'non-special:']) show(input);

console.log('setters');
const set = (href, member, ...values) => {
  for (const value of values) {
    const url = new URL(href);
    url[member] = value;
    console.log(href, member, JSON.stringify(value), '->', url.href);
  }
};
set('http://u:p@h:81/a?b#c', 'protocol', 'https', 'ht\ntps:x', 'file', 'web', '1', '', 'https\u0000', 'wss:');
set('https://h:80/', 'protocol', 'http', 'ftp');
set('web://h:80/', 'protocol', 'http', 'x-y+z.1');
set('file:///a', 'protocol', 'http');
set('http://h:81/a', 'host', 'x:82', 'x:', 'x:82z', 'x:99999', 'x/y', 'x?y', 'x#y', 'x\\y', ':8', '', '[::1]:9', 'b\u00fccher', 'a b', 'x\n:8', 'u@x');
set('http://h:81/a', 'hostname', 'x', 'x:82', '', '[::1]', '1.2');
set('web://u@h:81/a', 'hostname', 'x', '', 'X');
set('web:/.//p', 'host', 'h');
set('web://h//p', 'host', '');
set('mailto:x', 'host', 'h');
set('file:///a', 'host', 'localhost', 'h', 'h:8');
set('http://h:81/', 'port', '', '80', '82abc', 'abc', '\t83', '65536', ' 9');
set('file:///a', 'port', '8');
set('http://h/', 'username', 'a:b/\u00fc', '');
set('http://u:p@h/', 'password', 'x@y', '');
set('mailto:x', 'username', 'u');
set('http://h/a?b', 'pathname', 'x', '/x/../y', '?#', '', '\\x', 'a\nb');
set('web:/a', 'pathname', '//p', '', 'x');
set('web://h/a', 'pathname', '');
set('data:x', 'pathname', 'y');
set('http://h/a?b#c', 'search', '', '?', 'x', '?x y\'', '??', 'a\nb', '\t?x', '#');
set('web:x?b', 'search', 'a\'b', '');
set('http://h/a?b#c', 'hash', '', '#', 'x', '# `<>"', '##', '\u0000');
set('data:x  #y', 'hash', '');
try { new URL('http://h').href = 'nope'; } catch (error) { console.log(error.name, error.message); }

console.log('query');
const params = (init) => {
  try {
    console.log(new URLSearchParams(init).toString());
  } catch (error) {
    console.log(error.name, error.message);
  }
};
[{ a: 1, b: undefined }, [['a', 'b'], ['a', 'c']], new Map([['x', 'y']]), '?a=b&c', 'a=b+c%2B%zz&&=&=x&%', { 'x\ud83d': 'y1', 'x\udc00': 'y2' }, Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }), [['a']],
  [1], { [Symbol.iterator]: 1 }, { [Symbol('s')]: 1 }, null, undefined, 5, '\ufeff=\u00e9\ud800', '%EF%BB%BFtest=%EF%BB%BF', '%ed%a0%80=%f0%9f', new URLSearchParams('q=1'), function () {}, 'a*-._ ~!=()'].forEach(params);
const url = new URL('http://h/?a=~&b=%7e#f');
console.log(url.search, url.searchParams.toString(), url.search);
const list = url.searchParams;
list.append('c', ' \u00e9');
console.log(url.href);
list.set('a', 'x');
list.delete('b', 'nope');
list.delete('b');
console.log(url.search, list.size, list.has('c'), list.has('c', 'z'), list.get('zz'), list.getAll('a'));
url.search = '?z=1&a=2&z=0';
list.sort();
console.log(url.href, [...list], [...list.keys()], [...list.values()]);
for (const [name] of list) list.delete(name);
console.log(url.href, list.size);
list.append('k', 'v');
url.href = 'http://i/?n=m';
console.log(url.href, [...list], url.searchParams === list);
url.searchParams = 'q=r';
console.log(url.href);
list.forEach((value, name, all) => console.log(value, name, all === list));
console.log(String(list.entries()), Object.prototype.toString.call(url), JSON.stringify({ url }));
for (const wrong of [() => list.append('a'), () => URLSearchParams.prototype.get.call({}, 'a'), () => new URL(), () => URL('http://h'), () => list.forEach(1), () => Object.getOwnPropertyDescriptor(URL.prototype, 'href').get.call({})]) {
  try { wrong(); } catch (error) { console.log(error.name); }
}
console.log(URL.canParse('x'), URL.canParse('x', 'http://h'), URL.parse('x'), URL.parse('x', 'http://h').href, Object.keys(URL.prototype).join());

// An array that a changed Array.prototype lays hands on is no danger.
const { push } = Array.prototype;
let caught;
Array.prototype.push = function (...items) { caught ??= this; return Reflect.apply(push, this, items); };
const changed = new URLSearchParams('a=b');
changed.append('c', 'd');
Array.prototype.push = push;
if (caught !== undefined) {
  caught[1] = { toString() { throw new Error('never'); } };
  try { console.log(changed.toString()); } catch (error) { console.log(error.name); }
}

// Appending is linear, on a list of its own and on that of a URL.
const long = new URLSearchParams();
const longUrl = new URL('http://h/');
for (let i = 0; i < 20000; i++) {
  long.append('key', 'value');
  longUrl.searchParams.append('key', 'value');
}
console.log(long.toString().length, longUrl.href.length);

// Searching, changing and sorting long lists of names and values.
{
  const params = new URLSearchParams();
  for (let i = 0; i < 3000; i++) params.append(`k${i * 7919 % 1000}`, `v${i}`);
  console.log(params.size, params.get('k7'), params.get('x'), params.getAll('k7').join(), params.has('k7', 'v2'), params.has('k999', params.getAll('k999')[2]));
  params.delete('k7', params.getAll('k7')[1]);
  params.set('k8', 'set');
  params.set('new', '\ud800');
  params.delete('k9');
  params.delete('absent');
  params.append('', '');
  console.log(params.size, params.getAll('k7').length, params.getAll('k8').join(), params.has('k9'), params.get('new'), params.has('k7', undefined), params.get(''));
  for (const name of ['\u{10000}', '\uffff', 'k0', 'K0', '\u{10000}']) params.append(name, 'sorted');
  params.sort();
  const names = [...params.keys()];
  console.log(names.slice(0, 6).join(), names.slice(-6).map(escape).join(), params.getAll('k1').join());
  params.forEach((value, name) => { if (name.startsWith('k1')) params.delete(name); });
  console.log(params.size);
  const url = new URL('http://h/?a=1&b=%20&a=2');
  const iterator = url.searchParams.entries();
  console.log(iterator.next().value.join(), url.searchParams.delete('none'), url.search, url.searchParams.delete('a'), iterator.next().done, url.href);
}
