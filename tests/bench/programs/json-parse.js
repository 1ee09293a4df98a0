// JSON.parse of a nested document of about 100 KB.
const text = JSON.stringify(Array.from({ length: 600 }, (_, id) => ({
  id, name: `Item number ${id}`, price: id * 1.25, active: id % 3 === 0, tags: ['red', 'green', `t${id % 11}`],
  nested: { created: '2026-01-15T10:00:00Z', size: { width: id % 100, height: 7.5 }, note: null, text: 'line\nbreak "quoted" \u00e9' },
})));

function run() {
  let check = 0;
  for (let i = 0; i < 4; i++) {
    const items = JSON.parse(text);
    check += items.length + items[i].nested.size.width + items[599 - i].tags.length;
  }
  return check;
}
