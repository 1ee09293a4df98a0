// caisson/storage: a Storage as pages have it, over a Map, a Storage of the host, or its functions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { grantStorage } from 'caisson/storage';
import { functionsGiven } from '../tools/grants.mjs';

async function start(t, options, before = '') {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  sandbox.evalSync(before, { result: false });
  await grantStorage(sandbox, options);
  return sandbox;
}

/** A Storage of a host that is no page. */
class PageStorage {
  items = new Map();
  get length() {
    return this.items.size;
  }
  key(index) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key) {
    return this.items.get(String(key)) ?? null;
  }
  setItem(key, value) {
    this.items.set(String(key), String(value));
  }
  removeItem(key) {
    this.items.delete(String(key));
  }
}

test('a guest has no storage unless it is granted, under the name that the host chooses', async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  assert.equal(sandbox.evalSync(`'localStorage' in globalThis || 'Storage' in globalThis`), false);
  await grantStorage(sandbox, { name: 'settings' });
  assert.deepEqual(sandbox.evalSync(`['localStorage' in globalThis, String(settings), settings instanceof Storage]`), [
    false,
    '[object Storage]',
    true,
  ]);
  for (const wrong of [
    { name: '' },
    { name: 5 },
    { name: 'Storage' },
    { in: {} },
    { in: [] },
    { in: null },
    { in: new PageStorage() },
    { in: new PageStorage(), prefix: '' },
    { prefix: 'x' },
    { sizeLimit: 0 },
    { map: 1 },
  ])
    await assert.rejects(grantStorage(sandbox, wrong), TypeError, JSON.stringify(wrong));
});

test('items are set, read, listed and removed', async (t) => {
  const items = new Map([['old', 'value']]);
  const sandbox = await start(t, { in: items });
  assert.deepEqual(
    sandbox.evalSync(`
      const before = [localStorage.length, localStorage.key(0), localStorage.getItem('old'), localStorage.getItem('none')];
      localStorage.setItem('a', 1);
      localStorage.setItem('b', { toString: () => 'text' });
      localStorage.setItem('ü\\0\\ud800', '\\udfff');
      localStorage.removeItem('old');
      localStorage.removeItem('none');
      [before, localStorage.length, localStorage.key(0), localStorage.key(2), localStorage.key(3), localStorage.key(-1), localStorage.key('x'), localStorage.getItem('a'), localStorage.getItem('ü\\0\\ud800') === '\\udfff']`),
    [[1, 'old', 'value', null], 3, 'a', 'ü\0\ud800', null, null, 'a', '1', true],
  );
  assert.deepEqual(
    [...items],
    [
      ['a', '1'],
      ['b', 'text'],
      ['ü\0\ud800', '\udfff'],
    ],
  );
  sandbox.evalSync('localStorage.clear()');
  assert.equal(items.size, 0);
});

test('items are properties, unless the prototype has a member of that name', async (t) => {
  const items = new Map();
  const sandbox = await start(t, { in: items });
  assert.deepEqual(
    sandbox.evalSync(`
      localStorage.color = 'red';
      localStorage['a b'] = 5;
      localStorage.setItem('getItem', 'shadowed');
      localStorage.length = 'item';
      const results = [
        localStorage.color, 'color' in localStorage, 'none' in localStorage, localStorage.none, Object.keys(localStorage).sort(),
        typeof localStorage.getItem, localStorage.getItem('getItem'), localStorage.getItem('length'), typeof localStorage.length,
        Object.getOwnPropertyDescriptor(localStorage, 'color'), JSON.stringify(localStorage), delete localStorage.color, delete localStorage.none, localStorage.color,
        Object.hasOwn(localStorage, 'a b'), { ...localStorage },
      ];
      Object.defineProperty(localStorage, 'defined', { value: 7 });
      localStorage[Symbol.iterator] = 5;
      results.push(localStorage.defined, localStorage[Symbol.iterator], Reflect.defineProperty(localStorage, 'x', { get() {} }), Reflect.preventExtensions(localStorage), localStorage.getItem('toString'), typeof localStorage.toString);
      results`),
    [
      'red',
      true,
      false,
      undefined,
      ['a b', 'color'],
      'function',
      'shadowed',
      'item',
      'number',
      { value: 'red', writable: true, enumerable: true, configurable: true },
      '{"color":"red","a b":"5"}',
      true,
      true,
      undefined,
      true,
      { 'a b': '5' },
      '7',
      5,
      false,
      false,
      null,
      'function',
    ],
  );
});

test('methods refuse what is no Storage, and missing arguments', async (t) => {
  const sandbox = await start(t);
  for (const text of [
    'new Storage()',
    'Storage.prototype.getItem.call({}, "a")',
    'Storage.prototype.length',
    'localStorage.getItem()',
    'localStorage.setItem("a")',
    'localStorage.key()',
    'localStorage.removeItem()',
    'localStorage.setItem(Symbol(), "a")',
  ])
    assert.equal(sandbox.evalSync(`try { ${text}; 'none' } catch (error) { error.name }`), 'TypeError', text);
  assert.equal(
    sandbox.evalSync(`'use strict'; try { localStorage = 1; 'none' } catch (error) { error.name }`),
    'TypeError',
  );
});

