// All deep programs on a small stack.
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { root } from '../../wasm-glue/tools/root.mjs';
import { programs } from './deep-programs.mjs';

const { createSandbox } = await import(join(root, 'npm', 'src', 'index.js'));
for (const [name, make] of Object.entries(programs)) {
  const sandbox = await createSandbox({ timeLimit: Infinity, stackLimit: 64 * 1024 * 1024 });
  const [source, value] = make(3000);
  const result = sandbox.evalSync(source);
  if (result !== value) throw new Error(`${name}: ${result}`);
  sandbox.dispose();
}
parentPort?.postMessage('done');
