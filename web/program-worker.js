// Runs programs, each in a sandbox and an instance of its own. This is a worker, so that the page can end it whatever a
// program does. Receives { type: 'start', engine } and then { type: 'run', source, isModule }; sends ready, output,
// ended, idle (see program/runner.js).
import { SandboxError, createSandbox } from 'caisson';
import { makeConsole } from './guest/console.js';
import { makeDescriber } from './guest/describe.js';
import { Lines } from './output/lines.js';
import { findModule } from './program/program-modules.js';

const MEMORY_LIMIT = 256 * 1024 * 1024;
const PROGRAM = 'program.js';
const SEND_EVERY = 40; // ms: the page shows a frame in less, but has more to do

/** @param {import('./program/runner.js').Message['type']} type @param {object} [details] */
const send = (type, details) => postMessage({ type, ...details });
const describe = makeDescriber();
const lines = new Lines();
let isCleared = false;
let lastSent = 0;
/** @type {number | undefined} */
let timer;

/**
 * The output of a program goes to the page in batches, even while the program keeps this worker busy; excess output is
 * dropped here.
 * @param {string} [entry] nothing: all entries go
 */
function print(entry) {
  if (typeof entry === 'string') {
    lines.add(entry);
  } else {
    lines.clear();
    isCleared = true;
  }
  if (performance.now() - lastSent >= SEND_EVERY) sendOutput();
  else timer ??= setTimeout(sendOutput, SEND_EVERY);
}

function sendOutput() {
  clearTimeout(timer);
  timer = undefined;
  if (lines.end > lines.start || isCleared) send('output', { ...lines.take(), isCleared });
  isCleared = false;
  lastSent = performance.now();
}

/** @param {string} kind @param {unknown[]} values */
const printValues = (kind, ...values) => print(describe(kind, 0, values));

/** The stack of an error of the package is the host's. @param {string} title @param {unknown} error */
function printError(title, error) {
  if (error instanceof SandboxError) printValues('error', `${error.name}: ${error.message}`);
  else if (error instanceof Error) printValues('error', error);
  else printValues('error', title, error);
}

/** @type {WebAssembly.Module} */
let engine;
/** @type {import('./program/runner.js').Program} */
let program;
/** @type {import('caisson').Sandbox} */
let sandbox; // for the next program, or that of the running one
let isUsed = false;

async function makeSandbox() {
  sandbox?.dispose();
  isUsed = false;
  sandbox = await createSandbox({
    wasm: engine,
    isolation: 'instance',
    memoryLimit: MEMORY_LIMIT,
    timeLimit: Infinity, // whoever looks at the page may stop the program
    modules: (name, _referrer, { specifier }) => (name === PROGRAM ? program.source : findModule(specifier)),
    onUnhandledRejection: (reason) => printValues('error', 'Unhandled rejection:', reason),
    onUncaughtError: (error) => printError('Uncaught', error),
  });
  const install = sandbox.evalSync(
    `(print) => {
    const console = (${makeConsole})((${makeDescriber})(), print);
    Object.defineProperty(globalThis, 'console', { value: console, writable: true, enumerable: false, configurable: true });
  }`,
    { name: 'console' },
  );
  install((/** @type {string | undefined} */ entry) => {
    print(entry);
  });
}

async function run() {
  if (isUsed) await makeSandbox();
  isUsed = true;
  const begin = performance.now();
  let isOver = false;
  const ended = perform().then(() => {
    isOver = true;
    sendOutput();
    send('ended');
  });
  await sandbox.whenIdle();
  // A program ends after its last answer, within a few jobs.
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 0))]);
  if (!isOver) printValues('note', 'The program waits for a promise that nothing will settle.');
  sendOutput();
  send('idle', { duration: performance.now() - begin });
}

async function perform() {
  try {
    const value = program.isModule
      ? exportsOf(await sandbox.import(PROGRAM))
      : await sandbox.eval(program.source, { name: PROGRAM });
    if (value !== undefined) printValues('result', value);
  } catch (error) {
    printError('Uncaught', error);
  }
}

/** Nothing for a module that exports nothing. @param {object} namespace */
const exportsOf = (namespace) => (Object.keys(namespace).length > 0 ? namespace : undefined);

addEventListener('message', async ({ data }) => {
  try {
    if (data.type === 'start') {
      ({ engine } = data);
      await makeSandbox();
      send('ready');
    } else if (data.type === 'run') {
      program = data;
      await run();
    }
  } catch (error) {
    send('failed', { reason: `the engine has failed: ${/** @type {Error} */ (error).message}` });
  }
});
