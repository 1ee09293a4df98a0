// Each case takes a value out of a cell in one way, keeps it in a new object only, and looks at it later: a collection
// that is marking meanwhile must not lose it.
let bad = 0, n = 0;
const make = (i) => ({v: i, in: {w: i}, s: 'x' + i});
const check = (o, i) => { n++; if (!o || o.v !== i || o.in.w !== i || o.s !== 'x' + i) bad++; };
const cases = {
  deleteElement: (i) => { const a = [make(i), 1]; return [a, () => { const k = {o: a[0]}; delete a[0]; return k; }]; },
  deleteLastElement: (i) => { const a = [1, make(i)]; return [a, () => { const k = {o: a[1]}; delete a[1]; return k; }]; },
  deleteByReflect: (i) => { const a = [1, make(i), 2]; return [a, () => { const k = {o: a[1]}; Reflect.deleteProperty(a, 1); return k; }]; },
  deleteThroughProxy: (i) => { const a = new Proxy([1, make(i), 2], {}); return [a, () => { const k = {o: a[1]}; delete a[1]; return k; }]; },
  deleteOfArguments: (i) => { const a = (function () { return arguments; })(make(i), 1); return [a, () => { const k = {o: a[0]}; delete a[0]; return k; }]; },
  pop: (i) => { const a = [make(i), make(i)]; return [a, () => { const k = {o: a.pop()}; return k; }]; },
  shift: (i) => { const a = []; for (let j = 0; j < 5; j++) a.push(make(i)); return [a, () => ({o: a.shift()})]; },
  shiftLong: (i) => { const a = []; for (let j = 0; j < 50; j++) a.push(make(i)); return [a, () => { const k = {o: a.shift()}; a.shift(); return k; }]; },
  splice: (i) => { const a = []; for (let j = 0; j < 9; j++) a.push(make(i)); return [a, () => ({o: a.splice(3, 2)[0]})]; },
  length: (i) => { const a = []; for (let j = 0; j < 9; j++) a.push(make(i)); return [a, () => { const k = {o: a[7]}; a.length = 3; return k; }]; },
  fill: (i) => { const a = []; for (let j = 0; j < 9; j++) a.push(make(i)); return [a, () => { const k = {o: a[7]}; a.fill(0); return k; }]; },
  copyWithin: (i) => { const a = []; for (let j = 0; j < 9; j++) a.push(make(i)); return [a, () => { const k = {o: a[0]}; a.copyWithin(0, 3); return k; }]; },
  reverse: (i) => { const a = [make(i), 1, 2]; return [a, () => { const k = {o: a[0]}; a.reverse(); a.length = 0; return k; }]; },
  sort: (i) => { const a = [make(i), 1, 2]; return [a, () => { const k = {o: a[0]}; a.sort((x, y) => typeof x === 'number' ? -1 : 1); a.pop(); return k; }]; },
  delProp: (i) => { const a = {x: make(i), y: 1}; return [a, () => { const k = {o: a.x}; delete a.x; return k; }]; },
  delLast: (i) => { const a = {x: make(i)}; return [a, () => { const k = {o: a.x}; delete a.x; return k; }]; },
  setProp: (i) => { const a = {x: make(i), y: 1}; return [a, () => { const k = {o: a.x}; a.x = 1; return k; }]; },
  defProp: (i) => { const a = {x: make(i), y: 1}; return [a, () => { const k = {o: a.x}; Object.defineProperty(a, 'x', {value: 4}); return k; }]; },
  defAccessor: (i) => { const a = {x: make(i), y: 1}; return [a, () => { const k = {o: a.x}; Object.defineProperty(a, 'x', {get() { return 1; }}); return k; }]; },
  defElement: (i) => { const a = [make(i), 1]; return [a, () => { const k = {o: a[0]}; Object.defineProperty(a, '0', {get() { return 1; }}); return k; }]; },
  mapDel: (i) => { const m = new Map([[1, make(i)]]); return [m, () => { const k = {o: m.get(1)}; m.delete(1); return k; }]; },
  mapKey: (i) => { const m = new Map([[make(i), 1]]); return [m, () => { const k = {o: m.keys().next().value}; m.clear(); return k; }]; },
  mapSet: (i) => { const m = new Map([[1, make(i)]]); return [m, () => { const k = {o: m.get(1)}; m.set(1, 2); return k; }]; },
  setDel: (i) => { const m = new Set([make(i)]); return [m, () => { const k = {o: [...m][0]}; m.delete(k.o); return k; }]; },
  weak: (i) => { const m = new WeakMap(); const key = {}; m.set(key, make(i)); return [[m, key], () => { const k = {o: m.get(key)}; m.delete(key); return k; }]; },
  weakSet: (i) => { const m = new WeakMap(); const key = {}; m.set(key, make(i)); return [[m, key], () => { const k = {o: m.get(key)}; m.set(key, 1); return k; }]; },
  proto: (i) => { const a = Object.create(make(i)); return [a, () => { const k = {o: Object.getPrototypeOf(a)}; Object.setPrototypeOf(a, null); return k; }]; },
  protoDict: (i) => { const a = Object.create(make(i)); a.q = 1; a.r = 2; delete a.q; return [a, () => { const k = {o: Object.getPrototypeOf(a)}; Object.setPrototypeOf(a, null); return k; }]; },
  env: (i) => { let x = make(i); const f = () => { const k = {o: x}; x = 1; return k; }; return [f, f]; },
  gen: (i) => { const g = (function* () { let x = make(i); yield 1; const k = {o: x}; x = null; yield k; yield 1; })(); g.next(); return [g, () => { const k = g.next().value; g.next(); return k; }]; },
  genRet: (i) => { const g = (function* () { let x = make(i); yield 1; try { yield {o: x}; } finally { x = 0; } })(); g.next(); return [g, () => { const k = g.next().value; g.return(); return k; }]; },
  bound: (i) => { const b = {f: function () { return this; }.bind(make(i))}; return [b, () => { const k = {o: b.f()}; b.f = 0; return k; }]; },
  proxy: (i) => { let r = Proxy.revocable(make(i), {get(t, p) { return p === 'me' ? t : t[p]; }}); return [r, () => { const k = {o: r.proxy.me}; r.revoke(); r = 0; return k; }]; },
  accessor: (i) => { const f = () => f.m; f.m = make(i); const a = {get x() { return 1; }}; Object.defineProperty(a, 'z', {get: f, configurable: true}); return [a, () => { const g = Object.getOwnPropertyDescriptor(a, 'z').get; const k = {o: g()}; Object.defineProperty(a, 'z', {get: undefined}); return k; }]; },
  args: (i) => { const a = (function (x) { return [arguments, (y) => { x = y; }]; })(make(i)); return [a, () => { const k = {o: a[0][0]}; a[1](0); return k; }]; },
  argsDel: (i) => { const a = (function (x) { return arguments; })(make(i)); return [[a], () => { const k = {o: a[0]}; delete a[0]; return k; }]; },
  priv: (i) => { class C { #x = make(i); take() { const k = {o: this.#x}; this.#x = 0; return k; } } const c = new C; return [c, () => c.take()]; },
  sym: (i) => { const s = Symbol('q'); const a = {[s]: make(i), t: 1}; return [a, () => { const k = {o: a[s]}; delete a[s]; return k; }]; },
  grow: (i) => { const a = {x: make(i)}; return [a, () => { const k = {o: a.x}; for (let j = 0; j < 20; j++) a['p' + j] = j; a.x = 0; return k; }]; },
  err: (i) => { const e = new Error('x', {cause: make(i)}); return [e, () => { const k = {o: e.cause}; e.cause = 0; e.stack = 1; return k; }]; },
  unshift: (i) => { const a = [make(i)]; return [a, () => { a.unshift(1, 2); const k = {o: a[2]}; a.length = 1; return k; }]; },
  unshiftLong: (i) => { const a = []; for (let j = 0; j < 40; j++) a.push(make(i)); return [a, () => { const k = {o: a[0]}; a.unshift(1, 2); a.splice(0, 30); return k; }]; },
  sparse: (i) => { const a = [make(i)]; return [a, () => { const k = {o: a[0]}; a[1e7] = 1; a[0] = 0; return k; }]; },
  sparseDel: (i) => { const a = []; a[1e7] = make(i); return [a, () => { const k = {o: a[1e7]}; delete a[1e7]; return k; }]; },
  sparseLen: (i) => { const a = []; a[1e7] = make(i); return [a, () => { const k = {o: a[1e7]}; a.length = 0; return k; }]; },
  globalP: (i) => { globalThis['G'+i+'_'] = make(i); return [0, () => { const n='G'+i+'_'; const k = {o: globalThis[n]}; delete globalThis[n]; return k; }]; },
  iter: (i) => { const it = [make(i), 2, 3][Symbol.iterator](); return [it, () => { const k = {o: it.next().value}; for (const x of it); return k; }]; },
  rope: (i) => { const a = {r: null}; let left = 'ab' + i + '-'.repeat(20), r = left + ('cd' + i + '+'.repeat(20)); a.r = {r, l: left}; left = r = 0; return [a, () => { const l = a.r.l; a.r.r.charCodeAt(3); const k = {l}; a.r = 0; return {o: k.l === 'ab' + i + '-'.repeat(20) ? make(i) : 0}; }]; },
  weakref: (i) => { const h = {o: make(i)}; const w = new WeakRef(h.o); return [[w, h], () => { const k = {o: h.o}; h.o = 0; return k; }]; },
  frz: (i) => { const a = {x: make(i), y: 1, z: 2}; return [a, () => { const k = {o: a.x}; Object.seal(a); a.x = 2; Object.freeze(a); return k; }]; },
  dictRebuild: (i) => { const a = {}; for (let j = 0; j < 12; j++) a['k' + j] = make(i); delete a.k3; return [a, () => { const k = {o: a.k11}; for (let j = 4; j < 12; j++) delete a['k' + j]; for (let j = 0; j < 30; j++) a['n' + j] = j; return k; }]; },
  concatSpread: (i) => { const a = [make(i), make(i)]; return [a, () => { const b = [...a]; a.length = 0; return {o: b[1]}; }]; },
  classField: (i) => { class A { x = make(i); } class B extends A { x = 5; constructor() { super(); } } return [0, () => { let k; class Z { constructor() { k = {o: this}; } } const a = new A; const h = {o: a.x}; a.x = 0; return h; }]; },
  dupLiteral: (i) => { const m = {o: make(i)}; return [m, () => { let k = {}; const f = () => { const r = m.o; m.o = 0; return r; }; const l = {a: f(), b: 1, a: 2}; k.o = make(i); return k; }]; },
};
const names = Object.keys(cases);
let seed = 12345;
const rnd = (k) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff, (seed >> 8) % k);
for (let round = 0; round < 12; round++) {
  const alive = [], got = [];
  for (const name of names) for (let j = 0; j < 3; j++) { const i = round * 7 + j; const [h, take] = cases[name](i); alive.push({name, i, h, take}); }
  for (let j = alive.length - 1; j > 0; j--) { const x = rnd(j + 1); [alive[j], alive[x]] = [alive[x], alive[j]]; }
  for (const c of alive) { got.push({c: c.name, i: c.i, k: c.take()}); const junk = {a: [1, 2], b: {}}; }
  for (let z = 0; z < 60; z++) { const junk = [z, {z}, 'q' + z]; }
  for (const g of got) { const b = bad; if (!(g.c in {global: 1})) check(g.k.o, g.i); if (bad > b) console.log('BAD', g.c); }
}
console.log(bad, n);
