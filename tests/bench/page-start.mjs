// How long a page waits for an engine: from the import of its module to the first result, with everything in the
// browser's disk cache, each time in a browser that has just started. Then the same after visits in which the engine
// has worked, so that the browser may have kept its machine code. And how long a sandbox's first microtask, timer and
// crossing take after its script has ended, when all that they need of the engine runs for the first time.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createReadStream, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchWithProfile } from '../tools/chromium.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { median } from './statistics.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const pages = {
  caisson: "export { caissonStarts as start } from './page-start-engines.mjs';",
  quickjs: "export { quickJsStarts as start } from './page-start-engines.mjs';",
};

const html = (name) => `<!doctype html><script type="module">
const begin = performance.now();
const { start } = await import('./${name}.js');
const engine = await start();
const ms = performance.now() - begin;
globalThis.measured = { ms, ...(await engine.after(location.hash === '#work')) };
</script>`;

/** A site whose files browsers keep for a day. */
async function makeSite() {
  const folder = mkdtempSync(join(tmpdir(), 'caisson-starts-'));
  const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  for (const [name, contents] of Object.entries(pages)) {
    await build({
      stdin: { contents, resolveDir: here },
      bundle: true,
      minify: true,
      format: 'esm',
      define: { 'import.meta.env.PROD': 'true' },
      outfile: join(folder, `${name}.js`),
      logLevel: 'silent',
    });
    writeFileSync(join(folder, `${name}.html`), html(name));
  }
  cpSync(join(root, 'npm', 'caisson.wasm'), join(folder, 'caisson.wasm'));
  cpSync(wasm, join(folder, 'emscripten-module.wasm'));
  const server = createServer(({ url }, response) => {
    const file = join(folder, /** @type {string} */ (url).replace(/[?#].*/, ''));
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'text/plain',
      'Cache-Control': 'max-age=86400',
      'Last-Modified': new Date(Date.now() - 864e5).toUTCString(),
    });
    createReadStream(file)
      .on('error', () => response.end())
      .pipe(response);
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', () => settle(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://localhost:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}

async function visit(profile, address, { stays = 0 } = {}) {
  const browser = await launchWithProfile(profile);
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => 'measured' in globalThis, undefined, { timeout: 120_000 });
    if (stays > 0) await page.waitForTimeout(stays);
    return await page.evaluate(() => globalThis.measured);
  } finally {
    await browser.close();
  }
}

/** Rows as those of measureCase. */
export async function measurePageStarts(names, rounds) {
  const rows = {
    cold: { name: 'cold start in a page, from the disk cache to the first result', group: 'startup' },
    again: { name: 'the same after visits in which the engine has worked', group: 'startup' },
    microtask: { name: "from the script's end to its first microtask", group: 'first' },
    timer: { name: "from the script's end to its first timer", group: 'first' },
    crossing: { name: "from the script's end to its first crossing", group: 'first' },
  };
  const site = await makeSite();
  const engines = names.map((name) => ({
    name,
    address: `${site.address}${name}.html`,
    profile: mkdtempSync(join(tmpdir(), 'caisson-profile-')),
    times: { cold: [], again: [], microtask: [], timer: [], crossing: [] },
  }));
  // Engine by engine in turn.
  const each = async (count, action) => {
    for (let i = 0; i < count; i++) for (const engine of engines) await action(engine);
  };
  try {
    await each(1, ({ profile, address }) => visit(profile, address)); // fills the disk cache
    await each(rounds, async ({ profile, address, times }) => {
      const { ms, ...first } = await visit(profile, address);
      times.cold.push(ms);
      for (const [name, time] of Object.entries(first)) times[name].push(time);
    });
    await each(2, ({ profile, address }) => visit(profile, `${address}#work`, { stays: 3000 }));
    await each(rounds, async ({ profile, address, times }) => times.again.push((await visit(profile, address)).ms));
  } finally {
    for (const { profile } of engines) rmSync(profile, { recursive: true, force: true });
    site.close();
  }
  for (const { name, times } of engines)
    for (const [kind, measured] of Object.entries(times))
      if (measured.length > 0) rows[kind][`${name}_ms`] = median(measured);
  return Object.values(rows);
}
