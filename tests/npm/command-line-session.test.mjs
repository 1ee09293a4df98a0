// npx caisson as an interactive session: through pipes, and on a terminal (which Python makes).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withoutAwait } from '../../npm/bin/evaluator.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

const command = join(root, 'npm', 'bin', 'caisson.mjs');
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-session-'));
});
after(() => rmSync(folder, { recursive: true }));

/** What a session prints for lines that come through a pipe. */
function session(lines, ...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, '-i', ...args], {
    encoding: 'utf8',
    cwd: folder,
    input: `${lines.join('\n')}\n`,
  });
  assert.deepEqual([stderr, status], ['', 0]);
  return stdout;
}

test('inputs are evaluated one after the other, and their values shown', () => {
  writeFileSync(join(folder, 'loaded.js'), 'const loaded = 5;\nloaded + 1');
  writeFileSync(join(folder, 'lib.mjs'), 'export const twice = (n) => n * 2;');
  const inputs = [
    ['1 + 1', '2\n'],
    ['"a\\nb"', "'a\\nb'\n"],
    ['undefined', ''],
    ['let thing = { a: [1] }', ''],
    ['thing', '{ a: [ 1 ] }\n'],
    ['_.a', '[ 1 ]\n'],
    ['{ b: 2 }', '{ b: 2 }\n'],
    ['function f(n) {', ''],
    ['  return n * 2;', ''],
    ['}', ''],
    ['f(', ''],
    ['4)', '8\n'],
    ['`x', ''],
    ['y`', "'x\\ny'\n"],
    ['/* not', ''],
    ['yet */ 3', '3\n'],
    ['[1, 2].map((n) =>', ''],
    ['n + 1)', '[ 2, 3 ]\n'],
    ['await new Promise((resolve) => setTimeout(resolve, 5, "later"))', "'later'\n"],
    ['const { p, q: [r] } = await { p: 1, q: [2] }', ''],
    ['p + r', '3\n'],
    ['for await (const x of [Promise.resolve(7)]) console.log(x)', '7\n'],
    ['async function g() {', ''],
    ['  return await 9;', ''],
    ['}', ''],
    ['await g()', '9\n'],
    ['(await import("./lib.mjs")).twice(21)', '42\n'],
    ['new Map([[1, Symbol("s")]])', 'Map(1) { 1 => Symbol(s) }\n'],
    ['Promise.resolve(1)', 'Promise { 1 }\n'],
    ['throw new TypeError("no")', 'Uncaught TypeError: no\n    at input22:1:7\n'],
    ['nope', 'Uncaught ReferenceError: nope is not defined\n    at input23:1:1\n'],
    ['throw 5', 'Uncaught 5\n'],
    ['let thing = 1', /^Uncaught SyntaxError: .*thing.*\n/],
    ['1 2', /^Uncaught SyntaxError: unexpected number\n {4}at input26:1:3\n/],
    ['.load loaded.js', '6\n'],
    ['loaded', '5\n'],
    ['.load gone.js', /^\.load: ENOENT/],
    ['.what', 'there is no .what; there are .help .load .clear .exit\n'],
    ['.5 + 1', '1.5\n'],
    ['.help', /^\.help .*\n\.load FILE/],
    ['setTimeout(() => { throw new Error("timer") }, 1), 0', '0\n'],
    ['await new Promise((resolve) => setTimeout(resolve, 30)), "waited"', /^Uncaught Error: timer\n[^]*'waited'\n/],
    ['globalThis.console = null; "gone"', "'gone'\n"],
    ['"still"', "'still'\n"],
    ['.clear', ''],
    ['typeof thing', "'undefined'\n"],
  ];
  // Markers tell where the output of one input ends.
  const lines = inputs.map(([line]) => line);
  const printed = session(lines);
  let rest = printed;
  for (const [line, output] of inputs) {
    if (typeof output === 'string') {
      assert.equal(rest.slice(0, output.length), output, line);
      rest = rest.slice(output.length);
    } else {
      const [found] = output.exec(rest) ?? assert.fail(`${line}: ${rest.slice(0, 300)}`);
      rest = rest.slice(found.length);
      // What follows on further lines belongs to it, up to what is expected next.
      const next = inputs
        .slice(inputs.findIndex(([other]) => other === line) + 1)
        .find(([, wanted]) => wanted !== '')?.[1];
      const at =
        typeof next === 'string' ? rest.indexOf(next) : rest.search(new RegExp(next.source.slice(1), next.flags));
      assert.ok(at >= 0, `${line}: ${rest.slice(0, 300)}`);
      rest = rest.slice(at);
    }
  }
  assert.equal(rest, '');
});

