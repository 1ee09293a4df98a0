// How Node, Bun and Deno start workers.
import { availableParallelism, cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { isWorkerBeside } from './candidates.js';
import { host as engine } from './host-node.js';

// This address is what bundlers look for; where they do not know it, it leads nowhere, and the script is a text.
const ofFile = () => new Worker(new URL('./worker-main-node.js', import.meta.url), { execArgv: [] });
const ofText = async () => {
  const { text } = await import('./worker-text.js');
  return new Worker(text, { eval: true, execArgv: [] });
};

/** @type {import('./worker-threads.js').WorkerHost} */
export const host = {
  engine,
  starts: isWorkerBeside(import.meta.url) ? [ofFile, ofText] : [ofText, ofFile],
  concurrency: () => availableParallelism?.() ?? cpus().length,
  sharesMemory: () => typeof SharedArrayBuffer === 'function',
};
