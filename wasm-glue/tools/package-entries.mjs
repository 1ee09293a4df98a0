// The files of npm/dist that come of npm/src: one row for each. To add an entry `caisson/NAME`: a row with `isEntry`,
// its source npm/src/entry-NAME.js, its declarations npm/NAME.d.ts, and in npm/package.json the `exports` that
// `exportsOf` gives (tests/npm/package.test.mjs compares them).

/**
 * @typedef {{
 *   name: string, // npm/dist/NAME.js, and NAME.cjs where there is a CommonJS build
 *   source: string, // in npm/
 *   isEntry?: boolean, // `caisson/NAME`, with declarations
 *   declares?: string, // npm/NAME.d.ts has its declarations, where NAME is not its own
 *   isApart?: boolean, // a file of its own for the others as well, which refer to it; else they bundle what they use
 *   isModuleOnly?: boolean, // there is no CommonJS build
 *   knowsAddress?: boolean, // uses import.meta.url, which its CommonJS build gets from Node
 * }} Row
 */

/** @type {Row[]} */
export const rows = [
  { name: 'core', source: 'src/core.js', isApart: true },
  { name: 'node', source: 'src/entry-node.js', knowsAddress: true },
  { name: 'browser', source: 'src/entry-browser.js' },
  { name: 'workerd', source: 'src/entry-workerd.js', isModuleOnly: true },
  { name: 'edge-light', source: 'src/entry-edge-light.js', isModuleOnly: true },
  { name: 'embedded', source: 'src/entry-embedded.js', isEntry: true, declares: 'index' },
  { name: 'embedded-wasm', source: 'src/embedded-wasm.js', isApart: true },
  { name: 'web-library', source: 'src/web-library.js', isApart: true },
  { name: 'modules', source: 'src/entry-modules.js', isEntry: true, isApart: true },
  { name: 'fetch', source: 'src/entry-fetch.js', isEntry: true, isApart: true },
  { name: 'storage', source: 'src/entry-storage.js', isEntry: true },
  { name: 'streams', source: 'src/entry-streams.js', isEntry: true },
  { name: 'crypto-node', source: 'src/entry-crypto-node.js' },
  { name: 'crypto-browser', source: 'src/entry-crypto-browser.js' },
  { name: 'files-node', source: 'src/entry-files-node.js', isApart: true },
  { name: 'files-browser', source: 'src/entry-files-browser.js' },
  { name: 'worker-node', source: 'src/entry-worker-node.js', knowsAddress: true },
  { name: 'worker-browser', source: 'src/entry-worker-browser.js' },
  // Scripts of workers: files, and their text for where the files cannot be found.
  { name: 'worker-main-node', source: 'src/worker-main-node.js' },
  { name: 'worker-main', source: 'src/worker-main.js' },
  { name: 'worker-text', source: 'src/worker-text.js', isApart: true },
];

/**
 * Entries `caisson/NAME` that Node, Bun and Deno get from other files than pages, with declarations npm/NAME.d.ts.
 * @typedef {{ name: string, node: string, page: string }} EntryByHost
 * @type {EntryByHost[]}
 */
export const entriesByHost = [
  { name: 'crypto', node: 'crypto-node', page: 'crypto-browser' },
  { name: 'files', node: 'files-node', page: 'files-browser' },
  { name: 'worker', node: 'worker-node', page: 'worker-browser' },
  { name: 'worker-main', node: 'worker-main-node', page: 'worker-main' },
];

/** The command line: npm/dist/NAME.mjs. Its first line is its own. */
export const commands = [
  { name: 'caisson', source: 'bin/caisson.mjs' },
  // What is loaded only when it is needed.
  { name: 'evaluator', source: 'bin/evaluator.mjs', isApart: true },
  { name: 'session', source: 'bin/session.mjs', isApart: true },
  { name: 'session-worker', source: 'bin/session-worker.mjs' },
];

export const entryRows = rows.filter(({ isEntry }) => isEntry);

/**
 * What `exports` of npm/package.json has for an entry that is the same on every host.
 * @param {Row} row
 */
export const exportsOf = ({ name, declares = name }) => ({
  types: {
    require: `./dist/${name}.d.cts`,
    default: declares === name ? `./${name}.d.ts` : `./dist/${name}.d.ts`,
  },
  'module-sync': `./dist/${name}.js`,
  module: `./dist/${name}.js`,
  import: `./dist/${name}.js`,
  require: `./dist/${name}.cjs`,
  default: `./dist/${name}.js`,
});

/**
 * The same for one that is not.
 * @param {EntryByHost} entry
 */
export const exportsByHost = ({ name, node, page }) => ({
  types: { require: `./dist/${name}.d.cts`, default: `./${name}.d.ts` },
  node: { 'module-sync': `./dist/${node}.js`, import: `./dist/${node}.js`, default: `./dist/${node}.cjs` },
  module: `./dist/${page}.js`,
  import: `./dist/${page}.js`,
  require: `./dist/${page}.cjs`,
  default: `./dist/${page}.js`,
});

/**
 * @param {EntryByHost} entry
 */
export const folderByHost = ({ name, node, page }) => ({
  type: 'module',
  main: `../dist/${node}.cjs`,
  module: `../dist/${page}.js`,
  types: `../${name}.d.ts`,
});

/**
 * npm/NAME/package.json, for tools that know no `exports`.
 * @param {Row} row
 */
export const folderOf = ({ name, declares = name }) => ({
  type: 'module',
  main: `../dist/${name}.cjs`,
  module: `../dist/${name}.js`,
  types: declares === name ? `../${name}.d.ts` : `../dist/${name}.d.ts`,
});
