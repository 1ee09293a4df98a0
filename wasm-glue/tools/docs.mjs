// npm run docs -- [--serve] [--output FOLDER]: the site of web/docs, with the reference of the API from the package's
// declarations, into build/docs; with --serve a server that shows changes at once. Its tools are locked in web/docs and
// installed there when they are first needed, never by the root's npm install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const folder = join(root, 'web', 'docs');

export class DocsError extends Error {}

/** Gives the folder of the tools' programs. */
function installTools() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(folder, name)));
  const wanted = hash.digest('hex');
  const stamp = join(folder, 'node_modules', '.installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    console.error('Installing the tools of web/docs');
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(stamp, wanted);
  }
  return join(folder, 'node_modules', '.bin');
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new DocsError(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The declarations of the package's entries, as package.json exports them. */
function declarations() {
  const { exports } = JSON.parse(readFileSync(join(root, 'npm', 'package.json'), 'utf8'));
  const files = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [types.default ?? types]));
  // Entries that have the same exports are described once; those of dist/ say so.
  return [...new Set(files)].filter((/** @type {string} */ file) => !file.startsWith('./dist/'));
}

/** @param {{ serves?: boolean, output?: string }} [options] */
export function buildDocs({ serves = false, output = join(root, 'build', 'docs') } = {}) {
  const tools = installTools();
  const reference = join(folder, 'api');
  rmSync(reference, { recursive: true, force: true });
  run(join(tools, 'typedoc'), [
    '--options',
    'typedoc.json',
    ...['--tsconfig', join(root, 'npm', 'tsconfig.json')],
    ...declarations().flatMap((file) => ['--entryPoints', join(root, 'npm', file)]),
    ...['--out', reference],
  ]);
  run(join(tools, 'vitepress'), [serves ? 'dev' : 'build', '.'], { CAISSON_DOCS_OUTPUT: output });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { serve: { type: 'boolean', default: false }, output: { type: 'string' } },
  });
  try {
    buildDocs({ serves: values.serve, ...(values.output === undefined ? {} : { output: resolve(values.output) }) });
  } catch (error) {
    if (!(error instanceof DocsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
