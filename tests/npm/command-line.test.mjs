// npx caisson, and the same program under WASI.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ExitCode } from '../../npm/bin/command-line.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { isAvailable } from '../tools/shell.mjs';

const command = join(root, 'npm', 'bin', 'caisson.mjs');
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-command-'));
  const files = {
    'hello.js':
      'console.log("hello", 1 + 1, [1, { a: 2 }]); console.error("to stderr"); setTimeout(() => console.log("timer"), 5); Promise.resolve().then(() => console.log("job"));',
    'arguments.js': 'console.log(scriptArgs.length, scriptArgs.join("|"));',
    'throws.js': '// first\nfunction fails() {\n  throw new TypeError("on purpose");\n}\nfails();\n',
    'later.js': 'setTimeout(() => {\n  missing();\n}, 1);\n',
    'rejects.js': 'console.log("before");\nPromise.reject(new RangeError("nobody"));\n',
    'syntax.js': 'let x = 1;\nlet y = ;\n',
    'main.mjs':
      'import { twice } from "./lib/twice.mjs";\nawait new Promise((resolve) => setTimeout(resolve, 5));\nconsole.log(twice(21), typeof import.meta, this);\n',
    'missing.mjs': 'import "./not-there.mjs";\n',
    'top.mjs': 'await null;\nthrow new SyntaxError("top");\n',
    'loop.js': 'for (;;);',
    'idle.js':
      'AbortSignal.timeout(1e6); const soon = AbortSignal.timeout(1); soon.onabort = () => console.log("aborted"); setTimeout(() => console.log("end"), 60);',
    'order.js':
      'setTimeout(() => console.log("f"), 1); setTimeout(() => console.log("g"), 0); setTimeout(() => console.log("h"), 1.9); setTimeout(() => console.log("i"), 1);',
    'trace.js': 'function here() {\n  console.trace("why", 1);\n}\nhere();\nconsole.trace();\n',
  };
  spawnSync('mkdir', ['-p', join(folder, 'lib')]);
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  writeFileSync(join(folder, 'lib', 'twice.mjs'), 'export const twice = (n) => n * 2;\n');
});
after(() => rmSync(folder, { recursive: true }));

