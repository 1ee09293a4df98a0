// map, filter, reduce, find, some, flatMap and friends.
function run() {
  const numbers = Array.from({ length: 4000 }, (_, i) => i);
  let check = 0;
  for (let round = 0; round < 6; round++) {
    check += numbers.map((n) => n * 2 + round).filter((n) => n % 3 === 0).reduce((sum, n) => sum + n, 0);
    check += numbers.findIndex((n) => n === 3500) + numbers.find((n) => n > 3000);
    check += numbers.some((n) => n < 0) ? 1 : 0;
    check += numbers.every((n) => n >= 0) ? 1 : 0;
    numbers.forEach((n, i) => { check += (n ^ i) & 1; });
    check += numbers.flatMap((n) => (n % 100 === 0 ? [n, n] : [])).length;
  }
  return check % 1000000007;
}
