#!/usr/bin/env node
// The command line: runs files in a sandbox under Node.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { createSandbox } from '../src/index.js';

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
  let rest = [];
  const takesValue = new Set(['--memory-limit', '--time-limit', '--dump']);
  for (let i = 0; i < args.length; i++) {
    own.push(args[i]);
    if (takesValue.has(args[i])) own.push(args[++i]);
    else if (!args[i].startsWith('-') && args[i] !== 'run') {
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

function fail(message, code) {
  console.error(`caisson: ${message}`);
  process.exit(code);
}

// The guest's stack, and what led to the error.
function describeError(error, depth = 0) {
  if (!(error instanceof Error)) return depth ? inspect(error) : `Uncaught ${inspect(error)}`;
  const details = [];
  const add = (name, text) => details.push(`  ${name}: ${text.replaceAll('\n', '\n  ')}`);
  if (Object.hasOwn(error, 'cause')) add('[cause]', depth < 8 ? describeError(error.cause, depth + 1) : '...');
  for (const [index, item] of (error.errors ?? []).entries())
    add(`[errors][${index}]`, depth < 8 ? describeError(item, depth + 1) : '...');
  return details.length ? `${error.stack} {\n${details.join(',\n')}\n}` : error.stack;
}

async function run({ values, file, rest }) {
  let source;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    fail(`cannot read ${file}: ${error.code ?? error.message}`, 2);
  }
  let failed = false;
  const report = (error) => {
    console.error(describeError(error));
    failed = true;
    process.exitCode = 1;
    sandbox?.dispose();
  };
  const entry = resolve(file);
  let sandbox = await createSandbox({
    memoryLimit: values['memory-limit'] ? Number(values['memory-limit']) : undefined,
    timeLimit: values['time-limit'] ? Number(values['time-limit']) : undefined,
    console,
    globals: { scriptArgs: rest },
    modules: (specifier, referrer) =>
      specifier === entry ? source : readFile(resolve(referrer ? dirname(referrer) : '.', specifier), 'utf8'),
    onUnhandledRejection: report,
    onUncaughtError: report,
  });
  try {
    if (values.module || file.endsWith('.mjs')) await sandbox.import(entry);
    else await sandbox.eval(source, { name: file });
  } catch (error) {
    if (!failed) report(error);
  }
}

let commandLine;
try {
  commandLine = readCommandLine();
} catch (error) {
  fail(`${error.message}\n\n${help}`, 2);
}
if (commandLine.values.version) {
  console.log(createRequire(import.meta.url)('../package.json').version);
} else if (commandLine.values.help) {
  console.log(help);
} else if (!commandLine.file) {
  console.error(help);
  process.exitCode = 2;
} else {
  await run(commandLine);
}
