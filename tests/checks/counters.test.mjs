// Every counter that guards something, and every pointer that a cache keeps, has a row in the engine's README that says
// why it can neither be used up nor outlive what it says.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineFiles, nameOf, read, root } from './sources.mjs';

const readme = read(join(root, 'engine', 'README.md'));
const section = /## Counters, numbers and what caches keep\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1);

/** The fields of the structs in a text: {struct, type, name}. */
function fieldsOf(text) {
  const fields = [];
  for (const [, name, body, alias] of text.matchAll(/struct (\w*)\s*\{([^{}]*)\}\s*(\w*)/g)) {
    for (const line of body.replace(/\/\/.*$/gm, '').split(';')) {
      const match = /^\s*((?:const |struct |unsigned )*\w+)\s+([^()]+)$/.exec(line);
      if (!match) continue;
      for (const declarator of match[2].split(',')) {
        const [, stars, field] = /^\s*(\**)\s*(\w+)/.exec(declarator) ?? [];
        if (field) fields.push({ struct: name || alias, type: match[1] + stars, name: field });
      }
    }
  }
  return fields;
}

const layers = /\/engine\/(heap|runtime|bytecode|interpreter|host)\/(?:\w+\/)?[^/]*\.h$/;
const fields = engineFiles()
  .filter((path) => layers.test(path))
  .flatMap((path) => fieldsOf(read(path)).map((field) => ({ ...field, file: nameOf(path) })));

test('the structs of the engine are read', () => {
  assert.ok(fields.length > 400, `${fields.length} fields`);
  assert.ok(fields.some(({ struct, name }) => struct === 'InlineCache' && name === 'epoch'));
  assert.deepEqual(fieldsOf('typedef struct A {\n  uint32_t a, *b;  // c\n  struct B *next;\n} A;'), [
    { struct: 'A', type: 'uint32_t', name: 'a' },
    { struct: 'A', type: 'uint32_t*', name: 'b' },
    { struct: 'A', type: 'struct B*', name: 'next' },
  ]);
});

test('every counter has its row', () => {
  const counters = fields.filter(
    ({ type, name }) =>
      /^(uint|int|size_t|double)/.test(type) &&
      !type.includes('*') &&
      /(^|_)(epoch|counter|ordinal|crossings|references|generation|serial|current_mark|collections|layout_time|rounds?)$/.test(
        name,
      ),
  );
  assert.ok(counters.length >= 10, `${counters.length} counters`);
  // By its name, or by the words of it: what a `fiber_counter` counts are fibers.
  const missing = counters.filter(({ struct, name }) => {
    const counted =
      name === 'counter'
        ? struct.replace(/^Host/, '')
        : name.replace(/_(counter|epoch)$/, '').replace(/^(next|first)_/, '');
    const words = counted
      .toLowerCase()
      .split('_')
      .map((word) => word.replace(/s$/, ''));
    return !rows.some((row) => row.includes(name) || words.every((word) => row.toLowerCase().includes(word)));
  });
  assert.deepEqual(missing, []);
});

test('caches keep pointers to cells only, and each has its row', () => {
  const pointers = fields.filter(({ struct, type }) => /(Cache|StubEntry|Lookup)$/.test(struct) && type.includes('*'));
  assert.ok(pointers.length >= 4, `${pointers.length} pointers`);
  assert.deepEqual(
    pointers.filter(({ type }) => !/^(const )?(Shape|Object|Values)\*$/.test(type)),
    [],
  );
  const missing = pointers.filter(
    ({ name }) => !rows.some((row) => /Cache/.test(row) && row.includes(name.replace(/^new_/, ''))),
  );
  assert.deepEqual(missing, []);
});

test('what the table names is in the sources', () => {
  const sources = engineFiles().map(read).join('\n');
  const names = rows
    .flatMap((row) => [...row.matchAll(/`([\w>.-]+)`/g)].map((match) => match[1]))
    .filter((name) => !name.includes('/') && !/\.(js|mjs|c|h)$/.test(name));
  assert.ok(names.length >= 15, `${names.length} names`);
  const unknown = names
    .flatMap((name) => name.split(/->|\./))
    .filter((part) => !new RegExp(`\\b${part}\\b`).test(sources));
  assert.deepEqual(unknown, []);
});
