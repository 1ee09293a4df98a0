// What a worker of Node, Bun or Deno runs.
import { parentPort } from 'node:worker_threads';
import { serve } from './worker-guest.js';

const port = /** @type {any} */ (parentPort);
const receive = serve((message, transferred = []) => port.postMessage(message, transferred));
port.on('message', receive);
