// Double and integer arithmetic without memory: Mandelbrot rows, a Collatz search, a polynomial.
function mandelbrot(size) {
  let inside = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const cr = (3 * column) / size - 2;
      const ci = (2 * row) / size - 1;
      let zr = 0;
      let zi = 0;
      let i = 0;
      while (i < 50 && zr * zr + zi * zi < 4) {
        const next = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = next;
        i++;
      }
      if (i === 50) inside++;
    }
  }
  return inside;
}

function collatz(limit) {
  let longest = 0;
  for (let start = 1; start < limit; start++) {
    let n = start;
    let steps = 0;
    while (n !== 1) {
      n = n % 2 === 0 ? n / 2 : 3 * n + 1;
      steps++;
    }
    if (steps > longest) longest = steps;
  }
  return longest;
}

function run() {
  let sum = 0;
  for (let i = 0; i < 50000; i++) sum += ((i * 0.5 + 1.25) * i - 3) / (i + 1);
  return mandelbrot(60) + collatz(2500) + Math.round(sum);
}
