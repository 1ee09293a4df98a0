// Property sites that see four shapes in turn.
function circle(r) { return { kind: 'circle', r, area: 3 * r * r }; }
function square(side) { return { area: side * side, kind: 'square', side }; }
function rectangle(w, h) { return { w, h, area: w * h, kind: 'rectangle' }; }
function point(x) { return { x, area: 0, kind: 'point', y: x, z: x }; }

function run() {
  const shapes = [];
  for (let i = 0; i < 1000; i++) shapes.push(circle(i), square(i), rectangle(i, 2), point(i));
  let total = 0;
  let points = 0;
  for (let round = 0; round < 25; round++) {
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i];
      total = (total + shape.area) % 1000003;
      if (shape.kind === 'point') points++;
    }
  }
  return total + points;
}
