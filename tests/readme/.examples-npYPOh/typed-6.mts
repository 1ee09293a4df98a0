import { createSandbox } from 'caisson';

const sandbox = await createSandbox({
  modules: async (specifier, referrer) => {
    if (specifier === './main.js') return 'import { twice } from "./lib.js"; export const run = (n) => twice(n) + 1;';
    if (specifier === './lib.js' && referrer === './main.js') return 'export const twice = (n) => n * 2;';
    throw new Error(`there is no ${specifier}`);
  },
});
const { run } = await sandbox.import('./main.js');
console.log(run(20)); // 41
sandbox.dispose();

export {};
