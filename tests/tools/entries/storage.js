export * from '../../../npm/src/entry-storage.js';
