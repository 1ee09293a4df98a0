// Holds the number layer against Node on random and chosen doubles and texts.
// Usage: node tests/number/compare_with_node.mjs path/to/number_probe [count]
import { execFileSync } from 'node:child_process';

const probe = process.argv[2];
const count = Number(process.argv[3] ?? 100000);
const view = new DataView(new ArrayBuffer(8));
const fromBits = (bits) => (view.setBigUint64(0, bits), view.getFloat64(0));
const hex = (number) => (number !== number ? 'nan' : (view.setFloat64(0, number), view.getBigUint64(0).toString(16)));

let state = 88172645463325252n;
const random = () => {
  // xorshift
  state ^= (state << 13n) & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= (state << 17n) & 0xffffffffffffffffn;
  return state;
};
const below = (limit) => Number(random() % BigInt(limit));
const randomDouble = () => {
  switch (below(8)) {
    case 0:
      return fromBits(random());
    case 1:
      return Number(random()) / 2 ** below(64);
    case 2:
      return (below(1e9) / 10 ** below(12)) * (below(2) ? 1 : -1);
    case 3:
      return fromBits(random() & 0x801fffffffffffffn); // subnormal or nearly
    case 4:
      return fromBits(random() & 0xfff0000000000000n); // powers of two
    case 5:
      return fromBits((random() & 0xfff0000000000000n) | BigInt(below(4)));
    case 6:
      return (below(2 ** 32) - 2 ** 31) / 2 ** below(8);
    default:
      return fromBits(((0x3ffn + BigInt(below(120) - 40)) << 52n) | (random() & 0xfffffffffffffn));
  }
};
const halfway = (number) => {
  // the exact decimal between a double and the next, give or take a digit
  const bits = (view.setFloat64(0, Math.abs(number)), view.getBigUint64(0));
  const exponent = Number(bits >> 52n) || 1;
  if (exponent === 2047) return '0';
  const mantissa = ((bits & 0xfffffffffffffn) | (bits >> 52n ? 1n << 52n : 0n)) * 2n + 1n;
  const power = exponent - 1076;
  const text =
    power >= 0 ? (mantissa << BigInt(power)).toString() : (mantissa * 5n ** BigInt(-power)).toString() + 'e' + power;
  return below(3)
    ? text
    : text
        .replace(/(e|$)/, ['0000000000001$1', '$1'][below(2)])
        .replace(/^(\d+0000000000001)e(-\d+)/, (_, d, e) => d + 'e' + (e - 13));
};
const randomText = () => {
  const digits = (length) => Array.from({ length }, () => below(10)).join('');
  switch (below(9)) {
    case 0:
      return String(randomDouble());
    case 1:
      return digits(1 + below(30)) + '.' + digits(below(30)) + 'e' + (below(700) - 350);
    case 2:
      return halfway(randomDouble());
    case 3:
      return '0x' + random().toString(16) + '0'.repeat(below(30)) + (below(2) ? '1' : '');
    case 4:
      return digits(17 + below(5)) + 'e' + (below(640) - 340);
    case 5:
      return '0.' + '0'.repeat(below(330)) + digits(20);
    case 6:
      return [
        '',
        '.',
        '-',
        '+.5',
        '5.',
        '.e1',
        '1e',
        '1e+',
        'Infinity',
        '-Infinity',
        'Infinityx',
        ' 12 ',
        '12px',
        '0b101',
        '0b',
        '0o17',
        '0x',
        '-0x10',
        '-0',
        '0e99999999999',
        '1e999999999999999999999',
        '1e-99999999999',
        '1_0',
        '+-1',
        'e5',
        '\u00a01\u00a0',
        '1e5.5',
        '0X1F',
        '0B1',
        '0O7',
        '0b12',
      ][below(31)];
    case 7:
      return digits(25) + '0'.repeat(below(300));
    default:
      return (
        (random() >> BigInt(below(60))).toString(2).replace(/^/, '0b') + '0'.repeat(below(20)) + '1'.repeat(below(2))
      );
  }
};

const requests = [];
const expected = [];
const ask = (request, answers) => {
  requests.push(request);
  expected.push(answers.map((answer) => answer + ' ').join(''));
};
const chosen = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  1.7976931348623157e308,
  2.2250738585072014e-308,
  1e21,
  1e22,
  1e23,
  123e-7,
  1e-7,
  0.1,
  0.5,
  1.5,
  2.5,
  9007199254740991,
  9007199254740992,
  9007199254740993,
  4294967295,
  2147483648,
  -2147483648,
  1.005,
  0.000001,
  123456789012345680000,
  2e-323,
  9.5367431640625e-7,
];
for (let i = 0; i < count; i++) {
  const number = i < chosen.length ? chosen[i] : randomDouble();
  ask(`f ${hex(number) === 'nan' ? '7ff8000000000000' : hex(number)}`, [
    String(number),
    ...[2, 3, 16, 36].map((radix) => number.toString(radix)),
    ...(Number.isFinite(number) ? [number.toExponential()] : []),
  ]);
  if (Number.isFinite(number)) {
    const digits = below(4) ? below(22) : below(101);
    ask(`t ${hex(number)} ${digits}`, [
      ...(Math.abs(number) < 1e21 ? [number.toFixed(digits)] : []),
      number.toExponential(digits),
      ...(digits > 0 ? [number.toPrecision(digits)] : []),
    ]);
  }
  const text = randomText();
  if (/^[\x00-\x7f]*$/.test(text)) ask('p ' + text, [hex(Number(text)), hex(parseFloat(text))]);
  const radix = [0, 2, 4, 8, 10, 16, 32][below(7)];
  ask(`i ${radix} ${text.replace(/[\x80-\uffff]/g, '')}`, [hex(parseInt(text.replace(/[\x80-\uffff]/g, ''), radix))]);
  const other = below(4) ? randomDouble() : below(100);
  const integer = Number.isFinite(number) ? BigInt.asUintN(64, BigInt(Math.trunc(number))) : 0n;
  ask(
    `m ${hex(number) === 'nan' ? '7ff8000000000000' : hex(number)} ${hex(other) === 'nan' ? '7ff8000000000000' : hex(other)}`,
    [number | 0, integer, hex(number % other), hex(Math.round(number)), new Uint8ClampedArray([number])[0]],
  );
}
const replies = execFileSync(probe, {
  input: requests.join('\n') + '\n',
  encoding: 'latin1',
  maxBuffer: 1 << 30,
}).split('\n');
let failures = 0;
requests.forEach((request, i) => {
  if (replies[i] === expected[i] || ++failures > 8) return;
  console.log(request.slice(0, 300));
  const [actual, wanted] = [replies[i].split(' '), expected[i].split(' ')];
  wanted.forEach((field, k) => field !== actual[k] && console.log(`  engine ${actual[k]}\n  node   ${field}`));
});
console.log(
  failures
    ? `number: ${failures} differences of ${requests.length}`
    : `number: no differences in ${requests.length} requests`,
);
process.exitCode = failures ? 1 : 0;
