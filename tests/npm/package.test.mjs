// The package as npm packs it: what is in it, whether tools resolve it, and that each of its entries runs where nothing
// but the tarball is. What bundlers and other hosts make of it: npm run hosts.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import ts from 'typescript';
import * as workerSources from '../../npm/src/entry-worker-node.js';
import * as sources from '../../npm/src/index.js';
import { entriesByHost, entryRows, exportsByHost, exportsOf } from '../../wasm-glue/tools/package-entries.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

let folder; // an application's, which has the package in its node_modules
let tarball;
let packed; // what npm tells of it
let installed;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-package-'));
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, 'npm'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  [packed] = JSON.parse(said.slice(said.search(/^\[/m)));
  tarball = readFileSync(join(folder, packed.filename));
  installed = join(folder, 'node_modules', 'caisson');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, packed.filename), '-C', installed, '--strip-components', '1']);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
after(() => rmSync(folder, { recursive: true }));

/** What a program of the application prints. */
function run(name, text, options = []) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, file], { encoding: 'utf8', cwd: folder });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const hostEntries = ['browser', 'edge-light', 'node', 'workerd']; // of `caisson`
/** `caisson/NAME`. */
const furtherEntries = ['embedded', 'fetch', 'modules', 'storage', 'streams'];
/** The same, with files of its own for Node. */
const hostedEntries = ['crypto', 'files', 'worker', 'worker-main'];
const hostedFiles = [
  ...['crypto-browser', 'crypto-node', 'files-browser', 'files-node'],
  ...['worker-browser', 'worker-node', 'worker-main', 'worker-main-node', 'worker-text'],
];

test('the tarball has what its package.json names, the documents, and nothing else', () => {
  const files = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'caisson.wasm', 'index.d.ts', 'package.json'],
    ...['caisson', 'evaluator', 'session', 'session-worker'].map((name) => `dist/${name}.mjs`),
    ...['dist/fflate.LICENSE.txt', 'dist/web-streams-polyfill.LICENSE.txt', 'dist/index.d.cts', 'dist/embedded.d.ts'],
    ...hostEntries.map((name) => `dist/${name}.js`),
    ...['core', 'node', 'browser', 'embedded-wasm', 'web-library'].flatMap((name) => [
      `dist/${name}.cjs`,
      `dist/${name}.js`,
    ]),
    ...furtherEntries.flatMap((name) => ['js', 'cjs', 'd.cts'].map((extension) => `dist/${name}.${extension}`)),
    ...furtherEntries.map((name) => `${name}/package.json`),
    ...furtherEntries.filter((name) => name !== 'embedded').map((name) => `${name}.d.ts`),
    ...hostedFiles.flatMap((name) => [`dist/${name}.js`, `dist/${name}.cjs`]),
    ...hostedEntries.flatMap((name) => [`${name}.d.ts`, `dist/${name}.d.cts`, `${name}/package.json`]),
  ];
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [...new Set(files)].sort());

  for (const name of ['LICENSE', 'CHANGELOG.md'])
    assert.equal(readFileSync(join(installed, name), 'utf8'), readFileSync(join(root, name), 'utf8'));
});

test('package.json exports every entry, by every way in which it is asked for', () => {
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual(entryRows.map(({ name }) => name).sort(), furtherEntries.toSorted());
  for (const row of entryRows) {
    const { workerd, 'edge-light': edge, ...others } = exports[`./${row.name}`];
    assert.deepEqual(others, exportsOf(row), row.name);
  }
  assert.deepEqual(entriesByHost.map(({ name }) => name).sort(), hostedEntries);
  for (const entry of entriesByHost) assert.deepEqual(exports[`./${entry.name}`], exportsByHost(entry), entry.name);
});

test('what npm shows of the package is told', () => {
  const description = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of ['description', 'license', 'homepage', 'repository', 'bugs', 'keywords', 'publishConfig'])
    assert.ok(description[name], name);
  assert.deepEqual(
    Object.keys(description).filter((name) => /dependencies/i.test(name)),
    [],
  );
});

