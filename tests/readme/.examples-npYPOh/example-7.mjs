import { createSandbox } from 'caisson';
import { createResolver } from 'caisson/modules';

const files = {
  'node_modules/greet/package.json': '{ "exports": { ".": { "import": "./greet.mjs" } } }',
  'node_modules/greet/greet.mjs': 'import upper from "upper"; export const greet = (name) => `Hello ${upper(name)}`;',
  'node_modules/upper/index.js': 'module.exports = (text) => text.toUpperCase();', // CommonJS
};
const sandbox = await createSandbox({ modules: createResolver(files) });
const program = 'import { greet } from "greet"; export default greet("host");';
console.log((await sandbox.eval(program, { module: true })).default); // Hello HOST
sandbox.dispose();