test('the quota counts keys and values, and what is removed makes room', async (t) => {
  const items = new Map([['1234567890', '']]);
  const sandbox = await start(t, { in: items, sizeLimit: 30 });
  const set = (key, value) =>
    sandbox.evalSync(
      `try { localStorage.setItem('${key}', '${value}'); 'set' } catch (error) { error.name + (error instanceof QuotaExceededError) }`,
    );
  assert.equal(set('a', 'x'.repeat(19)), 'set');
  assert.equal(set('a', 'x'.repeat(20)), 'QuotaExceededErrortrue');
  assert.equal(set('b', ''), 'QuotaExceededErrortrue');
  assert.equal(set('a', 'x'), 'set');
  assert.equal(set('b', 'x'.repeat(17)), 'set');
  assert.equal(set('c', ''), 'QuotaExceededErrortrue');
  sandbox.evalSync(`delete localStorage['1234567890']`);
  assert.equal(set('c', ''), 'set');
  sandbox.evalSync(`localStorage.clear()`);
  assert.equal(set('d', 'x'.repeat(29)), 'set');
  assert.deepEqual([...items.keys()], ['d']);
});

test('a Storage of the host is used under a prefix, and nothing else of it is seen', async (t) => {
  const page = new PageStorage();
  page.setItem('token', 'secret');
  page.setItem('guest:', 'empty');
  page.setItem('guest2:x', 'other');
  const sandbox = await start(t, { in: page, prefix: 'guest:' });
  assert.deepEqual(
    sandbox.evalSync(
      `localStorage.own = 1; [localStorage.token, localStorage.getItem('token'), localStorage.length, Object.keys(localStorage), localStorage.getItem('')]`,
    ),
    [undefined, null, 2, ['', 'own'], 'empty'],
  );
  sandbox.evalSync('localStorage.clear()');
  assert.deepEqual(
    [...page.items],
    [
      ['token', 'secret'],
      ['guest2:x', 'other'],
    ],
  );
});

test('functions of the host can keep the items, and may fail', async (t) => {
  const asked = [];
  const sandbox = await start(t, {
    in: {
      get: (key) => (asked.push(key), key === 'there' ? 5 : undefined),
      set: () => {
        throw new RangeError('read only');
      },
      delete: (key) => asked.push(`-${key}`),
      keys: () => ['there'],
    },
  });
  assert.deepEqual(
    sandbox.evalSync(`[localStorage.there, localStorage.length, 'x' in localStorage, delete localStorage.there]`),
    ['5', 1, false, true],
  );
  assert.equal(
    sandbox.evalSync(`try { localStorage.x = 1 } catch (error) { error.name + error.message }`),
    'RangeErrorread only',
  );
  assert.ok(asked.includes('-there'));
  // They are synchronous: a promise would be kept and shown as a text.
  for (const own of [{ keys: async () => [] }, { keys: () => ['a'], get: async () => 'x' }]) {
    const late = { get: () => null, set() {}, delete() {}, keys: () => [], ...own };
    await assert.rejects(grantStorage(sandbox, { in: late }), /must give its result at once, not a promise/);
  }
});

test('sandboxes share items only where the host says so', async (t) => {
  const items = new Map();
  const [one, two, three] = await Promise.all([start(t, { in: items }), start(t, { in: items }), start(t)]);
  one.evalSync('localStorage.x = 1');
  assert.deepEqual(
    [two, three].map((sandbox) => sandbox.evalSync('localStorage.x')),
    ['1', undefined],
  );
});

test('names of prototypes are plain names, and a guest that has changed its own harms only itself', async (t) => {
  const items = new Map();
  const sandbox = await start(t, { in: items }, `Object.prototype.then = () => {}; Object.prototype.polluted = 1;`);
  assert.deepEqual(
    sandbox.evalSync(`localStorage.setItem('__proto__', 'a'); localStorage.setItem('constructor', 'b'); localStorage.setItem('then', 'c');
      [localStorage.getItem('__proto__'), localStorage.getItem('constructor'), localStorage.getItem('then'), localStorage.polluted]`),
    ['a', 'b', 'c', 1],
  );
  assert.equal({}.a, undefined);
  assert.deepEqual([...items.keys()], ['__proto__', 'constructor', 'then']);
});

test('the functions behind it take texts only', async () => {
  const { get, set, remove, key, count } = await functionsGiven(grantStorage, { sizeLimit: 100 });
  for (const wrong of [undefined, null, 5, {}, ['a'], { toString: () => 'a' }, { length: -1e9 }]) {
    assert.throws(() => get(wrong), TypeError);
    assert.throws(() => set(wrong, 'a'), TypeError);
    assert.throws(() => set('a', wrong), TypeError);
    assert.throws(() => remove(wrong), TypeError);
    assert.equal(key(wrong), null);
  }
  assert.throws(() => set('a', 'x'.repeat(1000)), { name: 'QuotaExceededError' });
  assert.deepEqual([count(), key(1.5), key(-1), key('0')], [0, null, null, null]);
});