test('links of the README lead somewhere from outside of the repository too', () => {
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  assert.ok(targets.length > 2);
  assert.deepEqual(
    targets.filter((target) => !/^(?:https:\/\/|#)/.test(target)),
    [],
  );
});

test('publint finds nothing', async () => {
  const data = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages } = await publint({ pack: { tarball: data } });
  assert.deepEqual(messages, []);
});

test('arethetypeswrong finds nothing', async () => {
  const { problems, types } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), {
    excludeEntrypoints: ['./caisson.wasm'], // every bundler gives something else for it
  });
  assert.deepEqual(problems, []);
  assert.equal(types.kind, 'included');
});

test('the declarations pass tsc --strict in ES modules and CommonJS, without the types of a page or of Node', () => {
  const uses = `
    const options: caisson.SandboxOptions = { wasm: Promise.resolve(new Uint8Array(8)), timeLimit: 5 };
    export async function use() {
      caisson.setWasm('caisson.wasm');
      caisson.setWasm(undefined);
      const sandbox: caisson.Sandbox = await embedded.createSandbox(options);
      const error: Error = new caisson.LoadError('x');
      // @ts-expect-error a number is no source
      caisson.setWasm(5);
      const resolver: caisson.ModuleResolver = createResolver({ 'a.js': '' }, { conditions: ['node'], resolution: 'bundler' });
      createResolver(async (path: string) => (path === '/a.js' ? new Uint8Array(1) : undefined));
      // @ts-expect-error there is no such option
      createResolver({}, { condition: [] });
      await embedded.createSandbox({ modules: resolver });
      const pool: worker.SandboxPool = worker.createSandboxPool({ size: 2, maxQueue: 5, timeLimit: 50 });
      const far: worker.WorkerSandbox = await worker.createWorkerSandbox({ graceTime: 5, globals: { f() { return this.signal.aborted; } } });
      const used: number = (await pool.use((each) => each.memoryUsed)) + pool.stats().queued;
      const reference: worker.WorkerReference = await far.ref('1');
      for await (const each of reference) await reference.set(each, worker.ref({}));
      const failed: caisson.SandboxError = new worker.WorkerError('x');
      // @ts-expect-error interrupt() takes its place
      await worker.createWorkerSandbox({ interruptFlag: new Int32Array(1) });
      // @ts-expect-error nothing is there at once
      far.evalSync('1');
      for (const each of [sandbox, far]) {
        await grantCrypto(each);
        await grantFetch(each, { origins: (url, method) => url.href === method, headers: async () => [['a', 'b'] as const], methods: ['GET'] });
        await grantStorage(each, { in: new Map<string, string>(), sizeLimit: 5 });
        await grantStreams(each, { compression: false });
      }
      // @ts-expect-error origins must be given
      await grantFetch(sandbox, {});
      const files: MemoryFiles = memoryFiles({ a: 'b', c: new Uint8Array(1) }, { writable: false });
      await embedded.createSandbox({ modules: { ...files.modules, ...directoryFiles('/').modules, './a.js': '' } });
      return [sandbox.memoryUsed, error, caisson.createSandbox === embedded.createSandbox, used, failed];
    }`;
  const programs = {
    'types.mts': `import * as caisson from 'caisson';\nimport * as embedded from 'caisson/embedded';\nimport * as worker from 'caisson/worker';\nimport { createResolver } from 'caisson/modules';\nimport { grantCrypto } from 'caisson/crypto';\nimport { grantFetch } from 'caisson/fetch';\nimport { grantStorage } from 'caisson/storage';\nimport { grantStreams } from 'caisson/streams';\nimport { directoryFiles, memoryFiles, type MemoryFiles } from 'caisson/files';\n${uses}`,
    'types.cts': `import caisson = require('caisson');\nimport embedded = require('caisson/embedded');\nimport worker = require('caisson/worker');\nimport modules = require('caisson/modules');\nconst { createResolver } = modules;\nimport crypto = require('caisson/crypto');\nconst { grantCrypto } = crypto;\nimport fetch = require('caisson/fetch');\nconst { grantFetch } = fetch;\nimport storage = require('caisson/storage');\nconst { grantStorage } = storage;\nimport streams = require('caisson/streams');\nconst { grantStreams } = streams;\nimport filesEntry = require('caisson/files');\nconst { directoryFiles, memoryFiles } = filesEntry;\ntype MemoryFiles = filesEntry.MemoryFiles;\n${uses}`,
  };
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  const program = ts.createProgram(
    Object.keys(programs).map((name) => join(folder, name)),
    {
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      strict: true,
      skipLibCheck: false,
      skipDefaultLibCheck: true,
      noEmit: true,
      types: [],
    },
  );
  const found = ts.getPreEmitDiagnostics(program);
  assert.deepEqual(
    found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
    [],
  );
});

