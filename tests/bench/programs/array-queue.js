// push, pop, shift, splice, indexed reads and writes: a breadth-first walk over a grid.
function walk(size) {
  const distance = [];
  for (let i = 0; i < size * size; i++) distance.push(-1);
  const queue = [0];
  distance[0] = 0;
  let head = 0;
  while (head < queue.length) {
    const at = queue[head++];
    const x = at % size;
    const y = (at / size) | 0;
    const neighbours = [x > 0 ? at - 1 : -1, x < size - 1 ? at + 1 : -1, y > 0 ? at - size : -1, y < size - 1 ? at + size : -1];
    for (let i = 0; i < 4; i++) {
      const next = neighbours[i];
      if (next < 0 || distance[next] !== -1 || (next * 7) % 11 === 3) continue;
      distance[next] = distance[at] + 1;
      queue.push(next);
    }
  }
  return distance[size * size - 1];
}

function run() {
  let check = walk(90);
  const stack = [];
  for (let i = 0; i < 30000; i++) {
    stack.push(i);
    if (i % 3 === 2) check += stack.pop();
  }
  const list = [1, 2, 3, 4, 5, 6, 7, 8];
  for (let i = 0; i < 5000; i++) {
    list.push(list.shift());
    list.splice(i % 8, 1, i);
  }
  return check + list[3];
}
