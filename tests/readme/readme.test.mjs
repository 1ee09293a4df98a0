// The README's examples run as they are, print what their comments say, and pass the type checker.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
let folder;

before(() => {
  folder = mkdtempSync(join(root, 'tests', 'readme', '.examples-'));
});
after(() => rmSync(folder, { recursive: true }));

test('there are examples', () => assert.ok(examples.length >= 5));

for (const [index, source] of examples.entries()) {
  test(`example ${index + 1} prints what it says`, () => {
    const file = join(folder, `example-${index + 1}.mjs`);
    writeFileSync(file, source);
    const expected = [...source.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((match) => match[1]);
    assert.ok(expected.length > 0);
    assert.deepEqual(execFileSync(process.execPath, [file], { encoding: 'utf8' }).trimEnd().split('\n'), expected);
  });
}

test('the examples pass tsc --strict', () => {
  const files = examples.map((source, index) => {
    const file = join(folder, `example-${index + 1}.mts`);
    writeFileSync(file, `${source}\nexport {};\n`);
    return file;
  });
  const types = join(folder, 'types.mts');
  writeFileSync(
    types,
    `
    import { createSandbox, blocking, callback, constructible, hostCall, ref, transfer, type GuestReference, type Sandbox, type SandboxOptions, type ModuleResolver, SandboxError, GuestError } from 'caisson';
    const resolver: ModuleResolver = async (specifier, referrer) => specifier + (referrer ?? '');
    const options: SandboxOptions = { memoryLimit: 1 << 20, modules: resolver, isolation: 'instance', console, signal: new AbortController().signal,
      onUnhandledRejection: (reason: unknown) => void reason, onRejectionHandled: (promise: Promise<unknown>) => void promise, interruptFlag: new Int32Array(new SharedArrayBuffer(4)) };
    async function use(): Promise<number> {
      await using sandbox: Sandbox = await createSandbox(options);
      using other = await createSandbox();
      const f: (x: number) => Promise<string> = blocking(async (x: number) => String(x));
      sandbox.setGlobal('f', f);
      sandbox.setGlobal('g', { count: 0, deep: { h(name: string) { return [name, hostCall()?.signal.aborted]; } } });
      sandbox.setGlobal('h', function (name: string) { return [name, this.signal.aborted]; });
      class Counter { n = 0; inc() { return ++this.n; } }
      sandbox.setGlobal('classes', { Counter: constructible(Counter), one: ref(new Counter()) });
      sandbox.setGlobal('ask', callback((resume, signal, question: string) => { resume.fail(question); return () => void signal.aborted; }));
      const state: GuestReference = sandbox.ref('state');
      for (const item of state) state.set('item', transfer(item, [new ArrayBuffer(1)]));
      const value: number = sandbox.evalSync('1', { name: 'a.js', timeLimit: 5 });
      await sandbox.eval('1', { signal: AbortSignal.timeout(5) });
      // @ts-expect-error the source must be a string
      other.evalSync(5);
      // @ts-expect-error there is no such option
      await createSandbox({ memory: 5 });
      const error: Error = new SandboxError('x') ?? new GuestError('y');
      return value + sandbox.memoryUsed + error.message.length;
    }
    export { use };\n`,
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  assert.ok(existsSync(tsc));
  const options = [
    '--strict',
    '--noEmit',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--lib',
    'esnext,dom,dom.iterable',
    '--typeRoots',
    join(folder, 'none'),
  ];
  const run = (args) => {
    try {
      execFileSync(process.execPath, [tsc, ...args], { encoding: 'utf8', cwd: root });
      return '';
    } catch (error) {
      return error.stdout;
    }
  };
  assert.equal(run([...options, types, ...files]), '');
});
