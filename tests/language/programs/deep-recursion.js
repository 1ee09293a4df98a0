// Unbounded recursion along every path from native code back into JavaScript ends in a RangeError that can be
// caught, again and again.
const paths = {
  plain() { paths.plain(); return 1; },
  arguments(...all) { return paths.arguments(...all, 1); },
  construct() { return new (class Deep { constructor() { new Deep(); } })(); },
  map() { return [1].map(paths.map); },
  forEach() { [1].forEach(() => paths.forEach()); },
  reduce() { return [1, 2].reduce(() => paths.reduce()); },
  from() { return Array.from([1], () => paths.from()); },
  sort() { return [2, 1].sort(() => paths.sort()); },
  replace() { return 'a'.replace(/a/, () => paths.replace()); },
  replaceText() { return 'a'.replace('a', () => paths.replaceText()); },
  iterator() { const o = { [Symbol.iterator]: () => paths.iterator() }; return [...o]; },
  generator() { function* g() { yield* g(); } return g().next(); },
  getter() { const o = { get x() { return this.x; } }; return o.x; },
  setter() { const o = { set x(v) { this.x = v; } }; o.x = 1; return o; },
  toString() { const o = { toString() { return `${o}`; } }; return `${o}`; },
  valueOf() { const o = { valueOf() { return o + 1; } }; return o * 2; },
  toPrimitive() { const o = { [Symbol.toPrimitive]: () => +o }; return +o; },
  proxyGet() { const p = new Proxy({}, { get: (target, key, receiver) => receiver[key] }); return p.x; },
  proxyApply() { const p = new Proxy(() => 0, { apply: () => p() }); return p(); },
  proxyHas() { const p = new Proxy({}, { has: (target, key) => key in p }); return 'x' in p; },
  bound() { const f = function () { return bound(); }; const bound = f.bind(null); return bound(); },
  apply() { return paths.apply.apply(null, []); },
  call() { return paths.call.call(null); },
  reflect() { return Reflect.apply(paths.reflect, null, []); },
  json() { const o = { toJSON: () => JSON.stringify(o) }; return JSON.stringify(o); },
  reviver() { return JSON.parse('[1]', () => paths.reviver()); },
  instanceOf() { const o = { [Symbol.hasInstance]: () => ({}) instanceof o }; return {} instanceof o; },
  evaluated() { return eval('paths.evaluated()'); },
  dynamic() { const f = new Function('f', 'return f(f)'); return f(f); },
  defaults() { const f = (a = f()) => a; return f(); },
  destructuring() { const o = { get x() { const { x } = this; return x; } }; return o.x; },
  tag() { return paths.tag`x`; },
  defineProperty() { const p = new Proxy({}, { defineProperty: () => Reflect.defineProperty(p, 'x', { value: 1 }) }); return Reflect.defineProperty(p, 'x', { value: 1 }); },
  find() { return [1].find(() => paths.find()); },
  mapForEach() { new Map([[1, 1]]).forEach(() => paths.mapForEach()); },
};

for (const [name, path] of Object.entries(paths)) {
  for (let round = 0; round < 2; round++) {
    try {
      path();
      console.log(name, 'ended');
    } catch (error) {
      if (!(error instanceof RangeError)) console.log(name, String(error));
      else if (round === 1) console.log(name, 'RangeError');
    }
  }
}

let jobs = 0;
const job = () => { if (++jobs < 20000) Promise.resolve().then(job); else console.log('20,000 nested jobs'); };
job();
(async function deep(n) { return n === 0 ? 0 : 1 + (await deep(n - 1)); })(3000).then((n) => console.log('await depth', n));
