// The options of the project's own commands: --help prints the usage, and a mistake says what it is.
import { parseArgs } from 'node:util';

/**
 * The process ends with the usage for --help, and with 2 for a mistake.
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {string} usage
 * @param {Config} config of node:util's parseArgs
 * @param {string[]} numbers the options whose values must be numbers, 0 or above
 * @returns {ReturnType<typeof parseArgs<Config>>}
 */
export function readCommandLine(usage, config, numbers = []) {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    const read = parseArgs(config);
    const values = /** @type {Record<string, unknown>} */ (read.values);
    for (const name of numbers) {
      if (values[name] !== undefined && !(values[name] !== '' && Number(values[name]) >= 0))
        throw new Error(`Option '--${name}' needs a number, not '${values[name]}'`);
    }
    return read;
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${usage}`);
    process.exit(2);
  }
}
