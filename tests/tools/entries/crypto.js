export * from '../../../npm/src/entry-crypto-node.js';
