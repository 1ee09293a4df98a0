// One cold start: from nothing loaded to the first result, in this fresh process. Prints milliseconds. Caisson is the
// built package, as its users load it.
import { engines } from './engines.mjs';

const name = process.argv[2];
const start = performance.now();
const engine = await engines[name](name === 'caisson' ? () => import('../../npm/dist/node.js') : undefined);
const context = await engine.create();
context.load('globalThis.run = () => 6 * 7; 0');
if (context.call() !== 42) throw new Error('wrong result');
console.log(performance.now() - start);
process.exit(0);
