// npm test [-- --yes] [-- PATTERN...]: set-up, all builds, then every tests/**/*.test.mjs under Node's test runner.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../wasm-glue/tools/build.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'no-build': { type: 'boolean', default: false },
    rebaseline: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false }, // see set-up.mjs
  },
});

function findTests(folder, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') findTests(path, found);
    } else if (entry.name.endsWith('.test.mjs')) {
      found.push(relative(root, path));
    }
  }
  return found.sort();
}

await setUp(['browser', 'native', 'sanitize', 'wasi', 'page'], { npm: true, yes: values.yes });
if (!values['no-build']) {
  try {
    for (const preset of ['native', 'browser', 'wasi', 'stress', 'sanitize']) {
      console.log(`Building: ${preset}`);
      await build(preset);
    }
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
const tests = findTests(join(root, 'tests'))
  .filter((path) => positionals.length === 0 || positionals.some((pattern) => path.includes(pattern)));
if (tests.length === 0) {
  console.error('No test file matches.');
  process.exit(1);
}
const runner = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...tests], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CAISSON_REBASELINE: values.rebaseline ? '1' : '0' },
});
runner.on('close', (code) => process.exit(code ?? 1));
