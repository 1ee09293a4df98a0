// Creating closures and calling through captured variables.
function counter(start, step) {
  let value = start;
  return { next: () => (value += step), peek: () => value, reset(to) { value = to; } };
}

const compose = (...functions) => (x) => functions.reduce((value, f) => f(value), x);

function run() {
  let total = 0;
  for (let i = 0; i < 5000; i++) {
    const c = counter(i, 3);
    for (let j = 0; j < 8; j++) c.next();
    if ((i & 63) === 0) c.reset(1);
    total += c.peek();
  }
  const pipeline = compose((x) => x + 1, (x) => x * 2, (x) => x % 1009);
  for (let i = 0; i < 10000; i++) total += pipeline(i);
  return total;
}
