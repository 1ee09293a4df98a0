#!/usr/bin/env node
// The command line: runs programs in a sandbox under Node.
//
// What matters is how soon the first line appears. The engine is compiled in the background from the start, while the
// package is loaded and the arguments are read. Lines go directly to the file descriptors, since Node's own streams
// take milliseconds to create. What only some programs need is loaded when they need it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import {
  ExitCode,
  UsageError,
  help,
  readCommandLine,
  readMount,
  readOrigins,
  readSize,
  readTime,
} from './command-line.mjs';
import { createConsole } from './output.mjs';
import { isTypeScript, makeSandbox, typeScript } from './sandboxes.mjs';

const output = createConsole();
/**
 * From the package: how thrown values look is not an option of its public entry.
 * @type {typeof import('../src/core.js')}
 */
let caisson;

/**
 * @typedef {{
 *   source: string,
 *   name: string, // in stacks
 *   place: string, // the name of the module that it is
 *   isModule: boolean | undefined, // undefined: as its syntax says
 *   prints: boolean, // its value
 * }} Program
 */

/** @param {import('./command-line.mjs').CommandLine} commandLine */
function readOptions({ values }) {
  if (values.dump !== undefined)
    throw new UsageError(
      '--dump needs the native build, which is made in the repository of Caisson: npm run build -- native, then build/native/caisson-shell --dump=STAGE FILE',
    );
  return {
    limits: {
      timeLimit: readTime(values['time-limit']) ?? Infinity,
      memoryLimit: readSize(values['memory-limit']),
    },
    grants: { origins: readOrigins(values['allow-fetch']), mount: readMount(values.mount) },
  };
}

/** @type {Record<string, string>} */
const reasons = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'there is no permission to read it',
};

/**
 * @param {import('./command-line.mjs').CommandLine} commandLine
 * @returns {Promise<Program>}
 */
async function readProgram({ values, file }) {
  const isModule = values.module ? true : undefined;
  const code = values.print ?? values.eval;
  if (typeof code === 'string')
    return { source: code, name: '[eval]', place: resolve('[eval]'), isModule, prints: values.print !== undefined };
  if (file === undefined || file === '-') {
    let source = '';
    process.stdin.setEncoding('utf8');
    for await (const piece of process.stdin) source += piece;
    return { source, name: '[stdin]', place: resolve('[stdin]'), isModule, prints: false };
  }
  if (typeScript.test(file)) throw new UsageError(isTypeScript(file));
  try {
    const source = readFileSync(file, 'utf8');
    const isOne = isModule ?? file.endsWith('.mjs');
    return { source, name: file, place: resolve(file), isModule: isOne, prints: false };
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    throw new UsageError(`cannot read ${file}: ${reasons[code] ?? code ?? message}`);
  }
}

/** @param {unknown} error */
function exitCodeOf(error) {
  if (caisson === undefined) return ExitCode.ERROR;
  if (error instanceof caisson.TimeLimitError) return ExitCode.TIME_LIMIT;
  if (error instanceof caisson.MemoryLimitError) return ExitCode.MEMORY_LIMIT;
  if (error instanceof caisson.EngineError || error instanceof caisson.LoadError) return ExitCode.ENGINE;
  return ExitCode.ERROR;
}

/**
 * A value that the guest throws has become a text within the sandbox; every other error is the package's own.
 * @param {unknown} error
 */
function describeError(error) {
  if (typeof error === 'string') return error;
  const { name, message, guestStack } = /** @type {Error & { guestStack?: string }} */ (error);
  return `${name}: ${message}${guestStack ? `\n${guestStack}` : ''}`;
}

/**
 * The line of JSON for an error.
 * @param {any} error
 * @param {number} exitCode
 * @param {(value: any) => string | undefined} toJson the guest's: JSON of a small value may be endless
 */
function errorAsJson(error, exitCode, toJson) {
  const asJson = (/** @type {any} */ value) => {
    try {
      return (error instanceof Error ? JSON.stringify : toJson)({ error: value, exitCode });
    } catch {
      return undefined;
    }
  };
  if (!(error instanceof Error))
    return (
      asJson({ thrown: error ?? null }) ??
      asJson({ thrown: typeof error === 'object' ? 'an object without a JSON form' : String(error) })
    );
  const { name, message, code, guestStack } = /** @type {any} */ (error);
  const isOfHost = error instanceof caisson.SandboxError;
  const stack = isOfHost ? `${name}: ${message}${guestStack ? `\n${guestStack}` : ''}` : String(error.stack);
  return asJson({
    name: String(name),
    message: String(message),
    stack,
    ...(typeof code === 'string' && { code }),
  });
}

/**
 * @param {import('./command-line.mjs').CommandLine} commandLine
 * @param {ReturnType<typeof readOptions>} options
 * @param {Promise<WebAssembly.Module>} engine
 */
