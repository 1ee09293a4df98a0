// Map and Set with integer, string and object keys.
function run() {
  const counts = new Map();
  for (let i = 0; i < 20000; i++) {
    const key = (i * 7919) % 1024;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const names = new Map();
  for (let i = 0; i < 6000; i++) names.set(`key${i % 3000}`, i);
  const objects = Array.from({ length: 500 }, (_, id) => ({ id }));
  const seen = new Set();
  for (let i = 0; i < 10000; i++) {
    const object = objects[(i * 31) % 500];
    if (seen.has(object)) seen.delete(object);
    else seen.add(object);
  }
  let check = seen.size;
  for (const [key, count] of counts) check += key ^ count;
  for (const value of names.values()) check += value;
  counts.forEach((count) => { check += count; });
  return check;
}
