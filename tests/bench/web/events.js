function run() {
  let sum = 0;
  for (let i = 0; i < 3000; i++) {
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => { sum++; });
    controller.abort();
    const target = new EventTarget();
    target.addEventListener('tick', (event) => { sum += event.type.length; });
    target.dispatchEvent(new Event('tick'));
  }
  return sum;
}
