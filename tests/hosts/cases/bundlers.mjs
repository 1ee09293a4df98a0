// What bundlers make of an app in their default configuration, run in Chromium or Node.
import { build as esbuild } from 'esbuild';
import { checkProgram, commandProgram } from '../apps.mjs';
import { findNode } from '../tools.mjs';
import { tellingProgram } from '../sites.mjs';

const pageOf = (script, type = 'module') =>
  `<!doctype html><meta charset="utf-8"><title>App</title><script ${type === 'module' ? 'type="module"' : 'defer'} src="${script}"></script>`;

const appProgram = (expectation, specifier = 'caisson') =>
  checkProgram({ specifier }) + tellingProgram(expectation.address);

// An app whose page starts a worker in the way that bundlers know.
const workerStarter = "new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });\n";

/** The files of an app: its own program, or one in a worker. */
function sources(expectation, inWorker, specifier) {
  const program = appProgram(expectation, specifier);
  return inWorker ? { 'src/main.js': workerStarter, 'src/worker.js': program } : { 'src/main.js': program };
}

const manifest = { private: true, type: 'module', dependencies: { caisson: '*' } };

const nameOf = (name, inWorker, specifier) =>
  name + (inWorker ? ', in a worker' : '') + (specifier === undefined ? '' : `, ${specifier}`);

/**
 * The tool builds into `output` with a script (or a page of its own), which is served as it is. `copies`: caisson.wasm
 * too.
 */
function built(name, { tool, command, args, output, page, files = {}, inWorker = false, specifier, copies = true }) {
  return {
    name: nameOf(name, inWorker, specifier),
    tool,
    async run(app) {
      const expectation = app.expectation();
      app.write({ 'package.json': manifest, ...sources(expectation, inWorker, specifier), ...files });
      await app.command(command, args);
      if (page !== undefined) app.write({ [`${output}/index.html`]: page });
      await app.checkPage(await app.site(app.path(output)), expectation);
      app.checkWasmFile(copies && specifier !== 'caisson/embedded');
    },
  };
}

/** The tool's development server. */
function served(name, { tool, command, args, files, inWorker = false, specifier }) {
  return {
    name: nameOf(name, inWorker, specifier),
    tool,
    async run(app) {
      const expectation = app.expectation();
      app.write({ 'package.json': manifest, ...sources(expectation, inWorker, specifier), ...files });
      await app.checkPage(await app.serve(command, args), expectation);
    },
  };
}

const inAndOutOfWorker = (make, name, options) => [false, true].map((inWorker) => make(name, { ...options, inWorker }));

const webpack = {
  tool: 'webpack',
  command: 'webpack',
  args: ['--mode', 'production'],
  output: 'dist',
  page: pageOf('main.js', 'classic'),
  files: { 'webpack.config.js': "export default { entry: './src/main.js' };\n" },
};
const rspack = {
  tool: 'rspack',
  command: 'rspack',
  args: ['build', '--mode', 'production'],
  output: 'dist',
  page: pageOf('main.js', 'classic'),
  files: { 'rspack.config.mjs': "export default { entry: './src/main.js' };\n" },
};

const viteCases = ['5', '6', '7', '8'].flatMap((version) => {
  const files = { 'index.html': pageOf('/src/main.js') };
  const tool = { tool: `vite-${version}`, command: 'vite', files };
  const building = { ...tool, args: ['build'], output: 'dist' };
  const serving = { ...tool, args: (port) => ['--host', '127.0.0.1', '--port', port, '--strictPort'] };
  return [
    ...inAndOutOfWorker(built, `Vite ${version} build`, building),
    built(`Vite ${version} build`, { ...building, inWorker: true, specifier: 'caisson/embedded' }),
    ...inAndOutOfWorker(served, `Vite ${version} development server`, serving),
  ];
});

/** An app that says where the wasm is, by an address of Vite's. */
const viteWithAddress = {
  name: 'Vite 8 build, setWasm with the address of the file',
  tool: 'vite-8',
  async run(app) {
    const expectation = app.expectation();
    const extra = "import wasm from 'caisson/caisson.wasm?url';\nimport { setWasm } from 'caisson';\nsetWasm(wasm);\n";
    app.write({
      'package.json': manifest,
      'index.html': pageOf('/src/main.js'),
      'src/main.js': checkProgram({ extra }) + tellingProgram(expectation.address),
    });
    await app.command('vite', ['build']);
    await app.checkPage(await app.site(app.path('dist')), expectation);
    app.checkWasmFile(true);
  },
};

