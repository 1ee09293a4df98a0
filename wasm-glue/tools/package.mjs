// What the npm package consists of: npm/dist, made of npm/src by esbuild as package-entries.mjs says. As a
// command (node wasm-glue/tools/package.mjs) it builds that; with --pack, which npm runs before it packs or
// publishes, it refuses where something is missing and brings README.md, LICENSE and CHANGELOG.md along.  All
// entries share core.js, so that errors and setWasm are the same in all of them; embedded-wasm.js has
// caisson.wasm inside, and is loaded only where the file cannot be found. The code stays readable, names and
// all, and has no source maps: they would be as large as itself.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import { commands, entriesByHost, entryRows, folderByHost, folderOf, rows } from './package-entries.mjs';
import { root } from './root.mjs';

const folder = join(root, 'npm');
const wasm = join(folder, 'caisson.wasm');

/**
 * Files of the package that refer to one another as files, by what sources call them.
 * @param {string} extension
 * @returns {import('esbuild').Plugin}
 */
const apart = (extension) => ({
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.m?js$/ }, ({ path, kind, resolveDir }) => {
      const row = kind === 'entry-point' ? undefined : rowsApart.get(join(resolveDir, path));
      return row && { path: `./${row.name}${row.source.endsWith('.mjs') ? '.mjs' : extension}`, external: true };
    });
    onResolve({ filter: /\/caisson\.wasm(?:\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
});

/** @type {import('esbuild').Plugin} */
const wasmAsText = {
  name: 'wasm-as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^caisson\.wasm:base64$/ }, () => ({ path: 'caisson.wasm', namespace: 'base64' }));
    onLoad({ filter: /./, namespace: 'base64' }, () => ({
      contents: `export default '${base64Of(wasm)}'`,
      watchFiles: [wasm],
    }));
  },
};

/**
 * What guests run, as texts without comments and indentation.
 * @type {import('esbuild').Plugin}
 */
const guestTexts = {
  name: 'guest-texts',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]npm[/\\]src[/\\]guest-texts\.js$/ }, async ({ path }) => {
      const { transform } = await import('esbuild');
      const texts = Object.entries(await import(pathToFileURL(path).href)).map(async ([name, text]) => {
        const { code } = await transform(text, { minifyWhitespace: true, target: 'esnext', charset: 'utf8' });
        return `export const ${name} = ${JSON.stringify(code)};`;
      });
      return { contents: (await Promise.all(texts)).join('\n') };
    });
  },
};

/** @type {import('esbuild').Plugin} */
const workerAsText = {
  name: 'worker-as-text',
  setup({ onResolve, onLoad, esbuild }) {
    onResolve({ filter: /^worker-main:text$/ }, () => ({ path: 'worker-main', namespace: 'worker-text' }));
    onLoad({ filter: /./, namespace: 'worker-text' }, async () => {
      const { outputFiles } = await esbuild.build({
        entryPoints: [join(folder, 'src', 'worker-main-anywhere.js')],
        bundle: true,
        write: false,
        format: 'iife',
        target: 'es2022',
        platform: 'neutral',
        minify: true,
        legalComments: 'none',
        charset: 'ascii', // it may be read in any encoding
      });
      return { contents: `export default ${JSON.stringify(outputFiles[0].text)}`, loader: 'js' };
    });
  },
};

/** @type {{ bytes: Buffer, text: string } | undefined} */
let compressed; // the last that was asked for: compressing takes longer than all the rest

/** @param {string} path */
function base64Of(path) {
  const bytes = readFileSync(path);
  if (compressed === undefined || !compressed.bytes.equals(bytes)) {
    const options = { level: constants.Z_BEST_COMPRESSION };
    compressed = { bytes, text: deflateRawSync(bytes, options).toString('base64') };
  }
  return compressed.text;
}

/** @param {import('./package-entries.mjs').Row} row */
const fileOf = ({ source }) => join(folder, source);
const rowsApart = new Map([...rows, ...commands].filter(({ isApart }) => isApart).map((row) => [fileOf(row), row]));
/** @param {{ name: string, source: string }[]} some */
const entryPoints = (some) => Object.fromEntries(some.map((row) => [row.name, fileOf(row)]));