test('an input that is not complete at the end of all is an error, and limits hold for each input', () => {
  assert.match(session(['1 +']), /^Uncaught SyntaxError: unexpected end of input/);
  assert.match(
    session(['for (;;);', '1 + 1'], '--time-limit', '500ms'),
    /^TimeLimitError: .*\(500 ms\)\n {4}at input1:1:\d+\n2\n$/,
  );
  assert.match(
    session(
      ['(() => { const all = []; for (;;) { try { for (;;) all.push({}); } catch {} } })()', '1 + 1'],
      '--memory-limit',
      '4MB',
    ),
    /^MemoryLimitError: [^]*\n2\n$/,
  );
  assert.equal(session(['scriptArgs', '.exit', '1'], 'a', 'b'), "[ 'a', 'b' ]\n");
});

test('await at the top level becomes a call, and stays what it is in functions', () => {
  const call = (text) => withoutAwait(text).replaceAll('__caisson_', '$');
  for (const [source, expected] of [
    ['await a', '$await( a)'],
    ['await a.b[c](d).e + 1', '$await( a.b[c](d).e) + 1'],
    ['await (a) || b', '$await( (a)) || b'],
    ['await -await a ** 2', '$await( -$await( a)) ** 2'],
    ['await new A(b).c; d', '$await( new A(b).c); d'],
    ['await `a${b}c` + d', '$await( `a${b}c`) + d'],
    ['await f`a${b}c${d}` + d', '$await( f`a${b}c${d}`) + d'],
    ['await a?.b?.[c]?.(d), e', '$await( a?.b?.[c]?.(d)), e'],
    ['await function () { await b }; c', '$await( function () { await b }); c'],
    ['await a\n++b', '$await( a)\n++b'],
    ['await import("x")', '$await( import("x"))'],
    ['async () => { await a }; await b', 'async () => { await a }; $await( b)'],
    ['async function f() { await a } class A { async m() { await b } static { c } }', undefined],
    [
      'if (a) { await b } for (;;) { await c } try {} catch (e) { await d }',
      'if (a) { $await( b) } for (;;) { $await( c) } try {} catch (e) { $await( d) }',
    ],
    ['for await (const x of y()) z', 'for  (const x of $iterate( y())) z'],
    ['a.await; "await b"; /await c/', undefined],
    ['await', undefined],
  ])
    assert.equal(call(source), expected ?? source);
});

// [what is typed, what the screen must then show]
const stops = 'InterruptedError: .*?> ';
const onTerminal = [
  ['', 'Caisson .*> '],
  // A guest that never returns is stopped wherever it is, and before the engine is there.
  ...[
    'while (true) {}',
    '/(a+)+$/.test("a".repeat(50) + "b")',
    '+{ valueOf() { for (;;); } }',
    'await new Promise(() => {})',
  ].flatMap((endless) => [
    [`${endless}\r`, '\r\n'],
    ['\x03', stops],
  ]),
  ['for (;;) console.log("flood")\r', 'flood\r\nflood\r\n'],
  ['\x03', stops],
  ['const things = { alpha: 1, get beta() { throw 1 }, "odd-name": 2 }\r', '> '],
  ['things.al', 'al'],
  ['\t', 'pha'],
  ['\r', '\x1b\\[33m1\x1b\\[39m.*> '],
  ['things.beta.', 'beta\\.'],
  ['\t', ''],
  ['\x03', '> '],
  ['thin', 'thin'],
  ['\t', 'gs'],
  ['.alpha + 1\r', '\x1b\\[33m2\x1b\\[39m.*> '],
  ['Array.isA', 'isA'],
  ['\t', 'rray'],
  ['([])\r', '\x1b\\[33mtrue.*> '],
  ['function unfinished() {\r', '\\.\\.\\. '],
  ['\x03', '> '],
  ['"text"\r', "\x1b\\[32m'text'\x1b\\[39m.*> "],
  ['setTimeout(() => console.log("between"), 50), null\r', '\x1b\\[1mnull.*between\r\n.*> '],
  ['half', 'half'],
  ['\x03', '> '],
  ['\x03', 'Ctrl-C again.*> '],
  ['\x1b[A', 'setTimeout'],
  ['\x03', '> '],
  ['\x04', undefined],
];

