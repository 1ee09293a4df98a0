// Caisson: a JavaScript engine in WebAssembly for running code that nobody trusts.
//
// The entry for Node, by the name under which this repository's tests import it. The package that is published is made
// of the entries (entry-*.js) by wasm-glue/tools/package.mjs; its package.json tells which host gets which.
export * from './entry-node.js';
