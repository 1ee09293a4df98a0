// Runs a program in this Node: unhandled rejections are lines of output, $262 makes realms.
//     node host-v8.cjs FILE
const { readFileSync } = require('node:fs');
const vm = require('node:vm');

function makeRealm() {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  return { global: context, evalScript: (source) => vm.runInContext(source, context) };
}

globalThis.$262 = { createRealm: makeRealm };
process.on('unhandledRejection', (reason) => console.log(`unhandled: ${reason}`));
vm.runInThisContext(readFileSync(process.argv[2], 'utf8'));
