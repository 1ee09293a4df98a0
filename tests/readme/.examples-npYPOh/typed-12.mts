import { createSandboxPool, createWorkerSandbox } from 'caisson/worker';

const sandbox = await createWorkerSandbox({ globals: { add: (a, b) => a + b } });
console.log(await sandbox.eval('[1, 2].map((n) => add(n, n))')); // [ 2, 4 ]
const { greet } = await sandbox.eval('({ greet: (name) => `Hello ${name}` })');
console.log(await greet('worker')); // Hello worker
setTimeout(() => sandbox.interrupt(), 50);
console.log(await sandbox.eval('for (;;);').catch((error) => error.name)); // InterruptedError
sandbox.dispose();

const pool = createSandboxPool({ size: 2, timeLimit: 1000, maxQueue: 1000 });
console.log(await Promise.all([1, 2, 3].map((n) => pool.run('n * 2', { globals: { n } })))); // [ 2, 4, 6 ]
await pool.close();

export {};
