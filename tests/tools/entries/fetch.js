export * from '../../../npm/src/entry-fetch.js';