const node = (args) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 120000,
  });
  return { stdout, stderr, status };
};
const programs = {
  caisson: (...args) => node([command, ...args]),
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

  check('a signal that times out later keeps nothing waiting, and times out while something else does', () => {
    const begin = Date.now();
    assert.equal(run('run', 'idle.js').stdout, 'aborted\nend\n');
    assert.ok(Date.now() - begin < 100_000);
  });

  check('timers of equal delays fire in their order, whatever is cut off their delays', () => {
    assert.equal(run('run', 'order.js').stdout, 'f\ng\nh\ni\n');
  });

  check('console.trace prints where it was called', () => {
    const { stdout, stderr } = run('run', 'trace.js');
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^Trace: why 1\n {4}at here \(\S*trace\.js:2:11\)\n {4}at \S*trace\.js:4:1\nTrace\n {4}at \S*trace\.js:5:9\n$/,
    );
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
    for (const [file, pattern] of [
      ['later.js', /ReferenceError: missing is not defined[\s\S]*later\.js:2:/],
      ['rejects.js', /RangeError: nobody[\s\S]*rejects\.js:2:/],
      ['top.mjs', /SyntaxError: top[\s\S]*top\.mjs:2:/],
    ]) {
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

// How a program may end: [what it does, exit code, output, what the errors show at their beginning].
const ends = {
  'a rejection as the last value': ["Promise.reject(new Error('x'))", 1, '', /^Error: x\n    at a\.js:1:16\n$/],
  'a rejection beside it': [
    "Promise.reject(new Error('x')); Promise.reject(2); setTimeout(() => console.log('no'), 5); 1",
    1,
    '',
    /^Error: x\n    at a\.js:1:16\n$/,
  ],
  'a rejection before the script throws': [
    "Promise.reject(1); Promise.reject(2); throw new Error('sync')",
    1,
    '',
    /^Error: sync\n    at a\.js:1:45\n$/,
  ],
  'a rejection in a timer, with an interval pending': [
    "setInterval(() => {}, 10); setTimeout(() => Promise.reject(new Error('late')), 5)",
    1,
    '',
    /^Error: late\n    at a\.js/,
  ],
  'a job that throws': [
    "queueMicrotask(() => { throw 7 }); console.log('a'); setTimeout(() => console.log('no'), 5)",
    1,
    'a\n',
    /^Uncaught 7\n$/,
  ],
  'a value without a stack': ['throw undefined', 1, '', /^Uncaught undefined\n$/],
  'an error whose parts are odd': [
    "const e = new Error('x'); e.errors = { entries() { throw 1 } }; e.cause = e; e.stack = 5; throw e",
    1,
    '',
    /^<ref \*1> \[Error: x\] \{\n  errors: \{ entries: \[Function: entries\] \},\n  cause: \[Circular \*1\]\n\}\n$/,
  ],
  'errors of an error': [
    "throw new AggregateError([new Error('a'), 5], 'm', { cause: 'c' })",
    1,
    '',
    /^AggregateError: m\n    at a\.js:1:7 \{\n  \[cause\]: 'c',\n  \[errors\]: \[\n    Error: a\n        at a\.js:1:27,\n    5\n  \]\n\}\n$/,
  ],
  'an instance of a class': ['class A { m() {} } throw new A', 1, '', /^Uncaught A \{\}\n$/],
  'an instance in a rejection': ['class A { b = [1] } Promise.reject(new A)', 1, '', /^Uncaught A \{ b: \[ 1 \] \}\n$/],
  'an error of the old style': [
    "function MyErr(m) { this.message = m; this.stack = 'MyErr: ' + m; } MyErr.prototype = Object.create(Error.prototype); throw new MyErr('z')",
    1,
    '',
    /^\[MyErr: z\]\n$/,
  ],
  'an error of the old style with more': [
    "function E(m) { this.message = m; this.more = [1]; } E.prototype = Object.create(Error.prototype, { name: { value: 'E' }, constructor: { value: E } }); throw new E('z')",
    1,
    '',
    /^\[E: z\] \{ more: \[ 1 \] \}\n$/,
  ],
  'a symbol': ["throw Symbol('y')", 1, '', /^Uncaught Symbol\(y\)\n$/],
  'a symbol within': ["throw [1, Symbol('y')]", 1, '', /^Uncaught \[ 1, Symbol\(y\) \]\n$/],
  'a symbol as a reason': ["Promise.reject(Symbol('x')); 1", 1, '', /^Uncaught Symbol\(x\)\n$/],
  'a symbol in a promise that is the last value': [
    "(async () => { await null; throw Symbol('x') })()",
    1,
    '',
    /^Uncaught Symbol\(x\)\n$/,
  ],
  'a symbol in a timer': ["setTimeout(() => { throw Symbol('t') }, 1)", 1, '', /^Uncaught Symbol\(t\)\n$/],
  'a WeakMap': ['throw new WeakMap', 1, '', /^Uncaught WeakMap \{ <items unknown> \}\n$/],
  'a function': ['throw function f() {}', 1, '', /^Uncaught \[Function: f\]\n$/],
  'a text': ["throw 'a\\nb'", 1, '', /^Uncaught 'a\\nb'\n$/],
  'what throws when it is read': [
    'throw { get stack() { throw 1 }, toString() { throw 2 } }',
    1,
    '',
    /^Uncaught \{ stack: \[Getter\], toString: \[Function: toString\] \}\n$/,
  ],
  'an error that throws when it is read': [
    "throw Object.defineProperties(new Error('x'), { name: { get() { throw 1 } }, cause: { get() { console.log('no'); throw 1 } } })",
    1,
    '',
    /^Error: x\n    at a\.js:1:31 \{\n  \[cause\]: \[Getter\]\n\}\n$/,
  ],
  'a proxy of an error': [
    "throw new Proxy(new Error('p'), { get() { console.log('no') } })",
    1,
    '',
    /^Error: p\n    at a\.js:1:17\n$/,
  ],
  'a proxy whose traps throw': [
    'throw new Proxy({ a: 1 }, { ownKeys() { throw 1 }, getPrototypeOf() { throw 2 } })',
    1,
    '',
    /^Uncaught \{ a: 1 \}\n$/,
  ],
  'an error whose stack is made without end': [
    "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x')",
    3,
    '',
    /^TimeLimitError: .*300 ms\)\n {4}at a\.js:1:\d+\n$/,
  ],
  'a limit in a timer': [
    'setTimeout(() => { for (;;); }, 1)',
    3,
    '',
    /^TimeLimitError: .*300 ms\)\n {4}at a\.js:1:\d+\n$/,
  ],
  'a value that stays in the guest': ["console.log('a'); Symbol('x')", 0, 'a\n', /^$/],
  'a promise that nobody waits for': ["console.log('a'); new Promise(() => {})", 0, 'a\n', /^$/],
  'a last value with a getter': ["({ get a() { console.log('no') }, then() { console.log('no') } })", 0, '', /^$/],
};
for (const [title, [source, code, output, errors]] of Object.entries(ends)) {
  test(`caisson: ${title} ends the process as in Node, with the guest's words alone`, () => {
    writeFileSync(join(folder, 'a.js'), source);
    const { stdout, stderr, status } = programs.caisson('--time-limit', '300', 'run', 'a.js');
    assert.match(stderr, errors);
    assert.equal(stdout, output);
    assert.equal(status, code);
  });
}

test('caisson: modules end likewise', () => {
  const modules = [
    ['export const a = Symbol(), b = new WeakMap(); console.log("a");', 0, 'a\n', /^$/],
    ['import { x } from "./hello.js";', 1, '', /^SyntaxError: module .*hello\.js" has no export 'x'\n/],
    ['console.log("a"); await new Promise(() => {});', 13, 'a\n', /^caisson: the module still waits.*\n$/],
    [
      'setTimeout(() => { throw new Error("x") }, 1); await new Promise(() => {});',
      1,
      '',
      /^Error: x\n    at .*a\.mjs/,
    ],
    ['class A { m() {} } await null; throw new A', 1, '', /^Uncaught A \{\}\n$/],
    ['throw [Symbol("y")]', 1, '', /^Uncaught \[ Symbol\(y\) \]\n$/],
    [
      'import "./nope.mjs";',
      1,
      '',
      /^Error: Cannot find module '\/.*\/nope\.mjs' imported from \/.*\/a\.mjs\n    at \/.*\/a\.mjs:1:8\n {6}import "\.\/nope\.mjs";\n {13}\^ \{\n  code: 'ERR_MODULE_NOT_FOUND'\n\}\n$/,
    ],
    [
      'await import("./nope.mjs").catch((e) => console.log(e.code, e instanceof Error, e.message.replace(/\\/.*?(?=[^/]*\\.mjs)/g, "")));',
      0,
      "ERR_MODULE_NOT_FOUND true Cannot find module 'nope.mjs' imported from a.mjs\n",
      /^$/,
    ],
    ['await import("./lib").catch((e) => console.log(e.code));', 0, 'ERR_UNSUPPORTED_DIR_IMPORT\n', /^$/],
    ['await import("./no\\0pe.mjs").catch((e) => console.log(e.code));', 0, 'ERR_MODULE_NOT_FOUND\n', /^$/],
  ];
  for (const [source, code, output, errors] of modules) {
    writeFileSync(join(folder, 'a.mjs'), source);
    const { stdout, stderr, status } = programs.caisson('run', 'a.mjs');
    assert.match(stderr, errors);
    assert.doesNotMatch(stderr, /node:|caisson\.mjs/);
    assert.equal(stdout, output);
    assert.equal(status, code);
  }
});

test('caisson: modules are files: bytes as they are, and no pipe or device, which may never end', () => {
  writeFileSync(join(folder, 'bytes.bin'), new Uint8Array([0xff, 0xfe, 0, 0x80]));
  mkdirSync(join(folder, 'node_modules', 'pipe'), { recursive: true });
  const pipes = [join(folder, 'pipe'), join(folder, 'node_modules', 'pipe', 'index.js')];
  if (process.platform !== 'win32') execFileSync('mkfifo', pipes);
  writeFileSync(
    join(folder, 'kinds.mjs'),
    `import bytes from './bytes.bin' with { type: 'bytes' };
     console.log(bytes.toHex());
     for (const name of ['./pipe', '/dev/zero', 'pipe'])
       await import(name).catch(({ code }) => console.log(code));`,
  );
  const { stdout, stderr, status } = programs.caisson('run', 'kinds.mjs');
  assert.equal(stderr, '');
  assert.equal(stdout, 'fffe0080\nERR_MODULE_NOT_FOUND\nERR_ACCESS_DENIED\nERR_MODULE_NOT_FOUND\n');
  assert.equal(status, 0);
});

test('caisson: a value that has no JSON is an error that tells nothing of the command', () => {
  for (const code of ['({ a: 1n })', 'const o = {}; o.o = o; o']) {
    const { stdout, stderr, status } = programs.caisson('--json', '-e', code);
    const { name, message, stack } = JSON.parse(stderr).error;
    assert.deepEqual([stdout, status, name, stack], ['', 1, 'TypeError', `TypeError: ${message}`]);
  }
});

test('caisson: a program whose output nobody reads any more ends, and output that cannot be written is no error', async () => {
  writeFileSync(join(folder, 'flood.js'), 'for (let i = 0; ; i++) console.log("line", i);');
  const child = spawn(process.execPath, [command, 'run', 'flood.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (piece) => {
    errors += piece;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code, signal] = await new Promise((resolve) => child.on('close', (...end) => resolve(end)));
  assert.deepEqual([code, signal, errors], [0, null, '']);
  const { status, stdout } = spawnSync(
    'sh',
    ['-c', `"$0" "$1" run hello.js <&- >&- 2>&-; echo $?`, process.execPath, command],
    { cwd: folder, encoding: 'utf8' },
  );
  assert.deepEqual([status, stdout], [0, '0\n']);
});

test('caisson: a program imports from its package and from node_modules above it, and no other file', () => {
  for (const path of ['outside/inside/src', 'outside/inside/lib', 'outside/node_modules/up'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'outside/secret.txt'), 'secret');
  writeFileSync(join(folder, 'outside/inside/package.json'), '{}');
  writeFileSync(join(folder, 'outside/inside/lib/a.js'), 'export default 5;');
  writeFileSync(join(folder, 'outside/node_modules/up/package.json'), '{ "main": "main.js" }');
  writeFileSync(join(folder, 'outside/node_modules/up/main.js'), 'module.exports = 7;');
  const out = ['../../secret.txt', join(folder, 'outside/secret.txt'), '../node_modules/../../secret.txt'];
  writeFileSync(
    join(folder, 'outside/inside/src/main.mjs'),
    `import a from '../lib/a.js';
    import up from 'up';
    console.log(a, up);
    for (const path of ${JSON.stringify(out)})
      await import(path, { with: { type: 'text' } }).catch(({ code }) => console.log(code));`,
  );
  const { stdout, stderr } = programs.caisson('run', 'outside/inside/src/main.mjs');
  assert.deepEqual([stdout, stderr], [`5 7\n${'ERR_ACCESS_DENIED\n'.repeat(3)}`, '']);
});

test('caisson: a program without end waits for a reader that does not read, and ends with it', async () => {
  writeFileSync(join(folder, 'flood.js'), 'for (let i = 0; ; i++) console.log("line", i);');
  const child = spawn(process.execPath, [command, 'run', 'flood.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => {
    child.stdout.pause();
    setTimeout(() => child.stdout.destroy(), 500); // what it has not read makes this a reset
  });
  const end = await new Promise((resolve) => child.on('close', (...all) => resolve(all)));
  assert.deepEqual(end, [0, null]);
});

test('caisson: output waits for a slow reader and arrives whole', async () => {
  writeFileSync(join(folder, 'long.js'), 'for (let i = 0; i < 4000; i++) console.log(i, "x".repeat(60));');
  const child = spawn(process.execPath, [command, 'run', 'long.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  let lines = 0,
    last = '';
  for await (const piece of child.stdout) {
    lines += String(piece).split('\n').length - 1;
    last = (last + piece).slice(-80);
  }
  assert.equal(lines, 4000);
  assert.match(last, /\n3999 x{60}\n$/);
});

test('caisson: an interrupt from the keyboard ends a program that runs', async () => {
  writeFileSync(join(folder, 'endless.js'), 'console.log("a"); for (;;);');
  const child = spawn(process.execPath, [command, 'run', 'endless.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (piece) => {
    errors += piece;
  });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const [code, signal] = await new Promise((resolve) => child.on('close', (...end) => resolve(end)));
  assert.deepEqual([code, signal, errors], [null, 'SIGINT', '']);
});

test('caisson: limits, with a code each and the place where they struck', () => {
  const time = programs.caisson('--time-limit', '50', 'run', 'loop.js');
  assert.match(time.stderr, /^TimeLimitError: .*\(50 ms\)\n {4}at loop\.js:1:\d+\n$/);
  assert.equal(time.status, 3);
  assert.equal(programs.caisson('run', '--time-limit', '50', 'loop.js').stderr, time.stderr);
  const all = 'const all = []; for (;;) { try { for (;;) all.push({}); } catch {} }';
  const memory = programs.caisson('--memory-limit=4MB', '-e', all);
  assert.match(memory.stderr, /^MemoryLimitError: /);
  assert.equal(memory.status, 4);
});

test('caisson: amounts have units', () => {
  for (const [args, limit] of [
    [['--time-limit', '0.05s'], /\(50 ms\)/],
    [['--time-limit=0.001m'], /\(60 ms\)/],
    [['--time-limit', '70 MS'], /\(70 ms\)/],
    [['--time-limit', '80'], /\(80 ms\)/],
  ])
    assert.match(programs.caisson(...args, 'loop.js').stderr, limit);
  for (const [size, holds] of [
    ['8MB', 6e6],
    ['8MiB', 7e6],
    ['8000000', 6e6],
    ['0.01GB', 8e6],
    ['8192KiB', 7e6],
  ]) {
    const code = `let holds = true; try { new Uint8Array(${holds}) } catch { holds = false } let more = true; try { new Uint8Array(12e6) } catch { more = false } [holds, more].join()`;
    assert.equal(programs.caisson('--memory-limit', size, '-p', code).stdout, 'true,false\n', size);
  }
});

test('caisson: mistakes are named, with what was expected and the nearest option', () => {
  writeFileSync(join(folder, 'a.ts'), 'let a: number;');
  writeFileSync(join(folder, 'ts.mjs'), 'import "./a.ts";');
  const time = /^caisson: --time-limit must be a time above 0 like 500ms, 2s or 1m .*, not '(.*)'\n/;
  const size = /^caisson: --memory-limit must be a size of at least 1MiB like 64MB.*, not '(.*)'\n/;
  for (const [args, message] of [
    [['--nonsense', 'hello.js'], /^caisson: there is no option --nonsense\n/],
    [['--tim-limit=5', 'hello.js'], /^caisson: there is no option --tim-limit; did you mean --time-limit\?\n/],
    [['--mem', 'hello.js'], /did you mean --memory-limit\?/],
    [['-x', 'hello.js'], /^caisson: there is no option -x\n/],
    [['-json', 'hello.js'], /did you mean --json\?/],
    [['--__proto__'], /there is no option --__proto__/],
    [['--memory-limit'], /^caisson: --memory-limit needs a value: --memory-limit SIZE\n/],
    [['-e'], /^caisson: -e needs a value: -e CODE\n/],
    [['-e', '1', '-p', '2'], /^caisson: -e and -p cannot be given together/],
    [['-i', '-p', '1'], /^caisson: -i cannot be given together with -e or -p/],
    [['--mount=gone', '-p', '1'], /^caisson: --mount must be a directory .*, and there is no 'gone'/],
    [['--mount', 'hello.js', '-p', '1'], /^caisson: --mount must be a directory .*, and 'hello\.js' is none/],
    ...['example.com', 'https://a.example/x', 'ftp://a.example', '*', 'https://'].map((origin) => [
      ['--allow-fetch', origin, '-p', '1'],
      /^caisson: --allow-fetch must be an origin like .*, not '(.*)'\n/,
    ]),
    [['--module', '--module', 'hello.js'], /^caisson: --module is given twice/],
    [['--json=yes', 'hello.js'], /^caisson: --json takes no value, got 'yes'/],
    [['run'], /^caisson: run needs a FILE/],
    [['run', '--module'], /^caisson: run needs a FILE/],
    [['run', '-e', '1'], /^caisson: run takes a FILE, and neither -e, -p nor -i\n/],
    ...['many', '0', '-1', '', '5x', '1e400', 'Infinity', 'constructor'].map((value) => [
      [`--time-limit=${value}`, 'a.js'],
      time,
    ]),
    ...['many', '1', '-5MB', '5TB', 'NaN'].map((value) => [[`--memory-limit=${value}`, 'a.js'], size]),
    [['.'], /^caisson: cannot read \.: it is a directory\n/],
    [['nothing.js'], /^caisson: cannot read nothing\.js: there is no such file\n/],
    [['hello.js/x.js'], /^caisson: cannot read hello\.js\/x\.js: there is no such file\n/],
    [['a.ts'], /^caisson: a\.ts is TypeScript, which Caisson does not run: compile it to JavaScript before/],
    [['--dump=ast', 'hello.js'], /^caisson: --dump needs the native build.*caisson-shell --dump=STAGE FILE/],
  ]) {
    const { stdout, stderr, status } = programs.caisson(...args);
    assert.match(stderr, message, args.join(' '));
    assert.doesNotMatch(stderr, /node:|\n    at /, args.join(' '));
    assert.deepEqual([stdout, status], ['', 2], args.join(' '));
  }
  const imported = programs.caisson('ts.mjs');
  assert.match(imported.stderr, /a\.ts is TypeScript/);
  assert.equal(imported.status, 1);
});

test('caisson: --help names every option, every exit code and both are in the README', () => {
  const { stdout } = programs.caisson('--help');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const name of [
    '-e',
    '-p',
    '-i',
    '--module',
    '--time-limit',
    '--memory-limit',
    '--json',
    '--allow-fetch',
    '--mount',
    '--version',
    '--help',
  ])
    for (const text of [stdout, readme]) assert.ok(text.includes(name), name);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
  for (const code of Object.values(ExitCode)) {
    assert.match(stdout, new RegExp(`\\b${code} [a-z]`), String(code));
    assert.match(readme, new RegExp(`^\\| ${code} \\|`, 'm'), String(code));
  }
});
