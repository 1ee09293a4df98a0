// Decides from what a worker observed whether a run passed; returns undefined or the reason it did not.

const completed = 'Test262:AsyncTestComplete';
const failed = 'Test262:AsyncTestFailure:';

export function judge(run, result) {
  if (result.outcome === 'timeout') return 'timed out';
  if (result.outcome === 'crash') return `crashed: ${result.message}`;
  if (result.outcome === 'limit') return `stopped by a limit: ${result.message}`;
  if (run.negative !== undefined) return judgeNegative(run.negative, result);
  if (result.outcome === 'throw') return describe(result);
  if (!run.isAsync) return undefined;
  const printed = result.printed ?? [];
  const failure = printed.find((line) => line.startsWith(failed));
  if (failure !== undefined) return failure.slice(failed.length).trim();
  return printed.includes(completed) ? undefined : 'the asynchronous test did not call $DONE';
}

function judgeNegative({ phase, type }, result) {
  const expected = `expected a ${type} (${phase})`;
  if (result.outcome !== 'throw') return `${expected}, but nothing was thrown`;
  if (result.name !== type) return `${expected}, got ${describe(result)}`;
  // Code that runs in spite of an early error calls $DONOTEVALUATE, which throws something else: the type decides.
  return undefined;
}

// The first line of the message, and the place in the test that the guest's stack names.
function describe({ name, message }) {
  if (message === '' || message === undefined) return String(name);
  const place = /\b((?:test|harness)\/\S+?):(\d+):(\d+)/.exec(message);
  return `${name}: ${message.split('\n', 1)[0]}${place === null ? '' : ` @${place[2]}:${place[3]}`}`;
}
