export * from '../../../npm/src/entry-modules.js';