const python = `
import json, os, pty, re, select, sys, time
steps, args, environment = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(environment)
    os.execvp(args[0], args)
seen = ''
def read(seconds):
    global seen
    if select.select([fd], [], [], seconds)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            return False
        seen += data.decode('utf8', 'replace')
        return len(data) > 0
    return True
for typed, wanted in steps:
    os.write(fd, typed.encode())
    end = time.time() + 60
    while wanted is not None:
        match = re.search(wanted, seen, re.S)
        if match:
            seen = seen[match.end():]
            break
        if time.time() > end or not read(0.1):
            print(json.dumps({'typed': typed, 'wanted': wanted, 'seen': seen[-2000:]}))
            os.kill(pid, 9)
            sys.exit()
while read(60):
    pass
print(json.dumps({'status': os.waitpid(pid, 0)[1], 'seen': seen}))
`;
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** @returns {any} */
function onTerminalOf(steps, environment) {
  const { stdout, stderr } = spawnSync('python3', ['-c', python], {
    encoding: 'utf8',
    cwd: folder,
    input: JSON.stringify([steps, [process.execPath, command], { TERM: 'xterm-256color', ...environment }]),
  });
  return JSON.parse(stdout || assert.fail(stderr));
}

test('on a terminal: Ctrl-C, completion, colours, history, output between inputs', {
  skip: !hasPython && 'no Python',
}, () => {
  const history = join(folder, 'state', 'history');
  const environment = { CAISSON_HISTORY: history, NO_COLOR: '', FORCE_COLOR: '' };
  const { status, ...failed } = onTerminalOf(onTerminal, environment);
  assert.equal(status, 0, JSON.stringify(failed));
  const lines = readFileSync(history, 'utf8').trimEnd().split('\n');
  assert.equal(lines[0], 'while (true) {}');
  assert.ok(lines.includes('things.alpha'));
  assert.equal(statSync(history).mode & 0o777, 0o600);
  const again = onTerminalOf(
    [
      ['', '> '],
      ['\x1b[A', 'setTimeout'],
      ['\x03', '> '],
      ['\x04', null],
    ],
    environment,
  );
  assert.equal(again.status, 0, JSON.stringify(again));
});

test('without a history, and without colours', { skip: !hasPython && 'no Python' }, () => {
  const state = join(folder, 'no-state');
  const steps = [
    ['', '> '],
    ['"x"\r', "\r\n'x'\r\n"],
    ['.exit\r', null],
  ];
  const { status, ...failed } = onTerminalOf(steps, { CAISSON_HISTORY: '', XDG_STATE_HOME: state, NO_COLOR: '1' });
  assert.equal(status, 0, JSON.stringify(failed));
  assert.ok(!existsSync(state));
});

test('an interrupt from outside stops what runs, in a session without a terminal too', async () => {
  const child = spawn(process.execPath, [command, '-i'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (piece) => {
    printed += piece;
    if (printed === 'begun\n') child.kill('SIGINT');
  });
  child.stdin.end('console.log("begun"); for (;;);\n"on"\n');
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0);
  assert.match(printed, /^begun\nInterruptedError: [^]*\n'on'\n$/);
});
