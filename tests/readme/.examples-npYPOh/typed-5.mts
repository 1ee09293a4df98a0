import { blocking, createSandbox } from 'caisson';

const sandbox = await createSandbox({
  globals: {
    readFile: blocking(async (name) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return `<${name}>`;
    }),
  },
});
console.log(await sandbox.eval('["a", "b"].map((name) => readFile(name)).join()')); // <a>,<b>

// A guest's function that waits gives the host a promise. `for await` waits for the steps of any iterator.
const lines = sandbox.evalSync('(function* () { yield readFile("c"); })');
for await (const line of lines()) console.log(line); // <c>
// A property is wanted at once, unless it is asked for by `promises`.
const page = sandbox.ref('({ get title() { return readFile("title"); } })');
console.log(await page.promises.get('title')); // <title>
sandbox.dispose();

export {};
