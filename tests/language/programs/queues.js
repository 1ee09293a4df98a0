// Arrays that lose and gain elements at the front keep every element, whatever else is done to them in between.
let seed = 99;
const random = (below) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0, (seed >>> 8) % below);
let next = 0;
const some = (count) => Array.from({ length: count }, () => random(3) ? next++ : { n: next++ });
const operations = [
  (a) => a.shift(), (a) => a.shift(), (a) => a.shift(), (a) => { for (let i = random(30); i > 0; i--) a.shift(); },
  (a) => a.push(...some(random(5))), (a) => a.push(...some(random(5))), (a) => a.unshift(...some(random(3))), (a) => a.unshift(...some(random(40))),
  (a) => a.pop(), (a) => a.splice(random(4), random(4), ...some(random(4))), (a) => a.splice(random(a.length + 1), random(9), ...some(random(9))),
  (a) => { a[a.length] = next++; }, (a) => a.splice(0, random(20)), (a) => a.reverse(), (a) => a.slice(3), (a) => a.concat(a),
  (a) => { if (random(20) === 0) a.length = random(a.length + 1); }, (a) => { if (random(20) === 0) a.length += 3; }, (a) => { if (random(30) === 0) a.length = 0; },
  (a) => { a[random(a.length + 1)] = next++; }, (a) => { if (random(30) === 0) delete a[random(a.length)]; }, (a) => a.copyWithin(1, 3, 9),
  (a) => { if (random(50) === 0) a[a.length + 5000] = 1, a.length -= 5000; }, (a) => { if (random(60) === 0) Object.freeze(a); },
  (a) => { for (const value of a) if (random(90) === 0) a.shift(); }, (a) => a.forEach((value) => { if (random(90) === 0) a.unshift(1); }), (a) => a.fill(next++, random(9), random(9)),
];
let digest = 0;
const mix = (text) => { for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) | 0; };
for (let round = 0; round < 24; round++) {
  let array = some(random(200));
  let steps = '';
  for (let step = 0; step < 120; step++) {
    let result;
    try {
      result = operations[random(operations.length)](array);
    } catch (error) {
      result = error.name;
      array = some(random(200));
    }
    mix(JSON.stringify(result) + JSON.stringify(array));
  }
  console.log(round, array.length, digest);
}

// A queue, a stack at the front and one at both ends, long enough to show a square.
const queue = [];
for (let i = 0; i < 30000; i++) queue.push(i);
let sum = 0;
while (queue.length > 0) sum += queue.shift();
for (let i = 0; i < 30000; i++) queue.unshift(i), queue.push(-i);
console.log(sum, queue.length, queue[0], queue[59999]);
for (let i = 0; i < 29000; i++) queue.splice(0, 1), queue.splice(1, 1);
console.log(queue.length, queue[0], queue.at(-1), queue.indexOf(-29999));
// Empty for a while, at any size.
for (let size = 0; size < 80; size++) {
  const again = [];
  for (let times = 0; times < 3; times++) {
    for (let i = 0; i < size; i++) again.push(i);
    for (let i = 0; i < size; i++) if (again.shift() !== i) console.log('wrong', size, i);
  }
  if (again.length || 0 in again) console.log('not empty', size);
}

// A window that moves over an array made with its length, and arrays whose last elements are missing.
for (const size of [5, 1500, 3000]) {
  const window = new Array(size);
  for (let i = 0; i < size * 2; i++) window.shift(), window.push(i);
  console.log(window.length, window[0], window.at(-1));
}
const gaps = [];
for (let i = 0; i < 9000; i++) gaps.push(i);
gaps.length += 2;
for (let i = 0; i < 3000; i++) sum += gaps.shift() + gaps.splice(0, 1)[0] + gaps.splice(1, 1, i)[0], gaps.unshift(i), gaps.splice(2, 1);
console.log(sum, gaps.length, gaps[0], gaps[2], gaps.indexOf(8999), gaps.length - 1 in gaps);
console.log(JSON.stringify([gaps.splice(gaps.length - 4, 3, 'a'), gaps.slice(-4), Object.keys(gaps).length]));
// A stack far beyond its elements.
const stack = [];
stack[1e9] = 'base';
for (let i = 0; i < 2000; i++) stack.push(i);
for (let i = 0; i < 2000; i++) sum += stack.pop();
stack.length = 1e9 - 1;
console.log(sum, stack.length, Object.keys(stack).length);
for (let i = 1; i <= 4000; i++) stack[i * 1000] = i;
Object.defineProperty(stack, 3_000_000, { configurable: false });
for (let i = 4000; i > 0; i--) stack.length = i * 1000;
console.log(stack.length, Object.keys(stack).length);
