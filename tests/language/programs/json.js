// JSON in both directions, revivers, replacers and the order of what they see.
const attempt = (run) => {
  try {
    console.log(`${run()}`);
  } catch (error) {
    console.log('throws ' + error.name);
  }
};
const write = JSON.stringify;
const read = JSON.parse;

for (const text of ['1', '-0', '01', '1.', '.5', '1e5', '1e', '-', '1E-5', '12345678901234567890', '123456789', '1234567890', '"a"', '"a', '"\\u0041\\n\\/"',
  '"\\u00"', '"\\x"', '"\n"', 'true', 'tru', 'truex', 'null', '[]', '[1,]', '[,1]', '[1 2]', '{}', '{"a":1,}', '{a:1}', '{"a" 1}', "{'a':1}", '', ' 1 ', '1 1', '\u00a01',
  '"\\ud83d\\ude00"', '"\u20ac"', '[1,[2,[3,{"a":[]}]]]', '{"__proto__":1}', '{"a":1,"a":2}', '{"1":1,"0":2,"b":3,"a":4}', '{"":1}', '\t[ 1\n,\r2 ] ', '{"a":1}}', 'NaN']) {
  attempt(() => write(read(text)));
}
const values = [undefined, null, -0, NaN, 'a"b\\c\n\u0001\u2028\ud800x\udc00\ud83d\ude00', Symbol('x'), () => 1, [undefined, () => 1], { a: undefined, d: 1 }, [1, [2, [3]]],
  { a: { b: { c: [] } } }, new Number(3), new Boolean(false), new Date(0), { toJSON(key) { return 'k' + key; } }, { a: { toJSON(key) { return 'k' + key; } } }, [, 1],
  { 2: 1, 1: 2, b: 1, a: 2 }, Object.create({ x: 1 }), { get a() { return 7; } }, new Proxy([1, 2], {}), new Proxy({ a: 1 }, {}), 1n, {}, '', '\u00e9\u20ac'];
for (const value of values) for (const space of [undefined, 2, '--', 20]) attempt(() => write(value, null, space));

attempt(() => write({ a: 1, b: [1, { a: 3, c: 4 }], c: 5, 1: 6 }, ['c', 'b', 1, 'c', new Number(7), {}, null]));
attempt(() => write({ a: 1, b: [1, 2] }, function (key, value) {
  console.log('replacer', key, Array.isArray(this));
  return typeof value === 'number' ? value + 1 : value;
}));
attempt(() => write([1, 2], (key, value) => (key === '0' ? undefined : value)));
const circular = { list: [] };
circular.list.push({ circular });
attempt(() => write(circular));
attempt(() => write(read('[1,2,{"a":[3,{"b":4}]}]', function (key, value) {
  console.log('reviver', key, Array.isArray(this));
  return value;
})));
attempt(() => write(read('{"a":1,"b":2,"c":{"d":3}}', (key, value) => (key === 'b' || key === 'd' ? undefined : value))));
attempt(() => write(read('{"a":1,"b":2}', function (key, value) {
  if (key === 'a') this.b = { z: 1 };
  return value;
})));
const changing = { a: 1, get b() { delete this.c; this.z = 9; return 2; }, c: 3, d: 4 };
attempt(() => write(changing));
attempt(() => write(changing));

const many = {};
for (let i = 0; i < 200; i++) many[i % 3 ? 'k' + i : i] = { i, list: [i, null] };
attempt(() => write(read(write(many))) === write(many));
const rows = [];
for (let i = 0; i < 40; i++) rows.push(i % 5 ? { id: i, name: 'n' + i, half: i / 2 } : { id: i, other: [true, 'x'] });
attempt(() => write(read(write(rows))) === write(rows));
let deep = [];
for (let i = 0; i < 500; i++) deep = i % 2 ? [deep] : { deep };
attempt(() => write(read(write(deep))).length);

Object.prototype.toJSON = function () { return 'inherited'; };
attempt(() => write([{}, []]));
delete Object.prototype.toJSON;
attempt(() => write([{}, { get late() { Object.prototype.toJSON = () => 'late'; return {}; } }, {}]));
delete Object.prototype.toJSON;
