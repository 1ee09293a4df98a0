import { Sheet } from './sheet.js';

const sheet = await Sheet.open();
const cells = {
  A1: '120',
  A2: '80',
  A3: '=ROUND(AVERAGE(A1:A2) * 1.19, 2)',
  B1: '=A3 > 100 ? "much" : "little"',
  B2: '=[A1, A2].map((price) => price / 2).join(" and ")',
  B3: '=(() => { for (;;); })()',
  B4: '=B4 + 1',
};
for (const [name, text] of Object.entries(cells)) sheet.set(name, text);
for (const name of Object.keys(cells)) console.log(`${name}  ${sheet.text(name)}  ->  ${sheet.value(name)}`);
console.log('A2 becomes 20; changed:', sheet.set('A2', '20').join(', '));
sheet.dispose();
