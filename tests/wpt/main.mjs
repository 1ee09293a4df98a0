// npm run wpt: what passes of web-platform-tests in a current Node passes in a sandbox.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../wasm-glue/tools/build.mjs';
import { runInNode, runInSandbox } from './engines.mjs';
import { findExpectation, readExpectations } from './expectations.mjs';
import { startServer } from './server.mjs';
import { defaultSuite, findTests, missingFolders, needsServer, readRuns, suiteProblem } from './suite.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const usage = `npm run wpt -- [PATH...] [options]
  PATH                a test or folder of the suite; without any, the folders whose globals sandboxes have
  --suite DIR         a checkout of web-platform-tests
  --node FILE         the Node to compare with (this one); a current one knows the most
  --timeout MS        per run (60000)
  --expectations FILE another list of what passes in Node and not here
  --no-build          use what is built already
  --verbose           print each failing subtest with both results`;

const AT_ONCE = 3;
const nodePasses = (subtests) => [...subtests.values()].some(({ status }) => status === 0);
const states = ['passes', 'fails', 'timed out', 'not run', 'precondition failed'];
const describe = (result) =>
  result === undefined ? 'is not there' : `${states[result.status]}${result.message ? `: ${result.message}` : ''}`;
const keyOf = (run, name) => `${run.name}${run.variant} ${JSON.stringify(name)}`;

function parseCommandLine() {
  return readCommandLine(
    usage,
    {
      allowPositionals: true,
      options: {
        suite: { type: 'string' },
        node: { type: 'string', default: process.execPath },
        timeout: { type: 'string', default: '60000' },
        expectations: { type: 'string', default: join(here, 'expectations.txt') },
        'no-build': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    },
    ['timeout'],
  );
}

// A subtest is judged by its name and how many of the same name came before it.
function bySubtest(results) {
  const found = new Map();
  for (const subtest of results.subtests) {
    let name = subtest.name;
    for (let count = 2; found.has(name); count++) name = `${subtest.name} (${count})`;
    found.set(name, subtest);
  }
  return found;
}

// The runs' results in their order. Many tests wait, so some run at the same time.
async function* resultsOf(suite, runs, node, timeout) {
  const start = (run) =>
    Promise.all([runInSandbox(suite, { ...run, timeout }), runInNode(node, suite, { ...run, timeout })]);
  const started = [];
  for (const [index, run] of runs.entries()) {
    while (started.length < Math.min(index + AT_ONCE, runs.length)) started.push(start(runs[started.length]));
    const [mine, theirs] = await started[index];
    started[index] = undefined;
    yield { run, mine, theirs };
  }
}

async function main() {
  const { values, positionals } = parseCommandLine();
  const suite = resolve(values.suite ?? defaultSuite());
  const problem = suiteProblem(suite);
  if (problem !== undefined) {
    console.error(problem);
    return 2;
  }
  if (!values['no-build']) await build('browser');
  const expectations = readExpectations(values.expectations);
  const counts = { total: 0, here: 0, node: 0, expected: 0 };
  const surprises = [];
  const tests = findTests(suite, positionals);
  if (positionals.length === 0 && missingFolders(suite).length > 0)
    console.error(`Not in this suite: ${missingFolders(suite).join(', ')}`);
  const server = tests.some(needsServer) ? await startServer(suite) : undefined;
  const runs = tests.flatMap((name) => readRuns(suite, name, needsServer(name) ? server.address : undefined));
  for await (const { run, mine, theirs } of resultsOf(suite, runs, values.node, Number(values.timeout))) {
    const { name } = run;
    const [here, node] = [bySubtest(mine), bySubtest(theirs)];
    let [passed, nodePassed] = [0, 0];
    const names = new Set([...here.keys(), ...node.keys()]);
    if (here.size === 0 && nodePasses(node)) surprises.push(`${name}${run.variant}: no results here: ${mine.message}`);
    for (const subtest of names) {
      const [result, expected] = [here.get(subtest), node.get(subtest)];
      if (result?.status === 0) passed++;
      if (expected?.status === 0) nodePassed++;
      if (result?.status === 0) continue;
      if (values.verbose) console.log(`  ${keyOf(run, subtest)} ${describe(result)}; in Node it ${describe(expected)}`);
      const entry = findExpectation(expectations, name, subtest);
      if (entry !== undefined) entry.uses++;
      if (expected?.status !== 0) continue;
      if (entry !== undefined) counts.expected++;
      else surprises.push(`${keyOf(run, subtest)} ${describe(result)}`);
    }
    counts.total += names.size;
    counts.here += passed;
    counts.node += nodePassed;
    console.log(`${name}${run.variant}: ${names.size} subtests, ${passed} pass here, ${nodePassed} in Node`);
  }
  server?.stop();
  console.log(
    `\n${counts.total} subtests: ${counts.here} pass here, ${counts.node} in Node; ${counts.expected} of those that pass only there are expected`,
  );
  for (const entry of expectations)
    if (tests.includes(entry.path) && entry.uses === 0) surprises.push(`listed, but nothing fails: ${entry.line}`);
  if (surprises.length > 0) console.log(`${surprises.length} surprises:`);
  for (const surprise of surprises.slice(0, values.verbose ? Infinity : 60)) console.log(`  ${surprise}`);
  return surprises.length > 0 ? 1 : 0;
}

process.exitCode = await main();
