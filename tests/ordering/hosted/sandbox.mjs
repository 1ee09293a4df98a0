// Runs a program in a sandbox of the npm package: what the host hears of rejections are lines of output,
// $262 makes realms.
import { createTestSandbox } from '../../tools/test-sandbox.mjs';

export async function runInSandbox(source, print) {
  const reasons = new Map();
  const sandbox = await createTestSandbox({
    console: { log: print },
    onUnhandledRejection(reason, promise) {
      reasons.set(promise, reason);
      print(`unhandled: ${reason}`);
    },
    onRejectionHandled: (promise) => print(`handled: ${reasons.get(promise)}`),
  });
  // The completion value does not interest, and not every value can cross.
  await sandbox.eval(`${source}\n;void 0`);
}
