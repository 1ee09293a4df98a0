const ascii = 'The quick brown fox jumps over the lazy dog. '.repeat(24000);
const mixed = 'Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich, 日本語も少し. '.repeat(4000);
const target = new Uint8Array(4096);
function run() {
  let sum = 0;
  const encoder = new TextEncoder();
  for (let i = 0; i < 4; i++) sum += encoder.encode(ascii).length + encoder.encode(mixed).length;
  for (let i = 0; i < 10000; i++) sum += encoder.encode('a short message').length + encoder.encodeInto('another one', target).written;
  return sum;
}
