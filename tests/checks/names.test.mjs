// What comments and headers name is there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineFiles, filesOf, nameOf, read, root } from './sources.mjs';

const folders = ['engine', 'npm', 'tests', 'wasm-glue', 'web', 'examples'];
const all = ['CMakeLists.txt', ...folders.flatMap((folder) => filesOf(join(root, folder), /./).map(nameOf))];

// Of others, or of nobody.
const foreign = new Set(['testharness.js', 'main.js', '/exports.c']);

function commentsOf(path, text) {
  if (path.endsWith('.md')) return [text];
  if (/\.(?:cmake|txt)$/.test(path)) return text.match(/#.*/g) ?? [];
  return text.match(/(?<![:/])\/\/.*|(?<=^|[\s([{,;])\/\*(?!---)[^]*?\*\//g) ?? []; // a pattern of paths begins none
}

// `*` stands for any part of a name, `**` for any folders. Names with NAME in capitals are of files to come.
function isThere(name) {
  const pattern = name
    .split(/(\*\*\/|\*)/)
    .map((part) => ({ '**/': '(?:.*/)?', '*': '[^/]*' })[part] ?? part.replace(/[.+]/g, '\\$&'))
    .join('');
  const wanted = new RegExp(`(?:^|/)${pattern}$`);
  return all.some((path) => wanted.test(path));
}

function missingIn(path, text) {
  return commentsOf(path, text)
    .flatMap((comment) =>
      [...comment.matchAll(/(?<![\w)./-])[\w*/-][\w*./-]*\.(?:c|h|def|m?js|cmake)\b(?![\w(.[])/g)].map(
        ([name]) => name,
      ),
    )
    .filter((name) => !foreign.has(name) && !name.includes('NAME') && !isThere(name));
}

test('every file that a comment names exists', () => {
  const missing = all
    .filter((path) => /\.(?:c|h|def|m?js|ts|cmake|txt)$/.test(path) || path === join('engine', 'README.md'))
    .flatMap((path) => missingIn(path, readFileSync(join(root, path), 'utf8')).map((name) => `${path}: ${name}`));
  assert.deepEqual(missing, []);
});

test('a comment that names a file which is gone is found', () => {
  const begin = '/'.repeat(2);
  const text = `${begin} see heap/heap.h, heap.h and bytecode/*.def\n${begin} not gone.c, heap/gone.h, runtime/heap.h, gone/*.c; a.b().c, sizes in .js\nconst text = "lost.c";`;
  assert.deepEqual(missingIn('imagined.c', text), ['gone.c', 'heap/gone.h', 'runtime/heap.h', 'gone/*.c']);
});

// Functions of headers that nothing uses: their names stand nowhere but in the declaration and the definition.
function unused(headers, everything) {
  const counts = new Map();
  const code = (text) => text.replace(/\/\/.*|\/\*[^]*?\*\//g, ' ');
  for (const text of everything)
    for (const [word] of code(text).matchAll(/\w+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return headers
    .flatMap((text) => [...code(text).matchAll(/^(?!typedef|#)[A-Za-z][\w \t*]*?[ *](\w+)\([^;{]*([;{])/gm)])
    .filter(([, name, end]) => counts.get(name) <= (end === ';' ? 2 : 1))
    .map(([, name]) => name);
}

test('every function of a header is used', () => {
  const texts = all
    .filter((path) => /\.(?:c|h|def|m?js|txt)$/.test(path))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const headers = engineFiles().filter((path) => path.endsWith('.h'));
  // Of the C API and of the sanitizer's own.
  assert.deepEqual(
    unused(headers.map(read), texts).filter((name) => !/^(?:caisson_|__asan_)/.test(name)),
    [],
  );
});

test('a function of a header that nobody uses is found', () => {
  const header =
    'MUST_CHECK bool used(int a,\n  int b);\nstatic inline int lonely(void) { return 1; }\nvoid lost(void);  // lost\nvoid idle(void);\n';
  assert.deepEqual(
    unused([header], [header, 'void used(int a, int b) {}\nvoid idle(void) {}\nint main(void) { used(1, 2); }']),
    ['lonely', 'lost', 'idle'],
  );
});
