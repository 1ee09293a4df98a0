// What every app does with the package, as text that each is given: see apps.mjs. It calls no more than what the oldest
// host has.
// biome-ignore lint/correctness/noUnusedVariables: what the app's text goes on with.
async function check({ compile, createSandbox, TimeLimitError }) {
  const sandbox = await createSandbox({
    timeLimit: 100,
    globals: { twice: (n) => n * 2, later: (text) => Promise.resolve(`${text}, later`) },
  });
  const report = { sum: sandbox.evalSync('1 + 1'), hostFunction: sandbox.evalSync('twice(21)') };
  const values = sandbox.evalSync(
    '({ text: "\\u00fc\\u{1f600}", big: 2n ** 70n, map: new Map([["bytes", new Uint8Array([1, 2, 3])]]), twice: (n) => n * 2 })',
  );
  report.text = values.text;
  report.big = String(values.big);
  report.bytes = Array.from(values.map.get('bytes'));
  report.guestFunction = values.twice(4);
  report.promise = await sandbox.eval('later("\\u20ac")');
  try {
    report.limit = sandbox.evalSync('for (;;);');
  } catch (error) {
    report.limit = error instanceof TimeLimitError ? 'TimeLimitError' : String(error);
  }
  report.afterwards = sandbox.evalSync('"still " + "there"');
  const prepared = sandbox.evalSync(await compile('[6].map((n) => n * 7)[0]'));
  if (prepared !== 42) throw new Error(`The prepared program gave ${prepared}`);
  sandbox.dispose();
  return report;
}
