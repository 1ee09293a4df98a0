// Runs in a page: see page-start.mjs. Each function starts an engine and has it compute one result.

// What keeps an engine busy long enough for a browser to optimise it.
const work = `(() => {
  class Point { constructor(x, y) { this.x = x; this.y = y; } plus(other) { return new Point(this.x + other.x, this.y + other.y); } }
  const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    sum += fibonacci(20);
    let point = new Point(0, 0);
    for (let j = 0; j < 20000; j++) point = point.plus(new Point(j, 1));
    sum += JSON.parse(JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, name: 'n' + id })))).length;
    sum += 'a,b,c'.repeat(2000).split(',').map((text) => text.replace(/[ab]/g, 'x')).sort().length;
    sum += point.x;
  }
  return sum;
})()`;

export async function caissonStarts() {
  const { createSandbox } = await import('caisson');
  const sandbox = await createSandbox({ timeLimit: Infinity });
  if (sandbox.evalSync('1 + 1') !== 2) throw new Error('wrong result');
  return {
    async after(works) {
      const now = () => performance.now();
      const settle = {};
      const came = (name) => new Promise((resolve) => (settle[name] = (value) => resolve({ time: now(), value })));
      const guest = await createSandbox({
        timeLimit: Infinity,
        globals: {
          now,
          microtask: () => settle.microtask(),
          timer: () => settle.timer(),
          cross: (value) => settle.cross(value),
        },
      });
      const [microtask, timer, cross] = [came('microtask'), came('timer'), came('cross')];
      const end = guest.evalSync('Promise.resolve().then(() => microtask()); setTimeout(() => timer(), 0); now()');
      const first = { microtask: (await microtask).time - end, timer: (await timer).time - end };
      const begin = guest.evalSync('const time = now(); cross({ a: [1, "two", null], b: new Map([[1, 2]]) }); time');
      const crossed = await cross;
      if (crossed.value.a[1] !== 'two') throw new Error('it did not cross');
      first.crossing = crossed.time - begin;
      if (works) for (let i = 0; i < 20; i++) sandbox.evalSync(work);
      return first;
    },
  };
}

export async function quickJsStarts() {
  const [{ newQuickJSWASMModuleFromVariant }, { default: variant }] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ]);
  const quickJs = await newQuickJSWASMModuleFromVariant(variant);
  const context = quickJs.newContext();
  if (context.dump(context.unwrapResult(context.evalCode('1 + 1'))) !== 2) throw new Error('wrong result');
  return {
    async after(works) {
      if (works) for (let i = 0; i < 20; i++) context.unwrapResult(context.evalCode(work)).dispose();
      return {};
    },
  };
}
