// How sandboxes of tests get caisson.wasm in Node (tests/package.json).
export { host } from '../../npm/src/host-node.js';