/** Builds npm/dist. The wasm must be there. */
export async function buildPackage() {
  const { build } = await import('esbuild'); // this file is also imported before there are packages
  const start = Date.now();
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const outdir = join(folder, 'dist');
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: folder, // the names of sources in comments are relative to it
    bundle: true,
    outdir,
    target: 'es2022',
    platform: 'neutral',
    external: ['node:*'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  };
  const title = `// caisson ${version} (MIT)`;
  await build({
    ...common,
    entryPoints: entryPoints(rows),
    format: 'esm',
    plugins: [apart('.js'), wasmAsText, workerAsText, guestTexts],
    banner: { js: title },
  });
  await build({
    ...common,
    entryPoints: entryPoints(commands),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    plugins: [apart('.js'), guestTexts],
  });
  /** @type {import('esbuild').BuildOptions} */
  const commonJs = {
    ...common,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [apart('.cjs'), wasmAsText, workerAsText, guestTexts],
    // import() would not do in Jest, where everything else is CommonJS.
    supported: { 'dynamic-import': false },
  };
  const inCommonJs = rows.filter(({ isModuleOnly }) => !isModuleOnly);
  const noMeta = { 'import.meta.url': 'undefined', 'import.meta.env': 'undefined' };
  await build({
    ...commonJs,
    entryPoints: entryPoints(inCommonJs.filter(({ knowsAddress }) => !knowsAddress)),
    define: noMeta,
    banner: { js: title },
  });
  await build({
    ...commonJs,
    entryPoints: entryPoints(inCommonJs.filter(({ knowsAddress }) => knowsAddress)),
    define: { ...noMeta, 'import.meta.url': 'entryAddress' },
    // Bundlers may give no name of the file.
    banner: {
      js: `"use strict";\n${title}\nconst entryAddress = typeof __filename === 'string' ? require('node:url').pathToFileURL(__filename).href : undefined;`,
    },
  });
  writeDeclarations(outdir);
  writeFolders();
  // fflate's inflate is part of embedded-wasm.js, the streams of web-library.js.
  for (const name of ['fflate', 'web-streams-polyfill'])
    writeFileSync(
      join(outdir, `${name}.LICENSE.txt`),
      readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8'),
    );
  // Of earlier builds. (Others may read the rest meanwhile.)
  for (const name of readdirSync(outdir))
    if (statSync(join(outdir, name)).mtimeMs < start - 1000) rmSync(join(outdir, name));
}

/**
 * Declarations by format: the same text, where TypeScript takes it for that of an ES module or of CommonJS.
 * @param {string} outdir
 */
function writeDeclarations(outdir) {
  for (const name of new Set([
    'index',
    ...entryRows.map(({ name, declares = name }) => declares),
    ...entriesByHost.map(({ name }) => name),
  ])) {
    const text = readFileSync(join(folder, `${name}.d.ts`), 'utf8');
    writeFileSync(join(outdir, `${name}.d.cts`), text.replace(/(['"])\.\/([\w-]+)\.js\1/g, "'./$2.cjs'"));
  }
  for (const { name, declares = name } of entryRows) {
    if (declares === name) continue;
    writeFileSync(join(outdir, `${name}.d.ts`), `export * from '../${declares}.js';\n`);
    writeFileSync(join(outdir, `${name}.d.cts`), `export * from './${declares}.cjs';\n`);
  }
}

/** Where tools that know no `exports` look for an entry. */
function writeFolders() {
  const folders = [
    ...entryRows.map((row) => ({ name: row.name, description: folderOf(row) })),
    ...entriesByHost.map((entry) => ({ name: entry.name, description: folderByHost(entry) })),
  ];
  for (const { name, description } of folders) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  }
}

class PackError extends Error {}

async function pack() {
  if (!existsSync(wasm)) throw new PackError('There is no npm/caisson.wasm: run npm run build first.');
  if (!WebAssembly.validate(readFileSync(wasm))) throw new PackError('npm/caisson.wasm is no WebAssembly.');
  await buildPackage();
  await tryPackage();
  for (const name of ['LICENSE', 'CHANGELOG.md']) copyFileSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'README.md'), withWholeLinks(readFileSync(join(root, 'README.md'), 'utf8')));
}

// What was built opens the wasm that goes along: neither is older than the other.
async function tryPackage() {
  try {
    const { createSandbox } = await import(pathToFileURL(join(folder, 'dist', 'node.js')).href);
    const sandbox = await createSandbox();
    sandbox.evalSync('1 + 1');
    sandbox.dispose();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new PackError(`The package does not run: ${message}\nRun npm run build first.`);
  }
}

/**
 * Links to files of the repository, for readers elsewhere.
 * @param {string} markdown
 */
function withWholeLinks(markdown) {
  const { homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const repository = homepage.replace(/#.*/, '/blob/main/');
  return markdown.replace(/\]\((?!https?:|#)([^)]+)\)/g, (_, path) => `](${repository}${path})`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await (process.argv.includes('--pack') ? pack() : buildPackage());
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
