// Allocation of many small objects with short and long lives.
function build(depth) {
  return depth === 0 ? { left: null, right: null } : { left: build(depth - 1), right: build(depth - 1) };
}

function count(node) {
  return node.left === null ? 1 : 1 + count(node.left) + count(node.right);
}

function run() {
  const longLived = build(12);
  let check = 0;
  for (let depth = 4; depth <= 10; depth += 2) {
    for (let i = 0; i < 1 << (12 - depth); i++) check += count(build(depth));
  }
  return check + count(longLived);
}
