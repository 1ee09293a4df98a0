// The same as check.js with the sandbox in a worker: what it reports is the same.
// biome-ignore lint/correctness/noUnusedVariables: what the app's text goes on with.
async function check({ compile, createWorkerSandbox, createSandboxPool, TimeLimitError }) {
  const sandbox = await createWorkerSandbox({
    timeLimit: 20000,
    globals: { twice: (n) => n * 2, later: (text) => Promise.resolve(`${text}, later`) },
  });
  const report = { sum: await sandbox.eval('1 + 1'), hostFunction: await sandbox.eval('twice(21)') };
  const values = await sandbox.eval(
    '({ text: "\\u00fc\\u{1f600}", big: 2n ** 70n, map: new Map([["bytes", new Uint8Array([1, 2, 3])]]), twice: (n) => n * 2 })',
  );
  report.text = values.text;
  report.big = String(values.big);
  report.bytes = Array.from(values.map.get('bytes'));
  report.guestFunction = await values.twice(4);
  report.promise = await sandbox.eval('later("\\u20ac")');
  const limited = sandbox.eval('for (;;);', { timeLimit: 100 });
  report.limit = await limited.catch((error) => (error instanceof TimeLimitError ? 'TimeLimitError' : String(error)));
  const endless = sandbox.eval('for (;;);').catch((error) => error.name);
  setTimeout(() => sandbox.interrupt(), 200);
  const ended = await endless;
  if (ended !== 'InterruptedError') throw new Error(`What was interrupted came to ${ended}`);
  report.afterwards = await sandbox.eval('"still " + "there"');
  sandbox.dispose();
  const pool = createSandboxPool({ size: 1 });
  const sum = await pool.run(await compile('2 + 2'));
  if (sum !== 4) throw new Error(`The pool gave ${sum}`);
  await pool.close();
  return report;
}
