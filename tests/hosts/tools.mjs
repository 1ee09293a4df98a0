// The tools by which users build and run: each a package in tools/ with a lock file, installed when a case asks for it
// into ~/.cache/caisson/hosts (or CAISSON_HOSTS), never by the root's npm install.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cache = process.env.CAISSON_HOSTS ?? join(homedir(), '.cache', 'caisson', 'hosts');

/** Why a case cannot be tried on this machine. */
export class Skipped extends Error {}

const installed = new Map(); // name -> folder, or what went wrong

/** The folder in which the tool's node_modules are. */
export function installTool(name) {
  if (!installed.has(name)) installed.set(name, attempt(name));
  const found = installed.get(name);
  if (found instanceof Error) throw found;
  return found;
}

function attempt(name) {
  try {
    return install(name);
  } catch (error) {
    return error;
  }
}

function install(name) {
  const source = new URL(`tools/${name}/`, import.meta.url);
  const files = ['package.json', 'package-lock.json'].map((file) => new URL(file, source).pathname);
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const folder = join(cache, 'tools', `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const file of files) cpSync(file, join(unfinished, file.split('/').at(-1)));
  console.error(`Installing the tools of tests/hosts/tools/${name}`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: unfinished, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(unfinished, { recursive: true });
    throw new Skipped(`npm could not install tests/hosts/tools/${name}: ${(stderr + stdout).trim().split('\n')[0]}`);
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true }); // another run was quicker
  }
  return folder;
}

/** The file of a version of Node, by its name in tools/node; without one, the Node that runs this. */
export function findNode(name) {
  if (name === undefined) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Skipped('there are builds of this Node for Linux on x64 only');
  return join(installTool('node'), 'node_modules', `node-${name}`, 'bin', 'node');
}

/** The program that a package has in a package of its own for each platform, of which one is installed. */
export function findPlatformProgram(tool, scope, start, ...path) {
  const packages = join(installTool(tool), 'node_modules', scope);
  const found = existsSync(packages) && readdirSync(packages).find((name) => name.startsWith(start));
  if (!found) throw new Skipped(`there is no ${start} for ${process.platform} on ${process.arch}`);
  return join(packages, found, ...path);
}
