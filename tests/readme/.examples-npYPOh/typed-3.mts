import { createSandbox } from 'caisson';

const sandbox = await createSandbox();
const plugin = sandbox.evalSync(`({
  count: 0,
  greet(name) { return 'Hello ' + name; },
  async onMessage({ when, data }) { return { year: when.getUTCFullYear(), sum: data.reduce((a, b) => a + b) }; },
})`);
console.log(plugin.greet('host'));                                        // Hello host
console.log(await plugin.onMessage({ when: new Date(0), data: new Float32Array([1, 2]) })); // { year: 1970, sum: 3 }

try {
  sandbox.evalSync('function check() {\n  null.x;\n}\ncheck()', { name: 'plugin.js' });
} catch (error) {
  const stack = error instanceof Error ? error.stack : '';
  console.log(error instanceof TypeError, /plugin\.js:2:/.test(String(stack))); // true true
}
sandbox.dispose();

export {};
