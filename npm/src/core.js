// Everything that the entries of the package share. In the published package it is one file, so that the error classes,
// the instances and setWasm are the same whichever entries a program imports.
export { onAbort } from './abort-listeners.js';
export { waitingForm } from './at-once.js';
export * from './brands.js';
export { compilersOf } from './compile.js';
export { CrossedErrors } from './crossed-errors.js';
export { createEncoder } from './encodings.js';
export * from './errors.js';
export {
  HostIterator,
  Unwaited,
  accessorFunctions,
  blocking,
  constructible,
  functionFlags,
  isReference,
  isTransfer,
  iterationOf,
  ref,
  stateful,
  transfer,
} from './grants.js';
export { GuestReference } from './guest-reference.js';
export { callback, hostCall, performAs } from './host-calls.js';
export { Log } from './log.js';
export { errorClasses } from './message-reader.js';
export { isCrossingSymbol, keepsState } from './message-writer.js';
export { GuestObject, describeHostProperty, hasMembers, hostTraps } from './objects.js';
export { checkNames, readEvalOptions, readOptions, sandboxOptions } from './options.js';
export { isThenable } from './promises.js';
export { checkSource, isProgram, makeProgram, programBytes } from './prepared.js';
export { FUNCTION_BLOCKING, FUNCTION_CONSTRUCTOR } from './protocol.js';
export { create, promisesOf, sandboxesOf } from './sandbox.js';
export { isForbidden, moduleOfAddress, moduleOfBytes } from './wasm-modules.js';
export { moduleOf, setWasm } from './wasm-sources.js';
