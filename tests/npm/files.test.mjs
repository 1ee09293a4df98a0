// caisson/files: in memory and in a directory, guests find what Node's own modules would show them, and nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { directoryFiles, memoryFiles } from 'caisson/files';

function folder(t) {
  const made = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'caisson-files-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}
async function start(t, files, options = {}) {
  const sandbox = await createSandbox({ modules: files.modules, ...options });
  t.after(() => sandbox.dispose());
  const run = (body) =>
    sandbox.eval(
      `(async () => { const fs = await import('node:fs'), files = await import('node:fs/promises'), path = await import('node:path'); ${body} })()`,
    );
  const code = (text) =>
    run(`try { await ${text}; return 'none'; } catch (error) { return error.code ?? error.name; }`);
  return { sandbox, run, code };
}

const steps = [
  ['writeFile', '/a.txt', 'hällo'],
  ['readFile', '/a.txt', 'utf8'],
  ['readFile', '/a.txt'],
  ['readFile', '/a.txt', { encoding: 'latin1' }],
  ['readFile', '/a.txt', 'hex'],
  ['readFile', '/a.txt', 'base64'],
  ['readFile', '/a.txt', 'utf16le'],
  ['readFile', '/a.txt', 'nonsense'],
  ['writeFile', '/odd', 'YWJjZ', 'base64'],
  ['readFile', '/odd'],
  ['appendFile', '/a.txt', '!'],
  ['appendFile', '/new.txt', 'new'],
  ['stat', '/a.txt'],
  ['stat', '/none'],
  ['lstat', '/'],
  ['readFile', '/none'],
  ['readFile', '/'],
  ['readFile', '/a.txt/x'],
  ['writeFile', '/none/x', '1'],
  ['writeFile', '/a.txt', 'x', { flag: 'wx' }],
  ['writeFile', '/wx.txt', '6869', { flag: 'wx', encoding: 'hex' }],
  ['writeFile', '/a.txt', 'J', { flag: 'r+' }],
  ['writeFile', '/none.txt', 'J', { flag: 'r+' }],
  ['writeFile', '/a.txt', 'J', { flag: 'q' }],
  ['writeFile', '/', 'J'],
  ['writeFile', '/a.txt', 5],
  ['readFile', '/a.txt', 'utf8'],
  ['mkdir', '/d'],
  ['mkdir', '/d'],
  ['mkdir', '/d', { recursive: true }],
  ['mkdir', '/e/f/g'],
  ['mkdir', '/e/f/g', { recursive: true }],
  ['mkdir', '/a.txt', { recursive: true }],
  ['mkdir', '/a.txt/x', { recursive: true }],
  ['writeFile', '/e/f/h.txt', 'h'],
  ['readdir', '/e'],
  ['readdir', '/e', { recursive: true }],
  ['readdir', '/e/f', { withFileTypes: true }],
  ['readdir', '/none'],
  ['readdir', '/a.txt'],
  ['copyFile', '/a.txt', '/d/b.txt'],
  ['copyFile', '/a.txt', '/d/b.txt', 1],
  ['copyFile', '/none', '/d/b.txt'],
  ['rename', '/d/b.txt', '/d/c.txt'],
  ['rename', '/none', '/x'],
  ['rename', '/a.txt', '/d'],
  ['rename', '/d', '/a.txt'],
  ['rename', '/d', '/e'],
  ['rename', '/e', '/e/f/e'],
  ['rename', '/e/f/g', '/g'],
  ['access', '/a.txt'],
  ['access', '/a.txt', 4],
  ['access', '/a.txt', 1],
  ['access', '/none'],
  ['truncate', '/a.txt', 2],
  ['truncate', '/a.txt', 4],
  ['readFile', '/a.txt', 'utf8'],
  ['truncate', '/none', 1],
  ['unlink', '/none'],
  ['rmdir', '/e'],
  ['rmdir', '/a.txt'],
  ['rmdir', '/g'],
  ['rm', '/e'],
  ['rm', '/none'],
  ['rm', '/none', { force: true }],
  ['rm', '/e', { recursive: true }],
  ['realpath', '/d/../a.txt'],
  ['realpath', '/none'],
  ['readlink', '/a.txt'],
  ['unlink', '/a.txt'],
  ['readdir', '/'],
  ['readdir', '/', { recursive: true }],
  ['readFile', 5],
  ['readFile', '/nul\0'],
  ['readFile', ''],
];

// What a step gives, in a form that can be compared. `fs` is a module of the guest or of Node.
const outcomeOf = `async (run, name) => {
  const shown = (value) => {
    if (value instanceof Uint8Array) return [...value];
    if (Array.isArray(value)) return value.map(shown).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (value !== null && typeof value === 'object')
      return [value.name ?? null, value.isDirectory(), value.isFile(), value.isSymbolicLink(), value.isFile() ? value.size ?? null : null, value.mtime === undefined || Math.abs(value.mtime - Date.now()) < 60000];
    return value === undefined ? 'nothing' : value;
  };
  try {
    return shown(await run());
  } catch (error) {
    return [error.code, error instanceof TypeError, error.code?.startsWith('ERR') ? '' : [error.message, error.syscall, error.path, error.dest]];
  }
}`;

test('every operation gives what Node gives, with the same errors, in memory and in a directory', async (t) => {
  const real = folder(t);
  const outcome = new Function(`return ${outcomeOf}`)();
  const placed = (value, index, name) =>
    typeof value === 'string' && value.startsWith('/') && (index === 1 || ['copyFile', 'rename'].includes(name))
      ? real + value
      : value;
  const theirs = [];
  for (const [name, ...values] of steps) {
    const given = values.map((value, index) => placed(value, index + 1, name));
    theirs.push(await outcome(() => fs.promises[name](...given), name));
  }
  const cleaned = JSON.parse(JSON.stringify(theirs).replaceAll(`${real}/`, '/').replaceAll(real, '/'));
  for (const [kind, files] of [
    ['memory', memoryFiles()],
    ['directory', directoryFiles(folder(t), { writable: true })],
    ['memory, synchronous', memoryFiles()],
    ['directory, synchronous', directoryFiles(folder(t), { writable: true })],
  ]) {
    const { run } = await start(t, files);
    const isSync = kind.endsWith('synchronous');
    const mine = await run(`
      const outcome = ${outcomeOf};
      const results = [];
      for (const [name, ...values] of ${JSON.stringify(steps)})
        results.push(await outcome(() => ${isSync ? 'fs[name + "Sync"](...values)' : 'files[name](...values)'}, name));
      return JSON.stringify(results);`);
    for (const [index, found] of JSON.parse(mine).entries())
      assert.deepEqual(found, cleaned[index], `${kind}: ${JSON.stringify(steps[index])}`);
  }
});

test('callbacks, names without node:, URLs and bytes as paths, and the namespaces', async (t) => {
  const { run } = await start(t, memoryFiles({ '/ü x.txt': 'text', 'b/c': '' }));
  assert.deepEqual(
    await run(`
      const other = await import('fs'), later = await import('fs/promises'), same = await import('path/posix');
      const results = [];
      results.push(await new Promise((resolve) => fs.readFile('/ü x.txt', 'utf8', (...values) => resolve(values))));
      results.push(await new Promise((resolve) => fs.readFile('/none', (error, value) => resolve([error.code, value ?? null]))));
      results.push(await new Promise((resolve) => fs.exists('/b', resolve)), fs.existsSync('/none'), fs.existsSync(5));
      results.push(fs.readFileSync(new URL('file:///%C3%BC%20x.txt'), 'utf8'), fs.readFileSync(new TextEncoder().encode('ü x.txt'), 'utf8'));
      results.push(other.default === fs.default, fs.promises === later.default, same.posix === path.default, fs.constants.W_OK, fs.statSync('/none', { throwIfNoEntry: false }) ?? 'none');
      results.push((await files.mkdtemp('/t-')).length, fs.readdirSync('/', { withFileTypes: true }).map((entry) => entry.name + entry.isDirectory() + entry.parentPath).slice(0, 2));
      return results;`),
    [
      [null, 'text'],
      ['ENOENT', null],
      true,
      false,
      false,
      'text',
      'text',
      true,
      true,
      true,
      2,
      'none',
      9,
      ['ü x.txtfalse/', 'btrue/'],
    ],
  );
  assert.equal(await run(`try { fs.readFile('/x'); } catch (error) { return error.code; }`), 'ERR_INVALID_ARG_TYPE');
  assert.equal(
    await run(`try { fs.readFileSync(new URL('https://example.com/x')); } catch (error) { return error.code; }`),
    'ERR_INVALID_URL_SCHEME',
  );
});

test('node:path is that of POSIX', async (t) => {
  const { sandbox } = await start(t, memoryFiles());
  const parts = [
    '',
    '/',
    '//',
    '.',
    '..',
    './',
    '../',
    'a',
    '/a',
    'a/',
    'b.c',
    '/b.c.d/',
    '.e',
    '..f',
    'a//b',
    '/../a',
    'a/../..',
    '/a/b/../c.txt',
    'x.',
    '/.',
    '/..',
    ' ',
    'ü/ñ',
  ];
  const calls = [];
  for (const name of ['normalize', 'dirname', 'basename', 'extname', 'parse', 'isAbsolute'])
    for (const part of parts) if (name !== 'parse' || !part.endsWith('..')) calls.push([name, part]);
  for (const one of parts) {
    for (const other of parts) {
      calls.push(
        ['join', one, other],
        ['resolve', '/', one, other],
        ['relative', `/${one}`, `/${other}`],
        ['join', one, other, one],
      );
    }
  }
  // Of a suffix with slashes, or of a path of slashes only, Node has ways of its own.
  for (const one of parts.filter((part) => /[^/]/.test(part)))
    for (const suffix of ['', one, '.c', '.d', 'c', 'b.c']) calls.push(['basename', one, suffix]);
  for (const value of [
    {},
    { dir: '/a', base: 'b' },
    { root: '/', name: 'c', ext: 'd' },
    { root: '/', dir: '/', base: 'x' },
    { name: 'n', ext: '.e' },
  ])
    calls.push(['format', value]);
  const mine = await sandbox.eval(
    `import('node:path').then((path) => JSON.stringify(${JSON.stringify(calls)}.map(([name, ...values]) => path[name](...values))))`,
  );
  for (const [index, found] of JSON.parse(mine).entries()) {
    const [name, ...values] = calls[index];
    assert.deepEqual(found, posix[name](...values), JSON.stringify(calls[index]));
  }
  assert.deepEqual(
    await sandbox.eval(
      `import('path').then(({ default: path }) => [path.sep, path.delimiter, path.resolve('a'), path.relative('/a', 'b'), path.posix === path])`,
    ),
    ['/', ':', '/a', '../b', true],
  );
  assert.equal(
    await sandbox.eval(
      `import('path').then((path) => { try { path.join('a', 5); } catch (error) { return error.code; } })`,
    ),
    'ERR_INVALID_ARG_TYPE',
  );
});

test('the host sees what guests wrote, and guests what the host writes', async (t) => {
  const given = new Uint8Array([1, 2]);
  const files = memoryFiles({ 'in.bin': given, './x/../weird': 'w' });
  given[0] = 9;
  const { run } = await start(t, files);
  const other = await start(t, files);
  assert.deepEqual(await run(`return [...fs.readFileSync('/in.bin')]`), [1, 2]);
  await run(`fs.mkdirSync('/out'); fs.writeFileSync('/out/a', 'text'); fs.mkdirSync('/empty')`);
  files.write('/late/b', 'b');
  assert.equal(
    await other.run(`return fs.readFileSync('/late/b', 'utf8') + fs.readFileSync('/out/a', 'utf8')`),
    'btext',
  );
  assert.equal(Buffer.from(files.read('/out/a')).toString(), 'text');
  files.read('/out/a').fill(0);
  const all = files.contents();
  assert.deepEqual(
    Object.keys(all)
      .filter((path) => path !== '/weird')
      .sort(),
    ['/in.bin', '/late/b', '/out/a'],
  );
  assert.equal(Buffer.from(all['/out/a']).toString(), 'text');
});

test('options and contents are checked', () => {
  for (const wrong of [5, null, [], new Map([['/a', 'x']])])
    assert.throws(() => memoryFiles(wrong), /an object of files by path/);
  for (const use of [() => memoryFiles().read(5), () => memoryFiles().write(undefined, 'x')])
    assert.throws(use, /a path must be a string, got/);
  assert.throws(() => memoryFiles({ a: 5 }), /a text or bytes/);
  assert.throws(() => memoryFiles({}, { writeable: true }), /no option 'writeable'/);
  for (const wrong of [{ writable: 1 }, { sizeLimit: 0 }, { fileLimit: 'x' }, { countLimit: NaN }])
    assert.throws(() => memoryFiles({}, wrong), TypeError);
  for (const wrong of [undefined, '', 5, {}]) assert.throws(() => directoryFiles(wrong), TypeError);
  assert.throws(() => directoryFiles('/there/is/nothing'), /ENOENT/);
  assert.throws(() => directoryFiles(process.execPath), /is no directory/);
});

test('a directory can only be read unless the host says more', async (t) => {
  const real = folder(t);
  fs.writeFileSync(join(real, 'a'), 'text');
  const { run, code } = await start(t, directoryFiles(real));
  assert.equal(await run(`return fs.readFileSync('/a', 'utf8')`), 'text');
  for (const text of [
    `files.writeFile('/a', 'x')`,
    `files.writeFile('/b', 'x')`,
    `files.appendFile('/a', 'x')`,
    `files.unlink('/a')`,
    `files.rm('/a')`,
    `files.mkdir('/d')`,
    `files.rename('/a', '/b')`,
    `files.copyFile('/a', '/b')`,
    `files.truncate('/a')`,
    `files.rmdir('/')`,
    `files.rm('/', { recursive: true })`,
    `files.access('/a', 2)`,
    `files.mkdtemp('/x')`,
  ])
    assert.equal(await code(text), 'EROFS', text);
  assert.equal(await code(`files.access('/a', 4)`), 'none');
  assert.deepEqual(fs.readdirSync(real), ['a']);
  assert.equal(fs.readFileSync(join(real, 'a'), 'utf8'), 'text');
});

test('nothing outside of a directory can be reached, by no path and no link', async (t) => {
  const outside = folder(t);
  const real = join(outside, 'inside');
  fs.mkdirSync(join(real, 'sub'), { recursive: true });
  fs.mkdirSync(join(outside, 'inside-too'));
  fs.writeFileSync(join(outside, 'secret'), 'secret');
  fs.writeFileSync(join(outside, 'inside-too', 'secret'), 'secret');
  fs.writeFileSync(join(real, 'own'), 'own');
  const links = {
    file: '../secret',
    absolute: join(outside, 'secret'),
    directory: '..',
    sibling: '../inside-too',
    dangling: '../new',
    fine: 'own',
    round: 'round',
    'sub/up': '../own',
    'sub/out': '../../secret',
    chain: 'file',
  };
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, join(real, name));
  execFileSync('mkfifo', [join(real, 'pipe')]);
  const { run, code } = await start(t, directoryFiles(real, { writable: true }));
  const secretFree = async (text) =>
    assert.doesNotMatch(
      String(
        await run(
          `try { return String(await ${text}); } catch (error) { return error.stack + JSON.stringify(error); }`,
        ),
      ),
      new RegExp(`secret$|${outside}`),
      text,
    );
  for (const path of [
    '../secret',
    '/../secret',
    '/sub/../../secret',
    'file',
    'absolute',
    'directory/secret',
    'sibling/secret',
    'sub/out',
    'chain',
    './/..//secret',
    'sub/../../inside-too/secret',
    '..\\\\secret',
    '%2e%2e/secret',
    '/directory/inside/own',
    'file:///../secret',
  ])
    await secretFree(`files.readFile('${path}', 'utf8')`);
  for (const path of ['file', 'absolute', 'chain', 'sub/out', 'directory/secret', 'sibling/secret']) {
    for (const text of [
      `files.readFile('${path}')`,
      `files.stat('${path}')`,
      `files.realpath('${path}')`,
      `files.access('${path}')`,
      `files.copyFile('${path}', '/copy')`,
      `files.writeFile('${path}', 'x')`,
      `files.appendFile('${path}', 'x')`,
      `files.truncate('${path}')`,
    ])
      assert.equal(await code(text), 'EACCES', text);
  }
  assert.equal(await code(`files.readdir('directory')`), 'EACCES');
  assert.equal(await code(`files.mkdir('directory/made')`), 'EACCES');
  assert.equal(await code(`files.rename('own', 'directory/moved')`), 'EACCES');
  assert.equal(await code(`files.rename('directory/secret', 'moved')`), 'EACCES');
  assert.equal(await code(`files.rm('directory/secret')`), 'EACCES');
  assert.equal(await code(`files.readFile('round')`), 'ELOOP');
  assert.match(await code(`files.writeFile('dangling', 'x')`), /ENOENT|EACCES/);
  assert.equal(await code(`files.readlink('file')`), 'EACCES');
  assert.equal(await code(`files.readFile('pipe')`), 'EACCES');
  assert.equal(await code(`files.writeFile('pipe', 'x')`), 'EACCES');
  assert.equal(await code(`files.stat('pipe')`), 'EACCES');
  assert.equal(
    await run(
      `return (await files.readFile('fine', 'utf8')) + (await files.readFile('sub/up', 'utf8')) + (await files.realpath('sub/up')) + (await files.readlink('fine'))`,
    ),
    'ownown/own/own',
  );
  assert.deepEqual(
    await run(
      `return [(await files.lstat('file')).isSymbolicLink(), (await files.readdir('/', { withFileTypes: true })).filter((entry) => entry.isSymbolicLink()).length, fs.existsSync('pipe')]`,
    ),
    [true, 8, false],
  );
  // Removing and copying do not follow links.
  await run(`await files.rm('/', { recursive: true })`).catch(() => {});
  assert.equal(fs.readFileSync(join(outside, 'secret'), 'utf8'), 'secret');
  assert.equal(fs.readFileSync(join(outside, 'inside-too', 'secret'), 'utf8'), 'secret');
  assert.ok(fs.existsSync(real));
  assert.deepEqual(fs.readdirSync(outside).sort(), ['inside', 'inside-too', 'secret']);
});

