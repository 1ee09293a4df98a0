export * from '../../../npm/src/entry-files.js';
