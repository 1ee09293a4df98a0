// Finds the tests that a command line names, and turns each into its runs (one per mode).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { parseMetadata, modesOf, harnessFiles } from './metadata.mjs';
import { skippedFeature } from './features.mjs';

export const pinnedCommit = 'be13516';

export function defaultSuite() {
  return process.env.CAISSON_TEST262 ?? join(homedir(), '.cache', 'caisson', 'test262');
}

/** @param {string} suite */
export function suiteProblem(suite) {
  if (existsSync(join(suite, 'harness', 'assert.js')) && existsSync(join(suite, 'test'))) return undefined;
  return (
    `No test262 corpus in ${suite}.\n` +
    `Clone https://github.com/tc39/test262 there and check out ${pinnedCommit}, or name another folder with --suite.`
  );
}

const excludedByDefault = ['test/staging', 'test/intl402'];

/** @param {string} folder @param {string[]} found */
function collect(folder, found) {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, found);
    else if (entry.name.endsWith('.js') && !entry.name.includes('_FIXTURE')) found.push(path);
  }
}

/**
 * A path may be given as in the corpus (`test/language`), without its `test/`, or as a real path.
 * @param {string} suite
 * @param {string} path
 */
function locate(suite, path) {
  for (const candidate of [join(suite, path), join(suite, 'test', path), resolve(path)]) {
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`No such test or folder: ${path}`);
}

/** @param {string} suite @param {string[]} paths */
export function findTests(suite, paths) {
  /** @type {string[]} */
  const found = [];
  if (paths.length === 0) {
    collect(join(suite, 'test'), found);
  } else {
    for (const path of paths) {
      const located = locate(suite, path);
      if (statSync(located).isDirectory()) collect(located, found);
      else found.push(located);
    }
  }
  const names = [...new Set(found.map((path) => relative(suite, path).split(sep).join('/')))];
  return paths.length > 0
    ? names
    : names.filter((name) => !excludedByDefault.some((part) => name.startsWith(`${part}/`)));
}

/**
 * The tests whose names have the least hashes: spread over the suite, and the same ones on every machine.
 * @param {string[]} names
 * @param {number} count
 */
export function sampleOf(names, count) {
  const hashes = new Map(names.map((name) => [name, createHash('sha256').update(name).digest('hex')]));
  const hashOf = (/** @type {string} */ name) => /** @type {string} */ (hashes.get(name));
  return [...names]
    .sort((left, right) => (hashOf(left) < hashOf(right) ? -1 : 1))
    .slice(0, count)
    .sort();
}

/**
 * @param {string} suite
 * @param {string[]} names
 * @param {{ onlyModes?: import('./metadata.mjs').Mode[], alternates?: boolean }} [options] `alternates`: of two modes
 *   only one, the sloppy and the strict in turn
 */
export function readRuns(suite, names, { onlyModes, alternates = false } = {}) {
  const runs = [];
  let turn = 0;
  for (const name of names) {
    const metadata = parseMetadata(readFileSync(join(suite, name), 'utf8'));
    const skip = skippedFeature(metadata.features);
    const modes = modesOf(metadata.flags);
    for (const mode of alternates && modes.length > 1 ? [modes[turn++ % modes.length]] : modes) {
      if (onlyModes && !onlyModes.includes(mode)) continue;
      runs.push({
        name,
        mode,
        skip,
        harness: harnessFiles(metadata),
        isAsync: metadata.flags.includes('async'),
        canBlock: !metadata.flags.includes('CanBlockIsFalse'),
        negative: metadata.negative,
      });
    }
  }
  return runs;
}

/** `test/built-ins/Array`: at most two levels under `test/`. @param {string} name */
export function directoryOf(name) {
  return name.split('/').slice(0, -1).slice(0, 3).join('/');
}
