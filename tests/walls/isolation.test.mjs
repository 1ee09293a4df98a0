// Two runtimes in one WebAssembly instance share nothing: not limits, not objects, not interruptions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

test('different limits do not touch each other', async () => {
  const small = await createSandbox({ memoryLimit: 4 * 1024 * 1024, timeLimit: 200 });
  const large = await createSandbox({ memoryLimit: 128 * 1024 * 1024, timeLimit: Infinity });
  const fill =
    '{ let ok = 0; try { const all = []; for (let i = 0; i < 10; i++) { all.push(new Uint8Array(1 << 20)); ok++; } } catch {} ok }';
  assert.ok(small.evalSync(fill) < 4);
  assert.equal(large.evalSync(fill), 10);
  assert.throws(() => small.evalSync('for (;;);'), { name: 'TimeLimitError' });
  const start = performance.now();
  assert.equal(
    large.evalSync('let n = 0; for (let i = 0; i < 3e6; i++) n += i % 7; n > 0', { timeLimit: 60000 }),
    true,
  );
  assert.ok(performance.now() - start > 0);
  assert.equal(small.evalSync('1'), 1);
  small.dispose();
  assert.equal(large.evalSync('2'), 2);
  large.dispose();
});

test('a time limit in one while it is called by the other', async () => {
  const inner = await createSandbox({ timeLimit: 20 });
  const outer = await createSandbox({
    globals: {
      run: (source) => {
        try {
          return inner.evalSync(source);
        } catch (error) {
          return error.name;
        }
      },
    },
  });
  assert.equal(outer.evalSync('run("for (;;);") + run("1 + 1")'), 'TimeLimitError2');
  inner.dispose();
  outer.dispose();
});

test('globals, prototypes and symbols are apart', async () => {
  const a = await createSandbox();
  const b = await createSandbox();
  a.evalSync(
    'globalThis.x = 1; Array.prototype.leak = 1; Object.prototype.leak = 1; Promise.prototype.then = null; Symbol.for("s").description',
  );
  assert.equal(b.evalSync('typeof x + typeof [].leak + typeof Promise.prototype.then'), 'undefinedundefinedfunction');
  assert.equal([].leak, undefined);
  a.dispose();
  assert.equal(b.evalSync('[1, 2].map((n) => n * 2).length'), 2);
  b.dispose();
});

test('many sandboxes in one instance, disposed in another order', async () => {
  const all = await Promise.all(Array.from({ length: 200 }, () => createSandbox({ memoryLimit: 8 * 1024 * 1024 })));
  all.forEach((sandbox, i) => sandbox.setGlobal('id', i));
  for (let i = 0; i < all.length; i += 2) all[i].dispose();
  for (let i = 1; i < all.length; i += 2) assert.equal(all[i].evalSync('id'), i);
  const more = await createSandbox();
  assert.equal(more.evalSync('typeof id'), 'undefined');
  for (const sandbox of [...all, more]) sandbox.dispose();
});

test('memory of disposed sandboxes is used again', async () => {
  const sizes = [];
  for (let round = 0; round < 30; round++) {
    const sandbox = await createSandbox({ memoryLimit: 64 * 1024 * 1024, timeLimit: Infinity });
    sandbox.evalSync('globalThis.data = Array.from({ length: 100000 }, (_, i) => ({ i, text: "t" + i })); 0');
    sizes.push(sandbox.memoryUsed);
    sandbox.dispose();
  }
  assert.ok(sizes.at(-1) < sizes[0] * 1.2, sizes.join());
});

test('an instance of its own', async () => {
  const own = await createSandbox({ isolation: 'instance' });
  const shared = await createSandbox();
  own.setGlobal('x', 1);
  assert.equal(own.evalSync('x'), 1);
  assert.equal(shared.evalSync('typeof x'), 'undefined');
  own.dispose();
  shared.dispose();
});
