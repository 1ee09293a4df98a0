export * from '../../../npm/src/entry-files-node.js';
