// To the last digit what other engines print: programs show such numbers.
let state = 12345;
const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 4294967296;
for (const name of ['exp', 'log', 'log2', 'log10']) {
  const values = Array.from({ length: 300 }, (_, i) => Math[name]([random(), random() * 20 - 4, random() * 1000, random() * 2 ** (i - 150)][i % 4]));
  console.log(name, values.join(' '));
}
console.log('hypot', Array.from({ length: 200 }, (_, i) => (i % 2 ? Math.hypot(random() * 10, random()) : Math.hypot(random(), random(), random()))).join(' '));
console.log('pow', Array.from({ length: 400 }, (_, i) => (i % 2 ? (random() * 10) ** (random() * 10 - 3) : (1 + (i % 50) / 7) ** ((i % 37) - 9))).join(' '));
console.log(Array.from({ length: 60 }, (_, i) => 10 ** (i - 30)).join(' '));
console.log([Math.exp(1), Math.exp(710), Math.exp(-746), Math.exp(-740), Math.log(5e-324), Math.log2(8), Math.log10(1000), Math.log2(5e-324)].join(' '));
console.log([2 ** 0.5, 2 ** -1074, (-8) ** 3, (-8) ** (1 / 3), (-2) ** -1075, 10 ** 308, 10 ** 309, 0.5 ** 1074, 0 ** -1, (-0) ** -3, 1 ** Infinity, 7 ** 1e300].join(' '));
