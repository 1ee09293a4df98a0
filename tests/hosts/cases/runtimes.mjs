// Bun, Deno and Cloudflare's workerd.
import { build as esbuild } from 'esbuild';
import { join } from 'node:path';
import { checkProgram, commandProgram } from '../apps.mjs';
import { tellingProgram } from '../sites.mjs';
import { findPlatformProgram } from '../tools.mjs';

const bun = () => findPlatformProgram('bun', '@oven', 'bun', 'bin', 'bun');
const deno = () => findPlatformProgram('deno', '@deno', '', 'deno');

const manifest = { private: true, type: 'module', dependencies: { caisson: '*' } };

function bunCase(name, run) {
  return { name: `Bun, ${name}`, tool: 'bun', run };
}

function runsInBun(name, file, options) {
  return bunCase(name, async (app) => {
    app.write({ 'package.json': manifest, [file]: commandProgram(options) });
    app.checkOutput(await app.command(bun(), ['run', file]));
  });
}

function builtByBun(name, args, run) {
  return bunCase(name, async (app) => {
    const expectation = app.expectation();
    app.write({
      'package.json': manifest,
      'src/main.js': commandProgram(),
      'src/page.js': checkProgram() + tellingProgram(expectation.address),
      'src/index.html': '<!doctype html><title>App</title><script type="module" src="page.js"></script>',
      'dist/index.html': '<!doctype html><title>App</title><script type="module" src="page.js"></script>',
    });
    await app.command(bun(), ['build', ...args]);
    await run(app, expectation);
  });
}

const bunCases = [
  runsInBun('import', 'app.mjs', {}),
  runsInBun('require', 'app.cjs', { format: 'commonjs' }),
  runsInBun('import of caisson/embedded', 'app.mjs', { specifier: 'caisson/embedded' }),
  bunCase('test', async (app) => {
    const program = `import { expect, test } from 'bun:test';\n${checkProgram()}
test('a sandbox', async () => {
  const report = await run();
  expect(report.sum).toBe(2);
  console.log('REPORT ' + JSON.stringify(report));
});`;
    app.write({ 'package.json': manifest, 'app.test.js': program });
    app.checkOutput(await app.command(bun(), ['test']));
  }),
  builtByBun('build for Bun', ['src/main.js', '--target=bun', '--outdir=dist'], async (app) =>
    app.checkOutput(await app.command(bun(), ['run', 'dist/main.js'])),
  ),
  builtByBun('build for Node', ['src/main.js', '--target=node', '--outdir=dist'], async (app) =>
    app.checkOutput(await app.command(join(app.nodeFolder, 'node'), ['dist/main.js'])),
  ),
  builtByBun('build --compile', ['src/main.js', '--compile', '--outfile=program'], async (app) =>
    app.checkOutput(await app.command(app.path('program'), [], { cwd: app.run.folder })),
  ),
  builtByBun('build for pages', ['src/page.js', '--outdir=dist'], async (app, expectation) =>
    app.checkPage(await app.site(app.path('dist')), expectation),
  ),
  builtByBun('build of a page', ['src/index.html', '--outdir=dist'], async (app, expectation) =>
    app.checkPage(await app.site(app.path('dist')), expectation),
  ),
];

function runsInDeno(name, file, options) {
  return {
    name: `Deno, ${name}`,
    tool: 'deno',
    async run(app) {
      app.write({ 'package.json': manifest, [file]: commandProgram(options) });
      const args = ['run', '--node-modules-dir=manual', '--no-remote', '--allow-read', file];
      app.checkOutput(
        await app.command(deno(), args, { env: { DENO_DIR: app.path('.deno'), DENO_NO_UPDATE_CHECK: '1' } }),
      );
    },
  };
}

const denoCases = [
  runsInDeno('import', 'app.mjs', {}),
  runsInDeno('require', 'app.cjs', { format: 'commonjs' }),
  runsInDeno('import of caisson/embedded', 'app.mjs', { specifier: 'caisson/embedded' }),
];

const workerProgram = (options) => `${checkProgram(options)}
export default {
  async fetch() {
    try {
      return Response.json(await run());
    } catch (error) {
      return new Response(String((error && error.stack) || error), { status: 500 });
    }
  },
};
`;

async function checkAnswer(app, address) {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  app.checkReport(JSON.parse(text));
}

function workerCase(name, options) {
  return {
    name: `workerd by Wrangler, ${name}`,
    tool: 'wrangler',
    async run(app) {
      app.write({
        'package.json': manifest,
        'wrangler.jsonc': { name: 'app', main: 'src/worker.js', compatibility_date: '2026-01-01' },
        'src/worker.js': workerProgram(options),
      });
      const args = (port) => [
        'dev',
        '--ip',
        '127.0.0.1',
        '--port',
        port,
        '--inspector-port',
        '0',
        '--show-interactive-dev-session=false',
      ];
      await checkAnswer(app, await app.serve('wrangler', args));
    },
  };
}

// workerd itself is given the files of a bundle, the wasm among them, as those do who use no tool of Cloudflare's.
const workerdConfig = (port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "app", worker = .app)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "app")],
);
const app :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "caisson.wasm", wasm = embed "dist/caisson.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
`;

const workerCases = [
  workerCase('caisson', {}),
  workerCase('caisson/embedded', { specifier: 'caisson/embedded' }),
  {
    name: 'workerd itself, bundled by esbuild',
    tool: 'wrangler',
    async run(app) {
      app.write({ 'package.json': manifest, 'src/worker.js': workerProgram({}) });
      await esbuild({
        entryPoints: [app.path('src', 'worker.js')],
        absWorkingDir: app.folder,
        outdir: app.path('dist'),
        bundle: true,
        format: 'esm',
        conditions: ['workerd'],
        loader: { '.wasm': 'copy' },
        assetNames: '[name]',
        logLevel: 'silent',
      });
      const workerd = findPlatformProgram('wrangler', '@cloudflare', 'workerd', 'bin', 'workerd');
      const address = await app.serve(workerd, (port) => {
        app.write({ 'config.capnp': workerdConfig(port) });
        return ['serve', 'config.capnp'];
      });
      await checkAnswer(app, address);
    },
  },
];

export const runtimeCases = [...bunCases, ...denoCases, ...workerCases];
