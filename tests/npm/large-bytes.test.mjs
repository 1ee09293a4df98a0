// Many bytes of the host are copied once, to where the guest keeps them, before the message that refers to them is
// sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, transfer } from 'caisson';

const KB = 1024;
const MB = 1024 * KB;
const filled = (size, seed = 1) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * seed) & 0xff);
const attempt = (action) => {
  try {
    action();
    return 'no error';
  } catch (error) {
    return error.name;
  }
};

test('large buffers and views arrive with their bytes', async (t) => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  t.after(() => sandbox.dispose());
  const same = sandbox.evalSync('(...values) => values');
  const bytes = filled(300 * KB);
  const misaligned = new Uint8Array(bytes.buffer.slice(0), 3, 200 * KB);
  const values = [
    bytes,
    bytes.buffer,
    new Float64Array(bytes.buffer, 8, 20 * KB),
    misaligned,
    new DataView(bytes.buffer.slice(0), 5, 100 * KB),
    filled(64 * KB - 1),
    filled(64 * KB),
    [filled(64 * KB + 1)],
  ];
  for (const value of values) assert.deepEqual(same(value)[0], value);
  const [first, again, buffer] = same(bytes, bytes, bytes.buffer);
  assert.equal(first, again);
  assert.equal(first.buffer, buffer);
  assert.deepEqual(
    sandbox.evalSync('(b) => [b.byteLength, b.maxByteLength, b.resizable, b.slice(0, 2).byteLength]')(bytes.buffer),
    [300 * KB, 300 * KB, false, 2],
  );
});

test('views of one large buffer share what they cover, however they overlap', async (t) => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  t.after(() => sandbox.dispose());
  const sum = (view) => {
    let total = view.length;
    for (let i = 0; i < view.length; i += 1 + (i >> 3)) total = (total * 31 + view[i]) % 65521;
    return total;
  };
  const ask = sandbox.evalSync(
    `const sum = ${sum}; (views) => views.map((view) => [views.findIndex((other) => other.buffer === view.buffer), sum(view)])`,
  );
  const pool = filled(600 * KB, 3);
  let state = 12345;
  const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  for (let round = 0; round < 25; round++) {
    const views = Array.from({ length: 2 + random(5) }, () => {
      const size = random(3) === 0 ? random(2000) : random(150 * KB);
      return pool.subarray(...((start) => [start, start + size])(random(pool.length - size)));
    });
    // Those that overlap, or are joined by others that do.
    const group = views.map((_, i) => i);
    for (let pass = 0; pass < views.length; pass++)
      views.forEach((a, i) =>
        views.forEach((b, k) => {
          const overlap =
            a.length > 0 &&
            b.length > 0 &&
            a.byteOffset < b.byteOffset + b.length &&
            b.byteOffset < a.byteOffset + a.length;
          if (overlap) group[i] = group[k] = Math.min(group[i], group[k]);
        }),
      );
    const expected = views.map((view, i) => [group[i], sum(view)]);
    assert.deepEqual(
      ask(views).filter((_, i) => views[i].length > 0),
      expected.filter((_, i) => views[i].length > 0),
    );
  }
});

test('a large resizable buffer can be resized by the guest', async (t) => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  t.after(() => sandbox.dispose());
  const buffer = new ArrayBuffer(200 * KB, { maxByteLength: 400 * KB });
  new Uint8Array(buffer).set(filled(200 * KB));
  assert.deepEqual(
    sandbox.evalSync(
      '(b) => { const last = new Uint8Array(b).at(-1); b.resize(300 * 1024); return [last, b.byteLength, b.maxByteLength]; }',
    )(buffer),
    [filled(200 * KB).at(-1), 300 * KB, 400 * KB],
  );
});

test('bytes are those of when they were met, and what has been transferred is gone', async (t) => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  t.after(() => sandbox.dispose());
  const at = sandbox.evalSync('(bytes) => bytes[1000]');
  const bytes = new Uint8Array(MB).fill(5);
  assert.equal(
    sandbox.evalSync('([bytes]) => bytes[1000]')([
      bytes,
      {
        get change() {
          bytes.fill(9);
          return 1;
        },
      },
    ]),
    5,
  );
  const given = new Uint8Array(MB).fill(6);
  assert.equal(at(transfer(given, [given.buffer])), 6);
  assert.equal(given.length, 0);
});

test('host functions answer with large bytes, within other messages', async (t) => {
  const sandbox = await createSandbox({
    globals: {
      load: (n) => new Uint8Array(n * 100 * KB).fill(n),
      later: async (n) => new Uint8Array(n * 100 * KB).fill(n),
    },
  });
  t.after(() => sandbox.dispose());
  assert.deepEqual(sandbox.evalSync('[load(1), load(2)].map((bytes) => [bytes.length, bytes.at(-1)])'), [
    [100 * KB, 1],
    [200 * KB, 2],
  ]);
  assert.deepEqual(
    await sandbox.eval(
      'Promise.all([later(3), later(1)]).then((list) => list.map((bytes) => [bytes.length, bytes.at(-1)]))',
    ),
    [
      [300 * KB, 3],
      [100 * KB, 1],
    ],
  );
  // A getter that enters the guest with bytes of its own, while the message around it has some already.
  const sum = sandbox.evalSync('(...list) => list.flat().reduce((total, item) => total + (item.at?.(-1) ?? item), 0)');
  const outer = [new Uint8Array(100 * KB).fill(1)];
  Object.defineProperty(outer, 1, {
    enumerable: true,
    get: () => sum(new Uint8Array(100 * KB).fill(2), new Uint8Array(100 * KB).fill(3)),
  });
  outer.push(new Uint8Array(100 * KB).fill(4));
  assert.equal(sum(outer), 10);
});

test('what is not sent or not read is given back', async (t) => {
  const sandbox = await createSandbox({ memoryLimit: 16 * MB, timeLimit: 1000 });
  t.after(() => sandbox.dispose());
  const use = sandbox.evalSync('(value) => 1');
  const bytes = new Uint8Array(3 * MB);
  use(1);
  for (let i = 0; i < 20; i++) {
    assert.equal(
      attempt(() =>
        use([
          bytes,
          {
            get x() {
              throw new RangeError('half-way');
            },
          },
        ]),
      ),
      'RangeError',
    );
    assert.equal(
      attempt(() => use([bytes, new WeakMap()])),
      'TypeError',
    );
    assert.equal(
      attempt(() => use([bytes, bytes.slice(), new Uint8Array(20 * MB)])),
      'MemoryLimitError',
    );
    assert.equal(use([bytes, bytes.slice()]), 1);
  }
  assert.throws(() => use(new Uint8Array(20 * MB)), {
    name: 'MemoryLimitError',
    message: /^a value of 20971520 bytes does not fit into the sandbox's memory limit$/,
  });
  assert.equal(use(new Uint8Array(12 * MB)), 1); // which left no room for a second copy
});

test('disposal while bytes are on their way', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  const use = sandbox.evalSync('(value) => 1');
  const bytes = new Uint8Array(MB);
  assert.equal(
    attempt(() =>
      use([
        bytes,
        {
          get x() {
            sandbox.dispose();
            return bytes.slice();
          },
        },
      ]),
    ),
    'DisposedError',
  );
  const other = await createSandbox({ timeLimit: Infinity });
  assert.equal(
    attempt(() =>
      other.evalSync('(value) => 1')([
        bytes,
        {
          get x() {
            other.dispose();
            return 1;
          },
        },
      ]),
    ),
    'DisposedError',
  );
});
