export * from '../../../npm/modules.js';
