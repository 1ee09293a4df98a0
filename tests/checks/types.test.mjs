// The types: index.d.ts in the projects of those who use it, and our own JavaScript by its JSDoc.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { nameOf, root } from './sources.mjs';

const example = join(root, 'example.mts'); // it is nowhere
const uses = `
  import { createSandbox, blocking, callback, compile, constructible, hostCall, ref, transfer, TimeLimitError, GuestError, type GuestReference, type Sandbox, type SandboxOptions, type ModuleResolver, type HostLimits, type PreparedProgram } from 'caisson';
  const modules: ModuleResolver = async (specifier, referrer) => specifier + (referrer ?? '');
  class Counter { n = 0; inc() { return ++this.n; } }
  const hostLimits: HostLimits = { timers: 10, calls: Infinity };
  const options: SandboxOptions = {
    modules, hostLimits, memoryLimit: 1 << 20, timeLimit: 5, isolation: 'instance', interruptFlag: new Int32Array(new SharedArrayBuffer(4)),
    console: { log(...values) { values.length; } }, onUnhandledRejection: (reason: unknown, promise: Promise<never>) => void [reason, promise],
    globals: { add: (a: number, b: number) => a + b, deep: { isAborted() { return hostCall()?.signal.aborted; } }, direct() { const aborted: boolean = this.signal.aborted; return aborted; },
      Counter: constructible(Counter), one: ref(new Counter()), ask: callback((resume, signal, question: string) => { resume.fail(question); return () => void signal.aborted; }),
    read: blocking(async (name: string) => name) },
  };
  export async function use(): Promise<number> {
    await using sandbox: Sandbox = await createSandbox(options);
    using other = await createSandbox();
    const read: (name: string) => Promise<string> = blocking(async (name: string) => name);
    other.setGlobal('read', read);
    await other.whenIdle();
    const state: GuestReference = other.ref('state', { name: 'a.js' });
    for (const item of state) state.set('item', transfer(item, [new ArrayBuffer(1)]));
    state.release();
    const value: number = sandbox.evalSync('1', { name: 'a.js', timeLimit: 5 });
    const program: PreparedProgram = await compile('1', { name: 'a.js', module: false, timeLimit: 5 });
    other.evalSync(program, { name: program.name });
    (await createSandbox({ modules: { 'a.js': program } })).eval(program).then((given: number) => given + program.size);
    // @ts-expect-error nobody else makes a program
    other.evalSync({ name: 'a.js', isModule: false, size: 1 });
    // @ts-expect-error there is no such option
    await compile('1', { globals: {} });
    // @ts-expect-error the source must be a string
    other.evalSync(5);
    // @ts-expect-error there is no such option
    await createSandbox({ memory: 5 });
    // @ts-expect-error evalSync cannot be aborted
    other.evalSync('1', { waitLimit: 5 });
    // @ts-expect-error there is no such source
    await createSandbox({ wasm: null });
    const error: Error = new TimeLimitError('x') ?? new GuestError('y');
    return value + sandbox.memoryUsed + error.message.length;
  }
`;
const usesOfWorkers = `
  import { createSandboxPool, createWorkerSandbox, constructible, ref, QueueFullError, type PoolStats, type SandboxPool, type WorkerReference, type WorkerSandbox, type WorkerSandboxOptions } from 'caisson/worker';
  const options: WorkerSandboxOptions = {
    timeLimit: 5, graceTime: 5, sharedMemory: false, worker: () => ({}), onRestart: (reason) => void reason.message,
    globals: { add: (a: number, b: number) => a + b, one: ref({ a: 1 }), direct() { const aborted: boolean = this.signal.aborted; return aborted; } },
  };
  export async function use() {
    await using sandbox: WorkerSandbox = await createWorkerSandbox(options);
    await using pool: SandboxPool = createSandboxPool({ ...options, size: 1, maxQueue: 1 });
    using reference: WorkerReference = await sandbox.ref('1');
    for await (const each of reference) await reference.set('a', each);
    const value: string = await pool.use(async (each) => { await each.eval('1'); return 'x'; });
    await pool.run('1', { globals: { a: 1 }, timeLimit: 5 });
    const stats: PoolStats = pool.stats();
    const used: number = await sandbox.memoryUsed;
    const error: Error = new QueueFullError('x');
    // @ts-expect-error nothing is there at once
    sandbox.evalSync('1');
    // @ts-expect-error interrupt() takes its place
    await createWorkerSandbox({ interruptFlag: new Int32Array(1) });
    return [value, stats.queued + used, error, constructible];
  }
`;
const usesOfHosts = `
  import { createSandbox } from 'caisson';
  export async function use() {
    const { signal } = new AbortController();
    await createSandbox({ signal, console, wasm: new URL('https://example.org/caisson.wasm') });
    await createSandbox({ wasm: await fetch('caisson.wasm') });
    const sandbox = await createSandbox({ wasm: await WebAssembly.compile(new Uint8Array(8)), globals: { f() { fetch('x', { signal: this.signal }); } } });
    await sandbox.eval('1', { signal });
    // @ts-expect-error no signal
    await createSandbox({ signal: new AbortController() });
  }
`;

const libraries = new Map(); // parsed once for all programs

function makeProgram(files, options, source) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (name === example) return ts.createSourceFile(name, source, rest[0]);
    if (!name.includes('/typescript/lib/')) return getSourceFile.call(host, name, ...rest);
    if (!libraries.has(name)) libraries.set(name, getSourceFile.call(host, name, ...rest));
    return libraries.get(name);
  };
  host.fileExists = (name) => name === example || fileExists.call(host, name);
  host.readFile = (name) => (name === example ? source : readFile.call(host, name));
  return ts.createProgram(files, options, host);
}

function textOf({ file, start, messageText }) {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  return file === undefined
    ? message
    : `${nameOf(file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`;
}

const ways = [
  { name: 'node16', module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  { name: 'nodenext', module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  { name: 'bundler', module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
];
for (const { name, ...modules } of ways) {
  for (const lib of [['lib.es2022.d.ts'], ['lib.es2022.d.ts', 'lib.dom.d.ts']]) {
    test(`index.d.ts and worker.d.ts by ${name} resolution, with ${lib.join(' and ')}`, () => {
      const options = {
        ...modules,
        lib,
        target: ts.ScriptTarget.ES2022,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        skipDefaultLibCheck: true,
        noEmit: true,
        types: [],
      };
      const check = (source) => ts.getPreEmitDiagnostics(makeProgram([example], options, source)).map(textOf);
      assert.deepEqual(check(uses), []);
      assert.deepEqual(check(usesOfWorkers), []);
      if (lib.length > 1) assert.deepEqual(check(usesOfHosts), []);
    });
  }
}

// What the files of a project import from elsewhere is another project's matter.
const projects = [
  { name: 'npm/tsconfig.json', leastFiles: 20 },
  { name: 'tsconfig.json', leastFiles: 25 },
  { name: 'web/tsconfig.json', leastFiles: 13 },
  { name: 'web/tsconfig.worker.json', leastFiles: 4 },
];
for (const { name, leastFiles } of projects) {
  test(`the JavaScript of ${name} passes tsc --checkJs, strict`, () => {
    const file = join(root, name);
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(file, ts.sys.readFile).config,
      ts.sys,
      dirname(file),
    );
    assert.deepEqual(errors, []);
    assert.ok(options.strict && options.checkJs && fileNames.length >= leastFiles);
    const program = makeProgram(fileNames, options);
    const found = fileNames.flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)));
    assert.deepEqual(found.map(textOf), []);
  });
}
