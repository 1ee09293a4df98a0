export * from '../../../npm/src/entry-streams.js';
