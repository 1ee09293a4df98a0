// The host's thread stands still when a function of the engine runs for the first time, since V8 compiles it then:
// about a millisecond for each 25 KB. `npm run bench -- --only baseline` measures it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../wasm-glue/tools/root.mjs';
import { functionsOf } from '../../wasm-glue/tools/wasm-file.mjs';

test('no function of caisson.wasm is so large that a page notices its compilation', () => {
  const sizes = functionsOf(readFileSync(join(root, 'npm', 'caisson.wasm'))).map(({ bytes }) => bytes.length);
  assert.ok(sizes.length > 1000, `${sizes.length} functions`);
  assert.ok(Math.max(...sizes) < 28 * 1024, `${Math.max(...sizes)} bytes`);
});
