import { createSandbox } from 'caisson';
(await createSandbox()).evalSync('[1].map((n) => n)'); // the engine is loaded, and compiled
for (const file of [
  '/work/wt/collector/tests/readme/.examples-npYPOh/example-1.mjs',
  '/work/wt/collector/tests/readme/.examples-npYPOh/example-2.mjs',
  '/work/wt/collector/tests/readme/.examples-npYPOh/example-3.mjs',
]) {
  await import(file).catch((error) => console.log(String(error?.stack ?? error)));
  console.log('---- end of an example ----');
}
process.exit();
