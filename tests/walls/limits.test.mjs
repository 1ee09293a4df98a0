// The limits, in a process of their own: a limit that does not hold would hang the runner.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), 'limits.mjs');

test('limits reach everywhere', () => {
  const { status, stdout } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    timeout: 600000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, stdout);
});