test('no error of a directory tells where it is', async (t) => {
  const outside = folder(t);
  const real = join(outside, 'inside');
  fs.mkdirSync(real);
  fs.writeFileSync(join(real, 'file'), 'x');
  fs.symlinkSync('loop', join(real, 'loop'));
  fs.symlinkSync('../nothing', join(real, 'dangling'));
  const { run } = await start(t, directoryFiles(real, { writable: true }));
  const long = `/${`${'n'.repeat(250)}/`.repeat(16)}`; // fits by itself, and not in a path of the host
  const names = ['access', 'lstat', 'mkdir', 'readFile', 'readdir', 'readlink', 'realpath', 'rm', 'rmdir', 'stat'];
  const calls = [...names, 'truncate', 'unlink', 'writeFile', 'appendFile'].map((name) => `files.${name}(at, 'x')`);
  calls.push(`files.rename(at, '/to')`, `files.rename('/file', at)`, `files.copyFile('/file', at)`);
  for (const path of ['/file/x', '/loop', '/loop/x', '/dangling', '/none/x', long, `${long}x`])
    for (const call of calls) {
      const text = `const at = '${path}'; try { await ${call.replace("readFile(at, 'x')", 'readFile(at)')} } catch (error) { return error.stack + JSON.stringify(error); }`;
      const told = await run(text);
      assert.ok(!told?.includes(outside), `${call} ${path.slice(0, 20)}: ${told}`);
      if (path === '/file/x') assert.match(told, /^Error: ENOTDIR: not a directory, \w+ '\/file/, call);
    }
});

test('paths with NUL, backslashes, other scripts and great lengths name what they name, or nothing', async (t) => {
  for (const files of [memoryFiles(), directoryFiles(folder(t), { writable: true })]) {
    const { run, code } = await start(t, files);
    assert.equal(await code(`files.writeFile('/a\\0b', 'x')`), 'ERR_INVALID_ARG_VALUE');
    assert.equal(await code(`files.writeFile('/\\ud800', 'x')`), 'EINVAL');
    assert.equal(await code(`files.writeFile('/' + 'x'.repeat(256), 'x')`), 'ENAMETOOLONG');
    assert.equal(await code(`files.writeFile('/' + 'ü'.repeat(128), 'x')`), 'ENAMETOOLONG');
    assert.equal(await code(`files.mkdir('/' + 'a/'.repeat(3000), { recursive: true })`), 'ENAMETOOLONG');
    const names = ['ü', 'u\u0308', '日本', '😀', '..a', '...', ' ', '__proto__', 'constructor', 'a:b', '\u202e'];
    await run(`for (const name of ${JSON.stringify(names)}) await files.writeFile(name, name)`);
    assert.deepEqual((await run(`return files.readdir('/')`)).sort(), [...names].sort());
    for (const name of names) assert.equal(await run(`return files.readFile(${JSON.stringify(name)}, 'utf8')`), name);
    if (process.platform !== 'win32')
      assert.equal(await run(`await files.writeFile('a\\\\b', 'x'); return fs.existsSync('a')`), false);
    await run(
      `await files.mkdir('/d' + '/d'.repeat(200), { recursive: true }); await files.rm('/d', { recursive: true })`,
    );
  }
});

test('quotas hold for what is written, and what is removed makes room again', async (t) => {
  for (const make of [
    (options) => memoryFiles({ '/host': 'x'.repeat(500) }, options),
    (options) => directoryFiles(folder(t), { writable: true, ...options }),
  ]) {
    const { run, code } = await start(t, make({ sizeLimit: 100, fileLimit: 80, countLimit: 5 }));
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(81))`), 'EFBIG');
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(80))`), 'none');
    assert.equal(await code(`files.appendFile('/a', 'x')`), 'EFBIG');
    assert.equal(await code(`files.truncate('/a', 1e9)`), 'EFBIG');
    assert.equal(await code(`files.writeFile('/b', 'x'.repeat(21))`), 'ENOSPC');
    assert.equal(await code(`files.copyFile('/a', '/b')`), 'ENOSPC');
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(10))`), 'none');
    assert.equal(await code(`files.copyFile('/a', '/b')`), 'none');
    assert.equal(await code(`files.unlink('/a')`), 'none');
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(80))`), 'none');
    assert.equal(await code(`files.truncate('/a', -1)`), 'EINVAL');
    assert.equal(await code(`files.truncate('/a', NaN)`), 'EINVAL');
    await run(`for (const name of 'cde') await files.mkdir(name)`);
    assert.equal(await code(`files.mkdir('/f')`), 'ENOSPC');
    assert.equal(await code(`files.writeFile('/f', '')`), 'ENOSPC');
    assert.equal(await code(`files.mkdir('/c/d/e', { recursive: true })`), 'ENOSPC');
    await run(`await files.rmdir('/c')`);
    assert.equal(await code(`files.writeFile('/f', '')`), 'none');
  }
  const large = memoryFiles({ '/large': new Uint8Array(1000) }, { fileLimit: 100 });
  assert.equal(await (await start(t, large)).code(`files.copyFile('/large', '/x')`), 'EFBIG');
});

