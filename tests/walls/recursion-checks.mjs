// Runs the programs of recursions.mjs; what is wrong with each, or ''. Sources that are nested deeply may run.
import { asyncRecursions, nestings, recursions } from './recursions.mjs';

const expectError = (
  source,
) => `let caught; try { (0, eval)(source); caught = isSource ? '' : 'no error'; } catch (error) {
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
  const note = (name, problem) => {
    results[name] ||= problem;
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, source] of Object.entries(recursions)) {
      note(
        name,
        await checkOne(createSandbox, async (sandbox) => {
          sandbox.setGlobal('source', source);
          sandbox.setGlobal('isSource', false);
          if (!source.startsWith('async')) return sandbox.evalSync(expectError(source));
          return sandbox.eval(
            `${source}.then(() => 'no error', (error) => (error instanceof RangeError ? '' : 'threw ' + error))`,
          );
        }),
      );
    }
  }
  for (const [name, source] of Object.entries(nestings)) {
    note(
      `source: ${name}`,
      await checkOne(createSandbox, (sandbox) => {
        sandbox.setGlobal('isSource', true);
        sandbox.evalSync(`globalThis.source = ${source}`);
        return sandbox.evalSync(expectError(source));
      }),
    );
  }
  for (const [name, source] of Object.entries(asyncRecursions)) {
    note(
      `job: ${name}`,
      await checkOne(createSandbox, async (sandbox) => {
        sandbox.setGlobal('source', source);
        return sandbox.eval(
          `(0, eval)(source).then(() => 'no error', (error) => (error instanceof RangeError ? '' : 'threw ' + error))`,
        );
      }),
    );
  }
  return { ...results };
}

const nativeRecursions =
  /^(to[A-Z]|proxy (get|has|ownKeys|apply|defineProperty)|JSON|species|isConcat|overridden|Error|property keys|array lengths)/;

// Sandboxes as deep in one another as they may lie, each call in a conversion, which is a native level; in the
// innermost one each way of recursing uses up the levels that are left. Gives the problems and how many entries lay in
// one another.
export async function checkNested(createSandbox, count = 8) {
  const sandboxes = [],
    problems = {};
  let source,
    outcome,
    deepest = 0;
  const descend = (level) => {
    deepest = Math.max(deepest, level);
    const sandbox = sandboxes[level % count];
    try {
      return sandbox.evalSync('`${{ toString() { return next(' + (level + 1) + '); } }}`');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return 'full';
    }
  };
  const next = (level, recurse) => {
    const inner = descend(level);
    // The first one that finds no room for another entry recurses within its own.
    if (inner !== 'full') return inner;
    outcome = recurse(source);
    return 'done';
  };
  for (let i = 0; i < count; i++) {
    const sandbox = await createSandbox({ timeLimit: 60000, onUnhandledRejection() {} });
    sandboxes.push(sandbox);
    sandbox.setGlobal('hostCall', (fn) => fn());
    sandbox.setGlobal('descend', next);
    sandbox.evalSync(`function recurse(source) {
      try { (0, eval)(source); return 'no error'; } catch (error) { return error instanceof RangeError ? '' : 'threw ' + error; } }
      function next(level) { return descend(level, recurse); }`);
  }
  // In the second round the host's optimising compiler has replaced the code.
  for (let round = 0; round < 2; round++) {
    for (const [name, program] of Object.entries(recursions)) {
      if (!nativeRecursions.test(name)) continue;
      source = program;
      outcome = 'not reached';
      try {
        next(0, () => 'no entry at all');
        for (const sandbox of sandboxes) sandbox.evalSync('1 + 1');
      } catch (error) {
        outcome = `the host got ${error}`;
      }
      if (outcome !== '') problems[name] = outcome;
    }
  }
  for (const sandbox of sandboxes) sandbox.dispose();
  return { problems, deepest };
}
