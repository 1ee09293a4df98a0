import { createSandbox } from 'caisson';

const sandbox = await createSandbox({
  memoryLimit: 32 * 1024 * 1024, // bytes, everything included
  timeLimit: 50,                 // milliseconds of guest time per call into the guest
  globals: {
    add: (a, b) => a + b,
    load: async (name) => `contents of ${name}`,
    config: { name: 'demo', tags: new Set(['a', 'b']) },
  },
});

console.log(sandbox.evalSync('add(1, 2) + config.tags.size'));    // 5
console.log(await sandbox.eval('load("x").then((text) => text.toUpperCase())')); // CONTENTS OF X
sandbox.dispose();

export {};
