// Pages and workers in Chromium and Firefox, without a build or with esbuild's.
import { build as esbuild } from 'esbuild';
import { pathToFileURL } from 'node:url';
import { checkProgram } from '../apps.mjs';
import { tellingProgram } from '../sites.mjs';
import { exportedFile } from '../tarball.mjs';

const head = '<!doctype html><meta charset="utf-8"><title>App</title>';
const anyOrigin = { 'Access-Control-Allow-Origin': '*' };

/** The path of the package's file on a site that serves the app's folder. */
const fileOf = (app, specifier) =>
  `/node_modules/caisson/${exportedFile(app.run.unpacked, specifier.replace('caisson', '.'))}`;

const importMap = (app, names = ['caisson']) => {
  const imports = Object.fromEntries(names.map((name) => [name, fileOf(app, name)]));
  return `<script type="importmap">${JSON.stringify({ imports })}</script>`;
};

/**
 * The head of a page with inline scripts: what fails to load or to start is told at once. `started(worker)` makes a
 * worker tell so as well.
 */
const headOf = ({ address }) => `${head}<script>
function tell(problem) {
  fetch(${JSON.stringify(address)}, { method: 'POST', mode: 'no-cors', body: JSON.stringify({ problem }) });
}
addEventListener('error', ({ message, target }) => tell(message || 'could not be loaded: ' + (target.src || 'an inline module')), true);
addEventListener('unhandledrejection', ({ reason }) => tell(String(reason)));
function started(worker) {
  worker.onerror = ({ message }) => tell('the worker: ' + (message || 'could not be loaded'));
}
</script>`;

const program = (expectation, specifier) => checkProgram({ specifier }) + tellingProgram(expectation.address);

