import { createSandbox } from 'caisson';

const sandbox = await createSandbox({
  modules: {
    './lib/index.js': 'export { default as limits } from "./limits.json" with { type: "json" };',
    './lib/limits.json': '{ "rows": 10 }',
    'app:db': { query: async (text = '') => `rows of ${text}` },
  },
  importMap: { imports: { lib: './lib/index.js' } },
});
const program = `
  import { query } from 'app:db';
  import { limits } from 'lib';
  export default (await query('users')) + ', at most ' + limits.rows;`;
console.log((await sandbox.eval(program, { module: true })).default); // rows of users, at most 10
sandbox.dispose();
