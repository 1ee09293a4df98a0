// npx caisson, and the same program under WASI.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../tools/set-up.mjs';
import { isAvailable } from '../tools/shell.mjs';

const command = join(root, 'npm', 'bin', 'caisson.mjs');
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-command-'));
  const files = {
    'hello.js': 'console.log("hello", 1 + 1, [1, { a: 2 }]); console.error("to stderr"); setTimeout(() => console.log("timer"), 5); Promise.resolve().then(() => console.log("job"));',
    'arguments.js': 'console.log(scriptArgs.length, scriptArgs.join("|"));',
    'throws.js': '// first\nfunction fails() {\n  throw new TypeError("on purpose");\n}\nfails();\n',
    'later.js': 'setTimeout(() => {\n  missing();\n}, 1);\n',
    'rejects.js': 'console.log("before");\nPromise.reject(new RangeError("nobody"));\n',
    'syntax.js': 'let x = 1;\nlet y = ;\n',
    'main.mjs': 'import { twice } from "./lib/twice.mjs";\nawait new Promise((resolve) => setTimeout(resolve, 5));\nconsole.log(twice(21), typeof import.meta, this);\n',
    'missing.mjs': 'import "./not-there.mjs";\n',
    'top.mjs': 'await null;\nthrow new SyntaxError("top");\n',
    'loop.js': 'for (;;);',
  };
  spawnSync('mkdir', ['-p', join(folder, 'lib')]);
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  writeFileSync(join(folder, 'lib', 'twice.mjs'), 'export const twice = (n) => n * 2;\n');
});
after(() => rmSync(folder, { recursive: true }));

const node = (args) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', ...args], { encoding: 'utf8', cwd: folder, timeout: 120000 });
  return { stdout, stderr, status };
};
const programs = {
  'caisson': (...args) => node([command, ...args]),
  'the WASI build': (...args) => node([join(root, 'tests', 'tools', 'run-wasi.mjs'), ...args]),
};

for (const [name, run] of Object.entries(programs)) {
  const skip = name !== 'caisson' && !isAvailable('wasi') ? 'it is not built' : false;
  const check = (title, body) => test(`${name}: ${title}`, { skip }, body);

  check('prints, runs jobs and timers', () => {
    const { stdout, stderr, status } = run('run', 'hello.js');
    assert.equal(stdout, 'hello 2 [ 1, { a: 2 } ]\njob\ntimer\n');
    assert.equal(stderr, 'to stderr\n');
    assert.equal(status, 0);
  });

  check('passes arguments', () => {
    assert.equal(run('run', 'arguments.js', 'one', '--two', '3').stdout, '3 one|--two|3\n');
  });

  check('modules with top-level await', () => {
    const { stdout, stderr, status } = run('run', 'main.mjs');
    assert.equal(stderr, '');
    assert.equal(stdout, '42 object undefined\n');
    assert.equal(status, 0);
  });

  check('an uncaught error prints the stack with line and column and exits with 1', () => {
    const { stderr, status } = run('run', 'throws.js');
    assert.match(stderr, /TypeError: on purpose\n\s+at fails \(throws\.js:3:\d+\)\n\s+at .*throws\.js:5:\d+/);
    assert.equal(status, 1);
    assert.doesNotMatch(stderr, /sandbox\.js|node:/);
  });

  check('so does one in a timer, a rejection that nobody handles, and one at the top of a module', () => {
    for (const [file, pattern] of [['later.js', /ReferenceError: missing is not defined[\s\S]*later\.js:2:/], ['rejects.js', /RangeError: nobody[\s\S]*rejects\.js:2:/], ['top.mjs', /SyntaxError: top[\s\S]*top\.mjs:2:/]]) {
      const { stderr, status } = run('run', file);
      assert.match(stderr, pattern);
      assert.equal(status, 1, file);
    }
  });

  check('a syntax error has its place', () => {
    const { stderr, status } = run('run', 'syntax.js');
    assert.match(stderr, /SyntaxError[\s\S]*syntax\.js:2:\d+/);
    assert.equal(status, 1);
  });

  check('a module that is not there', () => {
    const { stderr, status } = run('run', 'missing.mjs');
    assert.match(stderr, /not-there\.mjs/);
    assert.equal(status, 1);
  });

  check('--version and --help', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'npm', 'package.json'), 'utf8'));
    assert.equal(run('--version').stdout, `${version}\n`);
    assert.match(run('--help').stdout, /caisson (\[run\]|run) FILE/);
    assert.equal(run('--help').status, 0);
  });

  check('a file that is not there', () => {
    const { stderr, status } = run('run', 'nothing.js');
    assert.match(stderr, /nothing\.js/);
    assert.notEqual(status, 0);
  });
}

test('caisson: limits', () => {
  const { stderr, status } = programs.caisson('--time-limit', '50', 'run', 'loop.js');
  assert.match(stderr, /TimeLimitError/);
  assert.equal(status, 1);
});

test('caisson: wrong options', () => {
  const { stderr, status } = programs.caisson('--nonsense', 'hello.js');
  assert.match(stderr, /--nonsense/);
  assert.equal(status, 2);
  assert.equal(programs.caisson().status, 2);
});
