// Brings a bare machine to where the builds can run: Debian packages through apt, npm packages from the
// lock file. Does nothing, quickly, when all is there. apt-get runs as root: only when somebody has said so.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { findCommand, requirements } from './requirements.mjs';
import { root } from './root.mjs';

/** @import { Purpose, Requirement } from './requirements.mjs' */

class SetUpError extends Error {}

/**
 * `npm: true` installs the development dependencies as well; `yes: true` is the consent to run apt-get, which is asked
 * for otherwise.
 * @param {Purpose[]} purposes
 */
export async function setUp(purposes, { npm = false, yes = false } = {}) {
  try {
    checkNode();
    await installPackages(purposes, yes);
    if (npm) installDependencies();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetUpError(`Node 20 or later is needed; this is ${process.version}.`);
}

/** @param {Purpose[]} purposes */
function missingOf(purposes) {
  /** @type {Map<string, Requirement>} by what they are */
  const missing = new Map();
  for (const purpose of purposes) {
    for (const requirement of requirements[purpose]) {
      if (!requirement.isThere()) missing.set(requirement.what, requirement);
    }
  }
  return [...missing.values()];
}

/** @param {Purpose[]} purposes @param {boolean} yes */
async function installPackages(purposes, yes) {
  const missing = missingOf(purposes);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((requirement) => requirement.packages))];
  const prefix = aptPrefix();
  if (prefix === undefined) throw new SetUpError(explainMissing(missing, packages));

  console.log('To be installed with apt-get, as root:');
  for (const { what, why, packages: names } of missing) console.log(`  ${names.join(', ')}: ${what}, which ${why}`);
  if (!(await isAllowed(yes)))
    throw new SetUpError(
      `Nothing was installed. Consent with --yes (npm start -- --yes) or CI=true, or install them yourself:\n  ${commandFor(packages)}`,
    );
  const apt = (/** @type {string[]} */ ...args) =>
    run([...prefix, 'apt-get', ...args], { DEBIAN_FRONTEND: 'noninteractive' });
  apt('update', '-q');
  apt('install', '-y', '-q', '--no-install-recommends', ...packages);
  const still = missingOf(purposes);
  if (still.length > 0) throw new SetUpError(explainMissing(still, packages));
}

/** By the option --yes, by CI=true, or by an answer at the terminal. @param {boolean} yes */
async function isAllowed(yes) {
  if (yes || process.env.CI === 'true') return true;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Install them? [y/N] ');
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

/** @param {string[]} packages */
const commandFor = (packages) => `apt-get update && apt-get install --no-install-recommends ${packages.join(' ')}`;

// How apt-get can be run here: as root, with a sudo that asks for no password, or not at all.
function aptPrefix() {
  if (findCommand('apt-get') === undefined) return undefined;
  if (process.getuid?.() === 0) return [];
  if (findCommand('sudo') === undefined) return undefined;
  const answer = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return answer.status === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}

/** @param {Requirement[]} missing @param {string[]} packages */
function explainMissing(missing, packages) {
  const lines = ['Caisson cannot be built yet. Missing:'];
  for (const { what, why, elsewhere } of missing) {
    lines.push(`  - ${what}, which ${why}${elsewhere === undefined ? '' : ` (without apt: ${elsewhere})`}`);
  }
  if (findCommand('apt-get') === undefined) {
    lines.push('This system has no apt-get: install these with its own package manager, then run the command again.');
  } else {
    lines.push('There are no rights here to install packages. As root:');
    lines.push(`  ${commandFor(packages)}`);
  }
  return lines.join('\n');
}

function installDependencies() {
  const stamp = join(root, 'node_modules', '.caisson-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing the npm packages of package-lock.json (tests, benchmarks and the page need them)');
  run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {}, root);
  writeFileSync(stamp, lock);
}

/**
 * @param {string[]} line the command and its arguments
 * @param {NodeJS.ProcessEnv} environment in addition
 * @param {string} [cwd]
 */
function run([command, ...args], environment, cwd) {
  const result = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (result.error) throw new SetUpError(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new SetUpError(`${command} ${args.join(' ')} failed (exit ${result.status ?? result.signal}).`);
}
