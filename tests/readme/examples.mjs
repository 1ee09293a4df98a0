// The runnable examples of a document: its fences that say `js` and no more. (A fence that names a file, `js
// [worker.js]`, or another language is to be read only.) They run as they are, print what their comments say, and pass
// the type checker.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../wasm-glue/tools/root.mjs';
import { packInto } from '../hosts/tarball.mjs';

/**
 * All fences of a Markdown text.
 * @param {string} text
 * @returns {{ info: string, source: string, line: number }[]}
 */
export function fencesIn(text) {
  return [...text.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map((match) => ({
    info: match[1],
    source: match[2],
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/**
 * The commands of a text's `console` fences: lines that begin with `$ `, and what each prints.
 * @param {string} text
 */
export const commandsIn = (text) =>
  fencesIn(text)
    .filter(({ info }) => info === 'console')
    .flatMap(({ source, line }) =>
      source
        .split(/^\$ /m)
        .slice(1)
        .map((command) => command.trimEnd().split('\n'))
        .map(([command, ...expected]) => ({ command, expected, line })),
    );

/** @param {string} text */
export const examplesIn = (text) => fencesIn(text).filter(({ info }) => info === 'js');

/**
 * The lines that an example says it prints: the comment behind each `console.log`.
 * @param {string} source
 */
export const expectedLines = (source) => [...source.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((match) => match[1]);

/**
 * Where examples are run. `sources`: beside this file, where `caisson` is npm/src as in all tests; `package`: a folder
 * of a user, who has installed the packed package with all its entries.
 */
export class ExampleFolder {
  #folder;

  /** @param {'sources' | 'package'} what */
  constructor(what) {
    const isInstalled = what === 'package';
    this.#folder = mkdtempSync(join(isInstalled ? tmpdir() : join(root, 'tests', 'readme'), '.examples-'));
    if (!isInstalled) return;
    const unpacked = packInto(join(this.#folder, 'tarball'));
    mkdirSync(join(this.#folder, 'node_modules'));
    renameSync(unpacked, join(this.#folder, 'node_modules', 'caisson'));
  }

  /** @param {string} name @param {string} text */
  write(name, text) {
    const file = join(this.#folder, name);
    writeFileSync(file, text);
    return file;
  }

  /**
   * Runs the sources one after the other in one process and gives the lines that each has printed; the last is the
   * error of one that failed.
   * @param {string[]} sources
   */
  run(sources) {
    const printed = this.#runOnce(sources);
    // The limits of examples are those of users, and this machine may have had no time for them.
    for (const [index, lines] of printed.entries())
      if (lines.some((line) => line.startsWith('TimeLimitError: '))) [printed[index]] = this.#runOnce([sources[index]]);
    return printed;
  }

  /** @param {string[]} sources */
  #runOnce(sources) {
    const files = sources.map((source, index) => this.write(`example-${index + 1}.mjs`, source));
    const end = '---- end of an example ----';
    const runner = `import { createSandbox } from 'caisson';
    (await createSandbox()).evalSync('[1].map((n) => n)'); // the engine is loaded, and compiled
    for (const file of ${JSON.stringify(files)}) {
      await import(file).catch((error) => console.log(String(error?.stack ?? error)));
      console.log(${JSON.stringify(end)});
    }
    process.exit();`;
    const output = execFileSync(process.execPath, [this.write('runner.mjs', runner)], { encoding: 'utf8' });
    return output
      .split(`${end}\n`)
      .slice(0, -1)
      .map((lines) => lines.trimEnd().split('\n'));
  }

  /**
   * Runs a line of a shell in the folder of a user, where `npx caisson` is the installed package's, and gives what it
   * printed.
   * @param {string} line
   */
  shell(line) {
    const program = join(this.#folder, 'node_modules', 'caisson', 'dist', 'caisson.mjs');
    const npx = `npx() { shift; '${process.execPath}' '${program}' "$@"; }`;
    const options = { cwd: this.#folder, encoding: /** @type {'utf8'} */ ('utf8') };
    const printed = spawnSync('sh', ['-c', `${npx}; { ${line}\n} 2>&1`], options).stdout.trimEnd();
    return printed === '' ? [] : printed.split('\n');
  }

  /**
   * What tsc --strict says about programs.
   * @param {string[]} sources
   */
  typeErrors(sources) {
    const files = sources.map((source, index) => this.write(`typed-${index + 1}.mts`, `${source}\nexport {};\n`));
    const options = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      lib: 'esnext,dom,dom.iterable',
      typeRoots: join(this.#folder, 'none'),
      pretty: false,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    try {
      execFileSync(process.execPath, [tsc, ...args, ...files], { encoding: 'utf8', cwd: root });
      return '';
    } catch (error) {
      return /** @type {any} */ (error).stdout;
    }
  }

  remove() {
    rmSync(this.#folder, { recursive: true });
  }
}
