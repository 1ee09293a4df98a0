// Random histories of API calls: a list of steps, each plain data, made from a seed alone.

export function randomFrom(seed) {
  let state = (seed * 2654435761 + 1) >>> 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)], chance: (share) => next() < share };
}

export const SLOTS = 4;

// Programs, and the value when they have one. What a program does to others goes by slots and numbers of the host's
// pools.
const plain = [
  ['1 + 1', 2],
  ['[1, 2, 3].map((x) => x * 2).join()', '2,4,6'],
  ['let s = 0; for (let i = 0; i < 1000; i++) s += i; s', 499500],
  ['JSON.stringify({ a: [1, { b: null }] })', '{"a":[1,{"b":null}]}'],
  ['echo(echo(echo(7)))', 7],
  ['callBack((x) => x + 1, 41)', 42],
  ['callBack((x) => callBack((y) => callBack((z) => z * 2, y), x), 21)', 42],
  ['(function f(n) { return n ? callBack(f, n - 1) : "deep"; })(8)', 'deep'],
  ['try { fail("x"); } catch (e) { e.message }', 'x'],
  ['new Map([[1, new Set([2])]]).size', 1],
  ['echo({ a: [1n, new Date(5)] }).a[0] === 1n', true],
  ['const same = () => 1; echo(same) === same', true],
  ['let got = 0; const o = { get x() { return callBack(() => ++got); } }; echo(o).x', 1],
  ['function* g() { yield 1; yield callBack(() => 2); } [...g()].join()', '1,2'],
  // What stays where it was made: methods, references, classes, iterators.
  ['counter().add(2)', 2],
  ['const c = counter(); c.add(1); c.deep.add(4); c.add(1)', 6],
  ['state.n = 7; state.n + state.list.length', 10],
  ['state.fresh = { a: [1] }; delete state.fresh; "fresh" in state', false],
  [
    'const account = new Account(3); account.add(1); account.balance = account.balance * 2; account instanceof Account && account.balance',
    8,
  ],
  ['echo(state) === state && state.self() === state', true],
  ['[...rows(3)].join()', '0,1,2'],
  ['for (const row of rows(1e6)) if (row === 2) break; closed()', true],
  ['const it = rows(9); it.next(); it.next(); try { it.throw(new TypeError("in")); } catch (e) { e.message }', 'in'],
  ['rows(4).map((x) => x * 2).toArray().join()', '0,2,4,6'],
  ['const mine = new Error("mine"); try { rethrow(mine); } catch (e) { e === mine }', true],
  ['callBack((o) => o.add(3), counter())', 3],
  ['spread((function* () { try { yield 1; yield 2; } finally { echo(3); } })()).join()', '1,2'],
  [
    'first({ [Symbol.iterator]: function* () { try { for (;;) yield 5; } finally { globalThis.wasClosed = true; } } }) === 5 && wasClosed',
    true,
  ],
  [
    'make(class Point { #x; constructor(x) { this.#x = x; } get x() { return this.#x; } twice() { return this.#x * 2; } }, 4)',
    8,
  ],
  ['giveAway((bytes) => bytes.length)', 1000],
];
const waiting = [
  ['later(5)', 5],
  ['(async () => { let s = 0; for (let i = 0; i < 5; i++) s += await later(i); return s; })()', 10],
  ['block(3) + block(4)', 7],
  ['[1, 2, 3].map((x) => block(x)).join()', '1,2,3'],
  ['blockNow(6) + blockNow(1)', 7],
  ['new Promise((resolve) => setTimeout(() => resolve("timer"), 2))', 'timer'],
  ['Promise.all([later(1), later(2), block(3)]).then((all) => all.join())', '1,2,3'],
  ['(async () => { try { await refuse("no"); } catch (e) { return e.message; } })()', 'no'],
  ['(async function* () { yield later(1); yield block(2); })().next().then((r) => r.value)', 1],
  ['import("a").then((m) => m.twice(4))', 8],
  ['import("b").then((m) => m.sum)', 3],
  ['import("waits").then((m) => m.value)', 9],
  ['import("missing").catch((e) => e.message)', "there is no module 'missing'"],
  ['Promise.race([never(), later("first")])', 'first'],
  ['({ then(resolve) { resolve(callBack(() => "thenable")); } })', 'thenable'],
  ['const cell = new Int32Array(new SharedArrayBuffer(4)); Atomics.wait(cell, 0, 0, 2)', 'timed-out'],
  ['Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2).value', 'timed-out'],
  [
    'new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = (e) => { port1.close(); resolve(e.data); }; port2.postMessage("sent"); })',
    'sent',
  ],
  ['ask(3) + ask(4)', 7],
  ['[1, 2].map((x) => askLater(x)).join()', '1,2'],
  ['try { askAndFail("no"); } catch (e) { e.message }', 'no'],
  [
    '(async () => { const seen = []; for await (const row of laterRows(3)) seen.push(row); return seen.join(); })()',
    '0,1,2',
  ],
  ['(async () => { for await (const row of laterRows(1e6)) if (row === 1) break; return "left"; })()', 'left'],
  ['(async () => { let n = 0; for await (const chunk of stream(4)) n += chunk[0]; return n; })()', 6],
  ['(async () => { for await (const chunk of stream(1e6)) if (chunk[0] === 1) break; return "left"; })()', 'left'],
  [
    '(async () => { const out = sink(); for (let i = 0; i < 4; i++) await out.write(new Uint8Array([i])); await out.close(); return "written"; })()',
    'written',
  ],
  [
    '(async () => { const out = sink(); await out.write(new Uint8Array(1)); await out.abort("enough"); return "aborted"; })()',
    'aborted',
  ],
  [
    '(async () => { let n = 0; for await (const row of gather((async function* () { yield 1; await later(0); yield 2; })())) n += row; return n; })()',
    3,
  ],
  ['collect((async function* () { try { yield 1; yield later(2); } finally { echo(1); } })())', '1,2'],
  ['collect({ async *[Symbol.asyncIterator]() { yield later(1); yield 2; } })', '1,2'],
];
// Those that end by a limit or are left alone; nothing is known of what they give.
const wild = [
  'for (;;);',
  '(function f() { queueMicrotask(f); })()',
  '(async () => { for (;;) await 0; })()',
  '(async () => { for (;;) await later(1); })()',
  'for (;;) blockNow(1)',
  'never()',
  'blockNever()',
  'setInterval(() => {}, 1); 0',
  'setTimeout(() => { throw new Error("timer"); }, 1); 0',
  'setTimeout(() => { for (;;); }, 1); 0',
  'Promise.reject(new Error("alone")); 0',
  'const p = Promise.reject(1); setTimeout(() => p.catch(() => {}), 2); 0',
  '{ const all = []; for (;;) all.push({}); }',
  'globalThis.kept ??= []; try { for (;;) kept.push([kept.length]); } catch { kept = null; }',
  '(function f() { f(); })()',
  '(function f() { try { callBack(f); } catch {} })()',
  'throw new TypeError("thrown")',
  'throw { odd: 1 }',
  'keep(() => 1); keep(async (x) => x); keep(Promise.resolve(3)); 0',
  'keep((x) => echo(x)); keep((x) => block(x)); keep(() => { for (;;); }); keep(() => { throw new Error("kept"); }); 0',
  'keep(never()); keep(new Promise((resolve) => setTimeout(resolve, 3))); keep({ f() { return later(1); } }.f); 0',
  'new FinalizationRegistry(() => { echo(1); }).register({}, 1); 0',
  '({ a: 1, get x() { callBack(() => "inner"); return later(1); } })',
  '({ get x() { for (;;); } })',
  'while (true) echo(1)',
  'interrupt(0); for (;;);',
  'interrupt(1); later(1)',
  'setTimeout(() => interrupt(0), 1); never()',
  'echo(Symbol())',
  'later(Symbol())',
  'block(Symbol())',
  'refuse(Symbol()).catch(() => 1)',
  'Array.from({ length: 30 }, (_, i) => later(i)); 0',
  '(function f(n) { if (n) { callBack(f, n - 1); for (let i = 0; i < 1e4; i++); } })(5)',
  'callKept(0); callKept(1); callKept(2)',
  '(async () => { for (let i = 0; i < 5; i++) await callKept(i); })()',
  'settle(0); settle(1); deferred(0)',
  'deferred(1)',
  'blockDeferred(2)',
  'deferred(3).then(() => { for (;;); })',
  'Object.prototype.then = function (r) { r(1); }; later({}).finally(() => { delete Object.prototype.then; })',
  'const t = { then(r) { r(t); } }; t',
  'Array.from({ length: 200 }, (_, i) => setTimeout(() => echo(i), i % 4)); 0',
  'Promise.reject(Object.defineProperty(/a/, "source", { value: "(" })); 0',
  'Promise.resolve().then(() => { throw { get message() { for (;;); } }; }); 0',
  // References, classes, iterators and streams that are kept, left, cancelled or used by others while they are.
  'keep(counter()); keep(state); keep(Account); keep(new Account(1)); keep(rows(5)); keep(laterRows(5)); 0',
  'keep({ n: 1, add(x) { return this.n += x; }, get x() { return callBack(() => 1); } }); 0',
  'keep(class { #n = 1; inc() { return ++this.#n; } static of() { return new this(); } loop() { for (;;); } }); 0',
  'keep(new (class { then(resolve) { resolve(1); } add() { return later(1); } get bad() { throw new Error("bad"); } get endless() { for (;;); } })()); 0',
  'keep((function* () { try { for (let i = 0; ; i++) yield i; } finally { yield callBack(() => "closing"); } })()); keep([1, 2].values()); 0',
  'keep((async function* () { try { for (let i = 0; ; i++) yield later(i); } finally { await block(1); } })()); 0',
  'keep({ [Symbol.iterator]: () => ({ next() { for (;;); } }) }); 0',
  'keep({ [Symbol.asyncIterator]: () => ({ next: () => never(), return: () => never() }) }); 0',
  'keep(new Proxy({}, { get: (t, k) => callBack(() => k), ownKeys() { throw new Error("keys"); } })); 0',
  'keep(new Map([[1, () => 2]])); keep(Object.assign(() => 1, { member: { deep: () => 2 } })); 0',
  'rows(1e9).toArray()',
  'for (const row of rows(1e9)) echo(row)',
  '(async () => { for await (const chunk of stream(1e9)); })()',
  'const s = stream(5); s.next(); s.next(); s.return(); 0',
  '(async () => { const out = sink(); for (;;) await out.write(new Uint8Array(1000)); })()',
  'const w = sink(); w.write(new Uint8Array(1)); w.abort(); w.close(); 0',
  'for (const row of hostileRows(0, "1")) for (;;);',
  'for (const row of hostileRows(1, "for (;;);")) { }',
  'for (const row of hostileRows(2, "callBack(() => state.n)")) break',
  'hostileRows(3, "[...rows(3)]").next(); 0',
  '(async () => { for await (const row of laterRows(9)) { dispose(row % 4); } })()',
  'for (const row of rows(9)) { interrupt(0); }',
  'ask(ask)',
  'askNever()',
  'askTwice(1)',
  'askHostile(0, "1")',
  'askHostile(1, "askLater(1)")',
  'giveAway((bytes) => { giveAway((other) => { callBack(() => bytes); }); return bytes; })',
  'giveAway(() => { for (;;); })',
  'giveAway(() => dispose(0))',
  'state.loop = () => { for (;;); }; state.loop()',
  'state.other = null; state.loop = null; state.another = { get x() { for (;;); } }',
  'Object.setPrototypeOf(state, null)',
  'Object.keys(state).map((key) => state[key])',
  'new Account({ valueOf() { for (;;); } })',
  'new Account(() => new Account(1))',
  'class Sub extends Account {} new Sub()',
  'Reflect.construct(Account, [], Object)',
  'Symbol.iterator in state; state[Symbol("x")]; state[Symbol.toPrimitive]; `${state}`',
  'const all = []; for (;;) all.push(new Account(1))',
  'const all = []; for (;;) all.push(counter())',
  'for (;;) keep(() => 1)',
  'for (let i = 0; i < 300; i++) { echo({ f() {}, g: { h() {} } }); echo(class {}); }',
  'useKept(0, 1); useKept(1, 2); useKept(2, 3)',
  '(async () => { for (let i = 0; i < 9; i++) await useKept(i, i * 7); })()',
  'callBack(() => useKept(3, 4)); useKept(4, 5)',
  'echo([() => 1, { get x() { throw new Error("half"); } }, () => 2])',
  'echo([() => 1, new WeakMap()])',
  'echo([class {}, { get x() { for (;;); } }])',
  '({ a: () => 1, get x() { throw new Error("half"); } })',
  '[() => 1, Promise.resolve(1), new WeakRef({})]',
  'later([() => 1, new WeakMap()])',
  'console.log(() => 1, class {}, new WeakMap(), state); 0',
  'dispose(0)',
  'dispose(1)',
  'dispose(2); callBack(() => 1)',
  'setTimeout(() => dispose(3), 1); never()',
  'abort(0); abort(1); for (let i = 0; i < 1e6; i++); later(1)',
  'abort(2); block(1)',
];

