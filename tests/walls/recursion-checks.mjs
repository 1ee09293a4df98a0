// Runs the programs of recursions.mjs; what is wrong with each, or ''.
import { asyncRecursions, nestings, recursions } from './recursions.mjs';

const expectError = (source) => `let caught; try { (0, eval)(source); caught = 'no error'; } catch (error) {
  caught = error instanceof RangeError || (isSource && error instanceof SyntaxError) ? '' : 'threw ' + error; } caught`;

async function checkOne(createSandbox, check) {
  const sandbox = await createSandbox({ timeLimit: 60000, memoryLimit: 512 * 1024 * 1024, onUnhandledRejection() {} });
  try {
    sandbox.setGlobal('hostCall', (fn) => fn());
    const problem = await check(sandbox);
    const after = sandbox.evalSync('[1, 2].map((x) => x + 1).join()');
    return problem || (after === '2,3' ? '' : `afterwards: ${after}`);
  } catch (error) {
    return `the host got ${error}`;
  } finally {
    sandbox.dispose();
  }
}

// Each is run several times, so that the host's optimising compiler has replaced the code by the last.
export async function checkAll(createSandbox, rounds = 2) {
  const results = Object.create(null);
  const note = (name, problem) => { results[name] ||= problem; };
  for (let round = 0; round < rounds; round++) {
    for (const [name, source] of Object.entries(recursions)) {
      note(name, await checkOne(createSandbox, async (sandbox) => {
        sandbox.setGlobal('source', source);
        sandbox.setGlobal('isSource', false);
        if (!source.startsWith('async')) return sandbox.evalSync(expectError(source));
        return sandbox.eval(`${source}.then(() => 'no error', (error) => (error instanceof RangeError ? '' : 'threw ' + error))`);
      }));
    }
  }
  for (const [name, source] of Object.entries(nestings)) {
    note(`source: ${name}`, await checkOne(createSandbox, (sandbox) => {
      sandbox.setGlobal('isSource', true);
      sandbox.evalSync(`globalThis.source = ${source}`);
      return sandbox.evalSync(expectError(source));
    }));
  }
  for (const [name, source] of Object.entries(asyncRecursions)) {
    note(`job: ${name}`, await checkOne(createSandbox, async (sandbox) => {
      sandbox.setGlobal('source', source);
      return sandbox.eval(`(0, eval)(source).then(() => 'no error', (error) => (error instanceof RangeError ? '' : 'threw ' + error))`);
    }));
  }
  return { ...results };
}