/** A program with the package in it, as a classic script. */
async function bundleClassic(app, expectation, specifier) {
  const { outputFiles } = await esbuild({
    stdin: { contents: program(expectation, specifier), resolveDir: app.folder },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

const inText = (text) => JSON.stringify(text).replaceAll('</', '<\\/');

/** A page that imports the package by an import map, with headers of its site. */
function mappedPage(headersOf) {
  return async (app, expectation) => {
    app.write({
      'index.html': `${headOf(expectation)}${importMap(app)}<script type="module" src="app.js"></script>`,
      'app.js': program(expectation),
    });
    return app.site(app.folder, { headers: headersOf(expectation) });
  };
}

/** What can be granted works in the page: the guest asks the page's own site. */
const grants = `
import { grantCrypto } from 'caisson/crypto';
import { grantFetch } from 'caisson/fetch';
import { memoryFiles } from 'caisson/files';
import { createResolver } from 'caisson/modules';
import { grantStorage } from 'caisson/storage';
import { grantStreams } from 'caisson/streams';
{
  const sandbox = await createSandbox({ modules: memoryFiles({ '/x': 'file' }).modules });
  await grantCrypto(sandbox);
  await grantFetch(sandbox, { origins: [location.origin], base: location.href });
  await grantStorage(sandbox, { in: localStorage, prefix: 'guest:' });
  await grantStreams(sandbox);
  const found = await sandbox.eval(\`(async () => {
    localStorage.a = 1;
    const packed = new Blob(['text']).stream().pipeThrough(new CompressionStream('gzip'));
    const page = await fetch('index.html');
    const digest = await crypto.subtle.digest('SHA-1', crypto.getRandomValues(new Uint8Array(9)));
    return [
      (await page.text()).slice(0, 15), await fetch('https://example.com').catch((error) => error.name),
      await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text(), digest.byteLength,
      (await import('node:fs')).readFileSync('/x', 'utf8'),
    ].join();
  })()\`);
  sandbox.dispose();
  if (\`\${found},\${localStorage.getItem('guest:a')}\` !== '<!doctype html>,TypeError,text,20,file,1') throw new Error(found);
}
{
  const files = { 'node_modules/two/package.json': '{ "main": "./two" }', 'node_modules/two/two.js': 'exports.two = 2' };
  const sandbox = await createSandbox({ modules: createResolver(files) });
  const { two } = await sandbox.eval('export { two } from "two"', { module: true });
  sandbox.dispose();
  if (two !== 2) throw new Error(two);
}
`;
const grantEntries = ['crypto', 'fetch', 'files', 'modules', 'storage', 'streams'].map((name) => `caisson/${name}`);

const none = () => ({});
const strict = ({ address }) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${new URL(address).origin}`;

/** A page whose policy allows scripts of its own origin only: the package is imported by its path. */
function guardedPage(policyOf, headers = {}) {
  return async (app, expectation) => {
    app.write({
      'index.html': `${head}<script type="module" src="app.js"></script>`,
      'app.js': program(expectation, fileOf(app, 'caisson')),
    });
    return app.site(app.folder, { headers: { 'Content-Security-Policy': policyOf(expectation), ...headers } });
  };
}

/** A page with a module worker that imports the package by its path; `script` starts it. */
function workerPage(script, specifier = 'caisson', options = {}) {
  return async (app, expectation) => {
    app.write({
      'index.html': `${headOf(expectation)}<script type="module">${script}</script>`,
      'worker.js': `self.addEventListener('message', () => {});\n${program(expectation, fileOf(app, specifier))}`,
    });
    return app.site(app.folder, options);
  };
}

/** A page with what runs a bundle: one file without the wasm beside it. */
function bundlePage(script, specifier) {
  return async (app, expectation) => {
    app.write({
      'site/index.html': `${headOf(expectation)}<script>${script}</script>`,
      'site/bundle.js': await bundleClassic(app, expectation, specifier),
      'site/worker.js': "importScripts('bundle.js');",
    });
    return app.site(app.path('site'));
  };
}

const both = ['chromium', 'firefox'];

// `takesFile`: caisson.wasm is beside the package, and taken from there.
const pages = [
  { name: 'module script with an import map', takesFile: true, open: mappedPage(none) },
  {
    name: 'all that can be granted',
    takesFile: true,
    async open(app, expectation) {
      app.write({
        'index.html': `${headOf(expectation)}${importMap(app, ['caisson', ...grantEntries])}<script type="module" src="app.js"></script>`,
        'app.js': checkProgram({ extra: grants }) + tellingProgram(expectation.address),
      });
      return app.site(app.folder);
    },
  },
  { name: 'module worker', takesFile: true, open: workerPage("started(new Worker('worker.js', { type: 'module' }));") },
  {
    name: 'shared module worker',
    takesFile: true,
    open: workerPage("started(new SharedWorker('worker.js', { type: 'module' }));"),
  },
  {
    name: 'service worker, module',
    takesFile: true,
    open: workerPage("await navigator.serviceWorker.register('worker.js', { type: 'module' });"),
  },
  ...['caisson', 'caisson/embedded'].flatMap((specifier) => [
    {
      name: `classic script of a bundle, ${specifier}`,
      open: bundlePage("document.write('<script src=bundle.js><\\/script>')", specifier),
    },
    {
      name: `classic worker by importScripts, ${specifier}`,
      open: bundlePage("started(new Worker('worker.js'));", specifier),
    },
    {
      name: `shared worker of a bundle, ${specifier}`,
      open: bundlePage("started(new SharedWorker('worker.js'));", specifier),
    },
    {
      name: `service worker of a bundle, ${specifier}`,
      open: bundlePage("navigator.serviceWorker.register('bundle.js');", specifier),
    },
    {
      name: `blob worker of a bundle, ${specifier}`,
      open: bundlePage(
        "fetch('bundle.js').then((response) => response.blob()).then((blob) => started(new Worker(URL.createObjectURL(blob))));",
        specifier,
      ),
    },
    {
      name: `blob module worker, ${specifier}`,
      takesFile: specifier === 'caisson',
      async open(app, expectation) {
        const address = await app.site(app.folder, { headers: anyOrigin });
        const text = program(expectation, new URL(fileOf(app, specifier), address).href);
        app.write({
          'index.html': `${headOf(expectation)}<script type="module">
const blob = new Blob([${inText(text)}], { type: 'text/javascript' });
started(new Worker(URL.createObjectURL(blob), { type: 'module' }));
</script>`,
        });
        return address;
      },
    },
    {
      name: `file:// page with a bundle, ${specifier}`,
      async open(app, expectation) {
        app.write({
          'index.html': `${headOf(expectation)}<script src="bundle.js"></script>`,
          'bundle.js': await bundleClassic(app, expectation, specifier),
        });
        return pathToFileURL(app.path('index.html')).href;
      },
    },
    {
      name: `file of a CDN, ${specifier}`,
      takesFile: specifier === 'caisson',
      async open(app, expectation) {
        const cdn = await app.site(app.folder, { headers: anyOrigin });
        app.write({
          'site/index.html': `${headOf(expectation)}<script type="module">${program(expectation, new URL(fileOf(app, specifier), cdn).href)}</script>`,
        });
        return app.site(app.path('site'));
      },
    },
    {
      name: `sandboxed srcdoc frame, ${specifier}`,
      takesFile: specifier === 'caisson',
      async open(app, expectation) {
        const address = await app.site(app.folder, { headers: anyOrigin });
        const inner = `<script type="module">${program(expectation, new URL(fileOf(app, specifier), address).href)}</script>`;
        app.write({
          'index.html': `${headOf(expectation)}<iframe sandbox="allow-scripts" srcdoc="${inner.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
        });
        return address;
      },
    },
  ]),
  { name: 'strict CSP', takesFile: true, open: guardedPage(strict) },
  {
    name: 'Trusted Types',
    takesFile: true,
    open: guardedPage(
      (expectation) => `${strict(expectation)}; require-trusted-types-for 'script'; trusted-types 'none'`,
    ),
  },
  {
    name: 'isolated by COOP and COEP',
    takesFile: true,
    async open(app, expectation) {
      const extra = "if (!crossOriginIsolated) throw new Error('The page is not isolated');\n";
      app.write({
        'index.html': `${headOf(expectation)}${importMap(app)}<script type="module" src="app.js"></script>`,
        'app.js': checkProgram({ extra }) + tellingProgram(expectation.address),
      });
      return app.site(app.folder, {
        headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      });
    },
  },
  ...['application/octet-stream', 'text/html'].map((type) => ({
    name: `wasm as ${type}`,
    takesFile: true,
    async open(app, expectation) {
      app.write({
        'index.html': `${headOf(expectation)}${importMap(app)}<script type="module" src="app.js"></script>`,
        'app.js': program(expectation),
      });
      return app.site(app.folder, {
        headers: (path) =>
          path.endsWith('.wasm') ? { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' } : {},
      });
    },
  })),
  {
    name: 'package of another origin',
    takesFile: true,
    async open(app, expectation) {
      const other = await app.site(app.folder, { headers: anyOrigin });
      const imports = { caisson: new URL(fileOf(app, 'caisson'), other).href };
      app.write({
        'site/index.html': `${headOf(expectation)}<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="app.js"></script>`,
        'site/app.js': program(expectation),
      });
      return app.site(app.path('site'));
    },
  },
  {
    name: 'bundle on a server that answers unknown paths with its page',
    async open(app, expectation) {
      app.write({
        'site/index.html': `${headOf(expectation)}<script src="/bundle.js"></script>`,
        'site/bundle.js': await bundleClassic(app, expectation, 'caisson'),
      });
      return app.site(app.path('site'), { fallback: 'index.html' });
    },
  },
];

export const pageCases = both.flatMap((browser) =>
  pages.map(({ name, takesFile = false, open }) => ({
    name: `${browser === 'chromium' ? 'Chromium' : 'Firefox'}, ${name}`,
    node: undefined,
    async run(app) {
      const expectation = app.expectation();
      await app.checkPage(await open(app, expectation), expectation, browser);
      app.checkWasmFile(takesFile);
    },
  })),
);
