// What tests import as `caisson/worker`.
export * from '../../npm/src/entry-worker-node.js';
