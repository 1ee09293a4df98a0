// All cases: rows of a group, a name, the tool in whose folder the app is made (tools/), the Node that runs the tool
// (tools/node; `undefined` is the one that runs this), and what is done. `isQuick` ones need nothing but what
// the root's package-lock.json has, and run in npm test.
import { bundlerCases } from './cases/bundlers.mjs';
import { docsCases } from './cases/docs.mjs';
import { exampleCases } from './cases/examples.mjs';
import { nextCases } from './cases/next.mjs';
import { nodeCases } from './cases/node.mjs';
import { pageCases } from './cases/pages.mjs';
import { runtimeCases } from './cases/runtimes.mjs';
import { testRunnerCases } from './cases/test-runners.mjs';
import { typeCases } from './cases/types.mjs';
import { workerCases } from './cases/workers.mjs';

const groups = {
  node: nodeCases,
  types: typeCases,
  bundlers: bundlerCases,
  runtimes: runtimeCases,
  'test runners': testRunnerCases,
  next: nextCases,
  pages: pageCases,
  workers: workerCases,
  examples: exampleCases,
  documents: docsCases,
};

export const cases = Object.entries(groups).flatMap(([group, rows]) => rows.map((row) => ({ group, ...row })));
