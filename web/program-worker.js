// Runs one program after another in a sandbox. Lives in a worker, so that the page can end it whatever the program does.
// Receives {type: 'run', source}; sends {type: 'ready' | 'console' | 'result' | 'error' | 'idle', ...}.
import { createSandbox } from 'caisson';

const MEMORY_LIMIT = 256 * 1024 * 1024;
let sandbox;

// postMessage clones what the sandbox gave; functions and promises are shown by name.
function cloneable(value, seen = new Map()) {
  if (typeof value === 'function') return { $function: value.name };
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Promise) return { $promise: true };
  if (value instanceof Error) return { $error: value.stack || String(value) };
  if (value instanceof Map || value instanceof Set) {
    const copy = new value.constructor();
    seen.set(value, copy);
    if (value instanceof Map) for (const [key, item] of value) copy.set(cloneable(key, seen), cloneable(item, seen));
    else for (const item of value) copy.add(cloneable(item, seen));
    return copy;
  }
  if (Array.isArray(value)) {
    const copy = [];
    seen.set(value, copy);
    for (const item of value) copy.push(cloneable(item, seen));
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = {};
  seen.set(value, copy);
  for (const [key, item] of Object.entries(value)) copy[key] = cloneable(item, seen);
  return copy;
}

const send = (type, details) => postMessage({ type, ...details });
const report = (level) => (...values) => send('console', { level, values: values.map((value) => cloneable(value)) });
const describeError = (error) => (error instanceof Error ? error.stack || String(error) : `Uncaught ${String(error)}`);

async function run(source) {
  sandbox?.dispose();
  const started = performance.now();
  sandbox = await createSandbox({
    memoryLimit: MEMORY_LIMIT,
    console: { log: report('log'), debug: report('debug'), info: report('info'), warn: report('warn'), error: report('error') },
    onUnhandledRejection: (reason) => send('error', { text: `Unhandled rejection: ${describeError(reason)}` }),
    onUncaughtError: (error) => send('error', { text: describeError(error) }),
  });
  try {
    const value = await sandbox.eval(source, { name: 'program.js' });
    send('result', { value: cloneable(value), duration: performance.now() - started });
  } catch (error) {
    send('error', { text: describeError(error), duration: performance.now() - started });
  }
  send('idle');
}

addEventListener('message', ({ data }) => {
  if (data.type === 'run') run(data.source);
});

createSandbox().then(
  (warmUp) => {
    warmUp.dispose();
    send('ready');
  },
  (error) => send('error', { text: `The engine could not be loaded: ${error.message}` }),
);
