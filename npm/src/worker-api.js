// What the entries of `caisson/worker` export in addition to their functions: what their programs need of `caisson`.
export * from './api.js';
export { QueueFullError, WorkerError } from './core.js';
