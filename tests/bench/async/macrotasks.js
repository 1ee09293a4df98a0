// 5,000 timers, each of which runs a few microtasks.
function run() {
  return new Promise((resolve) => {
    let done = 0;
    let ticks = 0;
    for (let i = 0; i < 5000; i++) {
      setTimeout(async () => {
        await null;
        ticks++;
        Promise.resolve().then(() => { ticks++; });
        if (++done === 5000) resolve(done);
      }, 0);
    }
  });
}
