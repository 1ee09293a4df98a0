export * from '../../../npm/src/entry-crypto.js';
