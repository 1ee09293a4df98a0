// BigInt arithmetic: factorials, powers modulo a number, digits of a sum of fractions.
function factorial(n) {
  let product = 1n;
  for (let i = 2n; i <= n; i++) product *= i;
  return product;
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let b = base % modulus, e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % modulus;
    b = (b * b) % modulus;
  }
  return result;
}

function run() {
  const digits = factorial(300n).toString();
  let check = 0;
  for (const digit of digits) check += Number(digit);
  const prime = (1n << 127n) - 1n;
  for (let i = 1n; i < 25n; i++) check += Number(power(i, prime - 2n, prime) & 0xffffn);
  return check + Number(BigInt.asUintN(30, factorial(60n) / 1000007n));
}
