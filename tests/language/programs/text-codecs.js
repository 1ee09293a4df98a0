// TextDecoder, TextEncoder, atob and btoa. text-codecs.expected is what a current Node prints, but for encodings of several bytes.
const upper = Uint8Array.from({ length: 128 }, (_, index) => index + 128);
const labels = ['866', 'latin2', 'latin3', 'latin4', 'cyrillic', 'arabic', 'greek', 'hebrew', 'logical', 'latin6', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16', 'koi8-r',
  'koi8-u', 'macintosh', 'windows-874', 'cp1250', 'cp1251', ' Latin1\n', 'cp1253', 'latin5', 'cp1255', 'cp1256', 'cp1257', 'cp1258', 'x-mac-cyrillic', 'x-user-defined'];
for (const label of labels) {
  const decoder = new TextDecoder(label);
  let fatal = 0;
  for (const byte of upper) {
    try { new TextDecoder(label, { fatal: true }).decode(Uint8Array.of(65, byte)); } catch { fatal++; }
  }
  console.log(decoder.encoding, decoder.decode(upper), fatal);
}
for (const label of ['utf-8', 'UTF8', 'unicode-1-1-utf-8', 'ucs-2', 'utf-16', 'unicodefffe', 'us-ascii']) console.log(label, new TextDecoder(label).encoding);
for (const label of ['', 'utf-7', 'replacement', 'hz-gb-2312', '\u00a0utf-8', 'utf-8\0', 'latin-1', 'x'.repeat(5000)]) {
  try { console.log(new TextDecoder(label).encoding); } catch (error) { console.log(error.name, error.code); }
}

const bytes = (...values) => Uint8Array.of(...values);
const show = (text) => JSON.stringify([...text].map((character) => character.codePointAt(0).toString(16)).join(' '));
const decode = (label, input, options) => {
  try { return show(new TextDecoder(label, options).decode(input)); } catch (error) { return `${error.name} ${error.code}`; }
};
const utf8 = [[0xef, 0xbb, 0xbf, 0x41], [0xef, 0xbb], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xed, 0xa0], [0xed, 0xa0, 0x41], [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f, 0x98], [0xf0, 0x80],
  [0xf4, 0x90, 0x80, 0x80], [0xf5], [0x80], [0xc2, 0x41], [0xe2, 0x82, 0xac, 0xff, 0x41], [0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41], [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]];
for (const input of utf8) console.log('utf-8', decode('utf-8', bytes(...input)), decode('utf-8', bytes(...input), { fatal: true }), decode('utf-8', bytes(...input), { ignoreBOM: true }));
const utf16 = [[0xff, 0xfe, 0x41, 0], [0xfe, 0xff, 0, 0x41], [0x41], [0, 0xd8], [0, 0xdc, 0x41, 0], [0x3d, 0xd8, 0, 0xde], [0xd8, 0x3d, 0xde, 0], [0, 0xd8, 0x41], [0, 0xd8, 0, 0xd8, 0, 0xdc], [0xe9, 0], [0, 0xe9], [0xac, 0x20]];
for (const label of ['utf-16le', 'utf-16be']) for (const input of utf16) console.log(label, decode(label, bytes(...input)), decode(label, bytes(...input), { fatal: true }));

// Streams: cut anywhere, the same text.
for (const [label, input] of [['utf-8', [0xef, 0xbb, 0xbf, 0x41, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xe2, 0x82, 0x41, 0xed, 0xa0, 0x80, 0xff]],
  ['utf-16le', [0xff, 0xfe, 0x3d, 0xd8, 0, 0xde, 0x41, 0, 0, 0xd8, 0x42, 0, 0, 0xdc, 0x3d, 0xd8]], ['utf-16be', [0xd8, 0x3d, 0xde, 0, 0, 0x41, 0x30]], ['koi8-r', [0x41, 0xc1]]]) {
  const whole = new TextDecoder(label).decode(bytes(...input));
  for (let size = 1; size <= 5; size++) {
    const decoder = new TextDecoder(label);
    let text = '';
    for (let i = 0; i < input.length; i += size) text += decoder.decode(bytes(...input.slice(i, i + size)), { stream: true });
    text += decoder.decode();
    if (text !== whole || decoder.decode(bytes(...input)) !== whole) console.log('differs', label, size, show(text), show(whole));
  }
}
const resizable = new ArrayBuffer(4, { maxByteLength: 8 });
new Uint8Array(resizable).set([65, 66, 67, 68]);
const detached = new ArrayBuffer(4);
const view = new Uint8Array(detached);
structuredClone(detached, { transfer: [detached] });
console.log(new TextDecoder().decode(resizable), new TextDecoder().decode(new DataView(resizable, 1, 2)), new TextDecoder().decode(new Uint16Array(resizable, 2)), new TextDecoder().decode(new SharedArrayBuffer(2)).length,
  new TextDecoder().decode(view).length, new TextDecoder().decode(detached).length, new TextDecoder().decode().length);
for (const wrong of [() => new TextDecoder().decode('x'), () => new TextDecoder().decode(null), () => new TextDecoder('utf-8', 1), () => new TextDecoder().decode(view, 1), () => new TextEncoder().encodeInto('x', new Uint8ClampedArray(1)),
  () => new TextEncoder().encodeInto('x'), () => TextEncoder.prototype.encode.call({}, 'x'), () => btoa(), () => atob(), () => btoa(Symbol())]) {
  try { console.log(wrong()); } catch (error) { console.log(error.name); }
}

console.log(Array.from(new TextEncoder().encode('a\u00e9\u20ac\u{1f600}\ud800x\udc00')).join(), new TextEncoder().encode(undefined).length, new TextEncoder().encode(null).length);
for (const [text, size] of [['abc', 2], ['\u00e9\u20ac', 4], ['\u{1f600}a', 3], ['\u{1f600}a', 5], ['\ud800a', 3], ['a\ud83d', 4], ['', 0], ['x', 0]]) {
  const target = new Uint8Array(size);
  const { read, written } = new TextEncoder().encodeInto(text, target);
  console.log(read, written, target.join());
}
console.log(JSON.stringify(new TextEncoder().encodeInto('abc', view)));

const base64 = (text) => { try { return show(atob(text)); } catch (error) { return `${error.name} ${error.code}`; } };
for (const text of ['', ' ', 'YQ==', 'YQ', 'YQ=', 'YQ===', 'Y', 'YWI=', 'YW\n\tJj ', 'YWJj YQ==', 'YQ==YQ==', '=', '====', '/+8A', '_-8A', 'YQ\u00a0', 'Y\u0159', 'YR==', 'ab\u000bcd', null, undefined, 12]) console.log(JSON.stringify(text), base64(text));
for (const text of ['', 'a', 'ab', 'abc', '\u00ff\u0000', null, undefined, 12]) console.log(btoa(text));
try { btoa('\u0100'); } catch (error) { console.log(error.name, error.code, error instanceof DOMException); }
const all = Array.from({ length: 70001 }, (_, index) => String.fromCharCode(index % 256)).join('');
console.log(atob(btoa(all)) === all, atob(btoa(all).replace(/.{76}/g, '$&\r\n')) === all, btoa((all + '\u0100').slice(0, -1)) === btoa(all));
const mixed = 'plain \u00e9\u20ac\u{1f600} '.repeat(9000);
console.log(new TextDecoder().decode(new TextEncoder().encode(mixed)) === mixed, new TextDecoder('utf-16le').decode(Uint16Array.from(mixed, (unit) => unit.charCodeAt(0)).buffer).length);
