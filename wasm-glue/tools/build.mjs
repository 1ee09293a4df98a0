// Configures and builds one CMake preset; also a command: node wasm-glue/tools/build.mjs [--yes] [PRESET...]
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';
import { readCommandLine } from './command-line.mjs';

/** @type {Record<string, import('./requirements.mjs').Purpose>} */
const purposes = {
  native: 'native',
  stress: 'native',
  sanitize: 'sanitize',
  fuzz: 'sanitize',
  charged: 'sanitize',
  browser: 'browser',
  wasi: 'wasi',
};

/**
 * @param {string} preset
 * @param {string[]} targets
 */
export async function build(preset, targets = []) {
  const folder = join(root, 'build', preset);
  // What a preset sets gets into a folder only when it is configured.
  const stamp = join(folder, 'configured');
  const configured = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!existsSync(join(folder, 'build.ninja')) || configured < statSync(join(root, 'CMakePresets.json')).mtimeMs) {
    console.log(`Configuring the ${preset} build`);
    mkdirSync(folder, { recursive: true });
    await run('cmake', ['--preset', preset, '--log-level=WARNING'], { quiet: true });
    writeFileSync(stamp, '');
  }
  const jobs = process.env.CAISSON_BUILD_JOBS ?? String(availableParallelism());
  const args = ['--build', folder, '-j', jobs];
  if (targets.length > 0) args.push('--target', ...targets);
  await run('cmake', args);
  if (preset === 'browser') {
    const shipped = join(root, 'npm', 'caisson.wasm');
    if (!existsSync(shipped)) copyFileSync(join(folder, 'caisson.wasm'), shipped);
  }
}

/**
 * Quiet commands are shown only when they fail.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function run(command, args, { quiet = false } = {}) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) return settle();
      fail(new Error(`${command} ${args.join(' ')} failed (exit ${code})\n${output}`));
    });
  });
}

export async function buildFromCommandLine() {
  const usage = `npm run build -- [BUILD...] [--yes]: ${Object.keys(purposes).join(', ')} (browser)
  --yes            install what is missing without asking`;
  const { values, positionals } = readCommandLine(usage, {
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false } },
  });
  const presets = positionals.length > 0 ? positionals : ['browser'];
  for (const preset of presets) {
    if (!(preset in purposes)) {
      console.error(`Unknown build: ${preset}. There are: ${Object.keys(purposes).join(', ')}`);
      process.exit(2);
    }
  }
  await setUp(
    presets.map((preset) => purposes[preset]),
    { yes: values.yes },
  );
  try {
    for (const preset of presets) await build(preset);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildFromCommandLine();
