// The script of a worker as one text, in pages and in Node: worker-text.js has it.
import { builtinOfNode } from './node-here.js';
import { serve } from './worker-guest.js';

const scope = /** @type {any} */ (globalThis);
const threads = builtinOfNode('node:worker_threads') ?? scope.require?.('node:worker_threads');
const port = threads?.parentPort;
if (port) {
  port.on(
    'message',
    serve((message, transferred) => port.postMessage(message, transferred)),
  );
} else {
  const receive = serve((message, transferred = []) => scope.postMessage(message, transferred));
  scope.addEventListener('message', (/** @type {MessageEvent} */ { data }) => receive(data));
}
