// Sets the guest aside in every built-in that calls back, wherever it does, and expects the same as when nothing waits.
// What calls back is found by the guest itself: programs/built-ins-that-call-back.js. The syntax that calls back is in
// programs/syntax-that-calls-back.js. parking-everywhere.test.mjs runs a sample;
//     node tests/walls/parking-everywhere.mjs [--preset stress] [--seconds 600] [--seed N] [--pause OPERATIONS]
// makes random calls for some time, in which guest code also changes what the built-in is at work on (--count N: so
// many in a process). --every N: those that the test makes.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { root } from '../../wasm-glue/tools/root.mjs';

const programs = ['built-ins-that-call-back.js', 'syntax-that-calls-back.js'].map((name) =>
  join(root, 'tests', 'walls', 'programs', name),
);
const run = promisify(execFile);

/** What `expression` gives as JSON in a native process, after the programs. */
async function inProbe(preset, options, expression, given) {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-parking-'));
  try {
    const call = join(folder, 'call.js');
    const text = given === undefined ? '' : `var given = ${JSON.stringify(given)};\n`;
    writeFileSync(call, `${text}${expression}.then(report, (error) => report('failed: ' + error + error.stack));`);
    const { stdout } = await run(join(root, 'build', preset, 'parking_probe'), [...options, ...programs, call], {
      maxBuffer: 1 << 28,
    });
    if (!stdout.startsWith('{')) throw new Error(`the program gives: ${stdout.slice(0, 1000) || 'nothing'}`);
    return stdout.trimEnd();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The calls that call back, and what they do when nothing waits: an account for `compare`, as text. */
export const find = (options = {}, preset = 'native') =>
  inProbe(preset, [], `everywhere.find(${JSON.stringify(options)})`);

/** Makes the calls again, natively, with waits in the events or with pauses. */
export async function compareNatively(given, { preset = 'native', waits = true, pause = 0 } = {}) {
  const options = [...(waits ? ['--wait'] : []), ...(pause ? ['--pause', String(pause)] : [])];
  return JSON.parse(await inProbe(preset, options, `everywhere.compare(given, { waits: ${waits} })`, given));
}

/** And in a sandbox of the package, with a host function that waits. */
export async function compareInSandbox(given) {
  const { blocking, createSandbox } = await import('caisson');
  const sandbox = await createSandbox({
    globals: { wait: blocking(() => new Promise((resolve) => setImmediate(resolve))), given },
    modules: async () => "event('the body of a module'); export default 1;",
    timeLimit: 60_000,
    onUnhandledRejection: () => {},
    console: { text: true, log() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  for (const file of programs) await sandbox.eval(readFileSync(file, 'utf8'), { name: file.split('/').at(-1) });
  const result = await sandbox.eval('everywhere.compare(given)');
  sandbox.dispose();
  return JSON.parse(result);
}

/** @param {{ name: string, at: number, part: string, expected: string, actual: string }} difference */
export function explain({ name, at, part, expected, actual }) {
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same++;
  const from = Math.max(0, same - 100);
  const where = at === -2 ? 'all its events wait' : at === -1 ? 'nothing waits' : `event ${at} waits`;
  return `${name}, where ${where}: other ${part}\n  ${expected.slice(from, same + 200)}\n  ${actual.slice(from, same + 200)}`;
}

async function main() {
  const { values } = parseArgs({
    options: {
      preset: { type: 'string', default: 'native' },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      pause: { type: 'string', default: '0' },
      count: { type: 'string', default: '3000' },
      every: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const until = Date.now() + Number(values.seconds) * 1000;
  const pause = Number(values.pause);
  const failures = new Map();
  const refusals = new Set();
  let seed = Number(values.seed);
  let runs = 0;
  let parks = 0;
  do {
    const options = values.every
      ? { every: Number(values.every), only: values.only }
      : { seed, count: Number(values.count), only: values.only };
    let result;
    try {
      const given = await find(options);
      result = await compareNatively(given, { preset: values.preset, waits: pause === 0, pause });
    } catch (error) {
      failures.set(`seed ${seed}`, error);
      console.log(`seed ${seed}: ${String(error.stderr ?? error.message).slice(0, 6000)}`);
      continue;
    } finally {
      seed++;
    }
    runs += result.runs;
    parks += result.parks;
    for (const [place, list] of Object.entries(result.refusals)) {
      if (!refusals.has(place)) console.log(`refused in ${place}: ${list[0]}`);
      refusals.add(place);
    }
    for (const difference of result.differences) {
      const place = difference.name.replace(/\(.*/, '');
      if (!failures.has(place)) console.log(`seed ${seed - 1}: ${explain(difference)}`);
      failures.set(place, difference);
    }
  } while (Date.now() < until && !values.every);
  console.log(
    `${runs} runs, ${parks} waits, refused in ${refusals.size} places, other results in ${failures.size}; next seed ${seed}`,
  );
  process.exitCode = failures.size + refusals.size > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
