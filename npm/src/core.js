// Everything that the entries of the package share. In the published package it is one file, so that the error classes,
// the instances and setWasm are the same whichever entries a program imports.
export * from './errors.js';
export { blocking, constructible, ref, transfer } from './grants.js';
export { callback, hostCall } from './host-calls.js';
export { readOptions } from './options.js';
export { create, sandboxesOf } from './sandbox.js';
export { isForbidden, moduleOfAddress, moduleOfBytes } from './wasm-modules.js';
export { setWasm } from './wasm-sources.js';
