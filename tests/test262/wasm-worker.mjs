// The worker of `npm run test262 -- --wasm`: the protocol of worker.c, performed by the shipped caisson.wasm through
// the npm package in Node.
//     node wasm-worker.mjs SUITE TIMEOUT_MS < runs
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { EngineError } from 'caisson';
import { createTestSandbox } from '../tools/test-sandbox.mjs';
import { Agents } from './wasm-agents.mjs';

const [suite, timeout] = process.argv.slice(2);
const harness = new Map();
const asynchronousPatience = 2000;

function harnessText(name) {
  if (!harness.has(name)) harness.set(name, readFileSync(join(suite, 'harness', name), 'utf8'));
  return harness.get(name);
}

function loadModule(specifier, referrer) {
  const name = referrer === undefined ? specifier : posix.join(posix.dirname(referrer), specifier);
  return readFileSync(join(suite, name), 'utf8');
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

async function evaluate(sandbox, { mode, files, name, text, waits, printed }) {
  // The completion value does not interest, and not every value can cross.
  for (const file of files) sandbox.evalSync(`${harnessText(file)}\n;void 0`, { name: file });
  if (mode === 'module') {
    await sandbox.import(name);
  } else {
    const source = `${mode === 'strict' ? '"use strict";\n' : ''}${text}\n;void 0`;
    if (waits) await sandbox.eval(source, { name });
    else sandbox.evalSync(source, { name });
  }
  if (!files.includes('doneprintHandle.js')) return;
  const end = Date.now() + (waits ? Number(timeout) : asynchronousPatience);
  do await turn();
  while (!printed.some((line) => line.startsWith('Test262:')) && Date.now() < end);
}

async function perform(line) {
  const [id, mode, canBlock, files, name] = line.split('\t');
  const printed = [];
  const answer = { id: Number(id), outcome: 'ok', printed };
  const text = readFileSync(join(suite, name), 'utf8');
  const options = {
    memoryLimit: 512 * 1024 * 1024,
    timeLimit: Number(timeout),
    modules: loadModule,
    onUnhandledRejection: () => {},
  };
  const globals = {
    print: (value) => {
      printed.push(String(value));
    },
  };
  // Only what waits needs agents; evalSync is for programs that must not wait.
  const waits = canBlock === 'block' && /Atomics\.wait|\$262\.agent/.test(text);
  const agents = new Agents(options);
  let sandbox;
  try {
    sandbox = waits ? await agents.createMain(globals) : await createTestSandbox({ ...options, globals });
    await evaluate(sandbox, { mode, files: files === '' ? [] : files.split(','), name, text, waits, printed });
  } catch (error) {
    Object.assign(answer, outcomeOf(error));
  }
  try {
    agents.dispose();
    sandbox?.dispose();
  } catch {
    // A sandbox whose engine trapped has nothing left to give back.
  }
  console.log(JSON.stringify(answer));
}

function outcomeOf(error) {
  if (error instanceof EngineError) return { outcome: 'crash', message: error.message };
  if (error?.name === 'TimeLimitError') return { outcome: 'timeout' };
  if (error?.name === 'MemoryLimitError') return { outcome: 'limit', message: error.message };
  if (error instanceof Error) return { outcome: 'throw', name: error.name, message: error.message };
  // The harness's own Test262Error is a plain object for the host.
  if (typeof error === 'object' && error !== null)
    return { outcome: 'throw', name: 'Test262Error', message: String(error.message ?? '') };
  return { outcome: 'throw', name: 'a value', message: String(error) };
}

process.on('unhandledRejection', () => {});
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) await perform(line);
process.exit(0);