test('what a guest takes away of files of the host is no room for its own', async (t) => {
  const real = folder(t);
  for (const make of [
    (options) => memoryFiles({ '/1': 'x'.repeat(500), '/2': 'x'.repeat(500) }, options),
    (options) => {
      for (const name of ['1', '2']) fs.writeFileSync(join(real, name), 'x'.repeat(500));
      return directoryFiles(real, { writable: true, ...options });
    },
  ]) {
    const { code } = await start(t, make({ sizeLimit: 100 }));
    assert.equal(await code(`files.truncate('/1', 0)`), 'none');
    assert.equal(await code(`files.writeFile('/2', '')`), 'none');
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(101))`), 'ENOSPC');
    assert.equal(await code(`files.writeFile('/a', 'x'.repeat(100))`), 'none');
    assert.equal(await code(`files.appendFile('/1', 'x')`), 'ENOSPC');
  }
});

test('a hostile guest gets no further through the functions behind the modules', async (t) => {
  const real = folder(t);
  fs.writeFileSync(join(real, '..', 'caisson-outside'), 'secret');
  t.after(() => fs.rmSync(join(real, '..', 'caisson-outside')));
  for (const files of [memoryFiles({ '/a': 'x' }), directoryFiles(real, { writable: true })]) {
    const { call, callLater } = files.modules['caisson:files'];
    const paths = [
      '../caisson-outside',
      '/../caisson-outside',
      '/a/../../caisson-outside',
      '/./a',
      '//a',
      'a',
      '/a/',
      '/a\0',
      join(real, '..', 'caisson-outside').slice(1),
      '/\udfff',
    ];
    const wrong = [undefined, null, 5, {}, ['/a'], { toString: () => '/a' }, Symbol.iterator, ...paths];
    for (const name of [
      'read',
      'list',
      'stat',
      'write',
      'unlink',
      'remove',
      'removeDirectory',
      'makeDirectory',
      'access',
      'truncate',
      'realPath',
      'readLink',
      'copy',
      'rename',
    ]) {
      for (const path of wrong) {
        assert.throws(
          () => call(name, path, new Uint8Array(1), 'replace'),
          (error) => error instanceof Error && !error.message.includes(real),
          `${name} ${String(path)}`,
        );
        if (name === 'rename' || name === 'copy') assert.throws(() => call(name, '/a', path), Error);
      }
    }
    for (const name of [
      undefined,
      5,
      'toString',
      '__proto__',
      'constructor',
      'hasOwnProperty',
      {},
      ['read'],
      'write\0',
    ]) {
      assert.throws(() => call(name, '/a'), TypeError);
      await assert.rejects(callLater(name, '/a'), TypeError);
    }
    for (const data of [
      'text',
      5,
      null,
      {},
      [1],
      new ArrayBuffer(1),
      new DataView(new ArrayBuffer(1)),
      { length: 1e9 },
    ])
      assert.throws(() => call('write', '/b', data, 'replace'), TypeError);
    for (const kind of ['x', undefined, {}, ['append'], 'toString'])
      assert.throws(() => call('write', '/b', new Uint8Array(1), kind), TypeError);
  }
  assert.equal(fs.readFileSync(join(real, '..', 'caisson-outside'), 'utf8'), 'secret');
  assert.deepEqual(fs.readdirSync(real), []);
});

test('many short additions take no more time than their bytes', async (t) => {
  const { run } = await start(t, memoryFiles());
  assert.equal(
    await run(`for (let i = 0; i < 20000; i++) fs.appendFileSync('/log', 'line\\n'); return fs.statSync('/log').size`),
    100000,
  );
});

test('deep trees are made, listed and removed without resolving each path anew', async (t) => {
  const real = folder(t);
  const { run, code } = await start(t, directoryFiles(real, { writable: true }), { timeLimit: 60_000 });
  const deep = `'/deep' + '/d'.repeat(254)`;
  const before = performance.now();
  await run(
    `await files.mkdir(${deep}, { recursive: true }); await files.writeFile(${deep}.slice(0, -2) + '/file', 'x')`,
  );
  assert.equal(await run(`return (await files.readdir('/', { recursive: true })).length`), 256);
  assert.equal(await code(`files.mkdir(${deep} + '/d/d')`), 'ENAMETOOLONG');
  await run(`await files.rm('/deep', { recursive: true })`);
  const time = performance.now() - before;
  assert.deepEqual(fs.readdirSync(real), []);
  assert.ok(time < 5000, `${time} ms`);
});
