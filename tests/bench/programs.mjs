// The programs of the benchmark as texts that define a global function `run`.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** @param {string} folder @param {string} extension */
function filesIn(folder, extension) {
  return readdirSync(join(here, folder))
    .filter((name) => extname(name) === extension)
    .sort()
    .map((name) => join(here, folder, name));
}

// Inside a function, because V8's `node:vm` is slow with global variables and the others should run the same text.
const wrap = (/** @type {string} */ text) => `globalThis.run = (function () {\n${text}\nreturn run;\n})(); 0`;

/** @param {string} folder @param {string} group */
function plain(folder, group) {
  return filesIn(folder, '.js').map((file) => ({
    name: basename(file, '.js'),
    group,
    kind: group === 'async' ? 'promise' : 'value',
    engines: group === 'web' ? ['caisson', 'v8'] : undefined, // the others have no such globals
    load: async () => wrap(readFileSync(file, 'utf8')),
  }));
}

/** @param {string} file */
export async function bundle(file) {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'program',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [textImports],
  });
  return result.outputFiles[0].text;
}

/** import text from 'file' with { type: 'text' } @type {import('esbuild').Plugin} */
const textImports = {
  name: 'text-imports',
  setup(build) {
    build.onLoad({ filter: /./ }, ({ path, with: attributes }) =>
      attributes?.type === 'text' ? { contents: readFileSync(path, 'utf8'), loader: 'text' } : undefined,
    );
  },
};

function packages() {
  return filesIn('npm', '.mjs').map((file) => ({
    name: basename(file, '.mjs'),
    group: 'npm',
    kind: 'value',
    load: async () => wrap(`${await bundle(file)}\nconst run = program.run;`),
  }));
}

export function throughputPrograms() {
  return [...plain('programs', 'throughput'), ...packages(), ...plain('async', 'async'), ...plain('web', 'web')];
}

export function typescriptSource() {
  return readFileSync(join(here, '..', '..', 'node_modules', 'typescript', 'lib', 'typescript.js'), 'utf8');
}
