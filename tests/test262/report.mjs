// Counts runs and prints what a person needs to see of them.
import { directoryOf } from './suite.mjs';

export class Tally {
  counts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  byDirectory = new Map();
  failures = [];

  add(run, verdict, reason) {
    const directory = directoryOf(run.name);
    if (!this.byDirectory.has(directory)) {
      this.byDirectory.set(directory, { total: 0, passed: 0, failed: 0, skipped: 0 });
    }
    for (const counts of [this.counts, this.byDirectory.get(directory)]) {
      counts.total++;
      counts[verdict]++;
    }
    if (verdict === 'failed') this.failures.push({ run, reason });
  }

  toJSON() {
    return { ...this.counts, byDirectory: Object.fromEntries([...this.byDirectory].sort()) };
  }
}

export function percentage({ passed, failed }) {
  return passed + failed === 0 ? '-' : `${((100 * passed) / (passed + failed)).toFixed(2)} %`;
}

export function printSummary(tally, { directories = 40 } = {}) {
  const worst = [...tally.byDirectory]
    .filter(([, counts]) => counts.failed > 0)
    .sort(([, left], [, right]) => right.failed - left.failed);
  if (worst.length > 0) console.log('\n  failed   of runs   passing  directory');
  for (const [directory, counts] of worst.slice(0, directories)) {
    const columns = [
      String(counts.failed).padStart(8),
      String(counts.total - counts.skipped).padStart(9),
      percentage(counts).padStart(9),
    ];
    console.log(`${columns.join(' ')}  ${directory}`);
  }
  if (worst.length > directories) console.log(`         ... and ${worst.length - directories} more directories`);
  for (const [group, prefix] of [
    ['language', 'test/language'],
    ['built-ins', 'test/built-ins'],
    ['annexB', 'test/annexB'],
  ]) {
    const sum = { passed: 0, failed: 0 };
    for (const [directory, counts] of tally.byDirectory) {
      if (directory !== prefix && !directory.startsWith(`${prefix}/`)) continue;
      sum.passed += counts.passed;
      sum.failed += counts.failed;
    }
    if (sum.passed + sum.failed > 0)
      console.log(`${group}: ${sum.passed} of ${sum.passed + sum.failed} runs, ${percentage(sum)}`);
  }
}

export function commonReasons(failures, limit) {
  const reasons = new Map();
  for (const { reason } of failures) {
    const key = reason
      .replace(/ @\d+:\d+$/, '')
      .replace(/«[^»]*»|"[^"]*"|'[^']*'|\d+/g, '_')
      .slice(0, 100);
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  return [...reasons].sort((left, right) => right[1] - left[1]).slice(0, limit);
}