/** What a declaration file declares: its own functions and classes, and those of other files that it names. */
function declaredBy(file) {
  const text = readFileSync(join(installed, file), 'utf8');
  const own = [...text.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
  const others = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list]) =>
    list.split(',').map((name) => name.trim()),
  );
  return [...new Set([...own, ...others.filter((name) => name !== '' && !name.startsWith('type '))])].sort();
}

test('every entry exports what the declarations say', async () => {
  const names = declaredBy('index.d.ts');
  const workerNames = declaredBy('worker.d.ts');
  assert.deepEqual(names, Object.keys(sources).sort());
  assert.deepEqual(workerNames, Object.keys(workerSources).sort());
  for (const entry of [...hostEntries, 'embedded', 'worker-browser', 'worker-node']) {
    const text = readFileSync(join(installed, 'dist', `${entry}.js`), 'utf8');
    const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].map(([, list]) => list);
    const exported = lists.flatMap((list) =>
      [...list.matchAll(/(?:\w+ as )?(\w+)(?=,|\s*$)/g)].map(([, name]) => name),
    );
    assert.deepEqual([...new Set(exported)].sort(), entry.startsWith('worker-') ? workerNames : names, entry);
  }
});

test('the wasm, package.json and the command line are found by name', () => {
  const text = `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    console.log(require.resolve('caisson/caisson.wasm'), require('caisson/package.json').name, import.meta.resolve('caisson/caisson.wasm'));`;
  const file = join(installed, 'caisson.wasm');
  assert.equal(run('names.mjs', text), `${file} caisson ${pathToFileURL(file).href}`);
  const command = join(installed, 'dist', 'caisson.mjs');
  writeFileSync(join(folder, 'program.js'), 'console.log(6 * 7, await1 ?? 0); var await1;');
  const { stdout } = spawnSync(process.execPath, [command, 'run', join(folder, 'program.js')], { encoding: 'utf8' });
  assert.equal(stdout, '42 0\n');
});

const program = `
  async function check({ createSandbox, TimeLimitError, setWasm }) {
    const sandbox = await createSandbox({ globals: { twice: (n) => 2 * n, later: async () => 'ü😀' } });
    const values = [sandbox.evalSync('twice(21)'), await sandbox.eval('later()'), sandbox.evalSync('({ a: [1] })').a[0]];
    try {
      sandbox.evalSync('for (;;);', { timeLimit: 20 });
    } catch (error) {
      values.push(error instanceof TimeLimitError && error.name);
    }
    return values.join();
  }
`;
const outcome = '42,ü😀,1,TimeLimitError';

test('import and require give the package in Node, and what they give is the same where Node can require modules', () => {
  const printed = run(
    'both.mjs',
    `${program}
    import { createRequire } from 'node:module';
    import * as imported from 'caisson';
    import * as embedded from 'caisson/embedded';
    const required = createRequire(import.meta.url)('caisson');
    for (const entry of [imported, embedded, required]) console.log(await check(entry));
    console.log(embedded.TimeLimitError === imported.TimeLimitError, required.createSandbox === imported.createSandbox);`,
  );
  const isSame = process.features.require_module === true;
  assert.equal(printed, `${outcome}\n${outcome}\n${outcome}\ntrue ${isSame}`);
});

test('the CommonJS builds run, with errors that they share', () => {
  const names = ['node', 'browser', 'embedded'].map((name) => join(installed, 'dist', `${name}.cjs`));
  const printed = run(
    'commonjs.cjs',
    `${program}
    const all = ${JSON.stringify(names)}.map((name) => require(name));
    (async () => {
      for (const entry of all) console.log(await check(entry));
      console.log(all.every((entry) => entry.TimeLimitError === all[0].TimeLimitError));
    })();`,
  );
  assert.equal(printed, `${outcome}\n${outcome}\n${outcome}\ntrue`);
});

