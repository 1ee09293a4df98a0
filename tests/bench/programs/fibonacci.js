// Plain recursion: calls and small-integer arithmetic.
function fibonacci(n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

function run() {
  return fibonacci(25);
}
