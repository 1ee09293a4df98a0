// A group of attacks in a process of its own: told by messages which row to run, it answers with what came of it.
import { runRow } from './runner.mjs';

const [, , file, name] = process.argv;
const { groups } = await import(file);
const { createSandbox } = await import('caisson');
(await createSandbox()).dispose(); // what the first takes is not the attack's
const start = process.resourceUsage().maxRSS;

process.on('message', async (rowName) => {
  const row = groups[name].rows.find((item) => item.name === rowName);
  const result = await runRow(row, groups[name]);
  process.send({ ...result, memory: (process.resourceUsage().maxRSS - start) * 1024 });
});
process.send('ready');
