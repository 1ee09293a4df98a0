// npm start [-- --yes] [-- --no-serve] [-- --port N]: from a fresh clone to the example's output and a page.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { buildPackage } from './package.mjs';
import { serve } from './serve.mjs';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';
import { readCommandLine } from './command-line.mjs';

function parseCommandLine() {
  const usage = `npm start -- [options]: installs what is missing, builds caisson.wasm, serves the page
  --port N         where the page is served (8080)
  --no-serve       only set up and build
  --yes            install what is missing without asking`;
  const { values } = readCommandLine(
    usage,
    {
      options: {
        yes: { type: 'boolean', default: false },
        'no-serve': { type: 'boolean', default: false },
        port: { type: 'string', default: '8080' },
      },
    },
    ['port'],
  );
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port expects a number up to 65535, not ${values.port}`);
  return { serves: !values['no-serve'], port, yes: values.yes };
}

/** @param {number} port */
async function serveOn(port) {
  try {
    return await serve(port);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} is in use by another program. Choose another: npm start -- --port ${port === 8080 ? 8081 : 0}`,
    );
  }
}

/** @returns {Promise<number>} how it ends */
function runExample() {
  console.log('\nexamples/async.js in Caisson, through the npm package:');
  return new Promise((settle) => {
    const child = spawn(process.execPath, [join(root, 'examples', 'async.js')], { cwd: root, stdio: 'inherit' });
    child.on('close', (code) => settle(code ?? 1));
  });
}

try {
  const { serves, port, yes } = parseCommandLine();
  await setUp(['browser'], { npm: true, yes });
  console.log('Building caisson.wasm');
  await build('browser');
  await buildPackage();
  const code = await runExample();
  if (code !== 0) process.exit(code);
  if (serves && existsSync(join(root, 'web', 'index.html'))) {
    const { address } = await serveOn(port);
    console.log(`\nThe page is at ${address} (stop with Ctrl+C)`);
  }
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}
