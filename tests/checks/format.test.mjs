import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../../wasm-glue/tools/format.mjs';
import { engineFiles, filesOf, isGenerated, nameOf, read, root } from './sources.mjs';

test('the sources have the format of npm run format, and Biome finds nothing in them', () => {
  assert.equal(format({ check: true }), '');
});

// What formatters leave: comments, and prose.
test('comments and documents wrap at 120 columns', () => {
  const wrong = [...filesOf(root, /\.(mjs|js|ts|cjs|md)$/), ...engineFiles()].flatMap((path) => {
    const text = read(path);
    if (isGenerated(text) || /[/](programs|hosted)[/]/.test(path)) return []; // what guests run stays as it is
    return text
      .split('\n')
      .map((line, i) => ({ line, place: `${nameOf(path)}:${i + 1}` }))
      .filter(
        ({ line }) =>
          line.length > 120 &&
          (path.endsWith('.md') ? !/^\||https?:/.test(line) : /^\s*(\/\/|\*|\/\*\*) (?!.*https?:)/.test(line)),
      )
      .map(({ place }) => place);
  });
  assert.deepEqual(wrong, []);
});
