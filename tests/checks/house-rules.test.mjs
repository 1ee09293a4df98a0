import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { engineFiles, filesOf, isGenerated, nameOf, read, root } from './sources.mjs';

const writtenFiles = () =>
  ['wasm-glue', 'web', 'npm', 'tests'].flatMap((folder) => {
    try {
      return filesOf(join(root, folder), /\.(c|h|js|mjs|ts)$/);
    } catch {
      return [];
    }
  });

test('no written file is longer than 2,000 lines', () => {
  const long = [...engineFiles(), ...writtenFiles()]
    .map((path) => ({ path, text: read(path) }))
    .filter(({ text }) => text.split('\n').length > 2000 && !isGenerated(text))
    .map(({ path, text }) => `${nameOf(path)}: ${text.split('\n').length} lines`);
  assert.deepEqual(long, []);
});

// V8 in Node 20 serves no registry of a process any more when one of them is collected at the wrong moment.
test('no FinalizationRegistry of the package dies with a sandbox', () => {
  const all = filesOf(join(root, 'npm', 'src'), /\.js$/).flatMap((path) =>
    [...read(path).matchAll(/^.*\bnew FinalizationRegistry\b.*$/gm)].map(([line]) => `${nameOf(path)}: ${line}`),
  );
  assert.ok(all.length > 5, `${all.length} found`);
  assert.deepEqual(
    all.filter((line) => !/: (?:const \w+|  static #?\w+) = new FinalizationRegistry/.test(line)),
    [],
  );
});

// Two paths with the same last part.
function sharedNames(paths) {
  const names = paths.map((path) => basename(path));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

test('a file of the engine is found by its name alone', () => {
  assert.deepEqual(sharedNames(engineFiles()), []);
  assert.deepEqual(sharedNames(['a/one.c', 'b/one.c', 'b/one.h']), ['one.c']);
});

test('no setjmp, no longjmp, no exit or abort in the engine', () => {
  const wrong = engineFiles()
    .filter((path) => !/\/host\/shell\/shell[^/]*\.c$/.test(path))
    .filter((path) =>
      /\b(setjmp|longjmp|sigsetjmp|siglongjmp|abort|exit|_Exit)\s*\(/.test(read(path).replace(/\/\/.*$/gm, '')),
    )
    .map(nameOf);
  assert.deepEqual(wrong, []);
});

test('specification links are anchors, never section numbers', () => {
  const wrong = [];
  for (const path of engineFiles()) {
    read(path)
      .split('\n')
      .forEach((line, index) => {
        if (/(?:\/\/|\*)\s*(?:ES\d*\s*|ECMA-262\s*|§|section\s+)\d+\.\d+/i.test(line))
          wrong.push(`${nameOf(path)}:${index + 1}`);
      });
  }
  assert.deepEqual(wrong, []);
});

// Macros that leave the code around them by `return`, `goto` or `continue`, themselves or through another of their
// file, and do not say so in their names. Those that define functions leave nothing.
function quietlyLeaving(text) {
  const macros = [...text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)((?:\\\n|[^\n])*)/gm)]
    .map(([, name, body]) => ({ name, body: body.replace(/"(?:\\.|[^"\\])*"|\/\*[^]*?\*\/|\/\/.*/g, ' ') }))
    .filter(({ body }) => !/^[\s\\]*static\b/m.test(body));
  const leaving = new Set();
  for (let size = -1; size < leaving.size; ) {
    size = leaving.size;
    for (const { name, body } of macros) {
      if (body.match(/\w+/g)?.some((word) => leaving.has(word) || /^(?:return|goto|continue)$/.test(word)))
        leaving.add(name);
    }
  }
  return [...leaving].filter((name) => !/^(?:CASE|RETURN)_|_OR_(?:LEAVE|STOP)$|_AND_CONTINUE$/.test(name));
}

test('a macro that leaves the code around it says so in its name', () => {
  assert.deepEqual(
    engineFiles().flatMap((path) => quietlyLeaving(read(path)).map((name) => `${nameOf(path)}: ${name}`)),
    [],
  );
});

test('a macro that leaves quietly is found, also through another', () => {
  const text =
    '#define STEP(x) \\\n  do { \\\n    if (x) goto done; \\\n  } while (0)\n#define BOTH(x) STEP(x); STEP(x + 1)\n' +
    '#define TWICE(x) ((x) * 2)  // no return\n#define MAKER(n) \\\n  static int n(void) { \\\n    return 1; \\\n  }\n#define RETURN_ONE return 1\n';
  assert.deepEqual(quietlyLeaving(text), ['STEP', 'BOTH']);
});

// `extra` of a cell means something else in each kind, so only the accessors beside the kind's struct touch it.
function barelyUsed(text) {
  const accessor =
    /^static inline (?:uint32_t \w+\(const \w+ \*\w+\) \{\s*return \w+->(?:cell\.)?extra;\s*\}|void \w+\(\w+ \*\w+, uint32_t \w+\) \{\s*\w+->(?:cell\.)?extra = \w+;\s*\})/gm;
  return text
    .replace(/\/\/.*$/gm, '')
    .replace(accessor, (found) => found.replace(/[^\n]/g, ''))
    .split('\n')
    .flatMap((line, index) => (/(?:->|\.)extra\b/.test(line) ? [index + 1] : []));
}

test("a cell's field of its kind is read and written by accessors with names", () => {
  const wrong = engineFiles()
    .filter((path) => !/^engine[/\\]heap[/\\]/.test(nameOf(path)))
    .flatMap((path) => barelyUsed(read(path)).map((line) => `${nameOf(path)}:${line}`));
  assert.deepEqual(wrong, []);
  const accessors = [
    'static inline uint32_t thing_size(const Thing *thing) { return thing->cell.extra; }',
    'static inline void thing_set_size(Thing *thing, uint32_t size) {\n  thing->cell.extra = size;\n}',
  ];
  assert.deepEqual(barelyUsed(accessors.join('\n')), []);
  assert.deepEqual(
    barelyUsed(`${accessors.join('\n')}\nint f(Thing *t) {\n  return t->cell.extra + g(&t->cell)->extra;\n}`),
    [6],
  );
});
