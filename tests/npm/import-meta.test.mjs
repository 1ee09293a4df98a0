// import.meta: the name of the module, and what names of imports mean in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const lookAt = (...specifiers) =>
  `export const url = import.meta.url;
   export const found = ${JSON.stringify(specifiers)}.map((specifier) => {
     try { return import.meta.resolve(specifier); } catch (error) { return error.name; }
   });`;

async function find(options, specifiers, name = './lib/main.js') {
  const source = lookAt(...specifiers);
  const modules =
    typeof options.modules === 'function'
      ? (asked, ...rest) => (asked === name ? source : options.modules(asked, ...rest))
      : { ...options.modules, [name]: source };
  const sandbox = await createSandbox({ ...options, modules });
  try {
    const { url, found } = await sandbox.import(name);
    assert.equal(url, name);
    return found;
  } finally {
    sandbox.dispose();
  }
}

test('relative names are resolved against the module, as its imports are', async () => {
  assert.deepEqual(await find({ modules: { './lib/x.js': '' } }, ['./x.js', '../y.js', './sub/../z.js', '/abs.js']), [
    './lib/x.js',
    './y.js',
    './lib/z.js',
    '/abs.js',
  ]);
  assert.deepEqual(await find({ modules: () => '' }, ['./x.js', '../y.js', 'bare'], 'https://host/a/main.js'), [
    'https://host/a/x.js',
    'https://host/y.js',
    'bare',
  ]);
});

test('bare names must be there; URLs are what they are', async () => {
  assert.deepEqual(
    await find({ modules: { lib: '', 'app:db': { a: 1 } } }, ['lib', 'app:db', 'other', 'https://host/x.js', '']),
    ['lib', 'app:db', 'TypeError', 'https://host/x.js', 'TypeError'],
  );
});

test('import maps and scopes', async () => {
  const importMap = {
    imports: { lib: './lib/index.js', 'pkg/': './vendor/pkg/' },
    scopes: { './lib/': { lib: './lib/other.js' } },
  };
  assert.deepEqual(await find({ importMap }, ['lib', 'pkg/a.js', 'none'], './main.js'), [
    './lib/index.js',
    './vendor/pkg/a.js',
    'TypeError',
  ]);
  assert.deepEqual(await find({ importMap }, ['lib']), ['./lib/other.js']);
});

test('what it gives can be imported, and is the url of that module', async () => {
  const sandbox = await createSandbox({
    modules: {
      './a/main.js': 'export const name = import.meta.resolve("../b.js"); export const { url } = await import(name);',
      'b.js': 'export const url = import.meta.url;',
    },
  });
  const { name, url } = await sandbox.import('./a/main.js');
  assert.equal(name, url);
  assert.equal(name, 'b.js');
  sandbox.dispose();
});

test('it is a function as in pages: one parameter, converted to a string, the same every time', async () => {
  const sandbox = await createSandbox({ modules: {} });
  const { seen } = await sandbox.eval(
    `const { resolve } = import.meta;
     let thrown;
     try { resolve(Symbol()); } catch (error) { thrown = error.name; }
     export const seen = [typeof resolve, resolve.name, resolve.length, resolve === import.meta.resolve,
       resolve({ toString: () => './x' }), thrown, Object.keys(import.meta), 'prototype' in resolve];`,
    { module: true, name: './dir/m.js' },
  );
  assert.deepEqual(seen, ['function', 'resolve', 1, true, './dir/x', 'TypeError', ['url', 'resolve'], false]);
  sandbox.dispose();
});

test('errors of the host are errors of the guest', async () => {
  const modules = new Proxy(
    {},
    {
      getOwnPropertyDescriptor: () => {
        throw new RangeError('broken host');
      },
    },
  );
  const sandbox = await createSandbox({ modules });
  const { text } = await sandbox.eval(
    'let text; try { import.meta.resolve("a"); } catch (error) { text = String(error); } export { text };',
    { module: true },
  );
  assert.equal(text, 'RangeError: broken host');
  sandbox.dispose();
});

test('names may be long', async () => {
  const sandbox = await createSandbox({ memoryLimit: 16 * 1024 * 1024 });
  const { length } = await sandbox.eval('export const { length } = import.meta.resolve("./" + "x".repeat(1e5));', {
    module: true,
  });
  assert.equal(length, 100_000);
  sandbox.dispose();
});
