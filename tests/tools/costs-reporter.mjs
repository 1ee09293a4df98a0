// A reporter for Node's test runner: at the end, how many seconds the test files of each folder took.
import { relative, sep } from 'node:path';
import { root } from '../../wasm-glue/tools/root.mjs';

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* costs(events) {
  /** @type {Map<string, number>} folder -> ms */
  const spent = new Map();
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting > 0 || !data.file) continue;
    const folder = relative(root, data.file).split(sep)[1] ?? '';
    spent.set(folder, (spent.get(folder) ?? 0) + data.details.duration_ms);
  }
  const seconds = [...spent].map(([folder, ms]) => `${folder} ${(ms / 1000).toFixed(1)}`);
  yield `seconds by folder: ${seconds.sort().join(', ')}\n`;
}