/** A history: `options` of each sandbox are in its `create`. */
export function makeHistory(seed) {
  const random = randomFrom(seed);
  const { below, pick, chance } = random;
  const steps = [];
  const program = () => {
    const kind = below(10);
    const [source, value] = kind < 4 ? pick(plain) : kind < 7 ? pick(waiting) : [pick(wild)];
    // A sandbox may run a program twice: what it declares is a block's.
    return { source: /^(const|let) /.test(source) ? `{ ${source} }` : source, value };
  };
  // A program that has another sandbox run one.
  const nested = (depth = 2) => {
    const one = program();
    if (depth === 0 || chance(0.75)) return one;
    const inner = nested(depth - 1);
    const slot = below(SLOTS);
    const call = chance(0.5)
      ? `evalIn(${slot}, ${JSON.stringify(inner.source)})`
      : `evalSyncIn(${slot}, ${JSON.stringify(inner.source)})`;
    return {
      source: chance(0.5)
        ? `(async () => { try { return await ${call}; } catch (e) { return "caught"; } })()`
        : `try { ${call} } catch (e) { "caught" }`,
    };
  };
  const create = (slot) =>
    steps.push({
      step: 'create',
      slot,
      timeLimit: chance(0.9) ? pick([10, 20, 40]) : 200,
      memoryLimit: pick([2, 4, 8]) << 20,
      timeSlice: chance(0.4) ? pick([1, 3]) : undefined,
      isolation: chance(0.25) ? 'instance' : undefined,
      signal: chance(0.4) ? below(4) : undefined,
      hook: chance(0.6) ? pick(['dispose', 'evalSync', 'eval', 'interrupt', 'throw', 'count']) : undefined,
    });
  create(0);
  const length = 5 + below(25);
  for (let i = 0; i < length; i++) {
    const slot = below(SLOTS);
    const kind = below(25);
    if (kind >= 24)
      steps.push({
        step: 'resume',
        index: below(8),
        isFailure: chance(0.3),
        isTwice: chance(0.3),
        value: pick(['number', 'function', 'symbol', 'kept']),
      });
    else if (kind >= 22)
      steps.push({
        step: 'ref',
        slot,
        source: pick([
          '({ n: 1, f() { return this.n; }, list: [1, [2]] })',
          'globalThis',
          '(class { static s = 1; m() { return 1; } })',
          '(function* () { yield 1; yield 2; })()',
          'new Map([[1, 2]])',
          'new Proxy({}, {})',
          '(x) => x',
          '1',
          'for (;;);',
          '({ get x() { return callBack(() => 1); }, get y() { for (;;); } })',
          'Promise.resolve({ a: 1 })',
          'state',
          'kept',
        ]),
      });
    else if (kind >= 20) steps.push({ step: 'use', index: below(40), how: below(1000) });
    else if (kind < 3) create(slot);
    else if (kind < 8)
      steps.push({
        step: 'eval',
        slot,
        ...nested(),
        signal: chance(0.3) ? below(4) : undefined,
        timeLimit: chance(0.2) ? pick([5, 30]) : undefined,
        totalTimeLimit: chance(0.15) ? pick([1, 5, 20]) : undefined,
      });
    else if (kind < 11) steps.push({ step: 'evalSync', slot, ...nested() });
    else if (kind < 12)
      steps.push({
        step: 'import',
        slot,
        specifier: pick(['a', 'b', 'waits', 'missing', 'broken', 'loops', 'never']),
        signal: chance(0.3) ? below(4) : undefined,
      });
    else if (kind < 14) steps.push({ step: 'callKept', index: below(8) });
    else if (kind < 15) steps.push({ step: 'dispose', slot });
    else if (kind < 16) steps.push({ step: 'interrupt', slot });
    else if (kind < 17) steps.push({ step: 'abort', index: below(4) });
    else if (kind < 18) steps.push({ step: 'settle', index: below(4), isRejection: chance(0.3) });
    else if (kind < 19)
      steps.push({
        step: 'setGlobal',
        slot,
        value: pick(['number', 'function', 'promise', 'proxy', 'symbol', 'cycle']),
      });
    else steps.push({ step: pick(['gc', 'wait', 'wait', 'turn']), milliseconds: pick([1, 3, 8]) });
  }
  return steps;
}
