// What a worker of a page runs: new Worker(new URL('./worker-main.js', import.meta.url), { type: 'module' }).
import { serve } from './worker-guest.js';

const scope = /** @type {any} */ (globalThis);
const receive = serve((message, transferred = []) => scope.postMessage(message, transferred));
scope.addEventListener('message', (/** @type {MessageEvent} */ { data }) => receive(data));
