#!/usr/bin/env node
// The command line: runs files in a sandbox under Node.
//
// What matters is how soon the first line appears. The engine is compiled in the background from the start, while the
// package is loaded and the arguments are read. Lines go directly to the file descriptors, since Node's own streams
// take milliseconds to create.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createConsole } from './output.mjs';

const output = createConsole();
/**
 * From the package: how thrown values look is not an option of its public entry.
 * @type {typeof import('../src/core.js')}
 */
let caisson;

const help = `caisson runs JavaScript in a sandbox.

  caisson run FILE [ARGUMENT...]   run a script, or a module when FILE ends in .mjs
  --module                         treat FILE as a module
  --memory-limit BYTES             bytes the program may use (268435456)
  --time-limit MS                  milliseconds per entry (none)
  --dump STAGE                     what a stage makes of FILE; needs the native build (see the README)
  --version, --help

The program sees console, timers, queueMicrotask and scriptArgs, and imports files relative to its own.`;

function readCommandLine() {
  const args = process.argv.slice(2).map((arg) => arg);
  // Everything after FILE belongs to the program.
  const own = [];
  /** @type {string[]} */
  let rest = [];
  const takesValue = new Set(['--memory-limit', '--time-limit', '--dump']);
  for (let i = 0; i < args.length; i++) {
    own.push(args[i]);
    if (takesValue.has(args[i])) {
      if (i + 1 < args.length) own.push(args[++i]);
    } else if (!args[i].startsWith('-') && args[i] !== 'run') {
      rest = args.slice(i + 1);
      break;
    }
  }
  const { values, positionals } = parseArgs({
    args: own,
    allowPositionals: true,
    options: {
      module: { type: 'boolean', default: false },
      'memory-limit': { type: 'string' },
      'time-limit': { type: 'string' },
      dump: { type: 'string' },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { values, file: positionals[0] === 'run' ? positionals[1] : positionals[0], rest };
}

/**
 * @param {string} message
 * @param {number} code
 * @returns {never}
 */
function fail(message, code) {
  output.error(`caisson: ${message}`);
  process.exit(code);
}

/**
 * @param {Record<string, string | undefined>} values
 * @param {string} name
 */
function readLimit(values, name) {
  if (values[name] === undefined) return undefined;
  const limit = Number(values[name]);
  if (!(limit > 0)) throw new Error(`--${name} must be a number above 0, not ${values[name]}`);
  return limit;
}

/**
 * A value that the guest throws has become a text within the sandbox; every other error is the package's own.
 * @param {unknown} error
 */
function describeError(error) {
  if (typeof error === 'string') return error;
  const { name, message } = /** @type {Error} */ (error);
  return `${name}: ${message}`;
}

// The last case: a path that contains a NUL.
const missing = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

/**
 * The source of a module. A failure to read its file is described in the guest's terms, which do not mention calls of
 * the host.
 * @param {string} specifier
 * @param {string | undefined} referrer
 */
async function readModule(specifier, referrer) {
  const path = resolve(referrer ? dirname(referrer) : '.', specifier);
  const from = referrer ? ` imported from ${referrer}` : '';
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    const [what, kind] = missing.has(code ?? '')
      ? ['Cannot find module', 'ERR_MODULE_NOT_FOUND']
      : code === 'EISDIR'
        ? ['Cannot import directory', 'ERR_UNSUPPORTED_DIR_IMPORT']
        : [`Cannot read (${code}) module`, code];
    throw Object.assign(new Error(`${what} '${path}'${from}`), { code: kind });
  }
}

/**
 * @param {{ values: any, file: string, rest: string[] }} commandLine
 * @param {Promise<WebAssembly.Module>} engine
 */
async function run({ values, file, rest }, engine) {
  /** @type {string} */
  let source;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    fail(`cannot read ${file}: ${/** @type {any} */ (error).code ?? /** @type {any} */ (error).message}`, 2);
  }
  let hasFailed = false;
  /**
   * As in Node, the first unhandled error ends the program.
   * @param {unknown} error
   */
  const report = (error) => {
    if (hasFailed) return;
    hasFailed = true;
    process.exitCode = 1;
    output.error('%s', describeError(error));
    sandbox.dispose();
  };
  // An error that a script throws is reported before the rejections that it leaves, though those are known first.
  let isInScript = false;
  /** @type {unknown[]} */
  const rejections = [];
  /** @param {unknown} reason */
  const reportRejection = (reason) => (isInScript ? void rejections.push(reason) : report(reason));
  const entry = resolve(file);
  const isModule = values.module || file.endsWith('.mjs');
  // Nobody uses what the file exports: a module without exports imports it.
  const importer = `${entry} (imported)`;
  /** @type {Awaited<ReturnType<typeof caisson.create>>} */
  let sandbox;
  try {
    const settings = caisson.readOptions({
      memoryLimit: readLimit(values, 'memory-limit'),
      timeLimit: readLimit(values, 'time-limit') ?? Infinity,
      console: output,
      globals: { scriptArgs: rest },
      /** @type {import('../index.js').ModuleResolver} */
      modules: (specifier, referrer) => {
        if (specifier === importer) return `import ${JSON.stringify(entry)};`;
        return specifier === entry ? source : readModule(specifier, referrer);
      },
      onUnhandledRejection: reportRejection,
      onUncaughtError: report,
    });
    sandbox = await caisson.create({ ...settings, describesThrown: true, host: { ownModule: () => engine } });
  } catch (error) {
    fail(/** @type {Error} */ (error).message, 2);
  }
  /** @param {number} code */
  const whenUnsettled = (code) => {
    if (hasFailed || code !== 0) return;
    output.error('caisson: the module still waits at its top level, for something that will not come');
    process.exitCode = 13;
  };
  if (isModule) process.on('exit', whenUnsettled);
  try {
    isInScript = !isModule;
    if (isModule) await sandbox.import(importer);
    else await sandbox.eval(source, { name: file, result: false });
  } catch (error) {
    report(error);
  } finally {
    isInScript = false;
    rejections.forEach(report);
    process.off('exit', whenUnsettled);
  }
}

/** @type {any} */
let commandLine;
try {
  commandLine = readCommandLine();
} catch (error) {
  fail(`${/** @type {Error} */ (error).message}\n\n${help}`, 2);
}
if (commandLine.values.version) {
  output.log(createRequire(import.meta.url)('../package.json').version);
} else if (commandLine.values.help) {
  output.log(help);
} else if (!commandLine.file) {
  output.error(help);
  process.exitCode = 2;
} else {
  const engine = WebAssembly.compile(readFileSync(new URL('../caisson.wasm', import.meta.url)));
  caisson = await import('../src/core.js');
  // Not awaited: a module may wait forever, which is not an error of this file.
  void run(commandLine, engine);
}
