// Applies a user's rule to an event.
import { createSandbox } from 'caisson';

const limits = {
  fuelLimit: 5_000_000, // operations: some tens of milliseconds
  memoryLimit: 8 * 1024 * 1024,
  isolation: 'instance',
};

/**
 * @param {string} rule an expression over `event`, with `pass()`, `drop()` and `change({ ... })`
 * @param {object} event plain data
 * @returns {Promise<{ action: 'pass' | 'drop', event?: object }>}
 */
export async function applyRule(rule, event) {
  const sandbox = await createSandbox({ ...limits, globals: { event }, console: false });
  try {
    sandbox.evalSync(prelude, { name: 'prelude.js', result: false });
    return checked(JSON.parse(String(sandbox.evalSync(`JSON.stringify(\n${rule}\n)`, { name: 'rule.js' }))));
  } finally {
    sandbox.dispose();
  }
}

const prelude = `
  const pass = () => ({ action: 'pass', event });
  const drop = () => ({ action: 'drop' });
  const change = (changes) => ({ action: 'pass', event: { ...event, ...changes } });
`;

function checked(decision) {
  const { action, event } = decision ?? {};
  if (action === 'drop') return { action };
  if (action === 'pass' && typeof event === 'object' && event !== null) return { action, event };
  throw new TypeError('A rule ends with pass(), drop() or change({ ... })');
}