const granted = `(async () => {
  const fs = await import('node:fs/promises');
  await fs.writeFile('/x', 'y');
  localStorage.a = 1;
  const packed = await new Response(new Blob(['text']).stream().pipeThrough(new CompressionStream('gzip'))).bytes();
  const back = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const answer = await fetch('https://example.com/x');
  const digest = await crypto.subtle.digest('SHA-1', new Uint8Array(1));
  return [await answer.text(), localStorage.a, await new Response(back).text(), await fs.readFile('/x', 'utf8'), digest.byteLength].join();
})()`;
const useOfGrants = `
  async function use(create, { grantCrypto, grantFetch, grantStorage, grantStreams, memoryFiles }) {
    const sandbox = await create({ modules: memoryFiles().modules });
    await grantFetch(sandbox, { origins: ['https://example.com'], fetch: async (address) => new Response(address) });
    for (const grant of [grantCrypto, grantStorage, grantStreams]) await grant(sandbox);
    console.log(await sandbox.eval(${JSON.stringify(granted)}));
    await sandbox.dispose();
  }`;
const grantEntries = ['crypto', 'fetch', 'files', 'storage', 'streams'];

test('what can be granted works as import, by require, in a worker, and in a bundle', async () => {
  const imports = grantEntries.map((name) => `import * as ${name} from 'caisson/${name}';`).join('\n');
  const all = `{ ${grantEntries.map((name) => `...${name}`)} }`;
  const required = `{ ${grantEntries.map((name) => `...require('caisson/${name}')`)} }`;
  const expected = 'https://example.com/x,1,text,y,20';
  const modules = `${useOfGrants} ${imports}
    import { createSandbox } from 'caisson';
    import { createWorkerSandbox } from 'caisson/worker';
    await use(createSandbox, ${all});
    await use(createWorkerSandbox, ${all});`;
  assert.equal(run('grants.mjs', modules), `${expected}\n${expected}`);
  const commonJs = `${useOfGrants} use(require('caisson').createSandbox, ${required});`;
  assert.equal(run('grants.cjs', commonJs), expected);
  const outfile = join(folder, 'bundles', 'grants', 'app.cjs');
  const contents = `${useOfGrants} ${imports} import { createSandbox } from 'caisson'; use(createSandbox, ${all});`;
  await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'silent',
  });
  assert.equal(spawnSync(process.execPath, [outfile], { encoding: 'utf8' }).stdout.trim(), expected);
});

test('the wasm inside JavaScript is the wasm, however it is decompressed', async () => {
  const wasm = readFileSync(join(installed, 'caisson.wasm'));
  const { bytes } = await import(pathToFileURL(join(installed, 'dist', 'embedded-wasm.js')).href);
  const isWasm = (found) => wasm.equals(Buffer.from(found.buffer, found.byteOffset, found.byteLength));
  assert.ok(isWasm(await bytes()));
  const { getBuiltinModule } = process;
  const { DecompressionStream } = globalThis;
  try {
    process.getBuiltinModule = undefined;
    assert.ok(isWasm(await bytes()));
    globalThis.DecompressionStream = undefined;
    assert.ok(isWasm(await bytes()));
  } finally {
    process.getBuiltinModule = getBuiltinModule;
    globalThis.DecompressionStream = DecompressionStream;
  }
});

