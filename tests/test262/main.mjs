// npm run test262: runs the conformance suite and compares with the expectations.
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../wasm-glue/tools/build.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { isExpectedToFail, readExpectations, writeExpectations } from './expectations.mjs';
import { judge } from './judge.mjs';
import { commonReasons, percentage, printSummary, Tally } from './report.mjs';
import { defaultSuite, findTests, readRuns, sampleOf, suiteProblem } from './suite.mjs';
import { runAll } from './workers.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

const usage = `npm run test262 -- [PATH...] [options]
  PATH                     a test or folder of the suite; without any, all but staging and intl402
  --suite DIR              the test262 corpus
  --wasm                   run the shipped caisson.wasm under Node instead of native workers
  --preset NAME            the native build to use: native (default), sanitize, stress
  --jobs N                 number of worker processes
  --timeout MS             per run (10000)
  --pause OPERATIONS       native: pause programs that often, and continue them
  --prepared               native: run what is made of each program's prepared bytes
  --sample N               only N of the tests, always the same ones
  --mode MODE              only runs of this mode: sloppy, strict, module, raw
  --alternate              of tests with two modes only one: sloppy and strict in turn
  --json FILE              write {total, passed, failed, skipped, byDirectory}, counted in runs
  --list-failures FILE     write each failing run with its reason
  --expectations FILE      another list of known failures
  --update-expectations    rewrite the list for the tests that were run
  --no-build               use what is built already
  --verbose                print each failing run`;

function parseCommandLine() {
  return readCommandLine(
    usage,
    {
      allowPositionals: true,
      options: {
        suite: { type: 'string' },
        wasm: { type: 'boolean', default: false },
        preset: { type: 'string', default: 'native' },
        jobs: { type: 'string' },
        timeout: { type: 'string', default: '10000' },
        pause: { type: 'string', default: '0' },
        prepared: { type: 'boolean', default: false },
        sample: { type: 'string' },
        mode: { type: 'string', multiple: true },
        alternate: { type: 'boolean', default: false },
        json: { type: 'string' },
        'list-failures': { type: 'string' },
        expectations: { type: 'string' },
        'update-expectations': { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    },
    ['jobs', 'timeout', 'pause', 'sample'],
  );
}

async function prepareWorker({ wasm, preset, 'no-build': noBuild, timeout, pause, prepared }, suite) {
  if (!noBuild) {
    await setUp([wasm ? 'browser' : 'native']);
    await build(wasm ? 'browser' : preset, wasm ? [] : ['test262-worker']);
  }
  if (wasm) {
    return { command: process.execPath, args: ['--no-warnings', join(here, 'wasm-worker.mjs'), suite, timeout] };
  }
  return {
    command: join(root, 'build', preset, 'test262-worker'),
    args: [suite, timeout, pause, prepared ? 'prepared' : ''],
  };
}

function startProgress(total) {
  const started = Date.now();
  let done = 0;
  let shown = started;
  return (tally) => {
    done++;
    const now = Date.now();
    if (done !== total && now - shown < (process.stdout.isTTY ? 1000 : 15000)) return;
    shown = now;
    const seconds = ((now - started) / 1000).toFixed(0);
    console.log(`[${done}/${total}] ${tally.counts.passed} passed, ${tally.counts.failed} failed, ${seconds} s`);
  };
}

function writeFailures(file, failures) {
  const order = (failure) => `${failure.run.name} ${failure.run.mode}`;
  const sorted = [...failures].sort((left, right) => (order(left) < order(right) ? -1 : 1));
  writeFileSync(
    file,
    sorted.map(({ run, reason }) => `${run.name} [${run.mode}] ${reason.replace(/\s+/g, ' ')}\n`).join(''),
  );
}

async function main() {
  const { values, positionals } = parseCommandLine();
  const suite = values.suite ?? defaultSuite();
  const problem = suiteProblem(suite);
  if (problem !== undefined) {
    console.error(problem);
    return 2;
  }
  const worker = await prepareWorker(values, suite);
  if (!existsSync(worker.command)) {
    console.error(`The worker is not built: ${worker.command}`);
    return 2;
  }

  const list = values.expectations ?? join(here, 'expectations.txt');
  const expectations = readExpectations(list);
  const tally = new Tally();
  const results = new Map();
  const surprises = { failures: [], passes: [] };
  const found = findTests(suite, positionals);
  const all = readRuns(suite, values.sample === undefined ? found : sampleOf(found, Number(values.sample)), {
    onlyModes: values.mode,
    alternates: values.alternate,
  });
  const runs = all.filter((run) => run.skip === undefined);
  for (const run of all) if (run.skip !== undefined) tally.add(run, 'skipped');
  const progress = startProgress(runs.length);

  await runAll({
    ...worker,
    jobs: Number(values.jobs ?? availableParallelism()),
    timeout: Number(values.timeout),
    runs,
    onResult(run, result) {
      const reason = judge(run, result);
      tally.add(run, reason === undefined ? 'passed' : 'failed', reason);
      if (!results.has(run.name)) results.set(run.name, new Map());
      results.get(run.name).set(run.mode, reason);
      const expected = isExpectedToFail(expectations, run);
      if (reason !== undefined && !expected) surprises.failures.push({ run, reason });
      if (reason === undefined && expected) surprises.passes.push({ run });
      if (reason !== undefined && values.verbose) console.log(`${run.name} [${run.mode}] ${reason}`);
      progress(tally);
    },
  });

  printSummary(tally);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(tally, null, 2)}\n`);
  if (values['list-failures']) writeFailures(values['list-failures'], tally.failures);
  const { total, passed, failed, skipped } = tally.counts;
  console.log(`\n${total} runs: ${passed} passed, ${failed} failed, ${skipped} skipped (${percentage(tally.counts)})`);
  if (values['update-expectations']) {
    writeExpectations(list, expectations, results);
    console.log(`${list} rewritten`);
    return 0;
  }
  return reportSurprises(surprises);
}

function reportSurprises({ failures, passes }) {
  if (failures.length === 0 && passes.length === 0) {
    console.log('All as expected.');
    return 0;
  }
  if (failures.length > 0) {
    console.log(`\n${failures.length} unexpected failures, most frequent reasons:`);
    for (const [reason, count] of commonReasons(failures, 15)) console.log(`${String(count).padStart(8)}  ${reason}`);
    for (const { run, reason } of failures.slice(0, 30))
      console.log(`  ${run.name} [${run.mode}] ${reason.split('\n')[0]}`);
  }
  if (passes.length > 0) {
    console.log(`\n${passes.length} unexpected passes (remove them with --update-expectations):`);
    for (const { run } of passes.slice(0, 30)) console.log(`  ${run.name} [${run.mode}]`);
  }
  return 1;
}

process.exitCode = await main();
