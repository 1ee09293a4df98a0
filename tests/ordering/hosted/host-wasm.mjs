// Runs a program in a sandbox of the npm package: unhandled rejections are lines of output, $262 makes realms.
//     node host-wasm.mjs FILE
import { readFileSync } from 'node:fs';
import { createSandbox } from 'caisson';

const sandbox = await createSandbox({
  testHooks: true,
  console: { log: (text) => console.log(text) },
  onUnhandledRejection: (reason) => console.log(`unhandled: ${reason}`),
});
// The completion value does not interest, and not every value can cross.
await sandbox.eval(`${readFileSync(process.argv[2], 'utf8')}\n;void 0`);
