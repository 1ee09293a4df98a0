// for await over an async generator of 20,000 values.
async function* numbers(count) {
  for (let i = 0; i < count; i++) yield i;
}

async function run() {
  let sum = 0;
  for await (const n of numbers(20000)) sum += n;
  return sum;
}
