// A reporter for Node's test runner: a line for each test that failed. `npm test` repeats them at its end, where the
// output of long runs is read first.
import { relative } from 'node:path';
import { root } from '../../wasm-glue/tools/root.mjs';

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.details.error?.failureType === 'subtestsFailed') continue;
    yield `${relative(root, data.file ?? '')}: ${data.name}\n`;
  }
}
