// Sites of every kind are warm while the layouts of prototypes and of the global object change: more often than the
// counters of checked builds go round (engine/base/counters.h).
const TURNS = 450;

class Base { plain() { return 1; } get read() { return 2; } static who() { return 'Base'; } }
class Middle extends Base {}
class Leaf extends Middle { constructor(x) { super(); this.x = x; } }
function Old(x) { this.x = x; }
Old.prototype.twice = function () { return this.x * 2; };
var declared = 3;
let lexical = 4;
globalThis.assigned = 5;

const shapes = [];
for (let i = 0; i < 40; i++) shapes.push({ ['own' + i]: i, common: i, __proto__: Leaf.prototype });

function churn(i) {
  const name = 'p' + i % 9;
  if (i % 3 === 0) Base.prototype[name] = i;
  else if (i % 3 === 1) Object.defineProperty(Middle.prototype, name, { value: i, configurable: true, enumerable: i % 2 === 0, writable: true });
  else delete Base.prototype[name];
  Object.setPrototypeOf(Middle.prototype, i % 17 === 16 ? { __proto__: Base.prototype, via: i } : Base.prototype);
}

const leaf = new Leaf(7);
const log = [];
function look(i) {
  let sum = leaf.plain() + leaf.read + leaf.x + declared + lexical + assigned;
  declared = declared + 1 & 1023;
  lexical = lexical ^ i & 255;
  assigned = sum & 511;
  sum += new Old(i).twice() + new Leaf(i).x;
  sum += shapes[i % 40].common + shapes[i % 40].plain() + (shapes[(i + 7) % 40].absent === undefined ? 1 : 0);
  sum += 'text'.length + 'text'.charCodeAt(i % 4) + [3, 4, 5].map((x) => x + i)[1];
  sum += leaf.p0 === undefined ? 0 : leaf.p0;
  sum += leaf.via === undefined ? 0 : leaf.via;
  for (const x of [1, 2, 3]) sum += x;
  const { common, ...others } = shapes[i % 40];
  return sum + common + Object.keys(others).length + Leaf.who().length;
}
let total = 0;
for (let i = 0; i < TURNS; i++) {
  total = total * 31 + look(i) | 0;
  churn(i);
  // What was cached as the method, the getter, the absent one becomes another.
  if (i % 100 === 99) Middle.prototype.plain = function () { return i; };
  if (i % 100 === 49) delete Middle.prototype.plain;
  if (i % 150 === 75) Object.defineProperty(Base.prototype, 'read', { get() { return i; }, configurable: true });
  if (i % 60 === 30) Base.prototype.absent = i;
  if (i % 60 === 59) delete Base.prototype.absent;
  if (i % 90 === 89) log.push(total);
}
console.log(total, log.join());

