import { compile, createSandbox } from 'caisson';

const program = await compile('globalThis.total = (globalThis.total ?? 0) + 1;', { name: 'count.js' });
const lib = await compile('export const twice = (n) => n * 2;', { module: true });
const results = [];
for (const total of [0, 10]) {
  const sandbox = await createSandbox({ globals: { total }, modules: { './lib.js': lib } });
  results.push(sandbox.evalSync(program), (await sandbox.import('./lib.js')).twice(total));
  sandbox.dispose();
}
console.log(results); // [ 1, 0, 11, 20 ]

export {};
