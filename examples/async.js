// An untrusted program that waits, calls the host and handles errors, inside Caisson.
import { createSandbox } from 'caisson';

const sandbox = await createSandbox({
  memoryLimit: 32 * 1024 * 1024,
  timeLimit: 1000,
  globals: {
    print: (...items) => console.log(...items),
    // The guest awaits what the host takes its time for.
    load: async (name) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (name === 'missing') throw new Error(`There is no ${name}`);
      return { name, size: name.length };
    },
  },
});

const total = await sandbox.eval(`
  (async () => {
    const settled = Promise.resolve();
    (async () => { await settled; print('after:await'); })();
    settled.then(() => print('tick:a')).then(() => print('tick:b'));

    async function* load_all(names) {
      for (const name of names) yield await load(name);
    }
    let total = 0;
    for await (const { name, size } of load_all(['alpha', 'beta', 'gamma'])) {
      print('loaded', name, size);
      total += size;
    }
    try {
      await load('missing');
    } catch (error) {
      print('caught', error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    return total;
  })()
`);
console.log('total', total);
sandbox.dispose();