// A site that rests while the layout changes n times, whatever number of changes makes a round of the counters.
const clock = Object.setPrototypeOf({}, { __proto__: null, tick: 0 });
const dial = Object.getPrototypeOf(clock);
function pass(changes) {
  for (let i = 0; i < changes; i++) {
    if (i & 1) delete dial.tock;
    else dial.tock = clock.tick;
  }
  delete dial.tock;
}
const parent = {}, child = Object.create(parent);
const sites = {
  method: [() => child.act(), () => { parent.act = () => 'old'; }, () => { delete parent.act; parent.other = 1; parent.act = () => 'new'; delete parent.other; }],
  slot: [() => child.slot, () => { parent.before = 1; parent.slot = 'old'; }, () => { delete parent.before; delete parent.slot; parent.hole = 3; parent.slot = 'new'; delete parent.hole; }],
  getter: [() => child.got, () => Object.defineProperty(parent, 'got', { get: () => 'old', configurable: true }), () => Object.defineProperty(parent, 'got', { value: 'new', configurable: true })],
  absent: [() => child.missing, () => { delete parent.missing; }, () => { parent.missing = 'new'; }],
  gone: [() => child.there, () => { parent.there = 'old'; }, () => { delete parent.there; }],
  added: [() => { const o = { __proto__: parent }; o.set = 1; return Object.keys(o).length; }, () => { delete parent.set; }, () => Object.defineProperty(parent, 'set', { set() {}, configurable: true })],
  global: [() => { try { return wandering; } catch (error) { return error.name; } }, () => { globalThis.wandering = 'old'; }, () => { delete globalThis.wandering; }],
  assigned: [() => { wandering = 'set'; return globalThis.wandering; }, () => { globalThis.wandering = 'old'; }, () => Object.defineProperty(globalThis, 'wandering', { value: 'fixed', configurable: true, writable: false })],
  exec: [() => /x/.test('x'), () => { delete RegExp.prototype.exec; RegExp.prototype.exec = builtinExec; }, () => { RegExp.prototype.exec = () => null; }],
  json: [() => JSON.stringify([{ a: 1 }]), () => { delete Object.prototype.toJSON; }, () => { Object.prototype.toJSON = () => 'new'; }],
};
const builtinExec = RegExp.prototype.exec;
for (const [name, [site, before, change]] of Object.entries(sites)) {
  const results = new Set();
  for (let changes = 0; changes < 140; changes++) {
    before();
    const old = site();
    change();
    pass(changes);
    results.add(`${old} ${site()}`);
  }
  before();
  console.log(name, [...results].join(';'));
}
// The same within one operation.
const inside = new Set();
for (let changes = 0; changes < 140; changes++) {
  const trigger = { get now() { Object.prototype.toJSON = function () { return 'late'; }; pass(changes); return 0; } };
  inside.add(JSON.stringify([{ a: 1 }, trigger, { a: 1 }]));
  delete Object.prototype.toJSON;
}
console.log([...inside].join(';'));

// A binding of a script that shadows a global, and one that goes, while sites know the global.
globalThis.shadowed = 'global';
const readShadowed = () => shadowed;
const typeOfGoing = () => typeof going;
globalThis.going = 1;
const seen = [];
for (let i = 0; i < 260; i++) {
  seen.push(readShadowed() + typeOfGoing());
  globalThis['new' + i] = i;
  if (i === 130) (0, eval)('var later = 1');
  if (i === 200) delete globalThis.going;
  if (i === 220) Object.defineProperty(globalThis, 'shadowed', { get: () => 'getter', configurable: true });
  if (i === 240) Object.defineProperty(globalThis, 'shadowed', { value: 'fixed', writable: false, configurable: true });
}
console.log(seen.map((word) => word[0] + word[word.length - 1]).join(''));

// Proofs that are kept over guest code within one operation.
let depth = 0;
const changing = { toJSON: undefined, get a() { Base.prototype['q' + depth++ % 5] = depth; delete Base.prototype['q' + (depth + 2) % 5]; return depth; } };
const texts = [];
for (let i = 0; i < 120; i++) {
  if (i === 60) Object.prototype.toJSON = function () { return Array.isArray(this) ? this : { shown: Object.keys(this).length }; };
  texts.push(JSON.stringify([changing, { b: 1 }, new Old(i), changing]).length);
  if (i === 90) delete Object.prototype.toJSON;
}
console.log(texts.join());

const replaced = [];
for (let i = 0; i < 120; i++) {
  RegExp.prototype['r' + i % 3] = i;
  if (i === 70) RegExp.prototype.exec = ((exec) => function (text) { const found = exec.call(this, text); return found && Object.assign(found, { 0: '<' + found[0] + '>' }); })(RegExp.prototype.exec);
  replaced.push('a1b22'.replace(/\d+/g, (digits) => { delete RegExp.prototype['r' + i % 3]; return digits.length; }), /b/.test('abc'), 'x,y'.split(/,/).length);
}
console.log(replaced.join(''));
