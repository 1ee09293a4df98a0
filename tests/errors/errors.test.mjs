// How errors come out: messages, stacks, excerpts of the source, causes. Standard output and error of each input, in
// the native build and in the wasm. After an intended change: npm test -- errors --rebaseline
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSandbox, GuestError } from 'caisson';
import { isAvailable, runProgram } from '../tools/shell.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const inputs = join(here, 'inputs');
const rebaseline = process.env.CAISSON_REBASELINE === '1';

// The two command lines print uncaught errors in forms of their own.
const differs = new Set(['causes.js', 'modules.mjs', 'rejected.mjs', 'uncaught-syntax.js']);

function output(kind, name) {
  const { stdout, stderr, status } = runProgram(kind, [name], { cwd: inputs });
  // Modules are named by their whole path.
  return `${stdout}${stderr}exit ${status}\n`.replaceAll(`${inputs}/`, '');
}

for (const kind of ['native', 'wasm']) {
  for (const name of readdirSync(inputs)
    .filter((entry) => /\.m?js$/.test(entry))
    .sort()) {
    const file = join(here, 'expected', `${name}${differs.has(name) ? `.${kind}` : ''}.txt`);
    test(`${name}, ${kind}`, { skip: isAvailable(kind) ? false : `there is no ${kind} command line` }, () => {
      const actual = output(kind, name);
      if (rebaseline) writeFileSync(file, actual);
      assert.equal(actual, readFileSync(file, 'utf8'));
    });
  }
}

test('the host gets its own classes, with the stack and the causes of the guest', async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  const source =
    'async function save(user) {\n  await null;\n  return user.profile.name;\n}\n(async () => {\n  await save({});\n})()';
  const error = await sandbox.eval(source, { name: 'plugin.js' }).then(
    () => assert.fail(),
    (reason) => reason,
  );
  assert.ok(error instanceof TypeError);
  assert.equal(error.message, "user.profile.name: cannot read 'name' of undefined");
  assert.equal(
    error.stack,
    [
      "TypeError: user.profile.name: cannot read 'name' of undefined",
      '    at save (plugin.js:3:23)',
      '    at async plugin.js:6:3',
    ].join('\n'),
  );
  assert.throws(
    () =>
      sandbox.evalSync(
        'class Refusal extends Error { get name() { return "Refusal" } }\nthrow new Refusal("no", { cause: new RangeError("why") })',
      ),
    (reason) => {
      assert.ok(reason instanceof GuestError);
      assert.equal(reason.name, 'Refusal');
      assert.ok(reason.cause instanceof RangeError);
      return true;
    },
  );
});

test('a syntax error shows the place on the host too', async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.dispose());
  assert.throws(
    () => sandbox.evalSync('let a = 1;\nlet b = );', { name: 'plugin.js' }),
    (error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.stack, /at plugin\.js:2:9\n {6}let b = \);\n {14}\^/);
      return true;
    },
  );
});

test('an error of a host function has its message and the stack of the guest, not of the host', async (t) => {
  const sandbox = await createSandbox({
    globals: {
      load() {
        throw new RangeError('not here', { cause: 'disk' });
      },
    },
  });
  t.after(() => sandbox.dispose());
  const [stack, cause, isRange] = sandbox.evalSync(
    'function f() { return load() }\ntry { f() } catch (e) { [e.stack, e.cause, e instanceof RangeError] }',
    { name: 'plugin.js' },
  );
  assert.equal(stack, 'RangeError: not here\n    at f (plugin.js:1:23)\n    at plugin.js:2:7');
  assert.equal(cause, 'disk');
  assert.equal(isRange, true);
});
