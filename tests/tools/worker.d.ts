export * from '../../npm/worker.js';
