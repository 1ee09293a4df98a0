// What runs as root is asked for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './sources.mjs';

const setUp = join(root, 'wasm-glue', 'tools', 'set-up.mjs');

// Sets up on a machine that has nothing but an apt-get (and a sudo), which notes its arguments and installs nothing.
function setUpOnBareMachine({ yes = false, CI } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-set-up-'));
  try {
    const log = join(folder, 'log');
    writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\necho "$@" >> ${log}\n`, { mode: 0o755 });
    writeFileSync(
      join(folder, 'sudo'),
      '#!/bin/sh\nshift\ncase $1 in --*) shift;; esac\ncase $1 in true) exit 0;; esac\nexec "$@"\n',
      { mode: 0o755 },
    );
    const program = `const { setUp } = await import(${JSON.stringify(setUp)}); await setUp(['native'], ${JSON.stringify({ yes })});`;
    const env = { PATH: folder, ...(CI === undefined ? {} : { CI }) };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return {
      status,
      output: stdout + stderr,
      apt: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('without consent apt-get is not run, and the message says what to do', () => {
  for (const CI of [undefined, 'false']) {
    const { status, output, apt } = setUpOnBareMachine({ CI });
    assert.deepEqual(apt, []);
    assert.equal(status, 1);
    assert.match(
      output,
      /cmake: CMake[^]*Nothing was installed[^]*--yes[^]*CI=true[^]*apt-get install --no-install-recommends .*cmake/,
    );
  }
});

test('with --yes or CI=true it is run once for all that is missing', () => {
  for (const consent of [{ yes: true }, { CI: 'true' }]) {
    const { apt } = setUpOnBareMachine(consent);
    assert.equal(apt.length, 2);
    assert.match(apt[1], /^install -y .*\bcmake ninja-build\b/);
  }
});
