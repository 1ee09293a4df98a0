// Streams of bytes in random pieces, with broken pairs and sequences across their borders, decoded as Node decodes them.
let seed = 11; const rnd = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff, (seed >> 8) % n);
const out = [];
for (const label of ['utf-16le', 'utf-16be', 'utf-8']) for (const fatal of [false, true]) for (let t = 0; t < 700; t++) {
  const d = new TextDecoder(label, { fatal, ignoreBOM: rnd(2) === 1 });
  const log = [];
  for (let k = 0; k < 4; k++) {
    const n = rnd(5); const b = new Uint8Array(n);
    for (let i = 0; i < n; i++) b[i] = [0xd8, 0xdc, 0, 0x41, 0xd9, 0xff, 0xfe, 0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0][rnd(17)];
    try { log.push(escape(d.decode(b, { stream: rnd(3) > 0 }))); } catch (e) { log.push(e.name); }
    log.push([...b].map((x) => x.toString(16)).join(''));
  }
  out.push(label + fatal + ' ' + log.join(' | '));
}
console.log(out.join('\n'));
