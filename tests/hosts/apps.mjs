// The small apps: a folder of files each, with the package in its node_modules.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const textOf = (name) => readFileSync(new URL(name, import.meta.url), 'utf8').replace(/^\s*\/\/.*\n/gm, '');

/** What an app checks, and what it needs of the package for that. */
const checks = {
  here: { text: textOf('check.js'), names: 'compile, createSandbox, TimeLimitError' },
  worker: { text: textOf('check-worker.js'), names: 'compile, createWorkerSandbox, createSandboxPool, TimeLimitError' },
};

/** What check.js gives where all works. */
export const expectedReport = {
  sum: 2,
  hostFunction: 42,
  text: '\u00fc\u{1f600}',
  big: String(2n ** 70n),
  bytes: [1, 2, 3],
  guestFunction: 8,
  promise: '\u20ac, later',
  limit: 'TimeLimitError',
  afterwards: 'still there',
};

/**
 * The head of a program: after it `run()` gives the promise of a report. `specifier` names the package, or its URL.
 */
export function checkProgram({ specifier = 'caisson', format = 'module', extra = '', checked } = {}) {
  const { text, names } = checks[checked ?? (specifier === 'caisson/worker' ? 'worker' : 'here')];
  const imports = {
    module: `import { ${names} } from ${JSON.stringify(specifier)};`,
    commonjs: `const { ${names} } = require(${JSON.stringify(specifier)});`,
  };
  return `${imports[format]}\n${extra}${text}\nfunction run() { return check({ ${names} }); }\n`;
}

/** A whole program for hosts that have a console and nothing to show: its report is a line of the output. */
export function commandProgram(options) {
  return `${checkProgram(options)}
run().then((report) => console.log('REPORT ' + JSON.stringify(report)));
`;
}

/** The report in what a program has printed. */
export function reportIn(output) {
  const [, text] = /REPORT (\{.*\})/.exec(output) ?? [];
  if (text === undefined) throw new Error(`There is no report in the output:\n${lastLines(output)}`);
  return JSON.parse(text);
}

/** @param {string} text */
export function lastLines(text, count = 25) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** @param {Record<string, string | object>} files names to contents; objects become JSON */
export function writeFiles(folder, files) {
  for (const [name, contents] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents, null, 2));
  }
}

export function installPackage(folder, unpacked) {
  cpSync(unpacked, join(folder, 'node_modules', 'caisson'), { recursive: true });
}
