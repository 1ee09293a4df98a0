// BigInt operators, conversions and comparisons with numbers and strings.
const attempt = (run) => {
  try {
    const value = run();
    console.log(typeof value + ' ' + value);
  } catch (error) {
    console.log('throws ' + error.name);
  }
};
const numbers = [0n, 1n, -1n, -7n, 2n ** 31n, 2n ** 64n - 1n, -(2n ** 64n), 123456789012345678901234567890n];
for (const a of numbers) {
  for (const b of numbers) {
    for (const operate of [() => a + b, () => a - b, () => a * b, () => a / b, () => a % b, () => a & b, () => a | b, () => a ^ b, () => a < b, () => a == b,
      () => a << (b % 70n), () => a >> (b % 70n), () => a ** (b % 5n)]) attempt(operate);
  }
  for (const operate of [() => -a, () => ~a, () => +a, () => Number(a), () => BigInt.asIntN(8, a), () => BigInt.asUintN(64, a), () => a.toString(36), () => a.toString(2), () => a >>> 1n]) attempt(operate);
  for (const other of [0, 1.5, -1, NaN, Infinity, 2 ** 64, '5', 'x', '', true, null]) {
    for (const operate of [() => a < other, () => other <= a, () => a == other, () => a + other]) attempt(operate);
  }
}
attempt(() => BigInt(1.5));
attempt(() => BigInt(1e21));
attempt(() => BigInt('0xff') + BigInt(' 12 ') + BigInt(true));
attempt(() => BigInt('1n'));
attempt(() => new BigInt(1));
attempt(() => (1n << 4000n).toString().length);
attempt(() => 1n << (1n << 70n));
let factorial = 1n;
for (let i = 1n; i <= 300n; i++) factorial *= i;
attempt(() => factorial);
attempt(() => factorial / 3n ** 200n);
attempt(() => factorial === BigInt(factorial.toString()));
