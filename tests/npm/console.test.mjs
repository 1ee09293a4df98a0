// What the guest prints reaches the host's console: as values where they cross, as text where they do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

async function printed(source) {
  const lines = [];
  const sandbox = await createSandbox({
    console: { log: (...values) => lines.push(values), error: (...values) => lines.push(['error', ...values]) },
  });
  sandbox.evalSync(source);
  sandbox.dispose();
  return lines;
}

test('values are values', async () => {
  assert.deepEqual(await printed('console.log(1, "two", [3], { four: 4 }); console.error(null)'), [
    [1, 'two', [3], { four: 4 }],
    ['error', null],
  ]);
});

test('what cannot cross is its text, and the values beside it are themselves', async () => {
  assert.deepEqual(await printed('console.log(Symbol("s"), 1, { a: 2 })'), [['Symbol(s)', 1, { a: 2 }]]);
  assert.deepEqual(await printed('console.log("of", [Symbol("inner")], 3)'), [['of', '[ Symbol(inner) ]', 3]]);
  const [[weak, number]] = await printed('console.log(new WeakMap(), 5)');
  assert.match(weak, /WeakMap/);
  assert.equal(number, 5);
});

test('a getter that throws stops nothing', async () => {
  const [[shown], after] = await printed('console.log({ get a() { throw new Error("no") } }); console.log("after")');
  assert.equal(typeof shown, 'string');
  assert.deepEqual(after, ['after']);
});

test("an error of the host's console is thrown to the guest", async () => {
  const sandbox = await createSandbox({
    console: {
      log: () => {
        throw new RangeError('full');
      },
    },
  });
  assert.equal(sandbox.evalSync('try { console.log(1) } catch (error) { error.message }'), 'full');
  sandbox.dispose();
});

test("methods that the host's console has not do nothing, and the others are there", async () => {
  const lines = await printed(
    'console.debug("unheard"); console.group("outer"); console.log("inner"); console.groupEnd(); console.count(); console.assert(false, "said")',
  );
  assert.deepEqual(lines, [['outer'], ['  inner'], ['default: 1'], ['error', 'Assertion failed: said']]);
});

test('a console that wants text gets what Node would print, made in the sandbox', async () => {
  const lines = [];
  const sandbox = await createSandbox({
    console: { log: (...values) => lines.push(values), text: true },
    globals: { inner: { text: true } },
  });
  sandbox.evalSync(`
    class Point { constructor() { this.x = 1; } get [Symbol.toStringTag]() { return 'P'; } }
    console.log('%s is', 'it', new Point(), { get a() { throw 1; } }, Promise.resolve(Symbol('s')), new WeakMap());
    console.group('outer');
    console.log('first\\nsecond', { long: 'x'.repeat(50), other: 'y'.repeat(30) });
    console.groupEnd();
    console.log('%d%%', 5);
    console.log();
    console.warn('no such method');
    1`);
  sandbox.dispose();
  assert.deepEqual(lines, [
    ['it is Point [P] { x: 1 } { a: [Getter] } Promise { Symbol(s) } WeakMap { <items unknown> }'],
    ['outer'],
    [`  first\n  second {\n    long: '${'x'.repeat(50)}',\n    other: '${'y'.repeat(30)}'\n  }`],
    ['5%'],
    [''],
  ]);
});
