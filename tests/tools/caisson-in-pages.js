// The same in a page: tests/tools/chromium.mjs bundles it.
export * from '../../npm/src/entry-browser.js';
