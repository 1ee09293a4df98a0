import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isExpectedToFail, readExpectations, writeExpectations } from './expectations.mjs';
import { judge } from './judge.mjs';
import { harnessFiles, modesOf, parseMetadata } from './metadata.mjs';
import { directoryOf } from './suite.mjs';
import { runAll } from './workers.mjs';

describe('frontmatter', () => {
  test('inline and block lists, negative', () => {
    const metadata = parseMetadata(`// Copyright
/*---
description: >
  flags: [not, this]
flags: [async, noStrict]
includes:
  - compareArray.js
  - propertyHelper.js  # why
features: [a,
  b]
negative:
  phase: parse
  type: SyntaxError
---*/
code();`);
    assert.deepEqual(metadata, {
      flags: ['async', 'noStrict'],
      includes: ['compareArray.js', 'propertyHelper.js'],
      features: ['a', 'b'],
      locale: [],
      negative: { phase: 'parse', type: 'SyntaxError' },
    });
    assert.deepEqual(harnessFiles(metadata), [
      'assert.js',
      'sta.js',
      'doneprintHandle.js',
      'compareArray.js',
      'propertyHelper.js',
    ]);
  });

  test('modes', () => {
    assert.deepEqual(modesOf([]), ['sloppy', 'strict']);
    assert.deepEqual(modesOf(['onlyStrict']), ['strict']);
    assert.deepEqual(modesOf(['module']), ['module']);
    assert.deepEqual(modesOf(['raw']), ['raw']);
  });
});

describe('judging', () => {
  const run = { isAsync: false, negative: undefined };
  const negative = { ...run, negative: { phase: 'parse', type: 'SyntaxError' } };

  test('plain runs', () => {
    assert.equal(judge(run, { outcome: 'ok' }), undefined);
    assert.match(judge(run, { outcome: 'throw', name: 'TypeError', message: 'm' }), /TypeError: m/);
    assert.match(judge(run, { outcome: 'timeout' }), /timed out/);
  });

  test('negative runs', () => {
    assert.equal(judge(negative, { outcome: 'throw', name: 'SyntaxError' }), undefined);
    assert.match(judge(negative, { outcome: 'ok' }), /nothing was thrown/);
    assert.match(judge(negative, { outcome: 'throw', name: 'Test262Error' }), /expected a SyntaxError/);
  });

  test('asynchronous runs have to report', () => {
    const asynchronous = { ...run, isAsync: true };
    assert.equal(judge(asynchronous, { outcome: 'ok', printed: ['Test262:AsyncTestComplete'] }), undefined);
    assert.match(judge(asynchronous, { outcome: 'ok', printed: [] }), /did not call/);
    assert.match(judge(asynchronous, { outcome: 'ok', printed: ['Test262:AsyncTestFailure:Error: x'] }), /Error: x/);
  });
});

test('directories go two levels deep', () => {
  assert.equal(directoryOf('test/built-ins/Array/prototype/map/a.js'), 'test/built-ins/Array');
  assert.equal(directoryOf('test/harness/a.js'), 'test/harness');
});

test('expectations are written, read and shrink', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-expectations-'));
  const file = join(folder, 'expectations.txt');
  try {
    writeExpectations(
      file,
      new Map(),
      new Map([
        [
          'test/a.js',
          new Map([
            ['sloppy', 'x'],
            ['strict', 'x'],
          ]),
        ],
        [
          'test/b.js',
          new Map([
            ['sloppy', undefined],
            ['strict', 'y'],
          ]),
        ],
      ]),
    );
    const read = readExpectations(file);
    assert.ok(isExpectedToFail(read, { name: 'test/a.js', mode: 'strict' }));
    assert.ok(!isExpectedToFail(read, { name: 'test/b.js', mode: 'sloppy' }));
    writeExpectations(
      file,
      read,
      new Map([
        [
          'test/a.js',
          new Map([
            ['sloppy', undefined],
            ['strict', undefined],
          ]),
        ],
      ]),
    );
    assert.doesNotMatch(readFileSync(file, 'utf8'), /a\.js/);
    assert.match(readFileSync(file, 'utf8'), /test\/b\.js \[strict\] # y/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a worker that dies or hangs fails its run and is replaced', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-worker-'));
  const worker = join(folder, 'worker.mjs');
  writeFileSync(
    worker,
    `import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const [id, , , , name] = line.split('\\t');
  if (name === 'dies') process.kill(process.pid, 'SIGSEGV');
  if (name === 'hangs') for (;;);
  console.log(JSON.stringify({ id: Number(id), outcome: 'ok' }));
}`,
  );
  const names = ['a', 'dies', 'b', 'hangs', 'c', 'd'];
  const outcomes = {};
  try {
    await runAll({
      command: process.execPath,
      args: [worker],
      jobs: 1,
      timeout: -4000,
      runs: names.map((name) => ({ name, mode: 'sloppy', canBlock: true, harness: [] })),
      onResult: (run, result) => {
        outcomes[run.name] = result.outcome;
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.deepEqual(outcomes, { a: 'ok', dies: 'crash', b: 'ok', hangs: 'timeout', c: 'ok', d: 'ok' });
});
