// Recursion without end is an error that the guest can catch, whatever way it takes, and never a trap of the host: in
// Node under its default stack and in Chromium, in code that the host has not optimised yet and in code that it has.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { createSandbox } from 'caisson';
import { visitModule } from '../tools/chromium.mjs';
import { asyncRecursions, nestings, recursions } from './recursions.mjs';
import { checkAll, checkNested } from './recursion-checks.mjs';

const here = dirname(fileURLToPath(import.meta.url));

test('every way of recursing ends in a RangeError that the guest catches', async (t) => {
  const results = await checkAll(createSandbox);
  for (const [name, problem] of Object.entries(results)) await t.test(name, () => assert.equal(problem, ''));
  assert.equal(
    Object.keys(results).length,
    Object.keys(recursions).length + Object.keys(nestings).length + Object.keys(asyncRecursions).length,
  );
});

test('what is nested deeply is made into text, and conversions go as deep as calls', async () => {
  const sandbox = await createSandbox();
  assert.equal(sandbox.evalSync('let a = [7]; for (let n = 0; n < 100000; n++) a = [a]; String(a)'), '7');
  assert.equal(sandbox.evalSync('a.flat(Infinity).length'), 1);
  assert.equal(sandbox.evalSync('let c = structuredClone(a); for (var n = 0; c[0] !== 7; n++) c = c[0]; n'), 100000);
  // What makes an object that asks the next one, how the outermost is asked, and the answer.
  const chains = [
    ['{ toString: () => (n ? `${make(n - 1)}` : "end") }', '`${v}`', 'end'],
    ['{ valueOf: () => (n ? +make(n - 1) : 5) }', '+v', '5'],
    ['{ [Symbol.toPrimitive]: () => (n ? make(n - 1) + 1 : 0) }', '+v', '5000'],
    ['{ get x() { return n ? Reflect.get(make(n - 1), "x") : 1 } }', 'v.x', '1'],
    ['new Proxy({}, { get: (_, key) => (n ? make(n - 1)[key] : 1) })', 'v.x', '1'],
    ['{ toJSON: () => (n ? JSON.parse(JSON.stringify(make(n - 1))) : 1) }', 'JSON.stringify(v)', '1'],
    ['{ [Symbol.hasInstance]: () => (n ? 1 instanceof make(n - 1) : true) }', '1 instanceof v', 'true'],
  ];
  for (const [source, use, answer] of chains)
    assert.equal(sandbox.evalSync(`{ const make = (n) => (${source}); const v = make(5000); String(${use}) }`), answer);
  sandbox.dispose();
});

test("a million calls deep fails by the guest's stack limit, not by the host's stack", async () => {
  const sandbox = await createSandbox({
    stackLimit: 512 * 1024 * 1024,
    memoryLimit: 900 * 1024 * 1024,
    timeLimit: Infinity,
  });
  const source =
    'let depth = 0; function f() { depth++; f(); } try { f(); } catch (error) { [error instanceof RangeError, depth] }';
  const [isRangeError, depth] = sandbox.evalSync(source);
  assert.ok(isRangeError);
  assert.ok(depth > 1e6, `reached ${depth}`);
  const small = await createSandbox({ stackLimit: 256 * 1024 });
  const [, less] = small.evalSync(source);
  assert.ok(less > 1000 && less < 20000, `with 256 KiB: ${less}`);
  sandbox.dispose();
  small.dispose();
});

test('callbacks of array built-ins, iterator helpers and getters nest as deep as plain calls', async () => {
  const sandbox = await createSandbox({
    stackLimit: 64 * 1024 * 1024,
    memoryLimit: 500 * 1024 * 1024,
    timeLimit: Infinity,
  });
  for (const [name, step] of Object.entries({
    map: '[n].map(f)',
    forEach: '[n].forEach(f)',
    sort: '[2, 1].sort(() => { f(n); return 0; })',
    iterator: '[n].values().forEach(f)',
    getter: '({ get x() { return f(n); } }).x',
    generator: '[...(function* () { yield f(n); })()]',
  })) {
    const depth = sandbox.evalSync(`{ let left = 20000; function f(n) { if (left-- > 0) ${step}; } f(1); left }`);
    assert.equal(depth, -1, name);
  }
  sandbox.dispose();
});

test('the host and the guest calling each other is bounded too', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  let depth = 0;
  sandbox.setGlobal('hostCall', (fn) => {
    depth++;
    return fn();
  });
  const error = sandbox.evalSync('function f() { return hostCall(f); } try { f(); } catch (error) { error }');
  assert.ok(error instanceof RangeError, String(error));
  assert.ok(depth > 20, `depth ${depth}`);
  assert.equal(sandbox.evalSync('1 + 1'), 2);
  sandbox.dispose();
});

test('sandboxes that lie in one another as deep as they may leave room for every native level', async () => {
  assert.deepEqual(await checkNested(createSandbox), { problems: {}, deepest: 60 });
});

test('so they do in a worker whose stack has one megabyte', async () => {
  const program = `import { parentPort } from 'node:worker_threads';
    import { createSandbox } from 'caisson';
    import { checkNested } from ${JSON.stringify(new URL('recursion-checks.mjs', import.meta.url).href)};
    parentPort.postMessage(await checkNested(createSandbox));`;
  const worker = new Worker(
    new URL(
      `data:text/javascript,${encodeURIComponent(program.replace("'caisson'", JSON.stringify(import.meta.resolve('caisson'))))}`,
    ),
    { resourceLimits: { stackSizeMb: 1 } },
  );
  const [outcome] = await once(worker, 'message');
  await worker.terminate();
  assert.deepEqual(outcome, { problems: {}, deepest: 60 });
});

let site;

before(async () => {
  site = await visitModule(
    `import { createSandbox } from 'caisson';
    import { checkAll, checkNested } from './recursion-checks.mjs';
    const create = (options) => createSandbox({ wasm: '/caisson.wasm', ...options });
    globalThis.checked = checkNested(create).then(async ({ problems, deepest }) => ({
      ...problems, 'entries in one another': deepest >= 20 ? '' : deepest, ...await checkAll(create, 1) }));`,
    here,
  );
});

after(() => site?.close());

test('the same in Chromium', { timeout: 300000 }, async () => {
  const page = await site.open();
  const results = await page.evaluate(() => globalThis.checked);
  assert.deepEqual(
    Object.entries(results).filter(([, problem]) => problem !== ''),
    [],
  );
});
