// Patterns, defaults, rest and spread of arrays and objects, arguments forwarding.
function area({ width, height = 2, ...rest }) { return width * height + Object.keys(rest).length; }
function sum(first = 0, ...others) { return others.reduce((total, n) => total + n, first); }

function run() {
  let check = 0;
  for (let i = 0; i < 6000; i++) {
    const [a, , b = 4, ...tail] = [i, 1, undefined, 7, 8, 9];
    check += a + b + tail.length;
    const merged = { width: i & 7, ...{ colour: 'red', depth: 3 }, height: 3 };
    check += area(merged);
    check += sum(...tail, ...[1, 2, 3], i & 3);
    const { colour: { length }, missing = length } = merged;
    check += missing;
    [check, merged.width] = [check + merged.width, check];
  }
  return check;
}
