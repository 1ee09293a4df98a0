// Sandboxes whose guests have $262 (engine/host/runtime/test_hooks.c): for conformance suites and tests only. It hands
// out addresses, so the package offers no way to get it: this goes in through the package's own files.
import { host } from '#host';
import { create, readOptions } from '../../npm/src/core.js';

/** @param {import('caisson').SandboxOptions} [options] */
export function createTestSandbox(options) {
  return create({ ...readOptions(options), testHooks: true, host });
}
