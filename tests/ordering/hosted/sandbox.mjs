// Runs a program in a sandbox of the npm package: unhandled rejections are lines of output, $262 makes realms.
import { createSandbox } from 'caisson';

export async function runInSandbox(source, print) {
  const sandbox = await createSandbox({
    testHooks: true,
    console: { log: print },
    onUnhandledRejection: (reason) => print(`unhandled: ${reason}`),
  });
  // The completion value does not interest, and not every value can cross.
  await sandbox.eval(`${source}\n;void 0`);
}
