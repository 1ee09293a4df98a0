// Base64 of all lengths, and each unit at each place of a text. base64.expected is what a current Node prints; what Uint8Array makes of it,
// where there is such a method, is the same, since forgiving decoding is what it does by default.
let seed = 1;
const random = (below) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0, (seed >>> 8) % below);
const randomText = (length, below) => Array.from({ length }, () => String.fromCharCode(random(below))).join('');
const widened = (text) => `${text}\u0100`.slice(0, -1);
let digest = 0;
const take = (text) => { for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) >>> 0; };
const fromBase64 = (text, options) => { try { return String.fromCharCode(...Uint8Array.fromBase64(text, options)); } catch (error) { return error.name; } };
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const decoded = (text) => {
  let result;
  try { result = atob(text); } catch (error) { result = error.name === 'InvalidCharacterError' ? 'SyntaxError' : error.name; }
  if (Uint8Array.fromBase64 && fromBase64(text) !== result) console.log('fromBase64 differs', JSON.stringify(text));
  return result;
};
for (let length = 0; length <= 300; length++) {
  const binary = randomText(length, 256), text = btoa(binary), url = text.replaceAll('+', '-').replaceAll('/', '_');
  take(text);
  if (atob(text) !== binary || btoa(widened(binary)) !== text || atob(widened(text)) !== binary) console.log('differs', length);
  if (Uint8Array.fromBase64) {
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0)), target = new Uint8Array(length + 3);
    if (bytes.toBase64() !== text || bytes.toBase64({ alphabet: 'base64url', omitPadding: true }) !== url.replaceAll('=', '')) console.log('toBase64 differs', length);
    if (fromBase64(url, { alphabet: 'base64url' }) !== binary || (/[-_]/.test(url) && (fromBase64(url) !== 'SyntaxError' || fromBase64(text, { alphabet: 'base64url' }) !== 'SyntaxError'))) console.log('base64url differs', length);
    for (const room of [length, Math.max(length - 1, 0), length >> 1]) {
      const { read, written } = target.subarray(0, room).setFromBase64(text);
      // Whole groups are written, and the last one with its padding.
      if (written > room || written < room - 2 || read !== (written === length ? text.length : written / 3 * 4) || target.some((byte, i) => byte !== (i < written ? bytes[i] : 0))) console.log('setFromBase64 differs', length, room);
      target.fill(0);
    }
  }
  for (const end of ['', '=', '==', '===', ' =', '= =', ' ', 'A', '=A']) {
    const start = Array.from({ length }, () => digits[random(64)]).join('');
    take(decoded(start + end));
    const at = random(length + 1);
    take(decoded(start.slice(0, at) + ' \t\n\f\r'[random(5)] + start.slice(at) + end));
    take(decoded(widened(start + end)));
  }
}
console.log('lengths', digest);
for (const length of [40, 43]) {
  const text = Array.from({ length }, () => digits[random(64)]).join('');
  for (let at = 0; at < length; at++) {
    for (let unit = 0; unit < 256; unit++) take(decoded(text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1)));
    for (const unit of [0x100, 0x141, 0x3d3d, 0x2020, 0xd841, 0xff41]) take(decoded(text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1)));
  }
}
console.log('units', digest);
for (let i = 0; i < 2000; i++) take(decoded(Array.from({ length: random(90) }, () => (random(30) === 0 ? String.fromCharCode(random(300)) : random(12) === 0 ? ' =\n'[random(3)] : digits[random(64)])).join('')));
console.log('hostile', digest);
for (let unit = 0; unit < 260; unit++) {
  for (const at of [0, 1, 2, 3, 11, 12, 13]) {
    const text = `${'x'.repeat(at)}${String.fromCharCode(unit)}${'y'.repeat(13 - at)}`;
    try { take(btoa(text)); } catch (error) { take(error.name + error.message); }
  }
}
console.log('characters', digest);
