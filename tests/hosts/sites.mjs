// Servers of pages over 127.0.0.1, and the one that they tell what they found.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.cjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

async function listen(handle) {
  const server = createServer(handle);
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Serves a folder. `headers` are those of every answer, or a function of the path; with `fallback`, that file is the
 * answer to every path which does not exist, as single-page applications want it. `onServed` hears of each path that
 * does.
 */
export function serveFolder(folder, { headers = {}, fallback, onServed = () => {} } = {}) {
  return listen((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const more = typeof headers === 'function' ? headers(path) : headers;
    let file = join(folder, path);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (existsSync(file)) onServed(path);
    if (!existsSync(file) && fallback !== undefined) file = join(folder, fallback);
    if (!existsSync(file)) {
      response.writeHead(path === '/favicon.ico' ? 204 : 404, more).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', ...more });
    createReadStream(file).pipe(response);
  });
}

/** Where pages and workers of any origin post what they found: `expect()` gives an address and the promise of it. */
export async function serveReports() {
  const waiting = new Map();
  const server = await listen((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      response.writeHead(204, {
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
      response.end();
      waiting.get(request.url)?.(JSON.parse(body || '{}'));
    });
  });
  let count = 0;
  return {
    ...server,
    expect() {
      const path = `/${++count}`;
      const message = new Promise((settle) => waiting.set(path, settle));
      return { address: server.address.slice(0, -1) + path, message };
    },
  };
}

/** The end of a program for pages and workers, after checkProgram's text: posts the report, or what went wrong. */
export function tellingProgram(address) {
  return `function tell(message) {
  return fetch(${JSON.stringify(address)}, { method: 'POST', mode: 'no-cors', body: JSON.stringify(message) });
}
run().then((report) => tell({ report }), (error) => tell({ problem: String((error && error.stack) || error) }));
`;
}
