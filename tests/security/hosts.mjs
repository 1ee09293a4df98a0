// Where attacks run: in a Node process per group, in a Chromium page per group. A watchdog ends what hangs, and the
// next one runs.
import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const WATCHDOG = 60_000; // ms by the clock: the machine may be busy
const ATTEMPTS = 4; // the machine may be busy: the best attempt counts, where only time is too much
const MIB = 1024 * 1024;

function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function startProcess(file, name) {
  const child = fork(join(folder, 'node-process.mjs'), [file, name], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => output.length < 20 && output.push(String(text)));
  const answer = () =>
    new Promise((resolve, reject) => {
      const onEnd = (code, signal) =>
        reject(new Error(`the process ended (${signal ?? code}): ${output.join('').slice(-400)}`));
      child.once('exit', onEnd);
      child.once('message', (message) => {
        child.off('exit', onEnd);
        resolve(message);
      });
    });
  return {
    ready: answer(),
    run(row) {
      const result = answer();
      child.send(row.name);
      return result;
    },
    close: () => child.kill('SIGKILL'),
  };
}

async function startPage(site, name) {
  const page = await site.open();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const measure = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const find = (name) => metrics.find((metric) => metric.name === name).value;
    return { processor: find('TaskDuration') * 1000, memory: find('JSHeapUsedSize') };
  };
  const start = await measure();
  return {
    async run(row) {
      const before = await measure();
      const result = await page.evaluate(([group, rowName]) => globalThis.attack(group, rowName), [name, row.name]);
      const after = await measure();
      // By the clock without what came before the attack, or by the thread's time with it: whichever is less is still
      // enough.
      const processor = Math.min(result.processor, after.processor - before.processor);
      return { ...result, processor, memory: after.memory - start.memory + result.instances };
    },
    close: () => page.close().catch(() => {}),
  };
}

const pageContents = (file) => `
import { groups } from ${JSON.stringify(file)};
import { runRow } from './runner.mjs';
globalThis.attack = (group, name) => runRow(groups[group].rows.find((row) => row.name === name), groups[group]);
`;

/** Whether `npm test` runs that row: all of a group that does not name them. */
export const isPartOfTests = (row, group) => group.quick?.includes(row.name) ?? true;

/** Runs a group's attacks; gives [{name, problem, processor, memory}]. host: 'node' or 'page'. */
export async function runGroup(
  name,
  host,
  { isQuick = false, words = [], file = join(folder, 'groups.mjs'), onResult = () => {} } = {},
) {
  const group = (await import(file)).groups[name];
  const rows = group.rows
    .filter((row) => (!isQuick || isPartOfTests(row, group)) && (row.host ?? host) === host)
    .filter((row) => words.length === 0 || words.some((word) => row.name.includes(word)));
  const site = host === 'page' ? await visitModule(pageContents(file), folder) : undefined;
  const open = () => (host === 'page' ? startPage(site, name) : startProcess(file, name));
  const results = [];
  let place;
  try {
    for (const row of rows) {
      if (row.alone && place !== undefined) {
        await place.close();
        place = undefined;
      }
      let best;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          if (place === undefined) {
            place = await open();
            await within(WATCHDOG, place.ready, 'the host did not start');
          }
          const result = await within(row.watchdog ?? WATCHDOG, place.run(row), 'it hung, and the watchdog ended it');
          const limits = { processor: row.processor ?? group.processor, memory: row.memory ?? group.memory };
          result.isTimeOnly = result.problem === undefined && result.memory <= limits.memory;
          if (result.problem === undefined && result.memory > limits.memory)
            result.problem = `took ${(result.memory / MIB).toFixed(0)} MiB, more than ${(limits.memory / MIB).toFixed(0)}`;
          if (result.problem === undefined && result.processor > limits.processor)
            result.problem = `took ${result.processor.toFixed(0)} ms of processor time, more than ${limits.processor}`;
          if (best === undefined || result.processor < best.processor || !result.isTimeOnly) best = result;
        } catch (error) {
          best = { problem: String(error.message), processor: Number.NaN, memory: Number.NaN };
          await place?.close();
          place = undefined;
        }
        if (best.problem === undefined || !best.isTimeOnly) break;
      }
      results.push({ name: row.name, ...best });
      onResult(results.at(-1));
      if (row.alone) {
        await place?.close();
        place = undefined;
      }
    }
  } finally {
    await place?.close();
    await site?.close();
  }
  return results;
}
