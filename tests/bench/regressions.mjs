// Whether a run of the benchmark is slower than a stored one of the same machine. Rows that a peer has, too, are
// compared by their ratio to it, since the peer meets the same weather; others by their times, or by what they take.
import { geometricMean } from './output.mjs';

const TOLERANCE = 1.1;

/**
 * @typedef {{ name: string, group: string, caisson_ms?: number, caisson_kb?: number, ratio_vs_quickjs?: number }} Row
 */

/**
 * How many times as long the row takes now.
 * @param {Row} before
 * @param {Row} now
 */
function slowness(before, now) {
  if (before.ratio_vs_quickjs !== undefined && now.ratio_vs_quickjs !== undefined)
    return before.ratio_vs_quickjs / now.ratio_vs_quickjs;
  const [then, today] = [before.caisson_ms ?? before.caisson_kb, now.caisson_ms ?? now.caisson_kb];
  return then !== undefined && today !== undefined ? today / then : undefined;
}

/**
 * By group: how many times as long its rows take now, those that both runs have.
 * @param {Row[]} stored
 * @param {Row[]} programs
 */
export function compareRuns(stored, programs) {
  const before = new Map(stored.map((row) => [row.name, row]));
  /** @type {Map<string, { name: string, slowness: number }[]>} */
  const groups = new Map();
  for (const row of programs) {
    const old = before.get(row.name);
    const times = old && slowness(old, row);
    if (times !== undefined)
      groups.set(row.group, [...(groups.get(row.group) ?? []), { name: row.name, slowness: times }]);
  }
  return [...groups].map(([group, rows]) => {
    const mean = /** @type {number} */ (geometricMean(rows.map((row) => row.slowness)));
    const worst = rows.reduce((one, other) => (other.slowness > one.slowness ? other : one));
    return { group, slowness: mean, worst, isRegression: mean > TOLERANCE };
  });
}

/**
 * Prints the comparison; false: some group is slower by more than a tenth, or nothing could be compared.
 * @param {Row[]} stored
 * @param {Row[]} programs
 */
export function checkRun(stored, programs) {
  const groups = compareRuns(stored, programs);
  if (groups.length === 0) {
    console.error('The stored run has none of the programs that were measured.');
    return false;
  }
  console.log('\nTimes against the stored run');
  for (const { group, slowness: mean, worst, isRegression } of groups)
    console.log(
      `${group.padEnd(12)}${mean.toFixed(2)}x, at most ${worst.slowness.toFixed(2)}x: ${worst.name}${isRegression ? '  REGRESSION' : ''}`,
    );
  return groups.every(({ isRegression }) => !isRegression);
}
