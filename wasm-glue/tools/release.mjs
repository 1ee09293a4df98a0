// npm run release -- [VERSION] [--dry-run] [--no-tests]: from a clean tree to a tarball that can be published. It
// sets the version where it is told, gives the changelog's section its name, builds, runs all tests, packs, and lists
// what the tarball holds. Publishing is left to whoever may, with the command that it prints: provenance comes from a
// continuous-integration service, which npm asks for it (publishConfig in npm/package.json). --dry-run does the same
// without writing a version or a date.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';
import { readCommandLine } from './command-line.mjs';

const manifest = join(root, 'npm', 'package.json');
const lock = join(root, 'package-lock.json');
const changelog = join(root, 'CHANGELOG.md');
const engine = join(root, 'engine', 'host', 'runtime', 'runtime.c');

class ReleaseError extends Error {}

/**
 * The changelog with its first section named after the version and the day; ReleaseError when that has another version
 * or says nothing.
 * @param {string} text
 * @param {string} version
 * @param {string} day
 */
export function nameFirstSection(text, version, day) {
  const [, heading, content] = /^## (.*)\n([^]*?)(?=^## |(?![^]))/m.exec(text) ?? [];
  if (heading === undefined || content.trim() === '')
    throw new ReleaseError('CHANGELOG.md begins with no section that says what has changed.');
  const [, named] = /^(\d\S*?),? ?(?:\(.*\))?$/.exec(heading) ?? [];
  if (heading !== 'Unreleased' && named !== version)
    throw new ReleaseError(`CHANGELOG.md begins with '${heading}', not with what has changed in ${version}.`);
  return text.replace(`## ${heading}\n`, `## ${version} (${day})\n`);
}

/**
 * Replaces the version of the package in the text of a file, and nothing else.
 * @param {string} file
 * @param {RegExp} place
 * @param {string} version
 */
function withVersion(file, place, version) {
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(place, `$1"${version}"`);
  if (!place.test(text)) throw new ReleaseError(`${file} names no version of the package.`);
  writeFileSync(file, changed);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new ReleaseError(`${command} ${args.join(' ')} failed.`);
}

function checkTree() {
  const said = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trim();
  if (said !== '') throw new ReleaseError(`There are changes that are not committed:\n${said}`);
}

/** @param {{ version?: string, isDry: boolean, runsTests: boolean }} options */
async function release({ version: wanted, isDry, runsTests }) {
  /** @type {string} */
  const current = JSON.parse(readFileSync(manifest, 'utf8')).version;
  const version = wanted ?? current;
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) throw new ReleaseError(`${version} is no version.`);
  const notes = nameFirstSection(readFileSync(changelog, 'utf8'), version, new Date().toISOString().slice(0, 10));
  if (!isDry) {
    checkTree();
    writeFileSync(changelog, notes);
    withVersion(manifest, /^(  "version": )"[^"]+"/m, version);
    withVersion(lock, /^(    "npm": \{\n\s+"name": "caisson",\n\s+"version": )"[^"]+"/m, version);
    withVersion(engine, /(\bcaisson_version\(void\) \{ return )"[^"]+"/, version);
  }
  await setUp(['browser'], { npm: true });
  await build('browser');
  if (runsTests) run(process.execPath, [join(root, 'tests', 'tools', 'test.mjs')]);
  const folder = join(root, 'build', 'release');
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', '--pack-destination', folder], { cwd: join(root, 'npm') });
  const tarball = join(folder, `caisson-${isDry ? current : version}.tgz`);
  console.log(
    isDry
      ? `\nNothing was written but ${tarball}. It would be released as ${version}.`
      : `\nCommit version and changelog, then publish: npm publish ${tarball}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const usage = `npm run release -- [VERSION] [options]: builds, tests and packs the package
  --dry-run        writes nothing but the tarball
  --no-tests       leave the tests out`;
    const { values, positionals } = readCommandLine(usage, {
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean', default: false }, 'no-tests': { type: 'boolean', default: false } },
    });
    if (positionals.length > 1) throw new ReleaseError('One version at a time.');
    await release({ version: positionals[0], isDry: values['dry-run'], runsTests: !values['no-tests'] });
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}
