// All that the entries of the package share. It is one file of the package that is published, so that the classes of
// errors, the instances and setWasm are the same whichever entries a program imports.
export * from './errors.js';
export { blocking, constructible, ref, transfer } from './grants.js';
export { callback, hostCall } from './host-calls.js';
export { builtinOfNode } from './node-here.js';
export { readOptions } from './options.js';
export { create, sandboxesOf } from './sandbox.js';
export { isForbidden, moduleOfAddress, moduleOfBytes } from './wasm-modules.js';
export { setWasm } from './wasm-sources.js';
