// A chain of 40,000 reactions, built and run.
function run() {
  let promise = Promise.resolve(0);
  for (let i = 0; i < 40000; i++) promise = promise.then((n) => n + 1);
  return promise;
}
