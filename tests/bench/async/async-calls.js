// Nested async functions and Promise.all over 15,000 calls.
async function leaf(n) { return n & 3; }
async function middle(n) { return (await leaf(n)) + (await leaf(n + 1)); }

async function run() {
  let sum = 0;
  for (let i = 0; i < 150; i++) {
    const batch = [];
    for (let j = 0; j < 33; j++) batch.push(middle(i * j));
    for (const value of await Promise.all(batch)) sum += value;
  }
  return sum;
}
