const value = { list: Array.from({ length: 200 }, (_, index) => ({ id: index, name: `item ${index}`, tags: ['a', 'b'], at: new Date(index) })), map: new Map([[1, new Set([2])]]), bytes: new Uint8Array(1000) };
function run() {
  let sum = 0;
  for (let i = 0; i < 40; i++) sum += structuredClone(value).list.length;
  return sum;
}
