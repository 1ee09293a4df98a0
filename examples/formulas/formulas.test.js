import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sheet } from './sheet.js';

async function sheetOf(context, cells) {
  // Longer than a busy machine may be away.
  const sheet = await Sheet.open({ timeLimit: 1000 });
  context.after(() => sheet.dispose());
  for (const [name, text] of Object.entries(cells)) sheet.set(name, text);
  return sheet;
}

async function valuesOf(context, cells) {
  const sheet = await sheetOf(context, cells);
  return Object.fromEntries(Object.keys(cells).map((name) => [name, sheet.value(name)]));
}

test('formulas refer to cells and ranges, wherever they were set first', async (context) => {
  const cells = { C1: '=SUM(A1:B2)', A1: '1', A2: '2', B1: '3', B2: '=A2 * 2', D1: '=C1 + ", not A1"', E1: '=AB12' };
  const values = { C1: 10, A1: 1, A2: 2, B1: 3, B2: 4, D1: '10, not A1', E1: '' };
  assert.deepEqual(await valuesOf(context, cells), values);
});

test('a change reaches all cells that depend on it, and no other', async (context) => {
  const sheet = await sheetOf(context, { A1: '1', B1: '=A1 + 1', C1: '=B1 + A1', D1: '=5' });
  assert.deepEqual(sheet.set('A1', '10').sort(), ['A1', 'B1', 'C1']);
  assert.equal(sheet.value('C1'), 21);
});

test('what is wrong shows in its cell and in those that use it', async (context) => {
  const cells = {
    A1: '=(() => { for (;;); })()',
    A2: '=nowhere.x',
    A3: '=1 +',
    A4: '=A5',
    A5: '=A4',
    A6: '=new Uint8Array(1e9).length',
    A7: '=1 / 0',
    A8: '={}',
    A9: '=({ toString() { return "x"; } })',
    B1: '=A2',
    B2: '=2',
  };
  const values = {
    A1: '#TIME!',
    A2: '#ERROR!',
    A3: '#SYNTAX!',
    A4: '#CIRCLE!',
    A5: '#CIRCLE!',
    A6: '#ERROR!',
    A7: '#NUMBER!',
    A8: '#VALUE!',
    A9: '#VALUE!',
    B1: '#ERROR!',
    B2: 2,
  };
  assert.deepEqual(await valuesOf(context, cells), values);
});

test('a circle that is opened again has values', async (context) => {
  const sheet = await sheetOf(context, { A1: '=A2', A2: '=A1' });
  sheet.set('A2', '7');
  assert.equal(sheet.value('A1'), 7);
});

test('a formula cannot change what others use', async (context) => {
  const cells = {
    A1: '=(Array.prototype.map = null, 1)',
    A2: '=(globalThis.SUM = () => 0, 1)',
    A3: '=[1, 2].map((n) => n).length + SUM(1)',
    A4: '=typeof process + typeof require + typeof fetch',
  };
  const values = { A1: '#ERROR!', A2: '#ERROR!', A3: 3, A4: 'undefinedundefinedundefined' };
  assert.deepEqual(await valuesOf(context, cells), values);
});
