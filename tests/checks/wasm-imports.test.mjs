// Whatever the host does in an import of the wasm (throws, has no stack left, answers nonsense), nothing unwinds
// through the engine's frames: each import is called as a broken or forged caller would, and each thing of the host
// that it uses is made to fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './sources.mjs';

const names = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(root, 'npm', 'caisson.wasm')))).map(
  ({ name }) => name,
);

const prelude = `
import assert from 'node:assert/strict';
let imports, memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, given) => {
  imports = given.caisson;
  wrap?.(imports);
  const instance = await instantiate(module, given);
  memory = instance.exports.memory;
  return instance;
};
const strays = [];
process.on('uncaughtException', (error) => strays.push(error));
process.on('unhandledRejection', (error) => strays.push(error));
for (const name of ['log', 'debug', 'info', 'warn', 'error']) console[name] = () => {};
let wrap;
const { blocking, createSandbox } = await import('caisson');
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
// A guest that uses every import.
const program = \`
  console.log(1);
  new Date(2020, 5).toString() + Date.now() + performance.now() + Math.random();
  setTimeout(() => {}, 1);
  Promise.reject(new Error('alone'));
  (async () => { try { await import('m'); } catch {} block(1); await later(1); const end = performance.now() + 5; for (let i = 0; i < 2e5; i++); return echo({ f() {}, p: later(2) }); })()\`;
const options = { timeLimit: 2000, modules: { m: 'export default 1' }, onUnhandledRejection() {}, onUncaughtError() {},
  globals: { echo: (value) => value, later: async (value) => value, block: blocking(async (value) => value) } };
`;

/** Runs a program in a process of its own; it reports what is wrong by complain(text). */
function findComplaints(program) {
  const source = `${prelude}
const complaints = [];
const complain = (text) => complaints.push(text);
${program}
process.stdout.write(JSON.stringify(complaints));
process.exit(0);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  });
  return JSON.parse(output);
}

test('imports contain what comes of arguments that mean nothing', () => {
  assert.deepEqual(
    findComplaints(`
    const nonsense = [0, 1, 2, 7, -1, 4294967295, 2147483648, 1e9, NaN, Infinity, undefined];
    for (const name of ${JSON.stringify(names)}) {
      const sandbox = await createSandbox({ ...options, isolation: 'instance' });
      await sandbox.eval(program).catch(() => {});
      let threw;
      for (let i = 0; i < 1000; i++) {
        const args = Array.from({ length: 7 }, (_, k) => nonsense[((i * 2654435761 + k * 40503 * (i + 1)) >>> 0) % nonsense.length]);
        if (i % 2) args[0] = 1; // the user that there is
        try { imports[name](...args); } catch (error) { threw ??= name + '(' + args.join() + ') threw ' + error; }
      }
      if (threw) complain(threw);
      await turn();
      for (const stray of strays.splice(0, strays.length).slice(0, 1)) complain(name + ': stray ' + stray);
      if ((await createSandbox(options)).evalSync('1 + 1') !== 2) complain(name);
    }`),
    [],
  );
});

test('the engine stands it that an import answers nonsense', () => {
  assert.deepEqual(
    findComplaints(`
    for (const name of ${JSON.stringify(names)}) {
      for (const answer of [undefined, -1, 7, NaN, Infinity, 2 ** 31, 2 ** 32, 1e300, {}]) {
        wrap = (given) => { given[name] = () => answer; };
        let sandbox;
        try { sandbox = await createSandbox({ ...options, isolation: 'instance', timeLimit: 200 }); } catch { continue; }
        wrap = undefined;
        const isTrap = (error) => error instanceof WebAssembly.RuntimeError;
        const outcome = await Promise.race([sandbox.eval(program).then(() => 'done', (error) => error), turn()]);
        if (isTrap(outcome)) complain(name + ' answers ' + String(answer) + ': ' + outcome);
        try { sandbox.evalSync('1 + 1'); } catch (error) { if (isTrap(error)) complain(name + ' answers ' + String(answer) + ': ' + error); }
      }
    }`),
    [],
  );
});

// What the imports use of the host.
const broken = {
  'performance.now': 'const { now } = performance; performance.now = fail; restore = () => { performance.now = now; };',
  'Date.now': 'const { now } = Date; Date.now = fail; restore = () => { Date.now = now; };',
  'Math.random': 'const { random } = Math; Math.random = fail; restore = () => { Math.random = random; };',
  'Date.prototype.getHours':
    'const { getHours } = Date.prototype; Date.prototype.getHours = fail; restore = () => { Date.prototype.getHours = getHours; };',
  'Date.prototype.toTimeString':
    'const { toTimeString } = Date.prototype; Date.prototype.toTimeString = fail; restore = () => { Date.prototype.toTimeString = toTimeString; };',
  setTimeout:
    'const { setTimeout: old } = globalThis; globalThis.setTimeout = fail; restore = () => { globalThis.setTimeout = old; };',
  clearTimeout:
    'const { clearTimeout: old } = globalThis; globalThis.clearTimeout = fail; restore = () => { globalThis.clearTimeout = old; };',
};
test('a host whose clock, timers or chance throw or answer nonsense keeps its engine', () => {
  const attempts = Object.entries(broken).map(
    ([what, code]) => `
    for (const fail of [() => { throw new Error('broken host'); }, () => NaN, () => undefined, () => 'text', () => ({}), () => -1e300, Symbol, () => 5n, () => 1e300,
      () => ({ valueOf() { throw new Error('broken host'); } })]) {
      const sandbox = await createSandbox(options);
      let restore;
      { ${code} }
      try { sandbox.eval('const t = setTimeout(() => {}, 5); clearTimeout(t); [new Date().toString(), performance.now(), Math.random()]').catch(() => {}); } catch {} finally { restore(); }
      await turn();
      try {
        if (sandbox.evalSync('1 + 1') !== 2) complain('${what}');
        const after = await Promise.race([sandbox.eval('Promise.resolve(1).then((x) => x + 1)'), turn().then(turn).then(() => 'lost')]);
        if (after !== 2) complain('${what}, ' + fail + ': a job afterwards: ' + after);
        if ((await createSandbox(options)).evalSync('1 + 2') !== 3) complain('${what}');
      } catch (error) { complain('${what}, ' + fail + ': ' + error); }
      for (const stray of strays.splice(0, strays.length).slice(0, 1)) complain('${what}, ' + fail + ': stray ' + stray);
    }`,
  );
  assert.deepEqual(findComplaints(attempts.join('\n')), []);
});
