import { createSandbox } from 'caisson';

const sandbox = await createSandbox({ timeSlice: 5 });
setTimeout(() => sandbox.interrupt(), 50);
try {
  await sandbox.eval('for (;;);');
} catch (error) {
  console.log(String(error)); // InterruptedError: the guest was interrupted
}
console.log(await sandbox.eval('let n = 0; for (let i = 0; i < 1e6; i++) n += i; n')); // 499999500000
// The usual way to sleep: the guest waits, the host does not.
console.log(await sandbox.eval('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)')); // timed-out
sandbox.dispose();
