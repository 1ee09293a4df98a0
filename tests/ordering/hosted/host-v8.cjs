// Runs a program in this Node: what the host hears of rejections are lines of output, $262 makes realms.
//     node host-v8.cjs FILE
const { readFileSync } = require('node:fs');
const vm = require('node:vm');

function makeRealm() {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  return { global: context, evalScript: (source) => vm.runInContext(source, context) };
}

globalThis.$262 = { createRealm: makeRealm };
const reasons = new Map();
process.on('unhandledRejection', (reason, promise) => {
  reasons.set(promise, reason);
  console.log(`unhandled: ${reason}`);
});
process.on('rejectionHandled', (promise) => console.log(`handled: ${reasons.get(promise)}`));
vm.runInThisContext(readFileSync(process.argv[2], 'utf8'));
