// A sieve over bytes, a matrix product over doubles, a mix over 32-bit words.
function sieve(limit) {
  const composite = new Uint8Array(limit + 1);
  let count = 0;
  for (let i = 2; i <= limit; i++) {
    if (composite[i]) continue;
    count++;
    for (let j = i * i; j <= limit; j += i) composite[j] = 1;
  }
  return count;
}

function multiply(size) {
  const a = new Float64Array(size * size).map((_, i) => (i % 7) - 3);
  const b = new Float64Array(size * size).map((_, i) => (i % 5) - 2);
  const c = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
      c[i * size + j] = sum;
    }
  }
  return c[size + 1] + c[size * size - 1];
}

function mix(words) {
  const state = new Uint32Array(words);
  for (let i = 0; i < words; i++) state[i] = Math.imul(i, 2654435761) >>> 0;
  for (let round = 0; round < 10; round++) {
    for (let i = 1; i < words; i++) state[i] = (state[i] ^ (state[i - 1] << 5) ^ (state[i - 1] >>> 3)) + round;
  }
  return state[words - 1];
}

function run() {
  return sieve(60000) + multiply(48) + mix(5000);
}
