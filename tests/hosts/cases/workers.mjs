// Sandboxes in workers (caisson/worker): how hosts and bundlers find the worker's script, and pages with and without
// shared memory.
import { build as esbuild } from 'esbuild';
import { checkProgram, commandProgram } from '../apps.mjs';
import { tellingProgram } from '../sites.mjs';
import { exportedFile } from '../tarball.mjs';
import { findNode, findPlatformProgram } from '../tools.mjs';

const specifier = 'caisson/worker';
const manifest = { private: true, type: 'module', dependencies: { caisson: '*' } };
const pageOf = (script, type = 'module') =>
  `<!doctype html><meta charset="utf-8"><title>App</title><script ${type === 'module' ? 'type="module"' : 'defer'} src="${script}"></script>`;
const program = (expectation, { address = specifier, extra } = {}) =>
  checkProgram({ specifier: address, checked: 'worker', extra }) + tellingProgram(expectation.address);

// Programs ------------------------------------------------------------------------------------------------------------

const formats = [
  { way: 'import', file: 'app.mjs', format: 'module' },
  { way: 'require', file: 'app.cjs', format: 'commonjs' },
];

const nodeCase = (version, { way, file, format }) => ({
  name: `Node ${version ?? 'that runs this'}, ${way}`,
  node: version,
  isQuick: version === undefined,
  async run(app) {
    app.write({ 'package.json': { private: true }, [file]: commandProgram({ specifier, format }) });
    app.checkOutput(await app.command(findNode(version), [file]));
  },
});

const bunCase = ({ way, file, format }) => ({
  name: `Bun, ${way}`,
  tool: 'bun',
  async run(app) {
    app.write({ 'package.json': manifest, [file]: commandProgram({ specifier, format }) });
    app.checkOutput(await app.command(findPlatformProgram('bun', '@oven', 'bun', 'bin', 'bun'), ['run', file]));
  },
});

const denoCase = {
  name: 'Deno, import',
  tool: 'deno',
  async run(app) {
    app.write({ 'package.json': manifest, 'app.mjs': commandProgram({ specifier }) });
    const args = ['run', '--node-modules-dir=manual', '--no-remote', '--allow-read', '--allow-sys', 'app.mjs'];
    const env = { DENO_DIR: app.path('.deno'), DENO_NO_UPDATE_CHECK: '1' };
    app.checkOutput(await app.command(findPlatformProgram('deno', '@deno', '', 'deno'), args, { env }));
  },
};

// Builds --------------------------------------------------------------------------------------------------------------

function built(name, { tool, command, args, output, page, files = {} }) {
  return {
    name,
    tool,
    async run(app) {
      const expectation = app.expectation();
      app.write({ 'package.json': manifest, 'src/main.js': program(expectation), ...files });
      await app.command(command, args);
      if (page !== undefined) app.write({ [`${output}/index.html`]: page });
      await app.checkPage(await app.site(app.path(output)), expectation);
    },
  };
}

function served(name, { tool, command, args, files }) {
  return {
    name,
    tool,
    async run(app) {
      const expectation = app.expectation();
      app.write({ 'package.json': manifest, 'src/main.js': program(expectation), ...files });
      await app.checkPage(await app.serve(command, args), expectation);
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

const esbuildForPage = (format) => ({
  name: `esbuild, ${format} for pages`,
  isQuick: format === 'esm',
  node: undefined,
  async run(app) {
    const expectation = app.expectation();
    app.write({
      'package.json': manifest,
      'src/main.js': program(expectation),
      'dist/index.html': pageOf('main.js', format === 'esm' ? 'module' : 'classic'),
    });
    await bundle(app, { format, platform: 'browser' });
    await app.checkPage(await app.site(app.path('dist')), expectation);
  },
});

const bundlerOf = (name) => ({
  tool: name,
  command: name,
  args: name === 'rspack' ? ['build', '--mode', 'production'] : ['--mode', 'production'],
  output: 'dist',
  page: pageOf('main.js', 'classic'),
  files: { [`${name}.config.${name === 'rspack' ? 'mjs' : 'js'}`]: "export default { entry: './src/main.js' };\n" },
});

const viteCases = ['5', '6', '7', '8'].flatMap((version) => {
  const tool = { tool: `vite-${version}`, command: 'vite', files: { 'index.html': pageOf('/src/main.js') } };
  return [
    built(`Vite ${version} build`, { ...tool, args: ['build'], output: 'dist' }),
    served(`Vite ${version} development server`, {
      ...tool,
      args: (port) => ['--host', '127.0.0.1', '--port', port, '--strictPort'],
    }),
  ];
});

const rollupConfig = `import resolve from '@rollup/plugin-node-resolve';
export default {
  input: 'src/main.js',
  output: { dir: 'dist', format: 'es' },
  plugins: [resolve({ browser: true })],
};
`;

// Pages without a build -----------------------------------------------------------------------------------------------

const fileOf = (app) => `/node_modules/caisson/${exportedFile(app.run.unpacked, './worker')}`;
const isolating = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const policy = ({ address }) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${new URL(address).origin}`;

/** A page with the package on its own site, with headers. */
const pageWith = (headersOf, extra) => async (app, expectation) => {
  app.write({ 'index.html': pageOf('app.js'), 'app.js': program(expectation, { address: fileOf(app), extra }) });
  return app.site(app.folder, { headers: headersOf(expectation) });
};

const pages = [
  {
    name: 'page without shared memory',
    open: pageWith(() => ({}), "if (crossOriginIsolated) throw new Error('The page is isolated');\n"),
  },
  {
    name: 'page isolated by COOP and COEP',
    open: pageWith(() => isolating, "if (!crossOriginIsolated) throw new Error('The page is not isolated');\n"),
  },
  {
    name: 'strict CSP',
    open: pageWith((expectation) => ({ 'Content-Security-Policy': policy(expectation) })),
  },
  {
    name: 'package of another origin',
    async open(app, expectation) {
      const other = await app.site(app.folder, { headers: { 'Access-Control-Allow-Origin': '*' } });
      app.write({
        'site/index.html': pageOf('app.js'),
        'site/app.js': program(expectation, { address: new URL(fileOf(app), other).href }),
      });
      return app.site(app.path('site'));
    },
  },
];

const pageCases = ['chromium', 'firefox'].flatMap((browser) =>
  pages.map(({ name, open }) => ({
    name: `${browser === 'chromium' ? 'Chromium' : 'Firefox'}, ${name}`,
    node: undefined,
    async run(app) {
      const expectation = app.expectation();
      await app.checkPage(await open(app, expectation), expectation, browser);
    },
  })),
);

export const workerCases = [
  ...formats.map((format) => nodeCase(undefined, format)),
  ...['18.20', '20.0', '22', '24', '26'].map((version) => nodeCase(version, formats[0])),
  nodeCase('18.20', formats[1]),
  ...formats.map(bunCase),
  denoCase,
  ...['esm', 'iife'].map(esbuildForPage),
  built('Rollup 4', {
    tool: 'rollup',
    command: 'rollup',
    args: ['-c'],
    output: 'dist',
    page: pageOf('main.js'),
    files: { 'rollup.config.js': rollupConfig },
  }),
  built('webpack 5', bundlerOf('webpack')),
  built('Rspack 2', bundlerOf('rspack')),
  ...viteCases,
  built('Parcel 2 build', {
    tool: 'parcel',
    command: 'parcel',
    args: ['build', 'src/index.html'],
    output: 'dist',
    files: { 'src/index.html': pageOf('main.js') },
  }),
  ...pageCases,
];
