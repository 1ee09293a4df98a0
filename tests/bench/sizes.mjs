// What Caisson takes, in KB: of the network, and of the memory of a new sandbox.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { createSandbox } from 'caisson';
import { root } from '../../wasm-glue/tools/root.mjs';

const KB = 1024;

export async function measureSizes() {
  const sandbox = await createSandbox();
  const fresh = sandbox.memoryUsed;
  sandbox.evalSync('1 + 1');
  const used = sandbox.memoryUsed;
  sandbox.dispose();
  const wasm = brotliCompressSync(readFileSync(join(root, 'npm', 'caisson.wasm'))).length;
  return [
    { name: 'memory of a new sandbox, KB', group: 'memory', caisson_kb: fresh / KB },
    { name: 'memory of a sandbox that has computed 1 + 1, KB', group: 'memory', caisson_kb: used / KB },
    { name: 'caisson.wasm after brotli, KB', group: 'size', caisson_kb: wasm / KB },
  ];
}
