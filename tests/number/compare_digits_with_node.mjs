// Holds integer arithmetic against Node's BigInt.
// Usage: node tests/number/compare_digits_with_node.mjs path/to/digits_probe [count]
import { execFileSync } from 'node:child_process';

const probe = process.argv[2];
const count = Number(process.argv[3] ?? 20000);
let state = 88172645463325252n;
const random = () => {
  state ^= (state << 13n) & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= (state << 17n) & 0xffffffffffffffffn;
  return state;
};
const below = (limit) => Number(random() % BigInt(limit));
const words = (length) => {
  let hex = '';
  for (let i = 0; i < length; i++)
    hex += [() => random().toString(16).padStart(16, '0'), () => '0'.repeat(16), () => 'f'.repeat(16)][
      below(6) > 3 ? 1 + below(2) : 0
    ]();
  return BigInt('0x0' + hex);
};
const integer = (largest) => {
  const value = [
    () => BigInt(below(5)),
    () => words(1) >> BigInt(below(64)),
    () => words(below(6)),
    () => 1n << BigInt(below(300)),
    () => (1n << BigInt(below(300))) - 1n,
    () => words(below(largest)),
  ][below(6)]();
  return below(2) ? -value : value;
};
const hex = (value) => value.toString(16);
const view = new DataView(new ArrayBuffer(8));
const bitsOf = (number) => (view.setFloat64(0, number), view.getBigUint64(0).toString(16));
const operations = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '~': (a) => ~a,
};
const requests = [];
const expected = [];
const ask = (request, compute) => {
  requests.push(request);
  try {
    expected.push(String(compute()));
  } catch (error) {
    expected.push(
      /zero/.test(error.message) ? 'by-zero' : /must be positive/.test(error.message) ? 'negative' : 'too-large',
    );
  }
};
for (let i = 0; i < count; i++) {
  const largest = i % 100 === 0 ? 700 : 20;
  const [a, b] = [integer(largest), integer(largest)];
  for (const [name, operate] of Object.entries(operations))
    ask(`${name} ${hex(a)} ${hex(b)}`, () => hex(operate(a, b)));
  const small = BigInt(below(200) - 20);
  ask(`<< ${hex(a)} ${hex(small)}`, () => hex(a << small));
  ask(`>> ${hex(a)} ${hex(small)}`, () => hex(a >> small));
  ask(`** ${hex(integer(3))} ${hex(small / 8n)}`, () => {
    const [, base] = requests.at(-1).split(' ');
    return hex((base[0] === '-' ? -BigInt('0x' + base.slice(1)) : BigInt('0x' + base)) ** (small / 8n));
  });
  const width = below(400);
  ask(`int ${hex(a)} ${width.toString(16)}`, () => hex(BigInt.asIntN(width, a)));
  ask(`uint ${hex(a)} ${width.toString(16)}`, () => hex(BigInt.asUintN(width, a)));
  if (Number.isFinite(Number(a))) {
    ask(`double ${hex(a)} 0`, () => hex(BigInt(Number(a))));
    const number = [
      Number(a),
      Number(b),
      Number(a) + 0.5,
      Number(a) / 3,
      Infinity,
      -Infinity,
      0,
      Number(a) * (1 + 2 ** -52),
    ][below(8)];
    ask(`compare ${hex(a)} ${bitsOf(number)}`, () => (a < number ? -1 : a > number ? 1 : 0));
  }
  const radix = 2 + below(35);
  ask(`text ${radix} ${hex(a)}`, () => a.toString(radix));
  const positive = a < 0n ? -a : a;
  const digits = positive.toString(radix);
  ask(`parse ${radix} ${below(4) ? digits : '0' + digits.replace(/(.)(?=.)/, '$1_')}`, () => hex(positive));
}
for (const size of [1000, 5000, 20000]) {
  const [a, b] = [words(size), words(size / 2 + 7)];
  ask(`* ${hex(a)} ${hex(b)}`, () => hex(a * b));
  ask(`/ ${hex(a)} ${hex(b)}`, () => hex(a / b));
  ask(`text 10 ${hex(a)}`, () => a.toString());
  ask(`text 7 ${hex(b)}`, () => b.toString(7));
  ask(`parse 10 ${a}`, () => hex(a));
}
ask('<< 1 ffffffffffff', () => 1n << 0xffffffffffffn);
ask('** 3 ffffffffffff', () => 3n ** 0xffffffffffffn);
ask('uint -1 1fffffffffffff', () => BigInt.asUintN(2 ** 53 - 1, -1n));
const started = performance.now();
const replies = execFileSync(probe, {
  input: requests.join('\n') + '\n',
  encoding: 'latin1',
  maxBuffer: 1 << 30,
}).split('\n');
let failures = 0;
requests.forEach((request, i) => {
  if (replies[i] === expected[i] || ++failures > 8) return;
  console.log(`${request.slice(0, 300)}\n  engine ${replies[i]?.slice(0, 300)}\n  node   ${expected[i].slice(0, 300)}`);
});
if (replies.length !== requests.length + 1) failures++, console.log('unexpected reply', replies.at(-2).slice(0, 100));
console.log(
  failures
    ? `digits: ${failures} differences of ${requests.length}`
    : `digits: no differences in ${requests.length} requests`,
);
console.log(`(${Math.round(performance.now() - started)} ms)`);
process.exitCode = failures ? 1 : 0;
