// Bundles the page of web/ into build/web and serves it.
import { createReadStream, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPackage } from './package.mjs';
import { root } from './root.mjs';

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

// Every web/*.js that is not a test becomes an entry point of its own, so that workers can be named.
export async function bundlePage() {
  const { build } = await import('esbuild');
  // The page takes the package as its users do.
  await buildPackage();
  const source = join(root, 'web');
  const output = join(root, 'build', 'web');
  mkdirSync(output, { recursive: true });
  const files = readdirSync(source).filter((name) => statSync(join(source, name)).isFile());
  await build({
    entryPoints: files.filter((name) => /^[^.]+\.(js|ts)$/.test(name)).map((name) => join(source, name)),
    outdir: output,
    bundle: true,
    format: 'esm',
    splitting: true,
    target: 'es2022',
    sourcemap: true,
    logLevel: 'warning',
    external: ['node:*'],
  });
  for (const name of files) {
    if (!/\.(js|ts|json|md)$/.test(name)) cpSync(join(source, name), join(output, name));
  }
  cpSync(join(root, 'npm', 'caisson.wasm'), join(output, 'caisson.wasm'));
  return output;
}

/**
 * The page's policy as a header as well: workers have none but that of their own response.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function policyOf(folder) {
  const [, policy] =
    /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8')) ??
    [];
  return policy === undefined
    ? {}
    : { 'Content-Security-Policy': `${policy}; frame-ancestors 'none'`, 'X-Content-Type-Options': 'nosniff' };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} policy
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function respond(folder, policy, request, response) {
  const path = normalize(decodeURIComponent(new URL(/** @type {string} */ (request.url), 'http://localhost').pathname));
  let file = join(folder, path);
  if (!file.startsWith(folder)) file = folder;
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
  if (!existsSync(file)) {
    response.writeHead(404).end('Not found');
    return;
  }
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache',
    ...policy,
  });
  createReadStream(file).pipe(response);
}

/**
 * Serves `folder` (the page by default) on `port`; 0 is any free one. Gives the address and `close`, which ends it and
 * its connections.
 * @param {number} port
 * @param {string} [folder]
 */
export async function serve(port, folder) {
  const site = folder ?? (await bundlePage());
  const policy = policyOf(site);
  const server = createServer((request, response) => respond(site, policy, request, response));
  await new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => settle(undefined));
  });
  const close = () =>
    new Promise((settle) => {
      server.close(settle);
      server.closeAllConnections();
    });
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { address: `http://localhost:${actual}/`, close };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log((await serve(Number(process.argv[2] ?? 8080))).address);
}
