// Reads and writes of named properties of one object in a loop.
function run() {
  const point = { x: 1, y: 2, z: 3, sum: 0 };
  for (let i = 0; i < 200000; i++) {
    point.sum = (point.sum + point.x * point.y + point.z) % 1000003;
    point.x = i & 7;
    point.y = point.x + 1;
  }
  return point.sum;
}
