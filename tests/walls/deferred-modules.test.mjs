// Modules whose evaluation was deferred (`import defer`): their bodies can wait and be paused like any other code, and
// in the meantime others import them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocking, createSandbox } from 'caisson';

const at = (names) => `log("${names}");`;
const graphs = {
  'one module': {
    main: 'import defer * as a from "a"; log("main"); log(a.x); log(a.x);',
    a: `${at('a')} export const x = load("x");`,
  },
  'its dependencies': {
    main: 'import defer * as a from "a"; log(Object.keys(a).join());',
    a: `import "b"; import { y } from "c"; ${at('a')} export let x = load(y);`,
    b: `import "d"; ${at('b')} load(1);`,
    c: `import "d"; ${at('c')} export const y = load("y");`,
    d: `${at('d')} load(2);`,
  },
  'in conversions and sorting': {
    main: `import defer * as a from "a"; import defer * as b from "b";
      log([1, 2].sort(() => a.x - 2).join() + Reflect.get(b, "y") + { toString() { return a.x; } });`,
    a: `${at('a')} export let x = load(1);`,
    b: `${at('b')} export let y = load(2);`,
  },
  'a module that the evaluation has not come to': {
    main: 'import defer * as a from "a"; log(a.x);',
    a: `import "b"; import "c"; import defer * as c from "c"; ${at('a')} export let x = 1;`,
    b: `import defer * as c from "c"; ${at('b')} load(c.z);`,
    c: `${at('c')} export let z = load(3);`,
  },
  'one that is still being evaluated': {
    main: 'import defer * as a from "a"; log(a.x);',
    a: `import "b"; ${at('a')} export let x = 1;`,
    b: `import defer * as a from "a"; load(1); try { a.x } catch (e) { log(e.name); }`,
  },
  'one that throws': {
    main: `import defer * as a from "a"; import defer * as c from "c";
      for (let i = 0; i < 2; i++) try { a.x } catch (e) { log(e.message); }
      log(c.z);`,
    a: `import "b"; import "c"; ${at('a')} export let x = 1;`,
    b: `${at('b')} load(1); throw new Error("no");`,
    c: `${at('c')} export let z = load(3);`,
  },
  'a cycle': {
    main: 'import defer * as a from "a"; log(a.x());',
    a: `import { y } from "b"; ${at('a')} load(1); export function x() { return y; }`,
    b: `import "a"; ${at('b')} export let y = load(2);`,
  },
};

async function eventsOf(modules, options, load) {
  const events = [];
  const sandbox = await createSandbox({ ...options, modules, globals: { log: (e) => void events.push(e), load } });
  await sandbox.import('main').then(
    () => events.push('ends'),
    (error) => events.push(error.message),
  );
  sandbox.dispose();
  return events;
}

for (const [name, modules] of Object.entries(graphs))
  test(`a deferred module may wait and be paused: ${name}`, async () => {
    const expected = await eventsOf(modules, {}, (x) => x);
    assert.equal(expected.at(-1), 'ends', expected.join());
    assert.ok(expected.length >= 3);
    let waits = 0;
    const load = blocking(async (x) => {
      waits++;
      return x;
    });
    assert.deepEqual(await eventsOf(modules, {}, load), expected);
    assert.ok(waits > 0);
    assert.deepEqual(await eventsOf(modules, { timeSlice: 0.01 }, load), expected);
  });

const waiting = {
  main: 'import defer * as a from "a"; log(a.x);',
  a: 'import "b"; log("a"); export let x = 5;',
  b: 'log("b"); load(); log("b2"); export let y = 6;',
  other: 'import { x } from "a"; log("other" + x);',
};
for (const fails of [false, true])
  test(`who imports a module that a deferred evaluation waits in ${fails ? 'fails' : 'ends'} with it`, async (t) => {
    const events = [];
    let answer;
    const sandbox = await createSandbox({
      modules: waiting,
      globals: {
        log: (e) => void events.push(e),
        load: blocking(() => new Promise((resolve, reject) => (answer = { resolve, reject }))),
      },
    });
    t.after(() => sandbox.dispose());
    const first = sandbox.import('main');
    for (let i = 0; answer === undefined && i < 1000; i++) await new Promise((resolve) => setTimeout(resolve, 1));
    const others = ['other', 'b', 'a'].map((name) => sandbox.import(name));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(events, ['b']);
    if (fails) {
      answer.reject(new Error('no'));
      for (const each of [first, ...others]) await assert.rejects(each, { message: 'no' });
      assert.deepEqual(events, ['b']);
    } else {
      answer.resolve(1);
      const [, , b, a] = await Promise.all([first, ...others]);
      assert.deepEqual([b.y, a.x], [6, 5]);
      assert.deepEqual(events, ['b', 'b2', 'a', 5, 'other5']);
    }
    assert.equal(sandbox.evalSync('1 + 1'), 2);
  });

test('deferred modules nest until stackLimit', async () => {
  const depth = 1000;
  const modules = { main: 'import defer * as a from "m0"; export const y = a.x;' };
  for (let i = 0; i < depth; i++)
    modules[`m${i}`] = `import defer * as next from "m${i + 1}"; export const x = next.x + 1;`;
  modules[`m${depth}`] = 'export const x = 0;';
  const sandbox = await createSandbox({ modules, timeLimit: 60_000 });
  assert.equal((await sandbox.import('main')).y, depth);
  sandbox.dispose();
});
