// Headless Chromium for tests: at the page of web/, or at a blank page that loads a module of the test's own.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findChromium } from '../../wasm-glue/tools/requirements.mjs';
import { serve } from '../../wasm-glue/tools/serve.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

// Nothing of the browser's own goes on beside the tests.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A browser that has just started, with what earlier ones left in the folder `profile`.
 * @param {string} profile
 */
export const launchWithProfile = (profile) =>
  chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: flags });

/**
 * `open` gives a new page when `isReady` is true in it (of a browser context of its own, with these options), `close`
 * ends the browser and runs `cleanUp`.
 * @param {string} address
 * @param {() => boolean} isReady
 * @param {() => unknown} cleanUp
 */
async function visit(address, isReady, cleanUp) {
  try {
    const browser = await chromium.launch({ executablePath: findChromium(), args: flags });
    return {
      address,
      /** @param {import('playwright-core').BrowserContextOptions & { fragment?: string }} options */
      async open({ fragment = '', ...options } = {}) {
        const page = await browser.newPage(options);
        await page.goto(address + fragment);
        await page.waitForFunction(isReady);
        return page;
      },
      async close() {
        await browser.close();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** The page of web/. */
export async function visitPlayground() {
  const server = await serve(0);
  return visit(
    server.address,
    () => /** @type {HTMLOutputElement} */ (document.getElementById('status')).value === 'Ready',
    server.close,
  );
}

/**
 * A blank page with the module `contents`, bundled; it imports what a file in `folder` could, `caisson` among it.
 * `files`: name in the site -> file.
 * @param {string} contents
 * @param {string} folder
 * @param {Record<string, string>} files
 */
export async function visitModule(contents, folder, files = {}) {
  const site = mkdtempSync(join(tmpdir(), 'caisson-page-'));
  const cleanUp = () => rmSync(site, { recursive: true });
  try {
    await build({
      stdin: { contents: `${contents}\nglobalThis.isLoaded = true;`, resolveDir: folder },
      bundle: true,
      format: 'esm',
      // As in Vite's builds: the wasm lies beside the page.
      define: { 'import.meta.env.PROD': 'true' },
      outfile: join(site, 'page.js'),
      logLevel: 'silent',
    });
    cpSync(join(root, 'npm', 'caisson.wasm'), join(site, 'caisson.wasm'));
    for (const [name, file] of Object.entries(files)) cpSync(file, join(site, name));
    writeFileSync(join(site, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>');
    const server = await serve(0, site);
    return await visit(
      server.address,
      () => 'isLoaded' in globalThis,
      async () => {
        await server.close();
        cleanUp();
      },
    );
  } catch (error) {
    rmSync(site, { recursive: true, force: true });
    throw error;
  }
}
