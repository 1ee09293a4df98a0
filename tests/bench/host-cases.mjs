// What is measured between host and guest, and of starting sandboxes, in Node and in pages.
export async function timed(work, scale = 1) {
  const start = performance.now();
  const check = await work();
  return { ms: (performance.now() - start) * scale, check };
}

export function timedSync(work, scale = 1) {
  const start = performance.now();
  const check = work();
  return { ms: (performance.now() - start) * scale, check };
}

const words = ['one', 'two', 'a longer word', ''];
const texts = ['a', 'b', 'c', 'd'].map((text) => text.repeat(1024));
const longTexts = texts.map((text) => text.repeat(1024));
const bytes = new ArrayBuffer(10 << 20);
const withBuffers = ['caisson', 'quickjs', 'quickjs_ng', 'v8'];

// A case in which the guest's `run` or a host loop does the work in one context.
function contextCase(name, group, script, round, engines) {
  return {
    name,
    group,
    engines,
    async prepare(engine) {
      const context = await engine.create();
      context.load(script);
      return { round: async () => round(context), dispose: () => context.dispose() };
    },
  };
}

const tenProperties = () => ({
  a: 1,
  b: 'two',
  c: true,
  d: null,
  e: 5.5,
  f: 'six',
  g: [1, 2, 3],
  h: { i: 1 },
  j: 10,
  k: 'eleven',
});

function document() {
  return Array.from({ length: 4000 }, (_, id) => ({
    id,
    name: `Item number ${id}`,
    price: id * 1.25,
    active: id % 3 === 0,
    tags: ['red', 'green', `t${id % 11}`],
    nested: { created: '2026-01-15T10:00:00Z', size: { width: id % 100, height: 7.5 }, note: null },
  }));
}

function repeated(count, work) {
  return timedSync(() => {
    let check = 0;
    for (let i = 0; i < count; i++) check += work(i);
    return check;
  });
}

export const hostCases = [
  contextCase('host calls guest, 20,000 numbers', 'host', 'function twice(n) { return n * 2; } 0', (context) =>
    repeated(20000, (i) => context.invoke('twice', i)),
  ),
  contextCase(
    'guest calls host, 20,000 numbers',
    'host',
    'function run() { let sum = 0; for (let i = 0; i < 20000; i++) sum = add(sum, i & 3); return sum; } 0',
    (context) => timedSync(() => context.call()),
  ),
  contextCase(
    'host calls guest, 3,000 objects of 10 properties',
    'host',
    'function size(object) { return object.g.length; } 0',
    (context) => {
      const object = tenProperties();
      return repeated(3000, () => context.invoke('size', object));
    },
  ),
  contextCase(
    'guest calls host, 3,000 objects of 10 properties',
    'host',
    `${tenPropertiesText()} function run() { let n = 0; for (let i = 0; i < 3000; i++) n += accept(object); return n; } 0`,
    (context) => timedSync(() => context.call()),
  ),
  contextCase('host calls guest, 20,000 short texts', 'host', 'function same(text) { return text; } 0', (context) =>
    repeated(20000, (i) => context.invoke('same', words[i & 3]).length),
  ),
  contextCase(
    'host calls guest, 3,000 texts of 1 KB',
    'host',
    'function size(text) { return text.length; } 0',
    (context) => repeated(3000, (i) => context.invoke('size', texts[i & 3])),
  ),
  contextCase(
    'guest calls host, 3,000 texts of 1 KB',
    'host',
    `var texts = ["a", "b", "c", "d"].map((text) => text.repeat(1024)); function run() { let n = 0; for (let i = 0; i < 3000; i++) n += accept(texts[i & 3]); return n; } 0`,
    (context) => timedSync(() => context.call()),
  ),
  contextCase('10 texts of 1 MB into the guest', 'host', 'function size(text) { return text.length; } 0', (context) =>
    repeated(10, (i) => context.invoke('size', longTexts[i & 3])),
  ),
  contextCase(
    '10 texts of 1 MB out of the guest',
    'host',
    'var texts = ["a", "b", "c", "d"].map((text) => text.repeat(1 << 20)); function run() { let n = 0; for (let i = 0; i < 10; i++) n += accept(texts[i & 3]); return n; } 0',
    (context) => timedSync(() => context.call()),
  ),
  contextCase(
    '10 MB of bytes into the guest',
    'host',
    'function size(buffer) { return buffer.byteLength; } 0',
    (context) => timedSync(() => context.invoke('size', bytes)),
    withBuffers,
  ),
  contextCase(
    '10 MB of bytes out of the guest',
    'host',
    'var buffer = new ArrayBuffer(10 << 20); function run() { return buffer; } 0',
    (context) => timedSync(() => context.callForBytes().length),
    withBuffers,
  ),
  contextCase(
    '2,000 awaited calls of an async host function',
    'host',
    'async function run() { let sum = 0; for (let i = 0; i < 2000; i++) sum += await later(i & 3); return sum; } 0',
    (context) => timed(() => context.callAsync()),
    withBuffers,
  ),
  contextCase(
    'about 700 KB of objects into the guest',
    'host',
    'function size(list) { return list.length; } 0',
    (context) => {
      const list = document();
      return timedSync(() => context.invoke('size', list));
    },
  ),
  contextCase(
    'about 700 KB of objects out of the guest',
    'host',
    `const list = (${document})(); function run() { return list; } 0`,
    (context) => timedSync(() => context.call().length),
  ),
];

function tenPropertiesText() {
  return `var object = ${JSON.stringify(tenProperties())};`;
}

export const startupCases = [
  {
    name: 'new sandbox in a loaded engine and dispose, 20 times',
    group: 'startup',
    async prepare(engine) {
      const round = () =>
        timed(async () => {
          let check = 0;
          for (let i = 0; i < 20; i++) {
            const context = await engine.create();
            context.load('var answer = 6 * 7; 0');
            check++;
            context.dispose();
          }
          return check;
        });
      return { round, dispose() {} };
    },
  },
  {
    name: 'new sandbox, 1 + 1 and dispose, 100 times',
    group: 'startup',
    engines: ['caisson', 'quickjs'],
    async prepare(engine) {
      const round = () =>
        timed(async () => {
          let check = 0;
          for (let i = 0; i < 100; i++) check += await engine.once('1 + 1');
          return check;
        });
      for (let i = 0; i < 30; i++) await round(); // until V8 has optimised what it does
      return { round, dispose() {} };
    },
  },
];
