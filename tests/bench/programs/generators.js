// Generators, delegation and the iterator protocol.
function* range(from, to) {
  for (let i = from; i < to; i++) yield i;
}

function* filtered(source, test) {
  for (const value of source) if (test(value)) yield value;
}

function* tree(depth) {
  if (depth === 0) {
    yield 1;
    return;
  }
  yield* tree(depth - 1);
  yield depth;
  yield* tree(depth - 1);
}

function run() {
  let sum = 0;
  for (const value of filtered(range(0, 20000), (n) => n % 3 === 0)) sum += value;
  for (const value of tree(10)) sum += value;
  const [first, second, ...rest] = range(5, 2000);
  return sum + first + second + rest.length;
}
