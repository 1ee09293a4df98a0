// What tests import as `caisson`: the package's sources, which need no build (tests/package.json).
export * from '../../npm/src/index.js';
