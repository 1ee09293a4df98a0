import { MemoryLimitError, TimeLimitError, createSandbox } from 'caisson';

const sandbox = await createSandbox({ timeLimit: 50, memoryLimit: 8 * 1024 * 1024 });
try {
  sandbox.evalSync('for (;;);');
} catch (error) {
  console.log(error instanceof TimeLimitError); // true
}
// Out of memory is a RangeError that the guest can handle; a guest that goes on is stopped.
console.log(sandbox.evalSync('try { new Uint8Array(1e9) } catch (error) { error.name }')); // RangeError
try {
  sandbox.evalSync('const all = []; for (;;) { try { for (;;) all.push({}); } catch {} }', { timeLimit: 10000 });
} catch (error) {
  console.log(error instanceof MemoryLimitError); // true
}
console.log(sandbox.evalSync('1 + 1')); // 2
sandbox.dispose();
