// Caisson: a JavaScript engine in WebAssembly for running code that nobody trusts.
export { blocking, constructible, ref, transfer } from './grants.js';
export { callback, hostCall } from './host-calls.js';
export { createSandbox } from './sandbox.js';
export {
  DisposedError,
  EngineError,
  GuestError,
  InterruptedError,
  MalformedMessageError,
  MemoryLimitError,
  SandboxError,
  TimeLimitError,
  WouldWaitError,
} from './errors.js';
