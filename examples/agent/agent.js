// Runs the programs that a model writes, until one of them calls `answer`.
import { blocking, createSandbox } from 'caisson';

const OUTPUT_LIMIT = 4000; // characters of one program's output that the model gets to see

/**
 * @typedef {{
 *   description: string,
 *   run: (this: { signal: AbortSignal }, ...args: any[]) => unknown,
 *   check: (...args: unknown[]) => void, // throws when the arguments are not as described
 *   needsApproval?: boolean,
 * }} Tool
 */

/**
 * @param {{
 *   task: string,
 *   model: (messages: { role: string, content: string }[]) => Promise<string>,
 *   tools: Record<string, Tool>,
 *   approve?: (question: string) => Promise<boolean>,
 *   steps?: number,
 *   calls?: number,
 *   signal?: AbortSignal,
 * }} options `calls`: of tools, for the whole task
 * @returns {Promise<{ answer: unknown, messages: object[] }>}
 */
export async function runAgent({ task, model, tools, approve = async () => false, steps = 8, calls = 50, signal }) {
  const messages = [
    { role: 'system', content: instructionsFor(tools) },
    { role: 'user', content: task },
  ];
  let answer;
  let callsLeft = calls;
  let output = '';
  const print = (text) => {
    if (output.length < OUTPUT_LIMIT) output += `${text}\n`;
  };

  function granted(name, { run, check, needsApproval = false }) {
    return blocking(async function (...args) {
      if (callsLeft-- <= 0) throw new Error(`No more than ${calls} calls of tools are allowed`);
      check(...args);
      const question = `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
      if (needsApproval && !(await approve(question))) throw new Error(`The user has refused ${question}`);
      return run.apply(this, args);
    });
  }

  // One sandbox for the whole task: what a program defines, the next one finds.
  const sandbox = await createSandbox({
    timeLimit: 2000,
    waitLimit: 60_000,
    memoryLimit: 64 * 1024 * 1024,
    isolation: 'instance',
    signal,
    console: { log: print, debug: print, info: print, warn: print, error: print, text: true },
    onUncaughtError: (error) => print(String(error)),
    onUnhandledRejection: (reason) => print(`Not handled: ${String(reason)}`),
    globals: {
      ...Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, granted(name, tool)])),
      answer: (value) => {
        answer ??= { value };
      },
    },
  });
  try {
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const program = programIn(await model(messages));
      messages.push({ role: 'assistant', content: program });
      output = '';
      try {
        // A new scope for each program, so that a second attempt can declare its names again.
        await sandbox.eval(`{${program}\n}`, { name: `program-${step}.js`, totalTimeLimit: 10_000, result: false });
      } catch (error) {
        print(error instanceof Error ? (error.stack ?? String(error)) : `Thrown: ${String(error)}`);
      }
      if (answer !== undefined) return { answer: answer.value, messages };
      messages.push({ role: 'user', content: output.slice(0, OUTPUT_LIMIT) || '(nothing was printed)' });
    }
    throw new Error(`There is no answer after ${steps} programs`);
  } finally {
    sandbox.dispose();
  }
}

function instructionsFor(tools) {
  const list = Object.entries(tools).map(([name, { description }]) => `- ${name}${description}`);
  return [
    'Write one JavaScript program, in a fence. It runs in a sandbox that has these functions; they need no await:',
    ...list,
    '- answer(value): ends the task',
    'What console.log prints is shown to you, and you may then write the next program.',
  ].join('\n');
}

function programIn(text) {
  const [, program] = /```(?:js|javascript)?\n([^]*?)```/.exec(text) ?? [];
  return program ?? text;
}
