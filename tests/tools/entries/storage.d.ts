export * from '../../../npm/storage.js';
