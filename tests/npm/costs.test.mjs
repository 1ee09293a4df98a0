// What takes many of something costs in proportion: counted in the engine's own operations, so that no clock is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLimitError, createSandbox } from 'caisson';

// Each makes `n` of something.
const n = 4000;
const costs = {
  'listeners for once':
    'const t = new EventTarget(); for (let i = 0; i < n; i++) t.addEventListener("x", () => {}, { once: true }); t.dispatchEvent(new Event("x"))',
  'listeners that are removed':
    'const t = new EventTarget(), all = []; for (let i = 0; i < n; i++) t.addEventListener("x", all[i] = () => {}); for (let i = n; i--;) t.removeEventListener("x", all[i])',
  'listeners that remove themselves':
    'const t = new EventTarget(); for (let i = 0; i < n; i++) { const f = () => t.removeEventListener("x", f); t.addEventListener("x", f); } t.dispatchEvent(new Event("x"))',
  'listeners that a signal removes':
    'const t = new EventTarget(), c = new AbortController(); for (let i = 0; i < n; i++) t.addEventListener("x", () => {}, { signal: c.signal }); c.abort()',
  'listeners that come and go under one signal':
    'const c = new AbortController(), f = () => {}; for (let i = 0; i < n; i++) { const t = new EventTarget(); t.addEventListener("x", f, { signal: c.signal }); t.removeEventListener("x", f); } c.abort()',
  'types of listeners':
    'const t = new EventTarget(), f = () => {}; for (let i = 0; i < n; i++) t.addEventListener("x" + i, f); for (let i = 0; i < n; i++) t.removeEventListener("x" + i, f)',
  'signals of one signal':
    'const c = new AbortController(); for (let i = 0; i < n; i++) AbortSignal.any([c.signal]); c.abort()',
  'a signal of many signals': 'AbortSignal.any(Array.from({ length: n }, () => new AbortController().signal))',
  'a chain of signals':
    'let c, s = new AbortController().signal; for (let i = 0; i < n; i++) { c = new AbortController(); s = AbortSignal.any([s, c.signal]); } c.abort(); if (!s.aborted) throw 1',
  'buffers to transfer':
    'const all = Array.from({ length: n }, () => new ArrayBuffer(1)); structuredClone(all, { transfer: all })',
  timers:
    'const all = Array.from({ length: n }, (_, i) => setTimeout(() => {}, 1e6 - i)); for (const timer of all) clearTimeout(timer)',
  'search parameters':
    'const u = new URL("http://h/"); for (let i = 0; i < n; i++) u.searchParams.append("k" + i, "v"); u.searchParams.sort(); new URLSearchParams(u.search).toString()',
  'searches from an index of a sparse array':
    'const a = []; for (let i = 0; i < n; i++) a[i * 1000] = i; for (let i = 0; i < n; i++) if (a.indexOf(i, i * 1000) !== i * 1000 || a.lastIndexOf(i, i * 1000) < 0 || !a.includes(i, i * 1000)) throw 1',
  'searches in a sparse array that begin at its start':
    'const a = []; for (let i = n; i--;) a[i * 1000] = i; for (let i = 0; i < n; i++) if (!a.some((x) => x === 0) || a.every((x) => x > 0) || a.find((x) => x === 0) !== 0 || a.indexOf(0) !== 0) throw 1',
  'a sparse array that grows at its front while it is searched':
    'const a = []; for (let i = n; i--;) { a[i * 1000] = i; if (a.findIndex(() => true) !== 0 || a.indexOf(i) !== i * 1000) throw 1; }',
  'a sparse array whose length falls':
    'const a = []; for (let i = 0; i < n; i++) a[i * 1000] = i; while (a.length > 500) a.length -= 500; if (a[0] !== 0) throw 1',
  'stacks late in a long source':
    'const f = (0, eval)("\\n".repeat(20 * n) + "(function () { return new Error().stack; })"); for (let i = 0; i < n; i++) if (!f().includes(`:${20 * n + 1}:`)) throw 1',
};

for (const [name, program] of Object.entries(costs)) {
  test(`cost in proportion: ${name}`, async (t) => {
    const sandbox = await createSandbox({ timeLimit: Infinity });
    t.after(() => sandbox.dispose());
    sandbox.evalSync('new EventTarget(), new URLSearchParams(), 1');
    const run = (count, fuelLimit) => sandbox.evalSync(`(function (n) { ${program}; })(${count})`, { fuelLimit });
    // Two to four times what a tenth of them takes.
    let fuel = 1 << 10;
    for (let isDone = false; !isDone; fuel *= 2) {
      try {
        run(n / 10, fuel);
        isDone = true;
      } catch (error) {
        assert.ok(error instanceof TimeLimitError, String(error));
      }
    }
    run(n, 10 * fuel); // which is 20 to 40 times what the tenth took
  });
}