/** A program for Node, built by a tool. */
function builtForNode(name, { tool, command, args, output, files }) {
  return {
    name,
    tool,
    async run(app) {
      app.write({ 'package.json': manifest, 'src/main.js': commandProgram(), ...files });
      await app.command(command, args);
      app.checkOutput(await app.command(findNode(app.node), [output]));
    },
  };
}

function esbuildForPage(format, specifier) {
  const name = `esbuild, ${format} for pages, ${specifier}`;
  return {
    name,
    isQuick: true,
    node: undefined,
    async run(app) {
      const expectation = app.expectation();
      app.write({
        'package.json': manifest,
        'src/main.js': appProgram(expectation, specifier),
        'dist/index.html': pageOf('main.js', format === 'esm' ? 'module' : 'classic'),
      });
      await bundle(app, { format, platform: 'browser' });
      await app.checkPage(await app.site(app.path('dist')), expectation);
    },
  };
}

function esbuildForNode(format, specifier) {
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  return {
    name: `esbuild, ${format} for Node, ${specifier}`,
    isQuick: true,
    node: undefined,
    async run(app) {
      app.write({ 'package.json': manifest, 'src/main.js': commandProgram({ specifier }) });
      await bundle(app, { format, platform: 'node', outfile: app.path('dist', `main.${extension}`) });
      app.checkOutput(await app.command(findNode(app.node), [`dist/main.${extension}`]));
    },
  };
}

const bundle = (app, options) =>
  esbuild({
    entryPoints: [app.path('src', 'main.js')],
    absWorkingDir: app.folder,
    bundle: true,
    outfile: app.path('dist', 'main.js'),
    logLevel: 'silent',
    ...options,
  });

// A classic script is one file: Rollup has to be told so where a program imports as it goes.
const rollupConfig = (format) => ({
  'rollup.config.js': `import resolve from '@rollup/plugin-node-resolve';
export default {
  input: 'src/main.js',
  output: { dir: 'dist', format: '${format}'${format === 'iife' ? ', inlineDynamicImports: true' : ''} },
  plugins: [resolve({ browser: true })],
};
`,
});

export const bundlerCases = [
  ...['esm', 'iife'].flatMap((format) =>
    ['caisson', 'caisson/embedded'].map((specifier) => esbuildForPage(format, specifier)),
  ),
  ...['esm', 'cjs'].flatMap((format) =>
    ['caisson', 'caisson/embedded'].map((specifier) => esbuildForNode(format, specifier)),
  ),
  built('Rollup 4, ES modules', {
    tool: 'rollup',
    command: 'rollup',
    args: ['-c'],
    output: 'dist',
    page: pageOf('main.js'),
    copies: false,
    files: rollupConfig('es'),
  }),
  built('Rollup 4, IIFE', {
    tool: 'rollup',
    command: 'rollup',
    args: ['-c'],
    output: 'dist',
    page: pageOf('main.js', 'classic'),
    copies: false,
    files: rollupConfig('iife'),
  }),
  ...inAndOutOfWorker(built, 'webpack 5', webpack),
  builtForNode('webpack 5 for Node', {
    ...webpack,
    output: 'dist/main.cjs',
    files: {
      'webpack.config.js':
        "export default { entry: './src/main.js', target: 'node', output: { filename: 'main.cjs' } };\n",
    },
  }),
  ...inAndOutOfWorker(built, 'Rspack 2', rspack),
  ...viteCases,
  viteWithAddress,
  ...inAndOutOfWorker(built, 'Parcel 2 build', {
    tool: 'parcel',
    command: 'parcel',
    args: ['build', 'src/index.html'],
    output: 'dist',
    files: { 'src/index.html': pageOf('main.js') },
  }),
  served('Parcel 2 development server', {
    tool: 'parcel',
    command: 'parcel',
    args: (port) => ['serve', 'src/index.html', '--port', port],
    files: { 'src/index.html': pageOf('main.js') },
  }),
];