test('the file with the wasm inside shares nothing with others, so that bundlers need not split them', () => {
  for (const name of ['embedded-wasm.js', 'embedded-wasm.cjs'])
    assert.doesNotMatch(readFileSync(join(installed, 'dist', name), 'utf8'), /^import\b|\brequire\(/m);
});

test('where the file is missing, Node takes the wasm inside JavaScript; where both are, the error names both', (t) => {
  const copy = join(folder, 'other', 'node_modules', 'caisson');
  cpSync(installed, copy, { recursive: true });
  t.after(() => rmSync(join(folder, 'other'), { recursive: true }));
  const text = `${program}
    import('caisson').then(check).then(console.log, (error) => console.log(error.name, error.message));`;
  renameSync(join(copy, 'caisson.wasm'), join(copy, 'moved.wasm'));
  assert.equal(run(join('other', 'one.mjs'), text), outcome);
  rmSync(join(copy, 'dist', 'embedded-wasm.js'));
  assert.match(
    run(join('other', 'two.mjs'), text),
    /^LoadError caisson\.wasm could not be read from \S*caisson\.wasm \(ENOENT.*setWasm\(url\).*\nand Cannot find module.*embedded-wasm\.js/,
  );
});

for (const format of ['esm', 'iife', 'cjs']) {
  test(`what esbuild bundles as ${format}, and moves, finds the wasm without a file beside it`, async () => {
    const outfile = join(folder, 'bundles', format, `app.${format === 'esm' ? 'mjs' : 'cjs'}`);
    await build({
      stdin: {
        contents: `${program} import * as caisson from 'caisson'; check(caisson).then(console.log);`,
        resolveDir: folder,
      },
      bundle: true,
      minify: true,
      format,
      outfile,
      logLevel: 'silent',
    });
    const { stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
    assert.equal(stdout.trim(), outcome, stderr);
  });
}

const workerProgram = `
  async function check({ createWorkerSandbox, createSandboxPool, TimeLimitError }) {
    const sandbox = await createWorkerSandbox({ globals: { twice: (n) => 2 * n, later: async () => 'ü😀' } });
    const values = [await sandbox.eval('twice(21)'), await sandbox.eval('later()')];
    const endless = sandbox.eval('for (;;);');
    setTimeout(() => sandbox.interrupt(), 20);
    values.push(await endless.catch((error) => error.name));
    const limited = await createSandboxPool({ size: 1 }).run('for (;;);', { timeLimit: 20 }).catch((error) => error);
    values.push(limited instanceof TimeLimitError);
    return values.join();
  }
`;
const workerOutcome = '42,ü😀,InterruptedError,true';

test('sandboxes in workers run from the package, imported and required, and from what esbuild makes of it', async () => {
  const printed = run(
    'workers.mjs',
    `${workerProgram}
    import { createRequire } from 'node:module';
    import * as imported from 'caisson/worker';
    import { TimeLimitError } from 'caisson';
    console.log(await check(imported), TimeLimitError === imported.TimeLimitError);
    console.log(await check(createRequire(import.meta.url)('./node_modules/caisson/dist/worker-node.cjs')));`,
  );
  assert.equal(printed, `${workerOutcome} true\n${workerOutcome}`);
  // There the worker's file is not beside the program: its script is a text.
  for (const format of ['esm', 'cjs']) {
    const outfile = join(folder, 'bundles', 'worker', `app.${format === 'esm' ? 'mjs' : 'cjs'}`);
    await build({
      stdin: {
        contents: `${workerProgram} import * as caisson from 'caisson/worker'; check(caisson).then(console.log);`,
        resolveDir: folder,
      },
      bundle: true,
      platform: 'node',
      minify: true,
      format,
      outfile,
      logLevel: 'silent',
    });
    const { stdout, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
    assert.equal(stdout.trim(), workerOutcome, stderr);
  }
});

test('a package without the wasm is not packed', (t) => {
  const bare = mkdtempSync(join(tmpdir(), 'caisson-bare-'));
  t.after(() => rmSync(bare, { recursive: true }));
  const tools = ['package', 'package-entries', 'root'].map((name) => `wasm-glue/tools/${name}.mjs`);
  for (const name of [...tools, 'npm/package.json']) cpSync(join(root, name), join(bare, name), { recursive: true });
  const pack = () =>
    spawnSync(process.execPath, [join(bare, 'wasm-glue', 'tools', 'package.mjs'), '--pack'], { encoding: 'utf8' });
  const first = pack();
  assert.deepEqual([first.status, first.stderr], [1, 'There is no npm/caisson.wasm: run npm run build first.\n']);
  writeFileSync(join(bare, 'npm', 'caisson.wasm'), '<html>');
  const second = pack();
  assert.deepEqual([second.status, second.stderr], [1, 'npm/caisson.wasm is no WebAssembly.\n']);
});
