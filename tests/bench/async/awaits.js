// 50,000 awaits of settled promises in one async function.
async function run() {
  const settled = Promise.resolve(1);
  let sum = 0;
  for (let i = 0; i < 50000; i++) sum += await settled;
  return sum;
}
