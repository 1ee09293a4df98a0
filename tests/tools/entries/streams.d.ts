export * from '../../../npm/streams.js';
