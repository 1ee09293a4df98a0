export * from '../../../npm/fetch.js';
