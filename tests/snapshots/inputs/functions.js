function add(a, b = 2, ...rest) {
  let total = a + b;
  for (const item of rest) total += item;
  return total;
}
const curry = (x) => (y) => x * y;
var answer = add(1, 2, 3) ?? curry(2)(3);
