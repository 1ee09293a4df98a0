// The worker of `npm run test262 -- --wasm`: the protocol of worker.c, performed by the shipped caisson.wasm through
// the npm package in Node.
//     node wasm-worker.mjs SUITE TIMEOUT_MS < runs
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { createSandbox } from 'caisson';

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

async function evaluate(sandbox, { mode, files, name, printed }) {
  // The completion value does not interest, and not every value can cross.
  for (const file of files) sandbox.evalSync(`${harnessText(file)}\n;void 0`, { name: file });
  if (mode === 'module') {
    await sandbox.import(name);
  } else {
    const text = readFileSync(join(suite, name), 'utf8');
    sandbox.evalSync(`${mode === 'strict' ? '"use strict";\n' : ''}${text}\n;void 0`, { name });
  }
  if (!files.includes('doneprintHandle.js')) return;
  const end = Date.now() + asynchronousPatience;
  do await turn();
  while (!printed.some((line) => line.startsWith('Test262:')) && Date.now() < end);
}

async function perform(line) {
  const [id, mode, , files, name] = line.split('\t');
  const printed = [];
  const answer = { id: Number(id), outcome: 'ok', printed };
  let sandbox;
  try {
    sandbox = await createSandbox({
      memoryLimit: 512 * 1024 * 1024,
      timeLimit: Number(timeout),
      testHooks: true,
      globals: { print: (text) => { printed.push(String(text)); } },
      modules: loadModule,
      onUnhandledRejection: () => {},
    });
    await evaluate(sandbox, { mode, files: files === '' ? [] : files.split(','), name, printed });
  } catch (error) {
    Object.assign(answer, outcomeOf(error));
  }
  try {
    sandbox?.dispose();
  } catch {
    // A sandbox whose engine trapped has nothing left to give back.
  }
  console.log(JSON.stringify(answer));
}

function outcomeOf(error) {
  if (error instanceof WebAssembly.RuntimeError) return { outcome: 'crash', message: error.message };
  if (error?.name === 'TimeLimitError') return { outcome: 'timeout' };
  if (error?.name === 'MemoryLimitError') return { outcome: 'limit', message: error.message };
  if (error instanceof Error) return { outcome: 'throw', name: error.name, message: error.message };
  // The harness's own Test262Error is a plain object for the host.
  if (typeof error === 'object' && error !== null) return { outcome: 'throw', name: 'Test262Error', message: String(error.message ?? '') };
  return { outcome: 'throw', name: 'a value', message: String(error) };
}

process.on('unhandledRejection', () => {});
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) await perform(line);
process.exit(0);
