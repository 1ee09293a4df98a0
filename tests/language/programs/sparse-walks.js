// Methods of Array pass holes at once where nobody can tell: lengths beyond what could be walked, and random arrays of few
// elements, with getters, prototypes and callbacks that change what lies ahead.
const like = (length) => ({ length, 5: 1, [length - 3]: 2 });
function array(length) {
  const made = [];
  made.length = length;
  made[5] = 1;
  made[length - 3] = 2;
  return made;
}
const pairs = (object) => Object.keys(object).filter((key) => key !== 'length').map((key) => `${key}:${object[key]}`).join(' ') + ' #' + object.length;
function show(name, run) {
  let result;
  try {
    result = run();
  } catch (error) {
    result = error.name;
  }
  console.log(name, String(typeof result === 'object' && result !== null ? pairs(result) : result).slice(0, 200));
}

for (const make of [() => array(2 ** 32 - 1), () => array(3e9), () => like(2 ** 53 - 1), () => like(2 ** 40)]) {
  const large = (name, run) => show(`${name} ${make().length}`, run);
  const apply = (name, ...args) => Array.prototype[name].apply(make(), args);
  for (const name of ['indexOf', 'lastIndexOf', 'includes']) for (const value of [1, 2, 3]) large(name, () => apply(name, value));
  large('includes a hole', () => apply('includes', undefined));
  large('indexOf from', () => apply('indexOf', 2, 1e6));
  large('lastIndexOf from', () => apply('lastIndexOf', 1, -4));
  large('slice', () => apply('slice', 2, 9));
  large('slice from the end', () => apply('slice', -20));
  for (const name of ['flat', 'flatMap', 'forEach', 'some', 'every', 'filter']) {
    large(name, () => {
      const seen = [];
      const result = apply(name, name === 'flat' ? 1 : (value, index) => { seen.push(value, index); return name === 'every'; });
      return `${seen} ${Array.isArray(result) ? pairs(result) : result}`;
    });
  }
  for (const name of ['reduce', 'reduceRight']) {
    large(name, () => apply(name, (before, value, index) => `${before} ${value}@${index}`));
    large(`${name} with a value`, () => apply(name, (before, value, index) => `${before} ${value}@${index}`, 'from'));
    large(`${name} of holes`, () => Array.prototype[name].call({ length: make().length }, () => {}));
  }
  for (const [name, ...args] of [['reverse'], ['shift'], ['unshift', 7], ['splice', 2, 1], ['splice', 2, 2, 8], ['splice', -9, 4],
    ['splice', 2, 0, 8], ['copyWithin', 0, 3], ['copyWithin', 4, 0], ['copyWithin', 1e6, 2, 9], ['sort'], ['sort', (a, b) => b - a], ['pop'],
    ['fill', 4, -5]]) {
    large(name, () => {
      const object = make();
      if (name === 'unshift' || (name === 'splice' && args[2] !== undefined)) object.length -= 2;
      const result = Array.prototype[name].apply(object, args);
      return pairs(object) + ' | ' + (typeof result === 'object' && result !== object ? pairs(result) : result === object);
    });
  }
}
show('map', () => array(2 ** 32 - 1).map((value) => value + 1));
show('concat', () => array(2e9).concat(array(2e9)));
show('concat of the like', () => [].concat(Object.assign(like(3e9), { [Symbol.isConcatSpreadable]: true })));
show('no room', () => Array.prototype.splice.call(like(2 ** 53 - 1), 2, 1, 3, 4));

// Random arrays, small enough to be walked. What is observed is written down.
let seed = 12345;
const random = (below) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0, (seed >>> 8) % below);
let log = [];
function randomArray() {
  const length = 20 + random(3000);
  const object = random(4) === 0 ? { length } : [];
  object.length = length;
  for (let i = random(12); i > 0; i--) object[random(3) ? random(length) : random(20)] = random(5);
  if (random(3) === 0) {
    const at = random(length);
    Object.defineProperty(object, at, {
      configurable: true, enumerable: true,
      get() { log.push(`get ${at}`); if (random(2)) object[random(length)] = 9; return 3; },
      set(value) { log.push(`set ${at} ${value}`); },
    });
  }
  if (random(6) === 0) {
    const between = Object.create(Object.getPrototypeOf(object));
    for (let i = random(3); i >= 0; i--) between[random(length)] = 4;
    Object.setPrototypeOf(object, between);
  }
  if (random(8) === 0) Object.setPrototypeOf(object, new Proxy(Object.getPrototypeOf(object), { has(target, key) { if (random(40) === 0) log.push(key); return Reflect.has(target, key); } }));
  if (random(12) === 0) Object.freeze(object);
  if (random(12) === 0) Object.seal(object);
  return object;
}
const change = (object, index) => {
  if (random(3) === 0) object[Math.min(index + random(300), object.length - 1)] = 6;
  if (random(4) === 0) delete object[Math.min(index + random(300), object.length - 1)];
  if (random(40) === 0) Array.isArray(object) && (object.length = random(object.length + 1));
  if (random(60) === 0) Object.setPrototypeOf(object, Object.assign(Object.create(Array.prototype), { 77: 7, 1500: 8 }));
};
const callback = (answer) => (value, index, object) => { log.push(`${index}:${value}`); if (log.length < 4000) change(object, index); return answer(value); };
const calls = {
  indexOf: () => [random(5)], lastIndexOf: () => [random(5)], includes: () => [random(5)], slice: () => [random(50), -random(50)], flat: () => [],
  flatMap: () => [callback((value) => [value, , value])], forEach: () => [callback(() => 0)], map: () => [callback((value) => value + 1)],
  filter: () => [callback((value) => value > 2)], some: () => [callback((value) => value > 8)], every: () => [callback((value) => value < 9)],
  reduce: () => [(before, value, index, object) => { log.push(index); change(object, index); return before + value; }],
  reduceRight: () => [(before, value, index, object) => { log.push(index); change(object, 0); return before + value; }],
  splice: () => [random(30), random(30), ...[1, 2, 3].slice(random(4))], shift: () => [], unshift: () => [1, 2].slice(random(3)), reverse: () => [],
  copyWithin: () => [random(100), random(100), random(3000)], fill: () => [1, random(2000), random(3000)], sort: () => random(2) ? [] : [(a, b) => a - b],
  join: () => [''], concat: () => [[1, , 2]],
};
let digest = 0;
for (const [name, args] of Object.entries(calls)) {
  for (let round = 0; round < 40; round++) {
    log = [];
    const object = randomArray();
    let result;
    try {
      result = Array.prototype[name].apply(object, args());
    } catch (error) {
      result = error.name;
    }
    log.push('=', typeof result === 'object' && result ? pairs(result) : result, pairs(object));
    const text = log.join();
    for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) | 0;
  }
  console.log(name, digest);
}
