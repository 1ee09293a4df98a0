// What is measured: one list of cases, each of which prepares itself in an engine and gives a function that
// performs one round and resolves to { ms, check }.
import { throughputPrograms, typescriptSource } from './programs.mjs';

async function timed(work, scale = 1) {
  const start = performance.now();
  const check = await work();
  return { ms: (performance.now() - start) * scale, check };
}

function timedSync(work, scale = 1) {
  const start = performance.now();
  const check = work();
  return { ms: (performance.now() - start) * scale, check };
}

function programCase(program) {
  return {
    name: program.name,
    group: program.group,
    engines: program.engines,
    async prepare(engine) {
      const text = await program.load();
      const context = await engine.create();
      context.load(text);
      const round = program.kind === 'promise' ? () => timed(() => context.callAsync()) : async () => timedSync(() => context.call());
      return { round, dispose: () => context.dispose() };
    },
  };
}

// A case in which the guest's `run` or a host loop does the work in one context.
function contextCase(name, group, script, round) {
  return {
    name,
    group,
    async prepare(engine) {
      const context = await engine.create();
      context.load(script);
      return { round: async () => round(context), dispose: () => context.dispose() };
    },
  };
}

const tenProperties = () => ({ a: 1, b: 'two', c: true, d: null, e: 5.5, f: 'six', g: [1, 2, 3], h: { i: 1 }, j: 10, k: 'eleven' });

function document() {
  return Array.from({ length: 4000 }, (_, id) => ({
    id, name: `Item number ${id}`, price: id * 1.25, active: id % 3 === 0, tags: ['red', 'green', `t${id % 11}`],
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

const hostCases = [
  contextCase('host calls guest, 20,000 numbers', 'host', 'function twice(n) { return n * 2; } 0',
    (context) => repeated(20000, (i) => context.invoke('twice', i))),
  contextCase('guest calls host, 20,000 numbers', 'host',
    'function run() { let sum = 0; for (let i = 0; i < 20000; i++) sum = add(sum, i & 3); return sum; } 0',
    (context) => timedSync(() => context.call())),
  contextCase('host calls guest, 3,000 objects of 10 properties', 'host', 'function size(object) { return object.g.length; } 0', (context) => {
    const object = tenProperties();
    return repeated(3000, () => context.invoke('size', object));
  }),
  contextCase('guest calls host, 3,000 objects of 10 properties', 'host',
    `${tenPropertiesText()} function run() { let n = 0; for (let i = 0; i < 3000; i++) n += accept(object); return n; } 0`,
    (context) => timedSync(() => context.call())),
  contextCase('about 700 KB of objects into the guest', 'host', 'function size(list) { return list.length; } 0', (context) => {
    const list = document();
    return timedSync(() => context.invoke('size', list));
  }),
  contextCase('about 700 KB of objects out of the guest', 'host', `const list = (${document})(); function run() { return list; } 0`,
    (context) => timedSync(() => context.call().length)),
];

function tenPropertiesText() {
  return `var object = ${JSON.stringify(tenProperties())};`;
}

const startupCases = [
  {
    name: 'new sandbox in a loaded engine and dispose, 20 times',
    group: 'startup',
    async prepare(engine) {
      const round = () => timed(async () => {
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
];

const frontEndCases = [
  {
    name: 'parse and compile typescript.js (V8 parses lazily)',
    group: 'front-end',
    rounds: 3,
    async prepare(engine) {
      const text = typescriptSource();
      let serial = 0;
      const round = async () => {
        const context = await engine.create();
        // Unique bytes, so that no cache of compiled code is met.
        const script = `(function () {\n${text}\n// ${serial++} ${Math.random()}\n}); 0`;
        const result = timedSync(() => {
          context.load(script);
          return 0;
        });
        context.dispose();
        return result;
      };
      return { round, dispose() {} };
    },
  },
];

export function allCases() {
  return [...throughputPrograms().map(programCase), ...hostCases, ...startupCases, ...frontEndCases];
}
