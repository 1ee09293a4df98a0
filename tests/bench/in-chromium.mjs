// The cases that pages can measure, in headless Chromium.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { visitModule } from '../tools/chromium.mjs';

export const pageEngineNames = ['caisson', 'quickjs'];

/** Rows as those of measureCase. `only`: parts of names or groups, or undefined. */
export async function measureInPage(rounds, only) {
  const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  const visit = await visitModule(
    "import { measureAll } from './page-cases.mjs'; globalThis.measureAll = measureAll;",
    dirname(fileURLToPath(import.meta.url)),
    { 'emscripten-module.wasm': wasm },
  );
  try {
    const page = await visit.open();
    return await page.evaluate(([count, parts]) => globalThis.measureAll(count, parts), [rounds, only]);
  } finally {
    await visit.close();
  }
}
