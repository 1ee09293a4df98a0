// npm run wpt: what passes of web-platform-tests in a current Node passes in a sandbox.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../wasm-glue/tools/build.mjs';
import { runInNode, runInSandbox } from './engines.mjs';
import { findExpectation, readExpectations } from './expectations.mjs';
import { defaultSuite, findTests, readRuns, suiteProblem } from './suite.mjs';
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

async function main() {
  const { values, positionals } = parseCommandLine();
  const suite = values.suite ?? defaultSuite();
  const problem = suiteProblem(suite);
  if (problem !== undefined) {
    console.error(problem);
    return 2;
  }
  if (!values['no-build']) await build('browser');
  const expectations = readExpectations(values.expectations);
  const counts = { total: 0, here: 0, node: 0, expected: 0 };
  const surprises = [];
  const seen = new Set();
  for (const name of findTests(suite, positionals)) {
    seen.add(name);
    for (const run of readRuns(suite, name)) {
      const [mine, theirs] = await Promise.all([
        runInSandbox(suite, run, Number(values.timeout)),
        runInNode(values.node, suite, run),
      ]);
      const [here, node] = [bySubtest(mine), bySubtest(theirs)];
      let [failed, nodeFailed] = [0, 0];
      if (mine.subtests.length === 0 && theirs.subtests.length > 0)
        surprises.push(`${name}${run.variant}: no results here: ${mine.message}`);
      for (const subtest of new Set([...here.keys(), ...node.keys()])) {
        counts.total++;
        const [result, expected] = [here.get(subtest), node.get(subtest)];
        if (result?.status === 0) counts.here++;
        else failed++;
        if (expected?.status === 0) counts.node++;
        else nodeFailed++;
        const isWorse = result?.status !== 0 && expected?.status === 0;
        if (result?.status !== 0 && values.verbose)
          console.log(`  ${keyOf(run, subtest)} ${describe(result)}; in Node it ${describe(expected)}`);
        const entry = isWorse ? findExpectation(expectations, name, subtest) : undefined;
        if (entry !== undefined) {
          entry.uses++;
          counts.expected++;
        } else if (isWorse) {
          surprises.push(`${keyOf(run, subtest)} ${describe(result)}`);
        }
      }
      console.log(`${name}${run.variant}: ${failed} fail here, ${nodeFailed} in Node`);
    }
  }
  console.log(
    `\n${counts.total} subtests: ${counts.here} pass here, ${counts.node} in Node; ${counts.expected} of those that pass only there are expected`,
  );
  for (const entry of expectations)
    if (seen.has(entry.path) && entry.uses === 0) surprises.push(`listed, but nothing fails: ${entry.line}`);
  if (surprises.length > 0) console.log(`${surprises.length} surprises:`);
  for (const surprise of surprises.slice(0, values.verbose ? Infinity : 60)) console.log(`  ${surprise}`);
  return surprises.length > 0 ? 1 : 0;
}

process.exitCode = await main();