async function run(commandLine, { limits, grants }, engine) {
  const { json } = commandLine.values;
  const { source, name, place, isModule, prints } = await readProgram(commandLine);
  let hasFailed = false;
  /**
   * As in Node, the first unhandled error ends the program.
   * @param {unknown} error
   */
  const report = (error) => {
    if (hasFailed) return;
    hasFailed = true;
    process.exitCode = exitCodeOf(error);
    output.error('%s', json ? errorAsJson(error, process.exitCode, toJson) : restored(describeError(error)));
    sandbox.dispose();
  };
  // An error that a script throws is reported before the rejections that it leaves, though those are known first.
  let isInScript = false;
  /** @type {unknown[]} */
  const rejections = [];
  // Nobody uses what the program exports: a module without exports imports it.
  const importer = `${place} (imported)`;
  const own = (/** @type {string} */ asked) =>
    asked === importer ? `import ${JSON.stringify(place)};` : asked === place ? source : undefined;
  const sandbox = await makeSandbox(
    caisson,
    engine,
    {
      ...limits,
      // The program's value is alone on standard output.
      console: json ? { ...output, log: output.error, debug: output.error, info: output.error } : output,
      globals: { scriptArgs: commandLine.rest },
      onUnhandledRejection: (reason) => (isInScript ? void rejections.push(reason) : report(reason)),
      onUncaughtError: report,
    },
    { folder: dirname(place), own, describesThrown: !json, grants },
  );
  /** @type {(value: any) => string | undefined} */
  const toJson = json ? sandbox.evalSync('JSON.stringify') : JSON.stringify;
  /** @param {string} text */
  let restored = (text) => text;
  let runsModule = false;
  /** @param {number} code */
  const whenUnsettled = (code) => {
    if (hasFailed || code !== 0) return;
    process.exitCode = ExitCode.UNSETTLED;
    const message = `${runsModule ? 'the module still waits at its top level' : 'the program still waits'}, for something that will not come`;
    output.error(
      '%s',
      json ? JSON.stringify({ error: { name: 'Error', message }, exitCode: 13 }) : `caisson: ${message}`,
    );
  };
  try {
    const isUnknown = isModule === undefined && mayBeModule.test(source);
    const evaluator = prints || isUnknown ? new (await import('./evaluator.mjs')).Evaluator(sandbox) : undefined;
    if (evaluator) restored = (text) => evaluator.restored(text);
    const isAwaiting = isUnknown && evaluator?.isAwaiting(source);
    runsModule = isModule ?? ((isAwaiting && !prints && !json) || (isUnknown && evaluator?.isModule(source)) || false);
    isInScript = !runsModule;
    if (runsModule || prints || json) process.on('exit', whenUnsettled);
    /** @type {any} */
    let value;
    if (runsModule) {
      value = await sandbox.import(json || prints ? place : importer);
      if (json || prints) value = Object.hasOwn(value, 'default') ? value.default : { ...value };
      if (prints && !json) output.log(value);
    } else if (json) {
      value = await (prints || isAwaiting ? evaluator?.value(source, name) : sandbox.eval(source, { name }));
    } else if (prints) {
      await evaluator?.print(source, name);
    } else {
      await sandbox.eval(source, { name, result: false });
    }
    if (json && !hasFailed) output.log('%s', toJson(value) ?? 'null');
  } catch (error) {
    report(error);
  } finally {
    isInScript = false;
    rejections.forEach(report);
    process.off('exit', whenUnsettled);
  }
}

async function compileEngine() {
  try {
    return await WebAssembly.compile(readFileSync(new URL('../caisson.wasm', import.meta.url)));
  } catch (error) {
    const message = `the engine cannot be loaded: ${/** @type {Error} */ (error).message}`;
    throw Object.assign(new Error(message), { exitCode: ExitCode.ENGINE });
  }
}

// Code that is a script in most cases.
const mayBeModule = /\b(?:import|export|await)\b/;

async function main() {
  const commandLine = readCommandLine(process.argv.slice(2));
  const { values, file } = commandLine;
  if (values.version) return output.log(createRequire(import.meta.url)('../package.json').version);
  if (values.help) return output.log(help);
  const options = readOptions(commandLine);
  const hasProgram = file !== undefined || values.eval !== undefined || values.print !== undefined;
  if (!hasProgram && (values.interactive || (await import('node:tty')).isatty(0))) {
    const { startSession } = await import('./session.mjs');
    return startSession({ ...options, scriptArgs: commandLine.rest });
  }
  const engine = compileEngine();
  engine.catch(() => {}); // reported where it is used
  caisson = await import('../src/core.js');
  return run(commandLine, options, engine);
}

// Not awaited: a module may wait forever, which is not an error of this file.
main().catch((error) => {
  const isMistake = error instanceof UsageError;
  const { message, name, exitCode = isMistake ? ExitCode.USAGE : exitCodeOf(error) } = error;
  process.exitCode = exitCode;
  if (process.argv.includes('--json')) output.error('%s', JSON.stringify({ error: { name, message }, exitCode }));
  else output.error('%s', `caisson: ${message}${isMistake ? '\n(caisson --help lists what there is)' : ''}`);
});
