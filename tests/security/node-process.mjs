// A group of attacks in a process of its own: told by messages which row to run, it answers with what came of it.
const [, , file, name] = process.argv;
let group, runRow, start;
try {
  group = (await import(file)).groups[name];
  ({ runRow } = await import('./runner.mjs'));
  const { createSandbox } = await import('caisson');
  (await createSandbox()).dispose(); // what the first takes is not the attack's
  start = process.resourceUsage().maxRSS;
} catch (error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
}

process.on('message', async (rowName) => {
  const row = group.rows.find((item) => item.name === rowName);
  const result = await runRow(row, group);
  process.send({ ...result, memory: (process.resourceUsage().maxRSS - start) * 1024 });
});
process.send('ready');
