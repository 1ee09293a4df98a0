export * from '../../../npm/crypto.js';
