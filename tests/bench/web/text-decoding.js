const ascii = new TextEncoder().encode('The quick brown fox jumps over the lazy dog. '.repeat(24000));
const mixed = new TextEncoder().encode('Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich, 日本語も少し. '.repeat(4000));
const short = new TextEncoder().encode('a short message');
function run() {
  let sum = 0;
  const decoder = new TextDecoder();
  for (let i = 0; i < 4; i++) sum += decoder.decode(ascii).length + decoder.decode(mixed).length;
  for (let i = 0; i < 20000; i++) sum += decoder.decode(short).length;
  return sum;
}
