// URI coding, escape, eval and the properties of the global object.
const texts = ['', 'plain-_.!~*\'()', 'a b&c=d/e?f#g', 'é', '€', '😀', '\u0000\u007f', ';,/?:@&=+$#', '%', '%41'];
for (const text of texts) {
  console.log(JSON.stringify(text), encodeURI(text), encodeURIComponent(text), escape(text));
  console.log(decodeURI(encodeURI(text)) === text, decodeURIComponent(encodeURIComponent(text)) === text, unescape(escape(text)) === text);
}
for (const text of ['%', '%4', '%zz', '%80', '%C3', '%C3%28', '%E2%82', '%ED%A0%80', '%F8%80%80%80', '%C0%80', '%F4%90%80%80']) {
  for (const decode of [decodeURI, decodeURIComponent]) {
    try {
      console.log(text, JSON.stringify(decode(text)));
    } catch (error) {
      console.log(text, error.name);
    }
  }
  console.log(JSON.stringify(unescape(text)));
}
for (const text of ['\ud800', 'a\udc00', '\ud800a']) {
  try {
    encodeURIComponent(text);
  } catch (error) {
    console.log(error.name);
  }
}
console.log(decodeURI('%2F%3F%23%41'), decodeURIComponent('%2F%3F%23%41'), unescape('%u20AC%u20A%41%4'));

{
  const declared = 'local';
  console.log(eval('declared'), eval(42), eval('1;;;'), eval('{}'), eval('var fromEval = 3; fromEval'));
}
console.log(eval('let scoped = 1; scoped'), typeof scoped);
console.log((0, eval)('"use strict"; var hidden = 1; hidden'), typeof hidden);
try { eval('('); } catch (error) { console.log(error.name); }
for (const name of ['NaN', 'Infinity', 'undefined', 'parseInt', 'Array', 'globalThis']) {
  const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, writable, enumerable, configurable);
}
console.log(globalThis.globalThis === globalThis, typeof undefinedName, delete globalThis.NaN);
