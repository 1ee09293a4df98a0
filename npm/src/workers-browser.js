// How pages and their workers start workers.
import { isWorkerBeside } from './candidates.js';
import { host as engine } from './host-browser.js';

// This expression is what bundlers look for; where they do not know it, or the package is of another origin, the script
// is a text.
const ofFile = () => new Worker(new URL('./worker-main.js', import.meta.url), { type: 'module' });
const ofText = async () => {
  const { text } = await import('./worker-text.js');
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // browsers fetch it a little later
  }
};

/** @type {import('./worker-threads.js').WorkerHost} */
export const host = {
  engine,
  // What Vite builds has a copy of the file, and its workers are builds that cannot have an import().
  starts: import.meta.env?.PROD ? [ofFile] : isWorkerBeside(import.meta.url) ? [ofFile, ofText] : [ofText, ofFile],
  concurrency: () => globalThis.navigator?.hardwareConcurrency ?? 4,
  sharesMemory: () => typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated !== false,
};
